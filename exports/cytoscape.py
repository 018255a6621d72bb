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
    link_rows,
    node_columns,
    node_rows,
)
from exports.files import atomic_write, one_line
from exports.palette import colour_of
from kg.graph.view import GraphView

__all__ = ["generate_cytoscape", "write_cytoscape"]


def write_cytoscape(view: GraphView, path: Path) -> None:
    """Write the view to a file that appears whole or not at all."""
    with atomic_write(path) as stream:
        stream.writelines(generate_cytoscape(view))


def generate_cytoscape(view: GraphView) -> Iterator[str]:
    """Yield the file, one node or link a line."""
    about = {
        "name": "kg",
        "rule": one_line(view.rule),
        "all_nodes": view.all_nodes,
        "all_links": view.all_links,
    }
    yield f'{{"format_version": "1.0", "generated_by": "kg", "target_cytoscapejs_version": "~3", "data": {_dumps(about)},\n"directed": false, "multigraph": false, "elements": {{\n'
    yield from _array("nodes", map(_node, node_rows(view.graph, node_columns(view.graph))))
    yield ",\n"
    yield from _array("edges", map(_link, link_rows(view, link_columns(view.graph))))
    yield "\n}}\n"


def _node(row: NodeRow) -> dict[str, object]:
    values = dict(row.values)
    x, y = values.pop("x", None), values.pop("y", None)
    data = _data(values) | {
        "id": row.id,
        "name": values["label"],
        "value": row.id,
        "color": colour_of(values.get("community")),
    }
    if not isinstance(x, float) or not isinstance(y, float):
        return {"data": data}
    return {"data": data, "position": {"x": x, "y": 0.0 - y}}


def _link(row: LinkRow) -> dict[str, object]:
    return {"data": _data(row.values) | {"id": row.id, "source": row.source, "target": row.target}}


def _data(values: Mapping[str, Value]) -> dict[str, object]:
    return {
        one_line(name): list(value) if isinstance(value, tuple) else value
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
