// Paths over all links of a corpus under the filters: a shortest, of those the one of the strongest links, and the next best.

/** How far each node is from the first, up to the level of the last; null if it is not reached. `open` tells which nodes may be walked through, `strict` whether links are filtered too. */
function levels(from, to, { neighbours, open }) {
  const far = new Map([[from, 0]]);
  let edge = [from];
  for (let step = 1; edge.length; step++) {
    const next = [];
    for (const n of edge) {
      for (const other of neighbours(n)) {
        if (far.has(other) || !(open(other) || other === to)) continue;
        far.set(other, step);
        next.push(other);
      }
    }
    if (far.has(to)) return far;
    edge = next;
  }
  return null;
}

/**
 * The nodes of a shortest path, [] if there is none; of the shortest that whose links have the most papers: the sum of 1 / papers is least.
 *
 * `graph`: `neighbours(n)` gives nodes, each as often as it likes; `links(n)` gives [{node, papers}]; `open(n)` tells whether a path may lead through.
 */
export function shortestPath(from, to, graph) {
  if (from === to) return [from];
  const far = levels(from, to, graph);
  if (!far) return [];
  let layer = new Map([[to, [0, null]]]); // node: [weakness of the way to the end, the next node]
  const next = new Map(layer);
  for (let step = far.get(to) - 1; step >= 0; step--) {
    const before = new Map();
    for (const [n, [weakness]] of layer) {
      for (const { node, papers } of graph.links(n)) {
        if (far.get(node) !== step) continue;
        const sum = weakness + 1 / papers;
        const known = before.get(node);
        if (!known || sum < known[0] || (sum === known[0] && n < known[1])) before.set(node, [sum, n]);
      }
    }
    for (const [n, value] of before) next.set(n, value);
    layer = before;
  }
  const path = [from];
  while (path.at(-1) !== to) path.push(next.get(path.at(-1))[1]);
  return path;
}

/** Up to so many paths without a circle, the shortest first (Yen 1971), each with strongest links among those as short. */
export function shortestPaths(from, to, graph, most) {
  const first = shortestPath(from, to, graph);
  if (first.length < 2) return first.length ? [first] : [];
  const found = [first];
  const waiting = [];
  const weakness = (path) => path.slice(1).reduce((sum, n, k) => sum + 1 / graph.links(path[k]).find(({ node }) => node === n).papers, 0);
  while (found.length < most) {
    const last = found.at(-1);
    for (let k = 0; k + 1 < last.length; k++) {
      const root = last.slice(0, k + 1);
      const closed = new Set(root.slice(0, -1));
      const barred = new Set(found.filter((path) => root.every((n, place) => path[place] === n)).map((path) => path[k + 1]));
      const here = root.at(-1);
      const passes = (n, other) => !closed.has(other) && !(n === here && barred.has(other)) && !(other === here && barred.has(n));
      const rest = shortestPath(here, to, {
        neighbours: (n) => graph.links(n).map(({ node }) => node).filter((other) => passes(n, other)),
        links: (n) => graph.links(n).filter(({ node }) => passes(n, node)),
        open: (n) => graph.open(n) && !closed.has(n),
      });
      const path = [...root.slice(0, -1), ...rest];
      if (rest.length && ![...found, ...waiting].some((other) => other.join() === path.join())) waiting.push(path);
    }
    if (!waiting.length) break;
    waiting.sort((a, b) => a.length - b.length || weakness(a) - weakness(b));
    found.push(waiting.shift());
  }
  return found;
}
