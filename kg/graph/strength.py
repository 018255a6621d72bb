"""Which links come first where a whole graph's strongest links are shown: those that tell most to who knows the field.

What tells is a link that papers explain: so many evaluate the one on the other, compare the two, or build the one with the other. So a
link counts the papers whose roles say what it means (two publications of one work once), and a little the others, times the square of
the logarithm of its lift, from three times what chance gives (what all use is met by all) to thirty times (more is told of rare names
only), and the logarithm of all its papers, so that what many know comes first.

A link of a thing with its own kind tells nothing: by the graph's kinds, however far, by the names, where the words of one are all in the
other, or by the words of a sentence that names both. Neither does one of what everybody uses or evaluates. A *uses* of one paper
among many that mention both is often a slip of the roles, one whose paper names the two apart more often still, and none where the
sentence says that the one stands against the other.

First come links that papers explain and that tell, then the other significant ones, then the rest; in a graph without significant
links all may come first. Links of two data sets, which stand side by side because the same papers test on both, are a list of their own.
So that no hub fills the list, a node comes three times before all others had their turn.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from math import log, log2

from kg.graph.schema import LinkKind
from kg.graph.wording import Reading, read_wording, says
from kg.names.keys import key
from kg.records import EntityType, MarkedPaper
from kg.storage.store import Store

__all__ = ["OPERATION", "Ends", "strongest_data_links", "strongest_links", "turns"]

Ends = tuple[str, str]
LEVEL = 0.05
"""Links of a larger q come last, where some have none larger."""
TURNS = 3
"""So many times a node comes before all others had their turn."""
READ = 5_000
"""So many links, the strongest by counts, have their sentences read."""
UNSAID = 0.02
"""What a paper counts whose roles do not say what the link means, over one whose roles do."""
SAYING = 30
"""One in so many papers of a link has to say what it means, else it counts as unexplained."""
LIFT = (3.0, 30.0)
"""The association from which and up to which more of it counts."""
UMBRELLA = (30, 0.003)
"""What has more papers than the first number and than this share of them all is used by everybody."""
COMMON, NEAR = (30, 0.01), 0.36
"""What has more papers than this is evaluated on everything; of other methods, what has less npmi with the data."""
MANY, ONE_OF_MANY = 5, 0.3
"""Of so many papers a single one that says *uses* counts so much."""
WORTH = {
    Reading.SAYS: 1.0,
    Reading.NOTHING: 0.6,
    None: 0.2,
    Reading.AGAINST: 0.0,
    Reading.IS_A: 0.0,
}
"""What a paper that says *uses* counts by what its sentences with both names say; None: it has none."""
SAME_WORK = 0.5
"""Abstracts that share more of their words than this are of one work."""
FORMAL = re.compile(
    r"\b(?:decision process(?:es)?|spaces?|games?|problems?|equations?)$", re.IGNORECASE
)
"""What is defined, not made: nothing is built with it or compared with it."""
OPERATION = re.compile(
    r"\b(?:attacks?|convolutions?|(?:pre-?)?training|(?:fine-?)?tuning)$", re.IGNORECASE
)
"""What is done in many methods: data are not there to evaluate it."""
DATA = frozenset({EntityType.DATASET, EntityType.BENCHMARK})
KINDS = (LinkKind.EVALUATED, LinkKind.COMPARED, LinkKind.USES)
COLUMNS = ("papers", "association", "npmi", "q", "kind", "direction", *map(str, KINDS))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    """A link from the end that does to the one that it is done with, as far as its kind says."""

    source: str
    target: str
    papers: int
    lift: float
    npmi: float
    q: float
    kind: LinkKind
    said: int
    """In how many papers the roles say the kind."""

    @property
    def ends(self) -> Ends:
        return min(self.source, self.target), max(self.source, self.target)

    @property
    def explained(self) -> bool:
        return self.said * SAYING >= self.papers

    def strength(self, said: float) -> float:
        lift = log(min(max(self.lift, LIFT[0]), LIFT[1]) / LIFT[0])
        return (said + UNSAID * (self.papers - self.said)) * log2(self.papers + 1) * lift**2


@dataclass(slots=True)
class _Evidence:
    """What the papers of a link say in words."""

    is_a: bool = False
    """Some sentence makes the one a kind of the other."""
    said: dict[str, tuple[frozenset[str], Reading | None]] = field(default_factory=dict)
    """The words of each paper whose roles say the link's kind, and what its sentences say; None where none names both."""

    def works(self) -> Iterator[Reading | None]:
        """Yield what each work says; of two publications of one work what the first says."""
        seen: list[frozenset[str]] = []
        for _, (words, reading) in sorted(self.said.items()):
            if not any(_alike(words, other) for other in seen):
                seen.append(words)
                yield reading


