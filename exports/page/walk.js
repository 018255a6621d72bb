// Walking: the surroundings of a node alone, the path between two nodes, dragging, keys in the picture.
"use strict";

const stage = document.getElementById("scene");
network.canvas.frame.tabIndex = -1; // the stage around it takes the keys

/** Show a node and what is one or two steps away, alone; -1 shows everything again. */
function showSurroundings(n, steps = 1) {
  surroundings.node = n;
  surroundings.steps = steps;
  applyFilters();
  fit();
  if (n >= 0) say(`${graph.nodes.label[n]} and ${plural(part("list").tBodies[0].rows.length - 1, "node")} around it.`);
}

let pathFrom = -1; // a path from here waits for its end

function startPath(n) {
  pathFrom = n;
  showScope();
  box.value = "";
  box.focus();
  say(`Path from ${graph.nodes.label[n]}: find or click its other end.`);
}

/** The links of a shortest path, of those the one with the strongest links; null if there is none. */
function findPath(from, to, linkPasses) {
  let layer = new Map([[from, [0, []]]]); // node: [weakness, links]
  const seen = new Set([from]);
  while (layer.size && !layer.has(to)) {
    const next = new Map();
    for (const [n, [weakness, links]] of layer) {
      for (const [other, l] of neighbours[n]) {
        if (seen.has(other) || !scene.shown[other] || !linkPasses(l)) continue;
        const sum = weakness + 1 / graph.links.papers[l];
        if (!next.has(other) || sum < next.get(other)[0]) next.set(other, [sum, [...links, l]]);
      }
    }
    for (const n of next.keys()) seen.add(n);
    layer = next;
  }
  return layer.get(to)?.[1] ?? null;
}

function choosePath(from, to) {
  pathFrom = -1;
  const links = findPath(from, to, (l) => scene.linkShown[l]) ?? findPath(from, to, () => true) ?? [];
  const nodes = [from];
  for (const l of links) nodes.push(graph.sources[l] === nodes.at(-1) ? graph.targets[l] : graph.sources[l]);
  Object.assign(scene, { chosen: -1, chosenLink: -1, ends: [from, to], path: new Set(links), trends: false });
  showPath(nodes, links);
  fit(nodes);
  refreshNear();
  showScope();
  network.redraw();
  remember(true);
}

/** Say above the picture what it is narrowed to, with the way out. */
function showScope() {
  const bar = part("scope");
  const button = (text, act) => make("button", { type: "button", onclick: act }, text);
  bar.hidden = pathFrom < 0 && surroundings.node < 0;
  if (pathFrom >= 0) {
    bar.replaceChildren(make("span", {}, `Path from ${shortLabels[pathFrom]}: find or click its other end.`), button("Cancel", () => { pathFrom = -1; showScope(); }));
  } else if (surroundings.node >= 0) {
    const { node, steps } = surroundings;
    bar.replaceChildren(
      make("span", {}, `Only ${shortLabels[node]} and what is ${steps === 1 ? "one step" : "up to two steps"} away.`),
      button(steps === 1 ? "Two steps" : "One step", () => showSurroundings(node, 3 - steps)),
      button("Show all", () => showSurroundings(-1)),
    );
  }
}

/** Drag a node: the hand holds it where it took it; beside a node, dragging moves the picture. */
let dragged = -1;
let grip = [0, 0];
network.on("dragStart", ({ pointer }) => {
  dragged = nodeAt(pointer.canvas);
  network.setOptions({ interaction: { dragView: dragged < 0 } });
  if (dragged < 0) return;
  grip = [xs[dragged] - pointer.canvas.x, ys[dragged] - pointer.canvas.y];
});
stage.addEventListener("pointermove", (event) => {
  const frame = stage.getBoundingClientRect();
  const { x, y } = network.DOMtoCanvas({ x: event.clientX - frame.x, y: event.clientY - frame.y });
  if (dragged >= 0) moveNode(dragged, x + grip[0], y + grip[1]);
  else if (!event.buttons) {
    const n = nodeAt({ x, y });
    hover(n);
    stage.style.cursor = n >= 0 || (N <= 3000 && linkAt({ x, y }) >= 0) ? "pointer" : "";
    stage.title = n >= 0 ? `${graph.nodes.label[n].slice(0, 200)}: ${typeOf(n)}, ${plural(graph.nodes.papers[n], "paper")}` : "";
  }
});
network.on("dragEnd", () => {
  dragged = -1;
  network.setOptions({ interaction: { dragView: true } });
});

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The shown node that lies best in a direction: among those linked with the chosen one, or all if none is chosen. */
function towards([dx, dy]) {
  if (scene.chosen < 0) return byImportance.find((n) => scene.shown[n]) ?? -1;
  let best = -1;
  let least = Infinity;
  for (const [n, l] of neighbours[scene.chosen]) {
    if (!scene.shown[n] || !scene.linkShown[l]) continue;
    const [x, y] = [xs[n] - xs[scene.chosen], ys[n] - ys[scene.chosen]];
    const [ahead, aside] = [x * dx + y * dy, Math.abs(x * dy) + Math.abs(y * dx)];
    const far = ahead > 0 ? ahead + 2 * aside : Infinity;
    if (far < least) [least, best] = [far, n];
  }
  return best;
}

function zoomBy(factor) {
  const { x, y, scale } = viewSoon();
  jump(x, y, scale * factor);
  remember();
}

stage.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = ARROWS[event.key];
  if (arrow && event.shiftKey) {
    const { x, y, scale } = viewSoon();
    jump(x + (arrow[0] * 60) / scale, y + (arrow[1] * 60) / scale, scale);
    remember();
  } else if (arrow) {
    const n = towards(arrow);
    if (n >= 0) choose(n, true);
  } else if (event.key === "Enter" && scene.chosen >= 0) panel.querySelector("h2").focus();
  else if (event.key === "+" || event.key === "=") zoomBy(1.3);
  else if (event.key === "-") zoomBy(1 / 1.3);
  else if (event.key === "0") fit();
  else if (event.key === "s" && scene.chosen >= 0) showSurroundings(scene.chosen);
  else if (event.key === "p" && scene.chosen >= 0) startPath(scene.chosen);
  else return;
  event.preventDefault();
});
