"""Parquet (.parquet): the two tables, typed and compressed, for pandas, polars, DuckDB, Spark and R.

One path makes two files, as with CSV: ``graph.parquet`` gives ``graph.nodes.parquet`` and ``graph.links.parquet``; they appear together. Lists are
lists, what is absent is null, and the columns are those of the graph with ``id``, or ``id``, ``source`` and ``target``, before them.

Keeps nodes, links, all attributes, the best sentence of each link and its paper. Loses the other evidence.
DuckDB writes the files (Raasveldt and Mühleisen 2019); its version is noted in them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import BinaryIO

import duckdb

from exports.columns import (
    Kind,
    link_columns,
    link_headers,
    link_rows,
    node_columns,
    node_headers,
    node_rows,
)
from exports.files import atomic_write_all, refused, table_paths, written_bytes
from exports.provenance import provenance
from kg.graph.view import GraphView

__all__ = ["write_parquet"]

BATCH = 5_000
LINK_IDS = ("id", "source", "target")
TYPES = {
    Kind.BOOLEAN: "BOOLEAN", Kind.INT: "INTEGER", Kind.LONG: "BIGINT", Kind.DOUBLE: "DOUBLE", Kind.STRING: "VARCHAR", Kind.STRINGS: "VARCHAR[]",
}  # fmt: skip


def write_parquet(view: GraphView, path: Path) -> None:
    """Write the two tables of a view to files that appear whole and together, or not at all."""
    nodes, links = node_columns(view.graph), link_columns(view.graph, view.evidence)
    node_names, link_names = node_headers(nodes, {"id"}), link_headers(links, LINK_IDS)
    node_types = {"id": "VARCHAR"} | {name: TYPES[nodes[one]] for one, name in node_names.items()}
    link_types = dict.fromkeys(LINK_IDS, "VARCHAR") | {
        name: TYPES[links[one]] for one, name in link_names.items()
    }
    node_values = (
        {"id": row.id} | {node_names[one]: value for one, value in row.values.items()}
        for row in node_rows(view.graph, nodes)
    )
    link_values = (
        {"id": row.id, "source": row.source, "target": row.target}
        | {link_names[one]: value for one, value in row.values.items()}
        for row in link_rows(view, links)
    )
    about = ", ".join(f"{name}: {_text(str(fact))}" for name, fact in provenance(view).items())
    paths = table_paths(path)
    with atomic_write_all(*paths) as (node_part, link_part):
        try:
            for rows, types, part in (
                (node_values, node_types, node_part),
                (link_values, link_types, link_part),
            ):
                with written_bytes(part, path) as stream:
                    _write(rows, types, about, stream)
        except duckdb.IOException as error:
            raise refused(path, OSError(str(error).splitlines()[0])) from error


def _write(
    rows: Iterable[Mapping[str, object]], types: Mapping[str, str], about: str, stream: BinaryIO
) -> None:
    """Write a table through a database on the disk, so that memory does not grow with it; one thread keeps the bytes the same."""
    columns = ", ".join(f"{_quoted(name)} {kind}" for name, kind in types.items())
    shape = _text(json.dumps([dict(types)]))
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": "512MB",
    }
    with (
        TemporaryDirectory(prefix="kg-") as folder,
        duckdb.connect(str(Path(folder, "table.duckdb")), config=settings) as db,
    ):
        db.execute(f"CREATE TABLE rows ({columns})")
        for batch in _batches(rows):
            db.execute(
                f"INSERT INTO rows SELECT row.* FROM (SELECT unnest(from_json(?, {shape})) AS row)",
                [json.dumps(batch, ensure_ascii=False)],
            )
        table = Path(folder, "table.parquet")
        db.execute(
            f"COPY rows TO {_text(str(table))} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{about}}})"
        )
        with table.open("rb") as found:
            copyfileobj(found, stream)


def _batches(rows: Iterable[Mapping[str, object]]) -> Iterator[list[Mapping[str, object]]]:
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
