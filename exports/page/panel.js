// The panel: a node, a link or a path, with the sentences that prove it. Everything named in it leads on.
"use strict";

const panel = part("panel");
const MOST_PAPERS = 40;
let opener = null; // where the focus was before the panel took it

function say(text) {
  part("said").textContent = text;
}

/** Open the panel under a heading; the focus follows if it was in the panel, or if keys brought us here. */
function openPanel(heading, ...children) {
  const inside = panel.contains(document.activeElement);
  if (!inside) opener = document.activeElement;
  const title = make("h2", { tabindex: "-1", dir: "auto" }, ...[heading].flat());
  panel.replaceChildren(make("button", { type: "button", class: "close", "aria-label": "Close the details", onclick: () => choose(-1) }, "✕"), title, ...children.filter((child) => child != null));
  const opened = panel.hidden;
  panel.hidden = false;
  panel.scrollTop = 0;
  if (inside || (byKeys && document.activeElement !== stage)) title.focus({ preventScroll: true });
  if (opened) resized();
}

function closePanel() {
  if (panel.hidden) return;
  const inside = panel.contains(document.activeElement);
  panel.hidden = true;
  panel.replaceChildren();
  if (inside) (opener?.isConnected ? opener : stage).focus({ preventScroll: true });
  resized();
}

let byKeys = false; // whether keys or a pointer did the last thing
document.addEventListener("keydown", () => { byKeys = true; }, true);
document.addEventListener("pointerdown", () => { byKeys = false; }, true);

function nodeButton(n) {
  return make("button", { type: "button", class: "neighbour", dir: "auto", "data-kg": "neighbour", "data-id": graph.ids[n], onclick: () => choose(n, true) }, swatch(typeOf(n)), graph.nodes.label[n]);
}

function linkName(l) {
  return `${shortLabels[graph.sources[l]]} — ${shortLabels[graph.targets[l]]}`;
}

/** A sentence with every mark in <mark>, those of the chosen nodes underlined, the others leading on. Offsets count code points. */
function marked(sentence, marks, chosen) {
  const letters = Array.from(sentence);
  const quote = make("blockquote", { "data-kg": "evidence", dir: "auto" });
  let place = 0;
  for (const [n, start, end] of marks) {
    if (start < place) continue;
    quote.append(letters.slice(place, start).join(""));
    const here = chosen.includes(n);
    quote.append(make("mark", { class: here ? "chosen" : "other", title: graph.nodes.label[n].slice(0, 200), onclick: here ? () => {} : () => choose(n, true) }, letters.slice(start, end).join("")));
    place = end;
  }
  quote.append(letters.slice(place).join(""));
  return quote;
}

function article([id, title, year, url], sentences, chosen) {
  const safe = typeof url === "string" && /^https?:\/\//.test(url);
  const heading = safe ? make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, title) : title;
  return make("article", { "data-paper": id }, make("h4", { dir: "auto" }, heading, year ? ` (${year})` : ""), ...sentences.map(([text, marks]) => marked(text, marks, chosen)));
}

function showEvidence(holder, rows, total, chosen) {
  holder.replaceChildren(...rows.slice(0, MOST_PAPERS).map(([paper, sentences]) => article(paper, sentences, chosen)));
  const shown = Math.min(rows.length, MOST_PAPERS);
  if (shown < total) holder.append(make("p", { class: "hint" }, `${shown} of ${plural(total, "paper")} shown here; kg links and kg show list them all.`));
}

function yearChart(list) {
  if (list.length < 2) return null;
  const [low, high] = [list[0][0], list.at(-1)[0]];
  const chart = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const attributes = { preserveAspectRatio: "none", class: "chart", role: "img", "data-kg": "years", "aria-label": `Papers by year: ${list.map(([year, number]) => `${year}: ${number}`).join(", ")}` };
  for (const [name, value] of Object.entries(attributes)) chart.setAttribute(name, value);
  drawBars(chart, list.map(([year, number]) => [year - low, number]), high - low + 1);
  return make("figure", {}, chart, make("figcaption", {}, make("span", {}, String(low)), make("span", {}, `papers a year, at most ${list.reduce((most, [, number]) => Math.max(most, number), 0)}`), make("span", {}, String(high))));
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
  const because = ([name, rule, paper, detail]) => make("li", {}, make("strong", { dir: "auto" }, name), ": ", (REASONS[rule] ?? ((text) => `${rule}, ${text}`))(detail), paper ? ` (${paper})` : "");
  return make("ul", { class: "names", "data-kg": "names" }, ...rows.slice(0, 100).map(because));
}

/** By papers, then least explained by chance. */
function byStrength(a, b) {
  return graph.links.papers[b[1]] - graph.links.papers[a[1]] || graph.links.q[a[1]] - graph.links.q[b[1]] || a[0] - b[0];
}

function neighbourLists(n) {
  const shown = neighbours[n].filter(([other]) => scene.shown[other]).sort(byStrength);
  return presentTypes.flatMap((type) => {
    const list = shown.filter(([other]) => typeOf(other) === type);
    if (!list.length) return [];
    const row = ([other, l]) => make("li", {}, nodeButton(other), make("button", { type: "button", class: "why", "aria-label": `${plural(graph.links.papers[l], "paper")}: why ${shortLabels[n]} and ${shortLabels[other]} are linked`, onclick: () => chooseLink(l) }, plural(graph.links.papers[l], "paper")));
    const more = list.slice(12, 200);
    return [
      make("h3", {}, `Linked ${type}s (${list.length})`),
      make("ul", { class: "neighbours" }, ...list.slice(0, 12).map(row)),
      more.length ? make("details", {}, make("summary", {}, `${more.length} more`), make("ul", { class: "neighbours" }, ...more.map(row))) : null,
    ];
  });
}

