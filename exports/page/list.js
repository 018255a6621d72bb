// The list beside the picture: the nodes that are shown, or all that the filters let pass; for those who cannot or will not use the picture.

import { act } from "./actions.js";
import { N, field, nodes } from "./data.js";
import { collator, count, make, part } from "./dom.js";
import { nodeButton } from "./panel.js";
import { papersNow, scene, span } from "./scene.js";

const FIRST_ROWS = 100; // what is laid out at once; the rest on demand
export const order = { column: "papers", direction: -1 };
let mostRows = FIRST_ROWS;
let degrees = null; // of all nodes in the window
let countedFor = null;

function degreesNow() {
  if (countedFor !== scene.window || degrees?.model !== field.model) {
    degrees = { model: field.model, of: new Map() };
    countedFor = scene.window;
  }
  return degrees.of;
}

/** With how many nodes a node is linked. */
function degreeOf(n) {
  const known = degreesNow();
  if (!known.has(n)) known.set(n, field.model.degree(n, scene.window));
  return known.get(n);
}

function rowsNow() {
  if (!part("list-all").checked) return scene.drawn.filter((n) => scene.shown[n]);
  const rows = [];
  for (let n = 0; n < N; n++) if (scene.passes[n] && papersNow(n) > 0) rows.push(n);
  return rows;
}

export function fillList() {
  const { column, direction } = order;
  const value = { label: (n) => nodes.label[n], papers: papersNow, degree: degreeOf, first_year: (n) => nodes.first_year[n] ?? -Infinity }[column];
  const rows = rowsNow();
  const compare = column === "label" ? (a, b) => collator.compare(value(a), value(b)) : (a, b) => value(a) - value(b);
  rows.sort((a, b) => direction * compare(a, b) || a - b);
  const cells = (n) => make("tr", { class: n === scene.chosen ? "chosen" : null }, make("td", {}, nodeButton(n)), make("td", {}, String(papersNow(n))), make("td", {}, String(degreeOf(n))), make("td", {}, String(nodes.first_year[n] ?? "")));
  part("list").tBodies[0].replaceChildren(
    ...rows.slice(0, mostRows).map(cells),
    ...(rows.length > mostRows ? [make("tr", {}, make("td", { colspan: span ? "4" : "3" }, make("button", { type: "button", "data-kg": "more", onclick: showMore }, `${count.format(rows.length - mostRows)} more: show the next`)))] : []),
  );
}

function showMore() {
  const next = mostRows;
  mostRows += 400;
  fillList();
  part("list").tBodies[0].rows[next].querySelector("button").focus();
}

export function markOrder() {
  for (const button of document.querySelectorAll("[data-sort]")) {
    button.closest("th").setAttribute("aria-sort", button.dataset.sort !== order.column ? "none" : order.direction > 0 ? "ascending" : "descending");
  }
}

for (const button of document.querySelectorAll("[data-sort]")) {
  button.addEventListener("click", () => {
    const column = button.dataset.sort;
    Object.assign(order, { direction: order.column === column ? -order.direction : column === "label" ? 1 : -1, column });
    markOrder();
    fillList();
    act.remember();
  });
}
part("list-all").addEventListener("change", fillList);
