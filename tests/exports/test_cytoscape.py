"""Cytoscape JSON has the shape that Cytoscape and Cytoscape.js document."""

import json

import networkx as nx
import pytest
from graphs import nasty_view, node, view_of, views
from hypothesis import given
from records import small_view

from exports.columns import unique_ids
from exports.cytoscape import generate_cytoscape, write_cytoscape
from exports.files import one_line


def read(view):
    return json.loads("".join(generate_cytoscape(view)), parse_constant=pytest.fail)


@pytest.mark.parametrize(
    "view", [small_view, nasty_view, lambda: view_of(nx.Graph())], ids=["small", "nasty", "empty"]
)
def test_the_shape_is_the_documented_one(view):
    found = read(view())
    assert set(found) == {
        "format_version",
        "generated_by",
        "target_cytoscapejs_version",
        "data",
        "directed",
        "multigraph",
        "elements",
    }
    assert set(found["elements"]) == {"nodes", "edges"}
    nodes, edges = found["elements"]["nodes"], found["elements"]["edges"]
    ids = [one["data"]["id"] for one in nodes]
    assert all(
        set(one) == {"data", "position"} and set(one["position"]) == {"x", "y"} for one in nodes
    )
    assert all(
        set(one) == {"data"} and {one["data"]["source"], one["data"]["target"]} <= set(ids)
        for one in edges
    )
    every = ids + [one["data"]["id"] for one in edges]
    assert all(isinstance(one, str) and one for one in every)
    assert len(set(ids)) == len(ids)
    assert len({one["data"]["id"] for one in edges}) == len(edges)


def test_attributes_are_data_and_y_grows_downwards(tmp_path):
    view = small_view()
    write_cytoscape(view, tmp_path / "graph.cyjs")
    found = json.loads((tmp_path / "graph.cyjs").read_text(encoding="utf-8"))
    gan = view.graph.nodes["generative-adversarial-network"]
    plain = {key: value for key, value in gan.items() if key not in {"x", "y"}}
    (shown,) = [
        one
        for one in found["elements"]["nodes"]
        if one["data"]["id"] == "generative-adversarial-network"
    ]
    assert shown == {
        "data": plain
        | {
            "id": "generative-adversarial-network",
            "name": "generative adversarial network",
            "value": "generative-adversarial-network",
            "color": "#1895fc",
        },
        "position": {"x": gan["x"], "y": -gan["y"]},
    }
    link = found["elements"]["edges"][0]["data"]
    said = {
        "id": "e0",
        "source": "bert",
        "target": "generative-adversarial-network",
        "evidence": "BERT and GANs. — A survey (2020)",
        "evidence_paper": "p3",
    }
    assert link == view.graph.edges["bert", "generative-adversarial-network"] | said


def test_networkx_reads_the_same_graph_back():
    view = small_view()
    back = nx.cytoscape_graph(read(view))
    assert set(back) == set(view.graph)
    assert {frozenset(ends): weight for *ends, weight in back.edges(data="weight")} == {
        frozenset(ends): weight for *ends, weight in view.graph.edges(data="weight")
    }


def test_a_node_without_a_place_has_no_position():
    graph = nx.Graph()
    graph.add_node("a", **node(x=None))
    assert "position" not in read(view_of(graph))["elements"]["nodes"][0]


@given(views())
def test_any_text_comes_back_clean_and_on_one_line(view):
    elements = read(view)["elements"]
    ids = dict(zip(view.graph, unique_ids(view.graph), strict=True))
    assert [one["data"]["id"] for one in elements["nodes"]] == list(ids.values())
    assert [one["data"]["name"] for one in elements["nodes"]] == [
        one_line(d["label"]) or ids[n] for n, d in view.graph.nodes(data=True)
    ]
    assert [one["data"]["type"] for one in elements["nodes"]] == [
        kind for _, kind in view.graph.nodes(data="type")
    ]
    assert {
        frozenset((e["data"]["source"], e["data"]["target"])): e["data"]["weight"]
        for e in elements["edges"]
    } == {
        frozenset(map(ids.get, ends)): weight for *ends, weight in view.graph.edges(data="weight")
    }


def test_the_same_graph_gives_the_same_bytes():
    assert "".join(generate_cytoscape(nasty_view())) == "".join(generate_cytoscape(nasty_view()))
