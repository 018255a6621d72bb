"""Formats records as lines of text. Nothing here reads a store or writes to a stream."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import networkx as nx

from kg.analysis.card import DATA, Said, Section
from kg.analysis.matrix import Matrix
from kg.records import MarkedPaper, MarkedSentence, Paper

__all__ = [
    "bars",
    "card_lines",
    "cut",
    "evidence_lines",
    "kind_lines",
    "link_lines",
    "matrix_lines",
    "paper_line",
    "rest_line",
    "strong_lines",
]

BARS = " ▁▂▃▄▅▆▇█"


def bars(course: Sequence[float | None]) -> str:
    """Return a series as a sparkline, scaled to its maximum; a dot marks a missing value."""
    top = max((share for share in course if share is not None), default=0.0) or 1.0
    return "".join("·" if share is None else BARS[round(8 * share / top)] for share in course)


def paper_line(paper: Paper) -> str:
    """Return a paper's title, year and id."""
    return f"{paper.title} ({paper.year or 'no year'}) [{paper.id}]"


def evidence_lines(marked: MarkedPaper, sentences: Iterable[MarkedSentence]) -> Iterator[str]:
    """Yield a paper's heading and some of its sentences, with names in brackets."""
    yield ""
    yield paper_line(marked.paper)
    for sentence in sentences:
        yield f"  {_bracketed(marked.paper.text, sentence)}"


def _bracketed(text: str, sentence: MarkedSentence) -> str:
    out, done = "", sentence.start
    for start, end, _ in sentence.spans:
        out += f"{text[done:start]}[{text[start:end]}]"
        done = end
    return " ".join((out + text[done : sentence.end]).split())


def link_lines(graph: nx.Graph, links: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[str]:
    """Yield one line per neighbour, with its link."""
    for node, link in links:
        data = graph.nodes[node]
        counts = f"{link['papers']:>5} papers  {link['sentences']:>5} in one sentence"
        kind = "" if link["kind"] == "mention" else link["kind"]
        yield f"{counts}  q {link['q']:<8.2g}  {kind:<9}  {data['label']} [{data['type']}]"


LINK_PHRASES = {
    "evaluated": "evaluated on",
    "compared": "compared with",
    "uses": "uses",
    "is-a": "is a kind of",
}
"""How each kind of link reads between its two ends, in its direction."""


def strong_lines(graph: nx.Graph, links: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield one line per link: its papers, and its two ends in the direction of its kind."""
    for one, two in links:
        link = graph[one][two]
        ends = (one, two) if link["direction"] >= 0 else (two, one)
        left, right = (graph.nodes[node]["label"] for node in ends)
        of_data = all(graph.nodes[node]["type"] in DATA for node in ends)
        said = 0 if of_data else max(link[kind] for kind in ("evaluated", "compared", "uses"))
        kind = "mention" if of_data else link["kind"]
        words = f"{LINK_PHRASES[kind]} ({said})" if said else LINK_PHRASES.get(kind, "with")
        yield f"  {link['papers']:>5}  {left} — {words} — {right}"


def kind_lines(graph: nx.Graph, one: str, two: str) -> Iterator[str]:
    """Yield a line with the number of papers for each kind of a link, if any are known."""
    counts = {kind: graph[one][two][kind] for kind in ("evaluated", "compared", "uses")}
    told = [f"{kind} in {count}" for kind, count in counts.items() if count]
    if told:
        yield f"what papers say: {', '.join(told)}"


def card_lines(
    kinds: Sequence[str],
    sections: Iterable[Section],
    source: Paper | None,
    number: int | None,
    papers: Mapping[str, Paper] | None = None,
) -> Iterator[str]:
    """Yield a node's card: its broader kinds, the paper that introduced it, and its sections.

    Each section lists its nodes by year, newest first, and their papers if these are given.
    """
    if kinds:
        yield f"a kind of {', '.join(kinds)}"
    if source is not None:
        yield f"introduced by {paper_line(source)}"
    for section in sections:
        yield ""
        yield f"{section.heading}: {len(section.nodes):,}"
        for year, nodes in cut(section.by_year(), number):
            shown = cut(nodes, number)
            more = f"{len(nodes) - len(shown):,} more"
            if not papers:
                names = ", ".join(_said(one) for one in shown)
                yield f"  {year or 'no year'}  {names}" + (
                    f", … {more}" if len(shown) < len(nodes) else ""
                )
                continue
            yield f"  {year or 'no year'}"
            for one in shown:
                yield f"    {one.label}"
                yield from (f"      {paper_line(papers[paper])}" for _, paper in one.papers)
            if len(shown) < len(nodes):
                yield f"    … {more}"


def _said(one: Said) -> str:
    return one.label + (f" ({len(one.papers)})" if len(one.papers) > 1 else "")


def matrix_lines(matrix: Matrix, number: int) -> Iterator[str]:
    """Yield a table of the first methods against the first data; its columns are named below."""
    methods, data = matrix.methods[:number], matrix.data[:number]
    width = max((len(label) for label in methods), default=0)
    yield " " * width + "".join(f"{place:>6}" for place in range(1, len(data) + 1))
    for method in methods:
        counts = (matrix.counts.get((method, column), 0) or "·" for column in data)
        yield f"{method:<{width}}" + "".join(f"{count:>6}" for count in counts)
    yield ""
    yield from (f"{place:>4}  {label}" for place, label in enumerate(data, 1))


def cut(rows: Sequence[Any], number: int | None) -> Sequence[Any]:
    """Return the first ``number`` rows, or all of them for None."""
    return rows if number is None else rows[:number]


def rest_line(what: str, total: int, number: int | None) -> list[str]:
    """Return a line saying how many rows are not shown, if any."""
    if number is None or total <= number:
        return []
    return [f"  … {total - number:,} more {what} (-n sets the number, --all shows all)"]
