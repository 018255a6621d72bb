"""Parquet: read by DuckDB, row group by row group."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import duckdb

from kg.corpus.fields import Record, Skipped

__all__ = ["read"]

ROWS = 1000
PATTERN = frozenset("*?[]{}")
MEMORY = "2GB"
"""What DuckDB may take; a file that unpacks to more is told, not read."""


def read(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record a row."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(getattr(stream, "name", "") or "")
        if not path.is_file() or PATTERN & set(str(path)):  # DuckDB needs a file that it can seek in, and takes some names for patterns
            path = Path(folder) / "papers.parquet"
            with path.open("wb") as copy:
                shutil.copyfileobj(stream, copy)
        with duckdb.connect(config={"memory_limit": MEMORY, "autoinstall_known_extensions": False}) as db:
            try:
                found = db.execute("SELECT * FROM read_parquet(?)", [str(path)])
                columns = [column[0] for column in found.description or ()]
                number = 0
                while rows := found.fetchmany(ROWS):
                    for row in rows:
                        number += 1
                        yield Record(f"{name}, row {number}", dict(zip(columns, row, strict=True)))
            except duckdb.Error as error:
                yield Skipped(name, f"broken Parquet ({str(error).splitlines()[0]})")
