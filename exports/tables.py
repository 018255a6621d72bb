"""Two CSV tables (.csv): nodes and links, as Gephi's spreadsheet import, pandas, DuckDB, R and spreadsheets read them.

One path makes two files: ``graph.csv`` gives ``graph.nodes.csv`` and ``graph.links.csv``; they appear together. The column names
``Id``, ``Label``, ``Source``, ``Target``, ``Type``, ``Weight`` are those that Gephi knows; the others are those of the graph, but
for the kind of a link: Gephi makes layers of a column ``kind``, so it is ``link_kind``. How cells are written is told in
``exports.csv_text``.

Keeps nodes, links, all attributes, the best sentence of each link and its paper. Loses the other evidence, and in Gephi the picture:
positions, sizes and colours are columns there.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from exports.columns import (
    Kind,
    link_columns,
    link_headers,
    link_rows,
    node_columns,
    node_headers,
    node_rows,
)
from exports.csv_text import BOM, csv_line
from exports.files import atomic_write_all, table_paths, written
from exports.palette import colour_of
from kg.graph.view import GraphView

__all__ = ["link_lines", "node_lines", "write_tables"]

NODE_NAMES = {"label": "Label"}
LINK_NAMES = {"weight": "Weight", "kind": "link_kind"}
TIME = re.compile("(inter)(val)|(time)(stamp|set)", re.IGNORECASE)
"""Names of columns whose texts Gephi reads as times."""


def write_tables(view: GraphView, path: Path) -> None:
    """Write the two tables of a view to files that appear whole and together, or not at all."""
    paths = table_paths(path)
    with atomic_write_all(*paths) as parts:
        for part, target, lines in zip(parts, paths, (node_lines, link_lines), strict=True):
            with written(part, target) as stream:
                stream.write(BOM)
                stream.writelines(lines(view))


def node_lines(view: GraphView) -> Iterator[str]:
    """Yield the lines of the table of nodes, the header first."""
    columns = node_columns(view.graph)
    names = node_headers(columns, {"id", "colour"}, NODE_NAMES)
    yield csv_line(["Id", *_without_time(names, columns), "colour"])
    for node in node_rows(view.graph, columns):
        colour = colour_of(node.values.get("community"))
        yield csv_line([node.id, *map(node.values.get, columns), colour])


def link_lines(view: GraphView) -> Iterator[str]:
    """Yield the lines of the table of links, the header first."""
    columns = link_columns(view.graph, view.evidence)
    names = link_headers(columns, {"source", "target", "type", "id", "kind"}, LINK_NAMES)
    yield csv_line(["Source", "Target", "Type", "Id", *_without_time(names, columns)])
    for link in link_rows(view, columns):
        values = map(link.values.get, columns)
        yield csv_line([link.source, link.target, "Undirected", link.id, *values])


def _without_time(names: Mapping[str, str], columns: Mapping[str, Kind]) -> Iterator[str]:
    for column, name in names.items():
        text = columns[column] in {Kind.STRING, Kind.STRINGS}
        yield TIME.sub(r"\1\3_\2\4", name) if text else name
