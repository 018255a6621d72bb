"""The graph: a plain ``networkx.Graph`` of all nodes and links of a store, with the attributes of ``kg.graph.schema``."""

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import chain
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from kg.graph.betweenness import find_betweenness
from kg.graph.communities import NodeTask, find_areas, find_communities, name_communities
from kg.graph.layout import find_positions, node_sizes
from kg.graph.pagerank import find_pagerank
from kg.graph.schema import LINK_ATTRIBUTES, NODE_ATTRIBUTES
from kg.graph.statistics import better_ranks, expected_papers, false_discovery_rates, npmi
from kg.processes import workers
from kg.storage.store import Store

__all__ = [
    "assemble",
    "keep",
    "lay_out",
    "laying_out",
    "place",
    "read_around",
    "read_graph",
    "read_links",
    "set_layout",
]

DIGITS = 6
BESIDE = 50_000
"""A graph of so many links is laid out by a process of its own: that takes longer than to start one."""
LAYOUT = ("community", "community_name", "area", "area_name", "betweenness", "x", "y", "size")
Layout = list[tuple[int, str, int, str, float, float, float, float]]
"""These attributes of each node, in the graph's order."""
STATISTICS = ("association", "npmi", "q", "rank")


def read_graph(store: Store, only: Collection[str] | None = None) -> nx.Graph:
    """Return the whole graph that a linked store keeps, nodes and links in sorted order, with all attributes or only those of these names."""
    if only is None:
        return _read(store)
    no_node, no_link = (
        [one.name for one in attributes if one.name not in only]
        for attributes in (NODE_ATTRIBUTES, LINK_ATTRIBUTES)
    )
    return _read(store, no_node=no_node, no_link=no_link)


def read_links(store: Store, links: Collection[tuple[str, str]]) -> nx.Graph:
    """Return some links of the whole graph, ends in order, and these ends, with all attributes."""
    ends = {end for link in links for end in link}
    return _read(store, nodes=ends, link_values=partial(store.graph.link_values, only=links))


def read_around(store: Store, node: str) -> nx.Graph:
    """Return a node of the whole graph, its neighbours, and the links between it and them, with all attributes."""
    ends = {end for link in store.graph.link_values((), of=node) for end in link}
    return _read(store, nodes=ends | {node}, link_values=partial(store.graph.link_values, of=node))


def assemble(store: Store) -> nx.Graph:
    """Return the graph of a store whose links were counted: all attributes but those of the layout."""
    graph = _read(store, no_node=("pagerank", *LAYOUT), no_link=STATISTICS)
    _count(graph, store.graph.paper_sizes(), store.count_papers())
    _rank(graph)
    return graph


def keep(store: Store, graph: nx.Graph) -> None:
    """Keep the layout and the statistics of a store's whole graph there, so that ``read_graph`` finds them."""
    store.graph.keep(
        (
            (node, *(data[name] for name in ("pagerank", *LAYOUT)))
            for node, data in graph.nodes(data=True)
        ),
        ([data[name] for name in STATISTICS] for *_, data in graph.edges(data=True)),
    )


def _read(
    store: Store,
    *,
    no_node: Sequence[str] = (),
    no_link: Sequence[str] = (),
    nodes: Collection[str] | None = None,
    link_values: Callable[[Sequence[str]], Iterator[tuple[Any, ...]]] | None = None,
) -> nx.Graph:
    """Return the graph with every attribute of the schema but those of ``no_node`` and ``no_link``: the given nodes, with the given links."""
    graph = nx.Graph()
    names = [one.name for one in NODE_ATTRIBUTES if one.name not in no_node]
    for node, *values in store.graph.node_values(names, nodes):
        graph.add_node(node, **_told(names, values))
    same = {node: node for node in graph}  # each id is kept once, not once a link
    names = [one.name for one in LINK_ATTRIBUTES if one.name not in no_link]
    graph.add_edges_from(
        (same[source], same[target], _told(names, values))
        for source, target, *values in (link_values or store.graph.link_values)(names)
    )
    return graph


