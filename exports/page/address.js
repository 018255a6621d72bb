// The address holds what is chosen, shown and in view, so that a bookmark, "back" and "forward" bring it back, on another screen too.

import { act } from "./actions.js";
import { fit, jump, viewSoon } from "./camera.js";
import { nodes, numberOf } from "./data.js";
import { applyFilters, defaults, hiddenClusters, inputs, setDefaults, setValue, surroundings, valueIn } from "./filters.js";
import { colourBy, setTheme } from "./legend.js";
import { markOrder, order } from "./list.js";
import { network, scene, span, stretch } from "./scene.js";

let lastWritten = null;
let recalling = true; // until the address is read
let waiting = 0;
const boxesOff = (name) => [...document.querySelectorAll(`[data-kg="${name}"]:not(:checked)`)].map((box) => box.value);

/** How many pixels of the picture's whole width a unit of scale is: what is in view is kept, not the zoom, for windows differ. */
function widthInView(scale) {
  return network.canvas.frame.clientWidth / scale / stretch.x;
}

export function stateNow() {
  const state = new URLSearchParams();
  const pair = (some) => some.map((n) => nodes.ids[n]).join("\n");
  if (scene.chosen >= 0) state.set("node", nodes.ids[scene.chosen]);
  if (scene.chosenLink) state.set("link", pair(scene.chosenLink));
  if (scene.ends) state.set("path", pair(scene.ends));
  if (scene.selected.length) state.set("nodes", pair(scene.selected));
  if (scene.trends) state.set("trends", "1");
  if (surroundings.node >= 0) {
    state.set("around", nodes.ids[surroundings.node]);
    state.set("steps", surroundings.steps);
  }
  if (boxesOff("type").length) state.set("without", boxesOff("type").join(","));
  if (boxesOff("kind").length) state.set("without-kinds", boxesOff("kind").join(","));
  if (hiddenClusters.size) state.set("without-clusters", [...hiddenClusters].join(","));
  for (const [name, input] of Object.entries(inputs)) if (valueIn(input) !== defaults[name]) state.set(name, valueIn(input));
  if (scene.colourBy !== "community") state.set("colour", scene.colourBy);
  if (document.documentElement.dataset.theme) state.set("theme", document.documentElement.dataset.theme);
  if (order.column !== "papers" || order.direction !== -1) state.set("sort", `${order.column},${order.direction}`);
  const { x, y, scale } = viewSoon();
  if (scene.moved || scene.chosen >= 0 || scene.chosenLink) state.set("view", `${Math.round(x / stretch.x)},${Math.round(y / stretch.y)},${Number(widthInView(scale).toPrecision(4))}`);
  return state;
}

/** Write the state to the address, soon; `step` at once makes an entry that "back" returns to. */
export function remember(step = false) {
  clearTimeout(waiting);
  if (recalling) return;
  if (step) write(true);
  else waiting = setTimeout(write, 200);
}

function write(step = false) {
  const address = `#${stateNow()}`;
  if (address === lastWritten) return;
  lastWritten = address;
  try {
    history[step === true ? "pushState" : "replaceState"](null, "", address);
  } catch {
    // some browsers refuse it for files; the page works without
  }
}

/** Bring back what the address holds. */
export function recall() {
  recalling = true;
  lastWritten = location.hash;
  const state = new URLSearchParams(location.hash.slice(1));
  act.leaveSurroundings();
  setDefaults();
  for (const [name, key] of [["type", "without"], ["kind", "without-kinds"]]) {
    const off = (state.get(key) ?? "").split(",");
    for (const box of document.querySelectorAll(`[data-kg="${name}"]`)) box.checked = !off.includes(box.value);
  }
  for (const community of (state.get("without-clusters") ?? "").split(",").filter(Boolean)) hiddenClusters.add(Number(community));
  for (const [name, input] of Object.entries(inputs)) if (state.has(name)) setValue(input, state.get(name));
  if (["light", "dark"].includes(state.get("theme"))) setTheme(state.get("theme"));
  const [column, direction] = (state.get("sort") ?? "papers,-1").split(",");
  if (document.querySelector(`[data-sort="${CSS.escape(column)}"]`)) Object.assign(order, { column, direction: direction === "1" ? 1 : -1 });
  colourBy(state.get("colour"));
  markOrder();
  applyFilters();
  recallChoice(state);
  const around = numberOf.get(state.get("around"));
  if (around !== undefined) act.showSurroundings(around, state.get("steps") === "2" ? 2 : 1);
  const [x, y, width] = (state.get("view") ?? "").split(",").map(Number);
  if (width > 0 && Number.isFinite(x + y)) {
    scene.moved = true;
    jump(x * stretch.x, y * stretch.y, network.canvas.frame.clientWidth / width / stretch.x);
  } else if (around === undefined && !state.has("path")) fit();
  recalling = false;
}

function recallChoice(state) {
  const some = (name) => (state.get(name) ?? "").split("\n").map((id) => numberOf.get(id)).filter((n) => n !== undefined);
  const [link, ends, selected] = [some("link"), some("path"), some("nodes")];
  const node = numberOf.get(state.get("node"));
  if (node !== undefined) act.choose(node, !state.has("view"));
  else if (link.length === 2) act.chooseLink(...link);
  else if (ends.length === 2) act.choosePath(...ends);
  else if (selected.length) act.select(selected);
  else if (state.has("trends") && span) act.ready(act.showTrends());
  else act.choose(-1);
}

for (const event of ["dragEnd", "zoom"]) network.on(event, () => remember());
Object.assign(act, { remember, recalling: () => recalling });
