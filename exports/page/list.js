// The list of nodes beside the picture: the same nodes, sortable, for those who cannot or will not use the picture.
"use strict";

const FIRST_ROWS = 100; // what is laid out at once; the rest on demand
let mostRows = FIRST_ROWS;
let order = ["papers", -1];

for (const button of document.querySelectorAll("[data-sort]")) {
  button.addEventListener("click", () => {
    const column = button.dataset.sort;
    sortList(column, order[0] === column ? -order[1] : column === "label" ? 1 : -1);
    remember();
  });
}

function sortList(column, direction) {
  order = [column, direction];
  markOrder();
  fillList();
}

function markOrder() {
  const [column, direction] = order;
  for (const button of document.querySelectorAll("[data-sort]")) {
    button.closest("th").setAttribute("aria-sort", button.dataset.sort !== column ? "none" : direction > 0 ? "ascending" : "descending");
  }
}

function fillList() {
  const [column, direction] = order;
  const value = (n) => (column === "degree" ? degree[n] : graph.nodes[column][n] ?? -Infinity);
  const rows = [...Array(N).keys()].filter((n) => scene.shown[n]);
  const compare = column === "label" ? (a, b) => collator.compare(value(a), value(b)) : (a, b) => value(a) - value(b);
  rows.sort((a, b) => direction * compare(a, b) || a - b);
  part("list").tBodies[0].replaceChildren(
    ...rows.slice(0, mostRows).map((n) =>
      make("tr", { class: n === scene.chosen ? "chosen" : null },
        make("td", {}, nodeButton(n)),
        make("td", {}, String(graph.nodes.papers[n])), make("td", {}, String(degree[n])), make("td", {}, String(graph.nodes.first_year[n] ?? ""))),
    ),
    ...(rows.length > mostRows ? [make("tr", {}, make("td", { colspan: span ? "4" : "3" }, make("button", { type: "button", "data-kg": "more", onclick: showMore }, `${count.format(rows.length - mostRows)} more: show the next`)))] : []),
  );
}

function showMore() {
  const next = mostRows;
  mostRows += 400;
  fillList();
  part("list").tBodies[0].rows[next].querySelector("button").focus();
}

const collator = new Intl.Collator("en", { numeric: true });
