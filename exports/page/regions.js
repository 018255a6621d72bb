// Pale regions behind the communities.

import { nodes } from "./data.js";
import { drawnCommunities, regionInk, scene, xs, ys } from "./scene.js";

const MOST_REGIONS = 24;
const LEAST_REGION = 5; // nodes

/** The corners of the convex hull of nodes, in order. */
function hullOf(some) {
  const sorted = [...some].sort((a, b) => xs[a] - xs[b] || ys[a] - ys[b]);
  const turn = (o, a, b) => (xs[a] - xs[o]) * (ys[b] - ys[o]) - (ys[a] - ys[o]) * (xs[b] - xs[o]);
  const half = (list) => {
    const kept = [];
    for (const n of list) {
      while (kept.length > 1 && turn(kept.at(-2), kept.at(-1), n) <= 0) kept.pop();
      kept.push(n);
    }
    return kept.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

function isInside(hull, n) {
  let inside = true;
  for (let k = 0; k < hull.length && inside; k++) {
    const [a, b] = [hull[k], hull[(k + 1) % hull.length]];
    inside = (xs[b] - xs[a]) * (ys[n] - ys[a]) - (ys[b] - ys[a]) * (xs[n] - xs[a]) >= 0;
  }
  return inside;
}

const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** The middle of nodes, and those of them that are not far away. */
export function heartOf(some) {
  const [x, y] = [middle(some.map((n) => xs[n])), middle(some.map((n) => ys[n]))];
  const away = (n) => Math.hypot(xs[n] - x, ys[n] - y);
  const far = 2.2 * middle(some.map(away));
  return { x, y, close: some.filter((n) => away(n) <= far) };
}

/** The communities that are shown, the largest first, each with its shown nodes. */
export function shownCommunities() {
  return drawnCommunities().map(([community, members]) => [community, members.filter((n) => scene.shown[n])]).filter(([, members]) => members.length);
}

/** The regions of the largest communities: [community, corners, outline]. Members far away are left outside; a region that holds many others is none. */
function findRegions() {
  const shown = scene.drawn.filter((n) => scene.shown[n]);
  return shownCommunities().filter(([, members]) => members.length >= LEAST_REGION).slice(0, MOST_REGIONS).flatMap(([community, members]) => {
    const hull = hullOf(heartOf(members).close);
    const others = shown.filter((n) => nodes.community[n] !== community && isInside(hull, n)).length;
    return hull.length > 2 && others < 0.25 * members.length ? [[community, hull, roundHull(hull)]] : [];
  });
}

/** The outline that keeps a distance from a hull, round at its corners. */
function roundHull(hull) {
  const path = new Path2D();
  const rim = regionEdge() / 2;
  const normal = (a, b) => Math.atan2(ys[b] - ys[a], xs[b] - xs[a]) - Math.PI / 2;
  hull.forEach((n, k) => path.arc(xs[n], ys[n], rim, normal(hull.at(k - 1), n), normal(n, hull[(k + 1) % hull.length])));
  path.closePath();
  return path;
}

/** Twice the distance between a region's outermost nodes and its rim, in the units of the picture. */
export function regionEdge() {
  return 36 / scene.whole;
}

export function regions() {
  scene.regions ??= findRegions();
  return scene.regions;
}

export function paintRegions(context) {
  for (const [community, , around] of regions()) {
    context.fillStyle = regionInk(community);
    context.fill(around);
  }
}
