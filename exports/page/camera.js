// Where the picture is looked at from: fitting, centring, and moves that glide.
"use strict";

let wholeScale = Infinity; // at which all that is shown fits the window
let glide = null; // the running move: where it goes and where its last step left the picture
const GLIDE = 250; // milliseconds

/** Fit nodes into the window, with room for their labels; null takes all that are shown. */
function fit(nodes = null) {
  const { clientWidth: width, clientHeight: height } = network.canvas.frame;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const n of nodes ?? byImportance) {
    if (!scene.shown[n]) continue;
    [left, right, top, bottom] = [Math.min(left, xs[n] - radii[n]), Math.max(right, xs[n] + radii[n]), Math.min(top, ys[n] - radii[n]), Math.max(bottom, ys[n] + radii[n])];
  }
  if (left > right) return;
  const room = Math.min(60, width / 10);
  const beside = besideLegend(width, height);
  const scale = Math.min((width - beside - 2 * room) / (right - left), (height - 2 * Math.min(40, height / 10)) / (bottom - top), nodes ? 3 * wholeScale : Infinity);
  if (!nodes) [wholeScale, scene.regions] = [scale, null];
  moveTo((left + right) / 2 - beside / 2 / scale, (top + bottom) / 2, scale);
}

/** The width that a tall legend takes of a window with room beside it. */
function besideLegend(width, height) {
  const { offsetLeft, offsetWidth, offsetHeight } = part("legend");
  return offsetHeight > height / 4 && width - offsetLeft - offsetWidth > height ? offsetLeft + offsetWidth : 0;
}

function inView(n) {
  const { left, top, right, bottom } = frameNow();
  return xs[n] > left && xs[n] < right && ys[n] > top && ys[n] < (narrow.matches && !panel.hidden ? (top + bottom) / 2 : bottom);
}

/** Bring a node to the middle, with its strongest neighbours in view if they are not far. */
function centre(n) {
  const nearest = neighbours[n].filter(([, l]) => scene.linkShown[l]).sort(byStrength).slice(0, 8);
  const across = nearest.reduce((most, [other]) => Math.max(most, Math.abs(xs[other] - xs[n])), 1);
  const down = nearest.reduce((most, [other]) => Math.max(most, Math.abs(ys[other] - ys[n])), 1);
  const { clientWidth: width, clientHeight: height } = network.canvas.frame;
  const scale = Math.min((width / 2 - 60) / across, (height / 2 - 40) / down);
  moveTo(xs[n], ys[n], Math.min(4 * wholeScale, Math.max(1.2 * wholeScale, scale)));
}

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
