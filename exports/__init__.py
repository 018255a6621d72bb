"""Graph in, files out: one format, one module. The only package that imports pyvis."""

from collections.abc import Callable
from pathlib import Path

from exports.graphml import write_graphml
from exports.html import write_html
from kg.errors import UnknownFormatError
from kg.view import GraphView

__all__ = ["FORMATS", "write"]

FORMATS: dict[str, Callable[[GraphView, Path], None]] = {
    ".graphml": write_graphml,
    ".html": write_html,
}


def write(view: GraphView, path: Path) -> None:
    """Write a view in the format that the suffix of the path names.

    Raises:
        UnknownFormatError: if the suffix is none that kg knows.
        ExportError: if the file cannot be written.
    """
    writer = FORMATS.get(path.suffix.lower())
    if writer is None:
        message = f"{path}: unknown format {path.suffix or '(no suffix)'!r}; one of {' '.join(sorted(FORMATS))}"
        raise UnknownFormatError(message)
    writer(view, path)
