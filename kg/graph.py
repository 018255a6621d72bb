"""The graph: a plain ``networkx.Graph`` of all nodes and links of a store, with documented attributes.

Node: ``label``, ``type``, ``aliases`` (sorted list), ``papers``, ``mentions``, ``first_year``, ``last_year`` (absent where
unknown), ``community`` (0 is the largest), ``community_name`` (its three strongest nodes), ``pagerank``, ``betweenness`` (see
``kg.bridges``), ``x``, ``y`` (y upwards, centroid 0, at most 4900), ``size`` (4 to 100).

Link: ``papers`` (that mention both, once a paper), ``sentences`` (in how many of them one sentence names both),
``weight`` (= papers), ``association``, ``npmi``, ``q`` (see ``kg.statistics``), ``first_year``, ``last_year``.
"""

from collections.abc import Sequence
from itertools import chain

import networkx as nx
import numpy as np

from kg.bridges import find_betweenness
from kg.communities import find_communities, name_communities
from kg.layout import find_positions, node_sizes
from kg.statistics import expected_papers, false_discovery_rates, npmi
from kg.store import LinkRow, NodeRow, Store

__all__ = ["place", "read_graph"]

DIGITS = 6


def read_graph(store: Store) -> nx.Graph:
    """Return the whole graph of a linked store, nodes and links in sorted order, all attributes set."""
    graph = nx.Graph()
    for one in store.node_rows():
        graph.add_node(one.node.id, **_node_attributes(one))
    same = {node: node for node in graph}  # each id is kept once, not once a link
    graph.add_edges_from((same[row.link.source], same[row.link.target], _link_attributes(row)) for row in store.link_rows())
    _count(graph, store.paper_sizes(), store.count_papers())
    _place(graph)
    return graph


def _node_attributes(row: NodeRow) -> dict[str, object]:
    node = row.node
    attributes = {"label": node.label, "type": node.type.value, "aliases": list(node.aliases), "papers": row.papers, "mentions": row.mentions}
    return attributes | _years(row.first_year, row.last_year)


def _link_attributes(row: LinkRow) -> dict[str, object]:
    papers = row.link.papers
    return {"papers": papers, "sentences": row.link.sentences, "weight": papers, **_years(row.first_year, row.last_year)}


def _years(first: int | None, last: int | None) -> dict[str, object]:
    return {} if first is None or last is None else {"first_year": first, "last_year": last}


def _count(graph: nx.Graph, sizes: Sequence[int], papers: int) -> None:
    """Set association, npmi and q of each link."""
    if not graph.number_of_edges():
        return
    degree = dict(graph.nodes(data="papers"))
    ends = ((degree[source], degree[target], together) for source, target, together in graph.edges(data="papers"))
    source, target, together = np.fromiter(chain.from_iterable(ends), np.float64).reshape(-1, 3).T
    expected = expected_papers(source, target, sizes)
    q = false_discovery_rates(together, source, target, expected)
    mutual = npmi(together, source, target, papers)
    rounded = (np.round(values, DIGITS).tolist() for values in (together / expected, mutual))
    for (_, _, data), association, information, rate in zip(graph.edges(data=True), *rounded, q.tolist(), strict=True):
        data["association"], data["npmi"], data["q"] = association, information, rate if rate == 1.0 else float(f"{rate:.6g}")


def place(graph: nx.Graph) -> nx.Graph:
    """Return a copy with ``community``, its name, ``pagerank``, ``betweenness``, ``size``, ``x`` and ``y`` of its own nodes and links."""
    placed = graph.copy()
    _place(placed)
    return placed


def _place(graph: nx.Graph) -> None:
    communities = find_communities(graph)
    names = name_communities(graph, communities)
    ranks = nx.pagerank(graph, weight="weight") if graph else {}
    between = find_betweenness(graph)
    nodes = list(graph)
    sizes = dict(zip(nodes, node_sizes([graph.nodes[node]["papers"] for node in nodes]).tolist(), strict=True))
    positions = find_positions(graph, communities, sizes)
    for node in nodes:
        x, y = positions[node]
        graph.nodes[node].update(
            community=communities[node], community_name=names[communities[node]], pagerank=round(ranks[node], 9), betweenness=round(between[node], 9),
            x=x, y=y, size=round(sizes[node], 3),
        )
