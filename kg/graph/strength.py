"""Which links come first where a whole graph's strongest links are shown: those that tell most to who knows the field.

What tells is a link that papers explain: so many evaluate the one on the other, compare the two, or build the one with the other. So a
link counts the papers whose roles say what it means, and a little the others, times the square of the logarithm of its lift, from
three times what chance gives (what all use is met by all) to thirty times (more is told of rare names only), and the logarithm
of all its papers, so that what many know comes first.
Last come links that no paper explains, then links that are not significant and those of a thing with its own kind. Links of two data
sets, which stand side by side because the same papers test on both, are a list of their own. So that no hub fills the list, a node
comes three times before all others had their turn.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import log, log2
from typing import Any

import networkx as nx

from kg.graph.schema import LinkKind
from kg.names.keys import key
from kg.records import EntityType

__all__ = ["Ends", "strongest_data_links", "strongest_links", "turns"]

Ends = tuple[str, str]
LEVEL = 0.05
"""Links of a larger q come last."""
TURNS = 3
"""So many times a node comes before all others had their turn."""
UNSAID = 0.02
"""What a paper counts whose roles do not say what the link means, over one whose roles do."""
SAYING = 30
"""One in so many papers of a link has to say what it means, else it counts as unexplained."""
LIFT = (3.0, 30.0)
"""The association from which and up to which more of it counts."""
DATA = frozenset({EntityType.DATASET, EntityType.BENCHMARK})


def strongest_links(graph: nx.Graph) -> list[Ends]:
    """Return the links, strongest first, without those of two data sets; ends in order."""
    return _ordered(graph, data=False)


def strongest_data_links(graph: nx.Graph) -> list[Ends]:
    """Return the links of two datasets or benchmarks, strongest first; ends in order."""
    return _ordered(graph, data=True)


def _ordered(graph: nx.Graph, *, data: bool) -> list[Ends]:
    strength = {
        (min(one, two), max(one, two)): _strength(graph, one, two, link)
        for one, two, link in graph.edges(data=True)
        if _is_data(graph, one, two) is data
    }
    ordered = sorted(strength, key=lambda ends: (*(-part for part in strength[ends]), ends))
    turn = turns(ordered, TURNS)
    return sorted(ordered, key=lambda ends: (-strength[ends][0], turn[ends]))


def turns(pairs: Iterable[Ends], times: int) -> dict[Ends, int]:
    """Return the turn of each of some pairs, best first: a node comes so many times before all others had their turn."""
    seen: Counter[str] = Counter()
    found: dict[Ends, int] = {}
    for ends in pairs:
        found[ends] = max(seen[end] for end in ends) // times
        seen.update(ends)
    return found


def _is_data(graph: nx.Graph, one: str, two: str) -> bool:
    return all(graph.nodes[node]["type"] in DATA for node in (one, two))


def _strength(
    graph: nx.Graph, one: str, two: str, link: Mapping[str, Any]
) -> tuple[int, float, float]:
    """Return the tier of a link (2 significant, no is-a, and explained by papers; 1 not explained; 0 the others), its strength, and npmi."""
    said = max(link.get(kind, 0) for kind in ("evaluated", "compared", "uses"))
    papers = (said + UNSAID * (link["papers"] - said)) * log2(link["papers"])
    lift = log(min(max(link["association"], LIFT[0]), LIFT[1]) / LIFT[0])
    first = link["q"] <= LEVEL and not _is_kind(graph, one, two, link)
    tier = 1 + (said * SAYING >= link["papers"]) if first else 0
    return tier, papers * lift**2, link["npmi"]


def _is_kind(graph: nx.Graph, one: str, two: str, link: Mapping[str, Any]) -> bool:
    """Tell whether one end is a kind of the other, by the graph or by its name: a graph attention network is an attention network."""
    if link.get("kind") == LinkKind.IS_A:
        return True
    labels = (str(graph.nodes[node]["label"]).replace("-", " ") for node in (one, two))
    short, long = sorted(([key(word) for word in label.split()] for label in labels), key=len)
    return bool(short) and long[-len(short) :] == short
