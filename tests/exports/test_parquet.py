"""Parquet tables, read back by DuckDB."""

import duckdb
import networkx as nx
import pytest
from graphs import nasty_view, node, view_of, views
from hypothesis import given, settings
from records import small_view

from exports.columns import unique_ids
from exports.files import one_line
from exports.parquet import write_parquet
from kg.errors import ExportError
from kg.graph.schema import NODE_ATTRIBUTES


def read(path):
    with duckdb.connect() as db:
        found = db.execute("SELECT * FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("parquet")
    write_parquet(small_view(), folder / "graph.parquet")
    return folder


def test_a_path_makes_two_files(folder):
    assert sorted(path.name for path in folder.iterdir()) == [
        "graph.links.parquet",
        "graph.nodes.parquet",
    ]


def test_every_attribute_comes_back_with_its_type(folder):
    graph = small_view().graph
    names = [attribute.name for attribute in NODE_ATTRIBUTES]
    absent = {"aliases": []}
    assert read(folder / "graph.nodes.parquet") == [
        {"id": name}
        | {key: None if data.get(key) == absent.get(key) else data[key] for key in names}
        for name, data in graph.nodes(data=True)
    ]
    links = read(folder / "graph.links.parquet")
    assert [(row["source"], row["target"]) for row in links] == sorted(
        (min(link), max(link)) for link in graph.edges
    )
    for row in links:
        data = graph.edges[row["source"], row["target"]]
        assert {key: row[key] for key in data} == data
    assert (links[0]["id"], links[0]["evidence"], links[0]["evidence_paper"]) == (
        "e0",
        "BERT and GANs. — A survey (2020)",
        "p3",
    )


def test_columns_are_typed_even_of_an_empty_graph(tmp_path):
    write_parquet(view_of(nx.Graph()), tmp_path / "graph.parquet")
    with duckdb.connect() as db:
        kinds = dict(
            db.execute(
                "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(?))",
                [str(tmp_path / "graph.nodes.parquet")],
            ).fetchall()
        )
    assert (kinds["id"], kinds["aliases"], kinds["papers"], kinds["x"]) == (
        "VARCHAR",
        "VARCHAR[]",
        "INTEGER",
        "DOUBLE",
    )
    assert read(tmp_path / "graph.links.parquet") == []


@settings(max_examples=15)
@given(views())
def test_any_text_comes_back_clean_and_on_one_line(tmp_path_factory, view):
    folder = tmp_path_factory.mktemp("parquet")
    write_parquet(view, folder / "graph.parquet")
    nodes, links = read(folder / "graph.nodes.parquet"), read(folder / "graph.links.parquet")
    ids = dict(zip(view.graph, unique_ids(view.graph), strict=True))
    assert [row["label"] for row in nodes] == [
        one_line(d["label"]) or ids[n] for n, d in view.graph.nodes(data=True)
    ]
    assert [row["type"] for row in nodes] == [kind for _, kind in view.graph.nodes(data="type")]
    assert {
        frozenset((row["source"], row["target"])): (row["weight"], row["npmi"]) for row in links
    } == {
        frozenset(map(ids.get, ends)): (float(d["weight"]), d["npmi"])
        for *ends, d in view.graph.edges(data=True)
    }


def test_names_with_quotes_are_columns_and_paths_with_quotes_are_paths(tmp_path):
    graph = nx.Graph()
    graph.add_node("a", **node(**{'it\'s "odd"': 3}))
    folder = tmp_path / "it's"
    folder.mkdir()
    write_parquet(view_of(graph), folder / "graph.parquet")
    assert read(folder / "graph.nodes.parquet")[0]['it\'s "odd"'] == 3


def test_the_same_graph_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_parquet(nasty_view(), tmp_path / f"{name}.parquet")
    for table in ("nodes", "links"):
        assert (tmp_path / f"one.{table}.parquet").read_bytes() == (
            tmp_path / f"two.{table}.parquet"
        ).read_bytes()


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(ExportError, match="cannot be written: No such file"):
        write_parquet(small_view(), tmp_path / "none" / "graph.parquet")
