// Drawing: the regions of communities, links, nodes and labels, only what is in view; for the window, for a PNG and for an SVG.
"use strict";

const SHAPES = { method: "dot", dataset: "square", benchmark: "triangle", task: "diamond", metric: "star" };
const shapes = graph.nodes.type.map((type) => SHAPES[type] ?? "dot");
const SMALL = 3.5; // pixels: up to this radius nodes that look alike are drawn in one go
const MOST_MOVING = 1500; // links while the picture moves
const ROOM = 8000; // square pixels of the window for each label
const MOST_LABELS = 300;
const FONT = getComputedStyle(document.body).fontFamily;

/** Draw all that lies in a frame, in the units of the picture. */
function paint(context, frame) {
  paintRegions(context, frame);
  paintLinks(context, frame);
  paintNodes(context, frame);
  paintLabels(context, placeLabels(context, frame, scene.moving ? 25 : mostLabels(frame)), frame.scale);
}

network.on("beforeDrawing", (context) => paint(context, frameNow()));

/** Draw the outline of a shape; a square is as large to the eye as a disc. */
function trace(context, shape, x, y, r) {
  if (shape === "square") context.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  else if (shape === "dot") {
    context.moveTo(x + r, y);
    context.arc(x, y, r, 0, 2 * Math.PI);
  } else {
    const corners = shape === "triangle" ? 3 : shape === "diamond" ? 4 : 8;
    for (let c = 0; c < corners; c++) {
      const angle = (c / corners) * 2 * Math.PI - Math.PI / 2;
      const corner = shape === "star" && c % 2 ? r * 0.5 : r * 1.2;
      context[c ? "lineTo" : "moveTo"](x + corner * Math.cos(angle), y + corner * Math.sin(angle));
    }
    context.closePath();
  }
}

function isFaded(n) {
  return scene.near !== null && !scene.near.has(n);
}

function paintNodes(context, { left, top, right, bottom, scale }) {
  const alike = new Map(); // small nodes by look: the nodes
  const large = [];
  for (let place = N - 1; place >= 0; place--) {
    const n = byImportance[place];
    if (!scene.shown[n]) continue;
    const r = radiusOf(n, scale);
    if (xs[n] + r < left || xs[n] - r > right || ys[n] + r < top || ys[n] - r > bottom) continue;
    if (r * scale > SMALL || n === scene.chosen) large.push(n);
    else {
      const look = looks[n] * (isFaded(n) ? -1 : 1);
      if (alike.has(look)) alike.get(look).push(n);
      else alike.set(look, [n]);
    }
  }
  for (const nodes of alike.values()) {
    context.beginPath();
    for (const n of nodes) {
      const r = radiusOf(n, scale);
      trace(context, r * scale < 1.5 ? "square" : shapes[n], xs[n], ys[n], r);
    }
    context.globalAlpha = isFaded(nodes[0]) ? 0.25 : 1;
    context.fillStyle = paints[nodes[0]];
    context.fill();
  }
  context.strokeStyle = inks.ground;
  for (const n of large) {
    context.globalAlpha = isFaded(n) ? 0.25 : 1;
    context.fillStyle = paints[n];
    context.beginPath();
    trace(context, shapes[n], xs[n], ys[n], radiusOf(n, scale));
    context.fill();
    context.lineWidth = 1.2 / scale;
    context.stroke();
  }
  context.globalAlpha = 1;
  if (scene.chosen >= 0 && scene.shown[scene.chosen]) paintRing(context, scene.chosen, scale);
}

function paintRing(context, n, scale) {
  context.beginPath();
  trace(context, shapes[n], xs[n], ys[n], radiusOf(n, scale) + 3 / scale);
  context.strokeStyle = inks.accent;
  context.lineWidth = 2.5 / scale;
  context.stroke();
}

/** From 1 to 4 by weight. */
const levels = Uint8Array.from(graph.links.papers, (papers) => Math.ceil((4 * Math.log1p(papers)) / Math.log1p(heaviest)));

