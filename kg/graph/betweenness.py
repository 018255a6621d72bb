"""Bridge nodes: which nodes the shortest ways between the others lead through (betweenness, Freeman 1977).

Counted as by Brandes (2001), for many sources at once: each level of the search is one product of the links with a table of nodes by
sources. In a small graph every node is a source; in a larger one some nodes, evenly spread over the sorted ids, stand for all (Brandes and
Pich 2007), so many that it takes seconds. Ways count links, not weights.
"""

from collections.abc import Sequence

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

__all__ = ["find_betweenness"]

LEAST, MOST = 16, 256
STEPS = 60_000_000
"""Nodes times sources times depth of the search that are always taken, and a second time for up to 256 sources: two seconds or so."""
CELLS = 2_000_000
"""Nodes times sources that are looked at together: 16 MB a table."""
DEEP, WALKED = 100, 500_000
"""A search so deep is made node by node, from so many nodes and links together over all sources."""


def find_betweenness(graph: nx.Graph) -> dict[str, float]:
    """Return the share of all pairs of other nodes whose shortest ways lead through each node, 0 to 1; the order of nodes and links is all the same."""
    nodes = sorted(graph)
    if len(nodes) < 3:  # noqa: PLR2004 - no node is between others
        return dict.fromkeys(nodes, 0.0)
    depth = sum(
        1
        for _ in nx.bfs_layers(graph, sorted(min(part) for part in nx.connected_components(graph)))
    )
    if depth > DEEP:
        sources = _spread(len(nodes), WALKED // (len(nodes) + graph.number_of_edges()))
        found = nx.betweenness_centrality_subset(graph, [nodes[n] for n in sources], nodes)
        total = 2 * np.array([found[node] for node in nodes])
    else:
        steps = STEPS // (len(nodes) * depth)
        sources = _spread(len(nodes), max(steps, min(MOST, 2 * steps)))
        total = _dependencies(_neighbours(graph, nodes), sources)
    share = total * len(nodes) / len(sources) / ((len(nodes) - 1) * (len(nodes) - 2))
    return dict(zip(nodes, np.minimum(share, 1.0).tolist(), strict=True))


def _neighbours(graph: nx.Graph, nodes: Sequence[str]) -> csr_array:
    """Return 1 where two nodes are linked; ``nx.to_scipy_sparse_array``, which minds directions and weights, takes several times as long."""
    number = {node: n for n, node in enumerate(nodes)}
    ends = np.fromiter(
        (number[node] for link in graph.edges() if link[0] != link[1] for node in link), np.int64
    ).reshape(-1, 2)
    rows, columns = np.concatenate([ends, ends[:, ::-1]]).T
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(nodes), len(nodes)))


def _spread(nodes: int, sources: int) -> NDArray[np.int64]:
    """Return so many places among the nodes, evenly spread; all of them if there are no more."""
    return np.linspace(0, nodes - 1, min(nodes, max(LEAST, sources))).round().astype(np.int64)


def _dependencies(links: csr_array, sources: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how many of the shortest ways from the sources lead through each node, ways of one pair counted as shares."""
    total = np.zeros(links.shape[0])
    batch = max(1, min(32, CELLS // len(total)))
    for start in range(0, len(sources), batch):
        total += _through(links, sources[start : start + batch]).sum(axis=1)
    return total


def _through(links: csr_array, sources: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return for each node and source how many of the shortest ways from there lead through it."""
    ways = np.zeros((links.shape[0], len(sources)))
    ways[sources, np.arange(len(sources))] = 1.0
    levels = [ways > 0]
    seen = levels[0].copy()
    while True:
        further = links @ np.where(levels[-1], ways, 0.0)
        fresh = (further > 0) & ~seen
        if not fresh.any():
            break
        ways[fresh] = further[fresh]
        seen |= fresh
        levels.append(fresh)
    through = np.zeros_like(ways)
    for level, before in zip(levels[:0:-1], levels[-2::-1], strict=True):
        shares = links @ np.divide(1.0 + through, ways, out=np.zeros_like(ways), where=level)
        through += np.where(before, ways * shares, 0.0)
    through[sources, np.arange(len(sources))] = 0.0
    return through
