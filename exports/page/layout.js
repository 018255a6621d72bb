// A small layout of a node and what is around it: springs and repulsion from where the nodes are, the node in the middle (Fruchterman and Reingold 1991).

const STEPS = 150;

/** Return [node, x, y] for each place [node, x, y]; links are [node, node, papers]. The middle stays where it is. */
export function surround(middle, places, links) {
  const spot = new Map(places.map(([n], k) => [n, k]));
  const at = places.find(([n]) => n === middle) ?? places[0];
  const room = 60 * Math.sqrt(places.length);
  const ideal = (1.6 * room) / Math.sqrt(places.length);
  const points = places.map(([n], k) => (n === middle ? [0, 0] : [room * Math.cos(k * 2.399963) * Math.sqrt((k + 1) / places.length), room * Math.sin(k * 2.399963) * Math.sqrt((k + 1) / places.length)]));
  for (let step = 0; step < STEPS; step++) {
    const force = points.map(() => [0, 0]);
    for (let i = 0; i < points.length; i++) {
      for (let j = 0; j < i; j++) push(points, force, i, j, ideal);
    }
    for (const [a, b, papers] of links) pull(points, force, spot.get(a), spot.get(b), ideal, 1 + Math.log(papers));
    const heat = room * 0.2 * (1 - step / STEPS);
    force.forEach(([x, y], k) => {
      const length = Math.hypot(x, y) || 1;
      if (places[k][0] !== middle) points[k] = [points[k][0] + (x / length) * Math.min(length, heat), points[k][1] + (y / length) * Math.min(length, heat)];
    });
  }
  return places.map(([n], k) => [n, at[1] + points[k][0], at[2] + points[k][1]]);
}

function push(points, force, i, j, ideal) {
  const [x, y] = [points[i][0] - points[j][0], points[i][1] - points[j][1]];
  const square = x * x + y * y || 0.01;
  const strength = (ideal * ideal) / square;
  force[i][0] += x * strength;
  force[i][1] += y * strength;
  force[j][0] -= x * strength;
  force[j][1] -= y * strength;
}

function pull(points, force, i, j, ideal, weight) {
  const [x, y] = [points[i][0] - points[j][0], points[i][1] - points[j][1]];
  const strength = (weight * Math.hypot(x, y)) / ideal;
  force[i][0] -= x * strength;
  force[i][1] -= y * strength;
  force[j][0] += x * strength;
  force[j][1] += y * strength;
}
