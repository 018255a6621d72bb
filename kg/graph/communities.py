"""Communities of a graph by the Leiden algorithm (Traag, Waltman and van Eck 2019), by graspologic-native."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np
from graspologic_native import leiden

from kg.graph.arrays import link_arrays
from kg.names.keys import key

__all__ = [
    "Community",
    "NodeTask",
    "describe_communities",
    "find_areas",
    "find_communities",
    "name_communities",
]

SEED = 20190326
LEVEL, FIELD, RESOLUTION = 0.05, 1000, 5.0
"""Where so many nodes have a link of at most this q, communities are those of these links, at this resolution."""
NAMED, TASKS = 3, 2
"""So many of its most distinctive tasks and nodes name a community, of them so many tasks."""
LEAST_TASK = 5.0
"""So many papers a task has in a community that it names; what of fewer stays inside is chance."""
BETWEEN = " \u00b7 "
"""Between the names: a sign that readers of files do not take for a list."""
LONGEST = 60
"""Characters of a label that stand in a name."""
NodeTask = tuple[str, str, float]
"""A node, a task, and how many papers of the task are its own, each divided by its nodes."""


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

    Links weigh as their ``weight``. Where many nodes have a significant link (``q``), these links alone make communities, as fine as a
    field's subfields; each other node joins the one that most of its links lead to. A small graph is divided by all of its links.
    The same graph always gives the same communities.
    """
    links = _sorted_links(graph, LEVEL)
    if len({end for one, two, _ in links for end in (one, two)}) >= FIELD:
        return _numbered(_joined(graph, _leiden(links, RESOLUTION)))
    found = _leiden(_sorted_links(graph, 1.0), 1.0)
    return _numbered({node: found.get(node, f"alone {node}") for node in graph})


def _sorted_links(graph: nx.Graph, level: float) -> list[tuple[str, str, float]]:
    return sorted(
        (min(one, two), max(one, two), float(link.get("weight", 1.0)))
        for one, two, link in graph.edges(data=True)
        if link.get("q", 1.0) <= level
    )


def _leiden(links: list[tuple[str, str, float]], resolution: float) -> dict[str, str]:
    if not links:
        return {}
    found: dict[str, int] = leiden(
        links, resolution=resolution, seed=SEED, iterations=3, use_modularity=True
    )[1]
    return {node: str(community) for node, community in found.items()}


def _joined(graph: nx.Graph, found: Mapping[str, str]) -> dict[str, str]:
    """Return the group of each node: those found, and for each other that which most of its links lead to, round by round."""
    groups, left = dict(found), sorted(set(graph) - set(found))
    while left:
        votes = {node: _votes(graph, node, groups) for node in left}
        joined = {node: max(sorted(of), key=of.__getitem__) for node, of in votes.items() if of}
        if not joined:
            break
        groups |= joined
        left = [node for node in left if node not in joined]
    rest = _leiden(_sorted_links(graph.subgraph(left), 1.0), 1.0)
    return groups | {node: f"apart {rest.get(node, node)}" for node in left}


def _votes(graph: nx.Graph, node: str, groups: Mapping[str, str]) -> Counter[str]:
    votes: Counter[str] = Counter()
    for other, link in graph[node].items():
        if other in groups:
            votes[groups[other]] += link.get("weight", 1)
    return votes


def find_areas(graph: nx.Graph, communities: Mapping[str, int]) -> dict[str, int]:
    """Return the area of each node, a group of communities: 0 is the largest, ties in order of the smallest node id."""
    found = _leiden(_sorted_links(graph, 1.0), 1.0)
    coarse = {node: found.get(node, f"alone {node}") for node in graph}
    votes: dict[int, Counter[str]] = defaultdict(Counter)
    for node in sorted(graph):
        votes[communities[node]][coarse[node]] += 1
    area = {
        community: max(sorted(counts), key=lambda one: counts[one])
        for community, counts in sorted(votes.items())
    }
    return _numbered({node: area[communities[node]] for node in graph})


def _numbered(groups: Mapping[str, str]) -> dict[str, int]:
    """Return numbers of groups of nodes by size, ties in order of the smallest node id."""
    members: dict[str, list[str]] = defaultdict(list)
    for node in sorted(groups):
        members[groups[node]].append(node)
    ordered = sorted(members.values(), key=lambda nodes: (-len(nodes), nodes[0]))
    return {node: number for number, nodes in enumerate(ordered) for node in nodes}


def name_communities(
    graph: nx.Graph, communities: Mapping[str, int], tasks: Iterable[NodeTask] = ()
) -> dict[int, str]:
    """Return a name of each community: its most distinctive tasks, two at most, and nodes, three in all, ties in order of names and ids.

    Distinctive is a task of many papers of which most are of the community, and a node of many papers whose links stay inside: papers
    times the square of the share that does. Papers are shared among communities as their nodes are.
    """
    nodes, one, two, weight = link_arrays(graph)
    own = np.array([communities[node] for node in nodes], dtype=np.int64)
    ends, twice = np.concatenate([one, two]), np.concatenate([weight, weight])
    stays = np.concatenate([own[one] == own[two]] * 2)
    total, inside = (np.bincount(ends, kept, len(nodes)) for kept in (twice, twice * stays))
    papers = np.array([graph.nodes[node]["papers"] for node in nodes])
    share = np.divide(inside, total, out=np.ones(len(nodes)), where=total > 0)
    distinct = dict(zip(nodes, (papers * share**2).tolist(), strict=True))
    tops: dict[int, list[str]] = defaultdict(list, _distinctive_tasks(communities, tasks))
    for node in sorted(communities, key=lambda node: (-distinct[node], node)):
        label = str(graph.nodes[node].get("label", node))
        names = tops[communities[node]]
        if len(names) < NAMED and not _repeats(label, names):
            names.append(label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…")
    return {number: BETWEEN.join(labels) for number, labels in sorted(tops.items())}


def _distinctive_tasks(
    communities: Mapping[str, int], tasks: Iterable[NodeTask]
) -> dict[int, list[str]]:
    """Return the most distinctive tasks of each community that has some of enough papers."""
    papers: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    total: dict[str, float] = defaultdict(float)
    for node, task, count in tasks:
        papers[communities[node]][task] += count
        total[task] += count
    found: dict[int, list[str]] = {}
    for number, counts in papers.items():
        worth = {
            task: count * (count / (total[task] + LEAST_TASK)) ** 2
            for task, count in counts.items()
            if count >= LEAST_TASK
        }
        for task in sorted(worth, key=lambda task: (-worth[task], task)):
            names = found.setdefault(number, [])
            if len(names) < TASKS and not _repeats(task, names):
                names.append(task)
    return found


def _repeats(name: str, names: Iterable[str]) -> bool:
    """Tell whether one of some names has all words of a name, or the other way round."""
    words = set(map(key, name.split()))
    others = (set(map(key, other.split())) for other in names)
    return any(words <= other or other <= words for other in others)


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
