// The legend: what colour, shape, size and thickness mean; from it clusters are highlighted.

import { act } from "./actions.js";
import { clusterDot } from "./clusters.js";
import { button, count, drawing, make, part, short } from "./dom.js";
import { presentTypes, swatch, typeInk } from "./filters.js";
import { clusterName } from "./labels.js";
import { HUES, SHAPES, drawnCommunities, network, papersNow, refreshInks, repaintNodes, scene, span, yearColour } from "./scene.js";

const MOST_LISTED = 8;

function icon(width, height, ...drawn) {
  return drawing("svg", { width, height, "aria-hidden": "true" }, ...drawn);
}

/** The communities that have colours of their own, the largest first. */
export function colouredCommunities() {
  return drawnCommunities().filter(([, members]) => members.length > 1).slice(0, HUES).map(([community]) => community);
}

function communityKeys() {
  const named = colouredCommunities();
  const rows = named.slice(0, MOST_LISTED).map((community) => make("li", {}, button([], () => act.showCommunity(community), { class: "neighbour", title: clusterName(community) })));
  rows.forEach((row, k) => row.firstChild.append(clusterDot(named[k]), short(clusterName(named[k]), 34)));
  const rest = drawnCommunities().length - Math.min(named.length, MOST_LISTED);
  return make("ul", {}, ...rows, rest > 0 ? make("li", { class: "soft" }, `${count.format(rest)} smaller: see Clusters`) : null);
}

function yearKey() {
  const bar = make("span", { class: "ramp", "aria-hidden": "true" });
  bar.style.background = `linear-gradient(to right, ${[0, 0.5, 1].map((share) => yearColour(span[0] + share * (span[1] - span[0]))).join(", ")})`;
  return make("p", {}, String(span[0]), bar, `${span[1]}: first paper`);
}

export function fillLegend() {
  const types = presentTypes.map((type) => make("li", {}, swatch(type), type));
  const dots = [3, 5, 8].map((r, k) => drawing("circle", { cx: 6 + 18 * k + r / 2, cy: 9, r, class: "key" }));
  const lines = [1, 2.2, 3.5].map((width, k) => drawing("line", { x1: 2 + 20 * k, x2: 16 + 20 * k, y1: 6, y2: 6, "stroke-width": width, class: "key" }));
  part("legend-items").replaceChildren(
    ...(scene.colourBy === "community" ? [communityKeys()] : scene.colourBy === "year" ? [yearKey()] : []),
    make("ul", { class: "row" }, ...types),
    make("p", {}, icon(60, 18, ...dots), ` papers of a node, up to ${count.format(scene.drawn.length ? papersNow(scene.drawn[0]) : 0)}`),
    make("p", {}, icon(60, 12, ...lines), ` papers of a link, up to ${count.format(scene.links.papers[0] ?? 0)}`),
  );
}

/** Colour nodes by community, type or year. */
export function colourBy(what) {
  scene.colourBy = what === "type" || (what === "year" && span) ? what : "community";
  for (const radio of document.querySelectorAll('[name="colour"]')) radio.checked = radio.value === scene.colourBy;
  repaint();
}

export function repaint() {
  refreshInks();
  repaintNodes();
  for (const element of document.querySelectorAll(".swatch:not(.own)")) element.style.background = typeInk(Object.keys(SHAPES).find((name) => element.classList.contains(SHAPES[name])));
  fillLegend();
  act.fillClusters();
  network.redraw();
}

export function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  repaint();
}

part("by-year").hidden = !span;
for (const radio of document.querySelectorAll('[name="colour"]')) {
  radio.addEventListener("change", () => {
    colourBy(radio.value);
    act.remember();
  });
}
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
