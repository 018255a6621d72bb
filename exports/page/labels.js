// Labels: of nodes by importance and of clusters, placed at rest so that none covers another; while the picture moves they stay with their nodes.

import { graph, nodes } from "./data.js";
import { part, short } from "./dom.js";
import { heartOf, shownCommunities } from "./regions.js";
import { areaColour, areaOfCommunity, byArea, communityColour, inks, papersNow, radiusOf, scene, stage, xs, ys } from "./scene.js";

const ROOM = 9000; // square pixels of the window for each label
const MOST_LABELS = 300;
const CELL = 6; // pixels
const CANDIDATES = 5; // so many times as many nodes as labels are tried
const FOREMOST = 30; // so many nodes have labels at first view, though they cover nodes that matter less
const LEAST_CLUSTER = 10; // nodes
const [CLUSTER_SIZE, AREA_SIZE] = [13, 15]; // pixels
const MOST_PARTS = 3; // clusters of an area beside which its name may stand
const BEFORE_CLUSTERS = 8; // nodes that are labelled before the names of clusters once one has zoomed in
const INTO_AREAS = 1.7; // so far one zooms in before clusters are named instead of areas
const SMALL_WINDOW = 500; // pixels across: labels are shorter and smaller there
const NEAR = 2.2; // so far one zooms in before nodes of one paper have labels
export const FONT = getComputedStyle(document.body).fontFamily;
const widths = new Map(); // of labels at ten pixels, measured when first needed
const clusterNames = new Map(graph.communities);

export function shortLabel(n) {
  return short(nodes.label[n] ?? nodes.ids[n], 42);
}

export function clusterName(community) {
  if (!clusterNames.has(community)) {
    const tops = [];
    for (let n = 0; n < nodes.community.length && tops.length < 3; n++) if (nodes.community[n] === community && nodes.label[n]) tops.push(short(nodes.label[n], 26));
    clusterNames.set(community, tops.join(" · "));
  }
  return clusterNames.get(community);
}

const areaNames = new Map(graph.areas);

export function areaName(area) {
  return areaNames.get(area) ?? `area ${area}`;
}

/** A name as the map shows it: its first few parts, each cut. */
function mapName(name, parts) {
  return name.split(" · ").slice(0, parts).map((one) => short(one, 26)).join(" · ");
}

/** The cells of the window that a box covers. */
function cellsOf(left, top, width, height) {
  const cells = [];
  for (let i = Math.floor(left / CELL); i <= Math.floor((left + width) / CELL); i++) {
    for (let j = Math.floor(top / CELL); j <= Math.floor((top + height) / CELL); j++) cells.push(i * 100003 + j);
  }
  return cells;
}

/** The cells under what lies over the picture. */
function cellsUnder(element) {
  if (!element || element.hidden) return [];
  const [box, ground] = [element.getBoundingClientRect(), stage.getBoundingClientRect()];
  return cellsOf(box.x - ground.x, box.y - ground.y, box.width, box.height);
}

let small = stage.clientWidth < SMALL_WINDOW; // looked at once for all labels: to ask is slow
const inSmallWindow = () => small;

/** The size of a label in pixels. */
export function labelSize(n) {
  const size = Math.round(22 + 14 * Math.sqrt(papersNow(n) / Math.max(1, papersNow(scene.drawn[0])))) / 2;
  return inSmallWindow() ? Math.round(size * 1.6) / 2 : size;
}

function isBold(n, rank = FOREMOST) {
  return n === scene.chosen || rank < FOREMOST;
}

/** The width of a text in pixels. */
function widthOf(context, text, bold, size) {
  const name = `${bold ? 1 : 0}${text}`;
  if (!widths.has(name)) {
    context.font = `${bold ? "600 " : ""}10px ${FONT}`;
    widths.set(name, context.measureText(text).width);
  }
  return (widths.get(name) * size) / 10 + 6;
}

function mostLabels({ left, top, right, bottom, scale }) {
  return Math.min(MOST_LABELS, Math.max(FOREMOST, Math.ceil(((right - left) * (bottom - top) * scale * scale) / ROOM)));
}

/** Nodes in the frame that may have a label, the most important first. */
function toLabel({ left, top, right, bottom, scale }, most) {
  const first = scene.near ? [...scene.near].sort((a, b) => (b === scene.chosen) - (a === scene.chosen) || papersNow(b) - papersNow(a) || a - b) : scene.drawn;
  const near = scale > NEAR * scene.whole || scene.near !== null;
  const found = [];
  for (const n of first) {
    if (!scene.shown[n] || xs[n] < left || xs[n] > right || ys[n] < top || ys[n] > bottom) continue;
    if (found.length >= FOREMOST && !near && papersNow(n) < 2) continue;
    found.push(n);
    if (found.length >= most) break;
  }
  return found;
}

