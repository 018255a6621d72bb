// What happens when: choosing, searching, keys, and the interface that scripts and tests hold on to.

import { act } from "./actions.js";
import { recall, remember, stateNow } from "./address.js";
import { centre, fit, inView, overlaid, resized, settled, viewNow, viewSoon, zoomBy } from "./camera.js";
import { fillClusters } from "./clusters.js";
import { correct, loadCorrections, thesaurus, undo } from "./corrections.js";
import { field, findings, graph, into, loadModel, loadNames, nodes, numberOf, paper, titles, typeOf } from "./data.js";
import { make, nameOf, part, plural, say, short } from "./dom.js";
import { addToPicture, applyFilters, buildControls, corrected, linksOf, presentTypes, recount, surroundings, swatch } from "./filters.js";
import { showAbout, showGaps } from "./findings.js";
import { hovered } from "./hover.js";
import { placeLabels, shortLabel } from "./labels.js";
import { repaint, setTheme } from "./legend.js";
import { fillList } from "./list.js";
import { closePanel, panel, sheetHandle, showLink, showNode, showPaper } from "./panel.js";
import { dark, fillModel, frameNow, linkAt, narrow, network, nodeAt, paintOf, refreshInks, repaintNodes, scene, span, stage } from "./scene.js";
import { select, toggleSelected } from "./select.js";
import { liveTabs } from "./tabs.js";
import { shownNodes } from "./takeaway.js";
import { trends } from "./trends.js";
import { choosePath, pathBetween, showScope, showSurroundings, walk } from "./walk.js";

let opening = Promise.resolve(); // what the panel is being filled with

/** Nothing is chosen any more; the panel stays as it is. */
function clear() {
  Object.assign(scene, { chosen: -1, chosenLink: null, ends: null, lit: new Set(), selected: [], near: null, trends: false });
}

const HIDDEN = 2000; // milliseconds after which the rest is read though nothing was drawn: browsers draw no frame that nobody sees
const QUIET = 1500; // milliseconds after the picture, when nobody waits
const MOST_BROUGHT = 5; // strongest links that a node brings along into the picture

/** Choose a node (-1: nothing): fade the rest, open its panel. One outside the picture comes into it. */
function choose(number, move = false) {
  const n = number < 0 ? -1 : into(number);
  if (n >= 0 && walk.from >= 0) {
    choosePath(walk.from, n);
    return;
  }
  clear();
  scene.chosen = n;
  if (n < 0) closePanel();
  else {
    const added = bring(n);
    opening = showNode(n, added).then(() => {
      if (scene.chosen === n && scene.shown[n] && !inView(n)) centre(n); // the panel that opens ends a move
    });
    if (added) say(`${nodes.label[n]} was outside the picture and is added to it.`);
    else if (!scene.shown[n]) say(`Your filters hide ${nodes.label[n]} in the picture.`);
    if (scene.shown[n] && (move || !inView(n))) centre(n);
  }
  refreshNear();
  network.redraw();
  remember(true);
}

/** Put a node into the picture with its strongest links, if it is not there; tell whether it was not. */
function bring(n) {
  if (scene.isDrawn[n]) return false;
  const strongest = linksOf(n).sort((a, b) => b.papers - a.papers || a.node - b.node).slice(0, MOST_BROUGHT).map(({ node }) => node);
  addToPicture(strongest.length && strongest.some((other) => scene.isDrawn[other]) ? [n] : [...strongest, n]);
  applyFilters();
  return true;
}

function chooseLink(one, other) {
  const [a, b] = [into(one), into(other)];
  clear();
  if (addToPicture([a, b]).length) applyFilters();
  Object.assign(scene, { chosenLink: [a, b], near: new Set([a, b]) });
  const l = scene.links.sources.findIndex((n, k) => (n === a && scene.links.targets[k] === b) || (n === b && scene.links.targets[k] === a));
  if (l >= 0) scene.lit = new Set([l]);
  const bothInView = () => {
    if (![a, b].every(inView)) fit([a, b]);
  };
  bothInView();
  opening = showLink(a, b).then(bothInView); // the panel that opens narrows the map and ends a move
  network.redraw();
  remember(true);
}

function choosePaper(p) {
  clear();
  scene.near = new Set(field.model.nodesOf(p));
  opening = showPaper(p);
  network.redraw();
}

