"""The co-occurrence matrix (.csv): how many papers mention both nodes, a row and a column for each node.

On the diagonal is how many papers mention the node. Labels name rows and columns; nodes of one label have their ids behind it. The
first cell is empty, by which Gephi sees a matrix. Written by the rules of ``exports.csv_text``.
"""

from collections.abc import Iterator
from pathlib import Path

from exports.columns import distinct_labels, node_columns, node_rows
from exports.csv_text import BOM, csv_line
from exports.files import atomic_write
from kg.errors import ExportError
from kg.graph.view import GraphView

__all__ = ["matrix_lines", "write_cooccurrence"]

MOST_NODES = 5000
"""25 million cells."""


def write_cooccurrence(view: GraphView, path: Path) -> None:
    """Write the matrix of a view to a file that appears whole or not at all.

    Raises:
        ExportError: if there are more nodes than a matrix can hold, or the file is no .csv or cannot be written.
    """
    if not path.name.lower().removesuffix(".gz").endswith(".csv"):
        message = f"{path}: a co-occurrence matrix is a .csv or .csv.gz"
        raise ExportError(message)
    if len(view.graph) > MOST_NODES:
        message = f"{path}: {len(view.graph):,} nodes; a matrix holds {MOST_NODES:,} at most: keep fewer, as with --max-nodes 500"
        raise ExportError(message)
    with atomic_write(path) as stream:
        stream.write(BOM)
        stream.writelines(matrix_lines(view))


def matrix_lines(view: GraphView) -> Iterator[str]:
    """Yield the lines of the matrix, the header first."""
    graph = view.graph
    labels = distinct_labels(list(node_rows(graph, node_columns(graph))))
    place = {node: number for number, node in enumerate(graph)}
    yield csv_line([None, *labels])
    for node, label in zip(graph, labels, strict=True):
        row = [0] * len(place)
        for other, data in graph[node].items():
            row[place[other]] = int(data.get("papers", 1))
        row[place[node]] = int(graph.nodes[node].get("papers", 0))
        yield csv_line([label, *row])
