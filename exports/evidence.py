"""The best evidence of each link, found in one pass over the papers: the one place that decides which sentence a file shows.

Of all places where papers name both nodes, the best is, in this order: one sentence that names both, of a paper whose roles say the
link's kind, with words of that kind near the names ("outperforms", "built on"); any other sentence that names both before two that
name one each; the shortest way between the two names, in characters; the earlier paper (without a year: last); the smaller paper
id; the earlier place in the paper. The order in which the papers come does not matter.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import networkx as nx

from kg.graph.schema import LinkKind
from kg.graph.view import EvidenceLength
from kg.graph.wording import nearest_spans, says, shows_kind
from kg.records import MarkedPaper

__all__ = ["Evidence", "best_evidence"]

LONGEST = 600
"""Characters of a sentence that are kept whole; of a longer one, what is near the names."""
AROUND = 150
"""Characters kept before and after a name in a sentence that is too long."""
SHORT = 160
"""Characters of short evidence, about."""
UNKNOWN_YEAR = 10_000
GAP = " […] "

Span = tuple[int, int]
Mark = tuple[int, int, int, int]
"""Start and end of a name, start and end of its sentence."""


class Evidence(NamedTuple):
    """Why two nodes are linked: the sentence that names both, or the two that name one each. Smaller is better."""

    sentences: int
    """0 for one that shows the link's kind, 1 for one, 2 for two."""
    distance: int
    """Characters between the two names."""
    year: int
    """The paper's year, ``UNKNOWN_YEAR`` where it has none."""
    paper: str
    """The paper's id."""
    title: str
    """'' where the evidence is short."""
    texts: tuple[str, ...]
    """The sentences in their order; of very long ones, and where the evidence is short, the stretches around the names."""

    def __str__(self) -> str:
        """Return the sentences with title and year of the paper, or its id, for formats that hold one string."""
        if not self.title:
            return f"{GAP.join(self.texts)} — {self.paper}"
        year = "" if self.year == UNKNOWN_YEAR else f" ({self.year})"
        said = GAP.join(self.texts)
        return f"{said}{year}" if said == self.title else f"{said} — {self.title}{year}"


def best_evidence(
    graph: nx.Graph, papers: Iterable[MarkedPaper], length: EvidenceLength = EvidenceLength.FULL
) -> dict[int, Evidence]:
    """Return the best evidence of every link of the graph that a paper shows.

    The keys are those of ``link_key``: whole numbers take a third of the memory of pairs of ids.
    """
    if length is EvidenceLength.NONE:
        return {}
    short = length is EvidenceLength.SHORT
    number = {node: n for n, node in enumerate(graph)}
    best: dict[int, Evidence] = {}
    for marked in papers:
        paper = marked.paper
        year = UNKNOWN_YEAR if paper.year is None else paper.year
        shared: dict[tuple[str, ...], tuple[str, ...]] = {}
        for one, other, sentences, distance, marks in _places(graph, marked):
            key = link_key(number[one], number[other], len(number))
            old = best.get(key)
            if old is None or (sentences, distance, year, paper.id) < old[:4]:
                texts = _short_texts(paper.text, marks) if short else _texts(paper.text, marks)
                best[key] = Evidence(
                    sentences,
                    distance,
                    year,
                    paper.id,
                    "" if short else paper.title,
                    shared.setdefault(texts, texts),
                )
    return best


def link_key(one: int, other: int, nodes: int) -> int:
    """Return the number of a link between two of so many nodes, given by their places in the graph; the order is all the same.

    >>> link_key(2, 5, 10), link_key(5, 2, 10)
    (25, 25)
    """
    return one * nodes + other if one < other else other * nodes + one


Place = tuple[str, str, int, int, tuple[Mark, Mark]]
"""Two nodes, in how many sentences they are (0: in one that shows their kind), the distance of their names, and their marks."""


