"""What a page holds, as a small text for the first picture and packed blobs that its scripts inflate when they need them.

Nodes have numbers: the most papers first. Papers have numbers too: the newest first, those without a year last. What the page
knows of links it counts from ``incidence``, papers x nodes: that takes a fraction of the room of the links and gives back each of them
with its papers, its years and what the roles of its ends say. Only where a view has other links than its papers give (a filter took
some) are they held as a list.

Blobs, deflated: ``incidence`` (numbers of seven bits a byte), ``roles`` (a byte for each of its entries), ``together`` (which nodes
share a sentence), ``links`` (only where needed), ``nodes`` and ``papers`` (columns), ``strata`` (papers by venue and year), ``findings``
(what the whole graph tells: strongest links, bridges, gaps), ``names-K`` and ``sentences-K`` (blocks).
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import networkx as nx
import numpy as np
import orjson
from numpy.typing import NDArray

from exports.files import blanked, clean
from exports.palette import DARK, LIGHT
from kg.graph.statistics import seen_upper_tail
from kg.graph.view import GraphView
from kg.records import EntityType, MarkedPaper, Merge

__all__ = ["PAPERS_A_BLOCK", "PageData", "marked_sentences", "page_data", "varints"]

PAPERS_A_BLOCK, NODES_A_BLOCK = 256, 2048
MOST_PAPERS = 100_000
"""Of more papers a page holds the sentences of those that prove the links best, so that a browser can open it."""
DIGITS = 6
"""Of numbers on the page: all of them would double its size."""
ROLES = ("", "new", "evaluated", "compared", "studied", "used", "other")
"""By their codes; the first where nothing is known."""
CURVE = 256
"""Points of the curve that leads from p to q."""
MOST_BRIDGES = 30
PICTURE_COLUMNS = ("label", "type", "x", "y", "size", "pagerank", "betweenness")
NODE_COLUMNS = ("type", "papers", "mentions", "first_year", "last_year", "community", "area")


@dataclass(frozen=True, slots=True)
class PageData:
    """What a page holds."""

    picture: nx.Graph
    """What is drawn at first."""
    graph: dict[str, object]
    """What the first picture needs."""
    blobs: dict[str, bytes]
    """The rest by name, deflated."""
    papers: tuple[str, ...]
    """The ids of the papers as the store has them, in the page's order."""
    numbers: Mapping[str, int]
    """The number of each node."""


class _Held(NamedTuple):
    """A paper that the page holds; the order is that of the page."""

    newest: int
    id: str
    year: int | None
    title: str
    venue: str
    url: str
    doi: str
    nodes: tuple[int, ...]
    roles: bytes
    together: tuple[tuple[int, ...], ...]
    """For each sentence with several nodes, their places in ``nodes``."""
    sentences: bytes
    stored: str
    """The id as the store has it."""


def page_data(view: GraphView, *, sentences: bool = True) -> PageData:
    """Return what the page of a view holds, without sentences if it can ask for them. The papers are packed before the graph is waited for."""
    order = sorted(view.graph, key=lambda node: (-_papers(view.graph, node), node))
    number = {node: n for n, node in enumerate(order)}
    papers = sorted(_held(view.papers(), number, sentences=sentences))
    blobs = (
        _paper_blobs(papers)
        | (_sentence_blobs(papers) if sentences else {})
        | _name_blobs(view.merges(), number)
    )
    listed = _listed_links(view.graph, papers, number)
    picture = view.graph if view.draw is None else view.draw()
    blobs = {
        "incidence": blobs.pop("incidence"),
        **listed,
        "nodes": _nodes(view.graph, order),
        "strata": pack([[clean(venue), year, n] for (venue, year), n in view.strata.items()]),
        "findings": pack(_findings(view, number)),
        **blobs,
    }
    return PageData(
        picture,
        _graph(view, picture, order, papers, listed=bool(listed)),
        blobs,
        tuple(paper.stored for paper in papers),
        number,
    )


def _papers(graph: nx.Graph, node: str) -> int:
    return int(graph.nodes[node]["papers"])


def pack(value: object) -> bytes:
    """Return a value as deflated JSON."""
    return zlib.compress(orjson.dumps(value), 9)


