"""The graph: a plain ``networkx.Graph`` of all nodes and links of a store, with the attributes of ``kg.graph.schema``."""

import functools
import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import chain

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from kg.graph.betweenness import find_betweenness
from kg.graph.communities import find_areas, find_communities, name_communities
from kg.graph.layout import find_positions, node_sizes
from kg.graph.statistics import better_ranks, expected_papers, false_discovery_rates, npmi
from kg.processes import workers
from kg.storage.graph_tables import StoredLink, StoredNode
from kg.storage.store import Store

__all__ = ["place", "read_graph", "reading_graph"]

DIGITS = 6
BESIDE = 50_000
"""A graph of so many links is laid out by a process of its own: that takes longer than to start one."""

LAYOUT = ("community", "community_name", "area", "area_name", "betweenness", "x", "y", "size")
Layout = list[tuple[int, str, int, str, float, float, float, float]]
"""These attributes of each node, in the graph's order."""


def read_graph(store: Store) -> nx.Graph:
    """Return the whole graph of a linked store, nodes and links in sorted order, all attributes set."""
    with reading_graph(store) as (graph, settle):
        settle()
    return graph


@contextmanager
def reading_graph(store: Store) -> Iterator[tuple[nx.Graph, Callable[[], None]]]:
    """Give the graph of a linked store before it is laid out, and what waits for the layout and sets it: communities, bridges, positions and sizes.

    A large graph is laid out by a process of its own meanwhile. Once the second value was called the graph is that of ``read_graph``.

    Raises:
        WorkerError: in the block, if that process is ended from outside.
    """
    graph = nx.Graph()
    for one in store.graph.node_rows():
        graph.add_node(one.node.id, **_node_attributes(one))
    same = {node: node for node in graph}  # each id is kept once, not once a link
    graph.add_edges_from(
        (same[row.link.source], same[row.link.target], _link_attributes(row))
        for row in store.graph.link_rows()
    )
    with ExitStack() as stack:
        find: Callable[[], Layout] = functools.partial(_find_layout, graph)
        if graph.number_of_edges() >= BESIDE:
            nodes = [
                (node, {"label": data["label"], "papers": data["papers"]})
                for node, data in graph.nodes(data=True)
            ]
            find = (
                stack.enter_context(workers(1))
                .submit(_lay_out, nodes, list(graph.edges(data="weight")))
                .result
            )
        _count(graph, store.graph.paper_sizes(), store.count_papers())
        _rank(graph)
        yield graph, functools.cache(lambda: _set_layout(graph, find()))


def _node_attributes(row: StoredNode) -> dict[str, object]:
    node = row.node
    attributes = {
        "label": node.label,
        "type": node.type.value,
        "aliases": list(node.aliases),
        "papers": row.papers,
        "mentions": row.mentions,
        "first_year": row.first_year,
        "last_year": row.last_year,
        "certainty": round(row.certainty, DIGITS),
        "introduced_by": row.introduced_by,
        "introduced": row.introduced,
        "evaluated_in": row.evaluated_in or None,
        "kind_of": list(node.kind_of) or None,
    }
    return {name: value for name, value in attributes.items() if value is not None}


def _link_attributes(row: StoredLink) -> dict[str, object]:
    link, years = row.link, {"first_year": row.first_year, "last_year": row.last_year}
    return {
        "weight": link.papers,
        "weight_fractional": round(row.weight_fractional, DIGITS),
        "papers": link.papers,
        "sentences": link.sentences,
        "kind": row.kind,
        "direction": row.direction,
        "evaluated": row.evaluated,
        "compared": row.compared,
        "uses": row.uses,
        **({} if row.first_year is None else years),
    }


def _count(graph: nx.Graph, sizes: Sequence[int], papers: int) -> None:
    """Set association, npmi, q and rank of each link."""
    if not graph.number_of_edges():
        return
    degree = dict(graph.nodes(data="papers"))
    ends = (
        (degree[source], degree[target], together)
        for source, target, together in graph.edges(data="papers")
    )
    source, target, together = np.fromiter(chain.from_iterable(ends), np.float64).reshape(-1, 3).T
    expected = expected_papers(source, target, sizes)
    q = false_discovery_rates(together, source, target, expected)
    mutual = npmi(together, source, target, papers)
    sentences = np.fromiter((n for *_, n in graph.edges(data="sentences")), np.float64)
    ranks = better_ranks(*_ends(graph), np.column_stack([together, mutual, sentences]))
    values = {
        "association": np.round(together / expected, DIGITS).tolist(),
        "npmi": np.round(mutual, DIGITS).tolist(),
        "q": [rate if rate == 1.0 else float(f"{rate:.6g}") for rate in q.tolist()],
        "rank": ranks.tolist(),
    }
    for (_, _, data), row in zip(
        graph.edges(data=True), zip(*values.values(), strict=True), strict=True
    ):
        data.update(zip(values, row, strict=True))


def _ends(graph: nx.Graph) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of the ends of each link among the graph's nodes."""
    number = {node: n for n, node in enumerate(graph)}
    ends = np.fromiter((number[end] for link in graph.edges() for end in link), np.int64)
    source, target = ends.reshape(-1, 2).T
    return source, target


def place(graph: nx.Graph) -> nx.Graph:
    """Return a copy with ``community``, its name, ``pagerank``, ``betweenness``, ``size``, ``x`` and ``y`` of its own nodes and links."""
    placed = graph.copy()
    _place(placed)
    return placed


def _place(graph: nx.Graph) -> None:
    _rank(graph)
    _set_layout(graph, _find_layout(graph))


def _rank(graph: nx.Graph) -> None:
    ranks = nx.pagerank(graph, weight="weight") if graph else {}
    for node, data in graph.nodes(data=True):
        data["pagerank"] = round(ranks[node], 9)


def _lay_out(
    nodes: Sequence[tuple[str, dict[str, object]]], links: Sequence[tuple[str, str, int]]
) -> Layout:
    """Find the layout of a graph of which only that is given on which it depends: what a process beside this one does."""
    gc.disable()  # none of the many records is in a cycle, and the process ends with this work
    graph = nx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_weighted_edges_from(links)
    return _find_layout(graph)


def _find_layout(graph: nx.Graph) -> Layout:
    communities = find_communities(graph)
    areas = find_areas(graph, communities)
    names, area_names = (name_communities(graph, groups) for groups in (communities, areas))
    sizes = dict(
        zip(
            graph,
            node_sizes([papers for _, papers in graph.nodes(data="papers")]).tolist(),
            strict=True,
        )
    )
    between = find_betweenness(graph)
    positions = find_positions(graph, communities, sizes)
    return [
        (
            communities[node],
            names[communities[node]],
            areas[node],
            area_names[areas[node]],
            round(between[node], 9),
            *positions[node],
            round(sizes[node], 3),
        )
        for node in graph
    ]


def _set_layout(graph: nx.Graph, layout: Layout) -> None:
    for (_, data), values in zip(graph.nodes(data=True), layout, strict=True):
        data.update(zip(LAYOUT, values, strict=True))
