"""The Python API: a project's graph, and its nodes, links, papers, mentions and evidence as rows.

>>> import kg
>>> project = kg.open_project("kg-out")  # doctest: +SKIP
>>> project.links("BERT").to_pandas().head()  # doctest: +SKIP
"""

import functools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import networkx as nx

from kg import project as steps
from kg.corpus import read_papers
from kg.errors import KGError, StoreError
from kg.graph.assemble import read_graph
from kg.graph.filters import Filters, filter_graph, find_node
from kg.project import build_graph
from kg.records import Extraction, MarkedPaper, Paper
from kg.storage.store import Store

if TYPE_CHECKING:
    from exports.html import Framed

__all__ = ["Project", "Rows", "build_graph", "extract", "flatten", "open_project", "read_papers"]

LIST_SEPARATOR = " | "


class Rows(tuple[Mapping[str, Any], ...]):
    """Rows of a table: a tuple of mappings that can be turned into a data frame.

    Two are equal if their rows are. A key missing from a row means that its value is unknown.
    """

    __slots__ = ()

    def to_pandas(self) -> Any:  # noqa: ANN401 - pandas is not required
        """Return a ``pandas.DataFrame`` with one column per key, in order of first appearance.

        Raises:
            KGError: if pandas is not installed.
        """
        return _import_library("pandas").DataFrame(list(self))

    def to_polars(self) -> Any:  # noqa: ANN401 - polars is not required
        """Return a ``polars.DataFrame`` with one column per key, in order of first appearance.

        Raises:
            KGError: if polars is not installed.
        """
        return _import_library("polars").from_dicts(list(self), infer_schema_length=None)


class Project:
    """A built project, read-only. Every call reopens the store, so a build may run meanwhile.

    Refer to nodes by id, label or alias, in any spelling; an unknown name raises
    ``UnknownNodeError``.
    """

    def __init__(self, path: str | Path) -> None:
        """Take a build's output folder, or its store file.

        Raises:
            StoreError: if there is no store.
        """
        given = Path(path)
        self.path = given / steps.STORE if given.is_dir() else given
        if not self.path.exists():
            message = f"{self.path}: no such store; make one with kg.build_graph(…, output=…)"
            raise StoreError(message)

    def __repr__(self) -> str:
        """Return the call that opens this project."""
        return f"open_project({str(self.path)!r})"

    def _store(self) -> Store:
        return Store(self.path, read_only=True)

    @functools.cached_property
    def graph(self) -> nx.Graph:
        """The whole graph, read once and cached; ``kg.graph.schema`` lists its attributes."""
        with self._store() as store:
            return read_graph(store)

    def find(self, name: str) -> str:
        """Return the id of the node with this id, label or alias."""
        return find_node(self.graph, name)

    def nodes(self) -> Rows:
        """Return every node with its attributes, sorted by number of papers, most first."""
        rows = [{"id": node, **data} for node, data in self.graph.nodes(data=True)]
        return Rows(sorted(rows, key=lambda row: (-row["papers"], row["id"])))

    def links(self, node: str | None = None) -> Rows:
        """Return all links, or one node's, with their attributes, sorted by papers, most first."""
        found = self.graph.edges(None if node is None else [self.find(node)], data=True)
        rows = [
            {"source": min(one, two), "target": max(one, two), **data} for one, two, data in found
        ]
        return Rows(sorted(rows, key=lambda row: (-row["papers"], row["source"], row["target"])))

    def papers(self, node: str | None = None) -> Rows:
        """Return all papers, or those that mention a node, sorted by id."""
        with self._store() as store:
            if node is None:
                return Rows(map(_paper_row, store.papers()))
            return Rows(
                _paper_row(one.paper) for one in store.graph.marked_papers({self.find(node)})
            )

    def mentions(self, node: str | None = None) -> Rows:
        """Return all mentions, or one node's: paper, half-open text offsets, surface and node."""
        with self._store() as store:
            wanted = None if node is None else {self.find(node)}
            return Rows(
                row for paper in store.graph.marked_papers(wanted) for row in _mention_rows(paper)
            )

    def evidence(self, node: str, other: str | None = None) -> Rows:
        """Return the sentences that name a node, or that justify a link.

        Args:
            node: the node.
            other: a second node. Only papers that mention both then count; each gives the
                sentences that name both or, if there are none, those that name either.

        Returns:
            Rows with ``paper``, ``title``, ``year``, ``sentence`` (its text) and ``spans``:
            (start, end, node), with half-open offsets into the sentence.
        """
        wanted = {self.find(name) for name in (node, other) if name is not None}
        with self._store() as store:
            return Rows(
                row
                for one in store.graph.marked_papers(wanted)
                for row in _evidence_rows(one, wanted)
            )

    def filter(self, filters: Filters | None = None, **conditions: Any) -> nx.Graph:  # noqa: ANN401 - the fields of Filters
        """Return the part of the graph that the filters keep.

        Pass a ``Filters`` record, or its fields as keyword arguments.

        >>> open_project("kg-out").filter(min_papers=3, around="BERT")  # doctest: +SKIP
        """
        return filter_graph(self.graph, filters or Filters(**conditions))

    def export(self, target: str | Path, filters: Filters | None = None) -> tuple[Path, ...]:
        """Write the graph, or the part that the filters keep, and return the files written.

        The suffix of the target determines the format.
        """
        return steps.export(self.path, Path(target), filters or Filters()).paths

    def page(self, filters: Filters | None = None, *, height: int = 720) -> "Framed":
        """Return the page for a notebook, where it displays as the value of a cell.

        Args:
            filters: the part of the graph to show.
            height: of the frame, in pixels.
        """
        return steps.page(self.path, filters, height=height)


