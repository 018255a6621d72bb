"""Pajek's network is the same graph for networkx and igraph."""

import igraph
import networkx as nx
import pytest
from graphs import link, nasty_view, node, view_of
from records import small_view

from exports.pajek import generate_pajek, write_pajek


@pytest.mark.parametrize("view", [small_view, nasty_view], ids=["small", "nasty"])
def test_networkx_and_igraph_read_the_same_graph(tmp_path, view):
    graph = view().graph
    write_pajek(view(), tmp_path / "graph.net")
    back = nx.read_pajek(tmp_path / "graph.net")
    assert (len(back), back.number_of_edges()) == (len(graph), graph.number_of_edges())
    other = igraph.Graph.Read_Pajek(str(tmp_path / "graph.net"))
    assert (other.vcount(), other.ecount()) == (len(graph), graph.number_of_edges())
    assert sorted(other.es["weight"]) == sorted(
        float(weight) for *_, weight in graph.edges(data="weight")
    )


def test_nodes_have_labels_places_and_colours_and_links_weights(tmp_path):
    graph = nx.Graph()
    graph.add_node("a", **node('A "b" \\', x=100.0, y=50.0))
    graph.add_node("b", **node("B", x=-100.0, y=-50.0, community=20))
    graph.add_edge("a", "b", **link(3))
    write_pajek(view_of(graph), tmp_path / "graph.net")
    back = nx.read_pajek(tmp_path / "graph.net")
    assert dict(back.nodes(data=True)) == {
        "A 'b' \u2216": {"id": "1", "x": 1.0, "y": 0.25, "shape": "ellipse", "ic": "RGB1895FC"},
        "B": {"id": "2", "x": 0.0, "y": 0.75, "shape": "ellipse", "ic": "RGB929292"},
    }
    assert [data["weight"] for *_, data in back.edges(data=True)] == [3.0]


def test_two_nodes_of_one_label_stay_two():
    graph = nx.Graph()
    graph.add_node("gan", **node("GAN"))
    graph.add_node("gan-2", **node("GAN"))
    text = "".join(generate_pajek(view_of(graph)))
    assert '"GAN (gan)"' in text
    assert '"GAN (gan-2)"' in text


def test_an_empty_graph_is_written():
    assert "*Vertices 0\n*Edges\n" in "".join(generate_pajek(view_of(nx.Graph())))
