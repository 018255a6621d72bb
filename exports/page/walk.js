// Walking: the surroundings of a node alone, paths between two nodes, dragging, lasso, keys in the picture.

import { act } from "./actions.js";
import { centre, fit, viewSoon, jump, zoomBy } from "./camera.js";
import { nodes, typeOf } from "./data.js";
import { button, make, part, plural, say } from "./dom.js";
import { addToPicture, applyFilters, linksOf, surroundings, takeFromPicture, walkable } from "./filters.js";
import { hover } from "./hover.js";
import { shortLabel } from "./labels.js";
import { panel, showPaths } from "./panel.js";
import { shortestPath, shortestPaths } from "./paths.js";
import { lineBetween, linkAt, moveNode, network, nodeAt, papersNow, scene, stage, xs, ys } from "./scene.js";
import { surround } from "./layout.js";

network.canvas.frame.tabIndex = -1; // the stage around it takes the keys

const MOST_AROUND = 40; // neighbours that are brought into the picture
let kept = null; // where nodes were before the surroundings were laid out anew, and who came for them

/** Put nodes back where they were, and take out who came. */
export function leaveSurroundings() {
  if (!kept) return;
  for (const [n, x, y] of kept.places) moveNode(n, x, y);
  takeFromPicture(kept.came.filter((n) => n !== scene.chosen));
  kept = null;
}

/** Show a node and what is one or two steps away, alone and laid out anew; -1 shows everything again. */
export function showSurroundings(n, steps = 1) {
  leaveSurroundings();
  surroundings.node = n;
  surroundings.steps = steps;
  if (n >= 0) {
    const strongest = linksOf(n).sort((a, b) => b.papers - a.papers || a.node - b.node).slice(0, MOST_AROUND).map(({ node }) => node);
    const came = addToPicture([n, ...strongest]);
    kept = { places: [], came };
  }
  applyFilters();
  if (n >= 0) layOut(n);
  fit();
  if (n >= 0) say(`${nodes.label[n]} and ${plural(scene.drawn.filter((m) => scene.shown[m]).length - 1, "node")} around it.`);
}

const MOST_LAID_OUT = 300;

function layOut(n) {
  const shown = scene.drawn.filter((m) => scene.shown[m]);
  if (shown.length > MOST_LAID_OUT) return;
  kept.places = shown.map((other) => [other, xs[other], ys[other]]);
  const links = scene.lines.map((l) => [scene.links.sources[l], scene.links.targets[l], scene.links.papers[l]]);
  for (const [m, x, y] of surround(n, kept.places, links)) moveNode(m, x, y);
}

export const walk = { from: -1 }; // a path from here waits for its end
let paths = null; // what is shown: {from, to, found}

export function startPath(n) {
  walk.from = n;
  showScope();
  const box = part("search");
  box.value = "";
  box.focus();
  say(`Path from ${shortLabel(n)}: find or click its other end.`);
}

/** The nodes of a shortest path over all links under the filters; [] if there is none. */
export function pathBetween(from, to) {
  return shortestPath(from, to, walkable());
}

export function choosePath(from, to) {
  walk.from = -1;
  const path = pathBetween(from, to);
  paths = { from, to, found: path.length ? [path] : [] };
  showPath(0);
}

/** Show one of the paths that were found, in the picture and in the panel. */
export function showPath(k) {
  const { from, to, found } = paths;
  const path = found[k] ?? [from, to];
  act.clear();
  addToPicture(path);
  applyFilters();
  Object.assign(scene, { ends: [from, to], lit: new Set(path.slice(1).map((n, place) => linePlace(path[place], n)).filter((l) => l >= 0)), near: new Set(path) });
  for (const n of path) scene.shown[n] = 1;
  showPaths(from, to, found, k);
  fit(path);
  showScope();
  network.redraw();
  act.remember(true);
}

/** The place of a link among all of the picture, shown or not. */
function linePlace(a, b) {
  const shown = lineBetween(a, b);
  if (shown >= 0) return shown;
  const { sources, targets } = scene.links;
  const [one, other] = [Math.min(a, b), Math.max(a, b)];
  for (let l = 0; l < sources.length; l++) if (sources[l] === one && targets[l] === other) return l;
  return -1;
}

const MOST_PATHS = 6;

export function morePaths() {
  const { links, open } = walkable();
  const known = new Map();
  const once = (n) => {
    if (!known.has(n)) known.set(n, links(n));
    return known.get(n);
  };
  paths.found = shortestPaths(paths.from, paths.to, { links: once, open, neighbours: (n) => once(n).map(({ node }) => node) }, MOST_PATHS);
  showPath(0);
}

