"""Cytoscape JSON (.cyjs): opens in the Cytoscape program and in Cytoscape.js with positions, sizes and colours.

A node's or link's attributes are its ``data``, lists as lists; ``name`` is what Cytoscape shows, ``value`` what networkx takes for the
node. Positions grow downwards there, so y is turned. Keeps nodes, links, all attributes, the best sentence of each link and its paper;
loses the other evidence.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from exports.columns import (
    LinkRow,
    NodeRow,
    Value,
    link_columns,
    link_headers,
    link_rows,
    node_columns,
    node_headers,
    node_rows,
)
from exports.files import atomic_write
from exports.palette import colour_of
from exports.provenance import provenance
from kg.graph.view import GraphView

TAKEN = frozenset(["id", "name", "value", "color", "source", "target", "selected", "suid"])
"""What Cytoscape or networkx take for something of their own by the name of an attribute."""
__all__ = ["generate_cytoscape", "write_cytoscape"]


def write_cytoscape(view: GraphView, path: Path) -> None:
    """Write the view to a file that appears whole or not at all."""
    with atomic_write(path) as stream:
        stream.writelines(generate_cytoscape(view))


def generate_cytoscape(view: GraphView) -> Iterator[str]:
    """Yield the file, one node or link a line."""
    about = {"name": "kg", **provenance(view)}
    yield f'{{"format_version": "1.0", "generated_by": "kg", "target_cytoscapejs_version": "~3", "data": {_dumps(about)},\n"directed": false, "multigraph": false, "elements": {{\n'
    nodes, links = node_columns(view.graph), link_columns(view.graph, view.evidence)
    names, link_names = node_headers(nodes, TAKEN), link_headers(links, TAKEN)
    yield from _array("nodes", (_node(row, names) for row in node_rows(view.graph, nodes)))
    yield ",\n"
    yield from _array("edges", (_link(row, link_names) for row in link_rows(view, links)))
    yield "\n}}\n"


def _node(row: NodeRow, names: Mapping[str, str]) -> dict[str, object]:
    values = dict(row.values)
    x, y = values.pop("x", None), values.pop("y", None)
    data = _data(values, names) | {
        "id": row.id,
        "name": values["label"],
        "value": row.id,
        "color": colour_of(values.get("community")),
    }
    if not isinstance(x, float) or not isinstance(y, float):
        return {"data": data}
    return {"data": data, "position": {"x": x, "y": 0.0 - y}}


def _link(row: LinkRow, names: Mapping[str, str]) -> dict[str, object]:
    return {
        "data": _data(row.values, names)
        | {"id": row.id, "source": row.source, "target": row.target}
    }


def _data(values: Mapping[str, Value], names: Mapping[str, str]) -> dict[str, object]:
    return {
        names[name]: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
    }


def _array(name: str, items: Iterable[Mapping[str, object]]) -> Iterator[str]:
    yield f'"{name}": ['
    before = "\n"
    for item in items:
        yield f"{before}{_dumps(item)}"
        before = ",\n"
    yield "\n]"


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
