"""The store of a project: one DuckDB file with its papers, what was found in them, and the linked graph.

Papers are kept by id, extractions by the fingerprint of the text and of the pipeline, so a paper that comes again, unchanged
or after it was removed, is never read twice. Each batch is one transaction: a run that is killed leaves whole batches, and
the next one goes on. All that is read from the store comes sorted, so nothing depends on the order in which it came in.
"""

import sys
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

import duckdb
import orjson

from kg.errors import StoreError
from kg.records import (
    Abbreviation,
    Entity,
    EntityType,
    Extraction,
    Link,
    MarkedPaper,
    MarkedSentence,
    Mention,
    Merge,
    Node,
    Paper,
)
from kg.resolution.resolve import Resolution
from kg.resolution.thesaurus import Line

if sys.platform != "win32":
    import fcntl

__all__ = ["Changes", "Store", "StoredLink", "StoredNode"]

T = TypeVar("T")
VERSION = 1
BATCH = 2000
SCHEMA = """
CREATE TABLE about (version INTEGER);
CREATE TABLE papers (id VARCHAR PRIMARY KEY, title VARCHAR, abstract VARCHAR, year INTEGER, venue VARCHAR, url VARCHAR, fingerprint VARCHAR);
CREATE TABLE extractions (fingerprint VARCHAR, pipeline VARCHAR, found VARCHAR, PRIMARY KEY (fingerprint, pipeline));
CREATE TABLE nodes (id VARCHAR, label VARCHAR, type VARCHAR, aliases VARCHAR[]);
CREATE TABLE merges (node VARCHAR, surface VARCHAR, rule VARCHAR, paper VARCHAR, detail VARCHAR);
CREATE TABLE evidence_spans (paper VARCHAR, sentence INTEGER, sentence_end INTEGER, span_start INTEGER, span_end INTEGER, node VARCHAR);
CREATE TABLE links (source VARCHAR, target VARCHAR, papers INTEGER, sentences INTEGER, first_year INTEGER, last_year INTEGER);
"""
CANONICAL = "(SELECT min(id) AS id FROM papers GROUP BY title, abstract)"


