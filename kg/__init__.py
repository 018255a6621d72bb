"""kg: from research abstracts to a knowledge graph of methods, datasets and benchmarks.

build_graph     build a ``networkx.Graph`` from papers
open_project    open a built project: its nodes, links, papers, mentions and evidence
read_papers     read papers from files, folders and data frames
extract         find what each paper mentions, without building a graph
flatten         copy a graph so that networkx's own writers accept it
Filters         select part of a graph

>>> import kg
>>> graph = kg.build_graph("papers.jsonl")  # doctest: +SKIP
"""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.api import (
        Project,
        Rows,
        build_graph,
        extract,
        flatten,
        open_project,
        read_papers,
    )
    from kg.errors import (
        ClusterError,
        CorpusError,
        ExportError,
        FetchError,
        KGError,
        StoreError,
        ThesaurusError,
        UnknownFormatError,
        UnknownNodeError,
        WorkerError,
    )
    from kg.graph.filters import Filters
    from kg.project import page
    from kg.records import Entity, EntityType, Extraction, Mention, Paper, Role

__all__ = [
    "ClusterError",
    "CorpusError",
    "Entity",
    "EntityType",
    "ExportError",
    "Extraction",
    "FetchError",
    "Filters",
    "KGError",
    "Mention",
    "Paper",
    "Project",
    "Role",
    "Rows",
    "StoreError",
    "ThesaurusError",
    "UnknownFormatError",
    "UnknownNodeError",
    "WorkerError",
    "__version__",
    "build_graph",
    "extract",
    "flatten",
    "open_project",
    "page",
    "read_papers",
]

try:
    __version__ = version("kg-abstracts")
except PackageNotFoundError:  # running from a source tree that is not installed
    __version__ = "0+unknown"


def _refuse_namesakes() -> None:
    """Raise an error if a module of the caller's shadows one of kg's two sister packages."""
    for name in ("exports", "pipelines"):
        found = find_spec(name)
        origin = None if found is None else found.origin
        if origin is None or Path(origin).parents[1] != Path(__file__).parents[1]:
            message = (
                f"{origin or name + ' (not found)'} shadows kg's own package {name!r}; "
                "rename it, or run from another folder"
            )
            raise ImportError(message)


_refuse_namesakes()
_HOMES = {
    "Filters": "kg.graph.filters",
    "build_graph": "kg.project",
    "page": "kg.project",
    "read_papers": "kg.corpus",
}
_HOMES |= dict.fromkeys(
    ("Entity", "EntityType", "Extraction", "Mention", "Paper", "Role"), "kg.records"
)
_HOMES |= dict.fromkeys((name for name in __all__ if name.endswith("Error")), "kg.errors")


def __getattr__(name: str) -> object:
    """Load a public name on first use: importing everything at once would take a second."""
    if name in __all__:
        return getattr(import_module(_HOMES.get(name, "kg.api")), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
