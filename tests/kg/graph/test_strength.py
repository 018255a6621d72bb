"""The strongest links are those that papers explain; a thing with its own kind and hubs do not fill the list."""

import networkx as nx

from kg.graph.strength import strongest_data_links, strongest_links

TYPES = {"ImageNet": "dataset", "CIFAR-10": "dataset"}


def graph_of(*links):
    """A graph of links given as (one, other, attributes)."""
    graph = nx.Graph()
    for one, other, more in links:
        for name in (one, other):
            graph.add_node(name, label=name, type=TYPES.get(name, "method"))
        usual = {"papers": 5, "association": 20.0, "npmi": 0.5, "q": 0.001, "kind": "mention"}
        graph.add_edge(one, other, **{"evaluated": 0, "compared": 0, "uses": 0} | usual | more)
    return graph


def test_what_papers_explain_comes_before_what_they_only_mention():
    graph = graph_of(("A", "B", {"papers": 50}), ("C", "ImageNet", {"evaluated": 2}))
    assert strongest_links(graph) == [("C", "ImageNet"), ("A", "B")]


def test_a_thing_with_its_own_kind_and_what_chance_explains_come_last():
    graph = graph_of(
        ("attention network", "graph attention network", {"uses": 4, "papers": 9}),
        ("A", "B", {"kind": "is-a", "papers": 90}), ("C", "D", {"q": 0.5, "uses": 3}), ("E", "F", {}),
    )  # fmt: skip
    assert strongest_links(graph)[0] == ("E", "F")


def test_two_data_sets_stand_apart():
    graph = graph_of(("CIFAR-10", "ImageNet", {}), ("A", "ImageNet", {}))
    assert strongest_links(graph) == [("A", "ImageNet")]
    assert strongest_data_links(graph) == [("CIFAR-10", "ImageNet")]


def test_a_hub_comes_three_times_before_others_had_their_turn():
    hub = [("Hub", f"N{n}", {"papers": 20, "uses": 10}) for n in range(5)]
    found = strongest_links(graph_of(*hub, ("A", "B", {"uses": 1})))
    assert found[3] == ("A", "B")
    assert len(found) == 6


def test_what_is_met_as_often_as_chance_gives_is_weaker_than_what_is_met_more():
    graph = graph_of(("A", "B", {"uses": 5, "association": 2.0}), ("C", "D", {"uses": 1}))
    assert strongest_links(graph)[0] == ("C", "D")
