"""Pairs never mentioned together that are likely to be: a method, and a dataset or benchmark.

A pair's score is how many papers would mention both if each shared neighbour brought them together by chance: the sum over shared
neighbours of the papers of the one link times those of the other, divided by the neighbour's papers and one more. It is a walk of two
steps, near to resource allocation (Zhou, Lü and Zhang 2009). A paper counts half for each two years of its age, since fields move; papers without
a year count only where no paper has one. How often such scores come true is measured on the store itself: what was known up to a year
is scored, and the years after it say which of the best pairs were then mentioned together; beside it stand popularity (the product of
the papers of both, preferential attachment), popularity by papers that age in the same way, and chance.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from scipy.stats import rankdata

from kg.errors import CorpusError
from kg.graph.strength import OPERATION, turns
from kg.records import EntityType
from kg.storage.graph_tables import StoredNode
from kg.storage.store import Store

__all__ = ["BackTest", "Gap", "back_test", "find_auc", "find_gaps"]

REASONS = 3
HALF_LIFE = 2.0
"""Years in which a paper's weight halves; chosen with the rest of the score on splits from 2012 to 2017 (docs/analysis.md)."""
RESOURCES = frozenset({EntityType.DATASET, EntityType.BENCHMARK})
UMBRELLA, KNOWN = (30, 0.003), (30, 0.001)
"""Data of more papers than the first number, and of more than this share of them, are an umbrella term; a method of so many has been tried on all."""
TRIED = 2
"""On so many data sets papers evaluate a method that is worth trying on another."""
LATE = 3
"""Years before the last in which a method and data are still in use."""
WIDER, TURNS = 20, 2
"""Of so many times as many pairs as are asked for, a node comes so many times before all others had their turn."""
FIELD = 1000
"""A graph of so many nodes is a field, in which pairs are of one subfield."""
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A method and a dataset or benchmark that no paper mentions together."""

    method: str
    resource: str
    label: str
    type: str
    score: float
    """Of the back-test, over the geometric mean of the papers of late of both."""
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
    """Hits of as many pairs by popularity: the product of the papers of both."""
    lately: int
    """Hits of as many pairs by the product of papers that age as in the score."""

    @property
    def chance(self) -> float:
        """Hits of as many pairs drawn at random."""
        return self.tried * self.came / self.pairs if self.pairs else 0.0


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known up to a year, papers weighted by age."""

    papers: dict[str, int] = field(default_factory=dict)
    recent: dict[str, float] = field(default_factory=dict)
    near: dict[str, dict[str, float]] = field(default_factory=dict)

    def add_node(self, node: str, papers: int, weight: float) -> None:
        self.papers[node] = self.papers.get(node, 0) + papers
        self.recent[node] = self.recent.get(node, 0.0) + papers * weight

    def add_link(self, one: str, other: str, weight: float) -> None:
        for node, neighbour in ((one, other), (other, one)):
            links = self.near.setdefault(node, {})
            links[neighbour] = links.get(neighbour, 0.0) + weight

    def sides(self, types: Mapping[str, EntityType], least: int) -> tuple[list[str], list[str]]:
        kept = sorted(name for name, count in self.papers.items() if count >= least)
        return [name for name in kept if types[name] is EntityType.METHOD], [
            name for name in kept if types[name] in RESOURCES
        ]

    def popularity(self, method: str, resource: str) -> float:
        """Return the geometric mean of the papers of late of both, and of one more each."""
        return sqrt((self.recent[method] + 1) * (self.recent[resource] + 1))

    def share(self, method: str, resource: str, neighbour: str) -> float:
        """Return what a shared neighbour adds to the score of a pair."""
        return (
            self.near[method][neighbour]
            * self.near[resource][neighbour]
            / (self.recent[neighbour] + 1)
        )


def find_gaps(store: Store, *, min_papers: int = 3, number: int = 20) -> tuple[Gap, ...]:
    """Return the likeliest pairs of nodes of at least so many papers, best first, no node filling the list.

    Umbrella terms, methods that no paper evaluates or compares, and, in a whole field, pairs of two subfields are left out.
    """
    rows = {row.node.id: row for row in store.graph.node_rows()}
    known = _known(store, max(store.years(), default=None))
    for row in rows.values():
        known.papers[row.node.id] = row.papers
        known.recent.setdefault(row.node.id, 0.0)
    for link in store.graph.link_rows():
        known.add_link(link.link.source, link.link.target, 0.0)
    methods, resources = known.sides(
        {name: row.node.type for name, row in rows.items()}, min_papers
    )
    methods = _worth_trying(store, _in_use(store, rows, methods, KNOWN))
    resources = _in_use(store, rows, resources, UMBRELLA)
    shadowed = _shadowed(store, known)
    best = [
        (score / known.popularity(method, resource), method, resource)
        for score, method, resource in _best(
            known, methods, resources, WIDER * number, _fields(store)
        )
        if resource not in shadowed[method]
    ]
    best.sort(key=lambda pair: (-pair[0], pair[1:]))
    turn = turns(((method, resource) for _, method, resource in best), TURNS)
    best.sort(key=lambda pair: turn[pair[1:]])
    found = []
    for score, method, resource in best[:number]:
        shared = sorted(
            set(known.near[method]) & set(known.near[resource]),
            key=lambda node: (-known.share(method, resource, node), node),
        )
        left, right = rows[method].node, rows[resource].node
        labels = tuple(rows[name].node.label for name in shared[:REASONS])
        found.append(Gap(
            method=method, resource=resource, label=f"{left.label} — {right.label}", type=str(right.type), score=round(score, 6), shared=labels
        ))  # fmt: skip
    return tuple(found)


