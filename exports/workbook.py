"""A workbook (.xlsx) of five sheets: nodes, links, communities, papers, and what the file says of itself.

Texts are texts, whatever they look like, and run no formula; numbers are numbers; lists are joined by " | ". XlsxWriter writes it row by
row, so memory does not grow with it.

Keeps nodes, links, all attributes, the best sentence of each link, and which paper mentions what. Loses the other sentences.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any

import networkx as nx
import xlsxwriter

from exports.columns import (
    Value,
    as_text,
    link_columns,
    link_headers,
    link_rows,
    node_columns,
    node_headers,
    node_rows,
)
from exports.files import atomic_write_all, one_line, written_bytes
from exports.provenance import provenance, provenance_line
from kg.errors import ExportError
from kg.graph.view import GraphView

__all__ = ["write_workbook"]

MOST_ROWS = 1_048_575
"""Rows of a sheet, without the header."""
MOST_CHARACTERS = 32_767
"""Of a cell."""
STRONGEST = 10
"""Nodes that are named of a community."""
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - no clock: the same graph gives the same bytes
PAPER = ("id", "title", "year", "venue", "doi", "url", "nodes")

Cell = Value | None


def write_workbook(view: GraphView, path: Path) -> None:
    """Write the view to a file that appears whole or not at all.

    Raises:
        ExportError: if there are more rows than a sheet can hold, or the file cannot be written.
    """
    links = view.graph.number_of_edges()
    if links > MOST_ROWS:
        message = f"{path}: {links:,} links; a sheet holds {MOST_ROWS:,}: keep fewer, as with --min-link 2, or take .csv or .parquet"
        raise ExportError(message)
    with (
        atomic_write_all(path) as (part,),
        written_bytes(part, path) as stream,
        TemporaryFile() as whole,  # a packed file cannot be written out of order
    ):
        book = xlsxwriter.Workbook(whole, OPTIONS)
        book.set_properties({"created": MADE, "comments": provenance_line(view)})
        bold = book.add_format({"bold": True})
        for name, rows in _sheets(view):
            _fill(book.add_worksheet(name), rows, bold)
        book.close()
        whole.seek(0)
        copyfileobj(whole, stream)


def _sheets(view: GraphView) -> Iterator[tuple[str, Iterable[Sequence[Cell]]]]:
    yield "nodes", _nodes(view)
    yield "links", _links(view)
    yield "communities", _communities(view.graph)
    yield "papers", islice(_papers(view), MOST_ROWS + 1)
    yield "about", provenance(view).items()


def _fill(sheet: Any, rows: Iterable[Sequence[Cell]], bold: object) -> None:  # noqa: ANN401 - untyped library
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell is None:
                continue
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                sheet.write_number(number, place, cell)
            else:
                text = as_text(cell)[:MOST_CHARACTERS]
                sheet.write_string(number, place, text, None if number else bold)
    sheet.freeze_panes(1, 0)


def _nodes(view: GraphView) -> Iterator[Sequence[Cell]]:
    columns = node_columns(view.graph)
    yield ["id", *node_headers(columns, {"id"}).values()]
    for row in node_rows(view.graph, columns):
        yield [row.id, *map(row.values.get, columns)]


def _links(view: GraphView) -> Iterator[Sequence[Cell]]:
    columns = link_columns(view.graph, view.evidence)
    labels = {
        row.id: row.values["label"] for row in node_rows(view.graph, node_columns(view.graph))
    }
    own = ["source", "target", "source_label", "target_label"]
    yield [*own, *link_headers(columns, own).values()]
    for row in link_rows(view, columns):
        ends = [row.source, row.target, labels[row.source], labels[row.target]]
        yield [*ends, *map(row.values.get, columns)]


def _communities(graph: nx.Graph) -> Iterator[Sequence[Cell]]:
    members: dict[int, list[tuple[int, str]]] = {}
    names: dict[int, str] = {}
    for node, data in graph.nodes(data=True):
        if (number := data.get("community")) is not None:
            label = one_line(str(data.get("label") or node))
            members.setdefault(number, []).append((-int(data.get("papers", 0)), label))
            names.setdefault(number, one_line(str(data.get("community_name", ""))))
    yield ["community", "name", "nodes", "strongest"]
    for number, own in sorted(members.items()):
        strongest = tuple(label for _, label in sorted(own)[:STRONGEST])
        yield [number, names[number] or None, len(own), strongest]


def _papers(view: GraphView) -> Iterator[Sequence[Cell]]:
    labels = {node: one_line(str(label or node)) for node, label in view.graph.nodes(data="label")}
    yield PAPER
    for marked in view.papers():
        paper = marked.paper
        named = tuple(labels[node] for node in marked.nodes if node in labels)
        texts = [one_line(text or "") or None for text in (paper.venue, paper.doi, paper.url)]
        yield [one_line(paper.id), one_line(paper.title), paper.year, *texts, named]
