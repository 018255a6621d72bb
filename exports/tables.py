"""Two CSV tables (.csv): nodes and links, as Gephi's spreadsheet import, pandas, R and spreadsheets read them.

One path makes two files: ``graph.csv`` gives ``graph.nodes.csv`` and ``graph.links.csv``; they appear together. The column names
``Id``, ``Label``, ``Source``, ``Target``, ``Type``, ``Weight`` are those that Gephi knows; the others are those of the graph. UTF-8, comma,
a header line, an empty cell for what is absent, lists joined by " | ".

A text that a spreadsheet would take for a formula (it begins with ``= + - @``) gets an apostrophe before it; so does a text with an apostrophe before such a character, so that taking one away always gives the text. Numbers stay numbers.

Keeps nodes, links, all attributes, the best sentence of each link and its paper. Loses the other evidence, and in Gephi the picture:
positions, sizes and colours are columns there.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from exports.columns import Value, as_text, link_columns, link_rows, node_columns, node_rows
from exports.files import atomic_write_all
from exports.palette import colour_of
from kg.graph.view import GraphView

__all__ = ["FORMULA", "link_table", "node_table", "table_paths", "write_tables"]

FORMULA = re.compile("'*[=+\\-@\uff1d\uff0b\uff0d\uff20]")
"""How a text begins that a spreadsheet takes for a formula; the last four are the wide forms of the first."""
NODE_NAMES = {"label": "Label"}
LINK_NAMES = {"weight": "Weight"}


def write_tables(view: GraphView, path: Path) -> None:
    """Write the two tables of a view to files that appear whole and together, or not at all."""
    with atomic_write_all(*table_paths(path)) as (nodes, links):
        for part, table in ((nodes, node_table(view)), (links, link_table(view))):
            with part.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream, lineterminator="\n").writerows(table)


def table_paths(path: Path) -> tuple[Path, Path]:
    """Return the files of the nodes and of the links that are written for a path; either of them stands for both.

    >>> [str(one) for one in table_paths(Path("graph.csv"))]
    ['graph.nodes.csv', 'graph.links.csv']
    """
    stem = path.stem.removesuffix(".nodes").removesuffix(".links")
    return path.with_name(f"{stem}.nodes{path.suffix}"), path.with_name(
        f"{stem}.links{path.suffix}"
    )


def node_table(view: GraphView) -> Iterator[list[str]]:
    """Yield the rows of the table of nodes, the header first."""
    columns = node_columns(view.graph)
    yield ["Id", *_header(columns, NODE_NAMES), "colour"]
    for node in node_rows(view.graph, columns):
        yield [
            _cell(node.id),
            *(_cell(node.values.get(name)) for name in columns),
            colour_of(node.values.get("community")),
        ]


def link_table(view: GraphView) -> Iterator[list[str]]:
    """Yield the rows of the table of links, the header first."""
    columns = link_columns(view.graph)
    yield ["Source", "Target", "Type", "Id", *_header(columns, LINK_NAMES)]
    for link in link_rows(view, columns):
        yield [
            _cell(link.source),
            _cell(link.target),
            "Undirected",
            link.id,
            *(_cell(link.values.get(name)) for name in columns),
        ]


def _header(columns: Iterable[str], names: dict[str, str]) -> list[str]:
    return [_cell(names.get(name, name)) for name in columns]


def _cell(value: Value | None) -> str:
    if value is None:
        return ""
    text = as_text(value)
    return f"'{text}" if isinstance(value, str | tuple) and FORMULA.match(text) else text
