"""The page is one file that cannot call out and shows any text as text."""

import base64
import hashlib
import html
import json
import re
import zlib
from collections import Counter
from itertools import chain, combinations

import networkx as nx
from records import fill, small_view

import kg
from exports.html import render_html, write_html
from kg.graph.filters import Filters
from kg.graph.view import GraphView
from kg.records import EntityType, MarkedPaper, MarkedSentence, Paper
from kg.storage.store import Store

NASTY = "</script><script>alert(1)</script><!--"


def graph_of(page):
    """What the first picture needs."""
    return json.loads(re.search(r'id="graph">(.*?)</script>', page, re.DOTALL).group(1))


def blobs(page):
    """The packed blobs of a page, inflated, by name."""
    found = re.findall(r'data-blob="([\w-]+)">(.*?)</script>', page, re.DOTALL)
    return {name: zlib.decompress(base64.b64decode(text)) for name, text in found}


def columns(page, name):
    return json.loads(blobs(page)[name])


def numbers(packed):
    """The numbers of seven bits a byte."""
    values, value, shift = [], 0, 0
    for byte in packed:
        value |= (byte & 127) << shift
        shift = shift + 7 if byte & 128 else 0
        if not byte & 128:
            values.append(value)
            value = 0
    return values


def test_the_page_forbids_every_request_and_names_no_address():
    page = render_html(small_view())
    assert "default-src 'none'" in page
    assert not re.search(r'(?:src|href)="(?!#|data:)', page.split("</head>")[0])
    assert "cdn" not in re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)


def test_the_policy_names_every_script_and_style_by_its_hash():
    page = render_html(small_view())
    policy = html.unescape(re.search(r'Security-Policy" content="([^"]*)"', page).group(1))
    running = re.findall(r'<script(?: type="module" async)?>(.*?)</script>', page, re.DOTALL)
    texts = [*running, re.search(r"<style>(.*?)</style>", page, re.DOTALL).group(1)]
    assert len(running) == 2
    for text in texts:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    for rule in ("default-src 'none'", "form-action 'none'", "base-uri 'none'"):
        assert rule in policy
    assert "unsafe" not in policy


def test_every_node_is_held_the_most_papers_first():
    view = small_view()
    page = render_html(view)
    held = columns(page, "nodes")
    assert held["ids"] == sorted(view.graph, key=lambda n: (-view.graph.nodes[n]["papers"], n))
    assert held["labels"] == [view.graph.nodes[node]["label"] for node in held["ids"]]
    assert graph_of(page)["all"] == [5, 8]


def test_papers_and_nodes_give_back_every_link():
    view = small_view()
    page = render_html(view)
    ids, papers = columns(page, "nodes")["ids"], graph_of(page)["papers"]
    flat = numbers(blobs(page)["incidence"])
    counts, deltas = flat[:papers], iter(flat[papers:])
    links = Counter()
    for count in counts:
        nodes = [next(deltas)]
        for _ in range(count - 1):
            nodes.append(nodes[-1] + 1 + next(deltas))
        links.update(frozenset(pair) for pair in combinations((ids[n] for n in nodes), 2))
    assert links == {frozenset((a, b)): n for a, b, n in view.graph.edges(data="papers")}
    assert "links" not in blobs(page)


def test_links_are_listed_where_the_papers_give_others():
    view = small_view(Filters(min_link=2))
    page = render_html(view)
    ids, listed = columns(page, "nodes")["ids"], columns(page, "links")
    pairs = zip(listed["sources"], listed["targets"], strict=True)
    assert {frozenset((ids[a], ids[b])) for a, b in pairs} == {
        frozenset(link) for link in view.graph.edges
    }


def test_every_mark_in_the_evidence_is_a_name_of_its_node():
    view = small_view()
    page = render_html(view)
    ids = columns(page, "nodes")["ids"]
    rows = columns(page, "sentences-0")
    assert len(rows) == 3
    for text, marks in chain.from_iterable(rows):
        for node, start, end in marks:
            data = view.graph.nodes[ids[node]]
            assert text[start:end] in [data["label"], *data["aliases"]]


def test_papers_stand_newest_first_with_what_they_do_with_each_node():
    view = small_view()
    paper = Paper("a", "T", "A b", 2021, "v", "https://example.org", doi="10.1/x")
    marks = ((0, 1, "bert"), (2, 3, "generative-adversarial-network"))
    told = MarkedPaper(
        paper,
        (MarkedSentence(2, 5, marks),),
        (("bert", "new"), ("generative-adversarial-network", "used")),
    )
    old = MarkedPaper(Paper("b", "U", "A b", 2001), (MarkedSentence(2, 5, marks[:1]),))
    page = render_html(
        GraphView(view.graph, lambda: iter([old, told]), lambda: iter(()), 5, 8, corpus_papers=7)
    )
    graph = graph_of(page)
    assert (graph["corpus"], graph["papers"], graph["years"]) == (7, 2, [[2021, 1], [2001, 1]])
    assert columns(page, "papers")["dois"] == ["10.1/x", ""]
    codes = [graph["roles"][code] for code in blobs(page)["roles"]]
    assert codes == ["new", "used", ""]


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
    assert graph_of(page)["columns"]["label"][0] == NASTY
    assert "<script>alert" not in page
    assert columns(page, "papers")["titles"] == [NASTY]


def test_a_lone_surrogate_in_an_id_does_not_stop_the_page(tmp_path):
    view = small_view()
    graph = nx.relabel_nodes(view.graph, {"bert": "b\ud800ert"})
    write_html(GraphView(graph, lambda: iter(()), lambda: iter(()), 5, 8), tmp_path / "graph.html")
    page = (tmp_path / "graph.html").read_text(encoding="utf-8")
    assert "bert" in columns(page, "nodes")["ids"]


def test_the_same_graph_gives_the_same_bytes():
    assert render_html(small_view()) == render_html(small_view())


def test_the_page_says_why_a_name_is_its_nodes():
    view = small_view()
    page = render_html(view)
    ids = columns(page, "nodes")["ids"]
    names = columns(page, "names-0")
    assert sorted([ids[row[0]], row[1]] for row in names) == sorted(
        [one.node, one.surface] for one in view.merges()
    )
    assert any(rule == "abbreviation" and "(GAN)" in detail for _, _, rule, _, detail in names)


def test_chance_is_told_so_that_any_link_can_be_tested():
    view = small_view()
    chance = graph_of(render_html(view))["chance"]
    for one, other, data in view.graph.edges(data=True):
        papers = view.graph.nodes[one]["papers"] * view.graph.nodes[other]["papers"]
        assert abs(data["papers"] / (chance["factor"] * papers) - data["association"]) < 1e-4


def test_a_project_shows_its_page_in_a_notebook(tmp_path):
    with Store(tmp_path / "kg.duckdb") as store:
        fill(store)
    whole, part = (
        kg.page(tmp_path),
        kg.page(tmp_path, Filters(types=frozenset({EntityType.DATASET})), height=400),
    )
    assert columns(whole.page, "nodes") == columns(render_html(small_view()), "nodes")
    assert columns(part.page, "nodes")["ids"] == ["squad"]
    frame = dict(re.findall(r'(\w+)="(.*?)"', part._repr_html_(), re.DOTALL))
    assert html.unescape(frame["srcdoc"]) == part.page
    assert "allow-same-origin" not in frame["sandbox"]