const COVERED = 1000; // what a cell of a label or of a part of the page costs that would be covered; one of a disc costs 1

/** Places boxes in the window, none over another if there is room. */
class Board {
  constructor(frame, order) {
    this.frame = frame;
    this.taken = new Set();
    for (const element of [part("legend"), part("scope"), part("zoom")]) for (const cell of cellsUnder(element)) this.taken.add(cell);
    this.discs = new Map(); // cell: whose, by rank
    const { left, top, scale } = frame;
    order.slice(0, 150).forEach((n, rank) => {
      const r = radiusOf(n, scale) * scale * 0.8;
      if (r > 5) for (const cell of cellsOf((xs[n] - left) * scale - r, (ys[n] - top) * scale - r, 2 * r, 2 * r)) if (!this.discs.has(cell)) this.discs.set(cell, rank);
    });
  }

  /** How many cells of a box, given by the middle of its upper edge in pixels, are taken. */
  cost(cells, rank) {
    let cost = 0;
    for (const cell of cells) {
      if (this.taken.has(cell)) cost += COVERED;
      else if (this.discs.has(cell) && (rank < FOREMOST ? this.discs.get(cell) < rank : this.discs.get(cell) !== rank)) cost += 1;
    }
    return cost;
  }

  /** Take the first of some spots that is free; if none is, the one that covers least, if that is no more than `most`. Returns the spot or null. */
  take(spots, width, height, { rank, most = 0 }) {
    let [best, least, where] = [null, Infinity, null];
    const wide = (this.frame.right - this.frame.left) * this.frame.scale;
    const high = (this.frame.bottom - this.frame.top) * this.frame.scale;
    for (const [x, y] of spots) {
      if (x - width / 2 < 0 || x + width / 2 > wide || (most && (y < 0 || y + height > high))) continue; // it would leave the window
      const cells = cellsOf(x - width / 2, y, width, height);
      const cost = this.cost(cells, rank);
      if (cost < least) [best, least, where] = [[x, y], cost, cells];
      if (!cost) break;
    }
    if (!best || least > most) return null;
    for (const cell of where) this.taken.add(cell);
    return best;
  }
}

/** Where a label may stand, best first: under its node, above, right, left, then farther off; as the middle of its upper edge, in pixels. */
function spotsOf(x, y, r, width, size, wide) {
  const inside = Math.max(width / 2, Math.min(x, wide - width / 2));
  const near = [[inside, y + r], [inside, y - r - size], [x + r + width / 2, y - size / 2], [x - r - width / 2, y - size / 2]];
  const corners = [1, -1].flatMap((side) => [[x + side * (r * 0.7 + width / 2), y + r * 0.7], [x + side * (r * 0.7 + width / 2), y - r * 0.7 - size]]);
  return [...near, ...corners];
}

/** Spots farther off, for labels that must stand somewhere. */
function farSpotsOf(x, y, r, width, size) {
  return [1, 2, 3].flatMap((ring) => [0, 1, 2, 3, 4, 5, 6, 7].map((side) => {
    const angle = (side * Math.PI) / 4 + ring;
    return [x + Math.cos(angle) * (r + width / 2 + ring * 6), y - size / 2 + Math.sin(angle) * (r + size * (0.5 + ring * 0.8))];
  }));
}

function placeNode(context, board, n, rank) {
  const { left, top, right, scale } = board.frame;
  const size = labelSize(n);
  const text = inSmallWindow() ? short(shortLabel(n), 24) : shortLabel(n);
  const width = widthOf(context, text, isBold(n, rank), size);
  const [x, y, r] = [(xs[n] - left) * scale, (ys[n] - top) * scale, radiusOf(n, scale) * scale + 2];
  const must = n === scene.chosen || (rank < FOREMOST && scene.near === null);
  const most = !must ? 0 : n === scene.chosen || !inSmallWindow() ? Infinity : COVERED - 1;
  const spots = spotsOf(x, y, r, width, size, (right - left) * scale);
  const spot = board.take(must ? [...spots, ...farSpotsOf(x, y, r, width, size)] : spots, width, size, { rank, most });
  return spot && { n, text, size, width, bold: isBold(n, rank), dx: spot[0] - x, dy: spot[1] - y };
}

const namesAreas = (scale) => byArea && scale < INTO_AREAS * scene.whole;

/** What is named on the map, the largest first: areas, or clusters where there are few or once one has zoomed in; as {key, name, size, nodes, parts: their nodes together in the picture}. */
function mapGroups(scale) {
  const clusters = shownCommunities();
  if (!namesAreas(scale)) {
    return clusters.map(([community, members]) => ({ key: { community }, name: clusterName(community), size: CLUSTER_SIZE, nodes: members.length, parts: [members] }));
  }
  const areas = new Map();
  for (const [community, members] of clusters) {
    const area = areaOfCommunity(community);
    if (!areas.has(area)) areas.set(area, { key: { area }, name: areaName(area), size: AREA_SIZE, nodes: 0, parts: [] });
    areas.get(area).nodes += members.length;
    if (areas.get(area).parts.length < MOST_PARTS) areas.get(area).parts.push(members);
  }
  return [...areas.values()].sort((a, b) => b.nodes - a.nodes);
}

