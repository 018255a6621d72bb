"""GraphML (.graphml): opens in Gephi laid out, coloured and sized; also read by yEd, igraph, networkx and Gephi Lite.

Written line by line, so memory does not grow with the file. What is particular, and why:

* the ids of keys say nothing (``n0``), for Gephi takes ``x``, ``size``, ``label`` … as appearance by id or by name;
* one type an attribute, nothing empty, NaN or infinite, no defaults, no lists: Gephi drops or misreads them;
* links have no colour, so that Gephi gives them the mixed colours of their ends;
* on links, numbers have six digits; a count of 0, a q of 1 and a last year that is the first one too are left out.

Keeps nodes, links, all attributes and, up to 100,000 links, what stands around the names in the best sentence of each; lists are
joined by " | ". Loses the other evidence.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from exports.columns import (
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
from exports.palette import colour_of, rgb
from exports.provenance import provenance_line
from kg.graph.view import EvidenceLength, GraphView

__all__ = ["write_graphml"]

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
)
COLOURS = {"r": Kind.INT, "g": Kind.INT, "b": Kind.INT}
APPEARANCE = frozenset(
    "id label nodelabel x xpos y ypos z zpos size r g b color".split()  # noqa: SIM905 - reads better
)
"""What readers take for something of their own by the name of a node's attribute."""
LINK_APPEARANCE = frozenset(
    ["id", "source", "target", "edgelabel", "weight", "edge weight", "r", "g", "b", "color"]
)
LEFT_OUT = "evidence_paper"
"""Gephi's table has no room for it: the evidence already names the paper."""


def write_graphml(view: GraphView, path: Path) -> None:
    """Write the view to a file that appears whole or not at all."""
    length = view.evidence or brief_evidence(view.graph)
    columns = {n: kind for n, kind in link_columns(view.graph, length).items() if n != LEFT_OUT}
    with atomic_write(path) as stream:
        stream.writelines(_nodes(view, columns))
        stream.writelines(_links(view, columns, length))
        stream.write("</graph>\n</graphml>\n")


def _nodes(view: GraphView, link_columns: Mapping[str, Kind]) -> Iterator[str]:
    """Yield what stands before the links: head, keys, nodes."""
    columns = node_columns(view.graph)
    keys = _key_ids("n", [*columns, *COLOURS])
    names = node_headers(columns, APPEARANCE) | {name: name for name in COLOURS}
    link_names = link_headers(link_columns, LINK_APPEARANCE)
    yield HEAD
    yield f"<!-- {escape(provenance_line(view)).replace('--', '- -')} -->\n"
    yield from _declared("node", keys, names, columns | COLOURS)
    yield from _declared("edge", _key_ids("e", link_columns), link_names, link_columns)
    yield '<graph id="kg" edgedefault="undirected">\n'
    for node in node_rows(view.graph, columns):
        colour = zip(COLOURS, rgb(colour_of(node.values.get("community"))), strict=True)
        data = "".join(
            [
                f'<data key="{keys[name]}">{escape(as_text(value))}</data>'
                for name, value in (*node.values.items(), *colour)
            ]
        )
        yield f'<node id="{node.id}">{data}</node>\n'


def _links(view: GraphView, columns: Mapping[str, Kind], length: EvidenceLength) -> Iterator[str]:
    starts = {name: f'<data key="{key}">' for name, key in _key_ids("e", columns).items()}
    for link in link_rows(view, columns, length):  # ids are XML name tokens: nothing to quote
        data = "".join(
            [f"{starts[name]}{_text(value)}</data>" for name, value in brief_values(link.values)]
        )
        yield f'<edge id="{link.id}" source="{link.source}" target="{link.target}">{data}</edge>\n'


def _key_ids(prefix: str, columns: Iterable[str]) -> dict[str, str]:
    return {name: f"{prefix}{number}" for number, name in enumerate(columns)}


def _declared(
    subject: str, keys: Mapping[str, str], names: Mapping[str, str], columns: Mapping[str, Kind]
) -> Iterator[str]:
    for column, kind in columns.items():
        shown = "string" if kind is Kind.STRINGS else kind.value
        yield f'<key id="{keys[column]}" for="{subject}" attr.name={quoteattr(names[column])} attr.type="{shown}"/>\n'


def _text(value: Value) -> str:
    one = type(value)
    if one is float:
        return f"{value:.6g}"
    return repr(value) if one is int else escape(as_text(value))
