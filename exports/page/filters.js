// What is shown: types, least papers, kinds, significance, years, communities, surroundings; and what is hidden, and why.

import { act } from "./actions.js";
import { testLink } from "./chance.js";
import { N, field, graph, nodes, typeOf } from "./data.js";
import { count, drawBars, drawing, make, part, plural } from "./dom.js";
import { clusterName } from "./labels.js";
import { MOST_KINDS } from "./model.js";
import { SHAPES, drawnCommunities, inks, network, papersNow, place, repaintNodes, scene, span, xs, ys, fillModel } from "./scene.js";

export const inputs = Object.fromEntries(["min-papers", "min-link", "strongest", "backbone", "linked", "pair", "community", "year-from", "year-to"].map((name) => [name, part(name)]));
export const surroundings = { node: -1, steps: 1 }; // of which node alone, if any
export const hiddenClusters = new Set();
export const corrected = { hidden: new Set() }; // nodes that the user hid or merged
const MOST_LINES = 300; // beyond so many links only each node's strongest are shown at first, or it is a hairball
const STRONGEST = 3;
export const presentTypes = graph.types.filter((type) => nodes.type.includes(type));
const hasKinds = Boolean(graph.hasRoles);

export function swatch(type) {
  const element = make("span", { class: `swatch ${SHAPES[type] ?? "dot"}`, "aria-hidden": "true" });
  element.style.background = typeInk(type);
  return element;
}

export function typeInk(type) {
  return scene.colourBy === "type" ? inks.types[graph.types.indexOf(type)] : inks.soft;
}

function pairName(one, other) {
  return [typeOf(one), typeOf(other)].sort((a, b) => graph.types.indexOf(a) - graph.types.indexOf(b)).join(" – ");
}

const total = (list, value) => list.reduce((sum, one) => sum + (one === value ? 1 : 0), 0);

export function buildControls() {
  for (const type of presentTypes) {
    const box = make("input", { type: "checkbox", "data-kg": "type", value: type, checked: true, onchange: applyFilters });
    part("types").append(make("label", {}, box, " ", swatch(type), `${type}s `, make("span", { class: "soft", "data-type-count": type }, `(${count.format(total(scene.drawn.map(typeOf), type))})`)));
  }
  for (const kind of hasKinds ? MOST_KINDS : []) part("kinds").append(make("label", {}, make("input", { type: "checkbox", "data-kg": "kind", value: kind, checked: true, onchange: applyFilters }), ` ${kind}`));
  part("kinds").hidden = !hasKinds;
  inputs["min-papers"].max = Math.max(1, nodes.papers[scene.drawn[0]] ?? 1);
  inputs["min-link"].max = Math.max(1, scene.links.papers[0] ?? 1);
  const several = drawnCommunities().filter(([, members]) => members.length > 1);
  inputs.community.append(make("option", { value: "" }, "all"), ...several.map(([number, members]) => make("option", { value: String(number) }, `${clusterName(number)} (${members.length})`)));
  const pairs = presentTypes.flatMap((one, k) => presentTypes.slice(k).map((other) => `${one} – ${other}`));
  inputs.pair.append(make("option", { value: "" }, "all"), ...pairs.map((pair) => make("option", { value: pair }, pair)));
  inputs.pair.parentElement.hidden = pairs.length < 2;
  if (span) {
    for (const name of ["year-from", "year-to"]) [inputs[name].min, inputs[name].max] = span;
    drawHistogram();
  } else {
    for (const name of ["year-from", "year-to"]) inputs[name].parentElement.hidden = true;
    part("histogram").style.display = "none";
    part("list").classList.add("undated");
  }
  for (const input of Object.values(inputs)) input.addEventListener("input", applyFilters);
  part("reset").addEventListener("click", () => { resetFilters(); act.fit(); });
  defaults.strongest = String(Number(scene.links.papers.length > MOST_LINES && scene.links.papers.length > 1.5 * scene.drawn.length));
  setDefaults();
}

