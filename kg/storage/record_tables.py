"""The records of a store: every one that came is kept, and which of them are one paper is found anew whenever one comes or goes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kg.corpus.identity import RULES, interpret_id
from kg.errors import StoreError
from kg.records import Paper
from kg.storage.database import Database, batches
from kg.storage.graph_tables import GraphTables
from kg.storage.merging import merge_records, record_row
from kg.storage.packing import PAPER, paper_of

__all__ = ["SCHEMA", "Changes", "Duplicate", "RecordTables", "Tally"]

SCHEMA = """
CREATE TABLE skipped (place VARCHAR, reason VARCHAR);
CREATE TABLE languages (language VARCHAR);
"""
RECORD = "title, abstract, year, venue, url, doi, ids, language"
"""What makes a record another one when it changes."""
KEPT = "FROM members m JOIN merged p ON p.number = m.paper"
PAPERS = "(SELECT number, id FROM singles UNION ALL SELECT number, id FROM merged)"


@dataclass(frozen=True, slots=True)
class Changes:
    """What adding records did: how many were new, had changed, or were there already."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


class Duplicate(NamedTuple):
    """A record that is one with others."""

    paper: str
    """The id of the paper."""
    title: str
    """The title of the record."""
    id: str
    """The id of the record."""
    source: str
    rule: str
    """Of ``kg.corpus.identity.RULES``; '' for the record that gives the paper its id and title."""
    clash: str
    """The key by which the paper has records of different titles; '' where it has none."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How records became papers: ``records`` is the sum of ``papers``, ``duplicates`` and ``left_out``."""

    records: int
    papers: int
    duplicates: Mapping[str, int]
    """Records that are one with another, by rule, the strongest first."""
    left_out: Mapping[str, int]
    """Records of papers that are in a language not asked for, by language."""
    languages: Mapping[str, int]
    """Papers by language ('' where it is not told), most first."""
    undated: int
    """Papers without a year."""


