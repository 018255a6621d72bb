// What is shown: types, least papers, significance, years, communities, surroundings; and what is hidden, and why.
"use strict";

const inputs = Object.fromEntries(["min-papers", "min-link", "strongest", "backbone", "linked", "community", "year-from", "year-to"].map((name) => [name, part(name)]));
const surroundings = { node: -1, steps: 1 }; // of which node alone, if any
const years = graph.nodes.first_year.filter((year) => year != null);
const lasts = graph.nodes.last_year.filter((year) => year != null);
const span = years.length ? [years.reduce((a, b) => Math.min(a, b)), lasts.reduce((a, b) => Math.max(a, b))] : null;
const presentTypes = graph.types.filter((type) => graph.nodes.type.includes(type));
const count = new Intl.NumberFormat("en");

function plural(number, word) {
  return `${count.format(number)} ${word}${number === 1 ? "" : "s"}`;
}

function swatch(type) {
  const element = make("span", { class: `swatch ${SHAPES[type]}`, "aria-hidden": "true" });
  element.style.background = typeInk(type);
  return element;
}

function typeInk(type) {
  return scene.colourBy === "type" ? inks.types[graph.types.indexOf(type)] : inks.soft;
}

/** The links that are among the three strongest of one of their ends: most papers, then least explained by chance. */
const strongest = new Set();
for (const list of neighbours) {
  const ranked = [...list].sort((a, b) => graph.links.papers[b[1]] - graph.links.papers[a[1]] || graph.links.q[a[1]] - graph.links.q[b[1]] || a[1] - b[1]);
  for (const [, l] of ranked.slice(0, 3)) strongest.add(l);
}

/** Communities by size, each with its size and a name made of its two most mentioned nodes. */
const communities = new Map();
for (const n of byImportance) {
  const number = graph.nodes.community[n];
  if (!communities.has(number)) communities.set(number, { size: 0, tops: [] });
  const one = communities.get(number);
  one.size++;
  if (one.tops.length < 2) one.tops.push(shortLabels[n].length > 26 ? `${Array.from(shortLabels[n]).slice(0, 24).join("")}…` : shortLabels[n]);
}
const byCommunitySize = [...communities.keys()].sort((a, b) => communities.get(b).size - communities.get(a).size || a - b);

function communityName(number) {
  return communities.get(number).tops.join(", ");
}

function buildControls() {
  for (const type of presentTypes) {
    const box = make("input", { type: "checkbox", "data-kg": "type", value: type, checked: true, onchange: applyFilters });
    part("types").append(make("label", {}, box, " ", swatch(type), `${type}s (${count.format(graph.nodes.type.filter((other) => other === type).length)})`));
  }
  inputs["min-papers"].max = Math.max(1, graph.nodes.papers[byImportance[0]] ?? 1);
  inputs["min-link"].max = heaviest;
  const several = byCommunitySize.filter((number) => communities.get(number).size > 1);
  inputs.community.append(make("option", { value: "" }, "all"), ...several.map((number) => make("option", { value: String(number) }, `${communityName(number)} (${communities.get(number).size})`)));
  if (span) {
    for (const name of ["year-from", "year-to"]) [inputs[name].min, inputs[name].max] = span;
    drawHistogram();
  } else {
    for (const name of ["year-from", "year-to"]) inputs[name].parentElement.hidden = true;
    part("histogram").style.display = "none";
    part("list").classList.add("undated");
  }
  for (const input of Object.values(inputs)) input.addEventListener("input", applyFilters);
  part("reset").addEventListener("click", resetFilters);
  setDefaults();
}

/** Fill an SVG with bars: [place, value] each, `wide` places wide, 20 high. */
function drawBars(svg, bars, wide) {
  const most = bars.reduce((top, [, value]) => Math.max(top, value), 1);
  svg.setAttribute("viewBox", `0 0 ${wide} 20`);
  svg.replaceChildren(
    ...bars.map(([place, value]) => {
      const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [name, number] of Object.entries({ x: place + 0.1, width: 0.8, y: 20 - (20 * value) / most, height: (20 * value) / most })) bar.setAttribute(name, number);
      return bar;
    }),
  );
}

function drawHistogram() {
  const counts = new Map();
  for (const year of years) counts.set(year, (counts.get(year) ?? 0) + 1);
  const bars = [...counts].sort((a, b) => a[0] - b[0]);
  drawBars(part("histogram"), bars.map(([year, value]) => [year - span[0], value]), span[1] - span[0] + 1);
  bars.forEach(([year], place) => { part("histogram").children[place].dataset.year = year; });
  part("histogram").setAttribute("aria-label", `Nodes by the first year of their papers, ${span[0]} to ${span[1]}`);
}

function valueIn(input) {
  return input.type === "checkbox" ? String(Number(input.checked)) : input.value;
}

function setValue(input, value) {
  if (input.type === "checkbox") input.checked = value === "1";
  else input.value = value;
}

