// The panel: a node, a link, a path, a paper, several nodes, with what proves them. Everything named in it leads on.

import { act } from "./actions.js";
import { testLink } from "./chance.js";
import { field, graph, nodes, numberOf, paper, papersTogether, reasonsOf, sentencesOf, typeOf } from "./data.js";
import { button, count, drawBars, drawing, make, part, plural, say, short } from "./dom.js";
import { addressOf } from "./formats.js";
import { linksOf, presentTypes, swatch } from "./filters.js";
import { clusterName, shortLabel } from "./labels.js";
import { KINDS } from "./model.js";
import { fileName, papersSection, roleCounts, showArticles } from "./papers.js";
import { narrow, papersNow, scene, stage } from "./scene.js";
import { showTab, tabbed } from "./tabs.js";

export const panel = part("panel");
let opener = null; // where the focus was before the panel took it
let byKeys = false; // whether keys or a pointer did the last thing
document.addEventListener("keydown", () => { byKeys = true; }, true);
document.addEventListener("pointerdown", () => { byKeys = false; }, true);

/** What draws a side up over the map, and back down, where it is a sheet at the foot of a phone: by a tap, a key or a swipe. */
export function sheetHandle(side) {
  const show = (tall) => {
    side.classList.toggle("tall", tall);
    handle.setAttribute("aria-expanded", String(tall));
    act.resized();
  };
  let began = null;
  const handle = make("button", { type: "button", class: "sheet", "data-kg": "sheet", "aria-label": "Taller", "aria-expanded": String(side.classList.contains("tall")),
    onclick: () => show(!side.classList.contains("tall")),
    onpointerdown: (event) => { began = event.clientY; handle.setPointerCapture(event.pointerId); },
    onpointerup: (event) => {
      const moved = event.clientY - (began ?? event.clientY);
      began = null;
      if (Math.abs(moved) > 24) handle.addEventListener("click", (click) => { click.stopImmediatePropagation(); show(moved < 0); }, { once: true, capture: true });
    } });
  return handle;
}

/** Open the panel under a heading; the focus follows if it was in the panel, or if keys brought us here. */
export function openPanel(heading, ...children) {
  const inside = panel.contains(document.activeElement);
  if (!inside) opener = document.activeElement;
  const title = make("h2", { tabindex: "-1", dir: "auto" }, ...[heading].flat());
  panel.replaceChildren(sheetHandle(panel), make("button", { type: "button", class: "close", "aria-label": "Close the details", onclick: () => act.choose(-1) }, "✕"), title, ...children.flat().filter((child) => child != null && child !== ""));
  const opened = panel.hidden;
  if (opened && narrow.matches) act.closeSide();
  panel.hidden = false;
  panel.scrollTop = 0;
  if (inside || (byKeys && document.activeElement !== stage)) title.focus({ preventScroll: true });
  if (opened) act.resized();
}

export function closePanel() {
  if (panel.hidden) return;
  const inside = panel.contains(document.activeElement);
  panel.hidden = true;
  panel.replaceChildren();
  if (inside) (opener?.isConnected ? opener : stage).focus({ preventScroll: true });
  act.resized();
}

export function nodeButton(n) {
  return make("button", { type: "button", class: "neighbour", dir: "auto", "data-kg": "neighbour", "data-id": nodes.ids[n], onclick: (event) => (event.ctrlKey || event.metaKey ? act.toggleSelected(n) : act.choose(n, true)) }, swatch(typeOf(n)), nodes.label[n] ?? nodes.ids[n]);
}

export function linkButton(a, b, papers, text = plural(papers, "paper")) {
  return make("button", { type: "button", class: "why", "aria-label": `${plural(papers, "paper")}: why ${shortLabel(a)} and ${shortLabel(b)} are linked`, onclick: () => act.chooseLink(a, b) }, text);
}

/** How many papers a link has in the years chosen, and its kind. */
export function linkWords(a, b) {
  const link = field.model.link(a, b, scene.window) ?? field.model.link(a, b);
  return { papers: link?.papers ?? 0, kind: link?.kind ?? "mention" };
}

/** Papers a year as bars. */
export function yearChart(course) {
  if (course.length < 2) return null;
  const [low, high] = [course[0][0], course.at(-1)[0]];
  const chart = drawing("svg", { class: "chart", role: "img", "data-kg": "years", "aria-label": `Papers by year: ${course.map(([year, number]) => `${year}: ${number}`).join(", ")}` });
  drawBars(chart, course.map(([year, number]) => [year - low, number]), high - low + 1);
  return make("figure", {}, chart, make("figcaption", {}, make("span", {}, String(low)), make("span", {}, `papers a year, at most ${course.reduce((most, [, number]) => Math.max(most, number), 0)}`), make("span", {}, String(high))));
}