def _in_use(
    store: Store, rows: Mapping[str, StoredNode], nodes: Iterable[str], bound: tuple[int, float]
) -> list[str]:
    """Return the nodes of no more papers than a number and a share of all, with a paper of the last years, if papers have years."""
    most, last = max(bound[0], bound[1] * store.count_papers()), max(store.years(), default=0)
    return [
        node
        for node in nodes
        if rows[node].papers <= most and (rows[node].last_year or 0) >= last - LATE
    ]


def _worth_trying(store: Store, methods: Sequence[str]) -> list[str]:
    """Return the methods that papers evaluate on some data, no operations such as training; all where no paper evaluates any so."""
    tried = Counter(
        end
        for one, two, evaluated in store.graph.link_values(("evaluated",))
        if evaluated
        for end in (one, two)
    )
    labels = dict(store.graph.node_values(("label",)))
    found = [
        name for name in methods if tried[name] >= TRIED and not OPERATION.search(labels[name])
    ]
    return found or list(methods)


def _shadowed(store: Store, known: _Known) -> dict[str, set[str]]:
    """Return what is linked to a kind of each node: who has tried a kind of it has tried it."""
    found: dict[str, set[str]] = defaultdict(set)
    for node, kinds in store.graph.broader().items():
        for kind in kinds:
            found[kind] |= known.near.get(node, {}).keys()
    return found


def _fields(store: Store) -> dict[str, int]:
    """Return the community of each node of a whole field; none of a small graph, in which all is near."""
    found = dict(store.graph.node_values(("community",)))
    return found if len(found) >= FIELD else {}


def back_test(
    store: Store, *, split: int | None = None, min_papers: int = 3, tried: int = 100
) -> BackTest:
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
    known = _known(store, last)
    methods, resources = known.sides(
        {row.node.id: row.node.type for row in store.graph.node_rows()}, min_papers
    )
    after = {
        pair
        for source, target, year, _ in store.graph.link_years()
        if year > last
        for pair in ((source, target), (target, source))
    }
    left, right = frozenset(methods), frozenset(resources)
    linked = sum(len(known.near.get(resource, {}).keys() & left) for resource in resources)
    came = {
        pair
        for pair in after
        if pair[0] in left and pair[1] in right and pair[1] not in known.near.get(pair[0], {})
    }
    best = [pair for _, *pair in _best(known, methods, resources, tried)]
    rivals = (
        _popular(known, methods, resources, weights, len(best))
        for weights in (known.papers, known.recent)
    )
    hits, popular, lately = (
        sum(tuple(pair) in came for pair in pairs) for pairs in (best, *rivals)
    )
    return BackTest(
        split=last, pairs=len(methods) * len(resources) - linked, came=len(came), tried=len(best), hits=hits, popular=popular, lately=lately
    )  # fmt: skip


def find_auc(
    store: Store, *, split: int, ahead: int = 3, min_papers: int = 3
) -> tuple[float, float] | None:
    """Return how often a pair that came within some years after the split was before one that did not: by the score, and by popularity of late.

    Pairs of the same score are in order of popularity of late. All pairs are compared, in memory.

    Returns:
        Both areas under the curve (AUC), or None where no pair came.
    """
    known = _known(store, split)
    types = {row.node.id: row.node.type for row in store.graph.node_rows()}
    methods, resources = known.sides(types, min_papers)
    rows, columns = ({name: n for n, name in enumerate(side)} for side in (methods, resources))
    came = np.zeros((len(methods), len(resources)), dtype=bool)
    for source, target, year, _ in store.graph.link_years():
        for one, two in ((source, target), (target, source)):
            if split < year <= split + ahead and one in rows and two in columns:
                came[rows[one], columns[two]] = True
    free = np.ones(came.size, dtype=bool)
    free[_linked(known, methods, resources)] = False
    came = came.ravel()[free]
    if not came.any() or came.all():
        return None
    recent = [np.array([known.recent[name] for name in side]) for side in (methods, resources)]
    lately = rankdata(np.outer(*recent).ravel()[free].round(12), "dense")
    scores = rankdata(_walks(known, methods, resources).toarray().ravel()[free].round(12), "dense")
    return _area(scores * (lately.max() + 1) + lately, came), _area(lately, came)


