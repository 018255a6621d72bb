"""Pajek (.net): vertices with labels, positions and colours, and weighted edges; also read by VOSviewer, networkx, igraph and UCINET.

Labels stand for nodes in networkx, so nodes of one label have their ids behind it. Positions lie between 0 and 1, downwards.

Keeps nodes, labels, positions, links and their weights. Loses everything else; Pajek has files of their own for communities.
"""

from collections.abc import Iterator
from pathlib import Path

from exports.columns import distinct_labels, link_columns, link_rows, node_columns, node_rows
from exports.files import atomic_write
from exports.palette import colour_of
from exports.provenance import provenance_line
from kg.graph.view import EvidenceLength, GraphView

__all__ = ["generate_pajek", "write_pajek"]

QUOTED = str.maketrans({'"': "'", "\\": "\u2216"})
"""What a label cannot hold, and what stands for it."""


def write_pajek(view: GraphView, path: Path) -> None:
    """Write the view to a file that appears whole or not at all."""
    with atomic_write(path) as stream:
        stream.writelines(generate_pajek(view))


def generate_pajek(view: GraphView) -> Iterator[str]:
    """Yield the lines of the file."""
    graph = view.graph
    rows = list(node_rows(graph, node_columns(graph)))
    extent = max((abs(_number(row.values.get(axis))) for row in rows for axis in "xy"), default=0.0)
    number = {row.id: place for place, row in enumerate(rows, start=1)}
    yield f"*Network {provenance_line(view)}\n*Vertices {len(rows)}\n"
    for row, label in zip(rows, distinct_labels(rows), strict=True):
        x, y = (_number(row.values.get(axis)) / (2 * extent or 1.0) for axis in "xy")
        colour = colour_of(row.values.get("community")).removeprefix("#").upper()
        name = label.translate(QUOTED)
        yield f'{number[row.id]} "{name}" {0.5 + x:.4f} {0.5 - y:.4f} ellipse ic RGB{colour}\n'
    yield "*Edges\n"
    for link in link_rows(view, link_columns(graph, EvidenceLength.NONE)):
        weight = link.values.get("weight", 1.0)
        yield f"{number[link.source]} {number[link.target]} {weight}\n"


def _number(value: object) -> float:
    return value if isinstance(value, float) else 0.0
