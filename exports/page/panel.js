// What a node or a link is: names, counts, neighbours, and the sentences with the names marked.
"use strict";

const panel = part("panel");
const MOST_PAPERS = 40;

function openPanel(...children) {
  panel.replaceChildren(make("button", { type: "button", class: "close", "aria-label": "Close the details", onclick: () => choose(-1) }, "✕"), ...children);
  panel.hidden = false;
  panel.scrollTop = 0;
  network.setSize("100%", "100%");
}

function closePanel() {
  panel.hidden = true;
  panel.replaceChildren();
}

function plural(count, word) {
  return `${new Intl.NumberFormat("en").format(count)} ${word}${count === 1 ? "" : "s"}`;
}

function nodeButton(n) {
  return make("button", { type: "button", class: "neighbour", "data-kg": "neighbour", "data-id": graph.ids[n], onclick: () => choose(n, true) }, swatch(typeOf(n)), graph.nodes.label[n]);
}

/** A sentence with every mark in <mark>, the chosen nodes' marks underlined. Offsets count code points. */
function marked(sentence, marks, chosen) {
  const letters = Array.from(sentence);
  const quote = make("blockquote", { "data-kg": "evidence", dir: "auto" });
  let place = 0;
  for (const [n, start, end] of marks) {
    if (start < place) continue;
    quote.append(letters.slice(place, start).join(""));
    quote.append(make("mark", { class: chosen.includes(n) ? "chosen" : "", title: graph.nodes.label[n] }, letters.slice(start, end).join("")));
    place = end;
  }
  quote.append(letters.slice(place).join(""));
  return quote;
}

function article([id, title, year, url], sentences, chosen) {
  const safe = typeof url === "string" && /^https?:\/\//.test(url);
  const heading = safe ? make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, title) : title;
  return make("article", { "data-paper": id }, make("h4", {}, heading, year ? ` (${year})` : ""), ...sentences.map(([text, marks]) => marked(text, marks, chosen)));
}

function showEvidence(holder, rows, total, chosen) {
  holder.replaceChildren(...rows.slice(0, MOST_PAPERS).map(([paper, sentences]) => article(paper, sentences, chosen)));
  const shown = Math.min(rows.length, MOST_PAPERS);
  if (shown < total) holder.append(make("p", { class: "hint" }, `${shown} of ${plural(total, "paper")} shown here; kg links and kg show list them all.`));
}

function yearChart(rows) {
  const list = rows.map(([paper]) => paper[2]).filter((year) => year != null);
  if (new Set(list).size < 2) return null;
  const [low, high] = [Math.min(...list), Math.max(...list)];
  const counts = Array.from({ length: high - low + 1 }, (_, k) => list.filter((year) => year === low + k).length);
  const most = Math.max(...counts);
  const ns = "http://www.w3.org/2000/svg";
  const chart = document.createElementNS(ns, "svg");
  chart.setAttribute("viewBox", `0 0 ${counts.length} 20`);
  chart.setAttribute("preserveAspectRatio", "none");
  chart.setAttribute("class", "chart");
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", `Papers shown, by year, ${low} to ${high}`);
  counts.forEach((count, k) => {
    const bar = document.createElementNS(ns, "rect");
    for (const [name, value] of Object.entries({ x: k + 0.1, width: 0.8, y: 20 - (20 * count) / most, height: (20 * count) / most })) bar.setAttribute(name, value);
    chart.append(bar);
  });
  return chart;
}

async function showNode(n) {
  const nodes = graph.nodes;
  const since = nodes.first_year[n] == null ? "" : `, ${nodes.first_year[n]}–${nodes.last_year[n]}`;
  const strongest = neighbours[n].filter(([other]) => scene.shown[other]).sort((a, b) => graph.links.papers[b[1]] - graph.links.papers[a[1]] || graph.links.q[a[1]] - graph.links.q[b[1]] || a[0] - b[0]);
  const groups = presentTypes.map((type) => [type, strongest.filter(([other]) => typeOf(other) === type)]).filter(([, list]) => list.length);
  const holder = make("div", {}, "…");
  openPanel(
    make("h2", {}, swatch(typeOf(n)), nodes.label[n]),
    make("p", { class: "facts" }, `${typeOf(n)}, ${plural(nodes.papers[n], "paper")}, ${plural(nodes.mentions[n], "mention")}${since}; community ${nodes.community[n] + 1}`),
    nodes.aliases[n].length ? make("p", {}, make("strong", {}, "Also: "), nodes.aliases[n].slice(0, 30).join(" · ")) : null,
    ...groups.flatMap(([type, list]) => [
      make("h3", {}, `Linked ${type}s (${list.length})`),
      make("ul", { class: "neighbours" }, ...list.slice(0, 12).map(([other, l]) => make("li", {}, nodeButton(other), make("button", { type: "button", class: "why", "aria-label": `Why ${nodes.label[n]} and ${nodes.label[other]} are linked`, onclick: () => chooseLink(l) }, plural(graph.links.papers[l], "paper"))))),
    ]),
    make("h3", {}, "Papers"),
    holder,
  );
  const rows = await papersOfNode(n);
  showEvidence(holder, rows, nodes.papers[n], [n]);
  const chart = yearChart(rows);
  if (chart) holder.prepend(chart);
}

async function showLink(l) {
  const [a, b] = [graph.sources[l], graph.targets[l]];
  const link = Object.fromEntries(Object.entries(graph.links).map(([name, column]) => [name, column[l]]));
  const times = link.association >= 10 ? Math.round(link.association) : Math.round(link.association * 10) / 10;
  const chance = link.q <= 0.05 ? `chance hardly explains it (q = ${Number(link.q).toPrecision(2)})` : `chance could explain it (q = ${Number(link.q).toPrecision(2)})`;
  const holder = make("div", {}, "…");
  openPanel(
    make("h2", {}, nodeButton(a), " — ", nodeButton(b)),
    make("p", { class: "facts" }, `${plural(link.papers, "paper")} ${link.papers === 1 ? "mentions" : "mention"} both, ${link.sentences} in one sentence. That is ${times} times what chance gives; ${chance}.`),
    make("h3", {}, "Evidence"),
    holder,
  );
  showEvidence(holder, await papersOfLink(a, b), link.papers, [a, b]);
}
