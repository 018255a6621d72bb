// Papers x nodes, both ways, and the links that are counted from them: of a node, among nodes, in a window of papers.

/** Kinds of links by their bits; a link without one of these is `is-a` or `mention`. */
export const KINDS = ["evaluated", "compared", "uses"];
export const MOST_KINDS = [...KINDS, "is-a", "mention"];

/** Return what the roles of a pair say in one paper, as bits; each end given by its class and the name of its role. */
export function kindsOf(oneClass, oneRole, otherClass, otherRole) {
  const directed = (subject, role, object, other) => {
    const evaluated = subject === METHOD && object === DATA && (((role === "new" || role === "studied") && other === "evaluated") || (role === "studied" && other === "new"));
    const compared = subject === METHOD && object === METHOD && role === "new" && other === "compared";
    return (evaluated ? 1 : 0) | (compared ? 2 : 0) | (role === "new" && other === "used" && object !== OTHER ? 4 : 0);
  };
  return directed(oneClass, oneRole, otherClass, otherRole) | directed(otherClass, otherRole, oneClass, oneRole);
}

const [METHOD, DATA, OTHER] = [0, 1, 2];

/** The class of a type, by which kinds are told. */
export function classOf(type) {
  return type === "method" ? METHOD : type === "dataset" || type === "benchmark" ? DATA : OTHER;
}

/** What pairs say, for every two ends, each as class times the number of roles, plus role: looked up in the inner loops. */
function kindTable(roles) {
  const size = roles.length;
  const ends = 3 * size;
  const table = new Uint8Array(ends * ends);
  for (let a = 0; a < ends; a++) {
    for (let b = 0; b < ends; b++) table[a * ends + b] = kindsOf(Math.floor(a / size), roles[a % size], Math.floor(b / size), roles[b % size]);
  }
  return table;
}

/** Split numbers into papers: counts first, then each paper's nodes as differences. */
export function readIncidence(numbers, papers) {
  const offsets = new Int32Array(papers + 1);
  for (let p = 0; p < papers; p++) offsets[p + 1] = offsets[p] + numbers[p];
  const flat = new Int32Array(offsets[papers]);
  for (let p = 0; p < papers; p++) {
    let node = -1;
    for (let k = offsets[p]; k < offsets[p + 1]; k++) {
      node += numbers[papers + k] + 1;
      flat[k] = node;
    }
  }
  return { offsets, flat };
}

/** Return offsets and entries of the other direction: for each node where it stands in `flat`, the newest paper first. */
function invert({ offsets, flat }, nodes) {
  const starts = new Int32Array(nodes + 1);
  for (const node of flat) starts[node + 1]++;
  for (let n = 0; n < nodes; n++) starts[n + 1] += starts[n];
  const next = starts.slice();
  const paperOf = new Int32Array(flat.length);
  const entry = new Int32Array(flat.length);
  for (let p = 0; p + 1 < offsets.length; p++) {
    for (let k = offsets[p]; k < offsets[p + 1]; k++) {
      const place = next[flat[k]]++;
      paperOf[place] = p;
      entry[place] = k;
    }
  }
  return { starts, paperOf, entry };
}

/** A list of links as adjacency, for pages whose links are not all those that the papers give. */
function adjacency(listed, nodes) {
  const starts = new Int32Array(nodes + 1);
  for (const ends of [listed.sources, listed.targets]) for (const n of ends) starts[n + 1]++;
  for (let n = 0; n < nodes; n++) starts[n + 1] += starts[n];
  const next = starts.slice();
  const [other, link] = [new Int32Array(starts[nodes]), new Int32Array(starts[nodes])];
  for (let l = 0; l < listed.sources.length; l++) {
    for (const [one, two] of [[listed.sources[l], listed.targets[l]], [listed.targets[l], listed.sources[l]]]) {
      other[next[one]] = two;
      link[next[one]++] = l;
    }
  }
  return { starts, other, link };
}

