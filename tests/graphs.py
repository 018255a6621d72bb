"""Graphs for the tests of the exporters: with text that breaks careless writers, and of any shape."""

from itertools import pairwise

import networkx as nx
from hypothesis import strategies as st

from exports.columns import unique_ids
from exports.files import one_line
from kg.graph.view import GraphView
from kg.records import EntityType, MarkedPaper, MarkedSentence, Merge, Paper

NASTY = (
    "a\x00b\x0b\x1fc", "lone \ud800 surrogate", "\udfff", "\ufffe\uffff", 'quotes " and \' and ` and \\', "<b>&amp;</b>", "</script>", "]]>", "<!--",
    "مرحبا \u202eRTL\u202c", "🙂👩‍👩‍👧", "INF", "INFOCOM", "NaN", "line\nbreak\r\nand\ttab", " edges ", "=1+1", "+cmd", "-1", "@SUM(A1)", "'=quoted", "a,b;c|d",
    "x" * 10_000, "", "\u2028\u2029\u0085", "null", "e\u0301", "0", "{{ jinja }}", "\\u0041\\", "*/ // --",
)  # fmt: skip
TEXT = st.text(max_size=20) | st.text(st.characters(), max_size=20) | st.sampled_from(NASTY)


def view_of(graph, papers=(), merges=()):
    """A view of a whole graph."""
    return GraphView(
        graph, lambda: iter(papers), lambda: iter(merges), len(graph), graph.number_of_edges()
    )


def assert_text_is_clean(view, nodes, links):
    """Compare what a reader found (values by id, and by both ends) with the labels, types and weights of a view."""
    ids = dict(zip(view.graph, unique_ids(view.graph), strict=True))
    assert [values["label"] for values in nodes.values()] == [
        one_line(d["label"]) or ids[n] for n, d in view.graph.nodes(data=True)
    ]
    assert [values["type"] for values in nodes.values()] == [
        kind for _, kind in view.graph.nodes(data="type")
    ]
    assert {frozenset(ends): float(v["weight"]) for ends, v in links.items()} == {
        frozenset(map(ids.get, ends)): float(weight)
        for *ends, weight in view.graph.edges(data="weight")
    }


def assert_networkx_finds(back, nodes, links):
    """Compare a graph that networkx read with what another reader found."""
    assert [(name, data["label"], data["type"]) for name, data in back.nodes(data=True)] == [
        (n, v["label"], v["type"]) for n, v in nodes.items()
    ]
    assert list(back.edges(data="weight")) == [
        (*ends, float(values["weight"])) for ends, values in links.items()
    ]


def node(label="A", kind="method", **more):
    """The attributes of a node as kg.graph.assemble gives them."""
    usual = {
        "aliases": [],
        "papers": 1,
        "mentions": 2,
        "community": 0,
        "community_name": label,
        "pagerank": 0.5,
        "betweenness": 0.25,
        "x": 1.5,
        "y": -2.5,
        "size": 4.0,
    }
    return {"label": label, "type": kind, **usual, **more}


def link(papers=1, **more):
    """The attributes of a link as kg.graph.assemble gives them."""
    return {
        "papers": papers,
        "sentences": 0,
        "weight": papers,
        "association": 1.25,
        "npmi": -0.125,
        "q": 1e-12,
        **more,
    }


def nasty_view():
    """Nodes whose ids, labels and aliases are each of the nasty texts, in a chain; an isolated node; evidence as nasty."""
    graph = nx.Graph()
    kinds = [kind.value for kind in EntityType]
    ids = [f"{text[:60]}{number}" for number, text in enumerate(NASTY)]
    for number, (name, text) in enumerate(zip(ids, NASTY, strict=True)):
        years = {"first_year": 2000 + number, "last_year": 2010 + number} if number % 3 else {}
        graph.add_node(
            name,
            **node(
                text,
                kinds[number % 5],
                aliases=[text, "other"],
                papers=1 + number,
                size=4.0 + 3 * number,
                **years,
            ),
        )
    papers = []
    for number, (one, other) in enumerate(pairwise(ids)):
        graph.add_edge(
            one,
            other,
            **link(1 + number, **({"first_year": 2015, "last_year": 2015} if number % 2 else {})),
        )
        papers.append(
            two_names(
                f"{NASTY[number][:50]}#{number}",
                NASTY[number],
                one,
                other,
                2015 if number % 2 else None,
            )
        )
    graph.add_node("alone", **node("alone"))
    merges = [
        Merge(name, text, "same key", "p1", text) for name, text in zip(ids, NASTY, strict=True)
    ]
    return view_of(graph, papers, merges)


def two_names(name, words, one, other, year=None):
    """A paper that names two nodes in one sentence with the given words around them."""
    paper = Paper(
        name, f"On {words}", f"AAA {words} BBB.", year, None, f"https://example.org/?q={words}"
    )
    start = len(paper.title) + 1
    marks = ((start, start + 3, one), (len(paper.text) - 4, len(paper.text) - 1, other))
    return MarkedPaper(paper, (MarkedSentence(start, len(paper.text), marks),))


@st.composite
def views(draw):
    """Small graphs with any text in every place for text, and evidence for some links."""
    names = draw(st.lists(TEXT, min_size=1, max_size=6, unique=True))
    graph = nx.Graph()
    for name in sorted(names):
        kind = draw(st.sampled_from(sorted(EntityType)))
        year = draw(st.none() | st.integers(1950, 2030))
        years = {} if year is None else {"first_year": year, "last_year": year + 1}
        values = {
            "x": draw(st.integers(-4_900_000, 4_900_000)) / 1000,
            "aliases": sorted(draw(st.lists(TEXT, max_size=3))),
            **years,
        }
        graph.add_node(name, **node(draw(TEXT), kind.value, **values))
    pairs = [(a, b) for a in sorted(names) for b in sorted(names) if a < b]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    papers = []
    for number, (one, other) in enumerate(sorted(chosen)):
        graph.add_edge(
            one, other, **link(draw(st.integers(1, 10**6)), npmi=draw(st.integers(-64, 64)) / 64)
        )
        if draw(st.booleans()):
            papers.append(
                two_names(
                    f"p{number}", draw(TEXT), one, other, draw(st.none() | st.integers(1950, 2030))
                )
            )
    merges = [Merge(name, draw(TEXT), "same key", "", draw(TEXT)) for name in sorted(names)]
    return view_of(graph, papers, merges)
