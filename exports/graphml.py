"""GraphML (.graphml): opens in Gephi laid out, coloured and sized; also read by yEd, igraph, networkx and Gephi Lite.

Written line by line, so memory does not grow with the file. What is particular, and why:

* the ids of keys are short and say nothing (``a``), for Gephi takes ``x``, ``size``, ``label`` … as appearance by id or by name;
* one type an attribute, nothing empty, NaN or infinite, no lists: Gephi drops or misreads them;
* links have no id, which nobody needs, and no colour, so that Gephi gives them the mixed colours of their ends;
* on links, numbers have four digits (from 1,000 on, six); a count of 0, a q of 1 and a last year that is the first one too are left out;
* beyond 100,000 links one paper, a weight of 1 and the kind ``mention`` are left out too, and what is left out is stated as a default, which Gephi,
  igraph and graph-tool fill in. Not in smaller files, as Gephi Lite, which opens only those, takes a default for text.

Keeps nodes, links, all attributes and, up to 100,000 links, what stands around the names in the best sentence of each; lists are
joined by " | ". Loses the other evidence.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

import networkx as nx

from exports.columns import (
    USUAL,
    Kind,
    Value,
    as_text,
    brief_evidence,
    brief_values,
    link_columns,
    link_headers,
    link_rows,
    node_columns,
    node_headers,
    node_rows,
)
from exports.files import atomic_write
from exports.palette import colour_of
from exports.provenance import provenance_line
from kg.graph.schema import LinkKind
from kg.graph.view import EvidenceLength, GraphView

__all__ = ["write_graphml"]

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
)
COLOUR = {"color": Kind.STRING}
IDS = "acdefhijklmnopqstuvw", "ACDEFHIJKLMNOPQSTUVW"
"""Ids of the first attributes of links, which are many, and of nodes; the letters that are left out mean something to Gephi."""
MORE_USUAL: dict[str, Value] = {"weight": 1, "papers": 1, "kind": LinkKind.MENTION.value}
"""What most links of large graphs have besides; readers take a link without a weight for one of weight 1."""
APPEARANCE = frozenset(
    "id label nodelabel x xpos y ypos z zpos size r g b color".split()  # noqa: SIM905 - reads better
)
"""What readers take for something of their own by the name of a node's attribute."""
LINK_APPEARANCE = frozenset(
    ["id", "source", "target", "edgelabel", "weight", "edge weight", "r", "g", "b", "color"]
)
WHOLE = 1000
"""Numbers from here on have six digits."""
LEFT_OUT = "evidence_paper"
"""Gephi's table has no room for it: the evidence already names the paper."""


class _Key(NamedTuple):
    """An attribute as the file declares it."""

    id: str
    name: str
    type: str
    default: str | None
    """The value of nodes (or links) that tell none; None where absent means unknown."""
    start: str
    """What stands before a value."""


def write_graphml(view: GraphView, path: Path) -> None:
    """Write the view to a file that appears whole or not at all."""
    length = view.evidence or brief_evidence(view.graph)
    columns = {n: kind for n, kind in link_columns(view.graph, length).items() if n != LEFT_OUT}
    with atomic_write(path) as stream:
        stream.writelines(_file(view, columns, length))


def _file(view: GraphView, columns: Mapping[str, Kind], length: EvidenceLength) -> Iterator[str]:
    graph, links = view.graph, _link_keys(view.graph, columns)
    shown = node_columns(graph)
    nodes = _node_keys(shown)
    yield HEAD
    yield f"<!-- {escape(provenance_line(view)).replace('--', '- -')} -->\n"
    yield from _declared("node", nodes)
    yield from _declared("edge", links)
    yield '<graph id="kg" edgedefault="undirected">\n'
    for node in node_rows(graph, shown):
        colour = ("color", colour_of(node.values.get("community")))
        data = _data(nodes, (*node.values.items(), colour), _full)
        yield f'<node id="{node.id}">{data}</node>\n'
    for link in link_rows(view, columns, length):  # ids are XML name tokens: nothing to quote
        data = _data(links, brief_values(link.values), _brief)
        yield f'<edge source="{link.source}" target="{link.target}">{data}</edge>\n'
    yield "</graph>\n</graphml>\n"


def _node_keys(columns: Mapping[str, Kind]) -> dict[str, _Key]:
    names = node_headers(columns, APPEARANCE) | {name: name for name in COLOUR}
    return _keys(IDS[1], {**columns, **COLOUR}, names, {})


def _link_keys(graph: nx.Graph, columns: Mapping[str, Kind]) -> dict[str, _Key]:
    large = brief_evidence(graph) is EvidenceLength.NONE
    names = link_headers(columns, LINK_APPEARANCE)
    return _keys(IDS[0], columns, names, USUAL | MORE_USUAL if large else {})


def _keys(
    ids: str, columns: Mapping[str, Kind], names: Mapping[str, str], usual: Mapping[str, Value]
) -> dict[str, _Key]:
    keys = {}
    for n, (name, kind) in enumerate(columns.items()):
        key = ids[n] if n < len(ids) else f"{ids[0]}{n}"
        keys[name] = _Key(
            key,
            names[name],
            "string" if kind is Kind.STRINGS else kind.value,
            _brief(usual[name]) if name in usual else None,
            f'<data key="{key}">',
        )
    return keys


def _declared(subject: str, keys: Mapping[str, _Key]) -> Iterator[str]:
    for key in keys.values():
        default = "" if key.default is None else f"<default>{key.default}</default>"
        yield f'<key id="{key.id}" for="{subject}" attr.name={quoteattr(key.name)} attr.type="{key.type}">{default}</key>\n'


def _data(
    keys: Mapping[str, _Key], values: Iterable[tuple[str, Value]], text: Callable[[Value], str]
) -> str:
    """Return the data elements of the values that are not their attribute's default."""
    told = [(keys[name], text(value)) for name, value in values]
    return "".join([f"{key.start}{value}</data>" for key, value in told if value != key.default])


def _full(value: Value) -> str:
    return repr(value) if type(value) is float else escape(as_text(value))


def _brief(value: Value) -> str:
    if type(value) is int:
        return repr(value)
    if type(value) is float:
        return f"{value:.4g}" if -WHOLE < value < WHOLE else f"{value:.6g}"
    return escape(as_text(value))
