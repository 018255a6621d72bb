"""The links of a graph as arrays, for what is counted over all of them at once."""

from collections.abc import Iterator
from typing import NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

__all__ = ["LinkArrays", "link_arrays", "link_matrix"]


class LinkArrays(NamedTuple):
    """Nodes in sorted order and the links between them, sorted by their ends, without self-loops."""

    nodes: list[str]
    one: NDArray[np.int64]
    """The places of the ends that come first among the nodes."""
    two: NDArray[np.int64]
    weight: NDArray[np.float64]
    """1 for a link that has none."""


def link_arrays(graph: nx.Graph) -> LinkArrays:
    """Return the links of a graph; the order of its nodes and links is all the same."""
    nodes = sorted(graph)
    number = {node: n for n, node in enumerate(nodes)}

    def flat() -> Iterator[float]:
        for node, others in graph.adjacency():
            place = number[node]
            for other, data in others.items():
                if place < number[other]:
                    yield place
                    yield number[other]
                    yield data.get("weight", 1.0)

    rows = np.fromiter(flat(), np.float64).reshape(-1, 3)
    one, two, weight = rows[np.lexsort([rows[:, 1], rows[:, 0]])].T
    return LinkArrays(nodes, one.astype(np.int64), two.astype(np.int64), weight.copy())


def link_matrix(links: LinkArrays, weight: NDArray[np.float64]) -> csr_array:
    """Return the symmetric matrix of the nodes that has the given weights where there are links."""
    ends = (np.concatenate([links.one, links.two]), np.concatenate([links.two, links.one]))
    size = len(links.nodes)
    return csr_array((np.concatenate([weight, weight]), ends), shape=(size, size))
