"""Cypher (.cypher): a script that fills a Neo4j database: ``cypher-shell -f graph.cypher``.

Nodes are ``(:Node:Method {id, label, …})``, links ``(:Node)-[:MENTIONED_WITH {weight, …, evidence}]->(:Node)`` (undirected in meaning: match them
without an arrow), papers ``(:Paper {id, title, year, url})-[:MENTIONS]->(:Node)``. Statements carry a few hundred rows each and merge, so
running the script again changes nothing.

Keeps nodes, links, all attributes, the best sentence of each link, and which paper mentions what; loses the other sentences.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from exports.columns import (
    Value,
    link_columns,
    link_headers,
    link_rows,
    node_columns,
    node_headers,
    node_rows,
    unique_ids,
)
from exports.files import atomic_write, one_line
from exports.provenance import provenance_line
from kg.graph.view import GraphView
from kg.records import EntityType, MarkedPaper

__all__ = ["generate_cypher", "write_cypher"]

ROWS = 500
"""Rows in a statement: one transaction each."""
HEAD = """\
// Run it with: cypher-shell -f FILE
CREATE CONSTRAINT kg_node IF NOT EXISTS FOR (n:Node) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT kg_paper IF NOT EXISTS FOR (p:Paper) REQUIRE p.id IS UNIQUE;
"""
NODES = "UNWIND {rows} AS row MERGE (n:Node {{id: row.id}}) SET n += row, n:{label};\n"
LINKS = "UNWIND {rows} AS row MATCH (a:Node {{id: row.source}}), (b:Node {{id: row.target}}) MERGE (a)-[l:MENTIONED_WITH]->(b) SET l += row.values;\n"
PAPERS = "UNWIND {rows} AS row MERGE (p:Paper {{id: row.id}}) SET p += row.values WITH p, row UNWIND row.nodes AS id MATCH (n:Node {{id: id}}) MERGE (p)-[:MENTIONS]->(n);\n"
PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""What a property can be called without quotes."""
OTHER = "Other"
"""The label of nodes whose type is none of kg's."""


def write_cypher(view: GraphView, path: Path) -> None:
    """Write the view to a file that appears whole or not at all."""
    with atomic_write(path) as stream:
        stream.writelines(generate_cypher(view))


def generate_cypher(view: GraphView) -> Iterator[str]:
    """Yield the statements."""
    graph = view.graph
    columns, links = node_columns(graph), link_columns(graph, view.evidence)
    names, link_names = node_headers(columns, {"id"}), link_headers(links)
    yield f"// {provenance_line(view)}\n{HEAD}"
    for kind in (*EntityType, None):
        label = OTHER if kind is None else kind.value.capitalize()
        rows = (
            {"id": row.id} | {names[name]: value for name, value in row.values.items()}
            for row in node_rows(graph, columns)
            if _type(row.values) is kind
        )
        yield from _statements(NODES, rows, label=label)
    ends = (
        {
            "source": row.source,
            "target": row.target,
            "values": {link_names[name]: value for name, value in row.values.items()},
        }
        for row in link_rows(view, links)
    )
    yield from _statements(LINKS, ends)
    ids = dict(zip(graph, unique_ids(graph), strict=True))
    yield from _statements(PAPERS, (_paper(marked, ids) for marked in view.papers()))


def _type(values: Mapping[str, Value]) -> EntityType | None:
    kind = values.get("type")
    return EntityType(str(kind)) if kind in set(EntityType) else None


def _paper(marked: MarkedPaper, ids: Mapping[str, str]) -> dict[str, object]:
    paper = marked.paper
    texts = {"title": paper.title, "venue": paper.venue, "url": paper.url}
    values: dict[str, object] = {
        name: one_line(text) for name, text in texts.items() if text is not None and one_line(text)
    }
    if paper.year is not None:
        values["year"] = paper.year
    return {
        "id": one_line(paper.id),
        "values": values,
        "nodes": [ids[node] for node in marked.nodes if node in ids],
    }


def _statements(
    statement: str, rows: Iterable[Mapping[str, object]], **parts: str
) -> Iterator[str]:
    for batch in _batched(rows):
        yield statement.format(rows=_literal(batch), **parts)


def _batched(rows: Iterable[Mapping[str, object]]) -> Iterator[list[Mapping[str, object]]]:
    batch: list[Mapping[str, object]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS:
            yield batch
            batch = []
    if batch:
        yield batch


def _literal(value: object) -> str:
    """Return a value as Cypher writes it. Texts are clean and on one line, so only quotes and backslashes need care."""
    if isinstance(value, Mapping):
        return (
            "{"
            + ", ".join(f"{_name(str(name))}: {_literal(item)}" for name, item in value.items())
            + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_literal, value)) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return json.dumps(value)


def _name(name: str) -> str:
    return name if PLAIN_NAME.fullmatch(name) else "`" + one_line(name).replace("`", "``") + "`"
