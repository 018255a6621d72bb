"""Communities of a graph by the Leiden algorithm (Traag, Waltman and van Eck 2019), by graspologic-native."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx
from graspologic_native import leiden

__all__ = [
    "Community",
    "describe_communities",
    "find_areas",
    "find_communities",
    "name_communities",
]

SEED = 20190326
NAMED = 3
"""So many of its strongest nodes name a community."""
BETWEEN = " \u00b7 "
"""Between the names: a sign that readers of files do not take for a list."""
LONGEST = 60
"""Characters of a label that stand in a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """A community of a graph, with its strongest nodes and its bridges."""

    number: int
    name: str
    nodes: int
    links: int
    """Links inside it."""
    outside: int
    """Links to others."""
    types: tuple[str, ...]
    """How many nodes of each type, such as ``12 method``, most first."""
    strongest: tuple[str, ...]
    """Labels of its nodes of most papers."""
    bridges: tuple[str, ...]
    """Labels of its nodes with links to other communities, highest betweenness first."""


def find_communities(graph: nx.Graph) -> dict[str, int]:
    """Return the community of each node: 0 is the largest, ties in order of the smallest node id; isolated nodes are alone.

    Links weigh as their ``weight``. The same graph always gives the same communities.
    """
    edges = [
        (source, target, float(weight))
        for source, target, weight in graph.edges(data="weight", default=1.0)
    ]
    found: dict[str, int] = (
        leiden(sorted(edges), seed=SEED, iterations=3, use_modularity=True)[1] if edges else {}
    )
    return _numbered(
        {node: str(found[node]) if node in found else f"alone {node}" for node in graph}
    )


def find_areas(graph: nx.Graph, communities: Mapping[str, int]) -> dict[str, int]:
    """Return the area of each node, a group of communities: 0 is the largest, ties in order of the smallest node id."""
    coarse = find_communities(graph)
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    for node in sorted(graph):
        votes[communities[node]][coarse[node]] += 1
    area = {
        community: max(sorted(counts), key=lambda one: counts[one])
        for community, counts in sorted(votes.items())
    }
    return _numbered({node: str(area[communities[node]]) for node in graph})


def _numbered(groups: Mapping[str, str]) -> dict[str, int]:
    """Return numbers of groups of nodes by size, ties in order of the smallest node id."""
    members: dict[str, list[str]] = defaultdict(list)
    for node in sorted(groups):
        members[groups[node]].append(node)
    ordered = sorted(members.values(), key=lambda nodes: (-len(nodes), nodes[0]))
    return {node: number for number, nodes in enumerate(ordered) for node in nodes}


def name_communities(graph: nx.Graph, communities: Mapping[str, int]) -> dict[int, str]:
    """Return a name of each community: the labels of its three nodes of most papers, ties in order of ids."""
    tops: dict[int, list[str]] = defaultdict(list)
    for node in sorted(communities, key=lambda node: (-graph.nodes[node]["papers"], node)):
        if len(tops[communities[node]]) < NAMED:
            label = str(graph.nodes[node].get("label", node))
            tops[communities[node]].append(
                label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"
            )
    return {number: BETWEEN.join(labels) for number, labels in sorted(tops.items())}


def describe_communities(
    graph: nx.Graph, *, least: int = 2, strongest: int = 10
) -> tuple[Community, ...]:
    """Return the communities of at least so many nodes of a placed graph, largest first, each with so many nodes and bridges."""
    members: dict[int, list[str]] = defaultdict(list)
    for node in sorted(graph, key=lambda node: (-graph.nodes[node]["papers"], node)):
        members[graph.nodes[node]["community"]].append(node)
    across = {
        end
        for link in graph.edges
        if len({graph.nodes[one]["community"] for one in link}) > 1
        for end in link
    }
    found = []
    for number, nodes in sorted(members.items()):
        if len(nodes) < least:
            continue
        inside = graph.subgraph(nodes).number_of_edges()
        bridges = sorted(
            (node for node in nodes if node in across),
            key=lambda node: (-graph.nodes[node]["betweenness"], node),
        )
        types = Counter(str(graph.nodes[node]["type"]) for node in nodes)
        found.append(Community(
            number=number, name=graph.nodes[nodes[0]]["community_name"], nodes=len(nodes), links=inside,
            outside=sum(graph.degree(node) for node in nodes) - 2 * inside,
            types=tuple(f"{count} {kind}" for kind, count in sorted(types.items(), key=lambda item: (-item[1], item[0]))),
            strongest=_labels(graph, nodes[:strongest]), bridges=_labels(graph, bridges[:strongest]),
        ))  # fmt: skip
    return tuple(found)


def _labels(graph: nx.Graph, nodes: list[str]) -> tuple[str, ...]:
    return tuple(str(graph.nodes[node]["label"]) for node in nodes)
