"""Rows have clean ids and values of one kind an attribute."""

import re

import networkx as nx
import numpy as np
from graphs import TEXT, link, nasty_view, node, view_of, views
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from exports.columns import (
    EVIDENCE_COLUMNS,
    LINK_COLUMNS,
    NODE_COLUMNS,
    Kind,
    as_text,
    link_columns,
    link_rows,
    node_columns,
    node_rows,
    unique_ids,
)

TOKEN = etree.XMLSchema(
    etree.fromstring(
        b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="xs:NMTOKEN"/></xs:schema>'
    )
)


def test_documented_attributes_come_first_with_their_kinds_even_of_an_empty_graph():
    assert node_columns(nx.Graph()) == NODE_COLUMNS
    assert link_columns(nx.Graph()) == LINK_COLUMNS | EVIDENCE_COLUMNS
    assert list(node_columns(nasty_view().graph)) == list(NODE_COLUMNS)


def test_other_attributes_follow_and_their_kind_is_decided_over_the_whole_graph():
    graph = nx.Graph()
    graph.add_node(
        "a",
        zeta=1,
        alpha=True,
        beta=np.int64(3),
        gamma=np.float32(0.5),
        delta=("x",),
        mixed=True,
        none=None,
    )
    graph.add_node("b", zeta=0.5, alpha=False, mixed=2, papers="many")
    columns = node_columns(graph)
    extra = {name: kind.value for name, kind in columns.items() if name not in NODE_COLUMNS}
    assert extra == {
        "alpha": "boolean",
        "beta": "long",
        "delta": "strings",
        "gamma": "double",
        "mixed": "string",
        "zeta": "double",
    }
    assert columns["papers"] is Kind.STRING
    first, second = node_rows(graph, columns)
    assert first.values == {
        "label": "a",
        "alpha": True,
        "beta": 3,
        "delta": ("x",),
        "gamma": 0.5,
        "mixed": "True",
        "zeta": 1.0,
    }
    assert second.values == {
        "label": "b",
        "papers": "many",
        "alpha": False,
        "mixed": "2",
        "zeta": 0.5,
    }


def test_what_is_empty_or_not_finite_is_absent():
    graph = nx.Graph()
    graph.add_node(
        "a",
        label=" \x00",
        type="",
        aliases=["", "\n", None],
        x=float("nan"),
        y=float("-inf"),
        first_year=None,
        papers=0,
    )
    assert [row.values for row in node_rows(graph, node_columns(graph))] == [
        {"label": "a", "papers": 0}
    ]


def test_links_come_sorted_with_their_evidence():
    graph = nx.Graph()
    graph.add_nodes_from([("b", node()), ("a", node())])
    graph.add_edge("b", "a", **link(3))
    (row,) = link_rows(view_of(graph), link_columns(graph))
    assert (row.id, row.source, row.target, row.values["weight"]) == ("e0", "a", "b", 3.0)
    rows = list(link_rows(nasty_view(), link_columns(graph)))
    assert [row.id for row in rows] == [f"e{number}" for number in range(len(rows))]
    assert all(row.values["evidence"] for row in rows)


def test_a_weight_that_gephi_would_not_take_is_absent():
    graph = nx.Graph()
    for number, weight in enumerate((0, -1.5, float("nan"), None, 0.25)):
        graph.add_edge("a", f"b{number}", weight=weight)
    assert [row.values.get("weight") for row in link_rows(view_of(graph), link_columns(graph))] == [
        None,
        None,
        None,
        None,
        0.25,
    ]


def test_values_as_text():
    assert [as_text(value) for value in (True, False, 3, 0.1, 1e-12, "x", ("a", "b"))] == [
        "true",
        "false",
        "3",
        "0.1",
        "1e-12",
        "x",
        "a | b",
    ]


@given(st.lists(TEXT, max_size=8))
def test_ids_are_tokens_unique_without_case_and_stay_if_they_can(names):
    ids = unique_ids(names)
    assert len({one.lower() for one in ids}) == len(names)
    for one in ids:
        element = etree.Element("a")
        element.text = one
        assert TOKEN.validate(element), one
    if len({name.lower() for name in names}) == len(names) and all(
        re.fullmatch(r"[a-z0-9.-]+", name) for name in names
    ):
        assert list(ids) == names


@given(views())
def test_rows_hold_every_node_and_link(view):
    nodes = list(node_rows(view.graph, node_columns(view.graph)))
    links = list(link_rows(view, link_columns(view.graph)))
    assert len(nodes) == len(view.graph)
    assert {frozenset((row.source, row.target)) for row in links} <= {
        frozenset((a.id, b.id)) for a in nodes for b in nodes
    }
    assert len(links) == view.graph.number_of_edges()
