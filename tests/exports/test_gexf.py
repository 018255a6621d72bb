"""GEXF: the same graph, its appearance as viz elements, its years as spells."""

import math
import re
from io import BytesIO
from pathlib import Path

import networkx as nx
import pytest
from graphs import (
    assert_networkx_finds,
    assert_text_is_clean,
    link,
    nasty_view,
    node,
    two_names,
    view_of,
    views,
)
from hypothesis import given
from lxml import etree
from records import small_view

from exports.columns import brief_values
from exports.gexf import generate_gexf, write_gexf
from exports.palette import colour_of, rgb

SPACE, VIZ = "{http://gexf.net/1.3}", "{http://gexf.net/1.3/viz}"
GEPHI_TYPES = {"boolean", "integer", "long", "double", "string"}
VIEWS = {"small": small_view, "nasty": nasty_view, "empty": lambda: view_of(nx.Graph())}


def text_of(view):
    return "".join(generate_gexf(view))


def parsed(text):
    """Ids and values of nodes, ends and values of links, as any XML reader sees them."""
    root = etree.fromstring(text.encode())
    names = {
        (group.get("class"), attribute.get("id")): attribute.get("title")
        for group in root.iter(f"{SPACE}attributes")
        for attribute in group
    }
    nodes, links = {}, {}
    for one in root.iter(f"{SPACE}node"):
        nodes[one.get("id")] = {"label": one.get("label")} | {
            names["node", v.get("for")]: v.get("value") for v in one.iter(f"{SPACE}attvalue")
        }
    for one in root.iter(f"{SPACE}edge"):
        values = {names["edge", v.get("for")]: v.get("value") for v in one.iter(f"{SPACE}attvalue")}
        links[one.get("source"), one.get("target")] = {"weight": one.get("weight")} | values
    return nodes, links


def gephi_issues(text):
    """What Gephi's importer would report, by the rules that its code follows."""
    root = etree.fromstring(text.encode())
    (graph,) = root.findall(f"{SPACE}graph")
    timed = graph.get("mode") == "dynamic"
    issues = (
        []
        if root.get("version") == "1.3" and graph.get("defaultedgetype") == "undirected"
        else ["version or edge type"]
    )
    issues += (
        ["time"]
        if timed
        != ((graph.get("timeformat"), graph.get("timerepresentation")) == ("date", "interval"))
        else []
    )
    kinds = {
        (g.get("class"), a.get("id")): a.get("type")
        for g in root.iter(f"{SPACE}attributes")
        for a in g
    }
    issues += [f"type {kind}" for kind in kinds.values() if kind not in GEPHI_TYPES]
    nodes = [one.get("id") for one in root.iter(f"{SPACE}node")]
    edges = list(root.iter(f"{SPACE}edge"))
    issues += (
        ["node ids"] if len({one.lower() for one in nodes}) < len(nodes) or not all(nodes) else []
    )
    ends = [frozenset((e.get("source"), e.get("target"))) for e in edges]
    if (
        len({e.get("id") for e in edges}) < len(edges)
        or len(set(ends)) < len(ends)
        or any(len(e) < 2 or not e <= set(nodes) for e in ends)
    ):
        issues.append("edges")
    issues += [f"weight {e.get('weight')}" for e in edges if not float(e.get("weight")) > 0]
    for one in root.iter(f"{SPACE}node", f"{SPACE}edge"):
        issues += [
            f"attribute {name}"
            for name in one.attrib
            if name not in {"id", "label", "source", "target", "weight"}
        ]
        for value in one.iter(f"{SPACE}attvalue"):
            kind = kinds.get((etree.QName(one).localname, value.get("for")))
            number = (
                r"-?\d+"
                if kind in {"integer", "long"}
                else r"-?\d+(\.\d+)?([eE][-+]?\d+)?"
                if kind == "double"
                else r"(?s).+"
            )
            issues += (
                [f"{kind} {value.get('value')!r}"]
                if kind is None or not re.fullmatch(number, value.get("value"))
                else []
            )
    for spell in root.iter(f"{SPACE}spell"):
        issues += (
            []
            if timed
            and re.fullmatch(r"\d{4}-01-01", spell.get("start"))
            and spell.get("start") < spell.get("end")
            else ["spell"]
        )
    for size in root.iter(f"{VIZ}size"):
        issues += (
            []
            if next(iter(size.attrib)) == "value" and math.isfinite(float(size.get("value")))
            else ["size"]
        )
    return issues


