"""The GraphML keeps what DESIGN promises, and programs that we did not write read it back."""

import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import igraph
import networkx as nx
import pytest
from graphs import (
    assert_networkx_finds,
    assert_text_is_clean,
    link,
    nasty_view,
    node,
    view_of,
    views,
)
from hypothesis import given
from lxml import etree
from records import ring, small_view

from exports.columns import brief_values, unique_ids
from exports.files import one_line
from exports.graphml import IDS, write_graphml
from exports.palette import COMMUNITIES
from kg.graph.assemble import place
from kg.graph.schema import LINK_ATTRIBUTES, NODE_ATTRIBUTES
from kg.graph.view import EvidenceLength

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("graphml.xsd")))
NAMESPACE = "{http://graphml.graphdrawing.org/xmlns}"
GEPHI_TYPES = {"boolean", "int", "long", "float", "double", "string"}
APPEARANCE = {"label", "x", "y", "size", "color", "r", "g", "b"}
NODE_NAMES = [*(attribute.name for attribute in NODE_ATTRIBUTES), "color"]
LINK_NAMES = [*(attribute.name for attribute in LINK_ATTRIBUTES), "evidence"]
VIEWS = {
    "small": small_view,
    "nasty": nasty_view,
    "empty": lambda: view_of(nx.Graph()),
    "ring": lambda: view_of(place(ring(40))),
}


def text_of(view):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "graph.graphml"
        write_graphml(view, path)
        return path.read_text(encoding="utf-8")


@pytest.fixture(name="written", scope="module")
def _written(tmp_path_factory):
    path = tmp_path_factory.mktemp("graphml") / "graph.graphml"
    view = small_view()
    write_graphml(view, path)
    return view.graph, path


def parsed(text):
    """Ids and values of nodes, ends and values of links, as any XML reader sees them."""
    root = etree.fromstring(text.encode())
    names = {
        (key.get("for"), key.get("id")): key.get("attr.name")
        for key in root.iter(f"{NAMESPACE}key")
    }
    nodes = {
        n.get("id"): {names["node", d.get("key")]: d.text for d in n}
        for n in root.iter(f"{NAMESPACE}node")
    }
    links = {
        (e.get("source"), e.get("target")): {names["edge", d.get("key")]: d.text for d in e}
        for e in root.iter(f"{NAMESPACE}edge")
    }
    return nodes, links


def gephi_issues(text):
    """What Gephi's importer would report or silently damage, by the rules that its code follows."""
    root = etree.fromstring(text.encode())
    issues = []
    keys = root.findall(f"{NAMESPACE}key")
    graphs = root.findall(f".//{NAMESPACE}graph")
    if len(graphs) != 1 or graphs[0].get("edgedefault") != "undirected":
        issues.append("one undirected graph expected")
    issues += [
        f"{tag} is not for Gephi"
        for tag in ("desc", "hyperedge", "port")
        if root.find(f".//{NAMESPACE}{tag}") is not None
    ]
    issues += [
        f"default of {key.get('attr.name')}"
        for key in keys
        if key.get("attr.name") in APPEARANCE and len(key)
    ]
    issues += [f"graph-level data {d.get('key')}" for d in graphs[0].findall(f"{NAMESPACE}data")]
    kinds = {}
    for key in keys:
        if key.get("for") not in {"node", "edge"} or key.get("attr.type") not in GEPHI_TYPES:
            issues.append(f"key {key.get('id')}")
        if (key.get("for"), key.get("id").lower()) in kinds or key.get("id").lower() in APPEARANCE:
            issues.append(f"key id {key.get('id')} clashes")
        kinds[key.get("for"), key.get("id").lower()] = (key.get("attr.name"), key.get("attr.type"))
    if len({(subject, name) for (subject, _), (name, _) in kinds.items()}) < len(keys):
        issues.append("two keys of one name")
    nodes = [n.get("id") for n in root.iter(f"{NAMESPACE}node")]
    edges = [(e.get("source"), e.get("target")) for e in root.iter(f"{NAMESPACE}edge")]
    if len({n.lower() for n in nodes}) < len(nodes) or any(
        not n or n != n.strip() or "\n" in n for n in nodes
    ):
        issues.append("node ids")
    pairs = {frozenset(ends) for ends in edges}
    if len(pairs) < len(edges) or any(len(pair) == 1 or not pair <= set(nodes) for pair in pairs):
        issues.append("edges")
    for element in root.iter(f"{NAMESPACE}node", f"{NAMESPACE}edge"):
        subject = etree.QName(element).localname
        for data in element:
            name, kind = kinds.get((subject, data.get("key").lower()), ("", ""))
            issues += (
                [f"{subject} {name}: {data.text!r}"]
                if not _gephi_reads(name, kind, data.text)
                else []
            )
    return issues


