// What happens when: choosing, searching, keys, the theme, and the interface that scripts and tests hold on to.
"use strict";

/** Choose a node (-1: nothing): fade the rest, open its panel. */
function choose(n, move = false) {
  if (n >= 0 && pathFrom >= 0) {
    choosePath(pathFrom, n);
    return;
  }
  Object.assign(scene, { chosen: n, chosenLink: -1, ends: null, path: new Set(), trends: false });
  if (n < 0) closePanel();
  else {
    if (!scene.shown[n]) {
      resetFilters();
      say("The filters hid this node; they are reset.");
    }
    ready.panel = showNode(n);
    if (move || !inView(n)) centre(n);
  }
  refreshNear();
  network.redraw();
  remember(true);
}

function chooseLink(l) {
  Object.assign(scene, { chosen: -1, chosenLink: l, ends: null, path: new Set(), trends: false });
  ready.panel = showLink(l);
  const ends = [graph.sources[l], graph.targets[l]];
  if (!ends.every(inView)) fit(ends);
  refreshNear();
  network.redraw();
  remember(true);
}

/** What is not faded: the chosen node with its neighbours, the ends of a link, the nodes of a path, what rises. */
function refreshNear() {
  const n = scene.chosen;
  if (n >= 0) scene.near = new Set([n, ...neighbours[n].filter(([, l]) => scene.linkShown[l]).map(([other]) => other)]);
  else if (scene.chosenLink >= 0) scene.near = new Set([graph.sources[scene.chosenLink], graph.targets[scene.chosenLink]]);
  else if (scene.ends) scene.near = new Set([...scene.ends, ...[...scene.path].flatMap((l) => [graph.sources[l], graph.targets[l]])]);
  else scene.near = scene.trends ? scene.rising : null;
}

function linkBetween(a, b) {
  return (neighbours[a] ?? []).find(([other]) => other === b)?.[1] ?? -1;
}

const box = part("search");
const suggestions = part("suggestions");
let active = -1;
box.placeholder = `Find a ${presentTypes.length > 1 ? `${presentTypes.slice(0, -1).join(", ")} or ` : ""}${presentTypes.at(-1) ?? "node"}  ( / )`;

function suggest() {
  const found = search(box.value, 12);
  active = found.length ? 0 : -1;
  suggestions.replaceChildren(
    ...found.map(([n, name], place) =>
      make("li", { role: "option", id: `suggestion-${place}`, dir: "auto", "aria-selected": "false", "data-id": graph.ids[n], onmousedown: (event) => { event.preventDefault(); take(n); } },
        swatch(typeOf(n)), shortLabels[n], name === graph.nodes.label[n] ? "" : ` (${name.slice(0, 80)})`, make("span", { class: "soft" }, ` ${typeOf(n)} · ${plural(graph.nodes.papers[n], "paper")}`))),
    ...(box.value && !found.length ? [make("li", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, "Nothing is called so.")] : []),
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

function closeSuggestions() {
  suggestions.hidden = true;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}

function take(n) {
  closeSuggestions();
  choose(n, true);
}

box.addEventListener("input", suggest);
box.addEventListener("blur", closeSuggestions);
box.addEventListener("keydown", (event) => {
  const number = suggestions.querySelectorAll("[data-id]").length;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (suggestions.hidden) suggest();
    else active = number ? (active + (event.key === "ArrowDown" ? 1 : number - 1)) % number : -1;
    point();
    event.preventDefault();
  } else if (event.key === "Enter" && active >= 0 && !suggestions.hidden) {
    take(numberOf.get(suggestions.children[active].dataset.id));
    event.preventDefault();
  } else if (event.key === "Escape" && !suggestions.hidden) {
    closeSuggestions();
    event.stopPropagation();
  }
});

/** One step back: a waiting path, then the menu, then the panel, then the surroundings. */
function stepBack() {
  if (pathFrom >= 0) {
    pathFrom = -1;
    showScope();
  } else if (part("save").open) part("save").open = false;
  else if (!panel.hidden) choose(-1);
  else if (surroundings.node >= 0) showSurroundings(-1);
}

document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "") && !/^(checkbox|range|radio)$/.test(document.activeElement.type);
  if (event.key === "/" && !typing) {
    box.focus();
    box.select();
    event.preventDefault();
  } else if (event.key === "Escape" && !part("keys").open) stepBack();
});

