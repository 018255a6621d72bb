// What happens when: choosing, searching, keys, the address, and the interface that scripts and tests hold on to.
"use strict";

let lastWritten = null;

/** Choose a node (-1: nothing): fade the rest, open its panel. */
function choose(n, move = false) {
  scene.chosen = n;
  scene.chosenLink = -1;
  scene.near = n < 0 ? null : new Set([n, ...neighbours[n].filter(([, l]) => scene.linkShown[l]).map(([other]) => other)]);
  if (n < 0) closePanel();
  else {
    if (!scene.shown[n]) resetFilters();
    if (move) centre(n);
    ready.panel = showNode(n);
  }
  network.redraw();
  remember(true);
}

function chooseLink(l) {
  const [a, b] = [graph.sources[l], graph.targets[l]];
  scene.chosen = -1;
  scene.chosenLink = l;
  scene.near = new Set([a, b]);
  ready.panel = showLink(l);
  network.redraw();
  remember(true);
}

/** Write selection and filters to the address; ``step`` makes an entry that "back" returns to. */
function remember(step = false) {
  const state = new URLSearchParams();
  if (scene.chosen >= 0) state.set("node", graph.ids[scene.chosen]);
  if (scene.chosenLink >= 0) state.set("link", `${graph.ids[graph.sources[scene.chosenLink]]}\n${graph.ids[graph.targets[scene.chosenLink]]}`);
  const off = [...document.querySelectorAll('[data-kg="type"]:not(:checked)')].map((box) => box.value);
  if (off.length) state.set("without", off.join(","));
  if (inputs["min-papers"].value > 1) state.set("papers", inputs["min-papers"].value);
  if (inputs["min-link"].value > 1) state.set("weight", inputs["min-link"].value);
  const address = `#${state}`;
  if (address === lastWritten) return;
  lastWritten = address;
  try {
    history[step ? "pushState" : "replaceState"](null, "", address);
  } catch {
    // some browsers refuse it for files; the page works without
  }
}

/** Take selection and filters from the address. */
function recall() {
  lastWritten = location.hash || "#";
  const state = new URLSearchParams(location.hash.slice(1));
  const off = (state.get("without") ?? "").split(",");
  for (const box of document.querySelectorAll('[data-kg="type"]')) box.checked = !off.includes(box.value);
  if (state.has("papers")) inputs["min-papers"].value = state.get("papers");
  if (state.has("weight")) inputs["min-link"].value = state.get("weight");
  applyFilters();
  const node = numberOf.get(state.get("node"));
  const ends = (state.get("link") ?? "").split("\n");
  if (node !== undefined) choose(node, true);
  else if (ends.length === 2) selectLink(...ends);
  else if (scene.chosen >= 0 || scene.chosenLink >= 0) choose(-1);
}

const box = part("search");
const suggestions = part("suggestions");
let active = -1;

function suggest() {
  const found = search(box.value, 12);
  active = found.length ? 0 : -1;
  suggestions.replaceChildren(
    ...found.map(([n, name], place) =>
      make("li", { role: "option", id: `suggestion-${place}`, "aria-selected": String(place === active), "data-id": graph.ids[n], onmousedown: (event) => { event.preventDefault(); take(n); } },
        swatch(typeOf(n)), graph.nodes.label[n], name === graph.nodes.label[n] ? "" : ` (${name})`, ` · ${plural(graph.nodes.papers[n], "paper")}`)),
    ...(box.value && !found.length ? [make("li", { role: "option", "aria-disabled": "true" }, "Nothing is called so.")] : []),
  );
  suggestions.hidden = !box.value;
  box.setAttribute("aria-expanded", String(Boolean(box.value)));
  point();
}

function point() {
  [...suggestions.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === active)));
  if (active >= 0) {
    box.setAttribute("aria-activedescendant", `suggestion-${active}`);
    suggestions.children[active].scrollIntoView({ block: "nearest" });
  } else box.removeAttribute("aria-activedescendant");
}

function take(n) {
  suggestions.hidden = true;
  box.setAttribute("aria-expanded", "false");
  choose(n, true);
}

box.addEventListener("input", suggest);
box.addEventListener("blur", () => { suggestions.hidden = true; });
box.addEventListener("keydown", (event) => {
  const count = suggestions.querySelectorAll("[data-id]").length;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (suggestions.hidden) suggest();
    active = count ? (active + (event.key === "ArrowDown" ? 1 : count - 1)) % count : -1;
    point();
    event.preventDefault();
  } else if (event.key === "Enter" && active >= 0) {
    take(numberOf.get(suggestions.children[active].dataset.id));
    event.preventDefault();
  } else if (event.key === "Escape") suggestions.hidden = true;
});

document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
  if (event.key === "/" && !typing) {
    box.focus();
    event.preventDefault();
  } else if (event.key === "Escape") choose(-1);
});

network.on("click", (event) => {
  const n = nodeAt(event.pointer.canvas);
  if (n >= 0) choose(n);
  else {
    const l = linkAt(event.pointer.canvas);
    if (l >= 0) chooseLink(l);
    else choose(-1);
  }
});

part("fit").addEventListener("click", fit);
part("colour").addEventListener("click", () => {
  scene.byCommunity = !scene.byCommunity;
  part("colour").setAttribute("aria-pressed", String(scene.byCommunity));
  network.redraw();
});
part("theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = dark() ? "light" : "dark";
  repaint();
});
part("png").addEventListener("click", () => {
  const canvas = document.querySelector("#scene canvas");
  const copy = make("canvas", { width: canvas.width, height: canvas.height });
  const context = copy.getContext("2d");
  context.fillStyle = inks.ground;
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(canvas, 0, 0);
  copy.toBlob((blob) => {
    const link = make("a", { href: URL.createObjectURL(blob), download: "graph.png" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
});

function repaint() {
  refreshInks();
  for (const element of document.querySelectorAll(".swatch")) {
    const type = Object.keys(SHAPES).find((name) => element.classList.contains(SHAPES[name]));
    element.style.background = inks.types[graph.types.indexOf(type)];
  }
  network.redraw();
}
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);

function selectLink(one, other) {
  const [a, b] = [numberOf.get(one), numberOf.get(other)];
  const found = a === undefined ? undefined : neighbours[a].find(([n]) => n === b);
  if (found) chooseLink(found[1]);
  return ready.panel;
}

const ready = { panel: Promise.resolve() };
window.kg = {
  network,
  ready: new Promise((resolve) => {
    network.once("afterDrawing", () => requestAnimationFrame(() => resolve({ nodes: N, links: L, ms: performance.now() })));
  }),
  shown: () => ({
    nodes: graph.ids.filter((_, n) => scene.shown[n]),
    links: [...Array(L).keys()].filter((l) => scene.linkShown[l]).map((l) => [graph.ids[graph.sources[l]], graph.ids[graph.targets[l]]]),
  }),
  find: (text) => search(text).map(([n]) => graph.ids[n]),
  select: (id) => { if (numberOf.has(id)) choose(numberOf.get(id), true); return ready.panel; },
  selectLink,
};

refreshInks();
buildControls();
fit();
recall();
window.addEventListener("popstate", recall);
