"""VOSviewer's map and network files say the same as the graph."""

import csv

import networkx as nx
import pytest
from graphs import nasty_view, node, view_of
from records import small_view

import exports
from exports.vosviewer_text import map_lines, network_lines, text_paths


def table(lines):
    return list(csv.reader(lines, delimiter="\t", strict=True))


@pytest.mark.parametrize("view", [small_view, nasty_view], ids=["small", "nasty"])
def test_the_map_has_a_line_for_each_node_and_the_network_one_for_each_link(view):
    header, *rows = table(map_lines(view()))
    assert header[:5] == ["id", "label", "x", "y", "cluster"]
    assert [row[0] for row in rows] == [str(n) for n in range(1, len(view().graph) + 1)]
    assert all(len(row) == len(header) and row[1] for row in rows)
    assert max(abs(float(cell)) for row in rows for cell in row[2:4]) == 1.0
    links = table(network_lines(view()))
    graph = view().graph
    number = {node: str(n) for n, node in enumerate(graph, start=1)}
    assert {(frozenset(ends), float(strength)) for *ends, strength in links} == {
        (frozenset(map(number.get, ends)), float(weight))
        for *ends, weight in graph.edges(data="weight")
    }


def test_communities_are_clusters_from_1_and_years_are_scores():
    header, *rows = table(map_lines(small_view()))
    gan = dict(zip(header, rows[1], strict=True))
    assert (gan["label"], gan["cluster"]) == ("generative adversarial network", "1")
    assert (gan["weight<Papers>"], gan["score<Last year>"]) == ("2", "2020")
    graph = nx.Graph()
    graph.add_node("a", **node(community=1000))
    assert table(map_lines(view_of(graph)))[1][4] == ""


def test_one_path_makes_two_files_and_few_nodes_are_cautioned(tmp_path):
    graph = nx.Graph()
    graph.add_node("a", **node())
    path = tmp_path / "graph.vosviewer.txt"
    exports.write(view_of(graph), path)
    assert exports.written_paths(path) == text_paths(path)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["graph.map.txt", "graph.network.txt"]
    for name in ("graph.vosviewer.txt", "graph.vosviewer.json"):
        assert list(exports.cautions(view_of(graph), tmp_path / name)) == [
            "VOSviewer shows no map of fewer than 3 nodes"
        ]
    assert list(exports.cautions(small_view(), path)) == []
