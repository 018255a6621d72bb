"""PageRank is that of networkx."""

import networkx as nx
import pytest

from kg.graph.pagerank import find_pagerank


@pytest.mark.parametrize(
    "graph",
    [nx.gnm_random_graph(80, 110, seed=3), nx.star_graph(5), nx.empty_graph(4), nx.Graph()],
)
def test_it_is_the_pagerank_of_networkx(graph):
    graph = nx.relabel_nodes(graph, lambda n: f"n{n:04}")
    for number, (_, _, data) in enumerate(graph.edges(data=True)):
        data["weight"] = 1 + number % 5
    exact = nx.pagerank(graph, weight="weight", tol=1e-12, max_iter=500) if graph else {}
    assert find_pagerank(graph) == pytest.approx(exact, abs=1e-9)
    assert sum(find_pagerank(graph).values()) == pytest.approx(1.0 if graph else 0.0)