const REASONS = {
  "same key": (detail) => `spelled like “${detail}”`,
  abbreviation: (detail) => `defined as “${detail}”`,
  lexicon: (detail) => `a known name of “${detail}”`,
  "type word": (detail) => `a name with its type word, “${detail}”`,
  "same entity": (detail) => `used as one thing, ${detail}`,
  thesaurus: (detail) => `your thesaurus, ${detail}`,
};

function namesList(rows) {
  const because = ([name, rule, source, detail]) => make("li", {}, make("strong", { dir: "auto" }, name), ": ", (REASONS[rule] ?? ((text) => `${rule}, ${text}`))(detail), source ? ` (${source})` : "");
  return make("ul", { class: "names", "data-kg": "names" }, ...rows.slice(0, 100).map(because));
}

const byStrength = (a, b) => b.papers - a.papers || nodes.papers[a.node] - nodes.papers[b.node] || a.node - b.node;

/** The links of a node by the types of the other ends, strongest first, all of them. */
function neighbourLists(n, links) {
  const row = ({ node, papers, kind }) => make("li", {}, nodeButton(node), graph.hasRoles && kind !== "mention" ? make("span", { class: "role" }, kind) : null, linkButton(n, node, papers));
  return presentTypes.flatMap((type) => {
    const list = links.filter(({ node }) => typeOf(node) === type).sort(byStrength);
    if (!list.length) return [];
    const holder = make("ul", { class: "neighbours" }, ...list.slice(0, 12).map(row));
    let next = 12;
    const more = list.length > next ? make("p", {}, button(`${count.format(list.length - next)} more`, (event) => {
      holder.append(...list.slice(next, next + 100).map(row));
      next += 100;
      if (next >= list.length) event.target.remove();
      else event.target.textContent = `${count.format(list.length - next)} more`;
    }, { class: "inline" })) : null;
    return [make("h3", {}, `Linked ${type}s (${count.format(list.length)})`), holder, more];
  });
}

/** What papers do with a node, each leading to these papers. */
function rolesOf(n, papers, narrowTo) {
  const roles = graph.hasRoles ? roleCounts(papers, n) : [];
  if (!roles.length) return null;
  const words = { new: "Introduced by", evaluated: "Evaluated on by", compared: "Compared with by", studied: "Studied by", used: "Used by", other: "Mentioned by" };
  const first = [...papers].reverse().find((p) => field.model.roleIn(p, n) === "new");
  const introduced = first === undefined ? "" : make("span", {}, " — first ", button(short(paper(first).title || paper(first).id, 60), () => act.choosePaper(first), { class: "inline", dir: "auto" }), paper(first).year ? ` (${paper(first).year})` : "");
  return make("ul", { class: "names", "data-kg": "roles" }, ...roles.map(([role, number]) => make("li", {}, `${words[role] ?? role} `, button(plural(number, "paper"), () => narrowTo(role), { class: "inline" }), role === "new" ? introduced : "")));
}

function yearsWords(course) {
  if (!course.length) return "";
  const [first, last] = [course[0][0], course.at(-1)[0]];
  return `, ${first === last ? first : `${first}–${last}`}`;
}

function listedCourse(n) {
  return nodes.first_year[n] == null ? [] : [[nodes.first_year[n], 0], [nodes.last_year[n], 0]];
}

/** Where a node stands in the picture, if that needs words. */
function placeWords(n, added) {
  if (added) return "It was outside the picture and is added to it with its strongest links.";
  if (scene.shown[n]) return "";
  return make("span", {}, "Your filters hide it in the picture. ", button("Reset the filters", () => { document.querySelector('[data-kg="reset"]').click(); act.choose(n, true); }, { class: "inline" }));
}

const NEWEST = 5; // papers whose sentences stand beside the links

