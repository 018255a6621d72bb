// Trends: which nodes and links rise and fade against the growth of the whole corpus, tested as `kg trends` tests them.

import { act } from "./actions.js";
import { courseTest, falseDiscoveryRates, middleYear, trendTest } from "./chance.js";
import { N, field, nodes, strata, strataOf } from "./data.js";
import { count, drawBars, drawing, make, part, plural } from "./dom.js";
import { shortLabel } from "./labels.js";
import { nodeButton, openPanel } from "./panel.js";
import { lineBetween, network, scene, span } from "./scene.js";

const MOST_ROWS = 15;
const LEAST_PAPERS = 5;
const LEVEL = 0.05;

function sparkline(course) {
  const svg = drawing("svg", { class: "spark", "aria-hidden": "true" });
  const from = Math.max(span[0], span[1] - 11);
  drawBars(svg, course.filter(([year]) => year >= from).map(([year, number]) => [year - from, number]), span[1] - from + 1);
  return svg;
}

/** Test papers [key, papers]: {key, course, p, q, rises, growth, kind, papers}, most significant first. */
function tested(rows, all) {
  const [test, look] = [trendTest(all), courseTest(all)];
  const both = (counts) => {
    const [trend, { growth, peaked }] = [test(counts), look(counts)];
    return { ...trend, growth, kind: peaked ? "peaked" : trend.rises ? "rising" : "fading" };
  };
  const found = rows.map(([key, some]) => ({ key, course: field.base.course(some), ...both(strataOf(some)) })).filter(({ papers }) => papers >= LEAST_PAPERS);
  const q = falseDiscoveryRates(found.map(({ p }) => p));
  return found.map((row, k) => ({ ...row, q: q[k] })).sort((a, b) => a.p - b.p || b.papers - a.papers);
}

/** The links of a node with those of larger numbers, of at least so many papers: [[node, node], papers]. */
function linksOf(n) {
  const { base } = field;
  const shared = new Map();
  for (const { node, papers } of base.linksOf(n)) if (node > n && papers >= LEAST_PAPERS) shared.set(node, []);
  if (shared.size) for (const p of base.papersOf(n)) for (const other of base.nodesOf(p)) shared.get(other)?.push(p);
  return [...shared].map(([other, papers]) => [[n, other], papers]);
}

let results = null;

/** All nodes and links of at least five dated papers, tested over all years. */
export async function trends() {
  if (results) return results;
  const all = await strata();
  const years = new Map();
  for (const [, year, papers] of all) years.set(year, (years.get(year) ?? 0) + papers);
  const some = [];
  const links = [];
  for (let n = 0; n < N && nodes.papers[n] >= LEAST_PAPERS; n++) {
    some.push([n, field.base.papersOf(n)]);
    links.push(...linksOf(n));
  }
  results = { middle: middleYear(years), nodes: tested(some, all), links: tested(links, all) };
  return results;
}

export async function showTrends() {
  const found = await trends();
  const passing = found.nodes.filter(({ key }) => scene.passes[key]);
  const links = found.links.filter(({ key: [a, b] }) => scene.passes[a] && scene.passes[b]);
  // as the command: what rises by growth, the others by significance; a peak need not be a trend
  const pick = (rows, kind) => {
    const some = rows.filter((row) => row.kind === kind && (row.q <= LEVEL || kind === "peaked"));
    return (kind === "rising" ? some.sort((a, b) => b.growth - a.growth) : some).slice(0, MOST_ROWS);
  };
  const words = ({ course, papers, q, growth, kind }) => {
    const late = course.reduce((sum, [year, number]) => sum + (year > found.middle ? number : 0), 0);
    const grown = kind === "rising" ? `, growth × ${growth >= 10 ? Math.round(growth) : growth.toPrecision(2)}` : "";
    return `${count.format(late)} of ${plural(papers, "paper")} after ${found.middle}${grown} (q ${q < 0.001 ? q.toExponential(0) : q.toPrecision(1)})`;
  };
  const nodeRow = (row) => make("li", {}, nodeButton(row.key), sparkline(row.course), make("span", { class: "soft" }, words(row)));
  const linkRow = (row) => make("li", {}, make("button", { type: "button", class: "neighbour", onclick: () => act.chooseLink(...row.key) }, row.key.map(shortLabel).join(" — ")), sparkline(row.course), make("span", { class: "soft" }, words(row)));
  const lists = ["rising", "fading", "peaked"].flatMap((kind) => [["nodes", passing, nodeRow], ["links", links, linkRow]].flatMap(([what, rows, row]) => {
    const chosen = pick(rows, kind);
    return [make("h3", {}, `${kind[0].toUpperCase()}${kind.slice(1)} ${what}`), chosen.length ? make("ul", { class: "neighbours tall", "data-kg": `${kind}-${what}` }, ...chosen.map(row)) : make("p", {}, "None.")];
  }));
  const [rising, risingLinks] = [pick(passing, "rising"), pick(links, "rising")];
  act.clear();
  openPanel("Trends",
    make("p", { class: "facts" }, `${plural(passing.length, "node")} and ${plural(links.length, "link")} of at least ${LEAST_PAPERS} papers, tested venue by venue against the growth of the whole corpus, all years; about half of the papers are of ${found.middle} or before. Rising (by growth of late) and fading have q at most ${LEVEL}; peaked is what had clearly more papers in the middle third than before and after.`),
    ...lists);
  scene.trends = true;
  scene.lit = new Set(risingLinks.map(({ key }) => lineBetween(...key)).filter((l) => l >= 0));
  scene.near = new Set([...rising.map(({ key }) => key), ...risingLinks.flatMap(({ key }) => key)]);
  network.redraw();
  act.remember(true);
}

part("trends").hidden = !span || span[0] === span[1];
part("trends").addEventListener("click", () => act.ready(showTrends()));
Object.assign(act, { showTrends });
