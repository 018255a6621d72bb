// The clusters of the picture as a list: each can be highlighted, shown alone or hidden; and the panel of one.

import { act } from "./actions.js";
import { N, field, graph, nodes } from "./data.js";
import { button, count, make, part, plural, short } from "./dom.js";
import { applyFilters, hiddenClusters, inputs } from "./filters.js";
import { areaName, clusterName } from "./labels.js";
import { nodeButton, openPanel } from "./panel.js";
import { papersSection } from "./papers.js";
import { areaColour, areaOfCommunity, byArea, communityColour, drawnAreas, drawnCommunities, network, papersNow, scene } from "./scene.js";
import { tabbed } from "./tabs.js";

const MOST_CLUSTERS = 60;

function dotOf(colour) {
  const dot = make("span", { class: "swatch dot own", "aria-hidden": "true" });
  dot.style.background = colour;
  return dot;
}

export const clusterDot = (community) => dotOf(communityColour(community));
export const areaDot = (area) => dotOf(areaColour(area));

function clusterRow([community, members]) {
  const hidden = hiddenClusters.has(community);
  return make("li", { class: hidden ? "off" : null },
    button([clusterDot(community), short(clusterName(community), 70)], () => showCommunity(community), { class: "neighbour", dir: "auto", "data-community": community }),
    make("span", { class: "soft" }, count.format(members.length)),
    button(hidden ? "show" : "hide", () => toggle(community), { class: "why", "aria-label": `${hidden ? "Show" : "Hide"} the cluster ${clusterName(community)}` }));
}

/** The clusters under their areas, the largest area first. */
function areaRows(shown) {
  const within = (area) => shown.filter(([community]) => areaOfCommunity(community) === area);
  return drawnAreas().filter(([area]) => within(area).length).flatMap(([area]) => [
    make("li", { class: "area" }, button([areaDot(area), short(areaName(area), 70)], () => showArea(area), { class: "neighbour", dir: "auto", "data-area": area })),
    ...within(area).map(clusterRow)]);
}

export function fillClusters() {
  const several = drawnCommunities().filter(([, members]) => members.length > 1);
  const shown = several.slice(0, MOST_CLUSTERS);
  part("clusters").replaceChildren(...(byArea ? areaRows(shown) : shown.map(clusterRow)));
  part("clusters-more").textContent = several.length > MOST_CLUSTERS ? `and ${count.format(several.length - MOST_CLUSTERS)} smaller ones` : several.length ? "" : "No node has a cluster with others.";
}

function toggle(community) {
  if (hiddenClusters.has(community)) hiddenClusters.delete(community);
  else hiddenClusters.add(community);
  applyFilters();
}

/** All nodes of a community, or of an area, that the filters let pass, drawn or not. */
function membersOf(column, group) {
  const found = [];
  for (let n = 0; n < N; n++) if (nodes[column][n] === group && scene.passes[n] && papersNow(n) > 0) found.push(n);
  return found;
}

/** The papers that mention at least two nodes of a community, or its only one. */
function papersWithin(members) {
  const counts = new Map();
  for (const n of members) for (const p of field.model.papersOf(n, scene.window)) counts.set(p, (counts.get(p) ?? 0) + 1);
  return [...counts].filter(([, number]) => number > 1 || members.length === 1).map(([p]) => p).sort((a, b) => a - b);
}

/** Open the panel of a community, its nodes lit in the picture. */
export function showCommunity(community) {
  const alone = inputs.community.value === String(community);
  const area = byArea ? areaOfCommunity(community) : undefined;
  showGroup(membersOf("community", community), [clusterDot(community), short(clusterName(community), 90)], `cluster-${community}`,
    [area === undefined ? null : make("p", {}, make("strong", {}, "Area: "), button(short(areaName(area), 80), () => showArea(area), { class: "inline", "data-kg": "area-of" }))],
    button(alone ? "Show all clusters" : "Show alone", () => alonesOf(alone ? "" : String(community)), { "data-kg": "community-alone" }));
}

/** Open the panel of an area: its clusters, and all that a cluster has. */
export function showArea(area) {
  const within = drawnCommunities().filter(([community]) => areaOfCommunity(community) === area).slice(0, MOST_CLUSTERS);
  showGroup(membersOf("area", area), [areaDot(area), short(areaName(area), 90)], `area-${area}`,
    [make("h3", {}, "Its clusters in the picture"), make("ul", { class: "neighbours" }, ...within.map(clusterRow))], null);
}

