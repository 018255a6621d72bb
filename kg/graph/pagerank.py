"""PageRank (Page, Brin, Motwani and Winograd 1999) over links by weight, as networkx counts it; that takes many times as long."""

import networkx as nx
import numpy as np

from kg.graph.arrays import link_arrays, link_matrix

__all__ = ["find_pagerank"]

FOLLOWED = 0.85
"""Share of steps that follow a link; the others, and those from a node without links, go to any node."""
CHANGE, ROUNDS = 1e-9, 500
"""Rounds end when all ranks together change by less, and after so many."""


def find_pagerank(graph: nx.Graph) -> dict[str, float]:
    """Return the share of steps that end on each node; all sum to 1, and the order of nodes and links is all the same."""
    links = link_arrays(graph)
    count = max(1, len(links.nodes))
    linked = link_matrix(links, links.weight)
    total = np.asarray(linked.sum(axis=1))
    outwards = np.divide(FOLLOWED, total, out=np.zeros_like(total), where=total > 0)
    ranks = np.full(len(links.nodes), 1 / count)
    for _ in range(ROUNDS):
        then, ranks = ranks, linked @ (ranks * outwards)
        ranks += (1 - ranks.sum()) / count
        if np.abs(ranks - then).sum() < CHANGE:
            break
    return dict(zip(links.nodes, ranks.tolist(), strict=True))
