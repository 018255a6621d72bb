"""The page is one file that cannot call out and shows any text as text."""

import base64
import html
import json
import re
import zlib

import networkx as nx
from records import fill, small_view

import kg
from exports.html import render_html, write_html
from kg.graph.filters import Filters
from kg.graph.view import GraphView
from kg.records import EntityType, MarkedPaper, MarkedSentence, Paper
from kg.storage.store import Store

NASTY = "</script><script>alert(1)</script><!--"


def block(page, name):
    return re.search(rf'<script type="[^"]+" id="{name}">(.*?)</script>', page, re.DOTALL).group(1)


def evidence(page):
    return json.loads(zlib.decompress(base64.b64decode(block(page, "evidence"))))


def test_the_page_forbids_every_request_and_names_no_address():
    page = render_html(small_view())
    assert "default-src 'none'" in page
    assert not re.search(r'(?:src|href)="(?!#)', page.split("</head>")[0])
    assert "cdn" not in re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)


def test_the_data_are_columns_of_the_graph():
    view = small_view()
    data = json.loads(block(render_html(view), "graph"))
    assert data["ids"] == list(view.graph)
    assert data["nodes"]["label"] == [label for _, label in view.graph.nodes(data="label")]
    pairs = {
        frozenset((data["ids"][s], data["ids"][t]))
        for s, t in zip(data["sources"], data["targets"], strict=True)
    }
    assert pairs == {frozenset(link) for link in view.graph.edges}
    assert data["all"] == [5, 8]


def test_every_mark_in_the_evidence_is_a_name_of_its_node():
    view = small_view()
    ids = list(view.graph)
    for _, _, _, _, sentences in evidence(render_html(view))["papers"]:
        for text, marks in sentences:
            for node, start, end in marks:
                data = view.graph.nodes[ids[node]]
                assert text[start:end] in [data["label"], *data["aliases"]]


def test_hostile_text_cannot_leave_its_block():
    view = small_view()
    graph = view.graph.copy()
    graph.nodes["bert"]["label"] = NASTY
    graph.nodes["bert"]["aliases"] = [NASTY, "\u2028", "\x00"]
    paper = MarkedPaper(
        Paper(NASTY, NASTY, NASTY, 2020, None, "javascript:alert(1)"),
        (MarkedSentence(0, len(NASTY), ((0, 3, "bert"),)),),
    )
    page = render_html(GraphView(graph, lambda: iter([paper]), lambda: iter(()), 5, 6, rule=NASTY))
    assert json.loads(block(page, "graph"))["nodes"]["label"][0] == NASTY
    assert "<script>alert" not in page
    assert evidence(page)["papers"][0][1] == NASTY


def test_a_lone_surrogate_in_an_id_does_not_stop_the_page(tmp_path):
    view = small_view()
    graph = nx.relabel_nodes(view.graph, {"bert": "b\ud800ert"})
    write_html(GraphView(graph, lambda: iter(()), lambda: iter(()), 5, 8), tmp_path / "graph.html")
    assert (
        "bert"
        in json.loads(block((tmp_path / "graph.html").read_text(encoding="utf-8"), "graph"))["ids"]
    )


def test_the_same_graph_gives_the_same_bytes():
    assert render_html(small_view()) == render_html(small_view())


def test_the_evidence_says_why_a_name_is_its_nodes():
    view = small_view()
    names = evidence(render_html(view))["names"]
    assert [[list(view.graph)[row[0]], row[1]] for row in names] == [
        [one.node, one.surface] for one in view.merges()
    ]
    assert any(rule == "abbreviation" and "(GAN)" in detail for _, _, rule, _, detail in names)


def test_the_years_of_every_paper_are_counted():
    view = small_view()
    found = evidence(render_html(view))
    assert dict(zip(view.graph, found["years"], strict=True)) == {
        "bert": [2018, 1, 2019, 1, 2020, 1], "gan": [2019, 1, 2020, 1], "glue": [2018, 1, 2019, 1], "roberta": [2019, 1], "squad": [2018, 1],
    }  # fmt: skip
    assert found["recent"] == {
        "since": 2018,
        "papers": 3,
        "dated": 3,
        "links": [data["papers"] for _, _, data in sorted(view.graph.edges(data=True))],
    }


def test_a_project_shows_its_page_in_a_notebook(tmp_path):
    with Store(tmp_path / "kg.duckdb") as store:
        fill(store)
    whole, part = (
        kg.page(tmp_path),
        kg.page(tmp_path, Filters(types=frozenset({EntityType.DATASET})), height=400),
    )
    assert whole.page == render_html(small_view())
    assert json.loads(block(part.page, "graph"))["ids"] == ["squad"]
    frame = dict(re.findall(r'(\w+)="(.*?)"', part._repr_html_(), re.DOTALL))
    assert html.unescape(frame["srcdoc"]) == part.page
    assert "allow-same-origin" not in frame["sandbox"]
