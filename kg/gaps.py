"""Pairs never mentioned together that are likely to be: a method, and a dataset or benchmark.

A pair's score is the sum over its shared neighbours of the strengths of the two links (the root of their papers), each divided by
the neighbour's papers: resource allocation (Zhou, Lü and Zhang 2009), weighted. How often such scores come true is measured on the
store itself: what was known up to a year is scored, and the years after it say which of the best pairs were then mentioned together;
beside it stand popularity (the product of the papers of both, preferential attachment) and chance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, diags_array

from kg.errors import CorpusError
from kg.model import EntityType
from kg.statistics import Floats
from kg.store import Store

__all__ = ["BackTest", "Gap", "back_test", "find_gaps", "pair_scores", "popularity"]

REASONS = 3
RESOURCES = frozenset({EntityType.DATASET, EntityType.BENCHMARK})
Links = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A method and a dataset or benchmark that no paper mentions together."""

    method: str
    resource: str
    label: str
    type: str
    score: float
    shared: tuple[str, ...]
    """The labels of the shared neighbours that add most to the score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackTest:
    """How many of the best pairs of the years up to the split were mentioned together after it."""

    split: int
    """The last year that was known."""
    pairs: int
    """How many pairs could be suggested."""
    came: int
    """How many of them were mentioned together after the split."""
    tried: int
    """How many of the best were looked at."""
    hits: int
    popular: int
    """Hits of as many pairs by popularity."""

    @property
    def chance(self) -> float:
        """Hits of as many pairs drawn at random."""
        return self.tried * self.came / self.pairs if self.pairs else 0.0


def find_gaps(store: Store, *, min_papers: int = 3, number: int = 20) -> tuple[Gap, ...]:
    """Return the likeliest pairs of nodes of at least so many papers, best first."""
    rows = {row.node.id: row for row in store.node_rows()}
    papers = {name: row.papers for name, row in rows.items()}
    links = {(row.link.source, row.link.target): row.link.papers for row in store.link_rows()}
    methods, resources = _sides({name: row.node.type for name, row in rows.items()}, papers, min_papers)
    scores = pair_scores(links, papers, methods, resources)
    near: dict[str, dict[str, int]] = {}
    for (one, other), count in links.items():
        near.setdefault(one, {})[other] = count
        near.setdefault(other, {})[one] = count
    found = []
    for place in _best(scores, number):
        method, resource = methods[place // len(resources)], resources[place % len(resources)]
        shared = sorted(set(near[method]) & set(near[resource]), key=lambda n: (-((near[method][n] * near[resource][n]) ** 0.5) / papers[n], n))
        labels = tuple(rows[name].node.label for name in shared[:REASONS])
        left, right = rows[method].node, rows[resource].node
        score = round(float(scores.flat[place]), 6)
        found.append(Gap(method=method, resource=resource, label=f"{left.label} — {right.label}", type=str(right.type), score=score, shared=labels))
    return tuple(found)


def back_test(store: Store, *, split: int | None = None, min_papers: int = 3, tried: int = 100) -> BackTest:
    """Score what was known up to a year and count which of the best pairs came after it.

    Args:
        store: a linked store.
        split: the last year that is known; by default the last that leaves at least a fifth of the papers after it.
        min_papers: nodes of fewer papers up to the split are left out, as they are from the suggestions.
        tried: how many of the best pairs are looked at.

    Raises:
        CorpusError: if no paper, or every paper, is of a year after the split.
    """
    years = store.years()
    last = _split(years) if split is None else split
    if not years or not min(years) <= last < max(years):
        message = f"{store.path or 'store in memory'}: no years on both sides of {last}; a back-test needs papers up to the split and after it"
        raise CorpusError(message)
    papers: dict[str, int] = {}
    for node, year, count in store.node_years():
        papers[node] = papers.get(node, 0) + (count if year <= last else 0)
    before: dict[tuple[str, str], int] = {}
    after: dict[tuple[str, str], int] = {}
    for source, target, year, count in store.link_years():
        side = before if year <= last else after
        side[source, target] = side.get((source, target), 0) + count
    methods, resources = _sides({row.node.id: row.node.type for row in store.node_rows()}, papers, min_papers)
    scores = pair_scores(before, papers, methods, resources)
    likes = np.where(np.isnan(scores), np.nan, popularity(papers, methods, resources))
    came = np.array([[(min(m, r), max(m, r)) in after for r in resources] for m in methods], dtype=bool).reshape(scores.shape) & ~np.isnan(scores)
    best = _best(scores, tried)
    return BackTest(
        split=last, pairs=int((~np.isnan(scores)).sum()), came=int(came.sum()), tried=len(best),
        hits=int(came.flat[best].sum()), popular=int(came.flat[_best(likes, len(best))].sum()),
    )  # fmt: skip


def pair_scores(links: Links, papers: Mapping[str, int], methods: Sequence[str], resources: Sequence[str]) -> Floats:
    """Return the score of each method (row) with each dataset or benchmark (column); NaN where the two are linked."""
    names = sorted(papers)
    place = {name: n for n, name in enumerate(names)}
    ends = np.array([(place[one], place[other]) for one, other in links], dtype=np.int64).reshape(-1, 2)
    count = np.array(list(links.values()), dtype=np.float64)
    both = np.concatenate([ends, ends[:, ::-1]])
    near = csr_array((np.tile(np.sqrt(count), 2), (both[:, 0], both[:, 1])), shape=(len(names), len(names)))
    sizes = np.array([max(papers[name], 1) for name in names], dtype=np.float64)
    rows, columns = near[[place[name] for name in methods]], near[[place[name] for name in resources]]
    strengths = rows @ diags_array(1 / sizes) @ columns.T
    scores: Floats = strengths.toarray()
    linked = near[[place[name] for name in methods]][:, [place[name] for name in resources]].toarray()
    scores[linked > 0] = np.nan
    return scores


def popularity(papers: Mapping[str, int], methods: Sequence[str], resources: Sequence[str]) -> Floats:
    """Return the product of the papers of each method and each dataset or benchmark."""
    return np.outer([float(papers[name]) for name in methods], [float(papers[name]) for name in resources])


def _sides(types: Mapping[str, EntityType], papers: Mapping[str, int], least: int) -> tuple[list[str], list[str]]:
    kept = sorted(name for name, count in papers.items() if count >= least)
    return [name for name in kept if types[name] is EntityType.METHOD], [name for name in kept if types[name] in RESOURCES]


def _best(scores: Floats, number: int) -> list[int]:
    """Return the places of the highest scores above 0, best first, ties in order of place."""
    flat = np.where(np.isnan(scores), 0.0, scores).ravel()
    order = np.argsort(-flat, kind="stable")[:number]
    return [int(place) for place in order if flat[place] > 0]


def _split(years: Mapping[int, int]) -> int:
    """Return the last year that leaves at least a fifth of the papers after it, or the first year."""
    left = sum(years.values())
    total, found = left, min(years, default=0)
    for year in sorted(years):
        left -= years[year]
        if left * 5 >= total:
            found = year
    return found
