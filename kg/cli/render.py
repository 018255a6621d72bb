"""What commands print: records in, lines of text out. Nothing here reads a store or writes a stream."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import networkx as nx

from kg.records import MarkedPaper, MarkedSentence, Paper

__all__ = ["bars", "cut", "evidence_lines", "link_lines", "paper_line", "rest_line"]

BARS = " ▁▂▃▄▅▆▇█"


def bars(course: Sequence[float | None]) -> str:
    """Return a course as a row of bars; a dot where there is no figure."""
    top = max((share for share in course if share is not None), default=0.0) or 1.0
    return "".join("·" if share is None else BARS[round(8 * share / top)] for share in course)


def paper_line(paper: Paper) -> str:
    """Return a paper's title, year and id."""
    return f"{paper.title} ({paper.year or 'no year'}) [{paper.id}]"


def evidence_lines(marked: MarkedPaper, sentences: Iterable[MarkedSentence]) -> Iterator[str]:
    """Yield a paper's heading and the given sentences of it, names in brackets."""
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
    """Yield a line for each neighbour with its link."""
    for node, link in links:
        data = graph.nodes[node]
        counts = f"{link['papers']:>5} papers  {link['sentences']:>5} in one sentence"
        yield f"{counts}  q {link['q']:<8.2g}  {data['label']} [{data['type']}]"


def cut(rows: Sequence[Any], number: int | None) -> Sequence[Any]:
    """Return the first of some rows; all of them for None."""
    return rows if number is None else rows[:number]


def rest_line(what: str, total: int, number: int | None) -> list[str]:
    """Return a line that says how many rows are not shown, if any are."""
    if number is None or total <= number:
        return []
    return [f"  … {total - number:,} more {what}; --all shows them, -n sets how many"]
