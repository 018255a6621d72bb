"""What an exporter is given: a graph, the papers that prove it, and what it leaves out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import networkx as nx

from kg.records import MarkedPaper, Merge

__all__ = ["EvidenceLength", "Findings", "GraphView"]


class EvidenceLength(StrEnum):
    """How much of the best evidence of a link a file holds."""

    FULL = "full"
    """The sentence, or the two sentences, with title and year of the paper."""
    SHORT = "short"
    """What stands around the two names, about 160 characters, with the paper's id."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Findings:
    """What the commands say of a whole graph, best first."""

    strongest: Sequence[tuple[str, str]] = ()
    """The strongest links without those of two data sets."""
    data: Sequence[tuple[str, str]] = ()
    """The strongest links of two datasets or benchmarks."""
    gaps: Sequence[tuple[str, str, float, Sequence[str]]] = ()
    """A method, a dataset or benchmark that no paper mentions with it, a score, and labels of what they share."""


@dataclass(frozen=True, slots=True)
class GraphView:
    """A graph to show or write, with its evidence."""

    graph: nx.Graph
    """Node and link attributes as documented in ``kg.graph.assemble``; nodes and links in sorted order."""
    papers: Callable[[], Iterator[MarkedPaper]]
    """Each call reads the papers anew, sorted by id, with marks of the graph's nodes only."""
    merges: Callable[[], Iterator[Merge]]
    """Each call reads the ledger of the graph's nodes anew, sorted."""
    all_nodes: int
    """How many nodes the unfiltered graph has."""
    all_links: int
    """How many links the unfiltered graph has."""
    rule: str = ""
    """In words, what was kept where the view is a part; '' for the whole graph."""
    corpus_papers: int = 0
    """How many papers the unfiltered graph was made from."""
    thesaurus: str = ""
    """The digest of the user's thesaurus, '' where there is none."""
    reader: str = ""
    """The fingerprint of what read the papers: model, lexicon, code and libraries; '' where it is not known."""
    evidence: EvidenceLength | None = None
    """How much evidence links are to have; None leaves it to the format."""
    draw: Callable[[], nx.Graph] | None = None
    """Gives the part of the settled graph that a picture of it draws at first, with positions of its own; None: all of it."""
    name: str = ""
    """Of the corpus; '' where it has none."""
    findings: Callable[[], Findings] = Findings
    """Tells what the commands say of the whole settled graph; nothing where there is no store to ask."""
    strata: Mapping[tuple[str, int], int] = field(default_factory=dict)
    """How many papers of the corpus each venue ('' for none) has in each year; empty where that is not known."""
