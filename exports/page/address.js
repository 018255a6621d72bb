// The address holds what is chosen, shown and in view, so that a bookmark, "back" and "forward" bring it back.
"use strict";

let lastWritten = null;
let recalling = true; // until the address is read

function stateNow() {
  const state = new URLSearchParams();
  const pair = (a, b) => `${graph.ids[a]}\n${graph.ids[b]}`;
  if (scene.chosen >= 0) state.set("node", graph.ids[scene.chosen]);
  if (scene.chosenLink >= 0) state.set("link", pair(graph.sources[scene.chosenLink], graph.targets[scene.chosenLink]));
  if (scene.ends) state.set("path", pair(...scene.ends));
  if (scene.trends) state.set("trends", "1");
  if (surroundings.node >= 0) {
    state.set("around", graph.ids[surroundings.node]);
    state.set("steps", surroundings.steps);
  }
  const off = [...document.querySelectorAll('[data-kg="type"]:not(:checked)')].map((box) => box.value);
  if (off.length) state.set("without", off.join(","));
  for (const [name, input] of Object.entries(inputs)) if (valueIn(input) !== defaults[name]) state.set(name, valueIn(input));
  if (scene.colourBy !== "type") state.set("colour", scene.colourBy);
  if (document.documentElement.dataset.theme) state.set("theme", document.documentElement.dataset.theme);
  if (order[0] !== "papers" || order[1] !== -1) state.set("sort", order.join(","));
  const { x, y, scale } = viewSoon();
  state.set("view", `${Math.round(x)},${Math.round(y)},${Number(scale.toPrecision(4))}`);
  return state;
}

let waiting = 0;

/** Write the state to the address, soon; ``step`` at once makes an entry that "back" returns to. */
function remember(step = false) {
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
    history[step ? "pushState" : "replaceState"](null, "", address);
  } catch {
    // some browsers refuse it for files; the page works without
  }
}

/** Bring back what the address holds. */
function recall() {
  recalling = true;
  lastWritten = location.hash;
  const state = new URLSearchParams(location.hash.slice(1));
  const pair = (name) => (state.get(name) ?? "").split("\n").map((id) => numberOf.get(id));
  setDefaults();
  const off = (state.get("without") ?? "").split(",");
  for (const box of document.querySelectorAll('[data-kg="type"]')) box.checked = !off.includes(box.value);
  for (const [name, input] of Object.entries(inputs)) if (state.has(name)) setValue(input, state.get(name));
  surroundings.node = numberOf.get(state.get("around")) ?? -1;
  surroundings.steps = state.get("steps") === "2" ? 2 : 1;
  if (["light", "dark"].includes(state.get("theme"))) setTheme(state.get("theme"));
  const [column, direction] = (state.get("sort") ?? "papers,-1").split(",");
  if (document.querySelector(`[data-sort="${CSS.escape(column)}"]`)) order = [column, direction === "1" ? 1 : -1];
  colourBy(state.get("colour"));
  markOrder();
  applyFilters();
  recallChoice(state, pair);
  const [x, y, scale] = (state.get("view") ?? "").split(",").map(Number);
  if (scale > 0 && Number.isFinite(x + y)) jump(x, y, scale);
  recalling = false;
}

function recallChoice(state, pair) {
  const node = numberOf.get(state.get("node"));
  const [[a, b], ends] = [pair("link"), pair("path")];
  const l = linkBetween(a, b);
  if (node !== undefined) choose(node, !state.has("view"));
  else if (l >= 0) chooseLink(l);
  else if (ends.length === 2 && !ends.includes(undefined)) choosePath(...ends);
  else if (state.has("trends") && span) ready.panel = showTrends();
  else choose(-1);
}

for (const event of ["dragEnd", "zoom"]) network.on(event, () => remember());
