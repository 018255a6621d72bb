"""The derived graph of a store: nodes, links, evidence spans and the ledger, written whole by each build and read sorted."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from kg.names.keys import key
from kg.records import (
    EntityType,
    Extraction,
    Link,
    MarkedPaper,
    MarkedSentence,
    Merge,
    Node,
    Paper,
    Role,
)
from kg.resolution.resolve import Resolution
from kg.storage.database import Database, batches
from kg.storage.graph_queries import LINK_ROWS, LINKS, MENTIONED, NODE_ROWS, SCHEMA, TABLES
from kg.storage.packing import PAPER, paper_of

__all__ = ["SCHEMA", "Company", "GraphTables", "NameRow", "StoredLink", "StoredNode", "Together"]


class StoredNode(NamedTuple):
    """A node as it stands in the store, with its counts."""

    node: Node
    papers: int
    mentions: int
    first_year: int | None
    last_year: int | None


NameRow = tuple[str, str, Sequence[str], int]
"""Id, label, aliases and papers of a node."""


class StoredLink(NamedTuple):
    """A link as it stands in the store, with its years."""

    link: Link
    first_year: int | None
    last_year: int | None


class Company(NamedTuple):
    """A node in a paper that also mentions another, with what the paper does with both."""

    paper: str
    year: int | None
    type: EntityType
    role: Role | None
    other: str
    label: str
    """Of the other."""
    other_type: EntityType
    other_role: Role | None


class Together(NamedTuple):
    """A paper that mentions both ends of a link, with what it does with each."""

    one: str
    two: str
    paper: str
    role: Role | None
    other_role: Role | None


class GraphTables:
    """The tables of the graph in an open store."""

    def __init__(self, db: Database) -> None:
        """Read and write in this database."""
        self._db = db

    def note_spans(self, seen: Iterable[tuple[Paper, Extraction, Sequence[int]]]) -> None:
        """Note where papers name their entities, each of which has a number; ``link`` is told which nodes these are."""
        with self._db.guarded():
            self._db.execute(
                "CREATE OR REPLACE TEMP TABLE noted (paper VARCHAR, sentence INTEGER, sentence_end INTEGER, span_start INTEGER, span_end INTEGER, entity INTEGER, certainty DOUBLE, role VARCHAR)"
            )
            self._db.execute(
                "CREATE OR REPLACE TEMP TABLE tasks (paper VARCHAR, task VARCHAR, surface VARCHAR)"
            )
            for batch in batches(seen):
                self._db.insert(
                    "noted",
                    [
                        row
                        for paper, found, numbers in batch
                        for row in _span_rows(paper, found, numbers)
                    ],
                )
                self._db.insert(
                    "tasks", [row for paper, found, _ in batch for row in _task_rows(paper, found)]
                )

    def link(self, resolution: Resolution, pipeline: str) -> None:
        """Write the nodes, the marks that were noted, the links, the ledger, and the pipeline whose extractions they come from, all in one transaction."""
        with self._db.transaction():
            self.set_linked(linked=False)
            self._db.execute("UPDATE state SET pipeline = ?", [pipeline])
            for table in TABLES:
                self._db.execute(f"DELETE FROM {table}")
            self._db.insert(
                "nodes",
                (
                    [n.id, n.label, n.type.value, list(n.aliases), list(n.kind_of)]
                    for n in resolution.nodes
                ),
            )
            self._db.insert(
                "merges",
                ([m.node, m.surface, m.rule, m.paper, m.detail] for m in resolution.merges),
            )
            self._db.execute("CREATE OR REPLACE TEMP TABLE meant (entity INTEGER, node VARCHAR)")
            self._db.insert("meant", resolution.entities())
            self._db.execute(
                "INSERT INTO evidence_spans SELECT paper, sentence, sentence_end, span_start, span_end, node FROM noted JOIN meant USING (entity)"
            )
            self._db.execute(MENTIONED)
            self._db.execute(LINKS)
            for table in ("noted", "meant"):
                self._db.execute(f"DROP TABLE {table}")

    def keep(
        self, layout: Iterable[Sequence[object]], statistics: Iterable[Sequence[object]]
    ) -> None:
        """Keep what was derived from the links, in one transaction, after which the store is linked.

        Args:
            layout: for each node its id and the columns of ``node_layout``.
            statistics: for each link, in the order of ``link_rows``, the columns of ``link_statistics`` after its number.
        """
        with self._db.transaction():
            for table in ("node_layout", "link_statistics"):
                self._db.execute(f"DELETE FROM {table}")
            self._db.insert("node_layout", layout)
            self._db.insert("link_statistics", ((n, *row) for n, row in enumerate(statistics)))
            self.set_linked(linked=True)

    def set_linked(self, *, linked: bool) -> None:
        """Note, in the transaction that is going on, whether the graph is that of the papers."""
        self._db.execute("UPDATE state SET linked = ?", [linked])

    @property
    def linked(self) -> bool:
        """Whether the graph is that of the papers."""
        return bool(self._db.one("SELECT count(*) FROM state WHERE linked"))

    @property
    def pipeline(self) -> str:
        """The pipeline whose extractions the graph comes from."""
        return str(next(self._db.rows("SELECT pipeline FROM state"))[0])

    def node_rows(self) -> Iterator[StoredNode]:
        """Yield the nodes that a paper mentions, sorted by id."""
        node = ("label", "type", "aliases", "kind_of")
        counts = ("papers", "mentions", "first_year", "last_year")
        for name, label, kind, aliases, broader, *rest in self.node_values((*node, *counts)):
            yield StoredNode(
                Node(name, label, EntityType(kind), tuple(aliases), tuple(broader)), *rest
            )

    def link_rows(self) -> Iterator[StoredLink]:
        """Yield the links, sorted."""
        counts = ("papers", "sentences", "first_year", "last_year")
        for source, target, papers, sentences, *years in self.link_values(counts):
            yield StoredLink(Link(source, target, papers, sentences), *years)

    def node_values(
        self, names: Sequence[str], nodes: Collection[str] | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the id and the named attributes of each node that a paper mentions, or of the given ones, sorted by id; None where it has none."""
        chosen = "" if nodes is None else "WHERE id IN (SELECT unnest(?)) "
        yield from self._db.rows(
            f"SELECT {', '.join(('id', *names))} FROM ({NODE_ROWS}) {chosen}ORDER BY id",
            [] if nodes is None else [sorted(nodes)],
        )

    def link_values(
        self,
        names: Sequence[str],
        *,
        of: str | None = None,
        only: Collection[tuple[str, str]] | None = None,
        level: float | None = None,
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the ends and the named attributes of each link, sorted by its ends; None where it has none.

        Args:
            names: the attributes.
            of: only the links of this node.
            only: only these links, ends in order.
            level: only the links whose q is at most this.
        """
        query = f"SELECT {', '.join(('source', 'target', *names))} FROM ({LINK_ROWS})"
        arguments: list[object] = []
        if only is not None:
            query += " SEMI JOIN (SELECT unnest(?) AS source, unnest(?) AS target) USING (source, target)"
            arguments += _columns(only)
        if of is not None:
            query += " WHERE ? IN (source, target)"
            arguments.append(of)
        elif level is not None:
            query += " WHERE q <= ?"
            arguments.append(level)
        yield from self._db.rows(f"{query} ORDER BY source, target", arguments)

    def names(self, first: str = "") -> Iterator[NameRow]:
        """Yield id, label, aliases and papers of each node, sorted; or at least of those with a name whose key may begin with this letter or digit."""
        like = rf"(?im)^(the\s+)?[^a-z0-9\n]*{first}|[^ -~\n]|\\"
        joined = "array_to_string(list_append(aliases, label), chr(10))"
        chosen = (
            f"WHERE regexp_matches({joined}, '{like}') " if re.fullmatch("[a-z0-9]", first) else ""
        )
        counted = "(SELECT node AS id, count(*) AS papers FROM mentioned GROUP BY node)"
        yield from self._db.rows(
            f"SELECT id, label, aliases, papers FROM nodes JOIN {counted} USING (id) {chosen}ORDER BY id"
        )

    def broader(self) -> dict[str, list[str]]:
        """Return the nearest broader nodes of each node that has some."""
        return dict(self._db.rows("SELECT id, kind_of FROM nodes WHERE len(kind_of) > 0"))

    def together(self, links: Collection[tuple[str, str]]) -> Iterator[Together]:
        """Yield the papers that mention both ends of some links, with what they do with each, sorted."""
        query = (
            "SELECT a.node, b.node, paper, a.role, b.role FROM (SELECT unnest(?) AS one, unnest(?) AS two) "
            "JOIN mentioned a ON a.node = one JOIN mentioned b USING (paper) WHERE b.node = two ORDER BY ALL"
        )
        yield from map(Together._make, self._db.rows(query, _columns(links)))

    def company(self, node: str) -> Iterator[Company]:
        """Yield what else the papers of a node mention, with the roles of both, sorted by paper and the other's id."""
        query = (
            "SELECT a.paper, year, own.type, a.role, b.node, other.label, other.type, b.role FROM mentioned a JOIN mentioned b USING (paper) "
            "JOIN papers ON papers.id = a.paper JOIN nodes own ON own.id = a.node JOIN nodes other ON other.id = b.node "
            "WHERE a.node = ? AND b.node <> a.node ORDER BY a.paper, b.node"
        )
        for paper, year, kind, role, other, label, other_kind, other_role in self._db.rows(
            query, [node]
        ):
            roles = [None if one is None else Role(one) for one in (role, other_role)]
            types = EntityType(kind), EntityType(other_kind)
            yield Company(paper, year, types[0], roles[0], other, label, types[1], roles[1])

    def node_tasks(self) -> list[tuple[str, str, float]]:
        """Return (node, task, papers of that task, each divided by its nodes) of the papers noted since the store was opened, sorted."""
        query = """
WITH sizes AS (SELECT paper, (1.0 / count(*))::DECIMAL(18, 9) AS share FROM mentioned GROUP BY paper),
labels AS (
    SELECT task, surface FROM tasks GROUP BY task, surface QUALIFY row_number() OVER (PARTITION BY task ORDER BY count(*) DESC, surface) = 1
),
once AS (SELECT DISTINCT paper, task FROM tasks)
SELECT node, labels.surface, sum(share)::DOUBLE
FROM mentioned JOIN sizes USING (paper) JOIN once USING (paper) JOIN labels USING (task) GROUP BY ALL ORDER BY ALL
"""
        with self._db.transaction():  # only there its own temporary tables are seen
            return [(node, task, papers) for node, task, papers in self._db.rows(query)]

    def paper_sizes(self) -> list[int]:
        """Return how many nodes each paper mentions, largest first; papers without a node are left out."""
        query = "SELECT count(*) AS size FROM mentioned GROUP BY paper ORDER BY size DESC"
        return [size for (size,) in self._db.rows(query)]

    def size(self) -> tuple[int, int]:
        """Return how many nodes and links the graph has."""
        query = (
            "SELECT (SELECT count(DISTINCT node) FROM evidence_spans), (SELECT count(*) FROM links)"
        )
        ((nodes, links),) = self._db.rows(query)
        return nodes, links

    def node_years(self) -> Iterator[tuple[str, int, int]]:
        """Yield (node, year, papers of that year that mention it), sorted; papers without a year are left out."""
        yield from self._db.rows(
            f"{DATED} SELECT node, year, count(*) FROM once GROUP BY ALL ORDER BY ALL"
        )

    def node_strata(self) -> Iterator[tuple[str, str, int, int]]:
        """Yield (node, venue or '', year, papers of these that mention it), sorted; papers without a year are left out."""
        yield from self._db.rows(
            f"{DATED} SELECT node, venue, year, count(*) FROM once GROUP BY ALL ORDER BY ALL"
        )

    def link_strata(self, least: int = 1) -> Iterator[tuple[str, str, str, int, int]]:
        """Yield (source, target, venue or '', year, papers of these that mention both) of the links of at least so many dated papers, sorted."""
        pairs = "SELECT a.node AS source, b.node AS target, a.venue, a.year FROM once a JOIN once b USING (paper) WHERE a.node < b.node"
        yield from self._db.rows(
            f"{DATED} SELECT source, target, venue, year, count(*) AS papers FROM ({pairs}) GROUP BY source, target, venue, year "
            "QUALIFY sum(count(*)) OVER (PARTITION BY source, target) >= ? ORDER BY ALL",
            [least],
        )

    def link_years(self, least: int = 1) -> Iterator[tuple[str, str, int, int]]:
        """Yield (source, target, year, papers of that year that mention both) of the links of at least so many dated papers, sorted."""
        pairs = "SELECT a.node AS source, b.node AS target, a.year AS year FROM once a JOIN once b USING (paper) WHERE a.node < b.node"
        query = (
            f"{DATED} SELECT source, target, year, count(*) AS papers FROM ({pairs}) GROUP BY source, target, year "
            "QUALIFY sum(count(*)) OVER (PARTITION BY source, target) >= ? ORDER BY ALL"
        )
        yield from self._db.rows(query, [least])

    def counts(self, papers: Collection[str]) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
        """Return how many of the given papers mention each node, and both ends of each link, sorted; what none mentions is left out."""
        once = "WITH once AS (SELECT paper, node FROM mentioned WHERE paper IN (SELECT unnest(?)))"
        nodes = self._db.rows(
            f"{once} SELECT node, count(*) FROM once GROUP BY node ORDER BY node", [sorted(papers)]
        )
        pairs = "SELECT a.node AS source, b.node AS target FROM once a JOIN once b USING (paper) WHERE a.node < b.node"
        links = self._db.rows(
            f"{once} SELECT source, target, count(*) FROM ({pairs}) GROUP BY ALL ORDER BY ALL",
            [sorted(papers)],
        )
        return dict(nodes), {(source, target): count for source, target, count in links}

    def merges(self, nodes: Collection[str] | None = None) -> Iterator[Merge]:
        """Yield the ledger, or the lines of the given nodes, sorted."""
        chosen = "" if nodes is None else "WHERE node IN (SELECT unnest(?)) "
        rows = self._db.rows(
            f"SELECT * FROM merges {chosen}ORDER BY ALL", [] if nodes is None else [sorted(nodes)]
        )
        yield from (Merge(*row) for row in rows)

    def marked_papers(
        self, nodes: Collection[str] | None = None, *, papers: Collection[str] | None = None
    ) -> Iterator[MarkedPaper]:
        """Yield each paper (or of the given ones each) that names a node (or one of the given) with its sentences that do, sorted by id."""
        wanted = {"node": nodes, "paper": papers}
        tests = [
            f"{column} IN (SELECT unnest(?))" for column, ids in wanted.items() if ids is not None
        ]
        chosen = f"WHERE {' AND '.join(tests)} " if tests else ""
        arguments: list[object] = [sorted(ids) for ids in wanted.values() if ids is not None]
        spans = f"(SELECT * FROM evidence_spans {chosen})"
        # Two sorted queries side by side: a join would sort the text of a paper once for each of its marks.
        rows_of_papers = self._db.rows(
            f"SELECT {PAPER} FROM papers WHERE id IN (SELECT paper FROM {spans}) ORDER BY id",
            arguments,
        )
        places = self._db.rows(
            f"SELECT paper, sentence, sentence_end, span_start, span_end, node FROM {spans} ORDER BY paper, sentence, span_start, span_end, node",
            arguments,
        )
        roles = self._db.rows(
            f"SELECT paper, node, role FROM mentioned {chosen}ORDER BY paper, node", arguments
        )
        by_paper = (groupby(found, key=itemgetter(0)) for found in (places, roles))
        for row, (_, rows), (_, done) in zip(rows_of_papers, *by_paper, strict=True):
            sentences = [
                MarkedSentence(start, end, tuple(place[3:] for place in inner))
                for (start, end), inner in groupby(rows, key=itemgetter(1, 2))
            ]
            known = tuple((node, role) for _, node, role in done if role)
            yield MarkedPaper(paper_of(row), tuple(sentences), known)


DATED = "WITH once AS (SELECT paper, node, year, coalesce(venue, '') AS venue FROM mentioned JOIN papers ON papers.id = paper WHERE year IS NOT NULL)"


def _task_rows(paper: Paper, found: Extraction) -> Iterator[tuple[str, str, str]]:
    """Yield a row for each task of a paper: its name folded, and as it stands."""
    for entity in found.entities:
        if entity.type is EntityType.TASK:
            yield paper.id, key(entity.names[0]), entity.names[0]


def _columns(links: Collection[tuple[str, str]]) -> list[list[str]]:
    """Return the first and the second ends of some links."""
    return [[link[end] for link in sorted(links)] for end in (0, 1)]


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
            place = (start, max(end, mention.end), mention.start, mention.end)
            yield paper.id, *place, number, entity.certainty, entity.role
