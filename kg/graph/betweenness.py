"""Bridge nodes: which nodes the shortest ways between the others lead through (betweenness, Freeman 1977).

Counted as by Brandes (2001), for many sources at once: each level of the search is one product of the links with a table of nodes by
sources. In a small graph every node is a source; in a larger one some nodes, evenly spread over the sorted ids, stand for all (Brandes and
Pich 2007), so many that it takes seconds. Ways count links, not weights.
"""

from typing import NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from kg.graph.arrays import link_arrays, link_matrix

__all__ = ["find_betweenness"]

LEAST = 16
STEPS = 50_000_000
"""Sources times what one of them costs, counted in links: two seconds or so."""
BATCH = 16
"""Sources that are looked at together: a row of the tables is then two lines of a processor's cache."""
DEEP, WALKED = 100, 500_000
"""A search so deep is made node by node, from so many nodes and links together over all sources."""


def find_betweenness(graph: nx.Graph) -> dict[str, float]:
    """Return the share of all pairs of other nodes whose shortest ways lead through each node, 0 to 1; the order of nodes and links is all the same."""
    links = link_arrays(graph)
    nodes = links.nodes
    if len(nodes) < 3:  # noqa: PLR2004 - no node is between others
        return dict.fromkeys(nodes, 0.0)
    depth = sum(
        1
        for _ in nx.bfs_layers(graph, sorted(min(part) for part in nx.connected_components(graph)))
    )
    if depth > DEEP:
        sources = _spread(len(nodes), WALKED // (len(nodes) + len(links.one)))
        found = nx.betweenness_centrality_subset(graph, [nodes[n] for n in sources], nodes)
        total = 2 * np.array([found[node] for node in nodes])
    else:
        sources = _spread(len(nodes), STEPS // (len(links.one) + len(nodes) * (1 + depth // 4)))
        total = _dependencies(link_matrix(links, np.ones(len(links.one))), sources)
    share = total * len(nodes) / len(sources) / ((len(nodes) - 1) * (len(nodes) - 2))
    return dict(zip(nodes, np.minimum(share, 1.0).tolist(), strict=True))


def _spread(nodes: int, sources: int) -> NDArray[np.int64]:
    """Return so many places among the nodes, evenly spread; all of them if there are no more."""
    return np.linspace(0, nodes - 1, min(nodes, max(LEAST, sources))).round().astype(np.int64)


def _dependencies(links: csr_array, sources: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how many of the shortest ways from the sources lead through each node, ways of one pair counted as shares."""
    total = np.zeros(links.shape[0])
    for start in range(0, len(sources), BATCH):
        total += _through(links, sources[start : start + BATCH]).sum(axis=1)
    return total


class _Level(NamedTuple):
    """Where the search stands after so many steps: nodes, and which of them each source has just reached (a column a source)."""

    nodes: NDArray[np.int64]
    reached: NDArray[np.bool_]


def _through(links: csr_array, sources: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return for each node and source how many of the shortest ways from there lead through it."""
    columns = np.arange(len(sources))
    ways = np.zeros((links.shape[0], len(sources)))
    ways[sources, columns] = 1.0
    levels = _levels(links, ways, sources)
    through = np.zeros_like(ways)
    for (nodes, reached), (earlier, before) in zip(levels[:0:-1], levels[-2::-1], strict=True):
        own = ways[nodes]
        shares = np.divide(1.0 + through[nodes], own, out=np.zeros_like(own), where=reached)
        through[earlier] += np.where(
            before, ways[earlier] * _sums(links, nodes, shares)[earlier], 0
        )
    through[sources, columns] = 0.0
    return through


def _levels(
    links: csr_array, ways: NDArray[np.float64], sources: NDArray[np.int64]
) -> list[_Level]:
    """Return the levels of the search from the sources, and write into a table how many shortest ways lead from each to each node."""
    nodes = np.unique(sources)
    levels = [_Level(nodes, ways[nodes] > 0)]
    seen = ways > 0
    while True:
        nodes, reached = levels[-1]
        further = _sums(links, nodes, np.where(reached, ways[nodes], 0.0))
        fresh = (further > 0) & ~seen
        nodes = np.flatnonzero(fresh.any(axis=1))
        if not len(nodes):
            return levels
        reached = fresh[nodes]
        ways[nodes] += np.where(reached, further[nodes], 0.0)
        seen[nodes] |= reached
        levels.append(_Level(nodes, reached))


def _sums(
    links: csr_array, nodes: NDArray[np.int64], rows: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return for each node of the graph the sum of the rows of those of the given nodes that it is linked with."""
    sums: NDArray[np.float64] = links[nodes].T @ rows
    return sums
