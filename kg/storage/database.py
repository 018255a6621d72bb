"""One DuckDB file: opened or made, guarded, changed in transactions, read and filled in batches.

DuckDB's errors come out as ``StoreError``, in words that say what to do. A file may come from a stranger: DuckDB reaches no
other file and no network, loads no extension, and the file must hold the tables that kg makes, and nothing else.
"""

import sys
import time
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
PATIENCE = 10
"""Seconds that a writer waits while others only read."""
CLOSED = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "enable_external_access": False,
}
ABOUT = "CREATE TABLE about (version INTEGER);"
SHAPE = """
SELECT schema_name, table_name, column_name, data_type, column_default, is_nullable FROM duckdb_columns()
WHERE NOT internal AND (schema_name, table_name) NOT IN (SELECT (schema_name, view_name) FROM duckdb_views()) AND database_name = current_database()
UNION ALL SELECT schema_name, view_name, sql, 'view', NULL, true FROM duckdb_views() WHERE NOT internal ORDER BY ALL
"""
"""Tables with their columns, and views with what they are made of."""
STRANGE = "SELECT function_name FROM duckdb_functions() WHERE NOT internal"
UNFINISHED = 3 * 4096
"""Bytes of the three heads that a DuckDB file begins with; a file that is no longer holds nothing yet."""


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
        self._changing = False
        if read_only and path is not None and not path.exists():
            message = f"{path}: no such store; make one with kg build"
            raise StoreError(message)
        if path is not None and not read_only:
            _remove_if_unfinished(path)
        with self.guarded():
            self._db = _connect(path, read_only=read_only)
            self.execute("SET preserve_insertion_order = false")
            with suppress(duckdb.Error):  # a notebook without ipywidgets can draw none, and refuses
                self.execute("SET enable_progress_bar = false")
        try:
            self._check(f"{ABOUT}{schema}", version, read_only=read_only)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file; what was not committed is undone."""
        self._db.close()

    def _check(self, schema: str, version: int, *, read_only: bool) -> None:
        with self.guarded():
            shape = list(self.rows(SHAPE))
            strange = list(self.rows(STRANGE))
            if not shape and not strange and not read_only:
                with self.transaction():
                    self.execute(schema)
                    self.execute("INSERT INTO about VALUES (?)", [version])
                return
            about = any(row[1:3] == ("about", "version") for row in shape) and not strange
            found = next(self.rows("SELECT version FROM about"), None) if about else None
        what = f"version {found[0]}" if found else "another database"
        if found == (version,):
            if shape == _shape_of(schema):
                return
            what = "tables of another shape"
        message = (
            f"{self.path}: is not a store of this kg: found {what}, expected version {version}"
        )
        raise StoreError(message)

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Turn DuckDB's errors into ours, and what it makes of Ctrl-C back into that."""
        try:
            yield
        except RuntimeError as error:
            if str(error) != "Query interrupted":
                raise
            raise KeyboardInterrupt from error
        except duckdb.Error as error:
            message = f"{self.path or 'store in memory'}: {_reason(str(error))}"
            raise StoreError(message) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what the block does, or undo all of it; errors are guarded."""
        with self.guarded():
            self._db.execute("BEGIN")
            self._changing = True
            try:
                yield
            except BaseException:
                with suppress(duckdb.Error):  # after a full disk nothing is left to undo
                    self._db.execute("ROLLBACK")
                raise
            finally:
                self._changing = False
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
        """Stream the rows of a query; a cursor of its own lets the caller write meanwhile.

        In a transaction its changes are seen, and all rows must be read before the next statement.
        """
        with self.guarded():
            cursor = self._db if self._changing else self._db.cursor()
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


def _connect(path: Path | None, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open a file by its whole path, which DuckDB takes for nothing else; wait a little for others that only read it."""
    if path is None:
        return duckdb.connect(":memory:", config=dict(CLOSED))
    name = str(path.absolute())
    if "?" in name or name.encode(errors="ignore").decode() != name:
        message = f"{path}: expected a path in UTF-8 without a question mark; DuckDB, which keeps the store, reads others as more than a path"
        raise StoreError(message)
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return duckdb.connect(name, read_only=read_only, config=dict(CLOSED))
        except duckdb.IOException as error:
            waiting = not read_only and _is_lock(str(error)) and time.monotonic() < end
            if not waiting or _is_written(path):
                raise
        time.sleep(0.1)


def _shape_of(schema: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(":memory:", config={"threads": 1}) as db:
        db.execute(schema)
        return db.execute(SHAPE).fetchall()


def _is_lock(said: str) -> bool:
    return "set lock" in said.lower() or "being used by another process" in said.lower()


def _is_written(path: Path) -> bool:
    """Say whether a process that has the file may write it; where systems do not tell, none may."""
    if sys.platform == "win32":
        return False
    with suppress(OSError), path.open("rb") as stream:
        fcntl.lockf(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    return True


def _reason(said: str) -> str:
    """Return what DuckDB says in words that tell what to do."""
    small = said.lower()
    if _is_lock(said):
        return "another process uses it; wait until it is done"
    if "no space left" in small or "file too large" in small:
        return "no room on the disk; what was saved before is kept, make room and run the same command again"
    if "permission denied" in small or "read-only file system" in small:
        return "cannot be written; expected a folder and a file that can be written to"
    return said.splitlines()[0]


def _remove_if_unfinished(path: Path) -> None:
    """Remove a file whose head was not written: a run was killed, or found the disk full. One that a living process begins is locked."""
    if not path.is_file() or not _is_unfinished(path):
        return
    with suppress(OSError), path.open("r+b") as stream:
        if sys.platform != "win32":
            fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _is_unfinished(path):
            path.unlink()


def _is_unfinished(path: Path) -> bool:
    """Say whether a file is shorter than DuckDB's heads, and is the beginning of them or empty."""
    if path.stat().st_size >= UNFINISHED:
        return False
    head = path.read_bytes()[8:12]
    return head in {b"", b"DUCK"} or not any(head)
