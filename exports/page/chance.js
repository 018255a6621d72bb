// What chance gives: expected papers, p and q of links, and of trends; the same figures as the commands' (docs/analysis.md).

/** Return the natural logarithm of the gamma function (Lanczos 1964). */
export function logGamma(x) {
  const coefficients = [76.18009172947146, -86.5053203294168, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2, -0.5395239384953e-5];
  let series = 1.000000000190015;
  coefficients.forEach((one, k) => { series += one / (x + k + 1); });
  const t = x + 5.5;
  return (x + 0.5) * Math.log(t) - t + Math.log((2.506628274631 * series) / x);
}

/** Return P(X >= papers given X >= 1) of a Poisson variable of this mean. */
export function seenUpperTail(papers, mean) {
  if (papers <= 1) return 1;
  let below = 0; // P(1 <= X < papers) where that is the smaller part, else the tail itself
  const term = (k) => Math.exp(k * Math.log(mean) - mean - logGamma(k + 1));
  const seen = -Math.expm1(-mean);
  if (papers > mean) {
    let one = term(papers);
    let sum = 0;
    for (let k = papers; one > sum * 1e-16; k++) {
      sum += one;
      one *= mean / (k + 1);
    }
    return Math.min(1, sum / seen);
  }
  for (let k = 1; k < papers; k++) below += term(k);
  return Math.max(0, 1 - below / seen);
}

/** Read q off a curve p, q, p, q, ... by where p lies between two points. */
export function qOf(p, curve) {
  const points = curve.length / 2;
  if (!points) return 1;
  let [low, high] = [0, points - 1];
  if (p >= curve[2 * high]) return curve[2 * high + 1];
  if (p <= curve[0]) return curve[1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (curve[2 * middle] <= p) low = middle;
    else high = middle;
  }
  const [p0, q0, p1, q1] = curve.slice(2 * low, 2 * low + 4);
  if (q1 <= 0 || q0 <= 0 || p0 <= 0 || p1 <= p0) return q1;
  const along = Math.log(p / p0) / Math.log(p1 / p0);
  return Math.exp(Math.log(q0) + along * Math.log(q1 / q0));
}

/** Test a link: expected papers, association, q; `tested` is false where an end has a single paper. Null where the page holds no figures. */
export function testLink(chance, papers, one, other) {
  if (!chance) return null;
  const expected = chance.factor * one * other;
  const tested = Math.min(one, other) > 1;
  const q = tested ? qOf(seenUpperTail(papers, expected), chance.curve) : 1;
  return { expected, association: papers / expected, q, tested };
}

/** Return the normalised pointwise mutual information of a link. */
export function npmi(papers, one, other, all) {
  const weight = -Math.log(papers / all);
  return weight > 0 ? Math.log((papers * all) / (one * other)) / weight : 1;
}

const EXACT = 200; // up to so many papers the distribution of the sum of their years is exact

/** The distribution of the sum of two independent numbers. */
function convolve(one, other) {
  const result = new Float64Array(one.length + other.length - 1);
  for (let i = 0; i < one.length; i++) {
    if (one[i] > 0) for (let j = 0; j < other.length; j++) result[i + j] += one[i] * other[j];
  }
  return result;
}

/** Return the tail of the normal distribution beyond x > 0, relatively exact to 1e-7 (Numerical Recipes, erfc). */
function normalTail(x) {
  const z = x / Math.SQRT2;
  const t = 2 / (2 + z);
  const ty = 4 * t - 2;
  const c = [-1.30265371978171, 0.641969792356490, 0.0194764732041858, -9.561514786808631e-3, -9.46595344482036e-4, 3.66839497852761e-4, 4.2523324806907e-5, -2.0278578112534e-5, -1.624290004647e-6, 1.303655835580e-6, 1.5626441722e-8, -8.5238095915e-8, 6.529054439e-9, 5.059343495e-9, -9.91364156e-10, -2.27365122e-10, 9.6467911e-11, 2.394038e-12, -6.886027e-12, 8.94487e-13, 3.13092e-13, -1.12708e-13, 3.81e-16, 7.106e-15];
  let [d, dd] = [0, 0];
  for (let k = c.length - 1; k > 0; k--) [d, dd] = [ty * d - dd + c[k], d];
  return 0.5 * t * Math.exp(-z * z + 0.5 * (c[0] + ty * d) - dd);
}

/** The papers of one venue by year: the first year, shares, and the distributions of the sum of the years of so many of its papers. */
class Venue {
  constructor(rows) {
    this.first = Math.min(...rows.map(([year]) => year));
    this.weights = new Float64Array(Math.max(...rows.map(([year]) => year)) - this.first + 1);
    const total = rows.reduce((sum, [, papers]) => sum + papers, 0);
    for (const [year, papers] of rows) this.weights[year - this.first] += papers / total;
    this.mean = this.weights.reduce((sum, weight, k) => sum + weight * k, 0);
    this.variance = this.weights.reduce((sum, weight, k) => sum + weight * (k - this.mean) ** 2, 0);
    this.sums = [Float64Array.of(1)];
  }

  sumOf(papers) {
    while (this.sums.length <= papers) this.sums.push(convolve(this.sums.at(-1), this.weights));
    return this.sums[papers];
  }
}

