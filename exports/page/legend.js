// The legend: what colour, shape, size and thickness mean; from it clusters are highlighted.

import { act } from "./actions.js";
import { areaDot, clusterDot } from "./clusters.js";
import { button, count, drawing, make, part, short } from "./dom.js";
import { presentTypes, swatch, typeInk } from "./filters.js";
import { areaName, clusterName } from "./labels.js";
import { HUES, SHAPES, areaColour, byArea, communityColour, drawnAreas, drawnCommunities, network, papersNow, refreshInks, repaintNodes, scene, span, stage, yearColour } from "./scene.js";

const MOST_LISTED = 12;

function icon(width, height, ...drawn) {
  return drawing("svg", { width, height, "aria-hidden": "true" }, ...drawn);
}

/** What colours tell apart: the communities, or the areas, that have colours of their own, the largest first: {group, name, colour, dot, show}. */
export function colouredGroups() {
  const drawn = (byArea ? drawnAreas() : drawnCommunities()).filter(([, members]) => members.length > 1).slice(0, HUES);
  if (byArea) return drawn.map(([area]) => ({ name: areaName(area), colour: areaColour(area), dot: areaDot(area), show: () => act.showArea(area) }));
  return drawn.map(([community]) => ({ name: clusterName(community), colour: communityColour(community), dot: clusterDot(community), show: () => act.showCommunity(community) }));
}

function groupKeys() {
  const named = colouredGroups().slice(0, MOST_LISTED);
  const rows = named.map(({ name, dot, show }) => make("li", {}, button([dot, short(name, 40)], show, { class: "neighbour", title: name })));
  const rest = (byArea ? drawnAreas() : drawnCommunities()).length - named.length;
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
    ...(scene.colourBy === "community" ? [groupKeys()] : scene.colourBy === "year" ? [yearKey()] : []),
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

const LEAST_HEIGHT = 480; // pixels of the window
const LEAST_ROOM = 800; // pixels of the map: beside two open sides an open legend would hide what it explains
let legendChosen = false; // whether the user has opened or closed it

/** Open the legend where the map has room for it, unless the user has decided. */
export function fitLegend() {
  if (!legendChosen) part("legend").open = stage.clientWidth >= LEAST_ROOM && window.innerHeight >= LEAST_HEIGHT;
}
part("legend").querySelector("summary").addEventListener("click", () => { legendChosen = true; });
Object.assign(act, { fitLegend });

part("by-year").hidden = !span;
for (const radio of document.querySelectorAll('[name="colour"]')) {
  radio.addEventListener("change", () => {
    colourBy(radio.value);
    act.remember();
  });
}
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