/** Where the name of a group may stand: above and under the middle of its nodes, then within it, then beside it; in pixels. */
function groupSpots({ x, y, close }, { left, top, right, scale }, width, size) {
  const reach = Math.max(20, (close.reduce((most, n) => Math.max(most, Math.abs(ys[n] - y)), 0)) * scale);
  const [px, py] = [(x - left) * scale, (y - top) * scale];
  const within = (at) => Math.max(width / 2 + 2, Math.min(at, (right - left) * scale - width / 2 - 2));
  return [-1.1, 1.1, -0.8, 0.8, -0.5, 0.5, -0.25, 0.25, 0, -1.4, 1.4].flatMap((along) => [0, -0.4, 0.4, -0.8, 0.8].map((aside) => [within(px + aside * width), py - size / 2 + along * reach]));
}

/** The names of areas or clusters, none over another label: with two of their nodes if there is room, else with one. */
function placeGroups(context, board) {
  if (scene.near !== null || !scene.clusterNames) return [];
  const { left, top, right, bottom, scale } = board.frame;
  return mapGroups(scale).filter(({ nodes: number }) => number >= LEAST_CLUSTER).flatMap(({ key, name, size, parts }) => {
    const hearts = parts.map(heartOf).filter(({ x, y }) => x > left && x < right && y > top && y < bottom);
    for (const [some, heart] of (inSmallWindow() ? [1] : [2, 1]).flatMap((words) => hearts.map((one) => [words, one]))) {
      const text = mapName(name, some);
      const width = widthOf(context, text, true, size);
      const spot = board.take(groupSpots(heart, board.frame, width, size), width, size + 2, { rank: 1e9, most: COVERED - 1 });
      if (spot) return [{ ...key, text, size, width, bold: true, x: left + spot[0] / scale, y: top + spot[1] / scale }];
    }
    return [];
  });
}

/** Place the labels of a frame: of nodes {n, dx, dy in pixels from the node, …} and of clusters or areas {community or area, x, y in the units of the picture, …}. */
export function placeLabels(context, frame) {
  small = stage.clientWidth < SMALL_WINDOW;
  const most = mostLabels(frame);
  const order = toLabel(frame, CANDIDATES * most);
  const board = new Board(frame, order);
  const placed = [];
  const placeFrom = (from, to, limit) => {
    for (let rank = from; rank < Math.min(to, order.length) && placed.length < limit; rank++) {
      const label = placeNode(context, board, order[rank], rank);
      if (label) placed.push(label);
    }
  };
  const before = frame.scale < INTO_AREAS * scene.whole ? FOREMOST : BEFORE_CLUSTERS;
  placeFrom(0, before, Infinity);
  const groups = placeGroups(context, board);
  placeFrom(before, FOREMOST, Infinity);
  placeFrom(FOREMOST, Infinity, most);
  return [...groups, ...placed];
}

/** The labels of a frame: placed at rest, kept while the picture moves. */
export function labelsOf(context, frame) {
  if (!scene.moving || !scene.placed) scene.placed = placeLabels(context, frame);
  return scene.placed;
}

/** Where a label stands in the units of the picture: the middle of its upper edge. */
export function spotOf(label, scale) {
  return label.n === undefined ? [label.x, label.y] : [xs[label.n] + label.dx / scale, ys[label.n] + label.dy / scale];
}

export function labelInk(label) {
  if (label.n === undefined) return scene.colourBy !== "community" ? inks.soft : label.area === undefined ? communityColour(label.community) : areaColour(label.area);
  return label.bold || scene.near ? inks.text : inks.soft;
}

export function labelFont({ n, bold, size }) {
  return `${n === undefined ? "italic " : ""}${bold ? "600 " : ""}${size}px ${FONT}`;
}

/** Labels over the nodes, in pixels of the window: so letters once drawn serve at every scale. */
export function paintLabels(context, labels, { scale }) {
  const { a, e, f } = context.getTransform();
  context.setTransform(a / scale, 0, 0, a / scale, e, f);
  context.textAlign = "center";
  context.textBaseline = "top";
  context.lineJoin = "round";
  context.strokeStyle = inks.ground;
  context.lineWidth = 3;
  for (const label of labels) {
    const [x, y] = spotOf(label, scale);
    context.font = labelFont(label);
    context.strokeText(label.text, x * scale, y * scale);
    context.fillStyle = labelInk(label);
    context.fillText(label.text, x * scale, y * scale);
  }
  context.setTransform(a, 0, 0, a, e, f);
}
