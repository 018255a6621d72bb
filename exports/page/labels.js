// Labels: of nodes by importance and of clusters, placed at rest so that none covers another; while the picture moves they stay with their nodes.

import { graph, nodes } from "./data.js";
import { part, short } from "./dom.js";
import { heartOf, shownCommunities } from "./regions.js";
import { communityColour, inks, papersNow, radiusOf, scene, stage, xs, ys } from "./scene.js";

const ROOM = 8000; // square pixels of the window for each label
const MOST_LABELS = 300;
const CELL = 6; // pixels
const FOREMOST = 30; // so many nodes have labels at first view, though they cover nodes that matter less
const LEAST_CLUSTER = 10; // nodes
const CLUSTER_SIZE = 13; // pixels
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

/** The name of a cluster as the map shows it: its two strongest nodes. */
export function mapName(community) {
  return clusterName(community).split(/, | · /).slice(0, 2).map((name) => short(name, 22)).join(" · ");
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

/** The size of a label in pixels. */
export function labelSize(n) {
  return Math.round(22 + 14 * Math.sqrt(papersNow(n) / Math.max(1, papersNow(scene.drawn[0])))) / 2;
}

function isBold(n) {
  return n === scene.chosen || labelSize(n) > 14.5;
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
function toLabel({ left, top, right, bottom, scale }) {
  const first = scene.near ? [...scene.near].sort((a, b) => (b === scene.chosen) - (a === scene.chosen) || papersNow(b) - papersNow(a) || a - b) : scene.drawn;
  const near = scale > NEAR * scene.whole || scene.near !== null;
  const found = [];
  for (const n of first) {
    if (!scene.shown[n] || xs[n] < left || xs[n] > right || ys[n] < top || ys[n] > bottom) continue;
    if (found.length >= FOREMOST && !near && papersNow(n) < 2) continue;
    found.push(n);
    if (found.length >= 8 * MOST_LABELS) break;
  }
  return found;
}

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
      if (this.taken.has(cell)) cost += 3;
      else if (this.discs.has(cell) && (rank < FOREMOST ? this.discs.get(cell) < rank : this.discs.get(cell) !== rank)) cost += 1;
    }
    return cost;
  }

  /** Take the first of some spots that is free; if none is, and it must be, the one that covers least. Returns the spot or null. */
  take(spots, width, height, { rank, must }) {
    let [best, least, where] = [null, Infinity, null];
    const wide = (this.frame.right - this.frame.left) * this.frame.scale;
    const high = (this.frame.bottom - this.frame.top) * this.frame.scale;
    for (const [x, y] of spots) {
      if (x - width / 2 < 0 || x + width / 2 > wide || (must && (y < 0 || y + height > high))) continue; // it would leave the window
      const cells = cellsOf(x - width / 2, y, width, height);
      const cost = this.cost(cells, rank);
      if (cost < least) [best, least, where] = [[x, y], cost, cells];
      if (!cost) break;
    }
    if (!best || (least && !must)) return null;
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
  const text = shortLabel(n);
  const width = widthOf(context, text, isBold(n), size);
  const [x, y, r] = [(xs[n] - left) * scale, (ys[n] - top) * scale, radiusOf(n, scale) * scale + 2];
  const must = n === scene.chosen || (rank < FOREMOST && scene.near === null);
  const spots = spotsOf(x, y, r, width, size, (right - left) * scale);
  const spot = board.take(must ? [...spots, ...farSpotsOf(x, y, r, width, size)] : spots, width, size, { rank, must });
  return spot && { n, text, size, width, bold: isBold(n), dx: spot[0] - x, dy: spot[1] - y };
}

/** The names of clusters: over the middle of their nodes, or where there is room around it. */
function placeClusters(context, board) {
  if (scene.near !== null || !scene.clusterNames) return [];
  const { left, top, right, bottom, scale } = board.frame;
  return shownCommunities().filter(([, members]) => members.length >= LEAST_CLUSTER).flatMap(([community, members]) => {
    const { x, y, close } = heartOf(members);
    if (x < left || x > right || y < top || y > bottom) return [];
    const text = mapName(community);
    const width = widthOf(context, text, true, CLUSTER_SIZE);
    const reach = Math.max(20, (close.reduce((most, n) => Math.max(most, Math.abs(ys[n] - y)), 0)) * scale);
    const [px, py] = [(x - left) * scale, (y - top) * scale];
    const inside = Math.max(width / 2 + 2, Math.min(px, (right - left) * scale - width / 2 - 2));
    const spots = [-1.1, 1.1, -0.8, 0.8, -0.5, 0.5, -0.25, 0.25, 0, -1.4, 1.4].flatMap((along) => [0, -0.4, 0.4].map((aside) => [Math.max(width / 2 + 2, Math.min(inside + aside * width, (right - left) * scale - width / 2 - 2)), py - CLUSTER_SIZE / 2 + along * reach]));
    const spot = board.take(spots, width, CLUSTER_SIZE + 2, { rank: 1e9, must: true });
    return spot ? [{ community, text, size: CLUSTER_SIZE, width, bold: true, x: left + spot[0] / scale, y: top + spot[1] / scale }] : [];
  });
}

/** Place the labels of a frame: of nodes {n, dx, dy in pixels from the node, …} and of clusters {community, x, y in the units of the picture, …}. */
export function placeLabels(context, frame) {
  const order = toLabel(frame);
  const board = new Board(frame, order);
  const most = mostLabels(frame);
  const foremost = [];
  const others = [];
  order.slice(0, FOREMOST).forEach((n, rank) => { const label = placeNode(context, board, n, rank); if (label) foremost.push(label); });
  const clusters = placeClusters(context, board);
  for (let rank = FOREMOST; rank < order.length && foremost.length + others.length < most; rank++) {
    const label = placeNode(context, board, order[rank], rank);
    if (label) others.push(label);
  }
  return [...clusters, ...foremost, ...others];
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
  if (label.community !== undefined) return scene.colourBy === "community" ? communityColour(label.community) : inks.soft;
  return label.bold || scene.near ? inks.text : inks.soft;
}

export function labelFont({ bold, size, community }) {
  return `${community === undefined ? "" : "italic "}${bold ? "600 " : ""}${size}px ${FONT}`;
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