@dataclass(frozen=True, slots=True)
class Changes:
    """What adding papers did; ``duplicates`` came twice in one call, or have the text of a paper under another id."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    duplicates: int = 0


class StoredNode(NamedTuple):
    """A node as it stands in the store, with its counts."""

    node: Node
    papers: int
    mentions: int
    first_year: int | None
    last_year: int | None


class StoredLink(NamedTuple):
    """A link as it stands in the store, with its years."""

    link: Link
    first_year: int | None
    last_year: int | None


class Store:
    """A context manager over the file; one process at a time."""

    def __init__(self, path: Path | None = None, *, read_only: bool = False) -> None:
        """Open the file, or make it; without a path the store lives in memory.

        Raises:
            StoreError: if the file is no store, is of a newer version, is in use, or cannot be written.
        """
        self.path = path
        if read_only and path is not None and not path.exists():
            message = f"{path}: no such store; make one with kg build"
            raise StoreError(message)
        if path is not None and not read_only:
            _remove_if_empty(path)
        with self._guarded():
            self._db = duckdb.connect(str(path) if path else ":memory:", read_only=read_only)
            self._db.execute(
                "SET preserve_insertion_order = false; SET enable_progress_bar = false"
            )
        try:
            self._check(read_only=read_only)
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
        self._db.close()

    def _guarded(self) -> "_Guard":
        return _Guard(self.path)

    def _check(self, *, read_only: bool) -> None:
        with self._guarded():
            tables = {
                name
                for (name,) in self._db.execute(
                    "SELECT table_name FROM information_schema.tables"
                ).fetchall()
            }
            if not tables and not read_only:
                with _Transaction(self._db):
                    self._db.execute(SCHEMA)
                    self._db.execute("INSERT INTO about VALUES (?)", [VERSION])
                return
            row = (
                self._db.execute("SELECT version FROM about").fetchone()
                if "about" in tables
                else None
            )
        if row is None or row[0] != VERSION:
            found = f"version {row[0]}" if row else "another database"
            message = (
                f"{self.path}: is not a store of this kg: found {found}, expected version {VERSION}"
            )
            raise StoreError(message)

    # Papers

    def add_papers(self, papers: Iterable[Paper]) -> Changes:
        """Add papers, or replace those of the same id; of an id that comes twice in one call the greatest text counts."""
        total = [0, 0, 0, 0]
        with self._guarded(), _Transaction(self._db):
            self._db.execute(
                "CREATE OR REPLACE TEMP TABLE incoming AS SELECT * FROM papers LIMIT 0"
            )
            for batch in _batches(papers, BATCH):
                rows = [
                    [p.id, p.title, p.abstract, p.year, p.venue, p.url, p.fingerprint]
                    for p in batch
                ]
                _insert(self._db, "incoming", rows)
            came = self._one("SELECT count(*) FROM incoming")
            self._db.execute(
                "CREATE OR REPLACE TEMP TABLE fresh AS SELECT * FROM incoming QUALIFY row_number() OVER "
                "(PARTITION BY id ORDER BY length(abstract) DESC, title, abstract, year, venue, url) = 1"
            )
            same = "p.title = f.title AND p.abstract = f.abstract AND (p.year, p.venue, p.url) IS NOT DISTINCT FROM (f.year, f.venue, f.url)"
            known = "FROM fresh f JOIN papers p USING (id)"
            fresh = self._one("SELECT count(*) FROM fresh")
            self._db.execute(
                f"CREATE OR REPLACE TEMP TABLE different AS SELECT * FROM fresh WHERE id NOT IN (SELECT id {known} WHERE {same})"
            )
            total[2] = fresh - self._one("SELECT count(*) FROM different")
            total[1] = self._one(f"SELECT count(*) {known}") - total[2]
            self._db.execute("DELETE FROM papers WHERE id IN (SELECT id FROM different)")
            self._db.execute("INSERT INTO papers SELECT * FROM different")
            total[0] = fresh - total[1] - total[2]
            twice = self._one(f"SELECT count(*) FROM fresh WHERE id NOT IN {CANONICAL}")
            for table in ("incoming", "fresh", "different"):
                self._db.execute(f"DROP TABLE {table}")
        return Changes(total[0], total[1], total[2], came - fresh + twice)

    def remove_papers(self, ids: Iterable[str]) -> int:
        """Remove papers and return how many there were; what was found in their texts is kept for their return."""
        wanted = sorted(set(ids))
        with self._guarded(), _Transaction(self._db):
            before = self._one("SELECT count(*) FROM papers")
            self._db.execute("DELETE FROM papers WHERE id IN (SELECT unnest(?))", [wanted])
            return before - self._one("SELECT count(*) FROM papers")

    def count_papers(self) -> int:
        """Return how many papers count: equal texts once."""
        with self._guarded():
            return self._one(f"SELECT count(*) FROM {CANONICAL}")

    def papers(self, ids: Collection[str] | None = None) -> Iterator[Paper]:
        """Yield the papers that count, or those of the given ids, sorted by id."""
        query = f"SELECT id, title, abstract, year, venue, url FROM papers WHERE id IN {CANONICAL}"
        arguments: list[object] = []
        if ids is not None:
            query += " AND id IN (SELECT unnest(?))"
            arguments = [sorted(ids)]
        for row in self._rows(f"{query} ORDER BY id", arguments):
            yield Paper(*row)

    # Extractions

    def pending(self, pipeline: str) -> Iterator[Paper]:
        """Yield one paper of each text in which this pipeline has not looked yet, sorted by id."""
        query = (
            f"SELECT id, title, abstract, year, venue, url FROM papers p WHERE id IN {CANONICAL} AND NOT EXISTS "
            "(SELECT 1 FROM extractions e WHERE e.fingerprint = p.fingerprint AND e.pipeline = ?) ORDER BY id"
        )
        for row in self._rows(query, [pipeline]):
            yield Paper(*row)

    def count_pending(self, pipeline: str) -> int:
        """Return how many papers ``pending`` yields."""
        query = (
            f"SELECT count(*) FROM papers p WHERE id IN {CANONICAL} AND NOT EXISTS "
            "(SELECT 1 FROM extractions e WHERE e.fingerprint = p.fingerprint AND e.pipeline = ?)"
        )
        with self._guarded():
            return self._one(query, [pipeline])

    def save_extractions(self, pipeline: str, found: Sequence[tuple[Paper, Extraction]]) -> None:
        """Keep what the pipeline found, in one transaction."""
        rows = [
            [paper.fingerprint, pipeline, _dumps(extraction).decode()]
            for paper, extraction in found
        ]
        with self._guarded(), _Transaction(self._db):
            _insert(self._db, "extractions", rows)

    def extractions(self, pipeline: str) -> Iterator[tuple[Paper, Extraction]]:
        """Yield each paper that counts with what was found in it, sorted by id; a text under several ids comes once."""
        query = (
            f"SELECT id, title, abstract, year, venue, url, found FROM papers JOIN extractions USING (fingerprint) "
            f"WHERE pipeline = ? AND id IN {CANONICAL} ORDER BY id"
        )
        for row in self._rows(query, [pipeline]):
            paper = Paper(*row[:6])
            yield paper, _loads(row[6], paper.text)

    # The thesaurus

    def save_thesaurus(self, lines: Sequence[Line] | None) -> None:
        """Keep the lines of the thesaurus that the graph is built with (None: there is none), for a graph that is built again."""
        rows = [[line.label, line.replacement, line.type, line.number] for line in lines or ()]
        with self._guarded(), _Transaction(self._db):
            self._db.execute("DROP TABLE IF EXISTS thesaurus")
            if lines is not None:
                self._db.execute(
                    "CREATE TABLE thesaurus (label VARCHAR, replacement VARCHAR, type VARCHAR, number INTEGER)"
                )
                _insert(self._db, "thesaurus", rows)

    def thesaurus(self) -> tuple[Line, ...] | None:
        """Return the lines of the thesaurus of the last build, in the order of the file; None if it had none."""
        if not list(
            self._rows("SELECT 1 FROM information_schema.tables WHERE table_name = 'thesaurus'")
        ):
            return None
        rows = self._rows("SELECT label, replacement, type, number FROM thesaurus ORDER BY number")
        return tuple(
            Line(label, replacement, EntityType(kind) if kind else None, number)
            for label, replacement, kind, number in rows
        )

    # The graph

    def note_spans(self, seen: Iterable[tuple[Paper, Extraction, Sequence[int]]]) -> None:
        """Note where papers name their entities, each of which has a number; ``link`` is told which nodes these are."""
        with self._guarded():
            self._db.execute(
                "CREATE OR REPLACE TEMP TABLE noted (paper VARCHAR, sentence INTEGER, sentence_end INTEGER, span_start INTEGER, span_end INTEGER, entity INTEGER)"
            )
            for batch in _batches(seen, BATCH):
                _insert(
                    self._db,
                    "noted",
                    [
                        row
                        for paper, found, numbers in batch
                        for row in _span_rows(paper, found, numbers)
                    ],
                )

    def link(self, resolution: Resolution) -> None:
        """Write the nodes, the marks that were noted, the links and the ledger, all in one transaction."""
        with self._guarded(), _Transaction(self._db):
            for table in ("nodes", "merges", "evidence_spans", "links"):
                self._db.execute(f"DELETE FROM {table}")
            _insert(
                self._db,
                "nodes",
                ([n.id, n.label, n.type.value, list(n.aliases)] for n in resolution.nodes),
            )
            _insert(
                self._db,
                "merges",
                ([m.node, m.surface, m.rule, m.paper, m.detail] for m in resolution.merges),
            )
            self._db.execute("CREATE OR REPLACE TEMP TABLE meant (entity INTEGER, node VARCHAR)")
            _insert(self._db, "meant", resolution.entities())
            self._db.execute(
                "INSERT INTO evidence_spans SELECT paper, sentence, sentence_end, span_start, span_end, node FROM noted JOIN meant USING (entity)"
            )
            self._db.execute(LINKS)
            for table in ("noted", "meant"):
                self._db.execute(f"DROP TABLE {table}")

    def node_rows(self) -> Iterator[StoredNode]:
        """Yield the nodes that a paper mentions, sorted by id."""
        query = (
            "SELECT n.id, n.label, n.type, n.aliases, count(DISTINCT m.paper), count(*), min(p.year), max(p.year) "
            "FROM nodes n JOIN evidence_spans m ON m.node = n.id JOIN papers p ON p.id = m.paper GROUP BY ALL ORDER BY n.id"
        )
        for identifier, label, kind, aliases, papers, mentions, first, last in self._rows(query):
            node = Node(identifier, label, EntityType(kind), tuple(aliases))
            yield StoredNode(node, papers, mentions, first, last)

    def link_rows(self) -> Iterator[StoredLink]:
        """Yield the links, sorted."""
        for source, target, papers, sentences, first, last in self._rows(
            "SELECT * FROM links ORDER BY source, target"
        ):
            yield StoredLink(Link(source, target, papers, sentences), first, last)

    def paper_sizes(self) -> list[int]:
        """Return how many nodes each paper mentions, largest first; papers without a node are left out."""
        query = "SELECT count(DISTINCT node) AS size FROM evidence_spans GROUP BY paper ORDER BY size DESC"
        return [size for (size,) in self._rows(query)]

    def years(self) -> dict[int, int]:
        """Return how many papers each year has, sorted; papers without a year are left out."""
        query = f"SELECT year, count(*) FROM papers WHERE year IS NOT NULL AND id IN {CANONICAL} GROUP BY year ORDER BY year"
        return dict(self._rows(query))

    def node_years(self) -> Iterator[tuple[str, int, int]]:
        """Yield (node, year, papers of that year that mention it), sorted; papers without a year are left out."""
        yield from self._rows(
            f"{DATED} SELECT node, year, count(*) FROM once GROUP BY ALL ORDER BY ALL"
        )

    def link_years(self, least: int = 1) -> Iterator[tuple[str, str, int, int]]:
        """Yield (source, target, year, papers of that year that mention both) of the links of at least so many dated papers, sorted."""
        pairs = "SELECT a.node AS source, b.node AS target, a.year AS year FROM once a JOIN once b USING (paper) WHERE a.node < b.node"
        query = (
            f"{DATED} SELECT source, target, year, count(*) AS papers FROM ({pairs}) GROUP BY source, target, year "
            "QUALIFY sum(count(*)) OVER (PARTITION BY source, target) >= ? ORDER BY ALL"
        )
        yield from self._rows(query, [least])

    def paper_ids(self, since: int | None = None, until: int | None = None) -> list[str]:
        """Return the ids of the papers that count, or of those of the years from ``since`` to ``until``, sorted."""
        bounds = (
            ""
            if since is None and until is None
            else "AND year >= coalesce(?, year) AND year <= coalesce(?, year) "
        )
        query = f"SELECT id FROM papers WHERE id IN {CANONICAL} {bounds}ORDER BY id"
        return [name for (name,) in self._rows(query, [since, until] if bounds else [])]

    def counts(self, papers: Collection[str]) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
        """Return how many of the given papers mention each node, and both ends of each link, sorted; what none mentions is left out."""
        once = "WITH once AS (SELECT DISTINCT paper, node FROM evidence_spans WHERE paper IN (SELECT unnest(?)))"
        nodes = self._rows(
            f"{once} SELECT node, count(*) FROM once GROUP BY node ORDER BY node", [sorted(papers)]
        )
        pairs = "SELECT a.node AS source, b.node AS target FROM once a JOIN once b USING (paper) WHERE a.node < b.node"
        links = self._rows(
            f"{once} SELECT source, target, count(*) FROM ({pairs}) GROUP BY ALL ORDER BY ALL",
            [sorted(papers)],
        )
        return dict(nodes), {(source, target): count for source, target, count in links}

    def merges(self, nodes: Collection[str] | None = None) -> Iterator[Merge]:
        """Yield the ledger, or the lines of the given nodes, sorted."""
        wanted = None if nodes is None else frozenset(nodes)
        for row in self._rows("SELECT * FROM merges ORDER BY ALL"):
            if wanted is None or row[0] in wanted:
                yield Merge(*row)

    def marked_papers(self, nodes: Collection[str] | None = None) -> Iterator[MarkedPaper]:
        """Yield each paper that names a node (or one of the given) with its sentences that do, sorted by id."""
        arguments: list[object] = [] if nodes is None else [sorted(nodes)]
        spans = (
            "evidence_spans"
            if nodes is None
            else "(SELECT * FROM evidence_spans WHERE node IN (SELECT unnest(?)))"
        )
        # Two sorted queries side by side: a join would sort the text of a paper once for each of its marks.
        papers = self._rows(
            f"SELECT id, title, abstract, year, venue, url FROM papers WHERE id IN (SELECT paper FROM {spans}) ORDER BY id",
            arguments,
        )
        places = self._rows(
            f"SELECT paper, sentence, sentence_end, span_start, span_end, node FROM {spans} ORDER BY paper, sentence, span_start, span_end, node",
            arguments,
        )
        for row, (_, rows) in zip(papers, groupby(places, key=itemgetter(0)), strict=True):
            sentences = [
                MarkedSentence(start, end, tuple(place[3:] for place in inner))
                for (start, end), inner in groupby(rows, key=itemgetter(1, 2))
            ]
            yield MarkedPaper(Paper(*row), tuple(sentences))

    def _one(self, query: str, arguments: Sequence[object] = ()) -> int:
        row = self._db.execute(query, list(arguments)).fetchone()
        return int(row[0]) if row else 0

    def _rows(self, query: str, arguments: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """Stream the rows of a query; a cursor of its own lets the caller write meanwhile."""
        with self._guarded():
            cursor = self._db.cursor()
            cursor.execute(query, list(arguments))
            while rows := cursor.fetchmany(BATCH):
                yield from rows


DATED = "WITH once AS (SELECT DISTINCT paper, node, year FROM evidence_spans JOIN papers ON papers.id = evidence_spans.paper WHERE year IS NOT NULL)"
LINKS = """
INSERT INTO links
WITH once AS (SELECT DISTINCT paper, node FROM evidence_spans),
near AS (SELECT DISTINCT a.paper, a.node AS source, b.node AS target FROM evidence_spans a JOIN evidence_spans b USING (paper, sentence) WHERE a.node < b.node),
pairs AS (SELECT a.paper, a.node AS source, b.node AS target FROM once a JOIN once b USING (paper) WHERE a.node < b.node)
SELECT source, target, count(*), count(near.paper), min(year), max(year)
FROM pairs LEFT JOIN near USING (paper, source, target) JOIN papers ON papers.id = pairs.paper
GROUP BY source, target
"""


class _Transaction:
    def __init__(self, db: duckdb.DuckDBPyConnection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._db.execute("COMMIT")
            return
        with suppress(
            duckdb.Error
        ):  # after some errors, such as a full disk, nothing is left to be undone
            self._db.execute("ROLLBACK")


class _Guard:
    """Turns DuckDB's errors into ours."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, duckdb.Error):
            message = f"{self._path or 'store in memory'}: {_reason(str(error))}"
            raise StoreError(message) from error


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


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def _insert(db: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[object]]) -> None:
    """Insert many rows at once: as one JSON text of columns, which DuckDB reads a hundred times faster than row by row."""
    columns = db.execute(f"SELECT column_name, column_type FROM (DESCRIBE {table})").fetchall()
    shape = orjson.dumps({name: [kind] for name, kind in columns}).decode()
    names = [name for name, _ in columns]
    values = ", ".join(f"unnest(read.{name})" for name in names)
    verb = "INSERT OR REPLACE" if table == "extractions" else "INSERT"
    for batch in _batches(rows, 20 * BATCH):
        text = orjson.dumps(dict(zip(names, zip(*batch, strict=True), strict=True))).decode()
        db.execute(
            f"{verb} INTO {table} SELECT {values} FROM (SELECT from_json(?, '{shape}') AS read)",
            [text],
        )


