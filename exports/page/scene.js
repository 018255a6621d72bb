// What the picture shows: its state, its colours, vis-network as its model and its hands, and what lies under a point.

import { N, graph, nodes, typeOf } from "./data.js";

export const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
export const narrow = window.matchMedia("(max-width: 800px)");
export const stage = document.getElementById("scene");
export const scene = {
  drawn: [...graph.drawn], // nodes in the picture, the most papers first
  isDrawn: new Uint8Array(N),
  passes: new Uint8Array(N).fill(1), // the filters, whether drawn or not
  shown: new Uint8Array(N), // drawn, and passes
  links: { sources: [], targets: [], papers: [], said: [], kinds: [] }, // among what is drawn, most papers first
  lines: [], // the links that are shown
  lit: new Set(), // the links of a path, of the selection, of what rises
  adjacent: new Map(), // node: [[other, link], …] among what is drawn
  window: null, // of papers
  papers: null, // of each node in the window; null for all
  chosen: -1,
  chosenLink: null, // [node, node]
  selected: [], // several nodes
  near: null, // Set of nodes that are not faded
  colourBy: "community", // or "type" or "year"
  regions: null, // found when first drawn
  placed: null, // labels, as they were placed at rest
  moving: false,
  whole: Infinity, // the scale at which all that is shown fits
  moved: false, // whether the user has moved the picture
};

const areaOf = new Map(); // community: the area that it is in

const [LEAST_STRETCHED, MOST_STRETCH] = [30, 1.7];
const LEGEND = 260; // pixels that it takes of a wide window
export const xs = new Float64Array(N);
export const ys = new Float64Array(N);
const sizes = new Float64Array(N);
/** How much the picture is stretched across and down, so that it fills a window of another shape. */
export const stretch = shapeFor(stage.clientWidth, stage.clientHeight);
for (const n of graph.drawn) place(n, nodes.x[n] * stretch.x, -nodes.y[n] * stretch.y); // the file's y points up, the screen's down

/** The stretch for a window: of large pictures alone, whose nodes have room enough. */
function shapeFor(width, height) {
  const within = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const free = width > 1.2 * height ? width - LEGEND : width;
  const shape = (free * within(columnOf("y"))) / (height * within(columnOf("x")) || 1);
  if (graph.drawn.length < LEAST_STRETCHED || !Number.isFinite(shape)) return { x: 1, y: 1 };
  return { x: Math.min(MOST_STRETCH, Math.max(1, shape)), y: Math.min(MOST_STRETCH, Math.max(1, 1 / shape)) };
}

function columnOf(name) {
  return graph.drawn.map((n) => nodes[name][n]);
}

/** Put a node into the picture. */
export function place(n, x, y) {
  [xs[n], ys[n]] = [x, y];
  scene.isDrawn[n] = 1;
  scene.shown[n] = 1;
  if (nodes.area[n] != null) areaOf.set(nodes.community[n], nodes.area[n]);
  sizes[n] = nodes.size[n] || 4;
}

/** How much nodes can grow over the sizes that the layout made room for: at most about a tenth of them then touch another. */
function growth() {
  const { drawn } = scene;
  if (drawn.length > 600) return 1.5;
  const free = drawn.map((n) => drawn.reduce((least, m) => (m === n ? least : Math.min(least, Math.hypot(xs[m] - xs[n], ys[m] - ys[n]) / (sizes[n] + sizes[m]))), Infinity));
  return Math.min(2.2, Math.max(1.5, free.sort((a, b) => a - b)[Math.floor(drawn.length / 10)] ?? 1));
}

const grown = growth();
const dot = Math.min(2.5, Math.max(1, 60 / Math.sqrt(graph.drawn.length))); // pixels

/** The radius of a node in the units of the picture, at the scale that shows everything. */
export function sizeOf(n) {
  return sizes[n] * grown;
}

/** The radius that a node is drawn with: it grows with the root of the zoom, so that large nodes part, and is never less than a visible dot. */
export function radiusOf(n, scale) {
  return Math.max(sizes[n] * grown * Math.min(1, Math.sqrt(scene.whole / scale)), dot / scale);
}

export function papersNow(n) {
  return scene.papers ? scene.papers[n] : nodes.papers[n];
}

export function dark() {
  const set = document.documentElement.dataset.theme;
  return set ? set === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
}