def varints(values: Iterable[int] | NDArray[np.int64]) -> bytes:
    r"""Return numbers from 0 as bytes of seven bits each, the lowest first; all but a number's last have the eighth set.

    >>> varints([1, 127, 128, 300])
    b'\x01\x7f\x80\x01\xac\x02'
    """
    numbers = np.fromiter(values, np.uint64) if not isinstance(values, np.ndarray) else values
    groups = numbers.astype(np.uint64)[:, None] >> (np.arange(5, dtype=np.uint64) * np.uint64(7))
    more = np.zeros(groups.shape, bool)
    more[:, :-1] = groups[:, 1:] > 0
    used = np.ones(groups.shape, bool)
    used[:, 1:] = groups[:, 1:] > 0
    packed: bytes = (
        ((groups & np.uint64(127)) + more * np.uint64(128)).astype(np.uint8)[used].tobytes()
    )
    return packed


def _held(
    papers: Iterable[MarkedPaper], number: Mapping[str, int], *, sentences: bool
) -> Iterator[_Held]:
    for marked in papers:
        nodes = tuple(sorted(number[node] for node in marked.nodes if node in number))
        if not nodes:
            continue
        place = {node: k for k, node in enumerate(nodes)}
        told = marked_sentences(marked, number)
        together = []
        for _, marks in told:
            named = sorted({place[mark[0]] for mark in marks})
            if len(named) > 1:
                together.append(tuple(named))
        paper = marked.paper
        yield _Held(
            -(paper.year if paper.year is not None else -1_000_000),
            clean(paper.id),
            paper.year,
            clean(paper.title),
            clean(paper.venue or ""),
            clean(paper.url or ""),
            clean(paper.doi or ""),
            nodes,
            _roles(marked, nodes, number),
            tuple(together),
            orjson.dumps(told) if sentences else b"",
            paper.id,
        )


def _roles(marked: MarkedPaper, nodes: Sequence[int], number: Mapping[str, int]) -> bytes:
    """Return a code for what the paper does with each of its nodes."""
    known = {number[node]: str(role) for node, role in marked.roles if node in number}
    return bytes(ROLES.index(known.get(node, "")) for node in nodes)


def marked_sentences(
    marked: MarkedPaper, number: Mapping[str, int]
) -> list[tuple[str, list[list[int]]]]:
    """Return the sentences with marks: number of the node, start, end in the sentence."""
    text = marked.paper.text
    found = []
    for sentence in marked.sentences:
        marks = [
            [number[node], start - sentence.start, end - sentence.start]
            for start, end, node in sentence.spans
            if node in number
        ]
        if marks:
            found.append((blanked(text[sentence.start : sentence.end]), marks))
    return found


def _paper_blobs(papers: Sequence[_Held]) -> dict[str, bytes]:
    counts = np.array([len(paper.nodes) for paper in papers], np.int64)
    flat = np.array([node for paper in papers for node in paper.nodes], np.int64)
    firsts = np.cumsum(counts) - counts
    deltas = np.diff(flat, prepend=-1) - 1
    deltas[firsts] = flat[firsts]
    columns = {
        "ids": [paper.id for paper in papers],
        "titles": [paper.title for paper in papers],
        "venues": [paper.venue for paper in papers],
        "urls": [paper.url for paper in papers],
        "dois": [paper.doi for paper in papers],
    }
    return {
        "incidence": zlib.compress(varints(np.concatenate([counts, deltas])), 9),
        "roles": zlib.compress(b"".join(paper.roles for paper in papers), 9),
        "together": zlib.compress(varints(_together(papers)), 9),
        "papers": pack({name: column for name, column in columns.items() if any(column)}),
    }


def _sentence_blobs(papers: Sequence[_Held]) -> dict[str, bytes]:
    """Return the sentences in blocks of papers; of too many papers, of those that prove most."""
    kept = _proving(papers) if len(papers) > MOST_PAPERS else None
    blobs = {}
    for block, first in enumerate(range(0, len(papers), PAPERS_A_BLOCK)):
        held = range(first, min(first + PAPERS_A_BLOCK, len(papers)))
        rows = [papers[p].sentences if kept is None or p in kept else b"null" for p in held]
        blobs[f"sentences-{block}"] = zlib.compress(b"[" + b",".join(rows) + b"]", 9)
    return blobs


