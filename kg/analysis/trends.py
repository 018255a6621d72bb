"""Which nodes and links rise, fade or have had their peak: a store in, tested trends out.

Each node and link of enough papers is compared with the growth of the whole corpus, venue by venue: if it had no trend, its papers
in a venue would be draws from the years of that venue's papers, so that a venue that enters or leaves the corpus is no trend. The
statistic is that of Cochran (1954) and Armitage (1955), the sum of the years of its papers, taken together over venues as by Mantel
(1963). Up to 200 papers its distribution is exact (the years of all papers, convolved), above that it is the normal one; p is
two-sided, q is Benjamini and Hochberg's over all nodes, and over all links, that were tested.

Growth tells what is new: the papers of the last stretch of years (a quarter of all papers) over those that its venues would give,
against the same of the years before. *Peaked* is what had clearly more papers in the middle third of the papers than before and after.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import groupby
from math import sqrt
from typing import Any

import numpy as np
from scipy.special import ndtr

from kg.errors import CorpusError
from kg.graph.statistics import Floats, benjamini_hochberg
from kg.records import EntityType
from kg.storage.store import Store

__all__ = ["Course", "Trend", "Trends", "find_trends", "stratified_p", "trend_p"]

EXACT = 200
"""Up to so many papers the distribution is exact."""
BINS = 10
Ends = tuple[str, str]
Stratum = tuple[str, int]
"""A venue and a year."""
Cache = dict[tuple[str, int], tuple[int, Floats]]
"""The first year and the shares of years of a venue (under 0), and the distribution of the sum of so many of its papers' years."""
RECENT = 0.25
"""The share of all papers that are of late."""
CLEARLY, LOWER = 3.0, 0.75
"""A peak is so many standard deviations over what the years before and after give, and these are at most such a share of it."""


class Course(StrEnum):
    """Where a node or a link goes."""

    RISING = "rising"
    FADING = "fading"
    PEAKED = "peaked"


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
    kind: Course
    """Rising or fading as the test says, but peaked where it had its peak."""
    growth: float
    """Its papers of late over those expected there, divided by the same of before; above 1 it grows."""
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
    names = {
        row.node.id: (row.node.label, row.node.type)
        for row in store.graph.node_rows()
        if types is None or row.node.type in types
    }
    strata = {place: n for place, n in store.strata().items() if _within(place[1], since, until)}
    test = partial(_tested, strata=strata, years=years, least=min_papers, names=names)
    nodes = (((node, ""), place) for node, *place in store.graph.node_strata() if node in names)
    links = (
        ((source, target), place)
        for source, target, *place in store.graph.link_strata(min_papers)
        if source in names and target in names
    )
    return Trends(
        years=years,
        middle=_middle(years),
        nodes=test(_counts(nodes, strata)),
        links=test(_counts(links, strata)),
    )


def trend_p(counts: Mapping[int, int], years: Mapping[int, int]) -> tuple[float, bool]:
    """Return the two-sided p of a course of papers by year against that of all papers, and whether it rises.

    >>> trend_p({2020: 0, 2021: 2}, {2020: 50, 2021: 50})
    (0.5, True)
    """
    return stratified_p(
        {("", year): n for year, n in counts.items()}, {("", y): n for y, n in years.items()}
    )


def stratified_p(
    counts: Mapping[Stratum, int], strata: Mapping[Stratum, int], cache: Cache | None = None
) -> tuple[float, bool]:
    """Return the two-sided p of papers by venue and year against all papers of these venues, and whether the share rises.

    Args:
        counts: papers that mention a node or link.
        strata: all papers.
        cache: what was found before of the same strata.
    """
    known = {} if cache is None else cache
    parts: dict[str, int] = {}
    observed = 0
    for (venue, year), papers in counts.items():
        if papers:
            parts[venue] = parts.get(venue, 0) + papers
            observed += (year - _weights(strata, venue, known)[0]) * papers
    found = [(_weights(strata, venue, known)[1], n, venue) for venue, n in sorted(parts.items())]
    mean = sum(n * float(weights @ np.arange(len(weights))) for weights, n, _ in found)
    rises = observed > mean
    if sum(parts.values()) > EXACT:
        variance = sum(n * _variance(weights) for weights, n, _ in found)
        return (float(2 * ndtr(-abs(observed - mean) / sqrt(variance))) if variance else 1.0), rises
    chances = np.ones(1)
    for weights, n, venue in found:
        if (venue, n) not in known:
            known[venue, n] = (0, _sums(weights, n))
        chances = np.convolve(chances, known[venue, n][1])
    tail = chances[observed:].sum() if rises else chances[: observed + 1].sum()
    return min(1.0, 2 * float(tail)), rises


def _weights(strata: Mapping[Stratum, int], venue: str, known: Cache) -> tuple[int, Floats]:
    """Return the first year of a venue, and the share of its papers in each year from it."""
    if (venue, 0) not in known:
        years = {year: papers for (of, year), papers in strata.items() if of == venue}
        shares = np.zeros(max(years) - min(years) + 1)
        for year, papers in years.items():
            shares[year - min(years)] = papers
        known[venue, 0] = (min(years), shares / shares.sum())
    return known[venue, 0]