def strongest_links(store: Store, number: int | None = None) -> list[Ends]:
    """Return the first links of a linked store, or all, strongest first, without those of two data sets; ends in order."""
    field = _Field(store)
    links = [link for link in _links(store, LEVEL) if not field.is_data(link)]
    found = _telling(field, links)
    if number is None or len(found) < number:
        every = [link for link in _links(store) if not field.is_data(link)]
        if not links:
            found = _telling(field, every)
        found += _others(field, every, frozenset(found))
    return found[:number]


def strongest_data_links(store: Store, number: int | None = None) -> list[Ends]:
    """Return the first links of two datasets or benchmarks, or all, those of most papers over chance first; ends in order."""
    field = _Field(store)
    found: list[Ends] = []
    for level in (LEVEL, None):
        links = [replace(link, said=0) for link in _links(store, level) if field.is_data(link)]
        found = _others(field, links)
        if number is not None and len(found) >= number:
            break
    return found[:number]


def turns(pairs: Iterable[Ends], times: int) -> dict[Ends, int]:
    """Return the turn of each of some pairs, best first: a node comes so many times before all others had their turn."""
    seen: Counter[str] = Counter()
    found: dict[Ends, int] = {}
    for ends in pairs:
        found[ends] = max(seen[end] for end in ends) // times
        seen.update(ends)
    return found


def _links(store: Store, level: float | None = None) -> Iterator[_Link]:
    for one, two, papers, lift, npmi, q, kind, direction, *said in store.graph.link_values(
        COLUMNS, level=level
    ):
        source, target = (one, two) if direction >= 0 else (two, one)
        yield _Link(
            source=source, target=target, papers=papers, lift=lift, npmi=npmi, q=q, kind=LinkKind(kind), said=max(said)
        )  # fmt: skip


def _telling(field: "_Field", links: Collection[_Link]) -> list[Ends]:
    """Return the links that papers explain and that tell something, strongest first, in turns."""
    strong = [link for link in links if link.explained and field.tells(link, links)]
    strong.sort(key=lambda link: (-link.strength(link.said), -link.npmi, link.ends))
    evidence = _read(field.store, strong[:READ])
    strengths = {
        link.ends: (link.strength(said), link.npmi)
        for link in strong[:READ]
        if (said := field.said(link, evidence[link.ends])) > 0
    }
    return _in_turns(strengths)


def _others(field: "_Field", links: Iterable[_Link], done: Collection[Ends] = ()) -> list[Ends]:
    """Return the other links: those that are significant and not of a kind with its own, then the rest, each strongest first, in turns."""
    tiers: tuple[dict[Ends, tuple[float, float]], ...] = ({}, {})
    for link in links:
        if link.ends not in done:
            last = link.q > LEVEL or field.is_kind(link)
            tiers[last][link.ends] = (link.strength(link.said), link.npmi)
    return [ends for tier in tiers for ends in _in_turns(tier)]


def _in_turns(strengths: dict[Ends, tuple[float, float]]) -> list[Ends]:
    ordered = sorted(strengths, key=lambda ends: (*(-part for part in strengths[ends]), ends))
    turn = turns(ordered, TURNS)
    return sorted(ordered, key=turn.__getitem__)


