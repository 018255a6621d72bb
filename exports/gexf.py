"""GEXF 1.3 (.gexf): as GraphML for Gephi, and with time, so that Gephi's timeline plays the history of the field.

Colour, size and position are elements of the ``viz`` module. Where papers have years, the graph is dynamic: a node or link is
there from the first day of the first year in which a paper mentions it to the last day of the last; what has no year
is always there. Up to 100,000 links, the weight of a link in a year is the number of that year's papers.

Keeps what GraphML keeps. In Gephi, and in Gephi Lite, attributes have numbers as ids, so that their titles are shown.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, combinations
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import networkx as nx

from exports.columns import (
    Kind,
    LinkRow,
    NodeRow,
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
    unique_ids,
)
from exports.files import atomic_write
from exports.palette import colour_of, rgb
from exports.provenance import provenance_line
from kg.graph.view import EvidenceLength, GraphView

__all__ = ["generate_gexf", "write_gexf"]

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd" version="1.3">\n'
)
ELSEWHERE = frozenset({"label", "x", "y", "size", "weight", "evidence_paper"})
"""Attributes that are written as XML attributes or ``viz`` elements, or that the evidence already says."""
TAKEN = frozenset(["id", "label", "x", "y", "z", "size", "color", "weight", "source", "target"])
"""What readers take for something of their own by the name of an attribute."""
STATIC = 'mode="static"'
DYNAMIC = 'mode="dynamic" timeformat="date" timerepresentation="interval"'
WEIGHT = '<attribute id="weight" title="Weight" type="double"/>\n'
"""Gephi takes an attribute of this id for the weight of links in time. It is declared twice: Gephi takes the first declaration, Gephi
Lite, which has no time, sees only the last attributes of links, and takes the last weight of a link."""
TYPES = {Kind.INT: "integer", Kind.STRINGS: "string"}
FIRST, LAST = 1, 9999
"""The years that a date can have."""


def write_gexf(view: GraphView, path: Path) -> None:
    """Write the view to a file that appears whole or not at all."""
    with atomic_write(path) as stream:
        stream.writelines(generate_gexf(view))


def generate_gexf(view: GraphView) -> Iterator[str]:
    """Yield the lines of the file."""
    graph = view.graph
    length = view.evidence or brief_evidence(graph)
    nodes, links = node_columns(graph), link_columns(graph, length)
    node_numbers, link_numbers = _numbers(nodes), _numbers(links)
    rows = (data for _, data in chain(graph.nodes(data=True), _link_data(graph)))
    timed = any(map(_spell, rows))
    weights = _yearly_weights(view) if timed and length is not EvidenceLength.NONE else None
    yield HEAD
    yield f"<meta><creator>kg</creator><description>{escape(provenance_line(view))}</description></meta>\n"
    yield f'<graph defaultedgetype="undirected" {DYNAMIC if timed else STATIC}>\n'
    yield from _declared("node", nodes, node_numbers, node_headers(nodes, TAKEN))
    if weights is not None:
        yield f'<attributes class="edge" mode="dynamic">\n{WEIGHT}</attributes>\n'
    more = "" if weights is None else WEIGHT
    yield from _declared("edge", links, link_numbers, link_headers(links, TAKEN), more)
    yield f'<nodes count="{len(graph)}">\n'
    yield from _nodes(graph, nodes, node_numbers)
    yield "</nodes>\n<edges>\n"
    for link in link_rows(view, links, length):
        values = _attvalues(link_numbers, brief_values(link.values))
        if weights is not None:
            values += _weights(weights.get((link.source, link.target)), link.values)
        yield f"<edge {_ends(link)}>{_inside(values, link.values)}</edge>\n"
    yield "</edges>\n</graph>\n</gexf>\n"


def _nodes(
    graph: nx.Graph, columns: Mapping[str, Kind], numbers: Mapping[str, int]
) -> Iterator[str]:
    for node in node_rows(graph, columns):
        values = _attvalues(numbers, node.values.items())
        yield f"<node id={quoteattr(node.id)} label={_attribute(node.values['label'])}>{_inside(values, node.values)}{_appearance(node)}</node>\n"


def _ends(link: LinkRow) -> str:
    """Return the XML attributes of a link; ids are tokens, which need no quoting."""
    weight = f" weight={_attribute(link.values['weight'])}" if "weight" in link.values else ""
    return f'id="{link.id}" source="{link.source}" target="{link.target}"{weight}'


def _link_data(graph: nx.Graph) -> Iterator[tuple[object, Mapping[str, object]]]:
    return ((ends, data) for *ends, data in graph.edges(data=True))


def _yearly_weights(view: GraphView) -> dict[tuple[str, str], Counter[int]]:
    """Return how many papers of each year mention both ends, by the ids of the ends in their order."""
    ids = dict(zip(view.graph, unique_ids(view.graph), strict=True))
    found: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for marked in view.papers():
        year = marked.paper.year
        if year is not None and FIRST <= year <= LAST:
            for one, other in combinations(marked.nodes, 2):  # sorted, as the ends of links
                if view.graph.has_edge(one, other):
                    found[ids[one], ids[other]][year] += 1
    return found


def _weights(years: Mapping[int, int] | None, values: Mapping[str, Value]) -> str:
    """Return the weight of a link in each year, the greatest last; one without years has its weight always."""
    if not years:
        weight = as_text(values.get("weight", 1))
        return f'<attvalue for="weight" value="{weight}"/>'
    return "".join(
        f'<attvalue for="weight" value="{count}" start="{year:04}-01-01" end="{year:04}-12-31"/>'
        for year, count in sorted(years.items(), key=lambda item: (item[1], item[0]))
    )


def _numbers(columns: Mapping[str, Kind]) -> dict[str, int]:
    return {
        name: number
        for number, name in enumerate(name for name in columns if name not in ELSEWHERE)
    }


def _declared(
    subject: str,
    columns: Mapping[str, Kind],
    numbers: Mapping[str, int],
    names: Mapping[str, str],
    more: str = "",
) -> Iterator[str]:
    yield f'<attributes class="{subject}" mode="static">\n'
    for column, number in numbers.items():
        kind = columns[column]
        yield f'<attribute id="{number}" title={_attribute(names[column])} type="{TYPES.get(kind, kind.value)}"/>\n'
    yield f"{more}</attributes>\n"


def _attvalues(numbers: Mapping[str, int], values: Iterable[tuple[str, Value]]) -> str:
    return "".join(
        f'<attvalue for="{numbers[name]}" value={_attribute(value)}/>'
        for name, value in values
        if name in numbers
    )


def _inside(attvalues: str, values: Mapping[str, Value]) -> str:
    return (f"<attvalues>{attvalues}</attvalues>" if attvalues else "") + _spell(values)


def _spell(values: Mapping[str, object]) -> str:
    """Return when a node or link is there, '' where no year is known."""
    first, last = values.get("first_year"), values.get("last_year")
    if not isinstance(first, int) or not isinstance(last, int):
        return ""
    if not FIRST <= first <= last <= LAST:
        return ""
    return f'<spells><spell start="{first:04}-01-01" end="{last:04}-12-31"/></spells>'


def _appearance(node: NodeRow) -> str:
    red, green, blue = rgb(colour_of(node.values.get("community")))
    parts = [f'<viz:color r="{red}" g="{green}" b="{blue}"/>']
    if "x" in node.values and "y" in node.values:
        parts.append(f'<viz:position x="{node.values["x"]}" y="{node.values["y"]}" z="0.0"/>')
    if "size" in node.values:
        parts.append(f'<viz:size value="{node.values["size"]}"/>')
    return "".join(parts)


def _attribute(value: Value) -> str:
    return quoteattr(as_text(value))
