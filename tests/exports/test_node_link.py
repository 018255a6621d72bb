"""Node-link JSON loses nothing."""

import json
import re
import textwrap
import warnings
from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from graphs import nasty_view, node, view_of, views
from hypothesis import given
from records import small_view

import exports
from exports.node_link import generate_node_link, read_node_link, write_node_link
from kg.errors import ExportError, UnknownFormatError


def whole(text):
    """A text as JSON can hold it: two halves of a character that follow each other are the character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def everything(view):
    """All that a view holds, as JSON can hold it."""
    graph = view.graph
    nodes = list(graph.nodes(data=True))
    links = [
        (min(one, other), max(one, other), data) for one, other, data in graph.edges(data=True)
    ]
    return whole(
        repr(
            (
                nodes,
                sorted(links, key=lambda row: row[:2]),
                list(view.papers()),
                list(view.merges()),
                view.all_nodes,
                view.all_links,
                view.rule,
            )
        )
    )


@pytest.mark.parametrize(
    "view", [small_view, nasty_view, lambda: view_of(nx.Graph())], ids=["small", "nasty", "empty"]
)
def test_reading_it_back_gives_the_same_graph_papers_and_ledger(view, tmp_path):
    path = tmp_path / "graph.json"
    before = view()
    write_node_link(before, path)
    back = read_node_link(path)
    assert everything(back) == everything(before)
    assert nx.utils.graphs_equal(back.graph, before.graph)
    assert list(back.papers()) == list(back.papers())


@given(views())
def test_any_view_comes_back_as_it_was(tmp_path_factory, view):
    path = tmp_path_factory.mktemp("node_link") / "graph.json"
    write_node_link(view, path)
    assert everything(read_node_link(path)) == everything(view)


def test_networkx_reads_it(tmp_path):
    view = small_view()
    write_node_link(view, tmp_path / "graph.json")
    back = nx.node_link_graph(json.loads((tmp_path / "graph.json").read_text(encoding="utf-8")))
    assert not back.is_multigraph()
    assert nx.utils.graphs_equal(back, view.graph)


def test_a_view_that_is_read_can_be_written_again_in_every_format(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    write_node_link(small_view(), tmp_path / "graph.json")
    for folder, view in ((first, small_view()), (second, read_node_link(tmp_path / "graph.json"))):
        folder.mkdir()
        for suffix in exports.FORMATS.keys() - {".html"}:  # which tests trends by all papers
            exports.write(view, folder / f"graph{suffix}")
    assert {path.name: path.read_bytes() for path in second.iterdir()} == {
        path.name: path.read_bytes() for path in first.iterdir()
    }


def test_numpy_numbers_are_numbers_and_what_is_not_finite_is_left_out():
    graph = nx.Graph(name="g", made=float("inf"))
    graph.add_node("a", **node(rank=np.int64(3), share=np.float64("nan"), pagerank=float("nan")))
    found = json.loads("".join(generate_node_link(view_of(graph))))
    assert found["graph"] == {"name": "g"}
    assert found["nodes"] == [
        {key: value for key, value in node().items() if key != "pagerank"} | {"rank": 3, "id": "a"}
    ]


def test_what_json_cannot_hold_is_refused_by_name():
    graph = nx.Graph()
    graph.add_node("a", **node(odd=object()))
    with pytest.raises(ExportError, match="nodes, 'a': a value of type object cannot be written"):
        list(generate_node_link(view_of(graph)))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "nonsense",
        '{"nodes": 3, "edges": [], "papers": [], "merges": [], "graph": {}}',
        "\ud800",
    ],
)
def test_another_file_is_refused(tmp_path, content):
    path = tmp_path / "a.json"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(
        UnknownFormatError,
        match=r"a\.json: no node-link file: .*; expected a node-link file written by kg",
    ):
        read_node_link(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UnknownFormatError, match="cannot be read: No such file"):
        read_node_link(tmp_path / "none.json")


def test_the_same_graph_gives_the_same_bytes():
    graph = nx.Graph()
    graph.add_nodes_from(small_view().graph.nodes(data=True))
    graph.add_edges_from(
        (other, one, data) for one, other, data in small_view().graph.edges(data=True)
    )
    view = small_view()
    turned = replace(view, graph=graph)
    assert "".join(generate_node_link(turned)) == "".join(generate_node_link(small_view()))


def test_networkx_reads_it_as_the_docs_say(tmp_path, monkeypatch):
    view = small_view()
    write_node_link(view, tmp_path / "graph.json")
    docs = (Path(__file__).resolve().parents[2] / "docs/formats.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"(data = json\.loads.*?\n.*?node_link_graph.*?)\n", docs)
    monkeypatch.chdir(tmp_path)
    found = {"json": json, "networkx": nx, "Path": Path}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of networkx 3.4 and 3.5
        exec(textwrap.dedent(f"  {lines}"), found)  # noqa: S102 - our own docs
    assert nx.utils.graphs_equal(found["graph"], view.graph)
