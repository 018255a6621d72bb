"""Which nodes and links rise or fade: a store in, tested trends out.

Each node and link of enough papers is compared with the growth of the whole corpus: if it had no trend, its papers would be
draws from the years of all papers. The statistic is that of Cochran (1954) and Armitage (1955), the sum of the years of its
papers. Up to 200 papers its distribution is exact (the years of all papers, convolved), above that it is the normal one;
p is two-sided, q is Benjamini and Hochberg's over all nodes, and over all links, that were tested.

The test asks whether the share of papers moves with the years. It does not know why: a corpus whose venues change from year to
year has trends that are the venues'.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from scipy.special import ndtr

from kg.errors import CorpusError
from kg.graph.statistics import Floats, benjamini_hochberg
from kg.records import EntityType
from kg.storage.store import Store

__all__ = ["Trend", "Trends", "find_trends", "trend_p"]

EXACT = 200
"""Up to so many papers the distribution is exact."""
BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A node (``other`` is '') or a link, and how its share of the papers moves."""

    id: str
    other: str
    label: str
    type: str
    papers: int
    early: float
    """Papers that mention it, of a thousand of the early half."""
    late: float
    """Papers that mention it, of a thousand of the late half."""
    p: float
    q: float
    rises: bool
    course: tuple[float | None, ...]
    """Its share of the papers in up to ten stretches of years of one length; None where the corpus has no paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trends:
    """All that was tested, most significant first."""

    years: Mapping[int, int]
    middle: int
    """The last year of the early half: up to it are about half of the papers."""
    nodes: tuple[Trend, ...]
    links: tuple[Trend, ...]


def find_trends(
    store: Store,
    *,
    since: int | None = None,
    until: int | None = None,
    min_papers: int = 5,
    types: frozenset[EntityType] | None = None,
) -> Trends:
    """Test each node and each link of enough papers for a trend.

    Args:
        store: a linked store.
        since: the first year that counts.
        until: the last year that counts.
        min_papers: nodes and links of fewer dated papers are not tested.
        types: nodes of other types, and their links, are not tested.

    Raises:
        CorpusError: if the papers are not of two years at least.
    """
    years = {year: papers for year, papers in store.years().items() if _within(year, since, until)}
    if len(years) < 2:  # noqa: PLR2004 - one year has no trend
        message = f"{store.path or 'store in memory'}: papers of {len(years)} year{'' if len(years) == 1 else 's'}; a trend needs two or more"
        raise CorpusError(message)
    middle = _middle(years)
    names = {
        row.node.id: (row.node.label, row.node.type)
        for row in store.graph.node_rows()
        if types is None or row.node.type in types
    }
    nodes = _counts(
        (
            ((node, ""), year, papers)
            for node, year, papers in store.graph.node_years()
            if node in names
        ),
        years,
    )
    pairs = (
        (source, target, year, papers)
        for source, target, year, papers in store.graph.link_years(min_papers)
        if source in names and target in names
    )
    links = _counts(
        (((source, target), year, papers) for source, target, year, papers in pairs), years
    )
    return Trends(
        years=years,
        middle=middle,
        nodes=_tested(nodes, years, middle, min_papers, names),
        links=_tested(links, years, middle, min_papers, names),
    )


def trend_p(
    counts: Mapping[int, int], years: Mapping[int, int], cache: dict[int, Floats] | None = None
) -> tuple[float, bool]:
    """Return the two-sided p of a course of papers against that of all papers, and whether it rises.

    >>> trend_p({2020: 0, 2021: 2}, {2020: 50, 2021: 50})
    (0.5, True)
    """
    first = min(years)
    total = sum(counts.values())
    observed = sum((year - first) * papers for year, papers in counts.items())
    weights = np.zeros(max(years) - first + 1)
    for year, papers in years.items():
        weights[year - first] = papers
    weights /= weights.sum()
    mean = float(weights @ np.arange(len(weights)))
    rises = observed > total * mean
    if total > EXACT:
        variance = float(weights @ (np.arange(len(weights)) - mean) ** 2)
        return float(2 * ndtr(-abs(observed - total * mean) / np.sqrt(total * variance))), rises
    known = {} if cache is None else cache
    if total not in known:
        known[total] = _sums(weights, total)
    chances = known[total]
    tail = chances[observed:].sum() if rises else chances[: observed + 1].sum()
    return min(1.0, 2 * float(tail)), rises


def _sums(weights: Floats, total: int) -> Floats:
    """Return the distribution of the sum of so many independent draws, by halving: no rounding adds up."""
    if total == 0:
        return np.ones(1)
    half = _sums(weights, total // 2)
    even = np.convolve(half, half)
    return np.convolve(even, weights) if total % 2 else even


def _within(year: int, since: int | None, until: int | None) -> bool:
    return (since is None or year >= since) and (until is None or year <= until)


def _middle(years: Mapping[int, int]) -> int:
    """Return the year up to which about half of the papers are; a year is always left after it."""
    ordered = sorted(years)
    ends = np.cumsum([years[year] for year in ordered])[:-1]
    return ordered[int(np.argmin(np.abs(ends * 2 - sum(years.values()))))]


Ends = tuple[str, str]


def _counts(
    rows: Iterable[tuple[Ends, int, int]], years: Mapping[int, int]
) -> dict[Ends, dict[int, int]]:
    return {
        ends: counts
        for ends, group in groupby(rows, key=lambda row: row[0])
        if (counts := {year: papers for _, year, papers in group if year in years})
    }


def _tested(
    courses: Mapping[Ends, Mapping[int, int]],
    years: Mapping[int, int],
    middle: int,
    least: int,
    names: Mapping[str, tuple[str, EntityType]],
) -> tuple[Trend, ...]:
    kept = {ends: counts for ends, counts in courses.items() if sum(counts.values()) >= least}
    cache: dict[int, Floats] = {}
    tests = [trend_p(counts, years, cache) for counts in kept.values()]
    adjusted = benjamini_hochberg(np.array([p for p, _ in tests]))
    before = sum(papers for year, papers in years.items() if year <= middle)
    after = sum(years.values()) - before
    found = []
    for (ends, counts), (p, rises), q in zip(kept.items(), tests, adjusted.tolist(), strict=True):
        early = sum(papers for year, papers in counts.items() if year <= middle)
        papers = sum(counts.values())
        known = [names[end] for end in ends if end]
        found.append(Trend(
            id=ends[0], other=ends[1], label=" — ".join(label for label, _ in known), type=" — ".join(kind for _, kind in known), papers=papers,
            early=round(1000 * early / before, 3), late=round(1000 * (papers - early) / after, 3), p=float(f"{p:.6g}"), q=float(f"{q:.6g}"),
            rises=rises, course=_course(counts, years),
        ))  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.p, -one.papers, one.id, one.other)))


def _course(counts: Mapping[int, int], years: Mapping[int, int]) -> tuple[float | None, ...]:
    first, span = min(years), max(years) - min(years) + 1
    bins = min(BINS, span)
    all_papers, papers = [0] * bins, [0] * bins
    for year, count in years.items():
        place = (year - first) * bins // span
        all_papers[place] += count
        papers[place] += counts.get(year, 0)
    return tuple(
        round(some / every, 6) if every else None
        for some, every in zip(papers, all_papers, strict=True)
    )
