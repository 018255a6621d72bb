"""Bridge nodes: which nodes the shortest ways between the others lead through (betweenness, Freeman 1977).

Counted as by Brandes (2001), for many sources at once: each level of the search is one product of the links with a table of nodes by
sources. Up to 2,000 nodes every node is a source; of a larger graph some nodes, evenly spread over the sorted ids, stand for all
(Brandes and Pich 2007): 1,666 of 3,000, 500 of 10,000, 256 of 20,000 to 78,000, fewer beyond. Ways count links, not weights.
"""

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

__all__ = ["find_betweenness"]

EXACT = 2000
"""Up to so many nodes the figure is exact."""
LEAST, MOST = 16, 256
"""Sources that stand for all."""
STEPS = 20_000_000
"""Nodes times sources, by which the sources of a very large graph are bounded; a quarter of it is always taken."""
CELLS = 2_000_000
"""Nodes times sources that are looked at together: 16 MB a table."""


def find_betweenness(graph: nx.Graph) -> dict[str, float]:
    """Return the share of all pairs of other nodes whose shortest ways lead through each node, 0 to 1; the order of nodes and links is all the same."""
    nodes = sorted(graph)
    if len(nodes) < 3:  # noqa: PLR2004 - no node is between others
        return dict.fromkeys(nodes, 0.0)
    links = csr_array(nx.to_scipy_sparse_array(graph, nodelist=nodes, weight=None, dtype=np.float64))
    most = STEPS // len(nodes)
    pivots = len(nodes) if len(nodes) <= EXACT else min(len(nodes), max(LEAST, min(MOST, most), most // 4))
    sources = np.linspace(0, len(nodes) - 1, pivots).round().astype(np.int64)
    total = np.zeros(len(nodes))
    batch = max(1, min(32, CELLS // len(nodes)))
    for start in range(0, len(sources), batch):
        total += _dependencies(links, sources[start : start + batch])
    share = total * len(nodes) / len(sources) / ((len(nodes) - 1) * (len(nodes) - 2))
    return dict(zip(nodes, np.minimum(share, 1.0).tolist(), strict=True))


def _dependencies(links: csr_array, sources: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how many of the shortest ways from the sources lead through each node, ways of one pair counted as shares."""
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
    total: NDArray[np.float64] = through.sum(axis=1)
    return total
