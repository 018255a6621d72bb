"""The best evidence of each link, found in one pass over the papers.

One sentence that names both nodes is better than two; then the shorter way between the two names; then the paper that
comes first by id. Where no sentence names both, the first sentence of each stands for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import networkx as nx

from kg.model import MarkedPaper, MarkedSentence

__all__ = ["Evidence", "best_evidence"]


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """Why two nodes are linked: the sentence that names both, or the two that name one each."""

    distance: float
    """Characters between the two names; infinite where they stand in two sentences."""
    paper: str
    title: str
    sentences: tuple[str, ...]

    def __str__(self) -> str:
        """Return the sentences and the title of the paper, for formats that hold one string."""
        return f"{' […] '.join(self.sentences)} — {self.title}"


def best_evidence(graph: nx.Graph, papers: Iterable[MarkedPaper]) -> dict[tuple[str, str], Evidence]:
    """Return the best evidence of every link of the graph; keys are the ends in order."""
    best: dict[tuple[str, str], Evidence] = {}
    for paper in papers:
        for pair, found in _evidence_of(paper).items():
            if graph.has_edge(*pair) and (pair not in best or found < best[pair]):
                best[pair] = found
    return best


def _evidence_of(paper: MarkedPaper) -> dict[tuple[str, str], Evidence]:
    """Return the best evidence that one paper gives for each pair of its nodes."""
    text, title = paper.paper.text, paper.paper.title
    found: dict[tuple[str, str], Evidence] = {}
    first: dict[str, MarkedSentence] = {}
    for sentence in paper.sentences:
        for _, _, node in sentence.marks:
            first.setdefault(node, sentence)
        for pair, distance in _distances(sentence).items():
            evidence = Evidence(distance, paper.paper.id, title, (text[sentence.start : sentence.end],))
            if pair not in found or evidence < found[pair]:
                found[pair] = evidence
    for pair in combinations(sorted(first), 2):
        if pair not in found:
            both = tuple(text[s.start : s.end] for s in sorted({first[pair[0]], first[pair[1]]}))
            found[pair] = Evidence(float("inf"), paper.paper.id, title, both)
    return found


def _distances(sentence: MarkedSentence) -> dict[tuple[str, str], float]:
    """Return the shortest way between the marks of each pair of nodes in a sentence."""
    nearest: dict[tuple[str, str], float] = {}
    for (_, end, one), (start, _, other) in combinations(sentence.marks, 2):
        if one != other:
            pair = (min(one, other), max(one, other))
            nearest[pair] = min(nearest.get(pair, float("inf")), max(0.0, float(start - end)))
    return nearest
