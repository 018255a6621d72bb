"""The graph: a plain ``networkx.Graph`` of all nodes and links of a store, with documented attributes.

Node: ``label``, ``type``, ``aliases`` (sorted list), ``papers``, ``mentions``, ``first_year``, ``last_year`` (absent where
unknown), ``community`` (0 is the largest), ``pagerank``, ``x``, ``y`` (y upwards, centroid 0, at most 4900), ``size`` (4 to 100).

Link: ``papers`` (that mention both, once a paper), ``sentences`` (in how many of them one sentence names both),
``weight`` (= papers), ``association``, ``npmi``, ``q`` (see ``kg.statistics``), ``first_year``, ``last_year``.
"""

from collections.abc import Sequence

import networkx as nx
import numpy as np

from kg.communities import find_communities
from kg.layout import find_positions, node_sizes
from kg.statistics import benjamini_hochberg, expected_papers, npmi, poisson_upper_tail
from kg.store import LinkRow, NodeRow, Store

__all__ = ["place", "read_graph"]

DIGITS = 6


def read_graph(store: Store) -> nx.Graph:
    """Return the whole graph of a linked store, nodes and links in sorted order, all attributes set."""
    graph = nx.Graph()
    for one in store.node_rows():
        graph.add_node(one.node.id, **_node_attributes(one))
    rows = list(store.link_rows())
    columns = _statistics(graph, rows, store.paper_sizes(), store.count_papers())
    for row, (association, mutual, q) in zip(rows, columns, strict=True):
        graph.add_edge(row.link.source, row.link.target, **_link_attributes(row), association=association, npmi=mutual, q=q)
    return place(graph)


def _node_attributes(row: NodeRow) -> dict[str, object]:
    node = row.node
    attributes = {"label": node.label, "type": node.type.value, "aliases": list(node.aliases), "papers": row.papers, "mentions": row.mentions}
    return attributes | _years(row.first_year, row.last_year)


def _link_attributes(row: LinkRow) -> dict[str, object]:
    counts: dict[str, object] = {"papers": row.link.papers, "sentences": row.link.sentences, "weight": row.link.papers}
    return counts | _years(row.first_year, row.last_year)


def _years(first: int | None, last: int | None) -> dict[str, object]:
    return {} if first is None or last is None else {"first_year": first, "last_year": last}


def _statistics(graph: nx.Graph, rows: Sequence[LinkRow], sizes: Sequence[int], papers: int) -> list[tuple[float, float, float]]:
    """Return association, npmi and q of each link."""
    if not rows:
        return []
    degree = dict(graph.nodes(data="papers"))
    together = np.array([row.link.papers for row in rows], dtype=np.float64)
    source = np.array([degree[row.link.source] for row in rows], dtype=np.float64)
    target = np.array([degree[row.link.target] for row in rows], dtype=np.float64)
    expected = expected_papers(source, target, sizes)
    q = benjamini_hochberg(poisson_upper_tail(together, expected))
    mutual = npmi(together, source, target, papers)
    table = np.column_stack([together / expected, mutual, q])
    return [(round(a, DIGITS), round(b, DIGITS), float(f"{c:.6g}")) for a, b, c in table.tolist()]


def place(graph: nx.Graph) -> nx.Graph:
    """Return a copy with ``community``, ``pagerank``, ``size``, ``x`` and ``y`` of its own nodes and links."""
    placed = graph.copy()
    communities = find_communities(placed)
    ranks = nx.pagerank(placed, weight="weight") if placed else {}
    nodes = list(placed)
    sizes = dict(zip(nodes, node_sizes([placed.nodes[node]["papers"] for node in nodes]).tolist(), strict=True))
    positions = find_positions(placed, communities, sizes)
    for node in nodes:
        x, y = positions[node]
        placed.nodes[node].update(
            community=communities[node], pagerank=round(ranks[node], 9), x=x, y=y, size=round(sizes[node], 3)
        )
    return placed