export function css(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Hue, saturation and lightness of communities, the largest first: neighbours in the row differ in lightness too, for those who do not tell hues apart. */
const COMMUNITIES = [[210, 80, 36], [28, 92, 50], [158, 75, 27], [322, 52, 56], [262, 48, 44], [45, 90, 40], [190, 75, 46], [2, 68, 42], [95, 55, 36], [230, 65, 60], [290, 55, 32], [350, 65, 60]];
export const HUES = COMMUNITIES.length;
const YEARS = { light: ["#2f5f9e", "#94799a", "#cf5c0c"], dark: ["#6ea3e0", "#b59cba", "#ff9440"] }; // from the first year to the last
export const SHAPES = { method: "dot", dataset: "square", benchmark: "triangle", task: "diamond", metric: "star" };
export const inks = {};

/** The communities, or areas, that are drawn, the largest first, each with its drawn nodes. */
function drawnGroups(column) {
  const members = new Map();
  for (const n of scene.drawn) {
    const group = nodes[column][n];
    if (group == null) continue;
    if (members.has(group)) members.get(group).push(n);
    else members.set(group, [n]);
  }
  return [...members].sort((a, b) => b[1].length - a[1].length || a[0] - b[0]);
}

export const drawnCommunities = () => drawnGroups("community");
export const drawnAreas = () => drawnGroups("area");

const several = (groups) => groups.filter(([, members]) => members.length > 1).length;
/** Whether colours, legend and the first names on the map are of areas: of more communities than there are colours, most would be grey. */
export const byArea = several(drawnCommunities()) > HUES && several(drawnAreas()) > 1 && several(drawnAreas()) < several(drawnCommunities());

const rankOf = new Map(); // of a community, or of an area where colours are of areas, by how many of its nodes are drawn
const variantOf = new Map(); // of a community among those of its area
(byArea ? drawnAreas() : drawnCommunities()).forEach(([group], rank) => rankOf.set(group, rank));
if (byArea) {
  const met = new Map();
  for (const [community] of drawnCommunities()) {
    const area = areaOf.get(community);
    variantOf.set(community, met.get(area) ?? 0);
    met.set(area, (met.get(area) ?? 0) + 1);
  }
}

/** The area of a community; undefined where that is not known. */
export function areaOfCommunity(community) {
  return areaOf.get(community);
}

/** Which colour a community has. Colours are kept until the page is closed, so that what is added to the picture recolours nothing. */
export function communityRank(community) {
  return rankOf.get(byArea ? areaOf.get(community) : community) ?? HUES;
}

export function refreshInks() {
  Object.assign(inks, { text: css("--text"), soft: css("--soft"), ground: css("--ground"), region: css("--region"), link: css("--link"), accent: css("--accent"), types: graph.colours[dark() ? "dark" : "light"] });
}

const paints = []; // of each drawn node
const looks = []; // a number from 1; nodes of one colour and type have the same

/** Find the colours of what is drawn: after these changed, or nodes came. */
export function repaintNodes() {
  const known = new Map();
  for (const n of scene.drawn) {
    paints[n] = colourOf(n);
    const look = `${typeOf(n)} ${paints[n]}`;
    if (!known.has(look)) known.set(look, known.size + 1);
    looks[n] = known.get(look);
  }
}

export function paintOf(n) {
  return paints[n];
}

export function lookOf(n) {
  return looks[n];
}

function colourOf(n) {
  if (scene.colourBy === "community") return communityColour(nodes.community[n]);
  return scene.colourBy === "year" ? yearColour(nodes.first_year[n]) : inks.types[graph.types.indexOf(typeOf(n))];
}

export function communityColour(community) {
  return rankColour(communityRank(community), variantOf.get(community));
}

export function areaColour(area) {
  return rankColour(rankOf.get(area) ?? HUES);
}

const VARIANTS = [[0, 0], [9, 8], [-9, -5]]; // of hue and lightness, by which the communities of one area differ

export function rankColour(rank, variant = 0) {
  if (rank >= HUES) return inks.soft;
  const [hue, saturation, lightness] = COMMUNITIES[rank];
  const [turn, lighter] = VARIANTS[variant % VARIANTS.length];
  return dark() ? `hsl(${hue + turn} ${saturation * 0.85}% ${Math.min(80, lightness + lighter + 26)}%)` : `hsl(${hue + turn} ${saturation}% ${lightness + lighter}%)`;
}

/** The ground of a community's region. */
export function regionInk(community) {
  const rank = communityRank(community);
  if (scene.colourBy !== "community" || rank >= HUES) return inks.region;
  return `hsl(${COMMUNITIES[rank][0]} ${dark() ? "30% 13%" : "60% 96%"})`;
}

const dated = graph.years.filter(([year]) => year !== null);
/** The first and the last year of the papers; null where none has a year. */
export const span = dated.length ? [dated.at(-1)[0], dated[0][0]] : null;

/** Between three colours, by where a year lies between the first and the last. */
export function yearColour(year) {
  if (year == null || !span) return inks.soft;
  const along = span[1] > span[0] ? (2 * (year - span[0])) / (span[1] - span[0]) : 2;
  const [low, high] = YEARS[dark() ? "dark" : "light"].slice(along < 1 ? 0 : 1).map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  return `rgb(${low.map((value, k) => Math.round(value + (high[k] - value) * (along < 1 ? along : along - 1))).join(" ")})`;
}

export const network = new window.vis.Network(
  stage,
  { nodes: new window.vis.DataSet([]), edges: new window.vis.DataSet([]) },
  {
    physics: false,
    layout: { improvedLayout: false },
    nodes: { shape: "dot", color: "transparent", borderWidth: 0, chosen: false },
    interaction: { hover: false, dragNodes: false, selectable: false, tooltipDelay: 1e9 },
  },
);
network.renderer._drawNodes = () => ({}); // draw.js does

/** Give vis-network nodes, for scripts that ask it where they are; the picture does not wait for that. */
export function fillModel(some = scene.drawn) {
  network.body.data.nodes.update(some.map((n) => ({ id: nodes.ids[n], x: xs[n], y: ys[n], size: sizeOf(n) })));
}

/** Put a node elsewhere, in the units of the picture. */
export function moveNode(n, x, y) {
  [xs[n], ys[n]] = [x, y];
  scene.regions = null;
  scene.placed = null;
  network.moveNode(nodes.ids[n], x, y);
}

/** What of the picture is in the window, in its units, and how many pixels one unit has. */
export function frameNow() {
  const { clientWidth, clientHeight } = network.canvas.frame;
  const [one, two] = [network.DOMtoCanvas({ x: 0, y: 0 }), network.DOMtoCanvas({ x: clientWidth, y: clientHeight })];
  return { left: one.x, top: one.y, right: two.x, bottom: two.y, scale: network.getScale() };
}

/** Return the shown node under a point, or within a few pixels of it; -1 if none. */
export function nodeAt({ x, y }) {
  let best = -1;
  const scale = network.getScale();
  let least = 4 / scale;
  for (const n of scene.drawn) {
    if (!scene.shown[n]) continue;
    const away = Math.hypot(x - xs[n], y - ys[n]) - radiusOf(n, scale);
    if (away < least) [least, best] = [away, n];
  }
  return best;
}

/** Return the shown link nearest to a point, if within six pixels; -1 if none. */
export function linkAt({ x, y }) {
  const { sources, targets } = scene.links;
  let best = -1;
  let least = 6 / network.getScale();
  for (const l of scene.lines) {
    const [a, b] = [sources[l], targets[l]];
    const [across, down] = [xs[b] - xs[a], ys[b] - ys[a]];
    const along = Math.min(1, Math.max(0, ((x - xs[a]) * across + (y - ys[a]) * down) / (across ** 2 + down ** 2 || 1)));
    const away = Math.hypot(x - xs[a] - along * across, y - ys[a] - along * down);
    if (away < least) [least, best] = [away, l];
  }
  return best;
}

/** The place of a link among those of the picture; -1 if it is not among them. */
export function lineBetween(a, b) {
  return (scene.adjacent.get(a) ?? []).find(([other]) => other === b)?.[1] ?? -1;
}

let resting = 0;
function stir() {
  scene.moving = true;
  scene.moved = true;
  clearTimeout(resting);
  resting = setTimeout(() => {
    scene.moving = false;
    network.redraw();
  }, 200);
}
for (const event of ["dragging", "zoom"]) network.on(event, stir);
