// Trends: which nodes and links the last years' papers mention more than their share.
"use strict";

const MOST_RISING = 15;

/** Rank by how far the recent papers exceed what an even share gives, in standard deviations of chance: [number, recent, all]. */
function rising(rows, share, least) {
  const scored = rows.map(([number, recent, all]) => [number, recent, all, (recent - all * share) / Math.sqrt(all * share)]);
  return scored.filter(([, recent, all]) => recent >= least && recent > all * share).sort((a, b) => b[3] - a[3] || a[0] - b[0]).slice(0, MOST_RISING);
}

async function showTrends() {
  const { recent, years: counts } = await evidence();
  const share = recent.papers / recent.dated;
  const yearly = (n) => Array.from({ length: counts[n].length / 2 }, (_, k) => [counts[n][2 * k], counts[n][2 * k + 1]]);
  const ofNode = (n) => {
    const list = yearly(n);
    const sum = (rows) => rows.reduce((total, [, number]) => total + number, 0);
    return [n, sum(list.filter(([year]) => year >= recent.since)), sum(list)];
  };
  const nodes = rising([...Array(N).keys()].filter((n) => scene.shown[n]).map(ofNode), share, 3);
  const links = rising([...Array(L).keys()].filter((l) => scene.linkShown[l]).map((l) => [l, recent.links[l], graph.links.papers[l]]), share, 2);
  Object.assign(scene, { chosen: -1, chosenLink: -1, ends: null, path: new Set(links.map(([l]) => l)), trends: true });
  scene.rising = new Set([...nodes.map(([n]) => n), ...links.flatMap(([l]) => [graph.sources[l], graph.targets[l]])]);
  const of = (few, all) => `${count.format(few)} of ${plural(all, "paper")}`;
  openPanel(
    "Trends",
    make("p", { class: "facts" }, `${of(recent.papers, recent.dated)} are of ${recent.since} or later. What rises is mentioned by them more than that share gives, among what is shown.`),
    make("h3", {}, "Rising nodes"),
    make("ul", { class: "neighbours", "data-kg": "rising-nodes" }, ...nodes.map(([n, few, all]) => make("li", {}, nodeButton(n), sparkline(yearly(n)), make("span", { class: "soft" }, of(few, all))))),
    nodes.length ? null : make("p", {}, "None."),
    make("h3", {}, "Rising links"),
    make("ul", { class: "neighbours", "data-kg": "rising-links" }, ...links.map(([l, few, all]) => make("li", {}, make("button", { type: "button", class: "neighbour", onclick: () => chooseLink(l) }, linkName(l)), make("span", { class: "soft" }, of(few, all))))),
    links.length ? null : make("p", {}, "None."),
  );
  refreshNear();
  network.redraw();
  remember(true);
}

function sparkline(list) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "spark");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("preserveAspectRatio", "none");
  const from = Math.max(span[0], span[1] - 11);
  drawBars(svg, list.filter(([year]) => year >= from).map(([year, number]) => [year - from, number]), span[1] - from + 1);
  return svg;
}

part("trends").hidden = !span || span[1] - span[0] < 3;
part("trends").addEventListener("click", () => { ready.panel = showTrends(); });
