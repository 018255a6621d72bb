// Where the picture is looked at from: fitting, centring, and moves that glide.

import { act } from "./actions.js";
import { part } from "./dom.js";
import { frameNow, narrow, network, scene, sizeOf, stage, still, xs, ys } from "./scene.js";

let glide = null; // the running move: where it goes and where its last step left the picture
const GLIDE = 250; // milliseconds
export const overlaid = window.matchMedia("(max-width: 1200px)"); // panels lie over the map

/** The box of nodes with their discs; null if there is none. */
function boxOf(some) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const n of some) {
    const r = sizeOf(n);
    [left, right, top, bottom] = [Math.min(left, xs[n] - r), Math.max(right, xs[n] + r), Math.min(top, ys[n] - r), Math.max(bottom, ys[n] + r)];
  }
  return left > right ? null : { left, top, right, bottom };
}

/** What lies over the edges of the map, in pixels. */
function covered() {
  const edges = { left: 0, right: 0, bottom: 0 };
  if (narrow.matches) {
    const open = [part("panel"), document.getElementById("side")].find((element) => !element.hidden);
    edges.bottom = open ? Math.min(open.offsetHeight, stage.clientHeight * 0.6) : 0;
  } else if (overlaid.matches) {
    edges.right = part("panel").hidden ? 0 : Math.min(part("panel").offsetWidth, stage.clientWidth * 0.6);
    edges.left = document.getElementById("side").hidden ? 0 : Math.min(document.getElementById("side").offsetWidth, stage.clientWidth - edges.right - 100);
  }
  const legend = part("legend");
  const besides = legend.offsetLeft + legend.offsetWidth;
  if (!edges.left && !edges.bottom && legend.offsetHeight > stage.clientHeight / 4 && stage.clientWidth - edges.right - besides > 0.8 * stage.clientHeight) edges.left = besides;
  return edges;
}

/** Fit nodes into the window, with room for their labels; null takes all that are shown. */
export function fit(some = null) {
  const { clientWidth: width, clientHeight: height } = network.canvas.frame;
  const box = boxOf(some ?? scene.drawn.filter((n) => scene.shown[n]));
  if (!box || !width) return;
  const edges = covered();
  const [wide, high] = [width - edges.left - edges.right, height - edges.bottom];
  const [across, down] = [Math.min(60, wide / 10), Math.min(36, high / 10)];
  const scale = Math.min((wide - 2 * across) / (box.right - box.left), (high - 2 * down) / (box.bottom - box.top), some ? 3 * scene.whole : Infinity);
  if (!some) Object.assign(scene, { whole: scale, regions: null, moved: false });
  moveTo((box.left + box.right) / 2, (box.top + box.bottom) / 2, scale);
}

export function inView(n) {
  const { left, top, right, bottom, scale } = frameNow();
  const edges = covered();
  return xs[n] > left + edges.left / scale && xs[n] < right - edges.right / scale && ys[n] > top && ys[n] < bottom - edges.bottom / scale;
}

/** Bring a node to the middle, with its strongest neighbours in view if they are not far. */
export function centre(n) {
  const nearest = (scene.adjacent.get(n) ?? []).slice(0, 8);
  const across = nearest.reduce((most, [other]) => Math.max(most, Math.abs(xs[other] - xs[n])), 1);
  const down = nearest.reduce((most, [other]) => Math.max(most, Math.abs(ys[other] - ys[n])), 1);
  const { clientWidth: width, clientHeight: height } = network.canvas.frame;
  const scale = Math.min((width / 2 - 60) / across, (height / 2 - 40) / down);
  moveTo(xs[n], ys[n], Math.min(4 * scene.whole, Math.max(1.2 * scene.whole, scale)));
}

export function viewNow() {
  const { x, y } = network.getViewPosition();
  return { x, y, scale: network.getScale() };
}

/** Whether a move runs, and no hand, wheel or script has moved the picture since its last step. */
export function gliding() {
  return glide !== null && Object.entries(viewNow()).every(([name, value]) => value === glide.left[name]);
}

/** What is in view, or will be when the running move ends: the middle and the scale. */
export function viewSoon() {
  return gliding() ? glide.to : viewNow();
}

export function jump(x, y, scale) {
  cancelAnimationFrame(glide?.frame);
  glide = null;
  network.moveTo({ position: { x, y }, scale, animation: false });
}

/** Move the picture, beside what lies over it; at once where motion is not wanted or would stutter. vis-network's own moves leave the view locked if a second begins before the first has drawn. */
function moveTo(x, y, scale) {
  const edges = covered();
  const to = { x: x + (edges.right - edges.left) / 2 / scale, y: y + edges.bottom / 2 / scale, scale };
  if (still || scene.drawn.length > 3000 || act.recalling()) jump(to.x, to.y, to.scale);
  else {
    cancelAnimationFrame(glide?.frame);
    glide = { from: viewNow(), to, began: performance.now(), left: viewNow(), frame: requestAnimationFrame(glideOn) };
  }
}

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

/** Resolves when no move runs. */
export function settled() {
  return new Promise((resolve) => {
    const look = () => (glide ? requestAnimationFrame(look) : resolve());
    look();
  });
}

export function zoomBy(factor) {
  const { x, y, scale } = viewSoon();
  scene.moved = true;
  jump(x, y, scale * factor);
  act.remember();
}

/** The stage has another size now: what is in it stays where it was in the window, or is fitted anew if nobody has moved the picture. */
let corner = { x: 0, y: 0 };
export function resized() {
  act.fitLegend();
  const box = stage.getBoundingClientRect();
  const goal = gliding() ? glide.to : null;
  const scale = network.getScale();
  const origin = network.canvasToDOM({ x: 0, y: 0 });
  const before = { x: corner.x + origin.x, y: corner.y + origin.y };
  network.setSize("100%", "100%"); // vis-network scales what is in it
  network.moveTo({ scale, animation: false });
  corner = { x: box.x, y: box.y };
  scene.placed = null;
  if (!scene.moved && scene.chosen < 0 && !scene.chosenLink) {
    fit();
    return;
  }
  const after = network.canvasToDOM({ x: 0, y: 0 });
  const { x, y } = network.getViewPosition();
  if (goal) jump(goal.x, goal.y, goal.scale);
  else jump(x + (corner.x + after.x - before.x) / scale, y + (corner.y + after.y - before.y) / scale, scale);
}