/**
 * The links of a corpus, counted on demand.
 *
 * `incidence`: offsets and nodes of papers; `roles`: a code for each entry or null; `names`: what the codes mean; `years`: [year or null,
 * papers] in the order of papers; `listed`: columns of links where they are not those of the papers; `classes`: tells the class of a node.
 */
export class Model {
  constructor({ nodes, incidence, roles = null, names = [""], years, listed = null, classes }) {
    Object.assign(this, { nodes, incidence, roles, names, listed, classes });
    this.papers = incidence.offsets.length - 1;
    this.yearOf = new Int32Array(this.papers);
    let p = 0;
    for (const [year, count] of years) {
      this.yearOf.fill(year ?? 0, p, p + count);
      p += count;
    }
    this.byNode = invert(incidence, nodes);
    this.adjacent = listed && adjacency(listed, nodes);
    this.table = kindTable(names);
    this.counts = new Int32Array(nodes); // scratch: papers of a pair
    this.said = KINDS.map(() => new Int32Array(nodes)); // scratch: papers that say a kind
    this.seen = new Uint8Array(this.papers);
    this.kindOf = new Map(); // node: its broader nodes
  }

  /** All papers. */
  get everything() {
    return { from: 0, to: this.papers, all: true };
  }

  /** The window of the papers of years, both included; null leaves a side open, and both all papers, those without a year too. */
  windowOf(since, until) {
    if (since === null && until === null) return this.everything;
    let [from, to] = [0, this.papers];
    while (from < to && until !== null && this.yearOf[from] > until) from++;
    while (to > from && (this.yearOf[to - 1] === 0 || (since !== null && this.yearOf[to - 1] < since))) to--;
    return { from, to, all: false, since: since ?? -Infinity, until: until ?? Infinity };
  }

  /** The papers of a node in a window, the newest first. */
  papersOf(n, window = this.everything) {
    const { starts, paperOf } = this.byNode;
    const all = paperOf.subarray(starts[n], starts[n + 1]);
    return window.all ? all : all.filter((p) => p >= window.from && p < window.to);
  }

  nodesOf(p) {
    return this.incidence.flat.subarray(this.incidence.offsets[p], this.incidence.offsets[p + 1]);
  }

  /** The papers that mention every one of some nodes. */
  sharedPapers(nodes, window = this.everything) {
    const [first, ...rest] = [...nodes].sort((a, b) => this.papersOf(a).length - this.papersOf(b).length);
    const sets = rest.map((n) => new Set(this.papersOf(n, window)));
    return [...this.papersOf(first, window)].filter((p) => sets.every((set) => set.has(p)));
  }

  /** How many papers mention each node in a window. */
  countPapers(window) {
    const counts = new Int32Array(this.nodes);
    const { offsets, flat } = this.incidence;
    for (let k = offsets[window.from]; k < offsets[window.to]; k++) counts[flat[k]]++;
    return counts;
  }

  /** An entry as a number: its class times the number of roles, plus its role. */
  end(k) {
    return this.roles[k] + this.classes(this.incidence.flat[k]) * this.names.length;
  }

  /** What a paper does with a node: the name of its role, '' where that is not known. */
  roleIn(p, n) {
    if (!this.roles) return "";
    const { offsets, flat } = this.incidence;
    for (let k = offsets[p]; k < offsets[p + 1]; k++) if (flat[k] === n) return this.names[this.roles[k]];
    return "";
  }

  /** Count with whom a node shares papers of a window into the scratch columns; return the others, which the caller must wipe by `wipe`. */
  gather(n, window) {
    const { starts, paperOf, entry } = this.byNode;
    const { offsets, flat } = this.incidence;
    const width = 3 * this.names.length;
    const others = [];
    for (let place = starts[n]; place < starts[n + 1]; place++) {
      const p = paperOf[place];
      if (p < window.from || p >= window.to) continue;
      const own = this.roles ? this.end(entry[place]) : 0;
      for (let k = offsets[p]; k < offsets[p + 1]; k++) {
        const other = flat[k];
        if (other === n) continue;
        if (this.counts[other]++ === 0) others.push(other);
        if (!this.roles || !this.roles[k]) continue;
        const bits = this.table[own * width + this.end(k)];
        for (let bit = 0; bits >> bit; bit++) if ((bits >> bit) & 1) this.said[bit][other]++;
      }
    }
    return others;
  }

