// Search: names folded into one long text, so that a look through all of a large field is a look through one string.

/** Fold text for search: case, accents, hyphens, points and spaces do not matter; lines stay. */
export function fold(text) {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^\S\n]+|[-_./‐-―]+/g, "");
}

const letters = (name) => {
  let mask = 0;
  for (let k = 0; k < name.length; k++) mask |= 1 << (name.charCodeAt(k) % 31);
  return mask;
};

const bits = (mask) => {
  let count = 0;
  for (let rest = mask >>> 0; rest; rest &= rest - 1) count++;
  return count;
};

/** Whether one text becomes the other by at most so many slips: a letter more, less, another, or two exchanged. */
export function isNear(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return false;
  let [before, last] = [[], Array.from({ length: other.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= other.length; j++) {
      const cost = one[i - 1] === other[j - 1] ? 0 : 1;
      let value = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) value = Math.min(value, before[j - 2] + 1);
      row.push(value);
      least = Math.min(least, value);
    }
    if (least > most) return false;
    [before, last] = [last, row];
  }
  return last[other.length] <= most;
}

/** How many slips are forgiven: none in short words, where everything is near. */
function slips(text) {
  return text.length < 5 ? 0 : text.length < 9 ? 1 : 2;
}

const [SHORT, MANY] = [3, 20000]; // of fewer letters and more names, those that begin with them are found, for nearly all hold them
const EXACT = 4;
const BEGINS = 3;
const HOLDS = 2;
const WORDS = 1.5;
const NEAR = 1;

/** An index of the names of entries, each a list with the label first. */
export class Index {
  constructor(names) {
    const lines = names.map((list) => list.map((name) => name.replaceAll("\n", " ")).join("\n"));
    this.text = `\n${fold(lines.join("\n"))}\n`;
    this.counts = Int32Array.from(names, (list) => list.length);
    const total = this.counts.reduce((sum, count) => sum + count, 0);
    this.starts = new Int32Array(total + 1); // of each name in the text
    this.owners = new Int32Array(total);
    this.firsts = new Int32Array(names.length + 1); // the first name of each entry
    let place = 1;
    let line = 0;
    this.counts.forEach((count, entry) => {
      this.firsts[entry] = line;
      for (let k = 0; k < count; k++) {
        this.starts[line] = place;
        this.owners[line++] = entry;
        place = this.text.indexOf("\n", place) + 1;
      }
    });
    this.firsts[names.length] = total;
    this.starts[total] = place;
  }

  /** The line that a place of the text is in, at or after a line. */
  lineAt(place, from) {
    let [low, high] = [from, this.owners.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] <= place) low = middle;
      else high = middle;
    }
    return low;
  }

  name(line) {
    return this.text.slice(this.starts[line], this.starts[line + 1] - 1);
  }

  /** The entries whose names hold a folded text: entry to [points, line], the best line of each. */
  holding(wanted, among = null) {
    const found = new Map();
    let line = 0;
    for (let place = this.text.indexOf(wanted, 1); place >= 0; ) {
      line = this.lineAt(place, line);
      const entry = this.owners[line];
      if (!among || among(entry)) found.set(entry, this.best(entry, line, wanted));
      place = this.text.indexOf(wanted, this.starts[this.firsts[entry + 1]]);
    }
    return found;
  }

  /** The best of an entry's names that hold a text, from the first line that does. */
  best(entry, from, wanted) {
    let [points, which] = [0, from];
    for (let line = from; line < this.firsts[entry + 1]; line++) {
      const [start, end] = [this.starts[line], this.starts[line + 1] - 1];
      const place = this.text.indexOf(wanted, start);
      if (place < 0 || place >= end) break;
      if (place + wanted.length > end) continue;
      const value = (place > start ? HOLDS : end - start === wanted.length ? EXACT : BEGINS) + (line === this.firsts[entry] ? 0.5 : 0);
      if (value > points) [points, which] = [value, line];
      line = Math.max(line, this.lineAt(place, line) - 1);
      if (points >= EXACT) break;
    }
    return [points || HOLDS, which];
  }

  /** The entries that hold every word of a text, in any order and in any of their names. */
  withWords(words, among) {
    const [longest, ...others] = [...words].sort((a, b) => b.length - a.length);
    const found = new Map();
    for (const [entry, [, line]] of this.holding(longest, among)) {
      const all = this.text.slice(this.starts[this.firsts[entry]], this.starts[this.firsts[entry + 1]]);
      if (others.every((word) => all.includes(word))) found.set(entry, [WORDS, line]);
    }
    return found;
  }

  /** Make what slips of typing are found by, before it is first needed: the letters of each line, and the lines of each length in order. */
  warm() {
    if (this.masks) return;
    this.masks = Int32Array.from(this.owners, (_, line) => letters(this.name(line)));
    this.ofLength = new Map();
    for (let line = 0; line < this.owners.length; line++) {
      const length = this.starts[line + 1] - 1 - this.starts[line];
      if (this.ofLength.has(length)) this.ofLength.get(length).push(line);
      else this.ofLength.set(length, [line]);
    }
  }

  /** The entries one of whose names is a text but for slips of typing. */
  near(wanted, among) {
    const most = slips(wanted);
    const found = new Map();
    if (!most) return found;
    this.warm();
    const mask = letters(wanted);
    for (let length = wanted.length - most; length <= wanted.length + most; length++) {
      for (const line of this.ofLength.get(length) ?? []) {
        if (bits(this.masks[line] ^ mask) > 2 * most) continue;
        const entry = this.owners[line];
        const first = found.get(entry)?.[1] ?? Infinity;
        if (line < first && (!among || among(entry)) && isNear(this.name(line), wanted, most)) found.set(entry, [NEAR, line]);
      }
    }
    return found;
  }

  /** The entries one of whose names begins with a folded text: entry to [points, line]. */
  beginning(wanted, among) {
    const found = new Map();
    let line = 0;
    for (let place = this.text.indexOf(`\n${wanted}`); place >= 0; ) {
      line = this.lineAt(place + 1, line);
      const entry = this.owners[line];
      if (!among || among(entry)) found.set(entry, this.best(entry, line, wanted));
      place = this.text.indexOf(`\n${wanted}`, this.starts[this.firsts[entry + 1]] - 1);
    }
    return found;
  }

  /** Find entries by text: [entry, number of the name that matched] best first, entries of smaller numbers first, and how many there are. */
  find(text, { limit = 20, among = null } = {}) {
    const wanted = fold(text);
    if (!wanted) return { found: [], total: 0 };
    let found = wanted.length < SHORT && this.owners.length > MANY ? this.beginning(wanted, among) : new Map();
    if (!found.size) found = this.holding(wanted, among);
    const words = text.trim().split(/\s+/).map(fold).filter(Boolean);
    if (words.length > 1 && found.size < limit) for (const [entry, hit] of this.withWords(words, among)) if (!found.has(entry)) found.set(entry, hit);
    if (!found.size) found = this.near(wanted, among);
    const rows = [...found].map(([entry, [points, line]]) => [entry, points, line - this.firsts[entry]]);
    rows.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    return { found: rows.slice(0, limit).map(([entry, , name]) => [entry, name]), total: rows.length };
  }
}
