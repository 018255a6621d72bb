"""One DuckDB file: opened or made, guarded, changed in transactions, read and filled in batches.

DuckDB's errors come out as ``StoreError``, in words that say what to do.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import orjson

from kg.errors import StoreError

if sys.platform != "win32":
    import fcntl

__all__ = ["BATCH", "Database", "batches"]

T = TypeVar("T")
BATCH = 2000
"""Rows that are read, or papers that are written, at once."""


class Database:
    """A database file of a known version, or one in memory; one process at a time."""

    def __init__(
        self, path: Path | None, schema: str, version: int, *, read_only: bool = False
    ) -> None:
        """Open the file, or make it by the schema; without a path the database lives in memory.

        Raises:
            StoreError: if the file is no store, is of another version, is in use, or cannot be written.
        """
        self.path = path
        if read_only and path is not None and not path.exists():
            message = f"{path}: no such store; make one with kg build"
            raise StoreError(message)
        if path is not None and not read_only:
            _remove_if_empty(path)
        with self.guarded():
            self._db = duckdb.connect(str(path) if path else ":memory:", read_only=read_only)
            self.execute("SET preserve_insertion_order = false")
            with suppress(duckdb.Error):  # a notebook without ipywidgets can draw none, and refuses
                self.execute("SET enable_progress_bar = false")
        try:
            self._check(schema, version, read_only=read_only)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file; what was not committed is undone."""
        self._db.close()

    def _check(self, schema: str, version: int, *, read_only: bool) -> None:
        with self.guarded():
            tables = set(self.rows("SELECT table_name FROM information_schema.tables"))
            if not tables and not read_only:
                with self.transaction():
                    self.execute(schema)
                    self.execute("CREATE TABLE about (version INTEGER)")
                    self.execute("INSERT INTO about VALUES (?)", [version])
                return
            known = ("about",) in tables
            found = next(self.rows("SELECT version FROM about"), None) if known else None
        if found is None or found[0] != version:
            what = f"version {found[0]}" if found else "another database"
            message = (
                f"{self.path}: is not a store of this kg: found {what}, expected version {version}"
            )
            raise StoreError(message)

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Turn DuckDB's errors into ours."""
        try:
            yield
        except duckdb.Error as error:
            message = f"{self.path or 'store in memory'}: {_reason(str(error))}"
            raise StoreError(message) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what the block does, or undo all of it; errors are guarded."""
        with self.guarded():
            self._db.execute("BEGIN")
            try:
                yield
            except BaseException:
                with suppress(duckdb.Error):  # after a full disk nothing is left to undo
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def execute(self, query: str, arguments: Sequence[object] = ()) -> None:
        """Run a statement whose rows nobody reads."""
        self._db.execute(query, list(arguments))

    def one(self, query: str, arguments: Sequence[object] = ()) -> int:
        """Return the number that a query gives, 0 where it gives none."""
        with self.guarded():
            row = self._db.execute(query, list(arguments)).fetchone()
            return int(row[0] or 0) if row else 0

    def rows(self, query: str, arguments: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """Stream the rows of a query; a cursor of its own lets the caller write meanwhile."""
        with self.guarded():
            cursor = self._db.cursor()
            cursor.execute(query, list(arguments))
            while rows := cursor.fetchmany(BATCH):
                yield from rows

    def insert(
        self, table: str, rows: Iterable[Sequence[object]], *, replace: bool = False
    ) -> None:
        """Insert many rows at once: as one JSON text of columns, which DuckDB reads a hundred times faster than row by row."""
        columns = self._db.execute(
            f"SELECT column_name, column_type FROM (DESCRIBE {table})"
        ).fetchall()
        shape = orjson.dumps({name: [kind] for name, kind in columns}).decode()
        names = [name for name, _ in columns]
        values = ", ".join(f"unnest(read.{name})" for name in names)
        verb = "INSERT OR REPLACE" if replace else "INSERT"
        for batch in batches(rows, 20):
            text = orjson.dumps(dict(zip(names, zip(*batch, strict=True), strict=True))).decode()
            self.execute(
                f"{verb} INTO {table} SELECT {values} FROM (SELECT from_json(?, '{shape}') AS read)",
                [text],
            )


def batches(items: Iterable[T], times: int = 1) -> Iterator[list[T]]:
    """Yield lists of at most ``BATCH`` items, or so many times as many."""
    rest = iter(items)
    while batch := list(islice(rest, times * BATCH)):
        yield batch


def _reason(said: str) -> str:
    """Return what DuckDB says in words that tell what to do."""
    small = said.lower()
    if "set lock" in small or "being used by another process" in small:
        return "another process uses it; wait until it is done"
    if "no space left" in small or "file too large" in small:
        return "no room on the disk; what was saved before is kept, make room and run the same command again"
    if "permission denied" in small or "read-only file system" in small:
        return "cannot be written; expected a folder and a file that can be written to"
    return said.splitlines()[0]


def _remove_if_empty(path: Path) -> None:
    """Remove an empty file: a run was killed between making it and writing its head. One that a living process begins is locked."""
    if not path.is_file() or path.stat().st_size:
        return
    with suppress(OSError), path.open("r+b") as stream:
        if sys.platform != "win32":
            fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not path.stat().st_size:
            path.unlink()