def _told(names: Sequence[str], values: Sequence[object]) -> dict[str, object]:
    return {
        name: value
        for name, value in zip(names, values, strict=True)
        if value is not None and (value != [] or name == "aliases")
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
    rows = zip(
        np.round(together / expected, DIGITS).tolist(),
        np.round(mutual, DIGITS).tolist(),
        [rate if rate == 1.0 else float(f"{rate:.6g}") for rate in q.tolist()],
        ranks.tolist(),
        strict=True,
    )
    for (_, _, data), row in zip(graph.edges(data=True), rows, strict=True):
        data.update(zip(STATISTICS, row, strict=True))


def _ends(graph: nx.Graph) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of the ends of each link among the graph's nodes."""
    number = {node: n for n, node in enumerate(graph)}
    ends = np.fromiter((number[end] for link in graph.edges() for end in link), np.int64)
    source, target = ends.reshape(-1, 2).T
    return source, target


def place(graph: nx.Graph) -> nx.Graph:
    """Return a copy with the attributes of the layout, found for its own nodes and links."""
    placed = graph.copy()
    _rank(placed)
    set_layout(placed, lay_out(placed))
    return placed


def _rank(graph: nx.Graph) -> None:
    ranks = find_pagerank(graph)
    for node, data in graph.nodes(data=True):
        data["pagerank"] = round(ranks[node], 9)


@contextmanager
def laying_out(graph: nx.Graph) -> Iterator[Callable[[], Layout]]:
    """Give a function that waits for the layout of a graph; a large one is laid out by a process beside this one meanwhile.

    Raises:
        WorkerError: in the block, if that process is ended from outside.
    """
    if graph.number_of_edges() < BESIDE:
        yield lambda: lay_out(graph)
        return
    nodes = [(node, data["label"], data["papers"]) for node, data in graph.nodes(data=True)]
    links = [(data["weight"], data["q"]) for *_, data in graph.edges(data=True)]
    with workers(1) as pool:
        yield pool.submit(_lay_out_rows, nodes, _ends(graph), np.array(links)).result


def _lay_out_rows(
    nodes: Sequence[tuple[str, str, int]],
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    links: NDArray[np.float64],
) -> Layout:
    """Find the layout of a graph of which only that is given on which it depends."""
    gc.disable()  # none of the many records is in a cycle, and the process ends with this work
    graph = nx.Graph()
    graph.add_nodes_from(
        (node, {"label": label, "papers": papers}) for node, label, papers in nodes
    )
    names = list(graph)
    graph.add_edges_from(
        (names[one], names[two], {"weight": weight, "q": q})
        for one, two, (weight, q) in zip(
            *(end.tolist() for end in ends), links.tolist(), strict=True
        )
    )
    return lay_out(graph)


def lay_out(graph: nx.Graph) -> Layout:
    """Find the attributes of the layout: communities, centralities, positions and sizes.

    Threads do what need not wait; most of it is work of libraries that let others run meanwhile.
    """
    papers = [papers for _, papers in graph.nodes(data="papers")]
    sizes = dict(zip(graph, node_sizes(papers).tolist(), strict=True))
    with ThreadPoolExecutor(2) as pool:
        finding = pool.submit(find_betweenness, graph)
        communities = find_communities(graph)
        grouping = pool.submit(find_areas, graph, communities)
        positions = find_positions(graph, communities, sizes)
        areas, between = grouping.result(), finding.result()
    names, area_names = (name_communities(graph, groups) for groups in (communities, areas))
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


def set_layout(graph: nx.Graph, layout: Layout, tasks: Iterable[NodeTask] = ()) -> None:
    """Set on a graph what ``lay_out`` found for it; with the tasks of its nodes' papers, communities and areas are named by these too."""
    for (_, data), values in zip(graph.nodes(data=True), layout, strict=True):
        data.update(zip(LAYOUT, values, strict=True))
    known = list(tasks)
    for group in ("community", "area") if known else ():
        groups = dict(graph.nodes(data=group))
        names = name_communities(graph, groups, known)
        for node, data in graph.nodes(data=True):
            data[f"{group}_name"] = names[groups[node]]
