"""VOSviewer's own files (.vosviewer.txt): a map file and a network file, for the program and for VOSviewer Online.

One path makes two files: ``graph.vosviewer.txt`` gives ``graph.map.txt`` and ``graph.network.txt``; they appear together. Columns are
separated by tabs. Clusters are the communities, weights papers and mentions, scores years and PageRank; the network file has two
ids, numbers from 1, and the number of papers on each line.

Keeps nodes, labels, positions, communities, counts, links and their weights. Loses ids, other attributes and the evidence.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from exports.columns import Value, as_text, link_columns, link_rows, node_columns, node_rows
from exports.files import atomic_write_all, table_paths, written
from kg.graph.view import EvidenceLength, GraphView

__all__ = ["map_lines", "network_lines", "text_paths", "write_vosviewer_text"]

SUFFIX = ".vosviewer"
MOST_CLUSTERS = 1000
"""Of more VOSviewer knows nothing."""
COLUMNS = {
    "papers": "weight<Papers>",
    "mentions": "weight<Mentions>",
    "first_year": "score<First year>",
    "last_year": "score<Last year>",
    "pagerank": "score<PageRank>",
}
QUOTED = str.maketrans({'"': "'"})
"""A quotation mark would begin a cell that goes on over tabs."""


def write_vosviewer_text(view: GraphView, path: Path) -> None:
    """Write the two files of a view, which appear whole and together, or not at all."""
    paths = text_paths(path)
    with atomic_write_all(*paths) as parts:
        for part, target, lines in zip(parts, paths, (map_lines, network_lines), strict=True):
            with written(part, target) as stream:
                stream.writelines(lines(view))


def text_paths(path: Path) -> tuple[Path, Path]:
    """Return the files that are written for a path.

    >>> [str(one) for one in text_paths(Path("graph.vosviewer.txt"))]
    ['graph.map.txt', 'graph.network.txt']
    """
    plain = path.with_name(path.name.replace(f"{SUFFIX}.", "."))
    return table_paths(plain, ("map", "network"))


def map_lines(view: GraphView) -> Iterator[str]:
    """Yield the lines of the map file, the header first."""
    rows = list(node_rows(view.graph, node_columns(view.graph)))
    extent = max((abs(_number(row.values.get(axis))) for row in rows for axis in "xy"), default=0.0)
    yield "\t".join(["id", "label", "x", "y", "cluster", *COLUMNS.values()]) + "\n"
    for number, row in enumerate(rows, start=1):
        x, y = (f"{_number(row.values.get(axis)) / (extent or 1.0):.4f}" for axis in "xy")
        label = as_text(row.values["label"]).translate(QUOTED)
        cells = [_cell(row.values, name) for name in COLUMNS]
        yield "\t".join([str(number), label, x, y, _cluster(row.values), *cells]) + "\n"


def network_lines(view: GraphView) -> Iterator[str]:
    """Yield the lines of the network file, which has no header."""
    graph = view.graph
    number = {row.id: n for n, row in enumerate(node_rows(graph, {}), start=1)}
    for link in link_rows(view, link_columns(graph, EvidenceLength.NONE)):
        weight = link.values.get("weight", 1.0)
        yield f"{number[link.source]}\t{number[link.target]}\t{weight}\n"


def _cluster(values: Mapping[str, Value]) -> str:
    community = values.get("community")
    if isinstance(community, int) and 0 <= community < MOST_CLUSTERS:
        return str(community + 1)
    return ""


def _cell(values: Mapping[str, Value], name: str) -> str:
    return as_text(values[name]) if name in values else ""


def _number(value: object) -> float:
    return value if isinstance(value, float) else 0.0