/** Open the panel of a node. */
export async function showNode(n, added) {
  const papers = field.model.papersOf(n, scene.window);
  const course = field.model.course(papers);
  const links = linksOf(n);
  const why = make("div");
  const { section, fill, narrow: narrowTo } = papersSection(papers, [n], fileName(nodes.label[n]));
  const newest = make("div", { "data-kg": "newest" }, "…");
  const aliases = nodes.aliases[n] ?? [];
  const community = nodes.community[n];
  const window = scene.window.all ? "" : " in the years chosen";
  const note = placeWords(n, added);
  openPanel(
    [swatch(typeOf(n)), nodes.label[n]],
    make("p", { class: "facts" }, `${typeOf(n)}, ${plural(papersNow(n), "paper")}${window}, ${plural(nodes.mentions[n] ?? 0, "mention")}${yearsWords(course.length ? course : listedCourse(n))}`),
    note ? make("p", { class: "note", "data-kg": "note" }, note) : null,
    aliases.length ? make("p", { "data-kg": "aliases" }, make("strong", {}, "Also: "), make("span", { dir: "auto" }, aliases.slice(0, 12).map((name) => name.slice(0, 200)).join(" · ") + (aliases.length > 12 ? " …" : ""))) : null,
    make("p", { class: "actions" },
      button("Surroundings alone", () => act.showSurroundings(n), { "data-kg": "around" }),
      button("Path to …", () => act.startPath(n), { "data-kg": "path" }),
      button("Select", () => act.toggleSelected(n), { "data-kg": "select", title: "Compare it with others (Ctrl and click in the picture)" }),
      button("Correct …", () => act.showCorrections(n), { "data-kg": "correct" })),
    ...tabbed("Parts of the details",
      ["Links", make("section", { id: "panel-links", "data-kg": "links" },
        ...neighbourLists(n, links),
        links.length ? null : make("p", {}, scene.window.all ? "It is linked with nothing that the filters let pass." : "In the years chosen it is linked with nothing that the filters let pass."),
        make("h3", {}, papers.length > NEWEST ? "In its newest papers" : "In its papers"), newest)],
      [`Papers (${count.format(papers.length)})`, section, fill],
      ["About", make("section", { id: "panel-about", "data-kg": "about" },
        rolesOf(n, papers, (role) => { showTab(panel.querySelector(".tabs"), "panel-papers"); narrowTo(role); }),
        community != null ? make("p", {}, make("strong", {}, "Community: "), button(short(clusterName(community), 80), () => act.showCommunity(community), { class: "inline", "data-kg": "community-of" })) : null,
        nodes.certainty[n] != null ? make("p", {}, make("strong", {}, "Certainty: "), `${Math.round(100 * nodes.certainty[n])} %`) : null,
        nodes.betweenness[n] ? make("p", {}, make("strong", {}, "Betweenness: "), `${nodes.betweenness[n].toPrecision(2)} of the shortest ways between others lead through it`) : null,
        yearChart(course), why)]),
  );
  await showArticles(newest, papers.slice(0, NEWEST), [n]);
  const reasons = await reasonsOf(n);
  if (reasons.length) why.append(make("details", {}, make("summary", {}, "Why these names are one"), namesList(reasons)));
}

/** The statistics of a link in words. */
function chanceWords(papers, a, b) {
  const test = testLink(graph.chance, papers, nodes.papers[a], nodes.papers[b]);
  if (!test) return "";
  const times = test.association >= 10 ? count.format(Math.round(test.association)) : Math.round(test.association * 10) / 10;
  const often = times === 1 ? "That is about as often as chance gives" : `That is ${times} times what chance gives`;
  if (!test.tested) return ` ${often}, but one of the two has a single paper: too few to test.`;
  const q = test.q < 0.001 ? test.q.toExponential(1) : test.q.toPrecision(2);
  return ` ${often}; ${test.q <= 0.05 ? "chance hardly explains it" : "chance could explain it"} (q = ${q}).`;
}

function kindWords({ said, kind }) {
  const words = { evaluated: ["evaluates", "evaluate", "one on the other"], compared: ["compares", "compare", "one with the other"], uses: ["uses", "use", "one in the other"] };
  const parts = KINDS.flatMap((name, bit) => (said[bit] ? [`${count.format(said[bit])} ${words[name][said[bit] === 1 ? 0 : 1]} ${words[name][2]}`] : []));
  return parts.length ? ` ${parts.join(", ")}.` : kind === "is-a" ? " One is a kind of the other." : "";
}

/** Open the panel of a link, given by its ends. */
export async function showLink(a, b) {
  const link = field.model.link(a, b, scene.window) ?? field.model.link(a, b);
  const papers = field.model.sharedPapers([a, b], scene.window);
  const together = papers.length ? await papersTogether(papers, a, b) : new Set();
  const number = link?.papers ?? papers.length;
  const course = field.model.course(papers);
  const when = !course.length ? "" : course.length === 1 ? ` All in ${course[0][0]}.` : ` First in ${course[0][0]}, last in ${course.at(-1)[0]}.`;
  const inOne = papers.length === 0 ? "" : together.size ? `, ${count.format(together.size)} in one sentence` : ", never in one sentence";
  const all = field.base.sharedPapers([a, b]).length || number;
  const { section, fill } = papersSection(papers, [a, b], fileName(`${nodes.label[a]} ${nodes.label[b]}`), together);
  openPanel([nodeButton(a), " — ", nodeButton(b)],
    make("p", { class: "facts" }, `${plural(number, "paper")} ${number === 1 ? "mentions" : "mention"} both${scene.window.all ? "" : " in the years chosen"}${inOne}.${when}${link ? kindWords(link) : ""}${chanceWords(all, a, b)}`),
    yearChart(course),
    section);
  await fill();
}

