"""GraphML (.graphml): opens in Gephi laid out, coloured, sized and typed; also read by yEd, igraph, networkx and Gephi Lite.

Written line by line, so memory does not grow with the file. What is particular, and why:

* key ids are namespaced (``n_type``), for Gephi takes ``x``, ``size``, ``label`` … as appearance by id or by name;
* one type an attribute, nothing empty, NaN or infinite, no defaults, no lists: Gephi drops or misreads them;
* sizes from 4 to 100, centroid 0, coordinates up to 4900: then Gephi's scaling on import changes nothing.

Keeps nodes, links, all attributes and the best sentence of each link; lists are joined by " | ". Loses the other evidence.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import networkx as nx

from exports.columns import (
    Kind,
    Value,
    as_text,
    link_columns,
    link_rows,
    node_columns,
    node_rows,
    unique_ids,
)
from exports.files import atomic_write
from exports.palette import colour_of, rgb
from kg.graph.view import GraphView

__all__ = ["write_graphml"]

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
)
COLOURS = {"r": Kind.INT, "g": Kind.INT, "b": Kind.INT}
LEFT_OUT = "evidence_paper"
"""Gephi's table has no room for it: the sentence already names the paper."""


def write_graphml(view: GraphView, path: Path) -> None:
    """Write the view to a file that appears whole or not at all."""
    columns = {name: kind for name, kind in link_columns(view.graph).items() if name != LEFT_OUT}
    with atomic_write(path) as stream:
        stream.writelines(_nodes(view.graph, columns))
        stream.writelines(_links(view, columns))
        stream.write("</graph>\n</graphml>\n")


def _nodes(graph: nx.Graph, link_columns: Mapping[str, Kind]) -> Iterator[str]:
    """Yield what stands before the links: head, keys, nodes."""
    columns = node_columns(graph) | COLOURS
    keys = _key_ids("n", columns)
    yield HEAD
    yield from _declared("node", keys, columns)
    yield from _declared("edge", _key_ids("e", link_columns), link_columns)
    yield '<graph id="kg" edgedefault="undirected">\n'
    for node in node_rows(graph, columns):
        colour = dict(zip("rgb", rgb(colour_of(node.values.get("community"))), strict=True))
        yield f'<node id="{node.id}">{_data(keys, {**node.values, **colour})}</node>\n'


def _links(view: GraphView, columns: Mapping[str, Kind]) -> Iterator[str]:
    keys = _key_ids("e", columns)
    for link in link_rows(view, columns):  # ids are XML name tokens, which need no quoting
        yield f'<edge id="{link.id}" source="{link.source}" target="{link.target}">{_data(keys, link.values)}</edge>\n'


def _key_ids(prefix: str, columns: Mapping[str, Kind]) -> dict[str, str]:
    return dict(zip(columns, unique_ids(f"{prefix}_{name}" for name in columns), strict=True))


def _declared(subject: str, keys: Mapping[str, str], columns: Mapping[str, Kind]) -> Iterator[str]:
    for name, kind in columns.items():
        shown = "string" if kind is Kind.STRINGS else kind.value
        yield f'<key id="{keys[name]}" for="{subject}" attr.name={quoteattr(name)} attr.type="{shown}"/>\n'


def _data(keys: Mapping[str, str], values: Mapping[str, Value]) -> str:
    return "".join(
        [f'<data key="{keys[name]}">{_text(value)}</data>' for name, value in values.items()]
    )


def _text(value: Value) -> str:
    one = type(value)
    if one is float or one is int:
        return repr(value)
    return escape(as_text(value)) if one is str or one is tuple else as_text(value)
