"""RDF as Turtle (.ttl): nodes, links and papers as resources, in the words of schema.org and PROV where they have one.

=====================  ====================================================================================================
node                   ``kg:Method``, ``kg:Dataset`` (also ``schema:Dataset``), ``kg:Benchmark``, ``kg:Task`` or ``kg:Metric``; ``schema:name``, ``schema:alternateName``
link                   ``kg:CoMention``; ``kg:between`` its two nodes; ``kg:evidence`` its best sentence, ``prov:wasDerivedFrom`` the paper of it
paper                  ``schema:ScholarlyArticle``; ``schema:name``, ``schema:datePublished``, ``schema:url``, ``schema:mentions`` its nodes
other attributes       ``kg:`` and the attribute's name: ``kg:papers``, ``kg:npmi``, ``kg:firstYear`` …
=====================  ====================================================================================================

``kg:`` is ``urn:kg:vocabulary:``; ids stand in ``urn:kg:node:``, ``urn:kg:link:`` and ``urn:kg:paper:``. The file describes its classes and properties.

Keeps nodes, links, all attributes but the picture (positions and sizes), the best sentence of each link, and which paper mentions
what; loses the other sentences.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from exports.columns import (
    Kind,
    LinkRow,
    NodeRow,
    Value,
    link_columns,
    link_rows,
    node_columns,
    node_rows,
    unique_ids,
)
from exports.files import atomic_write, one_line
from exports.provenance import provenance_line
from kg.graph.view import GraphView
from kg.records import EntityType, MarkedPaper

__all__ = ["generate_turtle", "write_turtle"]

HEAD = """\
@prefix kg: <urn:kg:vocabulary:> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

kg:Node a rdfs:Class ; rdfs:label "node"@en ; rdfs:comment "A method, dataset, benchmark, task or metric that papers mention."@en ; rdfs:subClassOf schema:Thing .
kg:CoMention a rdfs:Class ; rdfs:label "link"@en ; rdfs:comment "Two nodes that papers mention together."@en ; rdfs:subClassOf prov:Entity .
kg:between rdfs:label "between"@en ; rdfs:comment "One of the two nodes of a link."@en ; rdfs:domain kg:CoMention ; rdfs:range kg:Node .
kg:evidence rdfs:label "evidence"@en ; rdfs:comment "The sentence that shows best why two nodes are linked, with its paper's title."@en ; rdfs:domain kg:CoMention .
"""
PICTURE = frozenset({"x", "y", "size"})
ELSEWHERE = PICTURE | {"label", "aliases", "type", "evidence_paper", "weight"}
XSD = {
    Kind.INT: "xsd:integer",
    Kind.LONG: "xsd:integer",
    Kind.DOUBLE: "xsd:double",
    Kind.BOOLEAN: "xsd:boolean",
}
ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"'})
WEB = frozenset({"http", "https"})
UNSAFE = re.compile(r'[\x00-\x20<>"{}|^`\\]')


def write_turtle(view: GraphView, path: Path) -> None:
    """Write the view to a file that appears whole or not at all."""
    with atomic_write(path) as stream:
        stream.writelines(generate_turtle(view))


def generate_turtle(view: GraphView) -> Iterator[str]:
    """Yield the file, one resource a line."""
    graph = view.graph
    nodes, links = node_columns(graph), link_columns(graph, view.evidence)
    yield f"# {provenance_line(view)}\n{HEAD}"
    for kind in EntityType:
        also = ", schema:Dataset" if kind is EntityType.DATASET else ""
        yield f'kg:{kind.value.capitalize()} a rdfs:Class ; rdfs:label "{kind.value}"@en ; rdfs:subClassOf kg:Node{also} .\n'
    for node in node_rows(graph, nodes):
        yield _node(node, nodes)
    for link in link_rows(view, links):
        yield _link(link, links)
    ids = dict(zip(graph, unique_ids(graph), strict=True))
    for marked in view.papers():
        yield _paper(marked, ids)


def _node(row: NodeRow, columns: Mapping[str, Kind]) -> str:
    kind = row.values.get("type")
    said = [
        "a kg:Node" if kind not in set(EntityType) else f"a kg:Node, kg:{str(kind).capitalize()}"
    ]
    said.append(f"schema:name {_text(str(row.values['label']))}")
    aliases = row.values.get("aliases")
    if isinstance(aliases, tuple):
        said.append(f"schema:alternateName {', '.join(map(_text, sorted(set(aliases))))}")
    return _resource("node", row.id, [*said, *_attributes(row.values, columns)])


def _link(row: LinkRow, columns: Mapping[str, Kind]) -> str:
    said = ["a kg:CoMention", f"kg:between {_iri('node', row.source)}, {_iri('node', row.target)}"]
    paper = row.values.get("evidence_paper")
    if isinstance(paper, str):
        said.append(f"prov:wasDerivedFrom {_iri('paper', paper)}")
    return _resource(
        f"link:{_quoted(row.source)}", row.target, [*said, *_attributes(row.values, columns)]
    )


def _paper(marked: MarkedPaper, ids: Mapping[str, str]) -> str:
    paper = marked.paper
    said = ["a schema:ScholarlyArticle", f"schema:name {_text(one_line(paper.title))}"]
    if paper.year is not None and 0 < paper.year <= 9999:  # noqa: PLR2004 - what a gYear of four digits holds
        said.append(f'schema:datePublished "{paper.year:04}"^^xsd:gYear')
    if paper.url and _is_web(paper.url):
        said.append(f"schema:url <{paper.url}>")
    nodes = [_iri("node", ids[node]) for node in marked.nodes if node in ids]
    if nodes:
        said.append(f"schema:mentions {', '.join(nodes)}")
    return _resource("paper", one_line(paper.id), said)


def _attributes(values: Mapping[str, Value], columns: Mapping[str, Kind]) -> Iterator[str]:
    for name, value in values.items():
        if name in ELSEWHERE:
            continue
        texts = sorted(set(value)) if isinstance(value, tuple) else [value]
        kind = XSD.get(columns[name])
        written = (
            _text(str(one)) if kind is None else f'"{_number(one)}"^^{kind}' for one in texts
        )
        yield f"kg:{_property(name)} {', '.join(written)}"


def _number(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _property(name: str) -> str:
    """Return an attribute's name in the way of RDF: ``first_year`` is ``firstYear``."""
    parts: list[str] = re.findall("[A-Za-z0-9]+", name) or ["attribute"]
    first, *rest = parts
    return first + "".join(part.capitalize() for part in rest)


def _resource(space: str, name: str, said: list[str]) -> str:
    return f"{_iri(space, name)} {' ; '.join(said)} .\n"


def _iri(space: str, name: str) -> str:
    return f"<urn:kg:{space}:{_quoted(name)}>"


def _quoted(name: str) -> str:
    return quote(name, safe="-._~")


def _is_web(url: str) -> bool:
    """Tell whether an address can stand as it is: other schemes (``javascript:``) and broken ones are left out."""
    try:
        return (
            not UNSAFE.search(url)
            and one_line(url) == url
            and url.isascii()
            and urlsplit(url).scheme in WEB
        )
    except ValueError:
        return False


def _text(text: str) -> str:
    """Return a literal. Texts are clean and on one line, so only quotes and backslashes need care."""
    return f'"{text.translate(ESCAPES)}"'
