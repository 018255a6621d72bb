"""Parquet, read by DuckDB one row group at a time."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import duckdb

from kg.corpus.fields import ReaderItem, Record, Skipped, field_kind
from kg.corpus.json_text import unwrapped

__all__ = ["read"]

ROWS = 1000
PATTERN = frozenset("*?[]{}")
MEMORY = "2GB"
"""Limit for DuckDB; a file that needs more is reported, not read."""
FEW_ROWS, BYTES_A_ROW = 100_000, 2
"""A file with more rows than this and fewer bytes per row than that cannot hold papers."""
HOLDERS = frozenset({"externalids", "ids", "paper"})


def read(stream: IO[bytes], name: str) -> Iterator[ReaderItem]:
    """Yield one record per row."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(str(getattr(stream, "name", "") or ""))
        # DuckDB needs a seekable file, and interprets some names as glob patterns.
        if not path.is_file() or PATTERN & set(str(path)):
            path = Path(folder) / "papers.parquet"
            with path.open("wb") as copy:
                shutil.copyfileobj(stream, copy)
        with duckdb.connect(
            config={"memory_limit": MEMORY, "autoinstall_known_extensions": False}
        ) as db:
            try:
                yield from _rows(db, path, name)
            except duckdb.Error as error:
                yield Skipped(name, f"broken Parquet ({str(error).splitlines()[0]})")


def _rows(db: duckdb.DuckDBPyConnection, path: Path, name: str) -> Iterator[ReaderItem]:
    columns = [
        str(row[0])
        for row in db.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    ]
    kinds = {column: field_kind(column) for column in columns}
    if "title" not in kinds.values() and "paper" not in columns:
        yield Skipped(name, f"no title column; found {', '.join(columns)[:120]}")
        return
    used = [column for column in columns if kinds[column] or column.casefold() in HOLDERS]
    most = max(FEW_ROWS, path.stat().st_size // BYTES_A_ROW)
    quoted = ", ".join('"' + column.replace('"', '""') + '"' for column in used)
    found = db.execute(f"SELECT {quoted} FROM read_parquet(?) LIMIT {most + 1}", [str(path)])
    number = 0
    while rows := found.fetchmany(ROWS):
        for row in rows:
            number += 1
            if number > most:
                yield Skipped(
                    name,
                    f"a file of {path.stat().st_size:,} bytes with more than {most:,} rows; the rest is not read",
                )
                return
            yield Record(f"{name}, row {number}", unwrapped(dict(zip(used, row, strict=True))))
