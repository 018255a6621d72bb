// Corrections where something wrong is seen: hide, merge, keep apart, rename, retype; undone step by step, kept in the browser, taken away as a thesaurus.

import { act } from "./actions.js";
import { field, graph, into, nodes, numberOf, reindex, setMerges } from "./data.js";
import { button, make, part, plural, save, say } from "./dom.js";
import { applyFilters, corrected, recount } from "./filters.js";
import { openPanel } from "./panel.js";
import { repaintNodes, scene } from "./scene.js";
import { isStep, outcome, thesaurusOf } from "./thesaurus.js";

let steps = [];
let original = null; // labels, types and papers as the file has them
const place = `kg corrections ${graph.name} ${graph.nodes} ${graph.links} ${graph.ids.slice(0, 5).join(" ")}`;

/** Read what the browser keeps, once the names are known. */
export function loadCorrections() {
  original = { label: [...nodes.label], type: [...nodes.type], papers: [...nodes.papers] };
  try {
    const read = JSON.parse(localStorage.getItem(place) ?? "[]");
    steps = Array.isArray(read) ? read.filter((step) => isStep(step, (id) => numberOf.has(id))) : [];
  } catch {
    steps = []; // some browsers keep nothing for files
  }
  if (steps.length) apply();
  showButton();
}

function keep() {
  try {
    localStorage.setItem(place, JSON.stringify(steps));
  } catch {
    say("This browser does not keep corrections of files: take them away as a thesaurus.");
  }
}

/** Make the nodes what the steps say. */
function apply() {
  const { hidden, into: merged, labels, types } = outcome(steps);
  const number = (id) => numberOf.get(id);
  nodes.label = [...original.label];
  nodes.type = [...original.type];
  nodes.papers = [...original.papers];
  for (const [id, label] of labels) nodes.label[number(id)] = label;
  for (const [id, type] of types) nodes.type[number(id)] = type;
  setMerges([...merged].map(([id, target]) => [number(id), number(target)]));
  corrected.hidden = new Set([...hidden, ...merged.keys()].map(number));
  if (field.model.papers) for (const target of merged.values()) nodes.papers[number(target)] = field.model.papersOf(number(target)).length;
  if (scene.window) {
    scene.papers = scene.window.all || !field.model.papers ? null : field.model.countPapers(scene.window);
    recount();
  }
  reindex();
  repaintNodes();
}

function renew(words) {
  apply();
  keep();
  showButton();
  applyFilters();
  say(words);
}

/** Do what a step says. */
export function correct(step, words) {
  steps.push(step);
  renew(words);
}

export function undo() {
  if (!steps.length) return;
  steps.pop();
  renew("The last correction is undone.");
  showCorrections(scene.chosen);
}

function showButton() {
  part("corrections").hidden = !steps.length;
  part("corrections").textContent = plural(steps.length, "correction");
}

const namesOf = (id) => [original.label[numberOf.get(id)], ...(nodes.aliases[numberOf.get(id)] ?? [])];

export function thesaurus() {
  return thesaurusOf(steps, namesOf);
}

function wordsOf(step) {
  const name = (id) => `“${original.label[numberOf.get(id)]}”`;
  return { hide: () => `${name(step.node)} hidden`, merge: () => `${name(step.node)} merged into ${name(step.into)}`, apart: () => `“${step.name}” kept apart from ${name(step.node)}, from the next build on`, rename: () => `${name(step.node)} renamed to “${step.label}”`, retype: () => `${name(step.node)} is a ${step.type}` }[step.act]();
}

/** Merge several nodes into the one of most papers. */
function mergeSelected(some) {
  const [first, ...others] = [...some].sort((a, b) => nodes.papers[b] - nodes.papers[a] || a - b);
  for (const n of others) steps.push({ act: "merge", node: nodes.ids[n], into: nodes.ids[first] });
  renew(`${others.length + 1} nodes are merged into ${nodes.label[first]}.`);
  act.choose(first, true);
}

