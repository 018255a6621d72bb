// What the pointer is at, in the picture or beside it: marked with its links and its name on a canvas over the picture.

import { numberOf } from "./data.js";
import { paintRing } from "./draw.js";
import { labelSize, paintLabels, shortLabel } from "./labels.js";
import { frameNow, inks, network, radiusOf, scene, stage, xs, ys } from "./scene.js";

const over = document.getElementById("over");
export const hovered = { node: -1 };

export function hover(n) {
  if (n === hovered.node) return;
  hovered.node = n;
  paintHover();
}

/** Wipe the canvas over the picture and set it to the picture's units; returns its context and the frame. */
export function overPicture() {
  const { clientWidth: width, clientHeight: height } = network.canvas.frame;
  const ratio = window.devicePixelRatio || 1;
  [over.width, over.height] = [width * ratio, height * ratio];
  const context = over.getContext("2d");
  const frame = frameNow();
  const { left, top, scale } = frame;
  context.setTransform(ratio * scale, 0, 0, ratio * scale, -left * scale * ratio, -top * scale * ratio);
  return { context, frame };
}

function paintHover() {
  const { context, frame } = overPicture();
  const n = hovered.node;
  if (n < 0 || !scene.shown[n]) return;
  const { scale } = frame;
  context.strokeStyle = inks.accent;
  context.globalAlpha = 0.6;
  context.lineWidth = 1.5 / scale;
  context.beginPath();
  for (const [other] of scene.adjacent.get(n) ?? []) {
    context.moveTo(xs[n], ys[n]);
    context.lineTo(xs[other], ys[other]);
  }
  context.stroke();
  context.globalAlpha = 1;
  paintRing(context, n, scale);
  paintLabels(context, [{ n, text: shortLabel(n), size: labelSize(n), bold: true, dx: 0, dy: radiusOf(n, scale) * scale + 2 }], frame);
}

network.on("afterDrawing", () => { if (hovered.node >= 0) paintHover(); });
/** The node that a part of the page beside the picture stands for; -1 if none. */
function pointedAt(target) {
  const { id, named } = target.closest?.("[data-id], [data-named]")?.dataset ?? {};
  return numberOf.get(id ?? named) ?? -1;
}

for (const event of ["pointerover", "focusin"]) {
  document.addEventListener(event, ({ target }) => { if (!stage.contains(target)) hover(pointedAt(target)); });
}
stage.addEventListener("pointerleave", () => hover(-1));
