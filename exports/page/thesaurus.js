// Corrections: a list of steps that can be undone, what they make of the nodes, and the thesaurus file that makes them last.

import { csv } from "./formats.js";

/** A step: {act: "hide", node}, {act: "merge", node, into}, {act: "apart", node, name}, {act: "rename", node, label} or {act: "retype", node, type}; nodes by id. */
export function outcome(steps) {
  const result = { hidden: new Set(), into: new Map(), labels: new Map(), types: new Map(), apart: [] };
  for (const step of steps) {
    if (step.act === "hide") result.hidden.add(step.node);
    else if (step.act === "merge") merge(result.into, step.node, step.into);
    else if (step.act === "rename") result.labels.set(step.node, step.label);
    else if (step.act === "retype") result.types.set(step.node, step.type);
    else result.apart.push([step.node, step.name]);
  }
  return result;
}

function merge(into, node, target) {
  for (const [other, end] of into) if (end === node) into.set(other, target);
  into.delete(target);
  into.set(node, target);
}

/** Whether a value, read back from a browser or a file, is a step about nodes that are known. */
export function isStep(step, known) {
  if (typeof step !== "object" || step === null || !known(step.node)) return false;
  const text = (name) => typeof step[name] === "string" && step[name] !== "";
  return { hide: true, merge: known(step.into) && step.into !== step.node, apart: text("name"), rename: text("label"), retype: text("type") }[step.act] === true;
}

/** The thesaurus that a build reads: label, replace by, type. `namesOf(id)` gives the names of a node, its label first. */
export function thesaurusOf(steps, namesOf) {
  const { hidden, into, labels, types, apart } = outcome(steps);
  const lines = new Map(); // name: [replacement, type]
  const labelOf = (id) => labels.get(id) ?? namesOf(id)[0];
  for (const [id, target] of into) for (const name of namesOf(id)) lines.set(name, [labelOf(target), ""]);
  for (const id of new Set([...labels.keys(), ...types.keys()])) if (!into.has(id)) lines.set(namesOf(id)[0], [labelOf(id), types.get(id) ?? ""]);
  for (const id of hidden) for (const name of namesOf(id)) lines.set(name, ["", ""]);
  for (const [, name] of apart) lines.set(name, ["=", ""]);
  const cells = (text) => text.replace(/[\r\n\t]+/g, " ");
  return csv([["label", "replace by", "type"], ...[...lines].map(([name, [replacement, type]]) => [cells(name), cells(replacement), type])]).replace(/(^|,)'(?==)/gm, "$1");
}