class _Field:
    """What the order asks of the nodes of a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        rows = store.graph.node_values(("label", "type", "aliases", "papers"))
        self.nodes: dict[str, tuple[str, bool, list[str], int]] = {
            node: (label, kind in DATA, aliases, n) for node, label, kind, aliases, n in rows
        }
        self.total = store.count_papers()
        self.broader = store.graph.broader()

    def is_data(self, link: _Link) -> bool:
        """Tell whether a link is of two data sets."""
        return self.nodes[link.source][1] and self.nodes[link.target][1]

    def is_wide(self, node: str, bound: tuple[int, float]) -> bool:
        """Tell whether a node has more papers than a number and a share of all."""
        return self.nodes[node][3] > max(bound[0], bound[1] * self.total)

    def tells(self, link: _Link, links: Collection[_Link]) -> bool:
        """Tell whether a link that papers explain says more than what everybody knows, as far as kinds, names and numbers show."""
        if self.is_kind(link):
            return False
        if link.kind is LinkKind.EVALUATED:
            if link.npmi < NEAR or OPERATION.search(self.nodes[link.source][0]):
                return False
            wide = self.is_wide(link.source, COMMON)
            return not wide or (link.said > 1 and not self._is_shadowed(link, links))
        if FORMAL.search(self.nodes[link.target][0]):
            return False
        of_data = self.nodes[link.source][1]
        return link.kind is LinkKind.COMPARED or not (
            of_data or self.is_wide(link.target, UMBRELLA)
        )

    def is_kind(self, link: _Link) -> bool:
        """Tell whether one end is a kind of the other, by the graph or by its names: a graph attention network is an attention network."""
        if link.kind is LinkKind.IS_A:
            return True
        one, two = link.ends
        return (
            two in self._above(one)
            or one in self._above(two)
            or self._holds(one, two)
            or self._holds(two, one)
        )

    def said(self, link: _Link, evidence: _Evidence) -> float:
        """Return how many papers' worth of saying a link has, 0 where it tells nothing."""
        if evidence.is_a and link.kind is not LinkKind.EVALUATED:
            return 0.0
        works = list(evidence.works())
        if link.kind is LinkKind.COMPARED and self.is_wide(link.target, UMBRELLA):
            return float(works.count(Reading.SAYS))
        if link.kind is not LinkKind.USES:
            return float(len(works))
        said = sum(WORTH[reading] for reading in works)
        return said * (ONE_OF_MANY if len(works) == 1 and link.papers >= MANY else 1.0)

    def _is_shadowed(self, link: _Link, links: Collection[_Link]) -> bool:
        """Tell whether a kind of the method is evaluated on the data too."""
        return any(
            link.source in self._above(other.source)
            for other in links
            if other.target == link.target and other.kind is LinkKind.EVALUATED
        )

    def _above(self, node: str) -> frozenset[str]:
        """Return the broader nodes of a node, the nearest and theirs."""
        found, left = set[str](), [node]
        while left:
            new = set(self.broader.get(left.pop(), ())) - found
            found |= new
            left += new
        return frozenset(found)

    def _holds(self, one: str, two: str) -> bool:
        """Tell whether the words of the label of the second are all in a longer name of the first: of several words, in any of its names."""
        inner = _words(self.nodes[two][0])
        label, _, aliases, _ = self.nodes[one]
        names = (label, *aliases) if len(inner) > 1 else (label,)
        return bool(inner) and any(inner < _words(name) for name in names)


def _words(name: str) -> frozenset[str]:
    return frozenset(filter(None, map(key, re.split(r"[\s\-\u2010-\u2015/]+", name))))


def _read(store: Store, links: Collection[_Link]) -> dict[Ends, _Evidence]:
    """Read the sentences of the papers that mention both ends of some links."""
    found = {link.ends: (link, _Evidence()) for link in links}
    papers: dict[str, list[tuple[Ends, bool]]] = defaultdict(list)
    for one, two, paper, *roles in store.graph.together(found):
        kind = found[one, two][0].kind
        papers[paper].append(((one, two), says(kind, *roles) or says(kind, *reversed(roles))))
    nodes = {end for ends in found for end in ends}
    for marked in store.graph.marked_papers(nodes, papers=papers):
        words = frozenset(marked.paper.abstract.lower().split())
        for ends, saying in papers[marked.paper.id]:
            link, evidence = found[ends]
            readings = _readings(marked, link)
            evidence.is_a |= Reading.IS_A in readings
            if saying:
                evidence.said[marked.paper.id] = (
                    words,
                    min(readings, default=None, key=BEST.index),
                )
    return {ends: evidence for ends, (_, evidence) in found.items()}


BEST = (Reading.IS_A, Reading.SAYS, Reading.AGAINST, Reading.NOTHING)
"""What counts of several sentences of a paper."""


def _readings(marked: MarkedPaper, link: _Link) -> list[Reading]:
    found = (
        read_wording(marked.paper.text, sentence, link.source, link.target, link.kind)
        for sentence in marked.sentences
    )
    return [reading for reading in found if reading is not None]


def _alike(one: frozenset[str], two: frozenset[str]) -> bool:
    return len(one & two) > SAME_WORK * len(one | two)