/** What is not faded: the chosen node with its neighbours in the picture. */
function refreshNear() {
  const n = scene.chosen;
  if (n >= 0) scene.near = new Set([n, ...(scene.adjacent.get(n) ?? []).map(([other]) => other)]);
}

/** After the filters: everything beside the picture follows. */
function filtered() {
  refreshNear();
  showScope();
  fillList();
  fillClusters();
  if (!scene.moved && !act.recalling() && scene.chosen < 0 && surroundings.node < 0) fit();
  if (scene.chosen >= 0 && !act.recalling()) opening = showNode(scene.chosen, false);
  network.redraw();
  remember();
}

Object.assign(act, { closeSide: () => showSide(false), choose, chooseLink, choosePaper, select, clear, filtered, fit, resized, fillClusters, ready: (promise) => { opening = Promise.resolve(promise); } });

/** Find nodes by text, of one type after "dataset:" and the like: {found: [[node, name that matched]], total}. */
function search(text, limit = 20) {
  const [, kind, rest] = /^\s*(?:(\w+?)s?\s*:)?(.*)$/s.exec(text);
  const type = graph.types.includes(kind?.toLowerCase()) ? kind.toLowerCase() : null;
  const among = (n) => !corrected.hidden.has(n) && (!type || typeOf(n) === type);
  if (!field.index) return { found: [], total: 0 };
  if (type && !rest.trim()) {
    const all = [];
    for (let n = 0; n < nodes.ids.length; n++) if (among(n)) all.push(n);
    return { found: all.slice(0, limit).map((n) => [n, nodes.label[n]]), total: all.length };
  }
  const { found, total } = field.index.find(type ? rest : text, { limit, among: type || corrected.hidden.size ? among : null });
  return { found: found.map(([n, place]) => [n, place ? nodes.aliases[n][place - 1] : nodes.label[n]]), total };
}

const box = part("search");
const suggestions = part("suggestions");
let active = -1;
box.placeholder = `Find a ${presentTypes.length > 1 ? `${presentTypes.slice(0, -1).join(", ")} or ` : ""}${presentTypes.at(-1) ?? "node"}, or a paper  ( / )`;

const MOST_SUGGESTED = 12;
const MOST_TITLES = 5;

function option(place, attributes, ...children) {
  return make("li", { role: "option", id: `suggestion-${place}`, dir: "auto", "aria-selected": "false", ...attributes }, ...children);
}

function nodeOption([n, name], place) {
  const known = name === nodes.label[n] ? "" : ` (${name.slice(0, 80)})`;
  const where = scene.isDrawn[n] ? "" : " · outside the picture";
  return option(place, { "data-id": nodes.ids[n], onmousedown: (event) => { event.preventDefault(); take(place); } }, swatch(typeOf(n)), shortLabel(n), known, make("span", { class: "soft" }, ` ${typeOf(n)} · ${plural(nodes.papers[n], "paper")}${where}`));
}

function paperOption([p], place) {
  const one = paper(p);
  return option(place, { "data-paper-number": p, onmousedown: (event) => { event.preventDefault(); take(place); } }, short(one.title, 90), make("span", { class: "soft" }, ` paper${one.year ? ` · ${one.year}` : ""}`));
}

const PAUSE = 80; // milliseconds without a key after which titles are looked through too
let pausing = 0;

/** Show what names fit what was typed at once, and what titles do when the next key does not follow. */
function suggest() {
  clearTimeout(pausing);
  const names = search(box.value, MOST_SUGGESTED);
  const titlesWanted = box.value.trim().length > 2 && field.papers && !box.value.includes(":");
  showFound(names, { found: [], total: 0 }, titlesWanted);
  if (!titlesWanted) return;
  const asked = box.value;
  pausing = setTimeout(() => {
    if (box.value !== asked || suggestions.hidden) return;
    const before = active;
    showFound(names, titles().find(asked, { limit: MOST_TITLES }), false);
    if (before > 0) {
      active = Math.min(before, options().length - 1);
      point();
    }
  }, PAUSE);
}

