// Several nodes: chosen with Ctrl or a lasso, compared in the panel.

import { act } from "./actions.js";
import { nodes } from "./data.js";
import { say } from "./dom.js";
import { addToPicture, applyFilters } from "./filters.js";
import { overPicture } from "./hover.js";
import { sharedNeighbours, showSelected } from "./panel.js";
import { inks, lineBetween, network, scene, xs, ys } from "./scene.js";

const MOST_SELECTED = 50;

/** Add a node to the selection, or take it out. */
export function toggleSelected(n) {
  const before = scene.selected.length ? scene.selected : scene.chosen >= 0 && scene.chosen !== n ? [scene.chosen] : [];
  select(before.includes(n) ? before.filter((other) => other !== n) : [...before, n]);
}

/** Select some nodes: their panel tells what they share. */
export function select(some) {
  if (some.length < 2 && !some.length) {
    act.choose(-1);
    return;
  }
  act.clear();
  const wanted = some.slice(0, MOST_SELECTED);
  if (addToPicture(wanted).length) applyFilters();
  const shared = sharedNeighbours(wanted).map(({ node }) => node);
  const near = new Set([...wanted, ...shared]);
  Object.assign(scene, { selected: wanted, near, lit: new Set(wanted.flatMap((n) => [...wanted, ...shared].map((other) => lineBetween(n, other))).filter((l) => l >= 0)) });
  act.ready(showSelected(wanted));
  say(`${wanted.map((n) => nodes.label[n]).join(", ")} selected.`);
  network.redraw();
  act.remember(true);
}

let lasso = null; // its corners, while it is drawn

function isInside(corners, x, y) {
  let inside = false;
  corners.forEach(([x1, y1], k) => {
    const [x2, y2] = corners.at(k - 1);
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  });
  return inside;
}

Object.assign(act, {
  toggleSelected,
  clearSelected: () => act.choose(-1),
  lassoing: () => lasso !== null,
  startLasso: ({ x, y }) => { lasso = [[x, y]]; },
  drawLasso: ({ x, y }) => {
    lasso.push([x, y]);
    const { context, frame } = overPicture();
    context.strokeStyle = inks.accent;
    context.lineWidth = 2 / frame.scale;
    context.setLineDash([6 / frame.scale, 4 / frame.scale]);
    context.beginPath();
    lasso.forEach(([a, b], k) => context[k ? "lineTo" : "moveTo"](a, b));
    context.closePath();
    context.stroke();
  },
  endLasso: () => {
    const corners = lasso;
    lasso = null;
    overPicture();
    select(scene.drawn.filter((n) => scene.shown[n] && isInside(corners, xs[n], ys[n])));
  },
});
