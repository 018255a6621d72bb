// The legend: what colour, shape, size and thickness mean; colour by type or by community.
"use strict";

const MOST_COMMUNITIES = 12;

function svgIcon(width, height, ...shapes) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({ width, height, "aria-hidden": "true" })) svg.setAttribute(name, value);
  for (const [tag, attributes] of shapes) {
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
  const rest = communities.size > named.length ? [make("li", {}, make("span", { class: "swatch dot own rest", "aria-hidden": "true" }), "smaller ones")] : [];
  const dots = [3, 5, 8].map((r, k) => ["circle", { cx: 6 + 18 * k + r / 2, cy: 9, r, class: "key" }]);
  const lines = [1, 2.2, 3.5].map((width, k) => ["line", { x1: 2 + 20 * k, x2: 16 + 20 * k, y1: 6, y2: 6, "stroke-width": width, class: "key" }]);
  part("legend-items").replaceChildren(
    ...(scene.byCommunity ? [make("ul", {}, ...colours, ...rest)] : []),
    make("ul", { class: "row" }, ...types),
    make("p", {}, svgIcon(60, 18, ...dots), ` papers of a node, up to ${count.format(graph.nodes.papers[byImportance[0]] ?? 0)}`),
    make("p", {}, svgIcon(60, 12, ...lines), ` papers of a link, up to ${count.format(heaviest)}`),
  );
}

function colourBy(what) {
  scene.byCommunity = what === "community";
  for (const radio of document.querySelectorAll('[name="colour"]')) radio.checked = radio.value === what;
  repaint();
}

for (const radio of document.querySelectorAll('[name="colour"]')) {
  radio.addEventListener("change", () => {
    colourBy(radio.value);
    remember();
  });
}