function showFound({ found, total }, titled, more) {
  active = found.length || titled.found.length ? 0 : -1;
  const note = (text) => make("li", { role: "option", class: "soft", "aria-disabled": "true", "aria-selected": "false" }, text);
  const numbers = [total ? plural(total, "node") : null, titled.total ? `${plural(titled.total, "paper")} by title` : null].filter(Boolean).join(", ");
  suggestions.replaceChildren(
    ...found.map(nodeOption),
    ...titled.found.map((hit, k) => paperOption(hit, found.length + k)),
    ...(box.value && numbers && total + titled.total > found.length + titled.found.length ? [note(numbers)] : []),
    ...(box.value && !numbers && !more ? [note(field.index ? "Nothing is called so." : "The names are still being read.")] : []),
  );
  suggestions.hidden = !box.value;
  box.setAttribute("aria-expanded", String(Boolean(box.value)));
  part("hits").textContent = box.value ? numbers || (more ? "" : "nothing") : "";
  point();
}

const options = () => [...suggestions.querySelectorAll("[data-id], [data-paper-number]")];

function point() {
  options().forEach((item, place) => item.setAttribute("aria-selected", String(place === active)));
  if (active >= 0) {
    box.setAttribute("aria-activedescendant", `suggestion-${active}`);
    options()[active].scrollIntoView({ block: "nearest" });
  } else box.removeAttribute("aria-activedescendant");
}

function closeSuggestions() {
  suggestions.hidden = true;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}

function take(place) {
  const item = options()[place];
  closeSuggestions();
  if (item.dataset.id !== undefined) choose(numberOf.get(item.dataset.id), true);
  else choosePaper(Number(item.dataset.paperNumber));
}

box.addEventListener("input", suggest);
box.addEventListener("blur", closeSuggestions);
box.addEventListener("keydown", (event) => {
  const number = options().length;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (suggestions.hidden) suggest();
    else active = number ? (active + (event.key === "ArrowDown" ? 1 : number - 1)) % number : -1;
    point();
    event.preventDefault();
  } else if (event.key === "Enter" && active >= 0 && !suggestions.hidden) {
    take(active);
    event.preventDefault();
  } else if (event.key === "Escape" && !suggestions.hidden) {
    closeSuggestions();
    event.stopPropagation();
  }
});