def _together(papers: Sequence[_Held]) -> Iterator[int]:
    """Yield, for each paper, how many of its sentences name several nodes, and of each how many and which."""
    for paper in papers:
        yield len(paper.together)
        for places in paper.together:
            yield len(places)
            yield from places


PAPERS_A_LINK, PAPERS_A_NODE = 3, 6


def _proving(papers: Sequence[_Held]) -> frozenset[int]:
    """Return papers, the newest first, until each link has its share, and each node."""
    links: dict[tuple[int, int], int] = {}
    nodes: dict[int, int] = {}
    kept = []
    for p, paper in enumerate(papers):
        pairs = [(one, other) for k, one in enumerate(paper.nodes) for other in paper.nodes[:k]]
        if any(nodes.get(node, 0) < PAPERS_A_NODE for node in paper.nodes) or any(
            links.get(pair, 0) < PAPERS_A_LINK for pair in pairs
        ):
            kept.append(p)
            nodes.update((node, nodes.get(node, 0) + 1) for node in paper.nodes)
            links.update((pair, links.get(pair, 0) + 1) for pair in pairs)
        if len(kept) >= MOST_PAPERS:
            break
    return frozenset(kept)


def _name_blobs(merges: Iterable[Merge], number: Mapping[str, int]) -> dict[str, bytes]:
    """Return why names are one, in blocks of nodes: for each its name, the rule, the paper, the detail."""
    rows = sorted(
        (number[one.node], clean(one.surface), one.rule, clean(one.paper), clean(one.detail))
        for one in merges
        if one.node in number
    )
    return {
        f"names-{block}": pack(list(group))
        for block, group in groupby(rows, key=lambda row: row[0] // NODES_A_BLOCK)
    }


def _findings(view: GraphView, number: Mapping[str, int]) -> dict[str, object]:
    """Return what the whole graph tells, as the commands order it; of a part, as far as the part holds it."""
    graph, told = view.graph, view.findings()
    return {
        "strongest": _numbers(told.strongest, graph, number),
        "data": _numbers(told.data, graph, number),
        "bridges": [
            [number[node], _value(graph.nodes[node]["betweenness"]), joined]
            for node, joined in _bridges(graph)[:MOST_BRIDGES]
        ],
        "gaps": [
            [number[method], number[resource], _value(score), [clean(label) for label in shared]]
            for method, resource, score, shared in told.gaps
            if method in number and resource in number
        ],
    }


def _numbers(
    links: Iterable[tuple[str, str]], graph: nx.Graph, number: Mapping[str, int]
) -> list[list[int]]:
    """Return links as numbers of nodes, the end first that does to the other what the kind says."""
    found = []
    for one, other in links:
        if graph.has_edge(one, other):
            back = graph.edges[one, other].get("direction", 0) < 0
            found.append([number[other], number[one]] if back else [number[one], number[other]])
    return found


def _bridges(graph: nx.Graph) -> list[tuple[str, int]]:
    """Return the nodes linked with several communities, highest betweenness first, and with how many."""
    joined = {
        node: len({graph.nodes[other].get("community") for other in graph[node]})
        for node, between in graph.nodes(data="betweenness")
        if between
    }
    found = [(node, communities) for node, communities in joined.items() if communities > 1]
    return sorted(found, key=lambda row: (-graph.nodes[row[0]]["betweenness"], row[0]))


LINK_COLUMNS = ("papers", "sentences", "first_year", "last_year", "evaluated", "compared", "uses")


def _listed_links(
    graph: nx.Graph, papers: Sequence[_Held], number: Mapping[str, int]
) -> dict[str, bytes]:
    """Return the links as a list if they are not those that the papers give: then the sums of their papers differ."""
    given = sum(len(paper.nodes) * (len(paper.nodes) - 1) // 2 for paper in papers)
    if given == sum(count for *_, count in graph.edges(data="papers")):
        return {}
    ends = ((*sorted((number[one], number[other])), one, other) for one, other in graph.edges)
    links = [
        (source, target, graph.edges[one, other]) for source, target, one, other in sorted(ends)
    ]
    columns = {name: [data.get(name) for *_, data in links] for name in LINK_COLUMNS}
    columns |= {"sources": [link[0] for link in links], "targets": [link[1] for link in links]}
    return {"links": pack(columns)}


def columns_of(graph: nx.Graph, nodes: Sequence[str], names: Sequence[str]) -> dict[str, object]:
    """Return attributes of nodes, a column each; those that no node has are left out."""
    rows = [graph.nodes[node] for node in nodes]
    columns = {name: [_value(row.get(name)) for row in rows] for name in names}
    return {
        name: column
        for name, column in columns.items()
        if any(value is not None for value in column)
    }


def _value(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def _nodes(graph: nx.Graph, order: Sequence[str]) -> bytes:
    """Return all nodes; ``kind_of`` gives ids of broader nodes."""
    data = [graph.nodes[node] for node in order]
    return pack({
        "ids": [clean(node) for node in order],
        "labels": [clean(str(row["label"])) for row in data],
        "aliases": [[clean(str(name)) for name in row["aliases"]] for row in data],
        "kind_of": {str(n): list(row["kind_of"]) for n, row in enumerate(data) if row.get("kind_of")},
        **columns_of(graph, order, (*NODE_COLUMNS, "certainty")),
    })  # fmt: skip


def _graph(
    view: GraphView,
    picture: nx.Graph,
    order: Sequence[str],
    papers: Sequence[_Held],
    *,
    listed: bool,
) -> dict[str, object]:
    number = {node: n for n, node in enumerate(order)}
    drawn = sorted(picture, key=number.__getitem__)
    return {
        "name": clean(view.name),
        "corpus": view.corpus_papers or len(papers),
        "papers": len(papers),
        "years": [[year, len(list(group))] for year, group in groupby(paper.year for paper in papers)],
        "nodes": len(order),
        "links": view.graph.number_of_edges(),
        "all": [view.all_nodes, view.all_links],
        "rule": clean(view.rule),
        "drawn": [number[node] for node in drawn],
        "ids": [clean(node) for node in drawn],
        "columns": columns_of(picture, drawn, sorted({*PICTURE_COLUMNS, *NODE_COLUMNS})),
        "communities": _names(picture, "community"),
        "areas": _names(picture, "area"),
        "types": [kind.value for kind in EntityType],
        "colours": {"light": [LIGHT[kind] for kind in EntityType], "dark": [DARK[kind] for kind in EntityType]},
        "roles": list(ROLES),
        "chance": _chance(view.graph),
        "blocks": {"papers": PAPERS_A_BLOCK, "names": NODES_A_BLOCK},
        "hasRoles": any(any(paper.roles) for paper in papers),
        "listed": listed,
    }  # fmt: skip


def _names(picture: nx.Graph, group: str) -> list[tuple[int, str]]:
    """Return the numbers and names of the communities, or areas, of a picture."""
    return sorted(
        {
            (data[group], clean(str(data[f"{group}_name"])))
            for _, data in picture.nodes(data=True)
            if data.get(f"{group}_name")
        }
    )


def _chance(graph: nx.Graph) -> dict[str, object] | None:
    """Return how often chance puts two nodes together and where q stands for each p, so that a page can test any of its links.

    ``factor`` times the papers of both ends is the expected number of papers; ``curve`` is p, q, p, q, ... rising.
    """
    links = [
        (data["papers"], graph.nodes[one]["papers"], graph.nodes[other]["papers"], data["q"], data["association"])
        for one, other, data in graph.edges(data=True)
        if data.get("association") and data.get("q") is not None
    ]  # fmt: skip
    if not links:
        return None
    together, source, target, q, association = np.array(links, np.float64).T
    best = int(np.argmax(association))
    factor = float(together[best] / (association[best] * source[best] * target[best]))
    can = (np.minimum(source, target) > 1) & (q < 1)
    p = seen_upper_tail(together, source * target * factor)[can]
    points = np.unique(np.stack([p, q[can]]), axis=1).T if len(p) else np.empty((0, 2))
    places = np.linspace(0, len(points) - 1, CURVE).astype(int) if len(points) else ()
    last = int(np.searchsorted(points[:, 1], 0.05, side="right")) - 1
    chosen = sorted(
        {*(int(k) for k in places), *(k for k in (last, last + 1) if 0 <= k < len(points))}
    )
    curve = [float(f"{value:.{DIGITS}g}") for k in chosen for value in points[k]]
    return {"factor": factor, "curve": curve, "tested": int((np.minimum(source, target) > 1).sum())}
