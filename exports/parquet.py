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
from tempfile import TemporaryDirectory

import duckdb

from exports.columns import Kind, link_columns, link_rows, node_columns, node_rows
from exports.files import atomic_write_all, refused
from exports.tables import table_paths
from kg.graph.view import GraphView

__all__ = ["write_parquet"]

BATCH = 5_000
TYPES = {
    Kind.BOOLEAN: "BOOLEAN", Kind.INT: "INTEGER", Kind.LONG: "BIGINT", Kind.DOUBLE: "DOUBLE", Kind.STRING: "VARCHAR", Kind.STRINGS: "VARCHAR[]",
}  # fmt: skip


def write_parquet(view: GraphView, path: Path) -> None:
    """Write the two tables of a view to files that appear whole and together, or not at all."""
    nodes, links = node_columns(view.graph), link_columns(view.graph)
    node_types = {"id": "VARCHAR"} | {name: TYPES[kind] for name, kind in nodes.items()}
    link_types = {"id": "VARCHAR", "source": "VARCHAR", "target": "VARCHAR"} | {
        name: TYPES[kind] for name, kind in links.items()
    }
    with atomic_write_all(*table_paths(path)) as (node_part, link_part):
        try:
            _write(
                ({**row.values, "id": row.id} for row in node_rows(view.graph, nodes)),
                node_types,
                node_part,
            )
            ends = (
                {**row.values, "id": row.id, "source": row.source, "target": row.target}
                for row in link_rows(view, links)
            )
            _write(ends, link_types, link_part)
        except duckdb.Error as error:
            raise refused(path, OSError(str(error).splitlines()[0])) from error


def _write(rows: Iterable[Mapping[str, object]], types: Mapping[str, str], part: Path) -> None:
    """Write a table through a database on the disk, so that memory does not grow with it; one thread keeps the bytes the same."""
    columns = ", ".join(f"{_quoted(name)} {kind}" for name, kind in types.items())
    shape = json.dumps([dict(types)]).replace("'", "''")
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
                f"INSERT INTO rows SELECT row.* FROM (SELECT unnest(from_json(?, '{shape}')) AS row)",
                [json.dumps(batch, ensure_ascii=False)],
            )
        target = str(part).replace("'", "''")
        db.execute(f"COPY rows TO '{target}' (FORMAT parquet, COMPRESSION zstd)")


def _batches(rows: Iterable[Mapping[str, object]]) -> Iterator[list[Mapping[str, object]]]:
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
