"""Communities of a graph by the Leiden algorithm (Traag, Waltman and van Eck 2019), by graspologic-native."""

from collections import defaultdict

import networkx as nx
from graspologic_native import leiden

__all__ = ["find_communities"]

SEED = 20190326


def find_communities(graph: nx.Graph) -> dict[str, int]:
    """Return the community of each node: 0 is the largest, ties in order of the smallest node id; isolated nodes are alone.

    Links weigh as their ``weight``. The same graph always gives the same communities.
    """
    edges = [(source, target, float(weight)) for source, target, weight in graph.edges(data="weight", default=1.0)]
    found: dict[str, int] = leiden(sorted(edges), seed=SEED, iterations=3, use_modularity=True)[1] if edges else {}
    members: dict[str, list[str]] = defaultdict(list)
    for node in sorted(graph):
        members[str(found[node]) if node in found else f"alone {node}"].append(node)
    ordered = sorted(members.values(), key=lambda nodes: (-len(nodes), nodes[0]))
    return {node: number for number, nodes in enumerate(ordered) for node in nodes}
