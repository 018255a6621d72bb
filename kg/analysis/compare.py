"""What is new, gone, grown or shrunk between two sides: two stores, or two periods of one.

Nodes of two stores are one where they have one id, or where the label of one is a name of the other. Each node and link is tested
by the exact test of two counts (Przyborowski and Wilenski 1940): were its share of the papers the same on both sides, each of its
papers would be of the second side with the chance that any paper is. Papers that both sides have are of the first one only in this test, so
that a store that has grown is compared by what came to it. p is two-sided, q is Benjamini and Hochberg's over all nodes, and over all links.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import bdtr, bdtrc

from kg.errors import CorpusError
from kg.graph.statistics import benjamini_hochberg
from kg.names.keys import key
from kg.records import EntityType, Node
from kg.storage.store import Store

__all__ = ["Change", "ChangeKind", "Comparison", "Side", "compare"]


class ChangeKind(StrEnum):
    """How a node or link differs between the sides."""

    NEW = "new"
    GONE = "gone"
    GROWN = "grown"
    SHRUNK = "shrunk"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What is compared: the papers of a linked store, or those of some years of it."""

    store: Store
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A node (``other`` is '') or a link; ids and label are those of the second side where it has them."""

    kind: ChangeKind
    id: str
    other: str
    label: str
    type: str
    before: int
    """Papers of the first side that mention it."""
    after: int
    """Papers of the second side."""
    before_share: float
    """Of a thousand papers of the first side."""
    after_share: float
    """Of a thousand papers of the second side that the first has not."""
    p: float
    """1 where the second side has no paper of its own."""
    q: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that was tested, most significant first."""

    before: int
    """Papers of the first side."""
    after: int
    """Papers of the second side."""
    own: int
    """Papers of the second side that the first has not."""
    nodes: tuple[Change, ...]
    links: tuple[Change, ...]


Ends = tuple[str, str]
Counts = Mapping[Ends, int]
Names = Mapping[str, tuple[str, EntityType]]


def compare(
    first: Side, second: Side, *, min_papers: int = 3, types: frozenset[EntityType] | None = None
) -> Comparison:
    """Compare two sides.

    Args:
        first: what was before.
        second: what is now.
        min_papers: what has fewer papers, both sides together, is left out.
        types: nodes of other types, and their links, are left out.

    Raises:
        CorpusError: if a side has no paper.
    """
    before, after = _papers(first), _papers(second)
    own = sorted(set(after) - set(before))
    now = {row.node.id: row.node for row in second.store.graph.node_rows()}
    old = (
        now
        if first.store is second.store
        else {row.node.id: row.node for row in first.store.graph.node_rows()}
    )
    same = _same(old.values(), now) if old is not now else {}
    known = {**{name: node for name, node in old.items() if same.get(name, name) == name}, **now}
    names = {
        name: (node.label, node.type)
        for name, node in known.items()
        if types is None or node.type in types
    }
    sides = [
        _counts(first.store, before, same),
        _counts(second.store, after),
        _counts(second.store, own),
    ]
    nodes, links = ([_known(side[place], names) for side in sides] for place in (0, 1))
    papers = (len(before), len(own))
    return Comparison(
        before=len(before), after=len(after), own=len(own),
        nodes=_changes(nodes, papers, min_papers, names), links=_changes(links, papers, min_papers, names),
    )  # fmt: skip


def _papers(side: Side) -> list[str]:
    found = side.store.paper_ids(side.since, side.until)
    if not found:
        years = (
            ""
            if side.since is None and side.until is None
            else f" of the years {side.since or ''}-{side.until or ''}"
        )
        message = f"{side.store.path or 'store in memory'}: no paper{years}; a comparison needs some on both sides"
        raise CorpusError(message)
    return found


def _same(old: Iterable[Node], now: Mapping[str, Node]) -> dict[str, str]:
    """Return for nodes of the first store that have another id in the second what that is: the label of one is a name of the other."""
    nodes = sorted(now.values(), reverse=True)
    labels = {key(node.label): node.id for node in nodes}
    aliases = {key(alias): node.id for node in nodes for alias in node.aliases}
    found = {}
    for node in old:
        if node.id not in now:
            names = [key(node.label), *map(key, node.aliases)]
            other = next((labels[name] for name in names if name in labels), aliases.get(names[0]))
            if other is not None:
                found[node.id] = other
    return found


def _counts(
    store: Store, papers: Iterable[str], same: Mapping[str, str] | None = None
) -> tuple[Counts, Counts]:
    """Return the papers of nodes and of links, under the ids of the second side; of nodes that are one there the greatest count is taken."""
    names = same or {}
    nodes: dict[Ends, int] = {}
    links: dict[Ends, int] = {}
    of_nodes, of_links = store.graph.counts(list(papers))
    for node, count in of_nodes.items():
        ends = (names.get(node, node), "")
        nodes[ends] = max(count, nodes.get(ends, 0))
    for (source, target), count in of_links.items():
        one, other = names.get(source, source), names.get(target, target)
        if one != other:
            ends = (min(one, other), max(one, other))
            links[ends] = max(count, links.get(ends, 0))
    return nodes, links


def _known(counts: Counts, names: Names) -> Counts:
    return {
        ends: count for ends, count in counts.items() if all(end in names for end in ends if end)
    }


def _changes(
    sides: list[Counts], papers: tuple[int, int], least: int, names: Names
) -> tuple[Change, ...]:
    before, after, own = sides
    tested = [
        ends
        for ends in sorted({*before, *after})
        if max(before.get(ends, 0), after.get(ends, 0), before.get(ends, 0) + own.get(ends, 0))
        >= least
    ]
    table = np.array(
        [[side.get(ends, 0) for side in (before, own)] for ends in tested], dtype=np.float64
    ).reshape(-1, 2)
    chance = papers[1] / sum(papers)
    total, came = table.sum(axis=1).astype(np.int64), table[:, 1]
    p = np.minimum(
        1.0,
        2
        * np.minimum(
            bdtr(came, total, chance), np.where(came > 0, bdtrc(came - 1, total, chance), 1.0)
        ),
    )
    q = benjamini_hochberg(p)
    shares = table / [max(1, side) for side in papers] * 1000
    found = []
    for ends, one, share, single, adjusted in zip(
        tested, table[:, 0].tolist(), shares.tolist(), p.tolist(), q.tolist(), strict=True
    ):
        known = [names[end] for end in ends if end]
        now = after.get(ends, 0)
        found.append(Change(
            kind=_kind(int(one), now, *share) if papers[1] else _kind(int(one), now, one, now), id=ends[0], other=ends[1],
            label=" — ".join(label for label, _ in known), type=" — ".join(kind for _, kind in known), before=int(one), after=now,
            before_share=round(share[0], 3), after_share=round(share[1], 3), p=float(f"{single:.6g}"), q=float(f"{adjusted:.6g}"),
        ))  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.p, -one.before - one.after, one.id, one.other)))


def _kind(before: int, after: int, old: float, new: float) -> ChangeKind:
    if not before or not after:
        return ChangeKind.GONE if before else ChangeKind.NEW
    if old == new:
        return ChangeKind.SAME
    return ChangeKind.GROWN if new > old else ChangeKind.SHRUNK