/** Papers a year; dragging over the bars chooses years. */
function drawHistogram() {
  const svg = part("histogram");
  const bars = [...graph.years].filter(([year]) => year !== null).sort((a, b) => a[0] - b[0]);
  drawBars(svg, bars.map(([year, papers]) => [year - span[0], papers]), span[1] - span[0] + 1);
  bars.forEach(([year, papers], k) => {
    svg.children[k].dataset.year = year;
    svg.children[k].append(drawing("title", {}, `${year}: ${plural(papers, "paper")}`));
  });
  svg.setAttribute("aria-label", `Papers by year, ${span[0]} to ${span[1]}: ${bars.map(([year, papers]) => `${year}: ${papers}`).join(", ")}`);
  const yearAt = (event) => {
    const box = svg.getBoundingClientRect();
    return Math.max(span[0], Math.min(span[1], span[0] + Math.floor(((event.clientX - box.x) / box.width) * (span[1] - span[0] + 1))));
  };
  let began = null;
  const brush = (event) => {
    const years = [began, yearAt(event)].sort((a, b) => a - b);
    [inputs["year-from"].value, inputs["year-to"].value] = years;
    applyFilters();
  };
  svg.addEventListener("pointerdown", (event) => {
    began = yearAt(event);
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  svg.addEventListener("pointermove", (event) => { if (began !== null && yearAt(event) !== Number(inputs["year-to"].value)) brush(event); });
  svg.addEventListener("pointerup", (event) => {
    if (began !== null) brush(event);
    began = null;
  });
}

export function valueIn(input) {
  return input.type === "checkbox" ? String(Number(input.checked)) : input.value;
}

export function setValue(input, value) {
  if (input.type === "checkbox") input.checked = value === "1";
  else input.value = value;
}

export const defaults = {
  "min-papers": "1",
  "min-link": "1",
  strongest: "0",
  backbone: "0",
  linked: "0",
  pair: "",
  community: "",
  "year-from": span ? String(span[0]) : "",
  "year-to": span ? String(span[1]) : "",
};

export function setDefaults() {
  for (const box of document.querySelectorAll('[data-kg="type"], [data-kg="kind"]')) box.checked = true;
  for (const [name, value] of Object.entries(defaults)) setValue(inputs[name], value);
  surroundings.node = -1;
  hiddenClusters.clear();
}

export function resetFilters() {
  act.leaveSurroundings();
  setDefaults();
  applyFilters();
}

const checked = (name) => new Set([...document.querySelectorAll(`[data-kg="${name}"]:checked`)].map((box) => box.value));

/** What the controls say. */
function settings() {
  const year = (name, bound) => (span && inputs[name].value !== "" && Number(inputs[name].value) !== bound ? Number(inputs[name].value) : null);
  return {
    types: checked("type"),
    kinds: hasKinds ? checked("kind") : null,
    papers: Number(inputs["min-papers"].value),
    link: Number(inputs["min-link"].value),
    pair: inputs.pair.value,
    community: inputs.community.value,
    backbone: inputs.backbone.checked,
    since: year("year-from", span?.[0]),
    until: year("year-to", span?.[1]),
  };
}

let now = null; // the settings that hold

/** Why a node is hidden; '' if the filters let it pass. */
function whyNode(n) {
  if (corrected.hidden.has(n)) return "your corrections";
  if (!now.types.has(typeOf(n))) return "type";
  if (!scene.window.all) {
    const there = field.model.papers ? scene.papers[n] > 0 : nodes.first_year[n] != null && nodes.last_year[n] >= scene.window.since && nodes.first_year[n] <= scene.window.until;
    if (!there) return "years";
  }
  if (papersNow(n) < now.papers) return "papers";
  if (hiddenClusters.has(nodes.community[n])) return "cluster";
  return now.community !== "" && String(nodes.community[n]) !== now.community ? "community" : "";
}

/** Why a link is hidden; '' if the filters let it pass. */
function whyLink(one, other, papers, kind) {
  if (papers < now.link) return "in too few papers";
  if (now.kinds && !now.kinds.has(kind)) return "of other kinds";
  if (now.pair && pairName(one, other) !== now.pair) return "between other types";
  return now.backbone && !isSignificant(one, other, papers) ? "that chance could explain" : "";
}

/** Whether chance hardly explains a link, by all its papers. */
function isSignificant(one, other, papers) {
  const all = scene.window.all ? papers : field.base.sharedPapers([one, other]).length || papers;
  return (testLink(graph.chance, all, nodes.papers[one], nodes.papers[other])?.q ?? 1) <= 0.05;
}

/** The links of a node that the filters let pass, over all nodes of the file: [{node, papers, said, kind}]. */
export function linksOf(n) {
  return field.model.linksOf(n, scene.window).filter(({ node, papers, kind }) => scene.passes[node] && !whyLink(n, node, papers, kind));
}

/** What paths are found in: all links under the filters. */
export function walkable() {
  const strict = now.link > 1 || now.pair || now.backbone || field.model.listed || (now.kinds && now.kinds.size < MOST_KINDS.length);
  const seen = new Set();
  const everyone = (n) => {
    const found = [];
    for (const p of field.model.papersOf(n, scene.window)) {
      if (seen.has(p)) continue;
      seen.add(p);
      for (const other of field.model.nodesOf(p)) found.push(other);
    }
    return found;
  };
  const links = (n) => linksOf(n);
  return { neighbours: strict ? (n) => links(n).map(({ node }) => node) : everyone, links, open: (n) => scene.passes[n] === 1 };
}

/** Whether the links differ that years, corrections or nodes in the picture give. */
export function recount() {
  scene.links = field.model.linksAmong(scene.drawn, scene.window);
}

const sameWindow = (one, other) => one !== null && one.from === other.from && one.to === other.to && one.all === other.all;

function readSettings() {
  now = settings();
  const window = field.model.windowOf(now.since, now.until);
  if (sameWindow(scene.window, window)) return;
  scene.window = window;
  scene.papers = window.all || !field.model.papers ? null : field.model.countPapers(window);
  recount();
}

export function applyFilters() {
  readSettings();
  const hidden = { nodes: {}, links: {} };
  const note = (kind, why) => { hidden[kind][why] = (hidden[kind][why] ?? 0) + 1; };
  for (let n = 0; n < N; n++) scene.passes[n] = nodes.type[n] === undefined || !whyNode(n) ? 1 : 0;
  const { sources, targets, papers, kinds } = scene.links;
  const linkReasons = Array.from(papers, (number, l) => whyLink(sources[l], targets[l], number, MOST_KINDS[kinds[l]]));
  const adjacent = adjacency((l) => !linkReasons[l] && scene.passes[sources[l]] && scene.passes[targets[l]]);
  const near = surroundings.node < 0 ? null : reach(surroundings.node, surroundings.steps, adjacent);
  for (const n of scene.drawn) {
    const why = whyNode(n) || (near && !near.has(n) ? "distance" : "");
    scene.shown[n] = why ? 0 : 1;
    if (why) note("nodes", why);
  }
  const ranks = new Map();
  const isStrong = (a, b) => {
    const [one, other] = [(ranks.get(a) ?? 0) + 1, (ranks.get(b) ?? 0) + 1];
    ranks.set(a, one);
    ranks.set(b, other);
    return Math.min(one, other) <= STRONGEST;
  };
  scene.lines = [];
  for (let l = 0; l < papers.length; l++) {
    const [a, b] = [sources[l], targets[l]];
    const why = !scene.shown[a] || !scene.shown[b] ? "of hidden nodes" : linkReasons[l] || (inputs.strongest.checked && !isStrong(a, b) && a !== surroundings.node && b !== surroundings.node ? "not among the three strongest of a node" : "");
    if (why) note("links", why);
    else scene.lines.push(l);
  }
  scene.adjacent = adjacency(null);
  if (inputs.linked.checked) {
    for (const n of scene.drawn) {
      if (!scene.shown[n] || n === surroundings.node || scene.adjacent.has(n)) continue;
      scene.shown[n] = 0;
      note("nodes", "lack of links");
    }
  }
  showSettings();
  showCounts(hidden);
  scene.regions = null;
  act.filtered();
}

/** Who is linked with whom by links of the picture: those that are shown (null), or that pass. */
function adjacency(passes) {
  const { sources, targets } = scene.links;
  const adjacent = new Map();
  const add = (a, b, l) => {
    if (adjacent.has(a)) adjacent.get(a).push([b, l]);
    else adjacent.set(a, [[b, l]]);
  };
  const both = (l) => {
    add(sources[l], targets[l], l);
    add(targets[l], sources[l], l);
  };
  if (!passes) scene.lines.forEach(both);
  else if (surroundings.node >= 0) for (let l = 0; l < sources.length; l++) if (passes(l)) both(l);
  return adjacent;
}

/** The nodes that so many steps lead to. */
function reach(start, steps, adjacent) {
  const found = new Set([start]);
  let edge = [start];
  for (let step = 0; step < steps; step++) {
    edge = [...new Set(edge.flatMap((n) => (adjacent.get(n) ?? []).map(([other]) => other)))].filter((n) => !found.has(n));
    for (const n of edge) found.add(n);
  }
  return found;
}

function showSettings() {
  for (const name of ["min-papers", "min-link"]) inputs[name].parentElement.querySelector("output").textContent = inputs[name].value;
  const [from, to] = [now.since ?? -Infinity, now.until ?? Infinity];
  for (const bar of part("histogram").children) bar.classList.toggle("in", Number(bar.dataset.year) >= from && Number(bar.dataset.year) <= to);
}

function showCounts(hidden) {
  const shown = scene.drawn.reduce((sum, n) => sum + scene.shown[n], 0);
  part("counts").textContent = `${count.format(shown)} of ${count.format(graph.all[0])} nodes, ${count.format(scene.lines.length)} of ${count.format(graph.all[1])} links`;
  const reasons = Object.entries(hidden.nodes).map(([why, number]) => `${plural(number, "node")} by ${why}`);
  for (const [why, number] of Object.entries(hidden.links)) reasons.push(`${plural(number, "link")} ${why}`);
  const outside = N - scene.drawn.length;
  const rule = graph.rule ? `This page holds ${graph.rule}. ` : "";
  const left = outside > 0 ? `The picture draws ${plural(scene.drawn.length, "node")} that most papers mention; ${count.format(outside)} more are found by name, in panels and in paths. ` : "";
  const window = scene.window.all ? "" : `Papers are counted from ${now.since ?? span[0]} to ${now.until ?? span[1]}. `;
  part("hidden").textContent = rule + left + window + (reasons.length ? `Hidden: ${reasons.join("; ")}.` : "Nothing is hidden.");
}

const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/** Put nodes into the picture, each beside those it is linked with most; return those that were not there. */
export function addToPicture(some) {
  const added = some.filter((n) => !scene.isDrawn[n]);
  const reachOf = 30 / Math.min(scene.whole, 1e6);
  for (const n of added) {
    const beside = field.model.linksOf(n).filter(({ node }) => scene.isDrawn[node]).sort((a, b) => b.papers - a.papers || a.node - b.node).slice(0, 3);
    const weight = beside.reduce((sum, { papers }) => sum + papers, 0);
    const middle = (at) => (weight ? beside.reduce((sum, { node, papers }) => sum + at[node] * papers, 0) / weight : 0);
    place(n, middle(xs) + reachOf * Math.cos(n * GOLDEN), middle(ys) + reachOf * Math.sin(n * GOLDEN));
    scene.drawn.push(n);
  }
  if (added.length) {
    scene.drawn.sort((a, b) => a - b);
    repaintNodes();
    fillModel(added);
    recount();
  }
  return added;
}

/** Take nodes out of the picture again. */
export function takeFromPicture(some) {
  const gone = new Set(some);
  scene.drawn = scene.drawn.filter((n) => !gone.has(n));
  for (const n of gone) {
    scene.isDrawn[n] = 0;
    scene.shown[n] = 0;
  }
  network.body.data.nodes.remove([...gone].map((n) => nodes.ids[n]));
  recount();
}
