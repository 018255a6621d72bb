"""Graph in, files out: one format, one module. The only package that imports pyvis."""

from collections.abc import Callable, Iterator
from pathlib import Path

from exports.columns import brief_evidence
from exports.cooccurrence import write_cooccurrence
from exports.cypher import write_cypher
from exports.cytoscape import write_cytoscape
from exports.drawing import write_drawing
from exports.files import PACKED, table_paths
from exports.gexf import write_gexf
from exports.graphml import write_graphml
from exports.node_link import read_node_link, write_node_link
from exports.pajek import write_pajek
from exports.parquet import write_parquet
from exports.svg import write_svg
from exports.tables import write_tables
from exports.turtle import write_turtle
from exports.vosviewer import write_vosviewer
from exports.vosviewer_text import text_paths, write_vosviewer_text
from kg.errors import UnknownFormatError
from kg.graph.view import EvidenceLength, GraphView

__all__ = [
    "FORMATS",
    "cautions",
    "format_of",
    "read_node_link",
    "write",
    "write_cooccurrence",
    "written_paths",
]


def _write_workbook(view: GraphView, path: Path) -> None:
    """Write the workbook; its library is loaded only for it."""
    from exports.workbook import write_workbook  # noqa: PLC0415 - see above

    write_workbook(view, path)


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
    ".net": write_pajek,
    ".parquet": write_parquet,
    ".pdf": write_drawing,
    ".png": write_drawing,
    ".svg": write_svg,
    ".ttl": write_turtle,
    ".vosviewer.json": write_vosviewer,
    ".vosviewer.txt": write_vosviewer_text,
    ".xlsx": _write_workbook,
}
TWO_FILES = {".csv": table_paths, ".parquet": table_paths, ".vosviewer.txt": text_paths}
FEW = 3
"""VOSviewer shows nothing of fewer nodes."""


def write(view: GraphView, path: Path) -> None:
    """Write a view in the format that the suffix of the path names; with ``.gz`` behind it, packed.

    Raises:
        UnknownFormatError: if the suffix is none that kg knows.
        ExportError: if the file cannot be written.
    """
    FORMATS[format_of(path)](view, path)


def format_of(path: Path) -> str:
    """Return the key of ``FORMATS`` that a path's name ends with, the longest if several do.

    Raises:
        UnknownFormatError: if there is none.

    >>> format_of(Path("graph.vosviewer.json")), format_of(Path("a.b.JSON.gz"))
    ('.vosviewer.json', '.json')
    """
    name = path.name.lower().removesuffix(PACKED)
    found = [suffix for suffix in FORMATS if name.endswith(suffix) and len(name) > len(suffix)]
    if not found:
        known = " ".join(sorted(FORMATS))
        suffix = Path(name).suffix or "(no suffix)"
        message = (
            f"{path}: unknown format {suffix!r}; one of {known}, with {PACKED} behind it if wanted"
        )
        raise UnknownFormatError(message)
    return max(found, key=len)


def written_paths(path: Path) -> tuple[Path, ...]:
    """Return the files that ``write`` makes for a path: CSV and Parquet are two tables.

    >>> [str(one) for one in written_paths(Path("a.parquet"))]
    ['a.nodes.parquet', 'a.links.parquet']
    """
    paths = TWO_FILES.get(format_of(path))
    return (path,) if paths is None else paths(path)


def cautions(view: GraphView, path: Path) -> Iterator[str]:
    """Yield what a user should know of the file that is written for a path, a line each."""
    suffix = format_of(path)
    if suffix.startswith(".vosviewer") and len(view.graph) < FEW:
        yield f"VOSviewer shows no map of fewer than {FEW} nodes"
    silent = brief_evidence(view.graph) is EvidenceLength.NONE
    if suffix in {".gexf", ".graphml"} and view.evidence is None and silent:
        yield f"no evidence is in a file of so many links; --evidence {EvidenceLength.SHORT} writes it"