async function showNode(n) {
  const nodes = graph.nodes;
  const since = nodes.first_year[n] == null ? "" : `, ${nodes.first_year[n] === nodes.last_year[n] ? nodes.first_year[n] : `${nodes.first_year[n]}–${nodes.last_year[n]}`}`;
  const [names, chart, holder] = [make("div"), make("div"), make("div", {}, "…")];
  const community = nodes.community[n];
  openPanel(
    [swatch(typeOf(n)), nodes.label[n]],
    make("p", { class: "facts" }, `${typeOf(n)}, ${plural(nodes.papers[n], "paper")}, ${plural(nodes.mentions[n], "mention")}${since}`),
    make("p", { class: "actions" },
      make("button", { type: "button", "data-kg": "around", onclick: () => showSurroundings(n) }, "Surroundings alone"),
      make("button", { type: "button", "data-kg": "path", onclick: () => startPath(n) }, "Path to …")),
    nodes.aliases[n].length ? make("p", { "data-kg": "aliases" }, make("strong", {}, "Also: "), make("span", { dir: "auto" }, nodes.aliases[n].slice(0, 12).map((name) => name.slice(0, 200)).join(" · ") + (nodes.aliases[n].length > 12 ? " …" : ""))) : null,
    names,
    communities.get(community).size > 1
      ? make("p", {}, make("strong", {}, "Community: "), make("button", { type: "button", class: "inline", "data-kg": "community-of", onclick: () => { inputs.community.value = String(community); applyFilters(); fit(); } }, `${communityName(community)} (${plural(communities.get(community).size, "node")})`))
      : null,
    chart,
    ...neighbourLists(n),
    make("h3", {}, "Papers"),
    holder,
  );
  const [rows, reasons, list] = await Promise.all([papersOfNode(n), namesOfNode(n), yearsOfNode(n)]);
  if (reasons.length) names.append(make("details", {}, make("summary", {}, "Why these names are one"), namesList(reasons)));
  chart.append(yearChart(list) ?? "");
  showEvidence(holder, newestFirst(rows), nodes.papers[n], [n]);
}

function newestFirst(rows) {
  return [...rows].sort((x, y) => (y[0][2] ?? 0) - (x[0][2] ?? 0));
}

/** The statistics of a link in words. */
function linkWords(l) {
  const link = Object.fromEntries(Object.entries(graph.links).map(([name, column]) => [name, column[l]]));
  const times = link.association >= 10 ? count.format(Math.round(link.association)) : Math.round(link.association * 10) / 10;
  const often = times === 1 ? "about as often as chance gives" : `${times} times what chance gives`;
  const together = link.sentences === 0 ? "never in one sentence" : `${count.format(link.sentences)} in one sentence`;
  const q = `q = ${Number(link.q) < 0.001 ? Number(link.q).toExponential(1) : Number(link.q).toPrecision(2)}`;
  const when = link.first_year == null ? "" : link.first_year === link.last_year ? ` All in ${link.first_year}.` : ` First in ${link.first_year}, last in ${link.last_year}.`;
  return `${plural(link.papers, "paper")} ${link.papers === 1 ? "mentions" : "mention"} both, ${together}.${when} That is ${often}; ${link.q <= 0.05 ? "chance hardly explains it" : "chance could explain it"} (${q}).`;
}

async function showLink(l) {
  const [a, b] = [graph.sources[l], graph.targets[l]];
  const holder = make("div", {}, "…");
  openPanel([nodeButton(a), " — ", nodeButton(b)], make("p", { class: "facts" }, linkWords(l)), make("h3", {}, "Evidence"), holder);
  showEvidence(holder, await papersOfLink(a, b), graph.links.papers[l], [a, b]);
}

function showPath(nodes, links) {
  const [from, to] = scene.ends;
  const direct = linkBetween(from, to);
  const steps = links.flatMap((l, k) => [
    make("li", { class: "step" }, make("button", { type: "button", class: "why", "aria-label": `${plural(graph.links.papers[l], "paper")}: why ${linkName(l)} are linked`, onclick: () => chooseLink(l) }, `↓ ${plural(graph.links.papers[l], "paper")}`)),
    make("li", {}, nodeButton(nodes[k + 1])),
  ]);
  const words = links.length ? `${plural(links.length, "step")}; no path among what is shown is shorter, and none so short has stronger links.` : from === to ? "This is one node." : "No path leads from one to the other among what is shown.";
  openPanel(`Path from ${shortLabels[from]} to ${shortLabels[to]}`, make("p", { class: "facts" }, words), direct >= 0 && links.length > 1 ? make("p", {}, make("button", { type: "button", class: "inline", onclick: () => chooseLink(direct) }, `${plural(graph.links.papers[direct], "paper")} link both directly`), ", by a link that is hidden.") : null, links.length ? make("ol", { class: "neighbours path", "data-kg": "path-steps" }, make("li", {}, nodeButton(from)), ...steps) : null);
  say(`Path from ${shortLabels[from]} to ${shortLabels[to]}: ${words}`);
}
