"""VOSviewer JSON (.vosviewer.json): opens in VOSviewer Online, laid out and clustered as on the page.

Clusters are the communities with their names (VOSviewer has room for the numbers 1 to 1000). Weights
are papers and mentions, scores the years and the PageRank, so that its overlay shows what is new; the strength of a link is
the number of papers, its description the best sentence. What VOSviewer Online does with text, and what is done about it:

* ids that look like numbers become numbers there, so ids are numbers from 1, in the graph's order;
* descriptions are shown as HTML, and what stands between braces is looked up, so both are written in a way that shows the text;
* labels are read as HTML too, and one that is a number or the word ``null`` is not kept, so it gets an invisible character.

Keeps nodes, links, strengths, communities, positions, the numbers named and the best sentences; loses the ids and other statistics of links.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape, unescape
from pathlib import Path

import networkx as nx

from exports.columns import (
    LinkRow,
    NodeRow,
    Value,
    as_text,
    link_columns,
    link_rows,
    node_columns,
    node_rows,
)
from exports.files import atomic_write
from exports.provenance import provenance_line
from kg.graph.view import GraphView

__all__ = ["generate_vosviewer", "write_vosviewer"]

MOST_CLUSTERS = 1000
INVISIBLE = "\u200b"
NO_LABEL = re.compile(
    r"null|nan|[-+]?(infinity|0[xob][0-9a-f]+|(\d+\.?\d*|\.\d+)(e[-+]?\d+)?)", re.IGNORECASE
)
"""What VOSviewer Online does not take for a text."""
WEIGHTS = {"papers": "Papers", "mentions": "Mentions"}
SCORES = {
    "first_year": "First year",
    "last_year": "Last year",
    "pagerank": "PageRank",
    "betweenness": "Betweenness",
}
TERMS = {
    "item": "node", "items": "nodes", "link": "link", "links": "links", "cluster": "community", "clusters": "communities",
    "link_strength": "papers that mention both", "total_link_strength": "papers over all links",
}  # fmt: skip


def write_vosviewer(view: GraphView, path: Path) -> None:
    """Write the view to a file that appears whole or not at all."""
    with atomic_write(path) as stream:
        stream.writelines(generate_vosviewer(view))


def generate_vosviewer(view: GraphView) -> Iterator[str]:
    """Yield the file, one item or link a line."""
    graph = view.graph
    names: dict[int, str] = {}
    numbers: dict[str, int] = {}
    scale = _scale(graph)
    yield '{"network": {\n'
    yield from _array(
        "items",
        (_item(row, scale, numbers, names) for row in node_rows(graph, node_columns(graph))),
    )
    yield from _array(
        "links",
        (_link(row, numbers) for row in link_rows(view, link_columns(graph, view.evidence))),
    )
    clusters = ({"cluster": number, "label": names[number]} for number in sorted(names))
    yield from _array("clusters", clusters, end="\n")
    config = {"terminology": TERMS, "parameters": {"largest_component": False}}
    info = {"title": "kg", "description": _html(provenance_line(view))}
    yield f'}},\n"config": {_dumps(config)},\n"info": {_dumps(info)}}}\n'


def _scale(graph: nx.Graph) -> float:
    """Return the factor that brings positions between -1 and 1, where VOSviewer's own maps lie."""
    extent = max(
        (abs(data.get(axis, 0.0)) for _, data in graph.nodes(data=True) for axis in "xy"),
        default=0.0,
    )
    return 1 / extent if extent > 0 else 1.0


def _item(
    row: NodeRow, scale: float, numbers: dict[str, int], names: dict[int, str]
) -> dict[str, object]:
    """Return a node as an item, give it a number, and note the name of its cluster."""
    values = row.values
    numbers[row.id] = len(numbers) + 1
    item: dict[str, object] = {"id": numbers[row.id], "label": _label(as_text(values["label"]))}
    said = [as_text(values[name]) for name in ("type", "aliases") if name in values]
    if said:
        item["description"] = _html("; ".join(said))
    x, y = values.get("x"), values.get("y")
    if isinstance(x, float) and isinstance(y, float):
        item |= {"x": round(x * scale, 6), "y": round(y * scale, 6)}
    community = values.get("community")
    if isinstance(community, int) and 0 <= community < MOST_CLUSTERS:
        item["cluster"] = community + 1
        names.setdefault(community + 1, as_text(values.get("community_name", values["label"])))
    item["weights"] = {shown: values[name] for name, shown in WEIGHTS.items() if name in values}
    item["scores"] = {shown: values[name] for name, shown in SCORES.items() if name in values}
    return item


def _link(row: LinkRow, numbers: Mapping[str, int]) -> dict[str, object]:
    link: dict[str, object] = {
        "source_id": numbers[row.source],
        "target_id": numbers[row.target],
        "strength": _strength(row.values),
    }
    evidence = row.values.get("evidence")
    return link if evidence is None else {**link, "description": _html(as_text(evidence))}


def _strength(values: Mapping[str, Value]) -> Value:
    return values.get("weight", values.get("papers", 1.0))


def _html(text: str) -> str:
    """Return HTML that shows a text; an opening brace stands alone in an element, for braces in one text are looked up."""
    return escape(text).replace("{", "<span>{</span>")


def _label(text: str) -> str:
    shown = escape(text, quote=False) if "<" in text or unescape(text) != text else text
    return f"{shown}{INVISIBLE}" if NO_LABEL.fullmatch(text) else shown


def _array(name: str, items: Iterable[Mapping[str, object]], end: str = ",\n") -> Iterator[str]:
    yield f'"{name}": ['
    before = "\n"
    for item in items:
        yield f"{before}{_dumps(item)}"
        before = ",\n"
    yield f"\n]{end}"


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
