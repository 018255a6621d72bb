"""Methods against data: in how many papers each method is evaluated on each dataset or benchmark, or uses it."""

from collections import Counter
from dataclasses import dataclass

import networkx as nx

from kg.records import EntityType

__all__ = ["KINDS", "Cell", "Matrix", "find_matrix"]

KINDS = ("evaluated", "uses", "papers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A method and a dataset or benchmark that at least one paper mentions together."""

    method: str
    data: str
    method_label: str
    data_label: str
    evaluated: int
    """Papers that evaluate the one on the other."""
    uses: int
    """Papers in which something new of the two uses the other."""
    papers: int
    """Papers that mention both."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """The pairs of methods and data, and which come first."""

    cells: tuple[Cell, ...]
    """By kind, most papers first; only those of the kind that was asked for."""
    methods: tuple[str, ...]
    """Labels, those of most papers of the kind first."""
    data: tuple[str, ...]
    """Labels, those of most papers of the kind first."""
    counts: dict[tuple[str, str], int]
    """Papers of the kind by labels of method and data."""


def find_matrix(graph: nx.Graph, *, kind: str = "evaluated") -> Matrix:
    """Return the matrix of a graph.

    Args:
        graph: with the attributes of ``kg.graph.schema``.
        kind: what a cell counts: ``evaluated``, ``uses`` or ``papers`` (that mention both, whatever they say).

    Raises:
        ValueError: if the kind is another.
    """
    if kind not in KINDS:
        message = f"{kind!r}: a matrix counts one of {', '.join(KINDS)}"
        raise ValueError(message)
    cells = sorted(
        (cell for cell in _cells(graph) if getattr(cell, kind)),
        key=lambda cell: (-getattr(cell, kind), -cell.papers, cell.method, cell.data),
    )
    methods: Counter[str] = Counter()
    data: Counter[str] = Counter()
    counts: dict[tuple[str, str], int] = {}
    for cell in cells:
        count = getattr(cell, kind)
        methods[cell.method_label] += count
        data[cell.data_label] += count
        counts[cell.method_label, cell.data_label] = count
    return Matrix(tuple(cells), _most(methods), _most(data), counts)


def _most(counts: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(counts, key=lambda label: (-counts[label], label)))


def _cells(graph: nx.Graph) -> list[Cell]:
    found = []
    for one, two, link in graph.edges(data=True):
        method, data = (one, two) if graph.nodes[one]["type"] == EntityType.METHOD else (two, one)
        kinds = graph.nodes[method]["type"], graph.nodes[data]["type"]
        if kinds[0] == EntityType.METHOD and kinds[1] in {EntityType.DATASET, EntityType.BENCHMARK}:
            labels = (graph.nodes[method]["label"], graph.nodes[data]["label"])
            found.append(Cell(
                method=method, data=data, method_label=labels[0], data_label=labels[1],
                evaluated=link["evaluated"], uses=link["uses"], papers=link["papers"],
            ))  # fmt: skip
    return found