def _places(graph: nx.Graph, marked: MarkedPaper) -> Iterator[Place]:
    """Yield the place of each link of the graph in a paper that proves it best."""
    roles = dict(marked.roles)
    for place in _nearest(marked):
        one, other = place[:2]
        if graph.has_edge(one, other):
            kind = graph[one][other].get("kind", LinkKind.MENTION)
            ends = roles.get(one), roles.get(other)
            said = says(kind, *ends) or says(kind, *reversed(ends))
            yield (said and _showing(marked, one, other, kind)) or place


def _showing(marked: MarkedPaper, one: str, other: str, kind: str) -> Place | None:
    """Return the place in a sentence that names both nodes with words of a kind near them, the nearest of several."""
    found = []
    for sentence in marked.sentences:
        spans = nearest_spans(sentence, one, other)
        if spans is not None and shows_kind(marked.paper.text, sentence, *spans, kind):
            first, second = sorted(spans)
            bounds = (sentence.start, sentence.end)
            found.append((second[0] - first[1], ((*first, *bounds), (*second, *bounds))))
    return (one, other, 0, *min(found)) if found else None


def _nearest(marked: MarkedPaper) -> Iterator[Place]:
    """Yield each pair of nodes of a paper with the two marks that prove it best.

    The marks are read in order; the nearest mark of another node before a mark is the last one seen of that node, so that
    one look at each node seen before is enough.
    """
    seen: dict[str, Mark] = {}
    found: dict[tuple[str, str], tuple[int, int, tuple[Mark, Mark]]] = {}
    for sentence in sorted(marked.sentences):
        for start, end, node in sentence.spans:
            mark = (start, end, sentence.start, sentence.end)
            for other, before in seen.items():
                if other != node:
                    pair = (node, other) if node < other else (other, node)
                    sentences, distance = (
                        1 if before[2] == sentence.start else 2,
                        max(0, start - before[1]),
                    )
                    old = found.get(pair)
                    if old is None or (sentences, distance) < old[:2]:
                        found[pair] = (sentences, distance, (before, mark))
            seen[node] = mark
    for (one, other), (sentences, distance, marks) in found.items():
        yield one, other, sentences, distance, marks


def _texts(text: str, marks: tuple[Mark, Mark]) -> tuple[str, ...]:
    """Return the sentences of two marks, as one text where nothing stands between; of very long ones, the stretches around the marks."""
    spans = []
    for start, end, sentence_start, sentence_end in marks:
        if sentence_end - sentence_start > LONGEST:
            spans.append((max(sentence_start, start - AROUND), min(sentence_end, end + AROUND)))
        else:
            spans.append((sentence_start, sentence_end))
    (start, end), (second, last) = spans
    between = text[end:second]
    near = (
        second < end + AROUND
        if marks[0][2] == marks[1][2]
        else not between.strip() and "\n" not in between
    )
    return (
        (text[min(start, second) : max(end, last)],)
        if near
        else (text[start:end], text[second:last])
    )


def _short_texts(text: str, marks: tuple[Mark, Mark]) -> tuple[str, ...]:
    """Return about ``SHORT`` characters around two marks, which come in their order: one text, or two where they are far apart."""
    (start, end, first, first_end), (second, last, other, other_end) = marks
    if first == other and last - start <= SHORT:
        room = (SHORT - (last - start)) // 2
        return (_cut(text, (start - room, last + room), (start, last), (first, first_end)),)
    room = max(0, SHORT - (end - start) - (last - second)) // 4
    return (
        _cut(text, (start - room, end + room), (start, end), (first, first_end)),
        _cut(text, (second - room, last + room), (second, last), (other, other_end)),
    )


def _cut(text: str, wanted: Span, kept: Span, sentence: Span) -> str:
    """Return what is wanted of a sentence in whole words, with an ellipsis where it was cut; what is kept is in it."""
    start, end = max(wanted[0], sentence[0]), min(wanted[1], sentence[1])
    before, after = "", ""
    if start > sentence[0]:
        start, before = min(kept[0], text.find(" ", start, kept[0]) + 1 or kept[0]), "…"
    if end < sentence[1]:
        end, after = max(kept[1], text.rfind(" ", kept[1], end)), "…"
    return f"{before}{text[start:end]}{after}"
