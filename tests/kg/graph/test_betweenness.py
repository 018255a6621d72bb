"""Betweenness is that of networkx where it is exact, and near it where few sources stand for all."""

import networkx as nx
import numpy as np
import pytest
from scipy.stats import spearmanr

from kg.graph import betweenness
from kg.graph.betweenness import find_betweenness


def named(graph):
    return nx.relabel_nodes(graph, lambda n: f"n{n:04}")


@pytest.mark.parametrize(
    "graph",
    [
        nx.path_graph(9),
        nx.gnm_random_graph(80, 110, seed=3),
        nx.star_graph(5),
        nx.complete_graph(6),
        nx.empty_graph(4),
    ],
)
def test_it_is_the_betweenness_of_networkx(graph):
    graph = named(graph)
    assert find_betweenness(graph) == pytest.approx(nx.betweenness_centrality(graph))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_of_two_nodes_none_is_between_others(count):
    assert set(find_betweenness(named(nx.path_graph(count))).values()) <= {0.0}


def test_some_sources_stand_for_all_of_a_large_graph(monkeypatch):
    monkeypatch.setattr(betweenness, "STEPS", 60 * 600 * 8)
    graph = named(nx.barabasi_albert_graph(600, 2, seed=4))
    found, exact = find_betweenness(graph), nx.betweenness_centrality(graph)
    assert found != exact
    first = sorted(exact, key=lambda node: -exact[node])[:50]
    assert (
        spearmanr([found[node] for node in first], [exact[node] for node in first]).statistic > 0.7
    )
    assert np.mean([found[node] / exact[node] for node in first]) == pytest.approx(1.0, abs=0.1)


def test_a_long_chain_is_walked_node_by_node(monkeypatch):
    monkeypatch.setattr(betweenness, "DEEP", 20)
    graph = named(nx.union(nx.path_graph(40), nx.relabel_nodes(nx.star_graph(4), lambda n: n + 40)))
    assert find_betweenness(graph) == pytest.approx(nx.betweenness_centrality(graph))


def test_the_order_of_nodes_and_links_does_not_matter(monkeypatch):
    monkeypatch.setattr(betweenness, "STEPS", 60)
    graph = named(nx.gnm_random_graph(60, 100, seed=5))
    turned = nx.Graph()
    turned.add_nodes_from(reversed(list(graph)))
    turned.add_edges_from((other, one) for one, other in reversed(list(graph.edges)))
    assert find_betweenness(turned) == find_betweenness(graph)
