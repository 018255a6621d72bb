// Walking: the surroundings of a node alone, the path between two nodes, dragging, keys in the picture.
"use strict";

/** Drag a node: the hand holds it where it took it; beside a node, dragging moves the picture. */
let dragged = -1;
let grip = [0, 0];
network.on("dragStart", ({ pointer }) => {
  dragged = nodeAt(pointer.canvas);
  network.setOptions({ interaction: { dragView: dragged < 0 } });
  if (dragged < 0) return;
  const [x, y] = placeOf(dragged);
  grip = [x - pointer.canvas.x, y - pointer.canvas.y];
});
document.getElementById("scene").addEventListener("pointermove", (event) => {
  if (dragged < 0) return;
  const box = document.getElementById("scene").getBoundingClientRect();
  const { x, y } = network.DOMtoCanvas({ x: event.clientX - box.x, y: event.clientY - box.y });
  moveNode(dragged, x + grip[0], y + grip[1]);
});
network.on("dragEnd", () => {
  dragged = -1;
  network.setOptions({ interaction: { dragView: true } });
});
