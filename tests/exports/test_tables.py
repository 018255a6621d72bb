"""Two CSV tables that spreadsheets, pandas' rules and Gephi read, and that run no formula."""

import csv

import duckdb
import networkx as nx
import pytest
from graphs import nasty_view, view_of, views
from hypothesis import given
from records import small_view

from exports.columns import unique_ids
from exports.files import one_line
from exports.tables import FORMULA, link_table, node_table, table_paths, write_tables


def plain(cell):
    """The text of a guarded cell: the apostrophe taken away."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


def read(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def test_a_path_makes_two_files(tmp_path):
    write_tables(small_view(), tmp_path / "graph.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "graph.links.csv",
        "graph.nodes.csv",
    ]


@pytest.mark.parametrize("name", ["a.csv", "a.nodes.csv", "a.links.csv"])
def test_either_file_stands_for_both(tmp_path, name):
    assert [path.name for path in table_paths(tmp_path / name)] == ["a.nodes.csv", "a.links.csv"]


def test_the_columns_are_those_that_gephi_knows_and_those_of_the_graph(tmp_path):
    write_tables(small_view(), tmp_path / "graph.csv")
    nodes, links = read(tmp_path / "graph.nodes.csv"), read(tmp_path / "graph.links.csv")
    assert nodes[1] == {
        "Id": "gan", "Label": "GAN", "type": "method", "aliases": "GANs | generative adversarial network", "papers": "2", "mentions": "3",
        "first_year": "2019", "last_year": "2020", "certainty": "1.0", "introduced_by": "", "introduced": "", "evaluated_in": "", "kind_of": "", "community": "0", "community_name": "BERT · GAN · GLUE", "area": "0", "area_name": "BERT · GAN · GLUE", "pagerank": nodes[1]["pagerank"], "betweenness": nodes[1]["betweenness"], "x": nodes[1]["x"], "y": nodes[1]["y"],
        "size": nodes[1]["size"], "colour": "#1895fc",
    }  # fmt: skip
    assert links[0] == {
        "Source": "bert", "Target": "gan", "Type": "Undirected", "Id": "e0", "Weight": "2.0", "weight_fractional": "1.333333", "papers": "2", "sentences": "1", "kind": "mention", "direction": "0", "evaluated": "0", "compared": "0", "uses": "0", "rank": "1",
        "association": links[0]["association"], "npmi": links[0]["npmi"], "q": links[0]["q"], "first_year": "2019", "last_year": "2020",
        "evidence": "BERT and GANs. — A survey (2020)", "evidence_paper": "p3",
    }  # fmt: skip


def test_an_empty_graph_has_headers(tmp_path):
    write_tables(view_of(nx.Graph()), tmp_path / "graph.csv")
    assert read(tmp_path / "graph.nodes.csv") == []
    assert (
        (tmp_path / "graph.links.csv")
        .read_text(encoding="utf-8")
        .startswith("Source,Target,Type,Id,Weight,")
    )


def test_duckdb_reads_the_same_nodes_and_links_with_their_types(tmp_path):
    view = small_view()
    write_tables(view, tmp_path / "graph.csv")
    with duckdb.connect() as db:
        nodes = db.execute(
            "SELECT Id, Label, type, papers, x, size FROM read_csv(?)",
            [str(tmp_path / "graph.nodes.csv")],
        ).fetchall()
        links = db.execute(
            "SELECT Source, Target, Weight, npmi, q FROM read_csv(?)",
            [str(tmp_path / "graph.links.csv")],
        ).fetchall()
    assert nodes == [
        (name, d["label"], d["type"], d["papers"], d["x"], d["size"])
        for name, d in view.graph.nodes(data=True)
    ]
    assert sorted(links) == sorted(
        (min(e), max(e), float(d["weight"]), d["npmi"], d["q"])
        for *e, d in view.graph.edges(data=True)
    )


@pytest.mark.parametrize("view", [small_view, nasty_view], ids=["small", "nasty"])
def test_no_text_begins_as_a_formula_and_numbers_stay_numbers(view):
    for table in (node_table(view()), link_table(view())):
        header, *rows = table
        texts = [
            n
            for n, name in enumerate(header)
            if name
            in {"Id", "Label", "type", "aliases", "Source", "Target", "evidence", "evidence_paper"}
        ]
        assert not [row[n] for row in rows for n in texts if row[n][:1] in "=+-@" and row[n]]
        assert all(
            float(row[header.index(name)]) <= 0
            for row in rows
            for name in ("npmi", "y")
            if name in header and row[header.index(name)][:1] == "-"
        )


def test_a_guarded_text_is_told_from_one_that_has_an_apostrophe():
    graph = nx.Graph()
    for number, label in enumerate(["=1", "'=1", "''=1", "'s", "-x", "\uff1dx", "a=b"]):
        graph.add_node(str(number), label=label)
    labels = [row[1] for row in node_table(view_of(graph))][1:]
    assert labels == ["'=1", "''=1", "'''=1", "'s", "'-x", "'\uff1dx", "a=b"]
    assert list(map(plain, labels)) == ["=1", "'=1", "''=1", "'s", "-x", "\uff1dx", "a=b"]


@given(views())
def test_any_text_comes_back_clean_and_on_one_line(tmp_path_factory, view):
    folder = tmp_path_factory.mktemp("tables")
    write_tables(view, folder / "graph.csv")
    nodes, links = read(folder / "graph.nodes.csv"), read(folder / "graph.links.csv")
    ids = dict(zip(view.graph, unique_ids(view.graph), strict=True))
    assert [plain(row["Id"]) for row in nodes] == list(ids.values())
    assert [plain(row["Label"]) for row in nodes] == [
        one_line(d["label"]) or ids[n] for n, d in view.graph.nodes(data=True)
    ]
    assert [row["type"] for row in nodes] == [kind for _, kind in view.graph.nodes(data="type")]
    assert {
        frozenset((plain(r["Source"]), plain(r["Target"]))): (float(r["Weight"]), float(r["npmi"]))
        for r in links
    } == {
        frozenset(map(ids.get, ends)): (float(d["weight"]), d["npmi"])
        for *ends, d in view.graph.edges(data=True)
    }


def test_the_same_graph_gives_the_same_bytes():
    assert list(node_table(nasty_view())) == list(node_table(nasty_view()))
    assert list(link_table(nasty_view())) == list(link_table(nasty_view()))
