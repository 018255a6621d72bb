// The graph as columns, an index for search, and the evidence, inflated when it is first asked for.
"use strict";

const graph = JSON.parse(document.getElementById("graph").textContent);
const N = graph.ids.length;
const L = graph.sources.length;
const numberOf = new Map(graph.ids.map((id, n) => [id, n]));
const neighbours = Array.from({ length: N }, () => []); // [other node, link]
for (let l = 0; l < L; l++) {
  neighbours[graph.sources[l]].push([graph.targets[l], l]);
  neighbours[graph.targets[l]].push([graph.sources[l], l]);
}
const degree = neighbours.map((list) => list.length);

/** Make an element; text is always text, never markup. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

function part(name) {
  return document.querySelector(`[data-kg="${name}"]`);
}

function typeOf(n) {
  return graph.nodes.type[n];
}

/** Fold a name for search: case, accents, hyphens and spaces do not matter. */
function fold(text) {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[\s\-_./]+/g, "");
}

const index = graph.nodes.label.map((label, n) => [label, ...graph.nodes.aliases[n]].map((name) => [fold(name), name]));

/** Find nodes by label or alias, of one type after "dataset:" and the like: [node, name that matched], best first. */
function search(text, limit = 20) {
  const [, kind, rest] = /^\s*(?:(\w+?)s?\s*:)?(.*)$/s.exec(text);
  const type = graph.types.includes(kind?.toLowerCase()) ? kind.toLowerCase() : null;
  const wanted = fold(type ? rest : text);
  if (!wanted && !type) return [];
  const found = [];
  index.forEach((names, n) => {
    if (type && typeOf(n) !== type) return;
    let best = 0;
    let which = "";
    names.forEach(([folded, name], place) => {
      const value = folded === wanted ? 4 : folded.startsWith(wanted) ? 3 : folded.includes(wanted) ? 1 : 0;
      const points = value && value + (place === 0 ? 0.5 : 0);
      if (points > best) [best, which] = [points, name];
    });
    if (best) found.push([best, graph.nodes.papers[n], n, which]);
  });
  found.sort((a, b) => b[0] - a[0] || b[1] - a[1] || a[2] - b[2]);
  return found.slice(0, limit).map((row) => [row[2], row[3]]);
}

let inflated = null;

/** Inflate once what panels read: papers, names, years, recent, as exports/html.py describes them. */
function evidence() {
  inflated ??= (async () => {
    const packed = atob(document.getElementById("evidence").textContent);
    const bytes = Uint8Array.from(packed, (char) => char.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).json();
  })();
  return inflated;
}

/** The kept papers as [id, title, year, url, [[sentence, [[node, start, end], …]], …]]. */
async function keptPapers() {
  return (await evidence()).papers;
}

/** Why each other name of a node is its name: [name, rule, paper, detail]. */
async function namesOfNode(n) {
  return (await evidence()).names.filter((row) => row[0] === n).map((row) => row.slice(1));
}

/** How many papers of a node each year has: [year, count] in order of years. */
async function yearsOfNode(n) {
  const flat = (await evidence()).years[n];
  return Array.from({ length: flat.length / 2 }, (_, k) => [flat[2 * k], flat[2 * k + 1]]);
}

/** Return [paper, its sentences that name the node] for each kept paper of a node. */
async function papersOfNode(n) {
  const rows = (await keptPapers()).map((paper) => [paper, paper[4].filter(([, marks]) => marks.some((mark) => mark[0] === n))]);
  return rows.filter(([, sentences]) => sentences.length);
}

/** Return [paper, sentences] for each kept paper that names both; one sentence naming both if there is one, else one of each. */
async function papersOfLink(a, b) {
  const names = (sentence, n) => sentence[1].some((mark) => mark[0] === n);
  const rows = [];
  for (const paper of await keptPapers()) {
    const one = paper[4].find((sentence) => names(sentence, a));
    const two = paper[4].find((sentence) => names(sentence, b));
    if (!one || !two) continue;
    const both = paper[4].filter((sentence) => names(sentence, a) && names(sentence, b));
    rows.push([paper, both.length ? both : [one, two].sort((x, y) => paper[4].indexOf(x) - paper[4].indexOf(y)), both.length > 0]);
  }
  return rows.sort((x, y) => y[2] - x[2]);
}