/**
 * A test of trends venue by venue (Cochran 1954, Armitage 1955, Mantel 1963) against all papers, given as [venue, year, papers]: a
 * function of the papers in question, given likewise, to p, whether their share rises, and their number.
 */
export function trendTest(strata) {
  const rows = new Map();
  for (const [venue, year, papers] of strata) rows.set(venue, [...(rows.get(venue) ?? []), [year, papers]]);
  const venues = new Map([...rows].map(([venue, list]) => [venue, new Venue(list)]));
  return (counts) => {
    const parts = new Map();
    let observed = 0;
    for (const [name, year, papers] of counts) {
      parts.set(name, (parts.get(name) ?? 0) + papers);
      observed += (year - venues.get(name).first) * papers;
    }
    const total = (value) => [...parts].reduce((sum, [name, papers]) => sum + papers * venues.get(name)[value], 0);
    const papers = [...parts.values()].reduce((sum, count) => sum + count, 0);
    const rises = observed > total("mean");
    if (papers > EXACT) {
      const variance = total("variance");
      return { p: variance ? 2 * normalTail(Math.abs(observed - total("mean")) / Math.sqrt(variance)) : 1, rises, papers };
    }
    let chances = Float64Array.of(1);
    for (const [name, count] of parts) chances = convolve(chances, venues.get(name).sumOf(count));
    const tail = (rises ? chances.subarray(observed) : chances.subarray(0, observed + 1)).reduce((sum, chance) => sum + chance, 0);
    return { p: Math.min(1, 2 * tail), rises, papers };
  };
}

const RECENT = 0.25; // the share of all papers that are of late
const CLEARLY = 3; // standard deviations by which the middle has more
const LOWER = 0.75; // what the sides may have of it

/** The first year before which at least such a share of the papers is, the last one if none is. */
function firstYear(years, share) {
  const all = [...years].sort((a, b) => a[0] - b[0]);
  const total = all.reduce((sum, [, papers]) => sum + papers, 0);
  let before = 0;
  for (const [year, papers] of all) {
    if (before >= share * total) return year;
    before += papers;
  }
  return all.at(-1)[0];
}

/** Where papers go beside what their venues would give, all papers given as [venue, year, papers]: a function of some of them, given likewise, to {growth, peaked}. */
export function courseTest(strata) {
  const years = new Map();
  const venues = new Map();
  for (const [venue, year, papers] of strata) {
    years.set(year, (years.get(year) ?? 0) + papers);
    venues.set(venue, (venues.get(venue) ?? 0) + papers);
  }
  const stretch = (year, cuts) => cuts.reduce((sum, cut) => sum + (year >= cut ? 1 : 0), 0);
  const sharesBetween = (cuts) => {
    const shares = new Map([...venues.keys()].map((venue) => [venue, new Float64Array(cuts.length + 1)]));
    for (const [venue, year, papers] of strata) shares.get(venue)[stretch(year, cuts)] += papers / venues.get(venue);
    return shares;
  };
  const [late, thirds] = [[firstYear(years, 1 - RECENT)], [firstYear(years, 1 / 3), firstYear(years, 2 / 3)]];
  const [lateShares, thirdShares] = [sharesBetween(late), sharesBetween(thirds)];
  const stretches = (counts, cuts, shares) => {
    const [seen, expected] = [new Float64Array(cuts.length + 1), new Float64Array(cuts.length + 1)];
    for (const [venue, year, papers] of counts) {
      seen[stretch(year, cuts)] += papers;
      shares.get(venue).forEach((share, k) => { expected[k] += papers * share; });
    }
    return { seen, expected };
  };
  const peaked = (counts) => {
    const { seen, expected } = stretches(counts, thirds, thirdShares);
    if (thirds[0] === thirds[1] || Math.min(...expected) <= 0) return false;
    const ratio = seen.map((papers, k) => papers / expected[k]);
    const spread = seen.map((papers, k) => (papers + 1) / expected[k] ** 2);
    return [0, 2].every((side) => ratio[side] <= LOWER * ratio[1] && ratio[1] - ratio[side] >= CLEARLY * Math.sqrt(spread[1] + spread[side]));
  };
  return (counts) => {
    const { seen, expected } = stretches(counts, late, lateShares);
    return { growth: Math.round(1000 * ((seen[1] + 0.5) / (expected[1] + 0.5) / ((seen[0] + 0.5) / (expected[0] + 0.5)))) / 1000, peaked: peaked(counts) };
  };
}

/** Return the q of each p after Benjamini and Hochberg (1995). */
export function falseDiscoveryRates(p) {
  const order = [...p.keys()].sort((a, b) => p[a] - p[b]);
  const q = new Float64Array(p.length);
  let least = 1;
  for (let rank = order.length; rank > 0; rank--) {
    least = Math.min(least, (p[order[rank - 1]] * order.length) / rank);
    q[order[rank - 1]] = least;
  }
  return q;
}

/** Return the year up to which about half of the papers are; a year is always left after it. */
export function middleYear(years) {
  const all = [...years].sort((a, b) => a[0] - b[0]);
  const total = all.reduce((sum, [, papers]) => sum + papers, 0);
  let sum = 0;
  let [best, least] = [all[0][0], Infinity];
  for (const [year, papers] of all.slice(0, -1)) {
    sum += papers;
    if (Math.abs(2 * sum - total) < least) [best, least] = [year, Math.abs(2 * sum - total)];
  }
  return best;
}