@pytest.mark.parametrize("view", VIEWS)
def test_gephi_has_nothing_to_report(view):
    assert gephi_issues(text_of(VIEWS[view]())) == []


@pytest.mark.parametrize("view", VIEWS)
def test_the_file_is_valid_against_the_schema(view):
    schema = etree.XMLSchema(etree.parse(Path(__file__).with_name("gexf.xsd")))
    schema.assertValid(etree.fromstring(text_of(VIEWS[view]()).encode()))


def test_networkx_reads_the_same_graph_back(tmp_path):
    view = small_view()
    write_gexf(view, tmp_path / "graph.gexf")
    back = nx.read_gexf(tmp_path / "graph.gexf")
    assert list(back) == list(view.graph)
    assert not back.is_directed()
    for name, data in view.graph.nodes(data=True):
        found = back.nodes[name]
        red, green, blue = rgb(colour_of(data["community"]))
        assert found["viz"] == {
            "color": {"r": red, "g": green, "b": blue, "a": 1.0}, "size": data["size"], "position": {"x": data["x"], "y": data["y"], "z": 0.0},
        }  # fmt: skip
        plain = {
            key: value for key, value in data.items() if key not in {"x", "y", "size", "aliases"}
        }
        assert {key: found[key] for key in plain} == plain
    for one, other, data in view.graph.edges(data=True):
        written = dict(brief_values(data))
        assert {key: back.edges[one, other][key] for key in written} == written
    assert back.nodes["generative-adversarial-network"]["aliases"] == "GAN | GANs"


def test_years_are_spells_and_what_has_none_is_always_there():
    graph = nx.Graph()
    graph.add_node("a", **node(first_year=2014, last_year=2019))
    graph.add_node("b", **node())
    graph.add_edge("a", "b", **link(first_year=2016, last_year=2016))
    text = text_of(view_of(graph))
    assert 'mode="dynamic" timeformat="date" timerepresentation="interval"' in text
    assert re.findall(r'<spell start="([^"]+)" end="([^"]+)"/>', text) == [
        ("2014-01-01", "2019-12-31"),
        ("2016-01-01", "2016-12-31"),
    ]
    graph.nodes["a"].update(first_year=-5, last_year=12_000)
    del graph.edges["a", "b"]["first_year"]
    assert 'mode="static">' in text_of(view_of(graph))
    assert "spell" not in text_of(view_of(graph))


def test_the_weight_of_a_link_is_that_of_each_year():
    graph = nx.Graph()
    graph.add_nodes_from([("a", node()), ("b", node()), ("c", node())])
    graph.add_edge("a", "b", **link(4, first_year=2016, last_year=2018))
    graph.add_edge("b", "c", **link(2))
    years = (2016, 2016, 2018, None)
    papers = [two_names(f"p{n}", "x", "a", "b", year) for n, year in enumerate(years)]
    root = etree.fromstring(text_of(view_of(graph, papers)).encode())
    dated, undated = (
        [
            tuple(map(one.get, ("value", "start", "end")))
            for one in edge.iter(f"{SPACE}attvalue")
            if one.get("for") == "weight"
        ]
        for edge in root.iter(f"{SPACE}edge")
    )
    assert dated == [("1", "2018-01-01", "2018-12-31"), ("2", "2016-01-01", "2016-12-31")]
    assert undated == [("2.0", None, None)]
    declared = [
        (a.getparent().get("mode"), a.get("type"))
        for a in root.iter(f"{SPACE}attribute")
        if a.get("id") == "weight"
    ]
    assert declared == [("dynamic", "double"), ("static", "double")]


def test_the_file_says_what_part_it_shows():
    view = small_view()
    part = type(view)(view.graph, view.papers, view.merges, 10, 20, "nodes of at least <2> papers")
    assert (
        "nodes: 5 of 10; links: 8 of 20; kept: nodes of at least &lt;2&gt; papers</description>"
        in text_of(part)
    )


@given(views())
def test_any_text_comes_back_clean_and_on_one_line(view):
    text = text_of(view)
    nodes, links = parsed(text)
    assert_text_is_clean(view, nodes, links)
    assert gephi_issues(text) == []
    back = nx.read_gexf(BytesIO(text.encode()))
    assert_networkx_finds(back, nodes, links)


def test_the_same_graph_gives_the_same_bytes():
    assert text_of(nasty_view()) == text_of(nasty_view())
