// The page's scripts by themselves, without a browser: counting, searching, walking, testing, taking away, correcting.
import assert from "node:assert/strict";
import { test } from "node:test";

const page = (name) => import(new URL(`../../../exports/page/${name}.js`, import.meta.url));
const { varints } = await page("codec");
const { Model, kindsOf, readIncidence } = await page("model");
const { Index, fold, isNear } = await page("search");
const { shortestPath, shortestPaths } = await page("paths");
const { courseTest, falseDiscoveryRates, middleYear, qOf, seenUpperTail, trendTest } = await page("chance");
const { bibtex, csvCell, doiOf, papersCsv, ris } = await page("formats");
const { isStep, outcome, thesaurusOf } = await page("thesaurus");
const { surround } = await page("layout");

const ROLES = ["", "new", "evaluated", "compared", "studied", "used", "other"];

/** A model of papers given as lists of nodes, the newest first; roles by their names. */
function modelOf(papers, { years = [[2020, papers.length]], roles = null, classes = () => 0, listed = null } = {}) {
  const nodes = 1 + Math.max(-1, ...papers.flat());
  const numbers = [...papers.map((paper) => paper.length), ...papers.flatMap((paper) => paper.map((n, k) => (k ? n - paper[k - 1] - 1 : n)))];
  const codes = roles && Uint8Array.from(roles.flat(), (role) => ROLES.indexOf(role));
  return new Model({ nodes: Math.max(nodes, listed ? 4 : 0), incidence: readIncidence(numbers, papers.length), roles: codes, names: ROLES, years, listed, classes });
}

test("numbers of seven bits a byte are read as they were written", () => {
  assert.deepEqual([...varints(Uint8Array.of(1, 127, 128, 1, 172, 2))], [1, 127, 128, 300]);
});

test("of many names few letters find those that begin with them, and slips the best name of each", () => {
  const many = Array.from({ length: 20000 }, (_, n) => [`x${n}`]);
  const index = new Index([["graph", "tree"], ["attention", "at once"], ["data", "database"], ["Transformer", "transfomers"], ...many]);
  assert.deepEqual(index.find("t").found, [[3, 0], [0, 1]]);
  assert.deepEqual(index.find("at").found, [[1, 0]]);
  assert.deepEqual(index.find("ra").found, [[0, 0], [3, 0]], "none begins so, some hold it");
  index.warm();
  assert.deepEqual(index.find("transfromer").found, [[3, 0]]);
});

test("links are counted from papers, and in a window of years from its papers alone", () => {
  const model = modelOf([[0, 1], [0, 1, 2], [0, 2]], { years: [[2021, 1], [2020, 1], [null, 1]] });
  const papersOf = (window) => Object.fromEntries(model.linksOf(0, window).map(({ node, papers }) => [node, papers]));
  assert.deepEqual(papersOf(), { 1: 2, 2: 2 });
  assert.deepEqual(papersOf(model.windowOf(2020, 2020)), { 1: 1, 2: 1 });
  assert.deepEqual(papersOf(model.windowOf(null, 2021)), { 1: 2, 2: 1 });
  assert.deepEqual([...model.countPapers(model.windowOf(2021, null))], [1, 1, 0]);
});

test("links among nodes are those of each node, the strongest first", () => {
  const model = modelOf([[0, 1, 2, 3], [0, 1], [2, 3], [0, 1]]);
  const { sources, targets, papers } = model.linksAmong([0, 1, 3]);
  assert.deepEqual([[...sources], [...targets], [...papers]], [[0, 0, 1], [1, 3, 3], [3, 1, 1]]);
});

test("the roles of the two ends in one paper say the kind", () => {
  assert.equal(kindsOf(0, "new", 1, "evaluated"), 1);
  assert.equal(kindsOf(1, "new", 0, "studied"), 1);
  assert.equal(kindsOf(0, "compared", 0, "new"), 2);
  assert.equal(kindsOf(0, "new", 1, "used"), 4);
  assert.equal(kindsOf(0, "used", 0, "compared"), 0);
  const model = modelOf([[0, 1], [0, 1], [0, 1]], { roles: [["new", "evaluated"], ["new", "evaluated"], ["new", "used"]], classes: (n) => n });
  assert.deepEqual(model.linksOf(1), [{ node: 0, papers: 3, said: [2, 0, 1], kind: "evaluated" }]);
});

