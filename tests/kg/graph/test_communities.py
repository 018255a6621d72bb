"""Communities are numbered by size, named by their strongest nodes, and told with their bridges."""

import networkx as nx
import pytest
from records import ring

from kg.graph import communities
from kg.graph.assemble import place
from kg.graph.communities import describe_communities, find_communities, name_communities


@pytest.fixture(name="graph")
def _graph():
    """Two cliques of five and four joined by one link, and a node alone; the fifth node of each has most papers."""
    graph = nx.union(nx.complete_graph(5), nx.relabel_nodes(nx.complete_graph(4), lambda n: n + 5))
    graph.add_edge(0, 5)
    graph.add_node(9)
    graph = nx.relabel_nodes(graph, lambda n: f"n{n}")
    for n, node in enumerate(graph):
        graph.nodes[node].update(
            label=f"Node {n}", type="dataset" if n == 4 else "method", papers=10 + n
        )
    nx.set_edge_attributes(graph, 1, "weight")
    return place(graph)


def test_a_community_is_named_by_its_three_nodes_of_most_papers(graph):
    assert {graph.nodes[node]["community_name"] for node in ("n0", "n4")} == {
        "Node 4 · Node 3 · Node 2"
    }
    assert graph.nodes["n7"]["community_name"] == "Node 8 · Node 7 · Node 6"
    assert graph.nodes["n9"]["community_name"] == "Node 9"


def test_ties_are_named_in_order_of_ids():
    tied = ring(4, papers=5)
    nx.set_node_attributes(tied, 5, "papers")
    assert name_communities(tied, dict.fromkeys(tied, 0)) == {0: "Node 0 · Node 1 · Node 2"}


def test_a_name_leads_with_the_tasks_of_most_papers_that_are_of_the_community():
    tied = ring(4, papers=5)
    nx.set_node_attributes(tied, 5, "papers")
    groups = {node: n // 2 for n, node in enumerate(tied)}
    first, *_, last = tied
    tasks = [
        (first, "face recognition", 9.0), (first, "detection", 8.0), (last, "detection", 30.0),
        (first, "faces recognition", 7.0), (first, "rare task", 4.0), (last, "face recognition", 1.0),
    ]  # fmt: skip
    assert name_communities(tied, groups, tasks) == {
        0: "face recognition · detection · Node 0", 1: "detection · Node 2 · Node 3",
    }  # fmt: skip


def test_what_repeats_a_name_does_not_stand_beside_it():
    graph = nx.Graph()
    for papers, label in enumerate(("deep tree search", "planning", "tree searches"), 1):
        graph.add_node(label, label=label, papers=papers)
    assert name_communities(graph, dict.fromkeys(graph, 0)) == {0: "tree searches · planning"}


def test_a_long_label_is_cut_in_the_name():
    graph = nx.Graph()
    graph.add_node("a", label="x" * 10_000, papers=1)
    assert name_communities(graph, {"a": 0}) == {0: "x" * 59 + "…"}


def test_communities_are_told_with_links_types_and_bridges(graph):
    first, second = describe_communities(graph, strongest=2)
    assert (first.number, first.nodes, first.links, first.outside, first.types) == (
        0,
        5,
        10,
        1,
        ("4 method", "1 dataset"),
    )
    assert (first.strongest, first.bridges) == (("Node 4", "Node 3"), ("Node 0",))
    assert (second.name, second.nodes, second.bridges) == (
        "Node 8 · Node 7 · Node 6",
        4,
        ("Node 5",),
    )
    assert len(describe_communities(graph, least=1)) == 3


@pytest.mark.parametrize("keep", [("n0", "n1", "n5", "n6", "n9"), ("n9",), ()])
def test_a_part_has_communities_from_0_without_holes(graph, keep):
    part = place(graph.subgraph(keep).copy())
    numbers = {number for _, number in part.nodes(data="community")}
    assert numbers == set(range(len(numbers)))


def test_a_field_is_divided_by_its_significant_links_and_the_others_join(monkeypatch):
    monkeypatch.setattr(communities, "FIELD", 6)
    monkeypatch.setattr(communities, "RESOLUTION", 1.0)
    graph = nx.union(nx.complete_graph(4), nx.relabel_nodes(nx.complete_graph(4), lambda n: n + 4))
    nx.set_edge_attributes(graph, 0.001, "q")
    graph.add_edge(3, 4, q=0.9, weight=50)
    graph.add_edge(0, 8, q=1.0, weight=1)
    graph.add_edge(8, 9, q=1.0, weight=3)
    graph.add_edge(10, 11, q=1.0, weight=1)
    graph = nx.relabel_nodes(graph, str)
    found = find_communities(graph)
    assert len({found[node] for node in "0123"}) == len({found[node] for node in "4567"}) == 1
    assert found["3"] != found["4"]
    assert found["8"] == found["9"] == found["0"]
    assert found["10"] == found["11"]


def test_a_name_is_of_nodes_whose_links_stay_inside():
    graph = nx.Graph(
        [("a", "b"), ("b", "c"), ("hub", "a"), ("hub", "x"), ("hub", "y"), ("hub", "z")]
    )
    nx.set_node_attributes(graph, {node: 9 if node == "hub" else 5 for node in graph}, "papers")
    groups = {node: int(node in "xyz") for node in graph}
    assert name_communities(graph, groups)[0] == "a · b · c"