def _gephi_reads(name, kind, text):
    if not text or not name:
        return False
    if name == "color":
        return re.fullmatch("#[0-9a-f]{6}", text) is not None
    if name == "weight" and not float(text) > 0:
        return False
    if kind in {"int", "long"}:
        return re.fullmatch(r"-?\d+", text) is not None and (
            kind == "long" or abs(int(text)) < 2**31
        )
    if kind in {"double", "float"}:
        return re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", text) is not None
    return kind != "boolean" or text in {"true", "false"}


@pytest.mark.parametrize("view", VIEWS)
def test_gephi_has_nothing_to_report(view):
    assert gephi_issues(text_of(VIEWS[view]())) == []


def test_the_checker_of_gephi_s_rules_sees_what_networkx_writes():
    graph = nx.Graph(name="a name")
    graph.add_node("a", size=float("nan"))
    graph.add_edge("a", "a", weight=0)
    text = "\n".join(nx.generate_graphml(graph))
    assert gephi_issues(text) == [
        "graph-level data d0",
        "key d0",
        "edges",
        "node size: 'nan'",
        "edge weight: '0'",
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_the_file_is_valid_against_the_schema(view):
    SCHEMA.assertValid(etree.fromstring(text_of(VIEWS[view]()).encode()))


def test_attributes_are_declared_in_a_fixed_order_even_of_an_empty_graph():
    for view in (small_view(), view_of(nx.Graph())):
        keys = re.findall(r'<key id="([^"]+)" for="(\w+)" attr.name="([^"]+)"', text_of(view))
        assert keys == [
            *(
                (key, "node", name)
                for key, name in zip([*IDS[1], "A20", "A21"], NODE_NAMES, strict=True)
            ),
            *((key, "edge", name) for key, name in zip(IDS[0][:16], LINK_NAMES, strict=True)),
        ]


def test_networkx_reads_the_same_graph_back(written):
    graph, path = written
    back = nx.read_graphml(path)
    assert set(back) == set(graph)
    for name, data in graph.nodes(data=True):
        joined = {"aliases": " | ".join(data["aliases"])} if data["aliases"] else {}
        assert back.nodes[name] == {k: v for k, v in data.items() if k != "aliases"} | joined | {
            "color": COMMUNITIES[data["community"]]
        }
    assert {
        frozenset(ends): {k: v for k, v in data.items() if k != "evidence"}
        for *ends, data in back.edges(data=True)
    } == {
        frozenset(ends): {
            name: float(f"{value:.4g}") if isinstance(value, float) else value
            for name, value in brief_values(data)
        }
        for *ends, data in graph.edges(data=True)
    }


def test_a_large_file_states_what_is_usual_once_and_readers_fill_it_in(tmp_path, monkeypatch):
    view, path = small_view(), tmp_path / "graph.graphml"
    monkeypatch.setattr("exports.columns.EVIDENCE_LINKS", 1)
    write_graphml(replace(view, evidence=EvidenceLength.SHORT), path)
    text = path.read_text(encoding="utf-8")
    assert gephi_issues(text) == []
    SCHEMA.assertValid(etree.fromstring(text.encode()))
    assert re.search(r'attr.name="uses" attr.type="int"><default>\d+</default>', text)
    other = igraph.Graph.Read_GraphML(str(path))
    ends = [(other.vs[link.source]["id"], other.vs[link.target]["id"]) for link in other.es]
    for name in ("weight", "papers", "kind", "direction", "uses", "q"):
        told = [view.graph.edges[one][name] for one in ends]
        assert other.es[name] == pytest.approx(told, rel=1e-3) if name == "q" else told
    _, links = parsed(text)
    assert {"weight", "kind"} & links["bert", "squad"].keys() == set()


@pytest.mark.parametrize("name", ["small", "nasty"])
def test_igraph_reads_the_same_graph_back(tmp_path, name):
    graph, path = VIEWS[name]().graph, tmp_path / "graph.graphml"
    write_graphml(VIEWS[name](), path)
    back = igraph.Graph.Read_GraphML(str(path))
    ids = dict(zip(graph, unique_ids(graph), strict=True))
    assert (back.vcount(), back.ecount(), back.is_directed()) == (
        len(graph),
        graph.number_of_edges(),
        False,
    )
    assert back.vs["id"] == list(ids.values())
    assert back.vs["label"] == [
        one_line(label) or ids[node] for node, label in graph.nodes(data="label")
    ]
    assert {
        (frozenset((back.vs[e.source]["id"], back.vs[e.target]["id"])), e["weight"])
        for e in back.es
    } == {
        (frozenset(map(ids.get, ends)), float(weight))
        for *ends, weight in graph.edges(data="weight")
    }


def test_the_best_sentence_of_a_link_stands_on_it(written):
    _, path = written
    back = nx.read_graphml(path)
    assert back.edges["bert", "glue"]["evidence"] == "RoBERTa beats BERT on GLUE. — p2"
    assert (
        back.edges["glue", "squad"]["evidence"]
        == "We train BERT on SQuAD. […] It is also tested on GLUE. — p1"
    )


def test_what_is_absent_is_left_out_and_what_is_not_finite_too():
    graph = nx.Graph()
    graph.add_node(
        "a",
        label="A",
        type="method",
        aliases=[],
        papers=1,
        pagerank=float("nan"),
        x=float("inf"),
        y=None,
    )
    nodes, _ = parsed(text_of(view_of(graph)))
    assert nodes == {"a": {"label": "A", "type": "method", "papers": "1", "color": "#929292"}}


def test_attributes_that_others_have_put_on_the_graph_come_with_one_type_each():
    graph = nx.Graph()
    graph.add_node("a", **node(bridge=True, order=1, share=1, note="x", odd=1, bad=None))
    graph.add_node("b", **node(bridge=False, order=2, share=0.5, note=["y", "z"], odd="one"))
    graph.add_edge("a", "b", **link(rising=0.25))
    text = text_of(view_of(graph))
    extra = dict(
        re.findall(r'attr.name="(bridge|order|share|note|odd|bad|rising)" attr.type="(\w+)"', text)
    )
    assert extra == {
        "bridge": "boolean",
        "order": "long",
        "share": "double",
        "note": "string",
        "odd": "string",
        "rising": "double",
    }
    nodes, links = parsed(text)
    assert nodes["b"] | {"bridge": "false", "note": "y | z", "odd": "one"} == nodes["b"]
    assert links["a", "b"]["rising"] == "0.25"
    assert gephi_issues(text) == []


def test_self_loops_are_left_out_and_a_graph_without_types_is_written():
    graph = nx.Graph([("a", "a"), ("a", "b")])
    nodes, links = parsed(text_of(view_of(graph)))
    assert [values["label"] for values in nodes.values()] == ["a", "b"]
    assert list(links) == [("a", "b")]


def test_ids_that_differ_only_in_case_stay_apart():
    graph = nx.Graph()
    for name in ("c", "C", "c\x00"):
        graph.add_node(name, **node(name))
    assert list(parsed(text_of(view_of(graph)))[0]) == ["c", "C_2", "c_3"]


@given(views())
def test_any_text_comes_back_clean_and_on_one_line(view):
    text = text_of(view)
    nodes, links = parsed(text)
    assert_text_is_clean(view, nodes, links)
    assert gephi_issues(text) == []
    back = nx.parse_graphml(text)
    assert_networkx_finds(back, nodes, links)


def test_the_same_graph_gives_the_same_bytes():
    assert text_of(nasty_view()) == text_of(nasty_view())