test("a list of links stands where the papers give others", () => {
  const model = modelOf([], { listed: { sources: [0, 1], targets: [1, 2], papers: [5, 2], first_year: [2000, 2010], last_year: [2005, 2012] }, years: [] });
  assert.deepEqual(model.linksOf(1).map(({ node, papers }) => [node, papers]), [[0, 5], [2, 2]]);
  assert.deepEqual(model.linksOf(1, { from: 0, to: 0, all: false, since: 2011, until: 2020 }).map(({ node }) => node), [2]);
});

test("merged nodes share their papers, each counted once", () => {
  const model = modelOf([[0, 1, 2], [1, 2], [0, 2]]).merged((n) => (n === 1 ? 0 : n));
  assert.deepEqual(model.linksOf(2).map(({ node, papers }) => [node, papers]), [[0, 3]]);
});

test("search forgives case, accents, hyphens, spaces, word order and slips, and tells how many hits there are", () => {
  const index = new Index([["ImageNet", "ILSVRC"], ["cross-entropy loss"], ["Erdős–Rényi graph"], ["ImageNet-21k"], ["GAN"]]);
  const hits = (text) => index.find(text).found.map(([entry]) => entry);
  assert.deepEqual(hits("image net"), [0, 3]);
  assert.deepEqual(hits("ilsvrc"), [0]);
  assert.deepEqual(hits("loss entropy"), [1]);
  assert.deepEqual(hits("erdos renyi"), [2]);
  assert.deepEqual(hits("imagnet"), [0]);
  assert.deepEqual(hits("gna"), []);
  assert.equal(index.find("i", { limit: 1 }).total, 3);
  assert.deepEqual(index.find("a", { among: (n) => n === 4 }).found, [[4, 0]]);
  assert.equal(fold("Self‑Attention 2.0"), "selfattention20");
  assert.ok(isNear("transfomer", "transformer", 1) && isNear("trasnformer", "transformer", 1) && !isNear("bert", "gpt", 1));
});

test("a text of several lines is one name", () => {
  assert.deepEqual(new Index([["a\nb"], ["b"]]).find("b").found.map(([entry]) => entry), [1, 0]);
});

const graphOf = (links) => {
  const lists = new Map();
  for (const [a, b, papers] of links) for (const [one, other] of [[a, b], [b, a]]) lists.set(one, [...(lists.get(one) ?? []), { node: other, papers }]);
  const of = (n) => lists.get(n) ?? [];
  return { links: of, neighbours: (n) => of(n).map(({ node }) => node), open: () => true };
};

test("a path is a shortest, of the shortest the one with the strongest links", () => {
  const graph = graphOf([[0, 1, 1], [1, 3, 1], [0, 2, 5], [2, 3, 5], [0, 4, 9], [4, 5, 9], [5, 3, 9]]);
  assert.deepEqual(shortestPath(0, 3, graph), [0, 2, 3]);
  assert.deepEqual(shortestPath(0, 9, graph), []);
  assert.deepEqual(shortestPath(0, 0, graph), [0]);
  assert.deepEqual(shortestPaths(0, 3, graph, 5), [[0, 2, 3], [0, 1, 3], [0, 4, 5, 3]]);
});

test("the tail of chance is that of a Poisson variable given that it is seen", () => {
  const poisson = (k, mean) => Math.exp(-mean) * mean ** k / [1, 1, 2, 6, 24, 120][k];
  for (const mean of [0.01, 0.5, 3]) {
    const tail = (1 - poisson(0, mean) - poisson(1, mean) - poisson(2, mean)) / (1 - poisson(0, mean));
    assert.ok(Math.abs(seenUpperTail(3, mean) / tail - 1) < 1e-4, String(mean));
  }
  assert.equal(seenUpperTail(1, 0.3), 1);
  assert.equal(qOf(0.5, [0.1, 0.2, 0.5, 0.6]), 0.6);
  assert.ok(qOf(0.2, [0.1, 0.2, 0.5, 0.6]) > 0.2 && qOf(0.2, [0.1, 0.2, 0.5, 0.6]) < 0.6);
});

