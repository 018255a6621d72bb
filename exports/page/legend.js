// The legend: what colour, shape, size and thickness mean; colour by type or by community.
"use strict";

const MOST_COMMUNITIES = 12;

function svgIcon(width, height, ...drawn) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({ width, height, "aria-hidden": "true" })) svg.setAttribute(name, value);
  for (const [tag, attributes] of drawn) {
    const shape = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
    svg.append(shape);
  }
  return svg;
}

function fillLegend() {
  const types = presentTypes.map((type) => make("li", {}, swatch(type), type));
  const named = byCommunitySize.filter((number) => number < MOST_COMMUNITIES && communities.get(number).size > 1);
  const colours = named.map((number) => {
    const mark = make("span", { class: "swatch dot own", "aria-hidden": "true" });
    mark.style.background = communityColour(number);
    return make("li", {}, mark, communityName(number));
  });
  const others = communities.size > named.length ? [make("li", {}, make("span", { class: "swatch dot own rest", "aria-hidden": "true" }), "smaller ones")] : [];
  const dots = [3, 5, 8].map((r, k) => ["circle", { cx: 6 + 18 * k + r / 2, cy: 9, r, class: "key" }]);
  const lines = [1, 2.2, 3.5].map((width, k) => ["line", { x1: 2 + 20 * k, x2: 16 + 20 * k, y1: 6, y2: 6, "stroke-width": width, class: "key" }]);
  part("legend-items").replaceChildren(
    ...(scene.colourBy === "community" ? [make("ul", {}, ...colours, ...others)] : scene.colourBy === "year" ? [yearKey()] : []),
    make("ul", { class: "row" }, ...types),
    make("p", {}, svgIcon(60, 18, ...dots), ` papers of a node, up to ${count.format(graph.nodes.papers[byImportance[0]] ?? 0)}`),
    make("p", {}, svgIcon(60, 12, ...lines), ` papers of a link, up to ${count.format(heaviest)}`),
  );
}

function yearKey() {
  const bar = make("span", { class: "ramp", "aria-hidden": "true" });
  bar.style.background = `linear-gradient(to right, ${[0, 0.5, 1].map((share) => yearColour(span[0] + share * (span[1] - span[0]))).join(", ")})`;
  return make("p", {}, String(span[0]), bar, `${span[1]}: first paper`);
}

/** Colour nodes by type, community or year. */
function colourBy(what) {
  scene.colourBy = what === "community" || (what === "year" && span) ? what : "type";
  for (const radio of document.querySelectorAll('[name="colour"]')) radio.checked = radio.value === scene.colourBy;
  repaint();
}

for (const radio of document.querySelectorAll('[name="colour"]')) {
  radio.addEventListener("change", () => {
    colourBy(radio.value);
    remember();
  });
}
