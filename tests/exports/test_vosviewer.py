"""VOSviewer JSON has the shape that VOSviewer Online documents."""

import json
import re
from html import unescape

import networkx as nx
import pytest
from graphs import nasty_view, node, view_of, views
from hypothesis import given
from records import small_view

from exports.columns import unique_ids
from exports.files import one_line
from exports.vosviewer import INVISIBLE, generate_vosviewer, write_vosviewer

ITEM = {
    "id": int,
    "label": str,
    "description": str,
    "x": float,
    "y": float,
    "cluster": int,
    "weights": dict,
    "scores": dict,
}
LINK = {"source_id": int, "target_id": int, "strength": float, "description": str}


def read(view):
    return json.loads("".join(generate_vosviewer(view)), parse_constant=pytest.fail)


def problems(found):
    """Where a file differs from the documented shape."""
    network = found["network"]
    items, links, clusters = network["items"], network["links"], network["clusters"]
    ids = {item["id"] for item in items}
    wrong = [
        set(found) ^ {"network", "config", "info"},
        set(network) ^ {"items", "links", "clusters"},
    ]
    wrong += [
        (item, key)
        for item in items
        for key, value in item.items()
        if not isinstance(value, ITEM[key])
    ]
    wrong += [
        (link, key)
        for link in links
        for key, value in link.items()
        if not isinstance(value, LINK[key])
    ]
    wrong += [
        link
        for link in links
        if not {link["source_id"], link["target_id"]} <= ids or link["strength"] < 0
    ]
    wrong += [
        item
        for item in items
        if not 1 <= item.get("cluster", 1) <= 1000
        or any(value < 0 for value in item["weights"].values())
    ]
    told = [one["description"] for one in (*items, *links) if "description" in one]
    wrong += [text for text in told if re.search(r'[<"{]', text.replace("<span>{</span>", ""))]
    wrong += [
        {item["cluster"] for item in items if "cluster" in item}
        ^ {cluster["cluster"] for cluster in clusters}
    ]
    wrong += [len(items) - len(ids)]
    return [one for one in wrong if one]


@pytest.mark.parametrize(
    "view", [small_view, nasty_view, lambda: view_of(nx.Graph())], ids=["small", "nasty", "empty"]
)
def test_the_shape_is_the_documented_one(view):
    assert problems(read(view())) == []


def test_nodes_are_items_and_links_have_strengths(tmp_path):
    view = small_view()
    write_vosviewer(view, tmp_path / "graph.vosviewer.json")
    network = json.loads((tmp_path / "graph.vosviewer.json").read_text(encoding="utf-8"))["network"]
    gan = view.graph.nodes["generative-adversarial-network"]
    extent = max(abs(data[axis]) for _, data in view.graph.nodes(data=True) for axis in "xy")
    assert network["items"][1] == {
        "id": 2, "label": "generative adversarial network", "description": "method; GAN | GANs",
        "x": round(gan["x"] / extent, 6), "y": round(gan["y"] / extent, 6), "cluster": 1,
        "weights": {"Papers": 2, "Mentions": 3}, "scores": {"First year": 2019, "Last year": 2020, "PageRank": gan["pagerank"], "Betweenness": gan["betweenness"]},
    }  # fmt: skip
    assert network["links"][0] == {
        "source_id": 1,
        "target_id": 2,
        "strength": 2.0,
        "description": "BERT and GANs. — A survey (2020)",
    }
    assert network["clusters"] == [
        {"cluster": 1, "label": "BERT · generative adversarial network · GLUE"}
    ]


def test_communities_beyond_the_thousandth_have_no_cluster():
    graph = nx.Graph()
    graph.add_node("a", **node(community=999))
    graph.add_node("b", **node(community=1000))
    one, other = read(view_of(graph))["network"]["items"]
    assert (one["cluster"], "cluster" in other) == (1000, False)


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("GPT-4", "GPT-4"), ("AT&T", "AT&T"), ("a < b", "a &lt; b"), ("<b>", "&lt;b&gt;"), ("&lt;", "&amp;lt;"), ("3D", "3D"),
        ("2048", "2048\u200b"), ("null", "null\u200b"), ("NaN", "NaN\u200b"), ("1e3", "1e3\u200b"), ("-0x1F", "-0x1F\u200b"),
    ],
)  # fmt: skip
def test_a_label_is_written_so_that_it_is_shown_as_it_is(label, written):
    graph = nx.Graph()
    graph.add_node("a", **node(label))
    assert read(view_of(graph))["network"]["items"][0]["label"] == written


def test_braces_in_a_description_are_no_placeholders():
    graph = nx.Graph()
    graph.add_node("a", **node(aliases=["{label}", "<i>"]))
    assert (
        read(view_of(graph))["network"]["items"][0]["description"]
        == "method; <span>{</span>label} | &lt;i&gt;"
    )


@given(views())
def test_any_text_comes_back_clean_on_one_line_and_without_markup(view):
    found = read(view)
    assert problems(found) == []
    ids = dict(zip(view.graph, unique_ids(view.graph), strict=True))
    numbers = {name: number for number, name in enumerate(view.graph, start=1)}
    items = found["network"]["items"]
    assert [unescape(item["label"]).removesuffix(INVISIBLE) for item in items] == [
        one_line(d["label"]) or ids[n] for n, d in view.graph.nodes(data=True)
    ]
    assert [unescape(item["description"]).split(";")[0] for item in items] == [
        kind for _, kind in view.graph.nodes(data="type")
    ]
    assert {
        frozenset((link["source_id"], link["target_id"])): link["strength"]
        for link in found["network"]["links"]
    } == {
        frozenset(map(numbers.get, ends)): float(weight)
        for *ends, weight in view.graph.edges(data="weight")
    }


def test_the_same_graph_gives_the_same_bytes():
    assert "".join(generate_vosviewer(nasty_view())) == "".join(generate_vosviewer(nasty_view()))
