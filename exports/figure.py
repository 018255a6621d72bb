"""A figure for print: where discs, lines and words of a graph go on a page, for any program that draws.

Lengths are in points (1/72 inch) from the upper left corner. The picture is as wide as the text of a page of A4; nodes stand as in every
format and are coloured by community, links take the mixed colours of their ends. Labels of the nodes of most papers are placed one by
one, the first where they are wanted, each beside its node and on no other label. Below stand the legend and what is shown.
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import networkx as nx

from exports.columns import NodeRow, as_text, node_columns, node_rows
from exports.files import one_line
from exports.palette import COMMUNITIES, REST, colour_of, rgb
from exports.provenance import provenance_line
from kg.graph.view import GraphView

__all__ = ["Disc", "Figure", "Line", "Words", "draw_figure"]

WIDTH = 480.0
EDGE = 8.0
"""Room around everything."""
SMALLEST = 0.6
"""The radius of the smallest disc."""
MOST_LINKS = 5000
"""Of more links, the strongest are drawn: more are a grey area in print."""
MOST_LABELS = 70
LETTER = 0.62
"""The width of a letter over the size of the type, on average."""
SMALL, LARGE = 6.5, 11.0
"""Sizes of type."""
LEGEND, NOTE = 8.0, 7.0
ROW = 12.0
LONGEST = 44
"""Letters of the name of a community."""
GREY, INK = "#666666", "#1a1a1a"


class Line(NamedTuple):
    """A straight line."""

    start: tuple[float, float]
    end: tuple[float, float]
    width: float
    colour: str


class Disc(NamedTuple):
    """A filled circle."""

    x: float
    y: float
    radius: float
    colour: str


class Words(NamedTuple):
    """A line of text. Its height is centred at ``y``."""

    x: float
    y: float
    size: float
    text: str
    anchor: str
    """Where ``x`` is: ``start``, ``middle`` or ``end``."""
    colour: str = INK


class Figure(NamedTuple):
    """All that is drawn, in this order: lines, discs, words."""

    height: float
    lines: Sequence[Line]
    discs: Sequence[Disc]
    words: Sequence[Words]
    description: str
    width: float = WIDTH


def draw_figure(view: GraphView) -> Figure:
    """Return the figure of a view."""
    rows = [row for row in node_rows(view.graph, node_columns(view.graph)) if _is_placed(row)]
    discs, height = _discs(rows)
    names = [node for node, data in view.graph.nodes(data=True) if {"x", "y"} <= data.keys()]
    places = dict(zip(names, discs, strict=True)) if len(names) == len(discs) else {}
    lines, drawn = _lines(view.graph, places)
    legend_discs, legend_words, bottom = _legend(view, rows, height, drawn)
    return Figure(
        bottom + EDGE,
        lines,
        [*sorted(discs, key=lambda disc: -disc.radius), *legend_discs],
        [*_labels(rows, discs, height), *legend_words],
        provenance_line(view),
    )


def _is_placed(row: NodeRow) -> bool:
    return "x" in row.values and "y" in row.values


def _discs(rows: Sequence[NodeRow]) -> tuple[list[Disc], float]:
    """Return a disc for each node, and where the picture ends."""
    if not rows:
        return [], EDGE
    sizes = [_number(row, "size") or 1.0 for row in rows]
    xs, ys = ([_number(row, axis) for row in rows] for axis in "xy")
    left = min(x - size for x, size in zip(xs, sizes, strict=True))
    right = max(x + size for x, size in zip(xs, sizes, strict=True))
    top = max(y + size for y, size in zip(ys, sizes, strict=True))
    low = min(y - size for y, size in zip(ys, sizes, strict=True))
    scale = (WIDTH - 2 * EDGE) / max(right - left, top - low)
    across = EDGE + (WIDTH - 2 * EDGE - scale * (right - left)) / 2
    discs = [
        Disc(
            across + scale * (x - left),
            EDGE + scale * (top - y),
            max(SMALLEST, scale * size),
            colour_of(row.values.get("community")),
        )
        for row, x, y, size in zip(rows, xs, ys, sizes, strict=True)
    ]
    return discs, EDGE + scale * (top - low)


def _number(row: NodeRow, name: str) -> float:
    value = row.values.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


def _lines(graph: nx.Graph, places: dict[str, Disc]) -> tuple[list[Line], int]:
    """Return the strongest links, the weakest first, and how many they are."""
    links = [
        (float(weight), min(ends), max(ends))
        for *ends, weight in graph.edges(data="weight", default=1.0)
        if ends[0] != ends[1] and ends[0] in places and ends[1] in places
    ]
    links.sort(key=lambda link: (-link[0], link[1], link[2]))
    strongest = links[0][0] if links else 1.0
    found = []
    for weight, one, other in reversed(links[:MOST_LINKS]):
        start, end = places[one], places[other]
        width = 0.25 + 1.5 * math.sqrt(max(0.0, weight) / strongest) * (strongest > 1)
        found.append(
            Line((start.x, start.y), (end.x, end.y), width, _mixed(start.colour, end.colour))
        )
    return found, len(found)


def _mixed(one: str, other: str) -> str:
    return "#" + "".join(f"{(a + b) // 2:02x}" for a, b in zip(rgb(one), rgb(other), strict=True))


def _labels(rows: Sequence[NodeRow], discs: Sequence[Disc], height: float) -> Iterator[Words]:
    """Yield the labels that have room, those of the nodes of most papers first."""
    order = sorted(range(len(rows)), key=lambda n: (-_number(rows[n], "papers"), rows[n].id))
    most = math.sqrt(max((_number(row, "papers") for row in rows), default=1.0) or 1.0)
    taken: list[tuple[float, float, float, float]] = []
    for n in order[:MOST_LABELS]:
        size = SMALL + (LARGE - SMALL) * math.sqrt(_number(rows[n], "papers")) / most
        words = as_text(rows[n].values["label"])
        for one in _beside(discs[n], words, size):
            box = _box(one)
            inside = box[0] >= 0 and box[2] <= WIDTH and box[1] >= 0 and box[3] <= height
            if inside and not any(_meet(box, other) for other in taken):
                taken.append(box)
                yield one
                break


def _beside(disc: Disc, text: str, size: float) -> Iterator[Words]:
    """Yield where a label may stand: in its disc if it is as large, right, left, below, above."""
    if LETTER * size * len(text) < 1.9 * disc.radius:
        yield Words(disc.x, disc.y, size, text, "middle")
    gap = disc.radius + 1.5
    yield Words(disc.x + gap, disc.y, size, text, "start")
    yield Words(disc.x - gap, disc.y, size, text, "end")
    yield Words(disc.x, disc.y + gap + size / 2, size, text, "middle")
    yield Words(disc.x, disc.y - gap - size / 2, size, text, "middle")


def _box(words: Words) -> tuple[float, float, float, float]:
    width = LETTER * words.size * len(words.text)
    left = words.x - {"start": 0.0, "middle": width / 2, "end": width}[words.anchor]
    return left, words.y - words.size / 2, left + width, words.y + words.size / 2


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _legend(
    view: GraphView, rows: Sequence[NodeRow], height: float, drawn: int
) -> tuple[list[Disc], list[Words], float]:
    """Return discs and words of the legend, and where it ends: communities in two columns, sizes, what is shown."""
    discs: list[Disc] = []
    words: list[Words] = []
    y = height + ROW
    entries = _communities(rows)
    for number, (colour, text) in enumerate(entries):
        x = EDGE + (number % 2) * WIDTH / 2
        discs.append(Disc(x + 4, y + (number // 2) * ROW, 3.5, colour))
        words.append(Words(x + 12, y + (number // 2) * ROW, LEGEND, text, "start"))
    y += math.ceil(len(entries) / 2) * ROW
    links = view.graph.number_of_edges()
    shown = f"the {drawn:,} strongest of {links:,} links" if drawn < links else f"{links:,} links"
    papers = f" of {view.corpus_papers:,} papers" if view.corpus_papers else ""
    note = f"{len(view.graph):,} nodes, {shown}{papers}. Size: papers that mention it."
    parts = [note, *([f"Kept: {one_line(view.rule)}."] if view.rule else [])]
    for part in parts:
        words.append(Words(EDGE, y, NOTE, part, "start", GREY))
        y += ROW
    return discs, words, y - ROW / 2


def _communities(rows: Sequence[NodeRow]) -> list[tuple[str, str]]:
    """Return colour and name of each community that has a colour, and of the rest, with numbers of nodes."""
    counts: dict[int, int] = {}
    names: dict[int, str] = {}
    for row in rows:
        number = row.values.get("community")
        if isinstance(number, int):
            counts[number] = counts.get(number, 0) + 1
            names.setdefault(number, as_text(row.values.get("community_name", f"{number}")))
    named = [n for n in sorted(counts) if n < len(COMMUNITIES) and counts[n] > 1]
    entries = [(COMMUNITIES[n], f"{_cut(names[n])} ({counts[n]:,})") for n in named]
    rest = len(rows) - sum(counts[n] for n in named)
    return [*entries, (REST, f"smaller communities ({rest:,})")] if rest else entries


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