test("a trend is tested against the years of all papers", () => {
  const test_ = trendTest([["", 2020, 50], ["", 2021, 50]]);
  assert.deepEqual(test_([["", 2021, 2]]), { p: 0.5, rises: true, papers: 2 });
  const many = trendTest([["", 2020, 500], ["", 2021, 500]])([["", 2020, 100], ["", 2021, 150]]);
  assert.ok(Math.abs(many.p - 0.00156540225) < 1e-8 && many.rises);
  const venues = trendTest([["a", 2010, 5], ["b", 2020, 5]]);
  assert.equal(venues([["b", 2020, 4]]).p, 1, "a venue that enters the corpus is no trend");
  assert.deepEqual([...falseDiscoveryRates([0.01, 0.04, 0.03])].map((q) => Number(q.toFixed(4))), [0.03, 0.04, 0.04]);
  assert.equal(middleYear([[2019, 3], [2020, 4], [2021, 1]]), 2019);
});

test("what grows of late and what had its peak is told beside what its venues would give", () => {
  const years = [2015, 2016, 2017, 2018, 2019, 2020].map((year) => ["", year, 100]);
  const look = courseTest(years);
  assert.deepEqual(look([["", 2017, 30], ["", 2018, 30]]), { growth: 0.04, peaked: true });
  assert.equal(look(years.map(([venue, year]) => [venue, year, 10])).peaked, false);
  assert.equal(look([["", 2020, 5]]).growth, 38.5);
});

test("a corpus without a name is called as its file or folder, unless nobody named these", async () => {
  const { nameOf } = await page("dom");
  const at = (pathname, protocol = "file:") => nameOf({ protocol, pathname });
  assert.equal(at("/home/x/vision/graph.html"), "vision");
  assert.equal(at("/home/x/kg-out/graph.html"), "");
  assert.equal(at("/home/x/my%20part.html"), "my part");
  assert.equal(at("/secret/", "http:"), "");
  assert.equal(at("/%E0%A4%A/graph.html"), "%E0%A4%A");
});

const PAPERS = [
  { id: "a 1", title: "On {x} & $y$", year: 2020, venue: "A_B", url: "https://doi.org/10.1234/ab.c", doi: "" },
  { id: "a1", title: '=1+1, "quoted"', year: null, venue: "", url: "javascript:alert(1)", doi: "" },
];

test("papers are taken away as BibTeX, RIS and CSV that programs read", () => {
  const text = bibtex(PAPERS);
  assert.match(text, /^@article\{a1,\n {2}title = \{\{On \\\{x\\\} \\& \\\$y\\\$\}\},/);
  assert.match(text, /@misc\{a1-2,/);
  assert.match(text, /doi = \{10\.1234\/ab\.c\}/);
  assert.ok(!text.includes("javascript"));
  assert.ok(ris(PAPERS).startsWith("TY  - JOUR\r\nID  - a 1\r\nTI  - On {x} & $y$\r\nPY  - 2020\r\n"));
  assert.match(papersCsv(PAPERS), /a1,"'=1\+1, ""quoted""",/);
  assert.equal(doiOf(PAPERS[0]), "10.1234/ab.c");
  assert.equal(csvCell("'=x"), "''=x");
});

test("corrections become a thesaurus, and can be undone", () => {
  const names = { a: ["BERT", "Bert model"], b: ["bert-base"], c: ["our model"] };
  const steps = [{ act: "merge", node: "b", into: "a" }, { act: "hide", node: "c" }, { act: "retype", node: "a", type: "method" }, { act: "apart", node: "a", name: "Bert model" }, { act: "rename", node: "a", label: "BERT (model)" }];
  assert.equal(thesaurusOf(steps, (id) => names[id]), "label,replace by,type\nbert-base,BERT (model),\nBERT,BERT (model),method\nour model,,\nBert model,=,\n");
  assert.deepEqual(outcome([{ act: "merge", node: "a", into: "b" }, { act: "merge", node: "b", into: "c" }]).into, new Map([["a", "c"], ["b", "c"]]));
  assert.ok(isStep(steps[0], (id) => id in names) && !isStep({ act: "merge", node: "b", into: "z" }, (id) => id in names) && !isStep(null, () => true));
});

test("surroundings are laid out around their middle, nothing on top of another", () => {
  const places = Array.from({ length: 8 }, (_, n) => [n, 5, 5]);
  const found = surround(0, places, places.slice(1).map(([n]) => [0, n, 2]));
  assert.deepEqual(found[0], [0, 5, 5]);
  for (const [n, x, y] of found) for (const [m, a, b] of found) assert.ok(n === m || Math.hypot(x - a, y - b) > 20);
});
