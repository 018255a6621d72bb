// What the pointer is at, in the picture or beside it: marked with its links and its name on a canvas over the picture.
"use strict";

const over = document.getElementById("over");
let hovered = -1;

function hover(n) {
  if (n === hovered) return;
  hovered = n;
  paintHover();
}

function paintHover() {
  const { clientWidth: width, clientHeight: height } = network.canvas.frame;
  const ratio = window.devicePixelRatio || 1;
  [over.width, over.height] = [width * ratio, height * ratio]; // also wipes it
  if (hovered < 0 || !scene.shown[hovered]) return;
  const context = over.getContext("2d");
  const { left, top, scale, right } = frameNow();
  context.setTransform(ratio * scale, 0, 0, ratio * scale, -left * scale * ratio, -top * scale * ratio);
  context.strokeStyle = inks.accent;
  context.globalAlpha = 0.6;
  context.lineWidth = 1.5 / scale;
  context.beginPath();
  for (const [other, l] of neighbours[hovered]) {
    if (!scene.linkShown[l]) continue;
    context.moveTo(xs[hovered], ys[hovered]);
    context.lineTo(xs[other], ys[other]);
  }
  context.stroke();
  context.globalAlpha = 1;
  paintRing(context, hovered, scale);
  const half = labelWidth(context, hovered) / 2 / scale;
  const x = Math.max(left + half, Math.min(xs[hovered], right - half));
  paintLabels(context, [[hovered, x, ys[hovered] + radiusOf(hovered, scale) + 2 / scale, labelSize(hovered)]], scale);
}

network.on("afterDrawing", () => { if (hovered >= 0) paintHover(); });
for (const event of ["pointerover", "focusin"]) {
  document.addEventListener(event, ({ target }) => { if (!stage.contains(target)) hover(numberOf.get(target.closest?.("[data-id]")?.dataset.id) ?? -1); });
}
stage.addEventListener("pointerleave", () => hover(-1));