def _span_rows(
    paper: Paper, found: Extraction, numbers: Sequence[int]
) -> Iterator[tuple[object, ...]]:
    """Yield a row for each mention: its place, the sentence around it, and the number of its entity."""
    starts = [start for start, _ in found.sentences]
    for entity, number in zip(found.entities, numbers, strict=True):
        for mention in entity.mentions:
            before = bisect_right(starts, mention.start)
            start, end = found.sentences[before - 1] if before else (0, 0)
            if end <= mention.start:  # in no sentence
                start, end = mention.start, mention.end
            yield paper.id, start, max(end, mention.end), mention.start, mention.end, number


def _dumps(found: Extraction) -> bytes:
    """Pack an extraction; surfaces are not repeated, they are read from the text by their offsets."""
    entities = [
        [e.type, list(e.names), [[m.start, m.end] for m in e.mentions]] for e in found.entities
    ]
    abbreviations = [[a.short, a.long, a.start, a.end] for a in found.abbreviations]
    return orjson.dumps([entities, abbreviations, found.sentences])


def _loads(packed: str, text: str) -> Extraction:
    entities, abbreviations, sentences = orjson.loads(packed)
    return Extraction(
        tuple(_entity(EntityType(kind), names, spans, text) for kind, names, spans in entities),
        tuple(Abbreviation(*row) for row in abbreviations),
        tuple((start, end) for start, end in sentences),
    )


def _entity(
    kind: EntityType, names: Sequence[str], spans: Iterable[tuple[int, int]], text: str
) -> Entity:
    return Entity(
        kind,
        tuple(names),
        tuple(Mention(start, end, kind, text[start:end]) for start, end in spans),
    )
