"""The store of a project: one DuckDB file with its papers, what was found in them, and the linked graph.

Every record is kept; which of them are one paper is found anew whenever records come or go (``kg.storage.merging``).
Extractions are kept by the fingerprint of the text and of the pipeline, so a paper that comes again, unchanged or after it
was removed, is never read twice. Each batch is one transaction: a run that is killed leaves whole batches, and
the next one goes on. All that is read from the store comes sorted, so nothing depends on the order in which it came in.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from kg.errors import StoreError
from kg.records import EntityType, Extraction, Paper
from kg.resolution.resolve import NODE_TYPES
from kg.resolution.thesaurus import Line
from kg.storage import graph_tables, merging, record_tables
from kg.storage.checks import check_content
from kg.storage.database import Database
from kg.storage.graph_tables import GraphTables
from kg.storage.packing import PAPER, pack, paper_of, unpack
from kg.storage.record_tables import Changes, RecordTables

__all__ = ["Store"]

VERSION = 6
SCHEMA = f"""
{merging.SCHEMA}{record_tables.SCHEMA}{graph_tables.SCHEMA}
CREATE TABLE extractions (fingerprint VARCHAR, pipeline VARCHAR, found VARCHAR, PRIMARY KEY (fingerprint, pipeline));
CREATE TABLE thesaurus (label VARCHAR, replacement VARCHAR, type VARCHAR, number INTEGER);
CREATE TABLE node_types (type VARCHAR);
"""


class Store:
    """A context manager over the file; one process at a time."""

    def __init__(self, path: Path | None = None, *, read_only: bool = False) -> None:
        """Open the file, or make it; without a path the store lives in memory.

        Raises:
            StoreError: if the file is no store, is of another version, is in use, or cannot be written; if it is only to be read,
                also if its graph is not that of its papers.
        """
        self.path = path
        self._db = Database(path, SCHEMA, VERSION, read_only=read_only)
        self.graph = GraphTables(self._db)
        """What the build derived from the papers."""
        self.records = RecordTables(self._db, self.graph)
        """What came in, and which of it is one paper."""
        if read_only:
            try:
                self._check_readable()
            except BaseException:
                self._db.close()
                raise

    def __enter__(self) -> Self:
        """Return the open store."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file; what was not committed is undone."""
        self.close()

    def close(self) -> None:
        """Close the file, as the end of a ``with`` block does."""
        self._db.close()

    def _check_readable(self) -> None:
        if not self.graph.linked:
            folder = self.path.parent if self.path else "DIR"
            message = f"{self.path}: its graph is not that of its papers, as a build or a removal was stopped; run kg build -o {folder} to finish it"
            raise StoreError(message)
        check_content(self._db)

    def add_papers(self, papers: Iterable[Paper]) -> Changes:
        """Add records that came from no file: those of an id that is there already are replaced."""
        return self.records.add(("", paper) for paper in papers)

    def count_papers(self) -> int:
        """Return how many papers there are."""
        return self._db.one("SELECT (SELECT count(*) FROM singles) + (SELECT count(*) FROM merged)")

    def papers(self, ids: Collection[str] | None = None) -> Iterator[Paper]:
        """Yield the papers, or those of the given ids, sorted by id."""
        wanted = "" if ids is None else " WHERE id IN (SELECT unnest(?))"
        query = f"SELECT {PAPER} FROM papers{wanted} ORDER BY id"
        for row in self._db.rows(query, [] if ids is None else [sorted(ids)]):
            yield paper_of(row)

    def years(self) -> dict[int, int]:
        """Return how many papers each year has, sorted; papers without a year are left out."""
        return dict(
            self._db.rows(
                "SELECT year, count(*) FROM papers WHERE year IS NOT NULL GROUP BY year ORDER BY year"
            )
        )

    def strata(self) -> dict[tuple[str, int], int]:
        """Return how many papers each venue ('' for none) has in each year, sorted; papers without a year are left out."""
        query = "SELECT coalesce(venue, ''), year, count(*) FROM papers WHERE year IS NOT NULL GROUP BY ALL ORDER BY ALL"
        return {(venue, year): papers for venue, year, papers in self._db.rows(query)}

    def paper_ids(self, since: int | None = None, until: int | None = None) -> list[str]:
        """Return the ids of the papers, or of those of the years from ``since`` to ``until``, sorted."""
        bounds = (
            ""
            if since is None and until is None
            else "WHERE year >= coalesce(?, year) AND year <= coalesce(?, year) "
        )
        query = f"SELECT id FROM papers {bounds}ORDER BY id"
        return [name for (name,) in self._db.rows(query, [since, until] if bounds else [])]

    def pending(self, pipeline: str) -> Iterator[Paper]:
        """Yield one paper of each text in which this pipeline has not looked yet, sorted by id."""
        query = (
            f"SELECT {PAPER} FROM papers p WHERE NOT EXISTS "
            "(SELECT 1 FROM extractions e WHERE e.fingerprint = p.fingerprint AND e.pipeline = ?) ORDER BY id"
        )
        for row in self._db.rows(query, [pipeline]):
            yield paper_of(row)

    def count_pending(self, pipeline: str) -> int:
        """Return how many papers ``pending`` yields."""
        query = (
            "SELECT count(*) FROM papers p WHERE NOT EXISTS "
            "(SELECT 1 FROM extractions e WHERE e.fingerprint = p.fingerprint AND e.pipeline = ?)"
        )
        with self._db.guarded():
            return self._db.one(query, [pipeline])

    def save_extractions(self, pipeline: str, found: Sequence[tuple[Paper, Extraction]]) -> None:
        """Keep what the pipeline found, in one transaction."""
        rows = [[paper.fingerprint, pipeline, pack(extraction)] for paper, extraction in found]
        with self._db.transaction():
            self._db.insert("extractions", rows, replace=True)
            self.graph.set_linked(linked=False)

    def extractions(self, pipeline: str) -> Iterator[tuple[Paper, Extraction]]:
        """Yield each paper that counts with what was found in it, sorted by id; a text under several ids comes once."""
        query = (
            f"SELECT {PAPER}, found FROM papers JOIN extractions USING (fingerprint) "
            f"WHERE pipeline = ? ORDER BY id"
        )
        for row in self._db.rows(query, [pipeline]):
            paper = paper_of(row[:-1])
            try:
                found = unpack(row[-1], paper.text)
            except (ValueError, TypeError) as error:
                message = f"{self.path}: is damaged: what was found in {paper.id!r} cannot be read; build it again from the papers"
                raise StoreError(message) from error
            yield paper, found

    # The thesaurus

    def save_thesaurus(self, lines: Sequence[Line] | None) -> None:
        """Keep the lines of the thesaurus that the graph is built with (None: there is none), for a graph that is built again."""
        kept = tuple(sorted(lines or (), key=lambda line: line.number))
        if kept == (self.thesaurus() or ()):
            return
        with self._db.transaction():
            self._db.execute("DELETE FROM thesaurus")
            rows = [[line.label, line.replacement, line.type, line.number] for line in kept]
            self._db.insert("thesaurus", rows)
            self.graph.set_linked(linked=False)

    def thesaurus(self) -> tuple[Line, ...] | None:
        """Return the lines of the thesaurus of the last build, in the order of the file; None if it had none."""
        rows = self._db.rows(
            "SELECT label, replacement, type, number FROM thesaurus ORDER BY number"
        )
        lines = tuple(
            Line(label, replacement, EntityType(kind) if kind else None, number)
            for label, replacement, kind, number in rows
        )
        return lines or None

    def save_title(self, title: str) -> None:
        """Keep what the corpus is called, '' for no name: as the comment of the table of records, which every version of a store has."""
        plain = " ".join(title.encode(errors="replace").decode().split())
        quoted = plain.replace("'", "''")
        with self._db.transaction():
            self._db.execute(f"COMMENT ON TABLE records IS '{quoted}'")

    def title(self) -> str:
        """Return what the corpus is called; '' where no build has named it."""
        found = self._db.rows(
            "SELECT comment FROM duckdb_tables()"
            " WHERE table_name = 'records' AND NOT temporary AND database_name = current_database()"
        )
        return next((str(comment) for (comment,) in found if comment), "")

    def save_node_types(self, types: Iterable[EntityType]) -> None:
        """Keep which types of entity become nodes, for a graph that is built again."""
        kept = sorted(set(types))
        if kept == sorted(self.node_types()):
            return
        with self._db.transaction():
            self._db.execute("DELETE FROM node_types")
            self._db.insert("node_types", [[kind.value] for kind in kept])
            self.graph.set_linked(linked=False)

    def node_types(self) -> tuple[EntityType, ...]:
        """Return which types of entity become nodes, as the last build was told."""
        rows = self._db.rows("SELECT type FROM node_types ORDER BY type")
        return tuple(EntityType(kind) for (kind,) in rows) or NODE_TYPES