/** Say above the picture what it is narrowed to, with the way out. */
export function showScope() {
  const bar = part("scope");
  bar.hidden = walk.from < 0 && surroundings.node < 0;
  if (walk.from >= 0) {
    bar.replaceChildren(make("span", {}, `Path from ${shortLabel(walk.from)}: find or click its other end.`), button("Cancel", () => { walk.from = -1; showScope(); }));
  } else if (surroundings.node >= 0) {
    const { node, steps } = surroundings;
    bar.replaceChildren(
      make("span", {}, `Only ${shortLabel(node)} and what is ${steps === 1 ? "one step" : "up to two steps"} away.`),
      button(steps === 1 ? "Two steps" : "One step", () => showSurroundings(node, 3 - steps)),
      button("Show all", () => showSurroundings(-1)),
    );
  }
}

/** Drag a node: the hand holds it where it took it; beside a node, dragging moves the picture, with Shift it draws a lasso. */
let dragged = -1;
let grip = [0, 0];
network.on("dragStart", ({ pointer, event }) => {
  const lasso = event.srcEvent?.shiftKey;
  dragged = lasso ? -1 : nodeAt(pointer.canvas);
  network.setOptions({ interaction: { dragView: dragged < 0 && !lasso } });
  if (lasso) act.startLasso(pointer.canvas);
  if (dragged >= 0) grip = [xs[dragged] - pointer.canvas.x, ys[dragged] - pointer.canvas.y];
});
stage.addEventListener("pointermove", (event) => {
  const frame = stage.getBoundingClientRect();
  const { x, y } = network.DOMtoCanvas({ x: event.clientX - frame.x, y: event.clientY - frame.y });
  if (act.lassoing()) act.drawLasso({ x, y });
  else if (dragged >= 0) moveNode(dragged, x + grip[0], y + grip[1]);
  else if (!event.buttons) {
    const n = nodeAt({ x, y });
    hover(n);
    stage.style.cursor = n >= 0 || (scene.lines.length <= 10000 && linkAt({ x, y }) >= 0) ? "pointer" : "";
    stage.title = n >= 0 ? `${nodes.label[n].slice(0, 200)}: ${typeOf(n)}, ${plural(papersNow(n), "paper")}` : "";
  }
});
network.on("dragEnd", () => {
  dragged = -1;
  if (act.lassoing()) act.endLasso();
  network.setOptions({ interaction: { dragView: true } });
});

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The shown node that lies best in a direction: among those linked with the chosen one, or the most important if none is chosen. */
function towards([dx, dy]) {
  if (scene.chosen < 0) return scene.drawn.find((n) => scene.shown[n]) ?? -1;
  let best = -1;
  let least = Infinity;
  for (const [n] of scene.adjacent.get(scene.chosen) ?? []) {
    if (!scene.shown[n]) continue;
    const [x, y] = [xs[n] - xs[scene.chosen], ys[n] - ys[scene.chosen]];
    const [ahead, aside] = [x * dx + y * dy, Math.abs(x * dy) + Math.abs(y * dx)];
    const far = ahead > 0 ? ahead + 2 * aside : Infinity;
    if (far < least) [least, best] = [far, n];
  }
  return best;
}

function arrow(direction, shift) {
  if (shift) {
    const { x, y, scale } = viewSoon();
    scene.moved = true;
    jump(x + (direction[0] * 60) / scale, y + (direction[1] * 60) / scale, scale);
    act.remember();
    return;
  }
  const n = towards(direction);
  if (n < 0) return;
  act.choose(n, true);
  say(`${nodes.label[n]}: ${typeOf(n)}, ${plural(papersNow(n), "paper")}, linked with ${plural((scene.adjacent.get(n) ?? []).length, "node")} here.`);
}

const KEYS = {
  "+": () => zoomBy(1.3),
  "=": () => zoomBy(1.3),
  "-": () => zoomBy(1 / 1.3),
  0: () => fit(),
};
const ON_NODE = {
  Enter: () => panel.querySelector("h2").focus(),
  s: (n) => showSurroundings(n),
  p: (n) => startPath(n),
  x: (n) => act.toggleSelected(n),
};

stage.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (ARROWS[event.key]) arrow(ARROWS[event.key], event.shiftKey);
  else if (KEYS[event.key]) KEYS[event.key]();
  else if (ON_NODE[event.key] && scene.chosen >= 0) ON_NODE[event.key](scene.chosen);
  else return;
  event.preventDefault();
});

Object.assign(act, { leaveSurroundings, showSurroundings, startPath, choosePath, showPath, morePaths, centre });
