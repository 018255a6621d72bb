// The picture: vis-network moves and zooms; nodes, links and labels are drawn by us, only what is in view.
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
  byCommunity: false,
  moving: false,
};

const xs = graph.nodes.x;
const ys = graph.nodes.y.map((y) => -y); // the file's y points up, the screen's down
const radii = graph.nodes.size.map((size) => size * growth());

/** How much nodes can grow over the sizes that the layout made room for: at most about a tenth of them then touch another. */
function growth() {
  if (N > 600) return 1.5;
  growth.found ??= (() => {
    const sizes = graph.nodes.size;
    const free = xs.map((x, n) => xs.reduce((least, other, m) => (m === n ? least : Math.min(least, Math.hypot(other - x, ys[m] - ys[n]) / (sizes[n] + sizes[m]))), Infinity));
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
const linksByWeight = [...Array(L).keys()].sort((a, b) => graph.links.papers[a] - graph.links.papers[b] || a - b);
const heaviest = Math.max(1, ...graph.links.papers.slice(0, 1), ...(L ? [graph.links.papers[linksByWeight[L - 1]]] : []));

function dark() {
  const set = document.documentElement.dataset.theme;
  return set ? set === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
}

function css(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const hues = [205, 28, 150, 320, 260, 50, 180, 0, 95, 230, 290, 70];
let inks = {};

function refreshInks() {
  inks = { text: css("--text"), soft: css("--soft"), ground: css("--ground"), link: css("--link"), accent: css("--accent"), types: graph.colours[dark() ? "dark" : "light"] };
}

function colourOf(n) {
  if (!scene.byCommunity) return inks.types[graph.types.indexOf(typeOf(n))];
  return communityColour(graph.nodes.community[n]);
}

function communityColour(community) {
  return community < hues.length ? `hsl(${hues[community]} ${dark() ? "60% 66%" : "62% 40%"})` : inks.soft;
}

const SHAPES = { method: "dot", dataset: "square", benchmark: "triangle", task: "diamond", metric: "star" };

function trace(context, shape, x, y, r) {
  context.beginPath();
  if (shape === "square") context.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  else if (shape === "dot") context.arc(x, y, r, 0, 2 * Math.PI);
  else {
    const corners = shape === "triangle" ? 3 : shape === "diamond" ? 4 : 8;
    for (let c = 0; c < corners; c++) {
      const angle = (c / corners) * 2 * Math.PI - Math.PI / 2;
      const reach = shape === "star" && c % 2 ? r * 0.5 : r * 1.2;
      context.lineTo(x + reach * Math.cos(angle), y + reach * Math.sin(angle));
    }
    context.closePath();
  }
}

/** Draw one node; vis asks for each that is in view. */
function drawNode({ ctx, id, x, y }) {
  const n = numberOf.get(id);
  const scale = network.getScale();
  const r = radiusOf(n, scale);
  return {
    drawNode() {
      if (!scene.shown[n]) return;
      const faded = scene.near && !scene.near.has(n);
      ctx.globalAlpha = faded ? 0.25 : 1;
      ctx.fillStyle = colourOf(n);
      trace(ctx, SHAPES[typeOf(n)] ?? "dot", x, y, r);
      ctx.fill();
      if (n === scene.chosen) {
        ctx.strokeStyle = inks.accent;
        ctx.lineWidth = 4 / scale;
        ctx.stroke();
      } else if (r * scale > 3) {
        ctx.strokeStyle = inks.ground;
        ctx.lineWidth = 1 / scale;
        ctx.stroke();
      }
      ctx.globalAlpha = 1;
    },
    nodeDimensions: { width: 2 * r, height: 2 * r },
  };
}

const nodeData = new vis.DataSet(
  graph.ids.map((id, n) => ({ id, x: xs[n], y: ys[n], shape: "custom", ctxRenderer: drawNode, size: radii[n], fixed: false })),
);
const network = new vis.Network(
  document.getElementById("scene"),
  { nodes: nodeData, edges: new vis.DataSet([]) },
  {
    physics: false,
    layout: { improvedLayout: false },
    nodes: { borderWidth: 0, chosen: false },
    interaction: { hover: false, dragNodes: false, selectable: false, tooltipDelay: 1e9 },
  },
);

/** Return where a node is now: people may have dragged it. */
function placeOf(n) {
  const node = network.body.nodes[graph.ids[n]];
  return node ? [node.x, node.y] : [xs[n], ys[n]];
}

/** Put a node elsewhere, in the units of the picture. */
function moveNode(n, x, y) {
  network.moveNode(graph.ids[n], x, y);
}

function view() {
  const frame = network.canvas.frame;
  const one = network.DOMtoCanvas({ x: 0, y: 0 });
  const two = network.DOMtoCanvas({ x: frame.clientWidth, y: frame.clientHeight });
  return [one.x, one.y, two.x, two.y];
}

/** Whether a link belongs to what is chosen: a path, a link, or the links of a node. */
function isLit(l, a, b) {
  if (scene.path.size) return scene.path.has(l);
  return l === scene.chosenLink || (scene.chosen >= 0 && (a === scene.chosen || b === scene.chosen));
}

/** Links that look alike: 1 to 4 by weight, 10 more if lit, 0 if faded. */
function linkBucket(l, a, b) {
  const level = Math.ceil((4 * Math.log1p(graph.links.papers[l])) / Math.log1p(heaviest));
  return !scene.near ? level : isLit(l, a, b) ? 10 + level : 0;
}

function linkStyle(bucket) {
  const lit = bucket >= 10;
  const alpha = bucket === 0 ? 0.05 : lit ? 0.75 : (L > 3000 ? 0.12 : 0.22) + 0.12 * bucket;
  return { ink: lit ? inks.accent : inks.link, alpha, width: 0.5 + 0.6 * (bucket % 10) };
}

/** Links under the nodes, strongest last; while the picture moves only the strongest thousand. */
network.on("beforeDrawing", (context) => {
  const scale = network.getScale();
  const [left, top, right, bottom] = view();
  const first = scene.moving ? Math.max(0, L - 1000) : 0;
  const buckets = new Map();
  for (let place = first; place < L; place++) {
    const l = linksByWeight[place];
    if (!scene.linkShown[l] && l !== scene.chosenLink && !scene.path.has(l)) continue;
    const a = graph.sources[l];
    const b = graph.targets[l];
    const [x1, y1] = placeOf(a);
    const [x2, y2] = placeOf(b);
    if (Math.max(x1, x2) < left || Math.min(x1, x2) > right || Math.max(y1, y2) < top || Math.min(y1, y2) > bottom) continue;
    const bucket = linkBucket(l, a, b);
    if (!buckets.has(bucket)) buckets.set(bucket, new Path2D());
    const path = buckets.get(bucket);
    path.moveTo(x1, y1);
    path.lineTo(x2, y2);
  }
  for (const bucket of [...buckets.keys()].sort((a, b) => a - b)) {
    const { ink, alpha, width } = linkStyle(bucket);
    context.strokeStyle = ink;
    context.globalAlpha = alpha;
    context.lineWidth = width / scale;
    context.stroke(buckets.get(bucket));
  }
  context.globalAlpha = 1;
});

const shortLabels = graph.nodes.label.map((label) => {
  const letters = Array.from(label.slice(0, 100));
  return letters.length > 42 ? `${letters.slice(0, 40).join("")}…` : label;
});

const CELL = 12; // pixels

/** The cells of the window that a box covers. */
function cellsOf(left, top, width, height) {
  const cells = [];
  for (let i = Math.floor(left / CELL); i <= Math.floor((left + width) / CELL); i++) {
    for (let j = Math.floor(top / CELL); j <= Math.floor((top + height) / CELL); j++) cells.push(i * 100003 + j);
  }
  return cells;
}

function labelFont(n, size, scale) {
  return `${n === scene.chosen ? "600 " : ""}${size / scale}px system-ui, sans-serif`;
}

/** Place labels under their nodes or above, none over another or over a large node, the most important first: [node, x, y, size in pixels], x and y in the units of the picture. */
function placeLabels(context, most) {
  const scale = network.getScale();
  const [left, top, right, bottom] = view();
  const taken = new Map(); // cell: whose
  const placed = [];
  const order = (scene.near ? [...scene.near].sort((a, b) => (b === scene.chosen) - (a === scene.chosen) || graph.nodes.papers[b] - graph.nodes.papers[a] || a - b) : byImportance)
    .filter((n) => { const [x, y] = placeOf(n); return scene.shown[n] && x > left && x < right && y > top && y < bottom; });
  for (const n of order.slice(0, 150)) {
    const [x, y] = placeOf(n);
    const r = radiusOf(n, scale) * scale * 0.8;
    if (r > 5) for (const cell of cellsOf((x - left) * scale - r, (y - top) * scale - r, 2 * r, 2 * r)) if (!taken.has(cell)) taken.set(cell, n);
  }
  for (const n of order) {
    if (placed.length >= most) break;
    const [x, y] = placeOf(n);
    const size = 11 + 7 * Math.sqrt(graph.nodes.papers[n] / graph.nodes.papers[byImportance[0]]);
    const r = radiusOf(n, scale) + 2 / scale;
    context.font = labelFont(n, size, scale);
    const width = context.measureText(shortLabels[n]).width * scale + 6;
    const inside = Math.max(left + width / 2 / scale, Math.min(x, right - width / 2 / scale));
    for (const under of [y + r, y - r - size / scale]) {
      const cells = cellsOf((inside - left) * scale - width / 2, (under - top) * scale, width, size);
      if (n !== scene.chosen && cells.some((cell) => taken.has(cell) && taken.get(cell) !== n)) continue;
      for (const cell of cells) taken.set(cell, n);
      placed.push([n, inside, under, size]);
      break;
    }
  }
  return placed;
}

/** Labels over the nodes. */
network.on("afterDrawing", (context) => {
  const scale = network.getScale();
  context.textAlign = "center";
  context.textBaseline = "top";
  context.lineJoin = "round";
  for (const [n, x, y, size] of placeLabels(context, scene.moving ? 25 : 160)) {
    context.font = labelFont(n, size, scale);
    context.strokeStyle = inks.ground;
    context.lineWidth = 3 / scale;
    context.strokeText(shortLabels[n], x, y);
    context.fillStyle = inks.text;
    context.fillText(shortLabels[n], x, y);
  }
});

/** Return the shown node under a point, or within a few pixels of it; -1 if none. */
function nodeAt({ x, y }) {
  let best = -1;
  const scale = network.getScale();
  let least = 4 / scale;
  for (let n = 0; n < N; n++) {
    if (!scene.shown[n]) continue;
    const [cx, cy] = placeOf(n);
    const away = Math.hypot(x - cx, y - cy) - radiusOf(n, scale);
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
    const [x1, y1] = placeOf(graph.sources[l]);
    const [x2, y2] = placeOf(graph.targets[l]);
    const length = (x2 - x1) ** 2 + (y2 - y1) ** 2 || 1;
    const along = Math.min(1, Math.max(0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length));
    const away = Math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1));
    if (away < least) [least, best] = [away, l];
  }
  return best;
}

/** Fit nodes into the window, with room for their labels; null takes all that are shown. */
function fit(nodes = null) {
  const { clientWidth: width, clientHeight: height } = network.canvas.frame;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const n of nodes ?? byImportance) {
    if (!scene.shown[n]) continue;
    const [x, y] = placeOf(n);
    [left, right, top, bottom] = [Math.min(left, x - radii[n]), Math.max(right, x + radii[n]), Math.min(top, y - radii[n]), Math.max(bottom, y + radii[n])];
  }
  if (left > right) return;
  const room = Math.min(60, width / 10);
  const scale = Math.min((width - 2 * room) / (right - left), (height - 2 * Math.min(40, height / 10)) / (bottom - top), nodes ? 3 * wholeScale : Infinity);
  if (!nodes) wholeScale = scale;
  moveTo((left + right) / 2, (top + bottom) / 2, scale);
}

let wholeScale = Infinity; // at which all that is shown fits the window

function inView(n) {
  const [x, y] = placeOf(n);
  const [left, top, right, bottom] = view();
  return x > left && x < right && y > top && y < (narrow.matches && !panel.hidden ? (top + bottom) / 2 : bottom);
}

/** Bring a node to the middle, with its strongest neighbours in view if they are not far. */
function centre(n) {
  const [x, y] = placeOf(n);
  const nearest = neighbours[n].filter(([, l]) => scene.linkShown[l]).sort(byStrength).slice(0, 8).map(([other]) => placeOf(other));
  const across = Math.max(1, ...nearest.map(([ox]) => Math.abs(ox - x)));
  const down = Math.max(1, ...nearest.map(([, oy]) => Math.abs(oy - y)));
  const { clientWidth: width, clientHeight: height } = network.canvas.frame;
  const scale = Math.min((width / 2 - 60) / across, (height / 2 - 40) / down);
  moveTo(x, y, Math.min(4 * wholeScale, Math.max(1.2 * wholeScale, scale)));
}

let glide = null; // the running move: where it goes and where its last step left the picture

function viewNow() {
  const { x, y } = network.getViewPosition();
  return { x, y, scale: network.getScale() };
}

/** Whether a move runs, and no hand, wheel or script has moved the picture since its last step. */
function gliding() {
  return glide !== null && Object.entries(viewNow()).every(([name, value]) => value === glide.left[name]);
}

/** What is in view, or will be when the running move ends: the middle and the scale. */
function viewSoon() {
  return gliding() ? glide.to : viewNow();
}

function jump(x, y, scale) {
  cancelAnimationFrame(glide?.frame);
  glide = null;
  network.moveTo({ position: { x, y }, scale, animation: false });
}

/** Move the picture, beside what lies over it; at once where motion is not wanted or would stutter. vis-network's own moves leave the view locked if a second begins before the first has drawn. */
function moveTo(x, y, scale) {
  const covered = narrow.matches && !panel.hidden ? panel.offsetHeight : 0;
  const to = { x, y: y + covered / 2 / scale, scale };
  if (still || N > 3000 || recalling) jump(to.x, to.y, to.scale);
  else {
    cancelAnimationFrame(glide?.frame);
    glide = { from: viewNow(), to, began: performance.now(), left: viewNow(), frame: requestAnimationFrame(glideOn) };
  }
}

const GLIDE = 250; // milliseconds

function glideOn() {
  if (!gliding()) {
    glide = null;
    return;
  }
  const { from, to, began } = glide;
  const done = Math.min(1, Math.max(0, performance.now() - began) / GLIDE);
  const along = done * done * (3 - 2 * done);
  const [x, y, scale] = ["x", "y", "scale"].map((name) => from[name] + (to[name] - from[name]) * along);
  network.moveTo({ position: { x, y }, scale, animation: false });
  glide.left = viewNow();
  if (done < 1) glide.frame = requestAnimationFrame(glideOn);
  else glide = null;
}

let rest = 0;
function stir() {
  scene.moving = true;
  clearTimeout(rest);
  rest = setTimeout(() => {
    scene.moving = false;
    network.redraw();
  }, 160);
}
for (const event of ["dragging", "zoom"]) network.on(event, stir);
