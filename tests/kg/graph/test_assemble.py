"""The graph has every documented attribute, and the statistics say what they should."""

import networkx as nx
import numpy as np
import pytest
from records import fill, ring

import kg.graph.assemble
from kg.graph.assemble import (
    assemble,
    lay_out,
    laying_out,
    place,
    read_around,
    read_graph,
    read_links,
    set_layout,
)
from kg.graph.communities import find_communities
from kg.graph.layout import extent_of
from kg.graph.schema import LINK_ATTRIBUTES, NODE_ATTRIBUTES
from kg.storage.store import Store

GAN = "generative-adversarial-network"

NODE = {attribute.name for attribute in NODE_ATTRIBUTES if not attribute.absent}
LINK = {attribute.name for attribute in LINK_ATTRIBUTES if not attribute.absent}
YEARS = {"first_year", "last_year"}


@pytest.fixture(name="graph")
def _graph():
    with fill(Store()) as store:
        return read_graph(store)


def test_it_is_a_plain_graph_with_the_documented_attributes(graph):
    assert type(graph) is nx.Graph
    assert all(set(data) == NODE | YEARS for _, data in graph.nodes(data=True))
    assert all(set(data) == LINK | YEARS for _, _, data in graph.edges(data=True))
    assert list(graph) == sorted(graph)
    assert graph.nodes[GAN]["aliases"] == ["GAN", "GANs"]
    assert (
        graph.nodes["bert"]
        | {"label": "BERT", "type": "method", "papers": 3, "first_year": 2018, "last_year": 2020}
        == graph.nodes["bert"]
    )


def test_weight_is_papers(graph):
    assert all(data["weight"] == data["papers"] for _, _, data in graph.edges(data=True))


def test_positions_are_centred_and_within_what_gephi_keeps(graph):
    for placed in (
        graph,
        place(ring(300)),
        place(nx.union(ring(40), nx.relabel_nodes(ring(5), lambda n: f"z{n}"))),
    ):
        points = np.array([(data["x"], data["y"]) for _, data in placed.nodes(data=True)])
        assert np.abs(points).max() <= extent_of(len(placed)) + 0.01
        assert np.abs(points.mean(axis=0)).max() < 0.01
        assert len(np.unique(points, axis=0)) == len(points)


def test_the_same_graph_is_placed_the_same(graph):
    assert nx.utils.graphs_equal(place(graph), place(graph))
    assert nx.utils.graphs_equal(place(ring(200)), place(ring(200)))


def test_a_process_beside_this_one_lays_out_the_same(graph, monkeypatch):
    monkeypatch.setattr(kg.graph.assemble, "BESIDE", 0)
    with fill(Store()) as store:
        found = assemble(store)
    told = {name for _, data in found.nodes(data=True) for name in data}
    assert told == (NODE | YEARS) - set(kg.graph.assemble.LAYOUT)
    with laying_out(found) as layout:
        set_layout(found, layout())
    assert nx.utils.graphs_equal(found, graph)


def test_what_the_store_keeps_is_what_was_found_to_the_last_digit(tmp_path):
    with fill(Store(tmp_path / "kg.duckdb")) as store:
        found = assemble(store)
    set_layout(found, lay_out(found))
    with Store(tmp_path / "kg.duckdb", read_only=True) as store:
        assert nx.utils.graphs_equal(read_graph(store), found)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_tiny_graphs_are_placed_too(count):
    graph = nx.Graph()
    for n in range(count):
        graph.add_node(f"n{n}", papers=1)
    assert len(place(graph)) == count


def test_communities_are_numbered_by_size():
    graph = nx.union(nx.complete_graph(5), nx.relabel_nodes(nx.complete_graph(3), lambda n: n + 10))
    graph = nx.relabel_nodes(graph, str)
    graph.add_node("alone")
    found = find_communities(graph)
    assert [found[node] for node in ("0", "4", "10", "12", "alone")] == [0, 0, 1, 1, 2]


def test_a_part_that_is_read_alone_is_as_in_the_whole_graph():
    with fill(Store()) as store:
        graph, around = read_graph(store), read_around(store, GAN)
        assert set(around) == {GAN, *graph[GAN]}
        assert set(map(frozenset, around.edges)) == set(map(frozenset, graph.edges(GAN)))
        link = min(graph.edges)
        one = read_links(store, [link])
        assert list(one.edges(data=True)) == [(*link, graph.edges[link])]
        assert all(
            graph.nodes[node] == data
            for part in (one, around)
            for node, data in part.nodes(data=True)
        )
