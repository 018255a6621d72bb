"""VOSviewer JSON (.vosviewer.json): opens in VOSviewer Online, laid out and clustered as on the page.

Clusters are the communities, each named by its three nodes of most papers (VOSviewer has room for the numbers 1 to 1000). Weights
are papers and mentions, scores the years and the PageRank, so that its overlay shows what is new; the strength of a link is
the number of papers. A description is shown as HTML there, so it is escaped.

Keeps nodes, links, strengths, communities, positions and the numbers named; loses other statistics of links, and the evidence.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path

from exports.columns import LINK_COLUMNS, NodeRow, Value, as_text, link_rows, node_columns, node_rows
from exports.files import one_line, written_whole
from kg.view import GraphView

__all__ = ["generate_vosviewer", "write_vosviewer"]

SCALE = 1 / 4900
"""VOSviewer's own maps lie about between -1 and 1."""
MOST_CLUSTERS = 1000
WEIGHTS = {"papers": "Papers", "mentions": "Mentions"}
SCORES = {"first_year": "First year", "last_year": "Last year", "pagerank": "PageRank"}
TERMS = {
    "item": "node", "items": "nodes", "link": "link", "links": "links", "cluster": "community", "clusters": "communities",
    "link_strength": "papers that mention both", "total_link_strength": "papers over all links",
}  # fmt: skip


def write_vosviewer(view: GraphView, path: Path) -> None:
    """Write the view to a file that appears whole or not at all."""
    with written_whole(path) as stream:
        stream.writelines(generate_vosviewer(view))


def generate_vosviewer(view: GraphView) -> Iterator[str]:
    """Yield the file, one item or link a line."""
    rows = node_rows(view.graph, node_columns(view.graph))
    names: dict[int, list[tuple[int, str]]] = {}
    yield '{"network": {\n'
    yield from _array("items", (_item(row, names) for row in rows))
    links = link_rows(GraphView(view.graph, lambda: iter(()), view.merges, view.all_nodes, view.all_links), LINK_COLUMNS)
    yield from _array("links", ({"source_id": row.source, "target_id": row.target, "strength": _strength(row.values)} for row in links))
    clusters = ({"cluster": number, "label": _cluster_name(names[number])} for number in sorted(names))
    yield from _array("clusters", clusters, end="\n")
    config = {"terminology": TERMS, "parameters": {"item_size": 1, "item_color": 1, "largest_component": False}}
    shown = f"{len(view.graph)} of {view.all_nodes} nodes, {view.graph.number_of_edges()} of {view.all_links} links. {view.rule}"
    info = {"title": "kg", "description": escape(one_line(shown))}
    yield f'}},\n"config": {_dumps(config)},\n"info": {_dumps(info)}}}\n'


def _item(row: NodeRow, names: dict[int, list[tuple[int, str]]]) -> dict[str, object]:
    """Return a node as an item, and note it under its cluster."""
    values = row.values
    item: dict[str, object] = {"id": row.id, "label": values["label"]}
    said = [as_text(values[name]) for name in ("type", "aliases") if name in values]
    if said:
        item["description"] = escape("; ".join(said))
    x, y = values.get("x"), values.get("y")
    if isinstance(x, float) and isinstance(y, float):
        item |= {"x": round(x * SCALE, 6), "y": round(y * SCALE, 6)}
    community, papers = values.get("community"), values.get("papers")
    if isinstance(community, int) and 0 <= community < MOST_CLUSTERS:
        item["cluster"] = community + 1
        names.setdefault(community + 1, []).append((-papers if isinstance(papers, int) else 0, as_text(values["label"])))
        names[community + 1] = sorted(names[community + 1])[:3]
    item["weights"] = {shown: values[name] for name, shown in WEIGHTS.items() if name in values}
    item["scores"] = {shown: values[name] for name, shown in SCORES.items() if name in values}
    return item


def _cluster_name(strongest: list[tuple[int, str]]) -> str:
    return ", ".join(label for _, label in strongest)


def _strength(values: Mapping[str, Value]) -> Value:
    return values.get("weight", values.get("papers", 1.0))


def _array(name: str, items: Iterable[Mapping[str, object]], end: str = ",\n") -> Iterator[str]:
    yield f'"{name}": ['
    before = "\n"
    for item in items:
        yield f"{before}{_dumps(item)}"
        before = ",\n"
    yield f"\n]{end}"


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
