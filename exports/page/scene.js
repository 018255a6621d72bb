// What the picture shows: its state, its colours, vis-network as its model and its hands, and what lies under a point.
"use strict";

const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const narrow = window.matchMedia("(max-width: 800px)");
const scene = {
  shown: new Uint8Array(N).fill(1), // passes the filters
  linkShown: new Uint8Array(L).fill(1),
  chosen: -1,
  chosenLink: -1,
  near: null, // Set of nodes around what is chosen
  ends: null, // of the path that is shown
  path: new Set(), // the links of the path, or those that rise
  trends: false, // whether what rises is shown
  rising: null, // Set of the nodes that rise
  colourBy: "type", // or "community" or "year"
  regions: null, // found when first drawn
  moving: false,
};

const xs = Float64Array.from(graph.nodes.x);
const ys = Float64Array.from(graph.nodes.y, (y) => -y); // the file's y points up, the screen's down
const radii = Float64Array.from(graph.nodes.size, (size) => size * growth());

/** How much nodes can grow over the sizes that the layout made room for: at most about a tenth of them then touch another. */
function growth() {
  if (N > 600) return 1.5;
  growth.found ??= (() => {
    const sizes = graph.nodes.size;
    const free = Array.from(xs, (x, n) => xs.reduce((least, other, m) => (m === n ? least : Math.min(least, Math.hypot(other - x, ys[m] - ys[n]) / (sizes[n] + sizes[m]))), Infinity));
    return Math.min(2.2, Math.max(1.5, free.sort((a, b) => a - b)[Math.floor(N / 10)] ?? 1));
  })();
  return growth.found;
}

const dot = Math.min(2.5, Math.max(1, 60 / Math.sqrt(N))); // pixels

/** The radius that a node is drawn with: never less than a visible dot. */
function radiusOf(n, scale) {
  return Math.max(radii[n], dot / scale);
}

const byImportance = [...Array(N).keys()].sort((a, b) => graph.nodes.papers[b] - graph.nodes.papers[a] || a - b);
const linksByWeight = [...Array(L).keys()].sort((a, b) => graph.links.papers[b] - graph.links.papers[a] || a - b);
const heaviest = Math.max(1, graph.links.papers[linksByWeight[0]] ?? 1);

function dark() {
  const set = document.documentElement.dataset.theme;
  return set ? set === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
}

function css(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const HUES = [205, 28, 150, 320, 260, 50, 180, 0, 95, 230, 290, 70];
const YEARS = { light: ["#2f5f9e", "#94799a", "#cf5c0c"], dark: ["#6ea3e0", "#b59cba", "#ff9440"] }; // from the first year to the last
let inks = {};
let paints = []; // the colour of each node
let looks = []; // a number from 1; nodes of one colour and type have the same

function refreshInks() {
  inks = { text: css("--text"), soft: css("--soft"), ground: css("--ground"), region: css("--region"), link: css("--link"), accent: css("--accent"), types: graph.colours[dark() ? "dark" : "light"] };
  paints = Array.from({ length: N }, (_, n) => colourOf(n));
  const known = new Map();
  looks = paints.map((colour, n) => {
    const look = `${typeOf(n)} ${colour}`;
    if (!known.has(look)) known.set(look, known.size + 1);
    return known.get(look);
  });
}

function colourOf(n) {
  if (scene.colourBy === "community") return communityColour(graph.nodes.community[n]);
  return scene.colourBy === "year" ? yearColour(graph.nodes.first_year[n]) : inks.types[graph.types.indexOf(typeOf(n))];
}

function communityColour(community) {
  return community < HUES.length ? `hsl(${HUES[community]} ${dark() ? "60% 66%" : "62% 40%"})` : inks.soft;
}

/** Between three colours, by where a year lies between the first and the last. */
function yearColour(year) {
  if (year == null || !span) return inks.soft;
  const along = span[1] > span[0] ? (2 * (year - span[0])) / (span[1] - span[0]) : 2;
  const [low, high] = YEARS[dark() ? "dark" : "light"].slice(along < 1 ? 0 : 1).map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  return `rgb(${low.map((value, k) => Math.round(value + (high[k] - value) * (along < 1 ? along : along - 1))).join(" ")})`;
}

const network = new vis.Network(
  document.getElementById("scene"),
  { nodes: new vis.DataSet([]), edges: new vis.DataSet([]) },
  {
    physics: false,
    layout: { improvedLayout: false },
    nodes: { shape: "dot", color: "transparent", borderWidth: 0, chosen: false },
    interaction: { hover: false, dragNodes: false, selectable: false, tooltipDelay: 1e9 },
  },
);
network.renderer._drawNodes = () => ({}); // draw.js does

/** Give vis-network the nodes, for scripts that ask it where they are; the picture does not wait for that. */
function fillModel() {
  network.body.data.nodes.add(graph.ids.map((id, n) => ({ id, x: xs[n], y: ys[n], size: radii[n] })));
}

/** Put a node elsewhere, in the units of the picture. */
function moveNode(n, x, y) {
  [xs[n], ys[n]] = [x, y];
  scene.regions = null;
  network.moveNode(graph.ids[n], x, y);
}

/** What of the picture is in the window, in its units, and how many pixels one unit has. */
function frameNow() {
  const { clientWidth, clientHeight } = network.canvas.frame;
  const [one, two] = [network.DOMtoCanvas({ x: 0, y: 0 }), network.DOMtoCanvas({ x: clientWidth, y: clientHeight })];
  return { left: one.x, top: one.y, right: two.x, bottom: two.y, scale: network.getScale() };
}

/** Return the shown node under a point, or within a few pixels of it; -1 if none. */
function nodeAt({ x, y }) {
  let best = -1;
  const scale = network.getScale();
  let least = 4 / scale;
  for (let n = 0; n < N; n++) {
    if (!scene.shown[n]) continue;
    const away = Math.hypot(x - xs[n], y - ys[n]) - radiusOf(n, scale);
    if (away < least) [least, best] = [away, n];
  }
  return best;
}

/** Return the shown link nearest to a point, if within six pixels; -1 if none. */
function linkAt({ x, y }) {
  let best = -1;
  let least = 6 / network.getScale();
  for (let l = 0; l < L; l++) {
    if (!scene.linkShown[l]) continue;
    const [a, b] = [graph.sources[l], graph.targets[l]];
    const [across, down] = [xs[b] - xs[a], ys[b] - ys[a]];
    const along = Math.min(1, Math.max(0, ((x - xs[a]) * across + (y - ys[a]) * down) / (across ** 2 + down ** 2 || 1)));
    const away = Math.hypot(x - xs[a] - along * across, y - ys[a] - along * down);
    if (away < least) [least, best] = [away, l];
  }
  return best;
}

let resting = 0;
function stir() {
  scene.moving = true;
  clearTimeout(resting);
  resting = setTimeout(() => {
    scene.moving = false;
    network.redraw();
  }, 250);
}
for (const event of ["dragging", "zoom"]) network.on(event, stir);
