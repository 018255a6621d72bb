"""Node-link JSON (.json): everything, so that reading it back gives the same graph, papers and ledger.

The shape is that of ``networkx.node_link_data``, which networkx, d3 and others read::

    {"directed": false, "multigraph": false, "graph": {}, "nodes": [{"id": …, "label": …}], "edges": [{"source": …, "target": …}],
     "papers": [{"id", "title", "abstract", "year", "venue", "url", "sentences": [[start, end, [[start, end, node]]]]}],
     "merges": [{"node", "surface", "rule", "paper", "detail"}], "provenance": {…}, "all_nodes": …, "all_links": …, "rule": …,
     "corpus_papers": …, "thesaurus": …, "reader": …}

Keeps every attribute, id and text as it is: the offsets of the evidence stay true. Leaves out only values that JSON has
no word for (NaN, infinite).
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import networkx as nx

from exports.columns import link_columns, link_headers, node_columns, node_headers
from exports.files import atomic_write
from exports.provenance import provenance
from kg.errors import ExportError, UnknownFormatError
from kg.graph.view import GraphView
from kg.records import MarkedPaper, MarkedSentence, Merge, Paper

__all__ = ["generate_node_link", "read_node_link", "write_node_link"]

ABOUT = ("all_nodes", "all_links", "rule", "corpus_papers", "thesaurus", "reader")
"""What else a view holds."""
SURROGATE = re.compile("[\ud800-\udfff]")
EXPECTED = "expected a node-link file written by kg"


def write_node_link(view: GraphView, path: Path) -> None:
    """Write the view to a file that appears whole or not at all."""
    with atomic_write(path) as stream:
        stream.writelines(generate_node_link(view))


def generate_node_link(view: GraphView) -> Iterator[str]:
    """Yield the file, one node, link, paper or merge a line."""
    graph = view.graph
    links = sorted((min(link), max(link)) for link in graph.edges)
    yield f'{{"directed": false, "multigraph": false, "graph": {_dumps(_finite(graph.graph))},\n'
    names = node_headers(node_columns(graph), {"id"})
    yield from _array(
        "nodes",
        ({"id": node, **_named(data, names)} for node, data in graph.nodes(data=True)),
    )
    names = link_headers(link_columns(graph), {"source", "target", "key"})
    yield from _array(
        "edges",
        (
            {"source": link[0], "target": link[1], **_named(graph.edges[link], names)}
            for link in links
        ),
    )
    yield from _array("papers", (_paper(marked) for marked in view.papers()))
    yield from _array("merges", (asdict(merge) for merge in view.merges()))
    about = {name: getattr(view, name) for name in ABOUT}
    yield f'"provenance": {_dumps(provenance(view))}, {_dumps(about)[1:]}\n'


def read_node_link(path: Path) -> GraphView:
    """Read what ``write_node_link`` wrote: the graph with its papers and its ledger.

    Raises:
        UnknownFormatError: if the file is no node-link file of kg.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        papers = tuple(_read_paper(paper) for paper in found["papers"])
        merges = tuple(Merge(**merge) for merge in found["merges"])
        graph = nx.Graph(**found["graph"])
        graph.add_nodes_from((node.pop("id"), node) for node in found["nodes"])
        graph.add_edges_from(
            (link.pop("source"), link.pop("target"), link) for link in found["edges"]
        )
        return GraphView(
            graph,
            lambda: iter(papers),
            lambda: iter(merges),
            **{name: found[name] for name in ABOUT if name in found},
        )
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror or error}; {EXPECTED}"
        raise UnknownFormatError(message) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{path}: no node-link file: {error}; {EXPECTED}"
        raise UnknownFormatError(message) from error


def _named(data: Mapping[str, object], names: Mapping[str, str]) -> dict[str, object]:
    return {names.get(name, name): value for name, value in data.items()}


def _array(name: str, items: Iterable[Mapping[str, object]]) -> Iterator[str]:
    yield f'"{name}": ['
    before = "\n"
    for item in items:
        try:
            yield f"{before}{_dumps(_finite(item))}"
        except TypeError as error:
            place = item.get("id", (item.get("source"), item.get("target")))
            message = f"{name}, {place!r}: {error}; expected text, numbers, lists or dictionaries"
            raise ExportError(message) from error
        before = ",\n"
    yield "\n],\n"


def _finite(data: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value
        for name, value in data.items()
        if not (isinstance(value, float) and not math.isfinite(value))
    }


def _dumps(value: object) -> str:
    """Return JSON that is UTF-8 even where a text holds half a character: that is written by its number."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)
    return SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _plain(value: object) -> object:
    """Return the number in a numpy scalar; anything else has no place in JSON."""
    item = getattr(value, "item", None)
    if item is None:
        message = f"a value of type {type(value).__name__} cannot be written as JSON"
        raise TypeError(message)
    return item()


def _paper(marked: MarkedPaper) -> dict[str, object]:
    sentences = [
        [sentence.start, sentence.end, [list(mark) for mark in sentence.spans]]
        for sentence in marked.sentences
    ]
    return {
        **asdict(marked.paper),
        "sentences": sentences,
        "roles": [list(one) for one in marked.roles],
    }


def _read_paper(found: dict[str, Any]) -> MarkedPaper:
    sentences, ids, roles = found.pop("sentences"), found.pop("ids", []), found.pop("roles", [])
    if not all(isinstance(one, list) for one in (sentences, ids, roles)):
        message = "sentences, ids or roles are no list"
        raise TypeError(message)
    marked = (
        MarkedSentence(start, end, tuple((a, b, node) for a, b, node in marks))
        for start, end, marks in sentences
    )
    paper = Paper(**found, ids=tuple(ids))
    return MarkedPaper(paper, tuple(marked), tuple((node, role) for node, role in roles))
