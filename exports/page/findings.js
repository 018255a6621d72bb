// What the whole field tells: its strongest links, its bridges, its gaps; in the order and with the figures of the commands.

import { act } from "./actions.js";
import { findings, graph, into, nodes, typeOf } from "./data.js";
import { button, count, make, part, plural, say } from "./dom.js";
import { surroundings } from "./filters.js";
import { shortLabel } from "./labels.js";
import { colouredGroups } from "./legend.js";
import { linkButton, linkWords, nodeButton, openPanel, yearChart } from "./panel.js";
import { network, scene, span } from "./scene.js";
import { tabbed } from "./tabs.js";

const FIRST_LINKS = 20;

/** A pair with its method first, as the commands write it. */
function inOrder([one, other]) {
  return typeOf(one) !== "method" && typeOf(other) === "method" ? [other, one] : [one, other];
}

function linkRow(pair) {
  const [a, b] = inOrder(pair.map(into));
  const { papers, kind } = linkWords(a, b);
  return make("li", { class: "pair" }, make("span", {}, nodeButton(a), nodeButton(b)), graph.hasRoles && kind !== "mention" ? make("span", { class: "role" }, kind) : null, linkButton(a, b, papers));
}

/** A list of links, the first of them at once. */
function linkList(pairs, name) {
  const list = make("ul", { class: "neighbours pairs", "data-kg": name }, ...pairs.slice(0, FIRST_LINKS).map(linkRow));
  const more = pairs.length > FIRST_LINKS ? make("p", {}, button(`${count.format(pairs.length - FIRST_LINKS)} more`, (event) => {
    list.append(...pairs.slice(FIRST_LINKS).map(linkRow));
    event.target.remove();
  }, { class: "inline" })) : null;
  return pairs.length ? [list, more] : [make("p", {}, "None.")];
}

function share(number) {
  return number >= 0.001 ? `${(100 * number).toPrecision(2)} %` : "under 0.1 %";
}

/** Open what the picture is about when nothing is chosen: the field in figures, its areas, strongest links and bridges. */
export async function showAbout() {
  const found = await findings();
  const years = graph.years.filter(([year]) => year !== null).sort((a, b) => a[0] - b[0]);
  const groups = colouredGroups();
  const about = make("section", { id: "panel-about" },
    yearChart(years),
    groups.length ? [make("h3", {}, "Its largest subfields"), make("ul", { class: "neighbours", "data-kg": "subfields" }, ...groups.map(({ name, dot, show }) => make("li", {}, button([dot, name], show, { class: "neighbour", dir: "auto" }))))] : null,
    graph.rule ? make("p", {}, `This page holds ${graph.rule}.`) : null,
    make("p", {}, "A node is a method, dataset or benchmark; two are linked when a paper mentions both. What proves a link are the sentences of these papers."),
    surroundings.node >= 0 ? make("p", {}, "The picture is narrowed to the surroundings of one node.") : null);
  const links = make("section", { id: "panel-links" },
    make("h3", {}, "Strongest links"), ...linkList(found.strongest, "strongest-links"),
    found.data.length ? [make("h3", {}, "Datasets and benchmarks of the same papers"), ...linkList(found.data, "strongest-data")] : null);
  const bridges = make("section", { id: "panel-bridges" },
    make("p", { class: "hint" }, "Nodes that most shortest ways between others lead through, and the communities that they are linked with."),
    found.bridges.length ? make("ol", { class: "neighbours", "data-kg": "bridges" }, ...found.bridges.map(([n, between, joined]) => make("li", {}, nodeButton(into(n)), make("span", { class: "soft" }, `${share(between)}, ${plural(joined, "community", "communities")}`)))) : make("p", {}, "None."));
  act.clear();
  openPanel(part("name").textContent,
    make("p", { class: "facts" }, `${plural(graph.corpus, "paper")}, of which ${count.format(graph.papers)} name ${plural(graph.nodes, "node")}${span ? `; ${span[0]} to ${span[1]}` : ""}.`),
    ...tabbed("Parts of the overview", ["Overview", about], ["Strongest links", links], ["Bridges", bridges]));
  network.redraw();
}

/** Open the pairs that no paper mentions together, though what they are linked with suggests it. */
export async function showGaps() {
  const { gaps } = await findings();
  const row = ([method, resource, score, shared]) => {
    const [a, b] = [into(method), into(resource)];
    return make("li", {}, nodeButton(a), make("span", { class: "soft", "aria-hidden": "true" }, "—"), nodeButton(b), make("span", { class: "soft reason" }, `score ${score.toPrecision(3)}, through ${shared.join(", ")} `, button("compare", () => act.select([a, b]), { class: "inline", "aria-label": `Compare ${shortLabel(a)} and ${shortLabel(b)}` })));
  };
  act.clear();
  openPanel("Gaps",
    make("p", { class: "facts" }, "Methods, each with a dataset or benchmark that no paper mentions with it, though papers that mention what both are linked with would bring them together: not yet tried, or tried and not told. Best first, as kg gaps tells them."),
    gaps.length ? make("ol", { class: "neighbours gaps", "data-kg": "gap-list" }, ...gaps.map(row)) : make("p", {}, "None: too few papers share neighbours."));
  scene.near = gaps.length ? new Set(gaps.flatMap(([method, resource]) => [into(method), into(resource)])) : null;
  say(`${plural(gaps.length, "gap")}${gaps.length ? `, the first ${nodes.label[gaps[0][0]]} and the ${typeOf(gaps[0][1])} ${nodes.label[gaps[0][1]]}` : ""}.`);
  network.redraw();
}
