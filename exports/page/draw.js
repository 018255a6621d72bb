// Drawing: the regions of communities, links and nodes, only what is in view; for the window, for a PNG and for an SVG.

import { nodes, typeOf } from "./data.js";
import { paintLabels, labelsOf } from "./labels.js";
import { paintRegions } from "./regions.js";
import { HUES, SHAPES, communityRank, frameNow, inks, lookOf, network, paintOf, radiusOf, rankColour, scene, sizeOf, xs, ys } from "./scene.js";

const SMALL = 3.5; // pixels: up to this radius nodes that look alike are drawn in one go
const MOST_MOVING = 1500; // links while the picture moves

/** Draw all that lies in a frame, in the units of the picture. */
export function paint(context, frame) {
  paintRegions(context);
  paintLinks(context, frame);
  paintNodes(context, frame);
  paintLabels(context, labelsOf(context, frame), frame);
}

network.on("beforeDrawing", (context) => paint(context, frameNow()));

export function shapeOf(n) {
  return SHAPES[typeOf(n)] ?? "dot";
}

/** Draw the outline of a shape; a square is as large to the eye as a disc. */
export function trace(context, shape, x, y, r) {
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

export function isFaded(n) {
  return scene.near !== null && !scene.near.has(n);
}

function paintNodes(context, { left, top, right, bottom, scale }) {
  const alike = new Map(); // small nodes by look: the nodes
  const large = [];
  for (let place = scene.drawn.length - 1; place >= 0; place--) {
    const n = scene.drawn[place];
    if (!scene.shown[n]) continue;
    const r = radiusOf(n, scale);
    if (xs[n] + r < left || xs[n] - r > right || ys[n] + r < top || ys[n] - r > bottom) continue;
    if (r * scale > SMALL || n === scene.chosen) large.push(n);
    else {
      const look = 2 * lookOf(n) + (isFaded(n) ? 1 : 0);
      if (alike.has(look)) alike.get(look).push(n);
      else alike.set(look, [n]);
    }
  }
  for (const some of alike.values()) {
    context.beginPath();
    for (const n of some) {
      const r = radiusOf(n, scale);
      trace(context, r * scale < 1.5 ? "square" : shapeOf(n), xs[n], ys[n], r);
    }
    context.globalAlpha = isFaded(some[0]) ? 0.2 : 1;
    context.fillStyle = paintOf(some[0]);
    context.fill();
  }
  context.strokeStyle = inks.ground;
  for (const n of large) {
    context.globalAlpha = isFaded(n) ? 0.2 : 1;
    context.fillStyle = paintOf(n);
    context.beginPath();
    trace(context, shapeOf(n), xs[n], ys[n], radiusOf(n, scale));
    context.fill();
    context.lineWidth = 1.2 / scale;
    context.stroke();
  }
  context.globalAlpha = 1;
  for (const n of scene.selected) if (scene.shown[n]) paintRing(context, n, scale);
  if (scene.chosen >= 0 && scene.shown[scene.chosen]) paintRing(context, scene.chosen, scale);
}

export function paintRing(context, n, scale) {
  context.beginPath();
  trace(context, shapeOf(n), xs[n], ys[n], radiusOf(n, scale) + 3 / scale);
  context.strokeStyle = inks.accent;
  context.lineWidth = 2.5 / scale;
  context.stroke();
}

/** From 1 to 4 by weight. */
function levelOf(l) {
  return Math.max(1, Math.ceil((4 * Math.log1p(scene.links.papers[l])) / Math.log1p(scene.links.papers[0])));
}

/** Whether a link belongs to what is chosen: a path, a link, or the links of a node. */
function isLit(l, a, b) {
  if (scene.lit.size) return scene.lit.has(l);
  if (scene.chosenLink) return scene.chosenLink.includes(a) && scene.chosenLink.includes(b);
  return scene.chosen >= 0 && (a === scene.chosen || b === scene.chosen);
}

const FADED = 0;
const LIT = 10;
const ACROSS = 20; // between communities
const WITHIN = 30; // and ten more for each community

/** How a link looks, as a number: links that look alike have the same. */
export function linkLook(l, a, b) {
  if (isLit(l, a, b)) return LIT + levelOf(l);
  if (scene.near !== null) return FADED;
  const community = nodes.community[a];
  if (community !== nodes.community[b]) return ACROSS + levelOf(l);
  return WITHIN + levelOf(l) + (scene.colourBy === "community" ? 10 * (1 + Math.min(communityRank(community), HUES)) : 0);
}

/** Ink, opacity and width in pixels of links that look so. */
export function linkInk(look) {
  const level = look % 10;
  const width = 0.3 + 0.65 * level;
  if (look === FADED) return [inks.link, 0.05, 0.8];
  if (look < ACROSS) return [inks.accent, 0.75, width + 0.5];
  const alpha = (scene.lines.length > 3000 ? 0.14 : 0.24) + 0.13 * level;
  if (look < WITHIN) return [inks.link, alpha * 0.6, width];
  const rank = Math.floor((look - WITHIN) / 10) - 1;
  return [rank < 0 ? inks.link : rankColour(rank), alpha, width];
}

/** Call with each link to draw, the strongest first: one end of it in the frame; one that only passes through tells nothing there. */
export function linksIn({ left, top, right, bottom }, most, each) {
  const { sources, targets } = scene.links;
  const isIn = (n) => xs[n] + sizeOf(n) > left && xs[n] - sizeOf(n) < right && ys[n] + sizeOf(n) > top && ys[n] - sizeOf(n) < bottom;
  let drawn = 0;
  for (const l of scene.lit.size ? [...scene.lines, ...scene.lit] : scene.lines) {
    const [a, b] = [sources[l], targets[l]];
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
  for (const [look, some] of [...alike].sort((x, y) => (y[0] % 10 === x[0] % 10 ? x[0] - y[0] : (x[0] % 10) - (y[0] % 10)))) {
    if (look >= LIT && look < ACROSS) continue;
    strokeAlike(context, frame, look, some);
  }
  for (const [look, some] of alike) if (look >= LIT && look < ACROSS) strokeAlike(context, frame, look, some);
  context.globalAlpha = 1;
}

function strokeAlike(context, { scale }, look, some) {
  const [ink, alpha, width] = linkInk(look);
  context.strokeStyle = ink;
  context.globalAlpha = alpha;
  context.lineWidth = (scene.moving ? Math.min(1, width) : width) / scale;
  strokeLinks(context, some, scene.moving || width <= 1 ? some.length : 1);
}

/** Stroke links, so many in one go: thousands of lines in one go are fast up to a width of one pixel, and several times slower than one by one beyond. */
function strokeLinks(context, some, many) {
  const { sources, targets } = scene.links;
  for (let first = 0; first < some.length; first += many) {
    context.beginPath();
    for (const l of some.slice(first, first + many)) {
      context.moveTo(xs[sources[l]], ys[sources[l]]);
      context.lineTo(xs[targets[l]], ys[targets[l]]);
    }
    context.stroke();
  }
}
