// Papers: with the sentences that prove something, as lists to be read and taken away.

import { act } from "./actions.js";
import { field, graph, into, nodes, paper, sentencesOf } from "./data.js";
import { button, count, make, plural, save } from "./dom.js";
import { addressOf, bibtex, papersCsv, ris } from "./formats.js";

const AT_FIRST = 10; // papers with sentences
const AT_ONCE = 20;

/** A sentence with every mark in <mark>, those of the chosen nodes underlined, the others leading on. Offsets count code points. */
function marked(sentence, marks, chosen) {
  const letters = Array.from(sentence);
  const quote = make("blockquote", { "data-kg": "evidence", dir: "auto" });
  let place = 0;
  for (const [number, start, end] of marks) {
    if (start < place) continue;
    quote.append(letters.slice(place, start).join(""));
    const n = into(number);
    const text = letters.slice(start, end).join("");
    const leads = { class: "other", role: "button", tabindex: "0", "data-named": nodes.ids[n], onclick: () => act.choose(n, true), onkeydown: (event) => { if (event.key === "Enter") act.choose(n, true); } };
    quote.append(make("mark", { title: nodes.label[n].slice(0, 200), ...(chosen.includes(n) ? { class: "chosen" } : leads) }, text));
    place = end;
  }
  quote.append(letters.slice(place).join(""));
  return quote;
}

/** Which sentences to show: all that name the only chosen node; of two, those that name both, else the first of each. */
function telling(sentences, chosen) {
  const names = ([, marks], n) => marks.some(([number]) => into(number) === n);
  if (!chosen.length) return sentences;
  const all = sentences.filter((sentence) => chosen.every((n) => names(sentence, n)));
  if (all.length || chosen.length < 2) return all;
  const firsts = chosen.map((n) => sentences.findIndex((sentence) => names(sentence, n))).filter((place) => place >= 0);
  return [...new Set(firsts)].sort((a, b) => a - b).map((place) => sentences[place]);
}

/** A paper with its sentences. */
async function article(p, chosen) {
  const one = paper(p);
  const sentences = await sentencesOf(p);
  const address = addressOf(one);
  const role = chosen.length === 1 ? field.model.roleIn(p, chosen[0]) : "";
  return make("article", { "data-paper": one.id },
    make("h4", { dir: "auto" }, address ? make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, one.title || one.id) : one.title || one.id),
    make("p", { class: "source" }, [one.year, one.venue].filter(Boolean).join(", "), role ? make("span", { class: "role" }, role) : "", button("nodes", () => act.choosePaper(p), { class: "inline", "aria-label": `Nodes of ${one.title || one.id}` })),
    ...(sentences ? telling(sentences, chosen).map(([text, marks]) => marked(text, marks, chosen)) : [make("p", { class: "hint" }, "This page does not hold its sentences; kg show and kg links do.")]));
}

/** Fill a holder with papers and their sentences, the first few at once, the rest on demand. */
export async function showArticles(holder, papers, chosen) {
  const add = async (from, to) => {
    const rows = await Promise.all([...papers.slice(from, to)].map((p) => article(p, chosen)));
    if (from === 0) holder.replaceChildren();
    holder.querySelector(".more")?.remove();
    holder.append(...rows);
    if (to < papers.length) holder.append(make("p", { class: "more" }, button(`${count.format(papers.length - to)} more papers: show the next`, () => add(to, to + AT_ONCE), { "data-kg": "more-papers" })));
    return rows[0];
  };
  await add(0, AT_FIRST);
}

const ROLE_WORDS = { new: "introduced in", evaluated: "evaluated on in", compared: "compared with in", studied: "studied in", used: "used in", other: "mentioned in" };

/** A section of papers that can be narrowed to what they do with a node, sorted, and taken away: it, what fills it with the first sentences, and what narrows it. */
export function papersSection(papers, chosen, name, first = new Set()) {
  const holder = make("div", {}, "…");
  const list = [...papers];
  const roles = graph.hasRoles && chosen.length === 1 ? roleCounts(list, chosen[0]) : [];
  const narrowed = () => {
    const role = roleBox?.value ?? "";
    const kept = list.filter((p) => !role || field.model.roleIn(p, chosen[0]) === role);
    const byYear = { newest: (a, b) => a - b, oldest: (a, b) => (field.base.yearOf[a] || 9999) - (field.base.yearOf[b] || 9999) || a - b, title: (a, b) => paper(a).title.localeCompare(paper(b).title) };
    kept.sort(byYear[orderBox.value]);
    return orderBox.value === "newest" ? kept.sort((a, b) => first.has(b) - first.has(a) || a - b) : kept;
  };
  const refill = () => showArticles(holder, narrowed(), chosen);
  const orderBox = make("select", { "aria-label": "Order of papers", onchange: refill }, ...["newest", "oldest", "title"].map((value) => make("option", { value }, value === "title" ? "by title" : `${value} first`)));
  const roleBox = roles.length ? make("select", { "aria-label": "What the papers do with it", "data-kg": "role", onchange: refill }, make("option", { value: "" }, "all papers"), ...roles.map(([role, number]) => make("option", { value: role }, `${ROLE_WORDS[role] ?? role} (${number})`))) : null;
  const take = (label, make_, suffix, type) => button(label, () => save(`${name}.${suffix}`, make_(narrowed().map(paper)), type), { "data-kg": `papers-${suffix}`, title: `${plural(list.length, "paper")} as ${label}` });
  const section = make("section", { "data-kg": "papers", id: "panel-papers" },
    make("h3", {}, plural(list.length, "paper")),
    make("p", { class: "actions" }, take("BibTeX", bibtex, "bib", "application/x-bibtex"), take("RIS", ris, "ris", "application/x-research-info-systems"), take("CSV", papersCsv, "csv", "text/csv"), list.length > 1 ? orderBox : null, roleBox),
    holder);
  return { section, fill: refill, narrow: (role) => { if (roleBox) { roleBox.value = role; refill(); } } };
}

/** In how many papers a node has each role: [role, papers]. */
export function roleCounts(papers, n) {
  const counts = new Map();
  for (const p of papers) {
    const role = field.model.roleIn(p, n);
    if (role) counts.set(role, (counts.get(role) ?? 0) + 1);
  }
  return graph.roles.filter((role) => counts.has(role)).map((role) => [role, counts.get(role)]);
}

/** A name of a file made of a label. */
export function fileName(label) {
  return label.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60) || "papers";
}