function showGroup(members, heading, name, besides, alone) {
  act.clear();
  scene.near = new Set(members);
  const papers = papersWithin(members);
  const { section, fill } = papersSection(papers, [], name);
  const types = new Map();
  for (const n of members) types.set(nodes.type[n], (types.get(nodes.type[n]) ?? 0) + 1);
  const largest = [...members].sort((a, b) => papersNow(b) - papersNow(a) || a - b);
  openPanel(heading,
    make("p", { class: "facts" }, `${[...types].sort((a, b) => b[1] - a[1]).map(([type, number]) => plural(number, type)).join(", ")}; ${plural(papers.length, "paper")} that mention two of them or more.`),
    make("p", { class: "actions" }, alone, types.has("method") && types.size > 1 ? button("Methods × data", () => act.showMatrix(members), { "data-kg": "matrix" }) : null),
    ...tabbed("Parts of the details",
      ["Nodes", make("section", { id: "panel-links" }, ...besides, make("h3", {}, plural(members.length, "node")), make("ul", { class: "neighbours" }, ...largest.slice(0, 60).map((n) => make("li", {}, nodeButton(n), make("span", { class: "soft" }, plural(papersNow(n), "paper"))))), members.length > 60 ? make("p", { class: "hint" }, `and ${count.format(members.length - 60)} more; the list holds them`) : null)],
      [`Papers (${count.format(papers.length)})`, section, fill]));
  network.redraw();
}

function alonesOf(value) {
  inputs.community.value = value;
  applyFilters();
  act.fit();
}

/** Who is evaluated on what: the strongest methods of some nodes against their strongest data, papers in the cells. */
export function showMatrix(some = scene.drawn.filter((n) => scene.shown[n])) {
  const methods = some.filter((n) => nodes.type[n] === "method");
  const data = some.filter((n) => nodes.type[n] === "dataset" || nodes.type[n] === "benchmark");
  const inside = new Set(data);
  const rows = methods.slice(0, 400).map((n) => [n, new Map(field.model.linksOf(n, scene.window).filter(({ node }) => inside.has(node)).map((link) => [link.node, link]))]);
  const counted = graph.hasRoles ? (link) => link?.said[0] ?? 0 : (link) => link?.papers ?? 0;
  const weight = (links) => [...links.values()].reduce((sum, link) => sum + counted(link), 0);
  const best = rows.filter(([, links]) => weight(links) > 0).sort((a, b) => weight(b[1]) - weight(a[1]) || a[0] - b[0]).slice(0, 25);
  const columns = data.map((d) => [d, best.reduce((sum, [, links]) => sum + counted(links.get(d)), 0)]).filter(([, sum]) => sum > 0).sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 15).map(([d]) => d);
  const most = Math.max(1, ...best.flatMap(([, links]) => columns.map((d) => counted(links.get(d)))));
  const cell = (n, link, d) => {
    const number = counted(link);
    const box = make("td", {}, number ? button(count.format(number), () => act.chooseLink(n, d), { "aria-label": `${nodes.label[n]} and ${nodes.label[d]}: ${plural(number, "paper")}` }) : "");
    if (number) box.style.background = `color-mix(in srgb, var(--accent) ${Math.round(8 + 50 * Math.sqrt(number / most))}%, transparent)`;
    return box;
  };
  act.clear();
  openPanel("Methods × data",
    make("p", { class: "facts" }, graph.hasRoles ? "Papers that evaluate the method on the data." : "Papers that mention both: this corpus does not say what papers do with them."),
    best.length && columns.length ? make("div", { class: "wide" }, make("table", { class: "matrix", "data-kg": "matrix-table" },
      make("thead", {}, make("tr", {}, make("td", {}), ...columns.map((d) => make("th", { scope: "col", title: nodes.label[d] }, make("span", { dir: "auto" }, short(nodes.label[d], 20)))))),
      make("tbody", {}, ...best.map(([n, links]) => make("tr", {}, make("th", { scope: "row", dir: "auto", title: nodes.label[n] }, short(nodes.label[n], 22)), ...columns.map((d) => cell(n, links.get(d), d))))))) : make("p", {}, "No method among what is shown is linked with a dataset or benchmark."));
}
Object.assign(act, { showMatrix, showCommunity, showArea });
