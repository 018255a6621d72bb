"""Two CSV tables that spreadsheets, pandas' rules and Gephi read, and that run no formula."""

import csv
import re

import duckdb
import networkx as nx
import pytest
from graphs import link, nasty_view, node, view_of, views
from hypothesis import given
from records import small_view

from exports.columns import unique_ids
from exports.csv_text import MISREAD, SPLIT
from exports.files import one_line, table_paths
from exports.tables import link_lines, node_lines, write_tables


def plain(cell):
    """The text of a guarded cell: the apostrophe taken away."""
    return cell[1:] if cell.startswith("'") and MISREAD.match(cell[1:]) else cell


def text_of(text):
    """A text as a table holds it."""
    return SPLIT.sub(";'", one_line(text).replace("\\", "\u2216"))


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
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
        "Id": "generative-adversarial-network", "Label": "generative adversarial network", "type": "method", "aliases": "GAN | GANs", "papers": "2", "mentions": "3",
        "first_year": "2019", "last_year": "2020", "certainty": "1.0", "introduced_by": "", "introduced": "", "evaluated_in": "", "kind_of": "", "community": "0", "community_name": "BERT · generative adversarial network · GLUE", "area": "0", "area_name": "BERT · generative adversarial network · GLUE", "pagerank": nodes[1]["pagerank"], "betweenness": nodes[1]["betweenness"], "x": nodes[1]["x"], "y": nodes[1]["y"],
        "size": nodes[1]["size"], "colour": "#1895fc",
    }  # fmt: skip
    assert links[0] == {
        "Source": "bert", "Target": "generative-adversarial-network", "Type": "Undirected", "Id": "e0", "Weight": "2.0", "weight_fractional": "1.333333", "papers": "2", "sentences": "1", "link_kind": "mention", "direction": "0", "evaluated": "0", "compared": "0", "uses": "0", "rank": "1",
        "association": links[0]["association"], "npmi": links[0]["npmi"], "q": links[0]["q"], "first_year": "2019", "last_year": "2020",
        "evidence": "BERT and GANs. — A survey (2020)", "evidence_paper": "p3",
    }  # fmt: skip


def test_an_empty_graph_has_headers(tmp_path):
    write_tables(view_of(nx.Graph()), tmp_path / "graph.csv")
    assert read(tmp_path / "graph.nodes.csv") == []
    assert (
        (tmp_path / "graph.links.csv")
        .read_text(encoding="utf-8")
        .startswith('\ufeff"Source","Target","Type","Id","Weight",')
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


OWN_NAMES = (
    "Id",
    "id",
    "Label",
    "Source",
    "target",
    "Type",
    "Weight",
    "kind",
    "interval",
    "Timestamp",
    "title",
    "from",
    "colour",
    "x ",
    "=x",
    7,
)


def owned_view():
    """A view with attributes of a user's own, called as formats call theirs."""
    graph = nx.Graph()
    for number in range(30):
        graph.add_node(f"n{number}", **node(f"N{number}"))
        graph.nodes[f"n{number}"].update(dict.fromkeys(OWN_NAMES, f"own {number}"))
        graph.nodes[f"n{number}"]["huge"] = 2**64 + number
    for number in range(29):
        graph.add_edge(f"n{number}", f"n{number + 1}", **link(1))
        graph.edges[f"n{number}", f"n{number + 1}"].update(dict.fromkeys(OWN_NAMES, "own"))
    return view_of(graph)


def test_columns_of_a_user_keep_their_rows_whatever_they_are_called(tmp_path):
    write_tables(owned_view(), tmp_path / "graph.csv")
    nodes, links = read(tmp_path / "graph.nodes.csv"), read(tmp_path / "graph.links.csv")
    assert (len(nodes), len(links)) == (30, 29)
    for rows, value in ((nodes, "own 0"), (links, "own")):
        names = [name.lower() for name in rows[0]]
        assert len(set(names)) == len(names)
        assert sum(cell == value for cell in rows[0].values()) == len(OWN_NAMES)
        assert not [name for name in names if re.search("interval|timestamp|timeset", name)]
    assert nodes[0]["Id"] == "n0"
    assert nodes[0]["huge"] == f"'{2**64}"
    assert (links[0]["Source"], links[0]["Type"], links[0]["Weight"]) == ("n0", "Undirected", "1.0")


@given(views())
def test_any_text_comes_back_clean_and_on_one_line(tmp_path_factory, view):
    folder = tmp_path_factory.mktemp("tables")
    write_tables(view, folder / "graph.csv")
    nodes, links = read(folder / "graph.nodes.csv"), read(folder / "graph.links.csv")
    ids = dict(zip(view.graph, unique_ids(view.graph), strict=True))
    assert [plain(row["Id"]) for row in nodes] == list(ids.values())
    assert [plain(row["Label"]) for row in nodes] == [
        text_of(d["label"]) or ids[n] for n, d in view.graph.nodes(data=True)
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
    assert list(node_lines(nasty_view())) == list(node_lines(nasty_view()))
    assert list(link_lines(nasty_view())) == list(link_lines(nasty_view()))
