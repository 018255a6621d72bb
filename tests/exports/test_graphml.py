"""The GraphML keeps what DESIGN promises, and programs that we did not write read it back."""

import re
from xml.etree import ElementTree as ET

import igraph
import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import ring, small_view

from exports.files import clean
from exports.graphml import LINK_KEYS, NODE_KEYS, generate_graphml, write_graphml
from kg.graph import place
from kg.view import GraphView

NASTY = st.text(max_size=30) | st.sampled_from(["</data>", "]]>", "<&\"'>", "\x0b\x00", "\ud800", "INF", "مرحبا", "🙂", "a\nb", "x" * 10_000])


def view_of(graph):
    return GraphView(graph, lambda: iter(()), lambda: iter(()), len(graph), graph.number_of_edges())


@pytest.fixture(name="written", scope="module")
def _written(tmp_path_factory):
    path = tmp_path_factory.mktemp("graphml") / "graph.graphml"
    view = small_view()
    write_graphml(view, path)
    return view.graph, path


def test_networkx_reads_the_same_graph_back(written):
    graph, path = written
    back = nx.read_graphml(path)
    assert set(back) == set(graph)
    assert {frozenset(link) for link in back.edges} == {frozenset(link) for link in graph.edges}
    assert back.nodes["gan"]["aliases"] == "GANs | generative adversarial network"
    assert back.nodes["bert"] | {"label": "BERT", "type": "method", "papers": 3, "x": graph.nodes["bert"]["x"]} == back.nodes["bert"]
    assert back.edges["bert", "glue"]["papers"] == back.edges["bert", "glue"]["weight"] == 2


def test_igraph_reads_the_same_graph_back(written):
    graph, path = written
    back = igraph.Graph.Read_GraphML(str(path))
    assert (back.vcount(), back.ecount(), back.is_directed()) == (len(graph), graph.number_of_edges(), False)
    assert sorted(back.vs["label"]) == sorted(label for _, label in graph.nodes(data="label"))


def test_the_best_sentence_of_a_link_stands_on_it(written):
    _, path = written
    back = nx.read_graphml(path)
    assert back.edges["bert", "glue"]["evidence"] == "RoBERTa beats BERT on GLUE. — RoBERTa"
    assert back.edges["glue", "squad"]["evidence"] == "We train BERT on SQuAD. […] It is also tested on GLUE. — BERT"


def test_the_rules_that_gephi_needs_hold(written):
    _, path = written
    text = path.read_text(encoding="utf-8")
    keys = re.findall(r'<key id="([^"]+)" for="(\w+)" attr.name="([^"]+)" attr.type="(\w+)"/>', text)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    assert text.count("<graph ") == 1
    assert 'edgedefault="undirected"' in text
    assert not re.search(r"<desc|<default|for=\"all\"|<data [^>]*></data>", text)
    assert {kind for _, _, _, kind in keys} <= {"boolean", "int", "long", "float", "double", "string"}
    assert {(key[:2], subject) for key, subject, _, _ in keys} == {("n_", "node"), ("e_", "edge")}
    assert len({key.lower() for key, *_ in keys}) == len(NODE_KEYS) + len(LINK_KEYS)
    assert re.findall(r'<edge id="(e\d+)"', text) == [f"e{n}" for n in range(text.count("<edge "))]
    assert all(0 <= int(value) <= 255 for value in re.findall(r'<data key="n_[rgb]">([^<]+)<', text))
    assert all(float(value) > 0 for value in re.findall(r'<data key="e_weight">([^<]+)<', text))


def test_sizes_and_places_are_such_that_gephi_changes_nothing():
    text = "".join(generate_graphml(view_of(place(ring(60)))))
    sizes = [float(value) for value in re.findall(r'n_size">([^<]+)<', text)]
    xs = [float(value) for value in re.findall(r'n_x">([^<]+)<', text)]
    assert (min(sizes), max(sizes)) == (4.0, 100.0)
    assert max(map(abs, xs)) <= 4900.001
    assert abs(sum(xs) / len(xs)) < 0.01


def test_what_is_absent_is_left_out_and_what_is_not_finite_too():
    graph = nx.Graph()
    graph.add_node("a", label="A", type="method", aliases=[], papers=1, pagerank=float("nan"), x=float("inf"))
    text = "".join(generate_graphml(view_of(graph)))
    assert "n_first_year\">" not in text.split("<graph ")[1]
    assert "nan" not in text.lower()
    assert "inf" not in text.lower().split("<graph ")[1]


def test_ids_that_differ_only_in_case_stay_apart():
    graph = nx.Graph()
    for name in ("c", "C", "c\x00"):
        graph.add_node(name, label=name, type="method", aliases=[])
    ids = re.findall(r'<node id="([^"]+)"', "".join(generate_graphml(view_of(graph))))
    assert len({name.lower() for name in ids}) == 3


@given(label=NASTY, alias=NASTY)
def test_any_text_comes_back_clean_and_on_one_line(label, alias):
    graph = nx.Graph()
    graph.add_node("a", label=label, type="dataset", aliases=[alias])
    root = ET.fromstring("".join(generate_graphml(view_of(graph))))
    values = {data.get("key"): data.text for data in root.iter("{http://graphml.graphdrawing.org/xmlns}data")}
    assert (values.get("n_label") or "") == " ".join(clean(label).split())


def test_the_same_graph_gives_the_same_bytes():
    assert "".join(generate_graphml(small_view())) == "".join(generate_graphml(small_view()))
