"""Filters keep a part and change no count; nodes are found by any of their names."""

import networkx as nx
import pytest
from records import fill, ring, small_view

from kg.errors import UnknownNodeError
from kg.graph.assemble import read_graph
from kg.graph.filters import Filters, filter_graph, find_node, find_stored, page_rule, page_view
from kg.records import EntityType
from kg.storage.store import Store

GAN = "generative-adversarial-network"


@pytest.fixture(name="graph")
def _graph():
    with fill(Store()) as store:
        return read_graph(store)


@pytest.mark.parametrize(
    ("filters", "nodes"),
    [
        (Filters(), {"bert", GAN, "glue", "roberta", "squad"}),
        (Filters(types=frozenset({EntityType.METHOD})), {"bert", GAN, "roberta"}),
        (Filters(min_papers=2), {"bert", GAN, "glue"}),
        (Filters(since=2020), {"bert", GAN}),
        (Filters(until=2018), {"bert", "glue", "squad"}),
        (Filters(around="squad"), {"bert", "glue", "squad"}),
        (Filters(around="GANs", hops=1), {"bert", GAN, "glue", "roberta"}),
        (Filters(max_nodes=1), {"bert"}),
        (Filters(communities=frozenset({0, 7})), {"bert", GAN, "glue", "roberta", "squad"}),
        (Filters(communities=frozenset({7})), set()),
        (Filters(min_papers=2, min_link=2, linked=True), {"bert", GAN, "glue"}),
    ],
)
def test_each_filter_keeps_what_it_says(graph, filters, nodes):
    part = filter_graph(graph, filters)
    assert set(part) == nodes
    assert all(part.nodes[node] == graph.nodes[node] for node in part)
    assert all(part.edges[link] == graph.edges[link] for link in part.edges)


def test_a_filter_leaves_the_graph_alone(graph):
    before = graph.copy()
    filter_graph(graph, Filters(min_papers=2, min_link=2)).clear()
    assert nx.utils.graphs_equal(graph, before)


def test_the_backbone_keeps_the_significant_links_and_with_linked_only_their_nodes(graph):
    for number, link in enumerate(sorted(graph.edges)):
        graph.edges[link]["q"] = 0.01 if number == 1 else 0.5
    part = filter_graph(graph, Filters(backbone=0.05))
    assert (len(part), list(part.edges)) == (5, [("bert", "glue")])
    assert list(filter_graph(graph, Filters(backbone=0.05, linked=True))) == ["bert", "glue"]


def test_the_most_significant_links_are_kept_then_those_of_most_papers_then_of_highest_association(
    graph,
):
    q, papers, association = (
        {("bert", GAN): 0.1},
        {("bert", "glue"): 9},
        {("glue", "squad"): 50.0},
    )
    for link in graph.edges:
        one = min(link), max(link)
        graph.edges[link].update(
            q=q.get(one, 0.5), papers=papers.get(one, 1), association=association.get(one, 2.0)
        )
    kept = [set(filter_graph(graph, Filters(max_links=number)).edges) for number in (1, 2, 3)]
    assert kept == [
        {("bert", GAN)},
        {("bert", GAN), ("bert", "glue")},
        {("bert", GAN), ("bert", "glue"), ("glue", "squad")},
    ]


def test_where_no_link_is_significant_the_backbone_shows_all(graph):
    assert filter_graph(graph, Filters(backbone=0.0)).number_of_edges() == graph.number_of_edges()


@pytest.mark.parametrize("name", ["gan", "GAN", "gans", "Generative Adversarial Network"])
def test_a_node_is_found_by_id_label_or_alias(graph, name):
    assert find_node(graph, name) == GAN


def test_an_unknown_name_is_told_with_what_is_near(graph):
    with pytest.raises(UnknownNodeError, match="no node is called 'BER'; near it: BERT, RoBERTa"):
        find_node(graph, "BER")
    with pytest.raises(UnknownNodeError, match="no node is called 'RoBETRa'; near it: RoBERTa"):
        find_node(graph, "RoBETRa")


def test_the_page_draws_all_of_a_small_graph_and_says_what_it_draws_of_a_large_one():
    assert page_rule(ring(50), 10) == ""
    assert page_rule(ring(2500), 10) == "draws 2,000 of 2,500 nodes at first"
    assert "kg serve shows all" in page_rule(ring(50), 100_001)


def test_a_page_holds_all_that_the_filters_keep_and_draws_a_part_of_it():
    store = fill(Store())
    graph = read_graph(store)
    whole, part = (
        page_view(store, graph, filters) for filters in (Filters(), Filters(max_nodes=2))
    )
    assert whole.draw is None
    assert (len(part.graph), len(part.draw()), part.corpus_papers) == (2, 2, 4)
    assert part.strata == store.strata()


def test_a_view_of_a_part_reads_only_the_evidence_of_its_nodes():
    shown = small_view(Filters(types=frozenset({EntityType.BENCHMARK})))
    assert {node for paper in shown.papers() for node in paper.nodes} == {"glue"}
    assert (shown.all_nodes, shown.all_links, shown.rule) == (5, 8, "types benchmark")


@pytest.mark.parametrize("name", ["gan", "GANs", "Generative adversarial networks", "the GAN"])
def test_a_stored_node_is_found_by_id_label_or_alias_without_the_graph(name):
    with fill(Store()) as store:
        assert find_stored(store, name) == GAN
        with pytest.raises(UnknownNodeError, match="near it: RoBERTa"):
            find_stored(store, "RoBETRa")
        with pytest.raises(UnknownNodeError):
            find_stored(store, "")