/** Whether a link belongs to what is chosen: a path, a link, or the links of a node. */
function isLit(l, a, b) {
  if (scene.path.size) return scene.path.has(l);
  return l === scene.chosenLink || (scene.chosen >= 0 && (a === scene.chosen || b === scene.chosen));
}

const FADED = 0;
const LIT = 10;
const ACROSS = 20; // between communities
const WITHIN = 30; // and ten more for each community

/** How a link looks, as a number: links that look alike have the same. */
function linkLook(l, a, b) {
  if (isLit(l, a, b)) return LIT + levels[l];
  if (scene.near !== null) return FADED;
  const community = graph.nodes.community[a];
  if (community !== graph.nodes.community[b]) return ACROSS + levels[l];
  return WITHIN + levels[l] + (scene.colourBy === "community" ? 10 * Math.min(community, HUES.length) : 0);
}

/** Ink, opacity and width in pixels of links that look so. */
function linkInk(look) {
  const level = look % 10;
  const width = 0.3 + 0.65 * level;
  if (look === FADED) return [inks.link, 0.06, 0.8];
  if (look < ACROSS) return [inks.accent, 0.75, width + 0.5];
  const alpha = (scene.crowded ? 0.14 : 0.24) + 0.13 * level;
  if (look < WITHIN) return [inks.link, alpha * 0.6, width];
  return [scene.colourBy === "community" ? communityColour((look - level - WITHIN) / 10) : inks.link, alpha, width];
}

/** Call with each link to draw, the strongest first: shown or chosen, an end of it in the frame; one that only passes through tells nothing there. */
function linksIn({ left, top, right, bottom }, most, each) {
  const isIn = (n) => xs[n] + radii[n] > left && xs[n] - radii[n] < right && ys[n] + radii[n] > top && ys[n] - radii[n] < bottom;
  let drawn = 0;
  for (const l of linksByWeight) {
    if (!scene.linkShown[l] && l !== scene.chosenLink && !scene.path.has(l)) continue;
    const [a, b] = [graph.sources[l], graph.targets[l]];
    if (!isIn(a) && !isIn(b)) continue;
    each(l, a, b);
    drawn += 1;
    if (drawn >= most) return;
  }
}

/** Links under the nodes, the strongest over the others; while the picture moves only the strongest, and thin. */
function paintLinks(context, frame) {
  const alike = new Map(); // by look: the links
  linksIn(frame, scene.moving ? MOST_MOVING : Infinity, (l, a, b) => {
    const look = linkLook(l, a, b);
    if (alike.has(look)) alike.get(look).push(l);
    else alike.set(look, [l]);
  });
  for (const [look, links] of [...alike].reverse()) {
    const [ink, alpha, width] = linkInk(look);
    context.strokeStyle = ink;
    context.globalAlpha = alpha;
    context.lineWidth = (scene.moving ? Math.min(1, width) : width) / frame.scale;
    strokeLinks(context, links, scene.moving || width <= 1 ? links.length : 1);
  }
  context.globalAlpha = 1;
}

/** Stroke links, so many in one go: thousands of lines in one go are fast up to a width of one pixel, and several times slower than one by one beyond. */
function strokeLinks(context, links, many) {
  for (let first = 0; first < links.length; first += many) {
    context.beginPath();
    for (const l of links.slice(first, first + many)) {
      context.moveTo(xs[graph.sources[l]], ys[graph.sources[l]]);
      context.lineTo(xs[graph.targets[l]], ys[graph.targets[l]]);
    }
    context.stroke();
  }
}

const MOST_REGIONS = 24;
const LEAST_REGION = 5; // nodes