  wipe(others) {
    for (const other of others) {
      this.counts[other] = 0;
      for (const column of this.said) column[other] = 0;
    }
  }

  /** The links of a node in a window: {node, papers, said: papers that say each kind, kind}. */
  linksOf(n, window = this.everything) {
    const others = this.gather(n, window);
    const found = (this.listed ? this.listedOthers(n, window) : others).map((other) => this.linkAt(n, other));
    this.wipe(others);
    return found.filter(({ papers }) => papers > 0);
  }

  /** With how many nodes a node is linked in a window. */
  degree(n, window = this.everything) {
    if (this.listed) return this.linksOf(n, window).length;
    const others = this.gather(n, window);
    this.wipe(others);
    return others.length;
  }

  linkAt(n, other) {
    const listed = this.listed ? this.listedCount : null;
    const said = this.said.map((column, bit) => listed?.said?.[bit].get(other) ?? column[other]);
    return { node: other, papers: listed ? listed.papers.get(other) : this.counts[other], said, kind: this.kindNamed(n, other, said) };
  }

  /** The listed neighbours of a node, with their counts: in a window those of the papers, or all where the papers are not held. */
  listedOthers(n, window) {
    const { starts, other, link } = this.adjacent;
    const own = { papers: new Map(), said: window.all && KINDS.every((kind) => this.listed[kind]) && !this.roles ? KINDS.map(() => new Map()) : null };
    const others = [];
    for (let k = starts[n]; k < starts[n + 1]; k++) {
      const [m, l] = [other[k], link[k]];
      const { papers, first_year: firsts, last_year: lasts } = this.listed;
      const held = this.counts[m];
      const overlaps = window.all || (firsts?.[l] != null && lasts[l] >= window.since && firsts[l] <= window.until);
      own.papers.set(m, window.all ? papers[l] : this.papers ? held : overlaps ? papers[l] : 0);
      own.said?.forEach((map, bit) => map.set(m, this.listed[KINDS[bit]][l] ?? 0));
      others.push(m);
    }
    this.listedCount = own;
    return others;
  }

  kindNamed(one, other, said) {
    let best = -1;
    said.forEach((count, bit) => { if (count > 0 && (best < 0 || count > said[best])) best = bit; });
    if (best >= 0) return KINDS[best];
    return this.kindOf.get(one)?.includes(other) || this.kindOf.get(other)?.includes(one) ? "is-a" : "mention";
  }

  /** The link of two nodes; null if there is none. */
  link(one, other, window = this.everything) {
    return this.linksOf(one, window).find(({ node }) => node === other) ?? null;
  }

  /** The links among some nodes as columns: most papers first, of equal ones those that chance explains least. */
  linksAmong(nodes, window = this.everything) {
    const inside = new Uint8Array(this.nodes);
    for (const n of nodes) inside[n] = 1;
    const rows = this.listed ? this.listedAmong(nodes, inside, window) : this.countedAmong(nodes, inside, window);
    const size = (n) => this.byNode.starts[n + 1] - this.byNode.starts[n];
    rows.sort((a, b) => b.papers - a.papers || size(a.one) * size(a.other) - size(b.one) * size(b.other) || a.one - b.one || a.other - b.other);
    return {
      sources: Int32Array.from(rows, (row) => row.one),
      targets: Int32Array.from(rows, (row) => row.other),
      papers: Int32Array.from(rows, (row) => row.papers),
      said: KINDS.map((_, bit) => Int32Array.from(rows, (row) => row.said[bit])),
      kinds: Uint8Array.from(rows, (row) => MOST_KINDS.indexOf(this.kindNamed(row.one, row.other, row.said))),
    };
  }

