// What is shown: types, least papers, significance, years; the list of nodes beside the picture.
"use strict";

const inputs = Object.fromEntries(["min-papers", "min-link", "strongest", "backbone", "year-from", "year-to"].map((name) => [name, part(name)]));
const years = graph.nodes.first_year.filter((year) => year != null);
const lasts = graph.nodes.last_year.filter((year) => year != null);
const span = years.length ? [Math.min(...years), Math.max(...lasts)] : null;
const presentTypes = graph.types.filter((type) => graph.nodes.type.includes(type));

function swatch(type) {
  const element = make("span", { class: `swatch ${SHAPES[type]}`, "aria-hidden": "true" });
  element.style.background = inks.types[graph.types.indexOf(type)];
  return element;
}

/** The links that are among the three strongest of one of their ends: most papers, then least explained by chance. */
const strongest = new Set();
for (const list of neighbours) {
  const ranked = [...list].sort((a, b) => graph.links.papers[b[1]] - graph.links.papers[a[1]] || graph.links.q[a[1]] - graph.links.q[b[1]] || a[1] - b[1]);
  for (const [, l] of ranked.slice(0, 3)) strongest.add(l);
}

function buildControls() {
  for (const type of presentTypes) {
    const count = graph.nodes.type.filter((other) => other === type).length;
    const box = make("input", { type: "checkbox", "data-kg": "type", value: type, checked: true, onchange: applyFilters });
    part("types").append(make("label", {}, box, " ", swatch(type), `${type}s (${count})`));
  }
  inputs["min-papers"].max = Math.max(1, ...graph.nodes.papers.slice(0, 1), graph.nodes.papers[byImportance[0]] ?? 1);
  inputs["min-link"].max = heaviest;
  if (span) {
    for (const name of ["year-from", "year-to"]) {
      inputs[name].min = span[0];
      inputs[name].max = span[1];
    }
    drawHistogram();
  } else {
    document.querySelector(".years").hidden = true;
    part("histogram").style.display = "none";
  }
  for (const input of Object.values(inputs)) input.addEventListener("input", applyFilters);
  part("reset").addEventListener("click", resetFilters);
  for (const button of document.querySelectorAll("[data-sort]")) button.addEventListener("click", () => sortList(button.dataset.sort));
  setDefaults();
}

function drawHistogram() {
  const counts = new Map();
  for (const year of years) counts.set(year, (counts.get(year) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const count = span[1] - span[0] + 1;
  part("histogram").setAttribute("viewBox", `0 0 ${count} 20`);
  for (const [year, value] of counts) {
    const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, number] of Object.entries({ x: year - span[0] + 0.1, width: 0.8, y: 20 - (20 * value) / most, height: (20 * value) / most })) bar.setAttribute(name, number);
    bar.dataset.year = year;
    part("histogram").append(bar);
  }
}

function setDefaults() {
  for (const box of document.querySelectorAll('[data-kg="type"]')) box.checked = true;
  inputs["min-papers"].value = 1;
  inputs["min-link"].value = 1;
  inputs["strongest"].checked = L > 3 * N; // otherwise a hairball
  inputs["backbone"].checked = false;
  inputs["year-from"].value = span ? span[0] : "";
  inputs["year-to"].value = span ? span[1] : "";
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
  const leastPapers = Number(inputs["min-papers"].value);
  const leastLink = Number(inputs["min-link"].value);
  const from = Number(inputs["year-from"].value) || -Infinity;
  const to = Number(inputs["year-to"].value) || Infinity;
  const hidden = { type: 0, "papers": 0, years: 0 };
  for (let n = 0; n < N; n++) {
    const why = !types.has(typeOf(n)) ? "type" : graph.nodes.papers[n] < leastPapers ? "papers" : !withinYears(graph.nodes.first_year[n], graph.nodes.last_year[n], from, to) ? "years" : "";
    scene.shown[n] = why ? 0 : 1;
    if (why) hidden[why]++;
  }
  for (let l = 0; l < L; l++) {
    const ends = scene.shown[graph.sources[l]] && scene.shown[graph.targets[l]];
    const strong = graph.links.papers[l] >= leastLink && (!inputs["backbone"].checked || graph.links.q[l] <= 0.05) && (!inputs["strongest"].checked || strongest.has(l));
    scene.linkShown[l] = ends && strong && withinYears(graph.links.first_year[l], graph.links.last_year[l], from, to) ? 1 : 0;
  }
  for (const name of ["min-papers", "min-link"]) inputs[name].parentElement.querySelector("output").textContent = inputs[name].value;
  for (const bar of part("histogram").children) bar.classList.toggle("in", Number(bar.dataset.year) >= from && Number(bar.dataset.year) <= to);
  showCounts(hidden);
  fillList();
  network.redraw();
  remember();
}

function showCounts(hidden) {
  const nodes = scene.shown.reduce((sum, one) => sum + one, 0);
  const links = scene.linkShown.reduce((sum, one) => sum + one, 0);
  const format = new Intl.NumberFormat("en");
  part("counts").textContent = `${format.format(nodes)} of ${format.format(graph.all[0])} nodes, ${format.format(links)} of ${format.format(graph.all[1])} links`;
  const reasons = Object.entries(hidden).filter(([, count]) => count).map(([why, count]) => `${count} nodes by ${why}`);
  if (links < L) reasons.push(`${format.format(L - links)} links`);
  const left = graph.rule ? `This page holds ${graph.rule}. ` : "";
  part("hidden").textContent = left + (reasons.length ? `Hidden: ${reasons.join(", ")}.` : "");
}

let order = ["papers", -1];

function sortList(column) {
  order = [column, order[0] === column ? -order[1] : column === "label" ? 1 : -1];
  for (const button of document.querySelectorAll("[data-sort]")) {
    button.closest("th").setAttribute("aria-sort", button.dataset.sort !== column ? "none" : order[1] > 0 ? "ascending" : "descending");
  }
  fillList();
}

function fillList() {
  const [column, direction] = order;
  const value = (n) => (column === "degree" ? degree[n] : graph.nodes[column][n] ?? -Infinity);
  const rows = [...Array(N).keys()].filter((n) => scene.shown[n]);
  rows.sort((a, b) => direction * (column === "label" ? value(a).localeCompare(value(b)) : value(a) - value(b)) || a - b);
  const body = part("list").tBodies[0];
  body.replaceChildren(
    ...rows.slice(0, 500).map((n) =>
      make("tr", {},
        make("td", {}, make("button", { type: "button", onclick: () => choose(n, true) }, swatch(typeOf(n)), graph.nodes.label[n])),
        make("td", {}, String(graph.nodes.papers[n])), make("td", {}, String(degree[n])), make("td", {}, String(graph.nodes.first_year[n] ?? ""))),
    ),
    ...(rows.length > 500 ? [make("tr", {}, make("td", { colspan: "4" }, `and ${rows.length - 500} more`))] : []),
  );
}
