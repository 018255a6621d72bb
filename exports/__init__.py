"""Graph in, files out: one format, one module. The only package that imports pyvis."""

from collections.abc import Callable
from pathlib import Path

from exports.cypher import write_cypher
from exports.cytoscape import write_cytoscape
from exports.gexf import write_gexf
from exports.graphml import write_graphml
from exports.node_link import read_node_link, write_node_link
from exports.parquet import write_parquet
from exports.tables import table_paths, write_tables
from exports.turtle import write_turtle
from exports.vosviewer import write_vosviewer
from kg.errors import UnknownFormatError
from kg.graph.view import GraphView

__all__ = ["FORMATS", "format_of", "read_node_link", "write", "written_paths"]


def _write_html(view: GraphView, path: Path) -> None:
    """Write the page; pyvis takes half a second to load, which other formats need not wait for."""
    from exports.html import write_html  # noqa: PLC0415 - see above

    write_html(view, path)


FORMATS: dict[str, Callable[[GraphView, Path], None]] = {
    ".csv": write_tables,
    ".cyjs": write_cytoscape,
    ".cypher": write_cypher,
    ".gexf": write_gexf,
    ".graphml": write_graphml,
    ".html": _write_html,
    ".json": write_node_link,
    ".parquet": write_parquet,
    ".ttl": write_turtle,
    ".vosviewer.json": write_vosviewer,
}
TWO_FILES = frozenset({".csv", ".parquet"})


def write(view: GraphView, path: Path) -> None:
    """Write a view in the format that the suffix of the path names.

    Raises:
        UnknownFormatError: if the suffix is none that kg knows.
        ExportError: if the file cannot be written.
    """
    FORMATS[format_of(path)](view, path)


def format_of(path: Path) -> str:
    """Return the key of ``FORMATS`` that a path's name ends with, the longest if several do.

    Raises:
        UnknownFormatError: if there is none.

    >>> format_of(Path("graph.vosviewer.json")), format_of(Path("a.b.JSON"))
    ('.vosviewer.json', '.json')
    """
    found = [
        suffix
        for suffix in FORMATS
        if path.name.lower().endswith(suffix) and len(path.name) > len(suffix)
    ]
    if not found:
        message = f"{path}: unknown format {path.suffix or '(no suffix)'!r}; one of {' '.join(sorted(FORMATS))}"
        raise UnknownFormatError(message)
    return max(found, key=len)


def written_paths(path: Path) -> tuple[Path, ...]:
    """Return the files that ``write`` makes for a path: CSV and Parquet are two tables.

    >>> [str(one) for one in written_paths(Path("a.parquet"))]
    ['a.nodes.parquet', 'a.links.parquet']
    """
    return table_paths(path) if format_of(path) in TWO_FILES else (path,)