/** Open the panel of corrections: of a node, and all that were made. */
export function showCorrections(n = -1) {
  const id = n >= 0 ? nodes.ids[into(n)] : null;
  const box = make("input", { type: "text", value: n >= 0 ? nodes.label[n] : "", "aria-label": "New name", "data-kg": "new-name" });
  const type = make("select", { "aria-label": "New type", "data-kg": "new-type" }, ...graph.types.map((name) => make("option", { value: name, selected: n >= 0 && nodes.type[n] === name }, name)));
  const target = make("input", { type: "text", "aria-label": "Merge into", "data-kg": "merge-into", placeholder: "name of the other node" });
  const mergeNow = () => {
    const [[other] = []] = field.index.find(target.value, { limit: 1, among: (m) => m !== n && !corrected.hidden.has(m) }).found;
    if (other === undefined) say("Nothing is called so.");
    else {
      correct({ act: "merge", node: id, into: nodes.ids[other] }, `${nodes.label[n]} is merged into ${nodes.label[other]}.`);
      act.choose(other, true);
    }
  };
  const again = () => act.choose(n, false);
  const own = n < 0 ? [] : [
    make("p", { class: "form" }, box, button("Rename", () => { if (box.value.trim()) { correct({ act: "rename", node: id, label: box.value.trim() }, `Renamed to ${box.value.trim()}.`); again(); } }, { "data-kg": "rename" })),
    make("p", { class: "form" }, type, button("Retype", () => { correct({ act: "retype", node: id, type: type.value }, `It is a ${type.value} now.`); again(); }, { "data-kg": "retype" })),
    make("p", { class: "form" }, target, button("Merge into it", mergeNow, { "data-kg": "merge" })),
    make("p", {}, button("Hide: it is no method, dataset or benchmark", () => { correct({ act: "hide", node: id }, `${nodes.label[n]} is hidden.`); act.choose(-1); }, { "data-kg": "hide" })),
    (nodes.aliases[n] ?? []).length ? make("details", {}, make("summary", {}, "A name that is not its name"), make("ul", { class: "names" }, ...nodes.aliases[n].slice(0, 100).map((name) => make("li", {}, make("span", { dir: "auto" }, name), " ", button("keep apart", () => { correct({ act: "apart", node: id, name }, `${name} is kept apart from the next build on.`); showCorrections(n); }, { class: "inline" }))))) : null,
  ];
  openPanel(n < 0 ? "Corrections" : `Correct ${nodes.label[n]}`, ...own,
    make("h3", {}, `All corrections (${steps.length})`),
    steps.length ? make("ol", { class: "names", "data-kg": "steps" }, ...steps.map((step) => make("li", {}, wordsOf(step)))) : make("p", {}, "None yet."),
    make("p", { class: "actions" },
      steps.length ? button("Undo the last", undo, { "data-kg": "undo" }) : null,
      steps.length ? button("Take away as thesaurus", () => save("thesaurus.csv", thesaurus(), "text/csv"), { "data-kg": "thesaurus" }) : null,
      steps.length && graph.served ? button("Apply to the project", applyToProject, { "data-kg": "apply" }) : null),
    make("p", { class: "note", "data-kg": "applied" }),
    make("p", { class: "hint" }, "They are kept in this browser. kg build --thesaurus thesaurus.csv makes them last."));
}

/** Write the corrections back to the project that serves the page. */
async function applyToProject() {
  const tell = (words) => {
    part("applied").textContent = words;
    say(words);
  };
  tell("The project is being built with your corrections; the page opens anew when it is done.");
  const answer = await fetch("thesaurus", { method: "POST", body: thesaurus(), headers: { "Content-Type": "text/csv" } });
  if (!answer.ok) {
    tell(`The project was not changed: ${await answer.text()}`);
    return;
  }
  steps = [];
  keep();
  location.reload();
}

part("corrections").addEventListener("click", () => showCorrections(-1));
Object.assign(act, { showCorrections, mergeSelected });