const defaults = {
  "min-papers": "1",
  "min-link": "1",
  strongest: String(Number(L > 300 && L > 1.5 * N)), // otherwise a hairball
  backbone: "0",
  linked: "0",
  community: "",
  "year-from": span ? String(span[0]) : "",
  "year-to": span ? String(span[1]) : "",
};

function setDefaults() {
  for (const box of document.querySelectorAll('[data-kg="type"]')) box.checked = true;
  for (const [name, value] of Object.entries(defaults)) setValue(inputs[name], value);
  surroundings.node = -1;
}

function resetFilters() {
  setDefaults();
  applyFilters();
}

function withinYears(first, last, from, to) {
  if (!span || (from <= span[0] && to >= span[1])) return true;
  return first != null && last >= from && first <= to;
}

function applyFilters() {
  const types = new Set([...document.querySelectorAll('[data-kg="type"]:checked')].map((box) => box.value));
  const [leastPapers, leastLink] = [Number(inputs["min-papers"].value), Number(inputs["min-link"].value)];
  const [from, to] = [Number(inputs["year-from"].value) || -Infinity, Number(inputs["year-to"].value) || Infinity];
  const community = inputs.community.value;
  const whyNode = (n) => {
    if (!types.has(typeOf(n))) return "type";
    if (graph.nodes.papers[n] < leastPapers) return "papers";
    if (!withinYears(graph.nodes.first_year[n], graph.nodes.last_year[n], from, to)) return "years";
    return community !== "" && String(graph.nodes.community[n]) !== community ? "community" : "";
  };
  const whyLink = (l) => {
    if (graph.links.papers[l] < leastLink) return "in too few papers";
    if (!withinYears(graph.links.first_year[l], graph.links.last_year[l], from, to)) return "of other years";
    return inputs.backbone.checked && !(graph.links.q[l] <= 0.05) ? "that chance could explain" : "";
  };
  const hidden = { nodes: {}, links: {} };
  const note = (kind, why) => { hidden[kind][why] = (hidden[kind][why] ?? 0) + 1; };
  const nodeReasons = Array.from({ length: N }, (_, n) => whyNode(n));
  const linkReasons = Array.from({ length: L }, (_, l) => whyLink(l));
  const near = surroundings.node < 0 ? null : reach(surroundings.node, surroundings.steps, (n) => !nodeReasons[n], (l) => !linkReasons[l]);
  for (let n = 0; n < N; n++) {
    const why = nodeReasons[n] || (near && !near.has(n) ? "distance" : "");
    scene.shown[n] = why ? 0 : 1;
    if (why) note("nodes", why);
  }
  for (let l = 0; l < L; l++) {
    const [a, b] = [graph.sources[l], graph.targets[l]];
    const weak = inputs.strongest.checked && !strongest.has(l) && a !== surroundings.node && b !== surroundings.node;
    const why = !scene.shown[a] || !scene.shown[b] ? "of hidden nodes" : linkReasons[l] || (weak ? "not among the three strongest of a node" : "");
    scene.linkShown[l] = why ? 0 : 1;
    if (why) note("links", why);
  }
  if (inputs.linked.checked) {
    for (let n = 0; n < N; n++) {
      if (!scene.shown[n] || n === surroundings.node || neighbours[n].some(([, l]) => scene.linkShown[l])) continue;
      scene.shown[n] = 0;
      note("nodes", "lack of links");
    }
  }
  for (const name of ["min-papers", "min-link"]) inputs[name].parentElement.querySelector("output").textContent = inputs[name].value;
  for (const bar of part("histogram").children) bar.classList.toggle("in", Number(bar.dataset.year) >= from && Number(bar.dataset.year) <= to);
  scene.regions = null;
  scene.crowded = scene.linkShown.reduce((sum, one) => sum + one, 0) > 3000;
  showCounts(hidden);
  showScope();
  fillList();
  refreshNear();
  network.redraw();
  remember();
}

/** The nodes that so many steps lead to, through what passes. */
function reach(start, steps, nodePasses, linkPasses) {
  const found = new Set([start]);
  let edge = [start];
  for (let step = 0; step < steps; step++) {
    edge = edge.flatMap((n) => neighbours[n].filter(([other, l]) => nodePasses(other) && linkPasses(l) && !found.has(other)).map(([other]) => other));
    for (const n of edge) found.add(n);
    edge = [...new Set(edge)];
  }
  return found;
}

function showCounts(hidden) {
  const nodes = scene.shown.reduce((sum, one) => sum + one, 0);
  const links = scene.linkShown.reduce((sum, one) => sum + one, 0);
  part("counts").textContent = `${count.format(nodes)} of ${count.format(graph.all[0])} nodes, ${count.format(links)} of ${count.format(graph.all[1])} links`;
  const reasons = Object.entries(hidden.nodes).map(([why, number]) => `${plural(number, "node")} by ${why}`);
  for (const [why, number] of Object.entries(hidden.links)) reasons.push(`${plural(number, "link")} ${why}`);
  const left = graph.rule ? `This page holds ${graph.rule}. ` : "";
  part("hidden").textContent = left + (reasons.length ? `Hidden: ${reasons.join("; ")}.` : "Nothing is hidden.");
}