  listedAmong(nodes, inside, window) {
    const rows = [];
    for (const one of nodes) {
      for (const { node: other, papers, said } of this.linksOf(one, window)) if (inside[other] && one < other) rows.push({ one, other, papers, said });
    }
    return rows;
  }

  /** Count pairs node by node: only the larger numbers of each paper are looked at. */
  countedAmong(nodes, inside, window) {
    const { starts, paperOf, entry } = this.byNode;
    const { offsets, flat } = this.incidence;
    const width = 3 * this.names.length;
    const nothing = KINDS.map(() => 0);
    const rows = [];
    for (const n of nodes) {
      const others = [];
      for (let place = starts[n]; place < starts[n + 1]; place++) {
        const p = paperOf[place];
        if (p < window.from || p >= window.to) continue;
        const own = this.roles ? this.end(entry[place]) : 0;
        for (let k = entry[place] + 1; k < offsets[p + 1]; k++) {
          const other = flat[k];
          if (!inside[other]) continue;
          if (this.counts[other]++ === 0) others.push(other);
          if (!this.roles || !this.roles[k]) continue;
          const bits = this.table[own * width + this.end(k)];
          for (let bit = 0; bits >> bit; bit++) if ((bits >> bit) & 1) this.said[bit][other]++;
        }
      }
      for (const other of others) {
        const said = this.roles ? this.said.map((column) => column[other]) : nothing;
        rows.push({ one: n, other, papers: this.counts[other], said });
      }
      this.wipe(others);
    }
    return rows;
  }

  /** How many papers of each year mention some node or link, given its papers: [year, papers] in order of years. */
  course(papers) {
    const counts = new Map();
    for (const p of papers) if (this.yearOf[p]) counts.set(this.yearOf[p], (counts.get(this.yearOf[p]) ?? 0) + 1);
    return [...counts].sort((a, b) => a[0] - b[0]);
  }

  /** The model after nodes were merged: `into` gives for each node the one that it is now. */
  merged(into) {
    const { offsets, flat } = this.incidence;
    const kept = [];
    const roles = [];
    const starts = new Int32Array(offsets.length);
    for (let p = 0; p < this.papers; p++) {
      const found = new Map();
      for (let k = offsets[p]; k < offsets[p + 1]; k++) {
        const n = into(flat[k]);
        const role = this.roles?.[k] ?? 0;
        if (!found.get(n)) found.set(n, role);
      }
      for (const n of [...found.keys()].sort((a, b) => a - b)) {
        kept.push(n);
        roles.push(found.get(n));
      }
      starts[p + 1] = kept.length;
    }
    const years = [...this.yearOf].map((year) => [year || null, 1]);
    const changed = new Model({ ...this, incidence: { offsets: starts, flat: Int32Array.from(kept) }, roles: this.roles && Uint8Array.from(roles), years, listed: this.listed && mergedList(this.listed, into) });
    for (const [n, broader] of this.kindOf) changed.kindOf.set(into(n), broader.map(into));
    return changed;
  }
}

/** A list of links after nodes were merged; two that fall together have the papers of the larger at least. */
function mergedList(listed, into) {
  const rows = new Map();
  listed.sources.forEach((source, l) => {
    const [one, other] = [into(source), into(listed.targets[l])].sort((a, b) => a - b);
    const name = `${one} ${other}`;
    if (one !== other && !((rows.get(name) ?? -1) >= 0 && listed.papers[rows.get(name)] >= listed.papers[l])) rows.set(name, l);
  });
  const names = [...rows.keys()].map((name) => name.split(" ").map(Number));
  const columns = Object.fromEntries(Object.entries(listed).map(([name, column]) => [name, [...rows.values()].map((l) => column[l])]));
  return { ...columns, sources: names.map(([one]) => one), targets: names.map(([, other]) => other) };
}