class RecordTables:
    """The records in an open store."""

    def __init__(self, db: Database, graph: GraphTables) -> None:
        """Read and write in this database; when its papers change, its graph is no longer theirs."""
        self._db, self._graph = db, graph

    def add(
        self,
        records: Iterable[tuple[str, Paper]],
        *,
        languages: Collection[str] | None = None,
    ) -> Changes:
        """Add records, and find anew which of all records are one paper.

        Args:
            records: each with the name of its source. The records of one id in a source replace those that the store has of
                that id and source; records of other sources are never touched.
            languages: papers told to be in another language are left out; none at all leaves out none, and None keeps to what
                was asked for last.
        """
        with self._db.transaction():
            self._db.execute("CREATE OR REPLACE TEMP TABLE came AS SELECT * FROM records LIMIT 0")
            for batch in batches(records):
                self._db.insert("came", [[0, *record_row(*one)] for one in batch])
            changes = self._replace_records()
            self._db.execute("DROP TABLE came")
            before = self.languages()
            if languages is not None:
                self._db.execute("DELETE FROM languages")
                self._db.insert("languages", [[one] for one in sorted(set(languages))])
            if changes.added or changes.changed or self.languages() != before:
                merge_records(self._db, self.languages())
                self._graph.set_linked(linked=False)
        return changes

    def _replace_records(self) -> Changes:
        """Put the records that came in the place of those of the same ids and sources, where they differ."""
        digest = f"SELECT source, id, count(*) AS many, sum(hash({RECORD})::HUGEINT) AS digest"
        self._db.execute(
            f"CREATE OR REPLACE TEMP TABLE groups AS SELECT c.source, c.id, c.many, "
            "CASE WHEN r.many IS NULL THEN 'added' WHEN r.digest = c.digest THEN 'unchanged' ELSE 'changed' END AS what "
            f"FROM ({digest} FROM came GROUP BY source, id) c LEFT JOIN ({digest} FROM records "
            "WHERE id IN (SELECT id FROM came) GROUP BY source, id) r USING (source, id)"
        )
        found = dict(self._db.rows("SELECT what, sum(many)::BIGINT FROM groups GROUP BY what"))
        self._db.execute(
            "DELETE FROM records USING groups g WHERE records.source = g.source AND records.id = g.id AND what = 'changed'; "
            "INSERT INTO records BY NAME SELECT c.* EXCLUDE (number) FROM came c JOIN groups USING (source, id) WHERE what <> 'unchanged'; "
            "DROP TABLE groups"
        )
        return Changes(**found)

    def remove(self, ids: Iterable[str]) -> tuple[int, tuple[str, ...]]:
        """Remove papers, with all their records, by any of their ids; what was found in their texts is kept for their return.

        Returns:
            How many papers there were, and the ids of which there is none, in the order given.

        Raises:
            StoreError: if an id is that of several papers.
        """
        missing = []
        with self._db.transaction():
            self._db.execute("CREATE OR REPLACE TEMP TABLE gone (number INTEGER)")
            for name in ids:
                numbers = self._records_of(name)
                if not numbers:
                    missing.append(name)
                self._db.insert("gone", [[number] for number in numbers])
            papers = self._db.one(
                "SELECT count(DISTINCT coalesce(m.paper, g.number)) FROM gone g LEFT JOIN members m USING (number)"
            )
            self._db.execute(
                "DELETE FROM records WHERE number IN (SELECT number FROM gone); DROP TABLE gone"
            )
            if papers:
                merge_records(self._db, self.languages())
                self._graph.set_linked(linked=False)
        return papers, tuple(missing)

    def paper(self, name: str) -> Paper | None:
        """Return the paper of any of its ids, written in any usual way; None if there is none.

        Raises:
            StoreError: if the id is that of several papers.
        """
        numbers = self._records_of(name)
        of_paper = f"id IN (SELECT id FROM {PAPERS} WHERE number IN (SELECT unnest(?)))"
        query = f"SELECT {PAPER} FROM papers WHERE {of_paper}"
        return next((paper_of(row) for row in self._db.rows(query, [numbers])), None)

    def _records_of(self, name: str) -> list[int]:
        """Return the numbers of the records of the paper that an id means."""
        of_record = "SELECT coalesce(m.paper, r.number) FROM records r LEFT JOIN members m USING (number) WHERE"
        own, *others = interpret_id(name)
        looked_up: list[tuple[str, object]] = [
            (f"SELECT number FROM {PAPERS} WHERE id = ?", own[0]),
            (f"{of_record} r.id = ?", own[0]),
            *((f"{of_record} list_has_any(r.ids, ?)", list(ids)) for ids in others),
        ]
        for query, wanted in looked_up:
            if papers := {number for (number,) in self._db.rows(query, [wanted])}:
                break
        else:
            return []
        if len(papers) > 1:
            raise self._ambiguous(name, papers)
        members = "SELECT number FROM members WHERE paper = ? UNION SELECT ?"
        return [number for (number,) in self._db.rows(members, [*papers, *papers])]

    def _ambiguous(self, name: str, numbers: Collection[int]) -> StoreError:
        query = f"SELECT id FROM {PAPERS} WHERE number IN (SELECT unnest(?)) ORDER BY id LIMIT 5"
        names = ", ".join(repr(one) for (one,) in self._db.rows(query, [sorted(numbers)]))
        message = f"{name!r} is an id of {len(numbers)} papers; expected one of {names}"
        return StoreError(message)

    def languages(self) -> tuple[str, ...]:
        """Return the languages that the last build asked for, sorted; none at all if it left out none."""
        return tuple(one for (one,) in self._db.rows("SELECT * FROM languages ORDER BY 1"))

    def tally(self) -> Tally:
        """Count how records became papers."""
        rules = dict(self._db.rows(f"SELECT rule, count(*) {KEPT} WHERE rule <> '' GROUP BY rule"))
        told = "SELECT coalesce(language, ''), count(*) AS many FROM"
        out = (
            f"{told} records WHERE number NOT IN (SELECT m.number {KEPT}) AND number NOT IN (SELECT number FROM singles) "
            "GROUP BY 1 ORDER BY many DESC, 1"
        )
        return Tally(
            self._db.one("SELECT count(*) FROM records"),
            self._db.one("SELECT count(*) FROM papers"),
            {rule: rules[rule] for rule in RULES if rule in rules},
            dict(self._db.rows(out)),
            dict(self._db.rows(f"{told} papers GROUP BY 1 ORDER BY many DESC, 1")),
            self._db.one("SELECT count(*) FROM papers WHERE year IS NULL"),
        )

    def duplicates(self, paper: str | None = None) -> Iterator[Duplicate]:
        """Yield the records that are one with others, or those of one paper, sorted by paper, the leading record first."""
        wanted = "" if paper is None else "WHERE p.id = ? "
        query = (
            f"SELECT p.id, r.title, r.id, r.source, m.rule, coalesce(p.clash, '') {KEPT} "
            f"JOIN records r ON r.number = m.number {wanted}ORDER BY p.id, m.rule <> '', r.source, r.id, r.title, m.rule"
        )
        for row in self._db.rows(query, [] if paper is None else [paper]):
            yield Duplicate(*row)

    def sources(self) -> dict[str, int]:
        """Return how many records each source gave, sorted."""
        return dict(
            self._db.rows("SELECT source, count(*) FROM records GROUP BY source ORDER BY source")
        )

    def save_skipped(self, skipped: Iterable[tuple[str, str]]) -> None:
        """Keep what the last build passed over: places and reasons."""
        with self._db.transaction():
            self._db.execute("DELETE FROM skipped")
            self._db.insert("skipped", skipped)

    def skipped(self) -> dict[str, int]:
        """Return why the last build passed over records, and how many, most first; what a reason quotes is left out."""
        kinds = "SELECT regexp_replace(reason, '[;:(].*', '') AS kind, count(*) FROM skipped"
        return dict(self._db.rows(f"{kinds} GROUP BY kind ORDER BY count(*) DESC, kind"))
