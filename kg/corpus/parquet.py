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


def read(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record a row."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(getattr(stream, "name", "") or "")
        if not path.is_file():  # DuckDB needs a file that it can seek in
            path = Path(folder) / "papers.parquet"
            with path.open("wb") as copy:
                shutil.copyfileobj(stream, copy)
        with duckdb.connect() as db:
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
