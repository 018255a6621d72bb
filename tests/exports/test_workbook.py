"""A workbook holds nodes, links, communities and papers, and runs no formula."""

import networkx as nx
import openpyxl
import pytest
from graphs import nasty_view, node, view_of
from records import small_view

import exports
from exports import workbook
from exports.columns import unique_ids
from exports.files import one_line
from kg.errors import ExportError


def sheets(path):
    """The rows of each sheet as dictionaries, and every cell's type."""
    book = openpyxl.load_workbook(path)
    rows = {sheet.title: [[cell.value for cell in row] for row in sheet] for sheet in book}
    types = {cell.data_type for sheet in book for row in sheet for cell in row}
    return {
        title: [dict(zip(found[0], row, strict=True)) for row in found[1:]]
        for title, found in rows.items()
    }, types


def test_every_sheet_is_there(tmp_path):
    view = small_view()
    exports.write(view, tmp_path / "graph.xlsx")
    found, _ = sheets(tmp_path / "graph.xlsx")
    assert list(found) == ["nodes", "links", "communities", "papers", "about"]
    assert [row["id"] for row in found["nodes"]] == list(view.graph)
    assert found["nodes"][1]["aliases"] == "GAN | GANs"
    link = found["links"][0]
    assert (link["source"], link["target_label"], link["papers"]) == (
        "bert",
        "generative adversarial network",
        2,
    )
    assert link["evidence"] == "BERT and GANs. — A survey (2020)"
    assert found["communities"][0]["nodes"] == len(view.graph)
    assert [row["id"] for row in found["papers"]] == ["p1", "p2", "p3"]
    assert found["papers"][0]["nodes"] == "BERT | GLUE | SQuAD"


def test_texts_are_texts_and_no_formula(tmp_path):
    view = nasty_view()
    exports.write(view, tmp_path / "graph.xlsx")
    found, types = sheets(tmp_path / "graph.xlsx")
    assert types <= {"s", "n", "inlineStr"}
    ids = dict(zip(view.graph, unique_ids(view.graph), strict=True))
    assert [row["label"] for row in found["nodes"]] == [
        one_line(data["label"])[:32_767] or ids[name] for name, data in view.graph.nodes(data=True)
    ]


def test_more_links_than_a_sheet_has_rows_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 7)
    with pytest.raises(ExportError, match=r"8 links; a sheet holds 7: keep fewer"):
        exports.write(small_view(), tmp_path / "graph.xlsx")


@pytest.mark.parametrize("name", ["graph.xlsx", "graph.xlsx.gz"])
def test_the_same_graph_gives_the_same_bytes(tmp_path, name):
    graph = nx.Graph()
    graph.add_node("a", **node())
    written = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        exports.write(view_of(graph), tmp_path / folder / name)
        written.append((tmp_path / folder / name).read_bytes())
    assert written[0] == written[1]
