"""GEXF 1.3 (.gexf): as GraphML for Gephi, and with time, so that Gephi's timeline plays the history of the field.

Colour, size and position are elements of the ``viz`` module. Where papers have years, the graph is dynamic: a node or link is
there from the first day of the first year in which a paper mentions it to the last day of the last; what has no year
is always there.

Keeps what GraphML keeps. In Gephi, and in Gephi Lite, attributes have numbers as ids, so that their titles are shown.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from exports.columns import (
    Kind,
    NodeRow,
    Value,
    as_text,
    link_columns,
    link_rows,
    node_columns,
    node_rows,
)
from exports.files import atomic_write, one_line
from exports.palette import colour_of, rgb
from kg.graph.view import GraphView

__all__ = ["generate_gexf", "write_gexf"]

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd" version="1.3">\n'
)
ELSEWHERE = frozenset({"label", "x", "y", "size", "weight", "evidence_paper"})
"""Attributes that are written as XML attributes or ``viz`` elements, or that the evidence already says."""
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
    nodes, links = node_columns(graph), link_columns(graph)
    node_numbers, link_numbers = _numbers(nodes), _numbers(links)
    timed = any(_spell(data) for _, data in graph.nodes(data=True)) or any(
        _spell(data) for *_, data in graph.edges(data=True)
    )
    yield HEAD
    yield f"<meta><creator>kg</creator><description>{escape(_description(view))}</description></meta>\n"
    time = (
        'mode="dynamic" timeformat="date" timerepresentation="interval"'
        if timed
        else 'mode="static"'
    )
    yield f'<graph defaultedgetype="undirected" {time}>\n'
    yield from _declared("node", nodes, node_numbers)
    yield from _declared("edge", links, link_numbers)
    yield f'<nodes count="{len(graph)}">\n'
    for node in node_rows(graph, nodes):
        yield f"<node id={quoteattr(node.id)} label={_attribute(node.values['label'])}>{_inside(node_numbers, node.values)}{_appearance(node)}</node>\n"
    yield "</nodes>\n<edges>\n"
    for link in link_rows(view, links):
        ends = f"source={quoteattr(link.source)} target={quoteattr(link.target)}"
        weight = f" weight={_attribute(link.values['weight'])}" if "weight" in link.values else ""
        yield f'<edge id="{link.id}" {ends}{weight}>{_inside(link_numbers, link.values)}</edge>\n'
    yield "</edges>\n</graph>\n</gexf>\n"


def _description(view: GraphView) -> str:
    links = view.graph.number_of_edges()
    shown = f"{len(view.graph)} of {view.all_nodes} nodes, {links} of {view.all_links} links"
    return one_line(f"{shown}; {view.rule}" if view.rule else shown)


def _numbers(columns: Mapping[str, Kind]) -> dict[str, int]:
    return {
        name: number
        for number, name in enumerate(name for name in columns if name not in ELSEWHERE)
    }


def _declared(
    subject: str, columns: Mapping[str, Kind], numbers: Mapping[str, int]
) -> Iterator[str]:
    yield f'<attributes class="{subject}" mode="static">\n'
    for name, number in numbers.items():
        kind = columns[name]
        yield f'<attribute id="{number}" title={_attribute(one_line(name))} type="{TYPES.get(kind, kind.value)}"/>\n'
    yield "</attributes>\n"


def _inside(numbers: Mapping[str, int], values: Mapping[str, Value]) -> str:
    found = "".join(
        f'<attvalue for="{number}" value={_attribute(values[name])}/>'
        for name, number in numbers.items()
        if name in values
    )
    return (f"<attvalues>{found}</attvalues>" if found else "") + _spell(values)


def _spell(values: Mapping[str, object]) -> str:
    """Return when a node or link is there, '' where no year is known."""
    first, last = values.get("first_year"), values.get("last_year")
    if (
        not isinstance(first, int)
        or not isinstance(last, int)
        or not FIRST <= first <= last <= LAST
    ):
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