/** One step back: a waiting path, then the menu, then the panel, then the surroundings. */
function stepBack() {
  if (walk.from >= 0) {
    walk.from = -1;
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
  const l = n < 0 && walk.from < 0 ? linkAt(event.pointer.canvas) : -1;
  const several = event.event.srcEvent?.ctrlKey || event.event.srcEvent?.metaKey;
  [clicked, clickedAt] = [several ? -1 : n, n < 0 || several ? -Infinity : performance.now()];
  if (n >= 0 && several) toggleSelected(n);
  else if (n >= 0) choose(n);
  else if (l >= 0) chooseLink(scene.links.sources[l], scene.links.targets[l]);
  else if (walk.from < 0 && !several) choose(-1);
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
part("zoom-in").addEventListener("click", () => zoomBy(1.3));
part("zoom-out").addEventListener("click", () => zoomBy(1 / 1.3));
part("help").addEventListener("click", () => part("keys").showModal());
part("about").addEventListener("click", () => { opening = showAbout(); });
part("gaps").addEventListener("click", () => { opening = showGaps(); });
part("matrix").addEventListener("click", () => act.showMatrix());
document.addEventListener("click", (event) => { if (!part("save").contains(event.target)) part("save").open = false; });
part("skip").addEventListener("click", (event) => { stage.focus(); event.preventDefault(); });
part("cluster-names").addEventListener("change", () => { scene.clusterNames = part("cluster-names").checked; network.redraw(); });

document.getElementById("side").prepend(sheetHandle(document.getElementById("side")));

/** Open or close the left side; on a phone the sheet of details makes room for it. */
function showSide(open) {
  if (open && narrow.matches && !panel.hidden) choose(-1);
  part("side").setAttribute("aria-expanded", String(open));
  document.getElementById("side").hidden = !open;
  resized();
}
part("side").addEventListener("click", () => showSide(part("side").getAttribute("aria-expanded") !== "true"));
liveTabs(part("side-tabs"), () => { document.getElementById("side").scrollTop = 0; });
window.addEventListener("resize", () => resized());
part("theme").addEventListener("click", () => {
  setTheme(dark() ? "light" : "dark");
  remember();
});

/** Say whose graph it is: its name, papers, years; and what it is if there is little to see. */
function showHeading() {
  const name = graph.name || nameOf(location);
  part("name").textContent = name || "Knowledge graph";
  part("corpus").textContent = `${plural(graph.corpus, "paper")}${span ? `, ${span[0] === span[1] ? span[0] : `${span[0]}–${span[1]}`}` : ""}`;
  if (graph.name) document.title = `${graph.name} — knowledge graph`;
  const words = !graph.nodes ? "No method, dataset or benchmark was found in these papers." : graph.nodes === 1 ? "One node: there is nothing to link it with." : graph.links === 0 ? "No paper mentions two of these nodes, so there are no links." : graph.corpus === 1 ? "All comes from one paper: each of its nodes is linked with each other." : "";
  part("empty").textContent = words;
  part("empty").hidden = !words;
}

const idsOf = (some) => Array.from(some, (n) => nodes.ids[n]);
const known = (id) => (numberOf.has(id) ? into(numberOf.get(id)) : -1);

/** Read what stands behind the first picture; resolves when everything can be asked. */
async function readRest() {
  await loadNames();
  loadCorrections();
  applyFilters();
  recall();
  window.addEventListener("popstate", recall);
}

/** Make what the search needs while nobody waits, piece by piece, so that no key does. */
function warmSearch() {
  const pieces = [() => field.index.warm(), titles, () => titles().warm()];
  const next = () => {
    pieces.shift()?.();
    if (pieces.length) setTimeout(next, 100);
  };
  next();
}

async function start() {
  showHeading();
  await loadModel();
  refreshInks();
  repaintNodes();
  scene.clusterNames = true;
  scene.window = field.model.everything;
  recount();
  buildControls();
  if (overlaid.matches) showSide(false);
  const drawn = new Promise((resolve) => {
    network.once("afterDrawing", () => requestAnimationFrame(() => resolve({ nodes: scene.drawn.length, links: scene.links.papers.length, ms: performance.now() })));
  });
  applyFilters();
  repaint();
  resized();
  const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
  await Promise.race([drawn, wait(HIDDEN)]);
  await wait(0);
  fillModel();
  await readRest();
  const first = await drawn;
  setTimeout(warmSearch, QUIET);
  return first;
}

window.kg = {
  network,
  ready: start(),
  shown: () => ({ nodes: idsOf(shownNodes()).sort(), links: scene.lines.map((l) => idsOf([scene.links.sources[l], scene.links.targets[l]]).sort()) }),
  find: (text, limit = 20) => idsOf(search(text, limit).found.map(([n]) => n)),
  path: (one, other) => (known(one) < 0 || known(other) < 0 ? [] : idsOf(pathBetween(known(one), known(other)))),
  links: (id) => (known(id) < 0 ? [] : linksOf(known(id)).sort((a, b) => b.papers - a.papers || a.node - b.node).map(({ node, papers, kind }) => ({ node: nodes.ids[node], papers, kind }))),
  papers: (id) => (known(id) < 0 ? [] : Array.from(field.model.papersOf(known(id), scene.window), (p) => paper(p).id)),
  select: (id) => { if (known(id) >= 0) choose(known(id), true); return opening; },
  selectLink: (one, other) => { if (known(one) >= 0 && known(other) >= 0 && field.model.link(known(one), known(other))) chooseLink(known(one), known(other)); return opening; },
  selectNodes: (ids) => { select(ids.map(known).filter((n) => n >= 0)); return opening; },
  selectPath: (one, other) => { if (known(one) >= 0 && known(other) >= 0) choosePath(known(one), known(other)); },
  surroundings: (id, steps = 1) => showSurroundings(id === null ? -1 : known(id), steps),
  correct: (step) => correct(step, ""),
  undo,
  thesaurus,
  trends,
  findings,
  state: () => stateNow().toString(),
  view: viewNow,
  viewSoon,
  settled,
  fit: () => fit(),
  hovered: () => nodes.ids[hovered.node] ?? null,
  paints: () => Object.fromEntries(scene.drawn.map((n) => [nodes.ids[n], paintOf(n)])),
  labels: () => {
    const frame = frameNow();
    return placeLabels(network.canvas.getContext(), frame).map((label) => ({ node: label.n === undefined ? null : nodes.ids[label.n], community: label.community ?? null, area: label.area ?? null, text: label.text, width: label.width, size: label.size, x: label.n === undefined ? label.x : network.getPosition(nodes.ids[label.n]).x + label.dx / frame.scale, y: label.n === undefined ? label.y : network.getPosition(nodes.ids[label.n]).y + label.dy / frame.scale, scale: frame.scale }));
  },
  opening: () => opening,
};