/** Open the panel of a paper: its nodes and its sentences. */
export async function showPaper(p) {
  const one = paper(p);
  const address = addressOf(one);
  const holder = make("div", {}, "…");
  const named = [...field.model.nodesOf(p)].sort((a, b) => presentTypes.indexOf(typeOf(a)) - presentTypes.indexOf(typeOf(b)) || a - b);
  openPanel(one.title || one.id,
    make("p", { class: "facts" }, [one.authors, one.year, one.venue, one.id].filter(Boolean).join(", ")),
    address ? make("p", {}, make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, address)) : null,
    make("h3", {}, plural(named.length, "node")),
    make("ul", { class: "neighbours" }, ...named.map((n) => make("li", {}, nodeButton(n), make("span", { class: "role" }, field.model.roleIn(p, n) || typeOf(n))))),
    make("h3", {}, "Sentences"), holder);
  const sentences = await sentencesOf(p);
  if (sentences) await showArticles(holder, [p], []);
  else holder.replaceChildren("This page does not hold its sentences.");
}

/** Open the panel of several nodes: what they share. */
export function showSelected(some) {
  const papers = field.model.sharedPapers(some, scene.window);
  const shared = sharedNeighbours(some);
  const { section, fill } = papersSection(papers, some, fileName(some.map((n) => nodes.label[n]).join(" ")));
  openPanel(`${plural(some.length, "node")} selected`,
    make("ul", { class: "neighbours", "data-kg": "selected" }, ...some.map((n) => make("li", {}, nodeButton(n), button("✕", () => act.toggleSelected(n), { class: "why", "aria-label": `Take ${shortLabel(n)} out of the selection` })))),
    make("p", { class: "actions" },
      some.length === 2 ? button("Paths between them", () => act.choosePath(some[0], some[1])) : null,
      button("Merge into one", () => act.mergeSelected(some), { title: "They are one thing: correct the graph" }),
      button("Clear", () => act.clearSelected())),
    ...tabbed("Parts of the details",
      ["Links", make("section", { id: "panel-links", "data-kg": "shared" },
        make("h3", {}, `Linked with all of them (${count.format(shared.length)})`),
        make("ul", { class: "neighbours" }, ...shared.slice(0, 100).map(({ node, papers: number }) => make("li", {}, nodeButton(node), make("span", { class: "soft" }, plural(number, "paper"))))),
        shared.length ? null : make("p", {}, "Nothing is."))],
      [`Papers (${count.format(papers.length)})`, section, fill]));
}

/** The nodes that are linked with all of some, by the papers of the weakest of these links. */
export function sharedNeighbours(some) {
  const [first, ...rest] = some.map((n) => new Map(linksOf(n).map((link) => [link.node, link.papers])));
  const found = [...first].filter(([node]) => !some.includes(node) && rest.every((links) => links.has(node)));
  return found.map(([node, papers]) => ({ node, papers: Math.min(papers, ...rest.map((links) => links.get(node))) })).sort((a, b) => b.papers - a.papers || a.node - b.node);
}

/** Open the panel of paths between two nodes: the shortest, and what others there are. */
export function showPaths(from, to, paths, chosen) {
  const path = paths[chosen] ?? [];
  const papersBetween = (a, b) => field.model.link(a, b, scene.window)?.papers ?? 0;
  const steps = path.slice(1).flatMap((n, k) => [
    make("li", { class: "step" }, linkButton(path[k], n, papersBetween(path[k], n), `↓ ${plural(papersBetween(path[k], n), "paper")}`)),
    make("li", {}, nodeButton(n)),
  ]);
  const shortest = paths[0]?.length - 1;
  const words = path.length > 1 ? `${plural(path.length - 1, "step")}; ${path.length - 1 === shortest ? "no path over all links that the filters let pass is shorter" : `the shortest has ${shortest}`}.` : from === to ? "This is one node." : "No path leads from one to the other by links that the filters let pass.";
  openPanel(`Path from ${shortLabel(from)} to ${shortLabel(to)}`,
    make("p", { class: "facts" }, words),
    path.length > 1 ? make("ol", { class: "neighbours path", "data-kg": "path-steps" }, make("li", {}, nodeButton(from)), ...steps) : null,
    paths.length > 1 ? [make("h3", {}, "Other paths"), make("ol", { class: "neighbours", "data-kg": "paths" }, ...paths.map((other, k) => make("li", {}, button(`${plural(other.length - 1, "step")}: ${other.slice(1, -1).map((n) => short(nodes.label[n], 24)).join(" → ") || "directly"}`, () => act.showPath(k), { class: "inline", "aria-pressed": String(k === chosen) }))))] : null,
    paths.length === 1 && path.length > 1 ? make("p", {}, button("More paths", () => act.morePaths(), { "data-kg": "more-paths" })) : null);
  say(`Path from ${shortLabel(from)} to ${shortLabel(to)}: ${words}`);
}

export function numberFor(id) {
  return numberOf.get(id) ?? -1;
}
