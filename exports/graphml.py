"""GraphML (.graphml): opens in Gephi laid out, coloured, sized and typed; also read by yEd, igraph, networkx and Gephi Lite.

Written as a stream, so memory does not grow with the file. What is particular, and why:

* key ids are namespaced (``n_type``), for Gephi takes ``x``, ``size``, ``label`` … as appearance by id or by name;
* one type an attribute, nothing empty, NaN or infinite, no defaults, no lists: Gephi drops or misreads them;
* sizes from 4 to 100, centroid 0, coordinates up to 4900: then Gephi's scaling on import changes nothing.

Keeps nodes, links, all attributes and the best sentence of each link; lists are joined by " | ". Loses the other evidence.
"""

from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from exports.evidence import best_evidence
from exports.files import clean, one_line, written_whole
from exports.palette import LIGHT, rgb
from kg.model import EntityType
from kg.view import GraphView

__all__ = ["generate_graphml", "write_graphml"]

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
)
NODE_KEYS = {
    "label": "string", "type": "string", "aliases": "string", "papers": "int", "mentions": "int", "first_year": "int", "last_year": "int",
    "community": "int", "pagerank": "double", "x": "double", "y": "double", "size": "double", "r": "int", "g": "int", "b": "int",
}
LINK_KEYS = {
    "weight": "double", "papers": "int", "sentences": "int", "association": "double", "npmi": "double", "q": "double",
    "first_year": "int", "last_year": "int", "evidence": "string",
}


def write_graphml(view: GraphView, path: Path) -> None:
    """Write the view to a file that appears whole or not at all."""
    with written_whole(path) as stream:
        stream.writelines(generate_graphml(view))


def generate_graphml(view: GraphView) -> Iterator[str]:
    """Yield the lines of the file."""
    yield HEAD
    yield from _keys("node", "n", NODE_KEYS)
    yield from _keys("edge", "e", LINK_KEYS)
    yield '<graph id="kg" edgedefault="undirected">\n'
    ids = _unique_ids(view.graph)
    for node, data in view.graph.nodes(data=True):
        red, green, blue = rgb(LIGHT[EntityType(data["type"])])
        values = {**data, "aliases": " | ".join(map(one_line, data["aliases"])), "r": red, "g": green, "b": blue}
        yield f"<node id={quoteattr(ids[node])}>{_data('n', NODE_KEYS, values)}</node>\n"
    best = best_evidence(view.graph, view.papers())
    links = sorted((min(link), max(link)) for link in view.graph.edges)
    for number, (source, target) in enumerate(links):
        evidence = best.get((source, target))
        values = {**view.graph.edges[source, target], "evidence": str(evidence) if evidence else None}
        ends = f"source={quoteattr(ids[source])} target={quoteattr(ids[target])}"
        yield f'<edge id="e{number}" {ends}>{_data("e", LINK_KEYS, values)}</edge>\n'
    yield "</graph>\n</graphml>\n"


def _keys(subject: str, prefix: str, keys: Mapping[str, str]) -> Iterator[str]:
    for name, kind in keys.items():
        yield f'<key id="{prefix}_{name}" for="{subject}" attr.name="{name}" attr.type="{kind}"/>\n'


def _data(prefix: str, keys: Mapping[str, str], values: Mapping[str, object]) -> str:
    texts = ((name, _text(kind, values.get(name))) for name, kind in keys.items())
    return "".join(f'<data key="{prefix}_{name}">{text}</data>' for name, text in texts if text)


def _text(kind: str, value: object) -> str:
    """Return a value as XML text, '' for what is to be left out."""
    if value is None or (isinstance(value, float) and not isfinite(value)):
        return ""
    if kind == "double":
        return repr(float(str(value)))
    return str(value) if kind == "int" else escape(one_line(str(value)))


def _unique_ids(nodes: Iterable[str]) -> dict[str, str]:
    """Return clean ids, unique without case: Gephi compares them so."""
    taken: set[str] = set()
    ids = {}
    for node in nodes:
        name = base = " ".join(clean(node).split()) or "node"
        number = 2
        while name.casefold() in taken:
            name, number = f"{base}~{number}", number + 1
        taken.add(name.casefold())
        ids[node] = name
    return ids