def _area(scores: NDArray[np.int64], came: NDArray[np.bool_]) -> float:
    """Return the area under the curve of some scores (Mann and Whitney 1947)."""
    hits, misses = int(came.sum()), int((~came).sum())
    return float((rankdata(scores)[came].sum() - hits * (hits + 1) / 2) / (hits * misses))


def _known(store: Store, last: int | None) -> _Known:
    """Return what is known up to a year; without any year, all papers weigh the same."""
    known = _Known()
    if last is None:
        for row in store.graph.node_rows():
            known.add_node(row.node.id, row.papers, 1.0)
        for link in store.graph.link_rows():
            known.add_link(link.link.source, link.link.target, float(link.link.papers))
        return known
    for node, year, papers in store.graph.node_years():
        if year <= last:
            known.add_node(node, papers, 0.5 ** ((last - year) / HALF_LIFE))
    for source, target, year, papers in store.graph.link_years():
        if year <= last:
            known.add_link(source, target, papers * 0.5 ** ((last - year) / HALF_LIFE))
    return known


def _best(
    known: _Known,
    methods: Sequence[str],
    resources: Sequence[str],
    number: int,
    fields: Mapping[str, int] | None = None,
) -> list[tuple[float, str, str]]:
    """Return the pairs of the highest scores above 0 that are not linked and of one field, best first.

    Ties are in order of the product of their papers of late, then of the names.
    """
    scores = _walks(known, methods, resources).tocoo()
    pairs = scores.row.astype(np.int64) * len(resources) + scores.col
    free = ~np.isin(pairs, _linked(known, methods, resources)) & (scores.data > 0)
    if fields:
        one, two = (np.array([fields[name] for name in side]) for side in (methods, resources))
        free &= one[scores.row] == two[scores.col]
    pairs, values = pairs[free], scores.data[free]
    recent = [
        np.array([known.recent.get(name, 0.0) for name in side]) for side in (methods, resources)
    ]
    lately = (recent[0][scores.row] * recent[1][scores.col])[free]
    return [
        (
            float(values[n]),
            methods[pairs[n] // len(resources)],
            resources[pairs[n] % len(resources)],
        )
        for n in np.lexsort((pairs, -lately, -values.round(12)))[:number].tolist()
    ]


def _walks(known: _Known, methods: Sequence[str], resources: Sequence[str]) -> csr_array:
    """Return the score of each pair, a row a method."""
    names = sorted({*known.near, *methods, *resources})
    place = {name: n for n, name in enumerate(names)}
    entries = [
        (place[node], place[other], weight)
        for node in names
        for other, weight in known.near.get(node, {}).items()
    ]
    rows, columns, weights = zip(*entries, strict=True) if entries else ((), (), ())
    near = csr_array(
        (
            np.array(weights, dtype=np.float64),
            (np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64)),
        ),
        shape=(len(names),) * 2,
    )
    share = diags_array([1 / (known.recent.get(name, 0.0) + 1) for name in names])
    left, right = near[[place[name] for name in methods]], near[[place[name] for name in resources]]
    return csr_array(left @ share @ right.T)


def _linked(known: _Known, methods: Sequence[str], resources: Sequence[str]) -> NDArray[np.int64]:
    column = {name: n for n, name in enumerate(resources)}
    found = [
        row * len(resources) + column[other]
        for row, method in enumerate(methods)
        for other in known.near.get(method, {})
        if other in column
    ]
    return np.array(found, dtype=np.int64)


def _popular(
    known: _Known,
    methods: Iterable[str],
    resources: Iterable[str],
    weights: Mapping[str, float],
    number: int,
) -> Iterator[Pair]:
    """Yield the pairs of the largest products of weights that are not linked, best first."""
    left, right = (
        sorted(names, key=lambda name: (-weights[name], name)) for names in (methods, resources)
    )
    heap = [
        (-weights[method] * weights[right[0]], row, 0) for row, method in enumerate(left) if right
    ]
    heapq.heapify(heap)
    while heap and number:
        _, row, column = heapq.heappop(heap)
        if column + 1 < len(right):
            heapq.heappush(
                heap, (-weights[left[row]] * weights[right[column + 1]], row, column + 1)
            )
        if right[column] not in known.near.get(left[row], {}):
            number -= 1
            yield left[row], right[column]


def _split(years: Mapping[int, int]) -> int:
    """Return the last year that leaves at least a fifth of the papers after it, or the first year."""
    left = sum(years.values())
    total, found = left, min(years, default=0)
    for year in sorted(years):
        left -= years[year]
        if left * 5 >= total:
            found = year
    return found