/** The corners of the convex hull of nodes, in order. */
function hullOf(nodes) {
  const sorted = [...nodes].sort((a, b) => xs[a] - xs[b] || ys[a] - ys[b]);
  const turn = (o, a, b) => (xs[a] - xs[o]) * (ys[b] - ys[o]) - (ys[a] - ys[o]) * (xs[b] - xs[o]);
  const half = (list) => {
    const kept = [];
    for (const n of list) {
      while (kept.length > 1 && turn(kept.at(-2), kept.at(-1), n) <= 0) kept.pop();
      kept.push(n);
    }
    return kept.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

function isInside(hull, n) {
  let inside = true;
  for (let k = 0; k < hull.length && inside; k++) {
    const [a, b] = [hull[k], hull[(k + 1) % hull.length]];
    inside = (xs[b] - xs[a]) * (ys[n] - ys[a]) - (ys[b] - ys[a]) * (xs[n] - xs[a]) >= 0;
  }
  return inside;
}

/** The regions of the largest communities: [community, corners, outline]. Members far away are left outside; a region that holds many others is none. */
function findRegions() {
  const members = new Map();
  const shown = shownNodes();
  for (const n of shown) {
    const community = graph.nodes.community[n];
    if (members.has(community)) members.get(community).push(n);
    else members.set(community, [n]);
  }
  const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  return [...members].filter(([, nodes]) => nodes.length >= LEAST_REGION).sort((a, b) => b[1].length - a[1].length || a[0] - b[0]).slice(0, MOST_REGIONS).flatMap(([community, nodes]) => {
    const [x, y] = [middle(nodes.map((n) => xs[n])), middle(nodes.map((n) => ys[n]))];
    const away = (n) => Math.hypot(xs[n] - x, ys[n] - y);
    const far = 2.2 * middle(nodes.map(away));
    const hull = hullOf(nodes.filter((n) => away(n) <= far));
    const others = shown.filter((n) => graph.nodes.community[n] !== community && isInside(hull, n)).length;
    return hull.length > 2 && others < 0.25 * nodes.length ? [[community, hull, roundHull(hull)]] : [];
  });
}

/** The outline that keeps a distance from a hull, round at its corners. */
function roundHull(hull) {
  const path = new Path2D();
  const rim = regionEdge() / 2;
  const normal = (a, b) => Math.atan2(ys[b] - ys[a], xs[b] - xs[a]) - Math.PI / 2;
  hull.forEach((n, k) => path.arc(xs[n], ys[n], rim, normal(hull.at(k - 1), n), normal(n, hull[(k + 1) % hull.length])));
  path.closePath();
  return path;
}

/** Twice the distance between a region's outermost nodes and its rim, in the units of the picture. */
function regionEdge() {
  return 36 / wholeScale;
}

/** Pale regions behind the communities, with round corners. */
function paintRegions(context) {
  scene.regions ??= findRegions();
  for (const [community, , around] of scene.regions) {
    context.fillStyle = regionInk(community);
    context.fill(around);
  }
}

function regionInk(community) {
  if (scene.colourBy !== "community" || community >= HUES.length) return inks.region;
  return `hsl(${HUES[community]} ${dark() ? "30% 13%" : "60% 96%"})`;
}

const shortLabels = graph.nodes.label.map((label) => {
  const letters = Array.from(label.slice(0, 100));
  return letters.length > 42 ? `${letters.slice(0, 40).join("")}…` : label;
});
const widths = new Float64Array(N); // of labels at ten pixels, measured when first needed
const CELL = 6; // pixels
const FOREMOST = 12; // so many labels may cover nodes that matter less

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
  const [box, ground] = [element.getBoundingClientRect(), stage.getBoundingClientRect()];
  return cellsOf(box.x - ground.x, box.y - ground.y, box.width, box.height);
}

/** The size of a label in pixels. */
function labelSize(n) {
  return Math.round(22 + 14 * Math.sqrt(graph.nodes.papers[n] / graph.nodes.papers[byImportance[0]])) / 2;
}

function isBold(n) {
  return n === scene.chosen || labelSize(n) > 14.5;
}

function labelFont(n, size) {
  return `${isBold(n) ? "600 " : ""}${size}px ${FONT}`;
}

/** The width of a label in pixels. */
function labelWidth(context, n) {
  if (!widths[n]) {
    context.font = labelFont(n, 10);
    widths[n] = context.measureText(shortLabels[n]).width + 0.01;
  }
  return (widths[n] * labelSize(n)) / 10 + 6;
}

function mostLabels({ left, top, right, bottom, scale }) {
  return Math.min(MOST_LABELS, Math.ceil(((right - left) * (bottom - top) * scale * scale) / ROOM));
}

/** Nodes in the frame that may have a label, the most important first. */
function toLabel({ left, top, right, bottom }) {
  const first = scene.near ? [...scene.near].sort((a, b) => (b === scene.chosen) - (a === scene.chosen) || graph.nodes.papers[b] - graph.nodes.papers[a] || a - b) : byImportance;
  const found = [];
  for (const n of first) {
    if (scene.shown[n] && xs[n] > left && xs[n] < right && ys[n] > top && ys[n] < bottom) found.push(n);
    if (found.length >= 8 * MOST_LABELS) break;
  }
  return found;
}

/** Where a label may stand, best first: under its node, above, right, left; as the middle of its upper edge. */
function spotsOf(n, x, r, width, size) {
  return [[x, ys[n] + r], [x, ys[n] - r - size], [xs[n] + r + width / 2, ys[n] - size / 2], [xs[n] - r - width / 2, ys[n] - size / 2]];
}

/** Place labels beside their nodes, none over another or over a large node that matters more, the most important first: [node, x, y, size in pixels], x and y in the units of the picture. */
function placeLabels(context, frame, most) {
  const { left, top, right, scale } = frame;
  const discs = new Map(); // cell: whose, by rank
  const labels = new Set(cellsUnder(part("legend")));
  const placed = [];
  const order = toLabel(frame);
  order.slice(0, 150).forEach((n, rank) => {
    const r = radiusOf(n, scale) * scale * 0.8;
    if (r > 5) for (const cell of cellsOf((xs[n] - left) * scale - r, (ys[n] - top) * scale - r, 2 * r, 2 * r)) if (!discs.has(cell)) discs.set(cell, rank);
  });
  for (const [rank, n] of order.entries()) {
    if (placed.length >= most) break;
    const size = labelSize(n);
    const r = radiusOf(n, scale) + 2 / scale;
    const width = labelWidth(context, n);
    const inside = Math.max(left + width / 2 / scale, Math.min(xs[n], right - width / 2 / scale));
    const blocks = (cell) => labels.has(cell) || (discs.has(cell) && (rank < FOREMOST ? discs.get(cell) < rank : discs.get(cell) !== rank));
    for (const [x, y] of spotsOf(n, inside, r, width / scale, size / scale)) {
      if (Math.abs(2 * x - left - right) * scale > (right - left) * scale - width + 1) continue; // it would leave the window
      const cells = cellsOf((x - left) * scale - width / 2, (y - top) * scale, width, size);
      if (n !== scene.chosen && cells.some(blocks)) continue;
      for (const cell of cells) labels.add(cell);
      placed.push([n, x, y, size]);
      break;
    }
  }
  return placed;
}

function labelInk(n) {
  return isBold(n) || scene.near ? inks.text : inks.soft;
}

/** Labels over the nodes, in pixels of the window: so letters once drawn serve at every scale. */
function paintLabels(context, labels, scale) {
  const { a, e, f } = context.getTransform();
  context.setTransform(a / scale, 0, 0, a / scale, e, f);
  context.textAlign = "center";
  context.textBaseline = "top";
  context.lineJoin = "round";
  context.strokeStyle = inks.ground;
  context.lineWidth = 3;
  for (const [n, x, y, size] of labels) {
    context.font = labelFont(n, size);
    context.strokeText(shortLabels[n], x * scale, y * scale);
    context.fillStyle = labelInk(n);
    context.fillText(shortLabels[n], x * scale, y * scale);
  }
  context.setTransform(a, 0, 0, a, e, f);
}