def open_project(path: str | Path = "kg-out") -> Project:
    """Open a built project, given its build's output folder or its store file.

    Raises:
        StoreError: if there is no store.
    """
    return Project(path)


def extract(
    inputs: str | Path | Iterable[Any], *, jobs: int | None = None
) -> Iterator[tuple[Paper, Extraction]]:
    """Yield each paper with what was found in it, in order, without building a graph.

    Args:
        inputs: anything ``read_papers`` accepts: files and folders, papers, mappings, a data frame.
        jobs: number of reader processes, by default one per core.
    """
    several = [inputs] if isinstance(inputs, str | Path) else list(inputs)
    return steps.extract_papers(read_papers(several), jobs=jobs)


def flatten(graph: nx.Graph) -> nx.Graph:
    """Return a copy whose attributes are strings, numbers or booleans; lists are joined by " | ".

    networkx's writers reject lists; ``nx.write_graphml(kg.flatten(graph), "graph.graphml")`` works.
    """
    flat = graph.copy()
    for data in [
        *(data for _, data in flat.nodes(data=True)),
        *(data for *_, data in flat.edges(data=True)),
    ]:
        data.update(
            {
                name: LIST_SEPARATOR.join(map(str, value))
                for name, value in data.items()
                if isinstance(value, list | tuple)
            }
        )
    return flat


def _import_library(library: str) -> ModuleType:
    try:
        return __import__(library)
    except ImportError as error:
        message = f"{library} is not installed; install it, or use the rows as plain mappings"
        raise KGError(message) from error


def _paper_row(paper: Paper) -> Mapping[str, Any]:
    values = {name: getattr(paper, name) for name in Paper.__slots__}
    return {name: value for name, value in values.items() if value not in {None, ()}}


def _mention_rows(marked: MarkedPaper) -> Iterator[Mapping[str, Any]]:
    text = marked.paper.text
    for sentence in marked.sentences:
        for start, end, node in sentence.spans:
            yield {
                "paper": marked.paper.id,
                "start": start,
                "end": end,
                "surface": text[start:end],
                "node": node,
            }


def _evidence_rows(marked: MarkedPaper, wanted: set[str]) -> Iterator[Mapping[str, Any]]:
    if len(marked.nodes) < len(wanted):
        return
    named = [(sentence, {node for *_, node in sentence.spans}) for sentence in marked.sentences]
    together = [sentence for sentence, nodes in named if nodes == wanted]
    for sentence in together or marked.sentences:
        yield {
            "paper": marked.paper.id,
            "title": marked.paper.title,
            "year": marked.paper.year,
            "sentence": marked.paper.text[sentence.start : sentence.end],
            "spans": [
                (start - sentence.start, end - sentence.start, node)
                for start, end, node in sentence.spans
            ],
        }