def _variance(weights: Floats) -> float:
    places = np.arange(len(weights))
    return float(weights @ (places - float(weights @ places)) ** 2)


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


def _counts(
    rows: Iterable[tuple[Ends, list[Any]]], strata: Mapping[Stratum, int]
) -> dict[Ends, dict[Stratum, int]]:
    return {
        ends: counts
        for ends, group in groupby(rows, key=lambda row: row[0])
        if (counts := {(v, year): n for _, (v, year, n) in group if (v, year) in strata})
    }


def _tested(
    courses: Mapping[Ends, Mapping[Stratum, int]],
    *,
    strata: Mapping[Stratum, int],
    years: Mapping[int, int],
    least: int,
    names: Mapping[str, tuple[str, EntityType]],
) -> tuple[Trend, ...]:
    kept = {ends: counts for ends, counts in courses.items() if sum(counts.values()) >= least}
    cache: Cache = {}
    tests = [stratified_p(counts, strata, cache) for counts in kept.values()]
    adjusted = benjamini_hochberg(np.array([p for p, _ in tests]))
    expect = _Expected(strata, years)
    found = []
    for (ends, counts), (p, rises), q in zip(kept.items(), tests, adjusted.tolist(), strict=True):
        known = [names[end] for end in ends if end]
        by_year: dict[int, int] = {}
        for (_, year), papers in counts.items():
            by_year[year] = by_year.get(year, 0) + papers
        early, late = _shares(by_year, years)
        kind = Course.RISING if rises else Course.FADING
        found.append(Trend(
            id=ends[0], other=ends[1], label=" — ".join(label for label, _ in known), type=" — ".join(kind for _, kind in known),
            papers=sum(counts.values()), early=early, late=late, p=float(f"{p:.6g}"), q=float(f"{q:.6g}"), rises=rises,
            kind=Course.PEAKED if expect.peaked(counts) else kind, growth=expect.growth(counts), course=_course(by_year, years),
        ))  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.p, -one.papers, one.id, one.other)))


def _shares(counts: Mapping[int, int], years: Mapping[int, int]) -> tuple[float, float]:
    """Return the papers of a thousand of the early and of the late half."""
    middle = _middle(years)
    before = sum(papers for year, papers in years.items() if year <= middle)
    early = sum(papers for year, papers in counts.items() if year <= middle)
    after, late = sum(years.values()) - before, sum(counts.values()) - early
    return round(1000 * early / before, 3), round(1000 * late / after, 3)


class _Expected:
    """What the venues of some papers would give in stretches of years, were there no trend."""

    def __init__(self, strata: Mapping[Stratum, int], years: Mapping[int, int]) -> None:
        self.strata = strata
        self.venues: dict[str, int] = {}
        for (venue, _), papers in strata.items():
            self.venues[venue] = self.venues.get(venue, 0) + papers
        self.recent = _first_year(years, 1 - RECENT)
        self.thirds = (_first_year(years, 1 / 3), _first_year(years, 2 / 3))
        self.shares: dict[tuple[int, ...], dict[str, Floats]] = {
            cuts: self._shares_between(cuts) for cuts in ((self.recent,), self.thirds)
        }

    def _shares_between(self, cuts: tuple[int, ...]) -> dict[str, Floats]:
        shares = {venue: np.zeros(len(cuts) + 1) for venue in self.venues}
        for (venue, year), papers in self.strata.items():
            shares[venue][_stretch(year, cuts)] += papers / self.venues[venue]
        return shares

    def _stretches(
        self, counts: Mapping[Stratum, int], cuts: tuple[int, ...]
    ) -> tuple[Floats, Floats]:
        """Return the papers in each stretch between the cuts, and those expected."""
        seen, expected = np.zeros(len(cuts) + 1), np.zeros(len(cuts) + 1)
        for (venue, year), papers in counts.items():
            seen[_stretch(year, cuts)] += papers
            expected += papers * self.shares[cuts][venue]
        return seen, expected

    def growth(self, counts: Mapping[Stratum, int]) -> float:
        seen, expected = self._stretches(counts, (self.recent,))
        before, late = (seen + 0.5) / (expected + 0.5)
        return round(float(late / before), 3)

    def peaked(self, counts: Mapping[Stratum, int]) -> bool:
        """Tell whether the middle third has clearly more than those before and after, each for what its venues would give."""
        if self.thirds[0] == self.thirds[1]:
            return False
        seen, expected = self._stretches(counts, self.thirds)
        if expected.min() <= 0:
            return False
        ratio, spread = seen / expected, (seen + 1) / expected**2
        return all(
            ratio[side] <= LOWER * ratio[1]
            and ratio[1] - ratio[side] >= CLEARLY * sqrt(spread[1] + spread[side])
            for side in (0, 2)
        )


def _first_year(years: Mapping[int, int], share: float) -> int:
    """Return the first year before which at least such a share of the papers is, the last one if none is."""
    before, total = 0, sum(years.values())
    for year in sorted(years):
        if before >= share * total:
            return year
        before += years[year]
    return max(years)


def _stretch(year: int, cuts: tuple[int, ...]) -> int:
    return sum(year >= cut for cut in cuts)


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
