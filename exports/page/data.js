// What the page holds: the picture's part at once; incidence before the first picture; names, papers and sentences as they are needed.

import { fromBase64, inflate, varints } from "./codec.js";
import { Model, classOf, readIncidence } from "./model.js";
import { Index } from "./search.js";

export const graph = JSON.parse(document.getElementById("graph").textContent);
export const N = graph.nodes;
const text = new TextDecoder();

const parsed = new Promise((resolve) => {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", resolve, { once: true });
  else resolve();
});

/** The bytes of a blob, inflated: from the page, or from the server that the page came from; null if there is none. */
async function blob(name) {
  const find = () => document.querySelector(`script[data-blob="${name}"]`);
  if (graph.served) {
    const answer = await fetch(`blob/${name}`);
    return answer.ok ? inflate(await answer.arrayBuffer()) : null;
  }
  if (!find()) await parsed;
  const element = find();
  return element && inflate(fromBase64(element.textContent));
}

async function json(name) {
  const bytes = await blob(name);
  return bytes && JSON.parse(text.decode(bytes));
}

const blocks = new Map();
const MOST_BLOCKS = 64; // opened blocks that are kept

/** A block of rows, opened once and kept for a while. */
function block(name) {
  if (!blocks.has(name)) {
    blocks.set(name, json(name));
    if (blocks.size > MOST_BLOCKS) blocks.delete(blocks.keys().next().value);
  }
  return blocks.get(name);
}

/** Of each node, by number: what is known of those outside the picture only once `names` has come. */
export const nodes = { ids: [], label: [], aliases: [], type: [], papers: [], mentions: [], first_year: [], last_year: [], community: [], area: [], pagerank: [], betweenness: [], x: [], y: [], size: [], certainty: [] };
export const numberOf = new Map();
const { columns } = graph;
graph.drawn.forEach((n, k) => {
  nodes.ids[n] = graph.ids[k];
  numberOf.set(graph.ids[k], n);
  for (const name of Object.keys(columns)) nodes[name][n] = columns[name][k];
});

/** The model, and what stands behind it: filled by `load`, made anew by corrections. */
export const field = { model: null, base: null, papers: null, index: null, titles: null };

export function typeOf(n) {
  return nodes.type[n];
}

/** Read papers x nodes: all that links are counted from. */
export async function loadModel() {
  const [numbers, roles, listed] = await Promise.all([blob("incidence"), graph.hasRoles ? blob("roles") : null, graph.listed ? json("links") : null]);
  const incidence = readIncidence(varints(numbers), graph.papers);
  field.model = new Model({ nodes: N, incidence, roles, names: graph.roles, years: graph.years, listed, classes: (n) => classOf(nodes.type[n]) });
  field.base = field.model;
}

/** Read the names of all nodes and the papers. */
export async function loadNames() {
  const [all, papers] = await Promise.all([json("nodes"), json("papers")]);
  all.ids.forEach((id, n) => numberOf.set(id, n));
  nodes.ids = all.ids;
  nodes.label = all.labels;
  nodes.aliases = all.aliases;
  for (const name of ["type", "papers", "mentions", "first_year", "last_year", "community", "area", "certainty"]) if (all[name]) nodes[name] = all[name];
  for (const [n, broader] of Object.entries(all.kind_of)) field.model.kindOf.set(Number(n), broader.map((id) => numberOf.get(id)).filter((other) => other !== undefined));
  field.papers = papers;
  reindex();
}

/** Make the index of names: after they came, and after corrections changed them. */
export function reindex() {
  field.index = new Index(nodes.label.map((label, n) => [label, ...(nodes.aliases[n] ?? [])]));
}

/** How many papers of the corpus each venue has in each year: [venue, year, papers]; of those that the page holds where no more is known. */
export async function strata() {
  const rows = await json("strata");
  return rows?.length ? rows : strataOf(Array.from({ length: graph.papers }, (_, p) => p));
}

/** Papers counted by venue and year: [venue, year, papers]; those without a year are left out. */
export function strataOf(papers) {
  const counts = new Map();
  for (const p of papers) {
    const year = field.base.yearOf[p];
    if (!year) continue;
    const name = `${year} ${field.papers.venues?.[p] ?? ""}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, number]) => [name.slice(name.indexOf(" ") + 1), Number(name.slice(0, name.indexOf(" "))), number]);
}

let told = null;

/** What the whole graph tells: {strongest, data: [[node, node]], bridges: [[node, betweenness, communities]], gaps: [[node, node, score, labels]]}. */
export async function findings() {
  told ??= json("findings");
  return (await told) ?? { strongest: [], data: [], bridges: [], gaps: [] };
}

/** The index of titles, made when it is first needed. */
export function titles() {
  field.titles ??= new Index((field.papers.titles ?? []).map((title) => [title]));
  return field.titles;
}

/** A paper by number: {number, id, title, year, venue, url, doi, authors}. */
export function paper(p) {
  const cell = (name) => field.papers[name]?.[p] ?? "";
  return { number: p, id: field.papers.ids[p], title: cell("titles"), year: field.base.yearOf[p] || null, venue: cell("venues"), url: cell("urls"), doi: cell("dois"), authors: cell("authors") };
}

/** The sentences of a paper, each [text, [[node, start, end], …]]; null where the page does not hold them. */
export async function sentencesOf(p) {
  const size = graph.blocks.papers;
  return (await block(`sentences-${Math.floor(p / size)}`))?.[p % size] ?? null;
}

/** Why each other name of a node is its name: [name, rule, paper, detail]. */
export async function reasonsOf(n) {
  const rows = await block(`names-${Math.floor(n / graph.blocks.names)}`);
  return (rows ?? []).filter((row) => row[0] === n).map((row) => row.slice(1));
}

let together = null;

/** Where each paper's sentences that name several nodes stand among the numbers of `together`. */
async function readTogether() {
  const numbers = varints(await blob("together"));
  const starts = new Int32Array(graph.papers);
  let place = 0;
  for (let p = 0; p < graph.papers; p++) {
    starts[p] = place;
    const sentences = numbers[place++];
    for (let k = 0; k < sentences; k++) place += 1 + numbers[place];
  }
  return { numbers, starts };
}

/** Whether one sentence of a paper names some node of each of two groups. */
function inOneSentence({ numbers, starts }, p, ones, others) {
  const named = field.base.nodesOf(p);
  let place = starts[p] + 1;
  for (let k = 0; k < numbers[starts[p]]; k++) {
    const there = [...numbers.subarray(place + 1, place + 1 + numbers[place])].map((at) => named[at]);
    if (there.some((n) => ones.has(n)) && there.some((n) => others.has(n))) return true;
    place += 1 + numbers[place];
  }
  return false;
}

/** Those of some papers in which one sentence names both of two nodes, or what was merged into them. */
export async function papersTogether(papers, one, other) {
  together ??= readTogether();
  const found = await together;
  const [ones, others] = [new Set(sameAs(one)), new Set(sameAs(other))];
  return new Set([...papers].filter((p) => inOneSentence(found, p, ones, others)));
}

const merges = new Map(); // node: the one that it was merged into

/** The node that a node is now, after corrections. */
export function into(n) {
  return merges.get(n) ?? n;
}

/** All nodes that are one now: it, and what was merged into it. */
export function sameAs(n) {
  return [n, ...[...merges].filter(([, target]) => target === n).map(([node]) => node)];
}

/** Take nodes to be others, and make the model anew. */
export function setMerges(pairs) {
  merges.clear();
  for (const [node, target] of pairs) merges.set(node, target);
  field.model = merges.size ? field.base.merged(into) : field.base;
}