let clicked = -1; // the node of the last click
let clickedAt = -Infinity;
network.on("click", (event) => {
  if (performance.now() - clickedAt < 400) return; // the second half of a double click
  const n = nodeAt(event.pointer.canvas);
  const l = n < 0 && pathFrom < 0 ? linkAt(event.pointer.canvas) : -1;
  [clicked, clickedAt] = [n, n < 0 ? -Infinity : performance.now()];
  if (n >= 0) choose(n);
  else if (l >= 0) chooseLink(l);
  else if (pathFrom < 0) choose(-1);
});
network.on("doubleClick", doubleClicked); // by touch
// By mouse: the panel that the first click opened may lie where the second falls. The browser knows what is a double click, however late it comes.
let firstInPicture = false;
document.addEventListener("click", (event) => {
  if (event.detail === 1) firstInPicture = stage.contains(event.target);
  if (event.detail !== 2 || !firstInPicture || clicked < 0) return;
  event.stopPropagation();
  event.preventDefault();
  doubleClicked();
}, true);

function doubleClicked() {
  if (clicked >= 0 && surroundings.node !== clicked) showSurroundings(clicked);
}

part("fit").addEventListener("click", () => { fit(); remember(); });
part("help").addEventListener("click", () => part("keys").showModal());
document.addEventListener("click", (event) => { if (!part("save").contains(event.target)) part("save").open = false; });

function showSide(open) {
  part("side").setAttribute("aria-expanded", String(open));
  document.getElementById("side").hidden = !open;
  resized();
}
part("side").addEventListener("click", () => showSide(part("side").getAttribute("aria-expanded") !== "true"));

function cornerOfStage() {
  const { x, y } = stage.getBoundingClientRect();
  return { x, y };
}

let corner = cornerOfStage();
window.addEventListener("resize", () => { corner = cornerOfStage(); });

/** Where the picture's origin is in the window. */
function originInWindow() {
  const { x, y } = network.canvasToDOM({ x: 0, y: 0 });
  return { x: corner.x + x, y: corner.y + y };
}

/** The stage has another size now: what is in it stays where it was in the window. */
function resized() {
  const goal = gliding() ? glide.to : null;
  const scale = network.getScale();
  const before = originInWindow();
  network.setSize("100%", "100%"); // vis-network scales what is in it
  network.moveTo({ scale, animation: false });
  corner = cornerOfStage();
  const after = originInWindow();
  const { x, y } = network.getViewPosition();
  if (goal) jump(goal.x, goal.y, goal.scale);
  else jump(x + (after.x - before.x) / scale, y + (after.y - before.y) / scale, scale);
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  repaint();
}

function repaint() {
  refreshInks();
  for (const element of document.querySelectorAll(".swatch:not(.own)")) {
    const type = Object.keys(SHAPES).find((name) => element.classList.contains(SHAPES[name]));
    element.style.background = typeInk(type);
  }
  fillLegend();
  network.redraw();
}
part("theme").addEventListener("click", () => {
  setTheme(dark() ? "light" : "dark");
  remember();
});
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);

const ready = { panel: Promise.resolve() };
window.kg = {
  network,
  ready: new Promise((resolve) => {
    network.once("afterDrawing", () => requestAnimationFrame(() => {
      const ms = performance.now();
      setTimeout(() => {
        fillModel();
        resolve({ nodes: N, links: L, ms });
      });
    }));
  }),
  shown: () => ({ nodes: shownNodes().map((n) => graph.ids[n]), links: shownLinks().map((l) => [graph.ids[graph.sources[l]], graph.ids[graph.targets[l]]]) }),
  find: (text) => search(text).map(([n]) => graph.ids[n]),
  select: (id) => { if (numberOf.has(id)) choose(numberOf.get(id), true); return ready.panel; },
  selectLink: (one, other) => { const l = linkBetween(numberOf.get(one), numberOf.get(other)); if (l >= 0) chooseLink(l); return ready.panel; },
};

refreshInks();
buildControls();
if (narrow.matches) {
  showSide(false);
  part("legend").open = false;
}
fit();
recall();
window.addEventListener("popstate", recall);
