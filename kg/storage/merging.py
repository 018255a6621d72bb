"""Records into papers, in the store: ``kg.corpus.identity`` says which records are one, here that is found among millions.

Equal keys are joined in DuckDB; only numbers come into memory, and the texts of those records alone whose titles are equal
or that are one paper with others. A paper of one record is a row of the view ``papers`` over ``records``; only papers of
several are written anew. All of it is done again at each build, so nothing depends on the order in which records came.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from kg.corpus.identity import Merged, fold, join_by_title, merge, merge_keys
from kg.records import Paper
from kg.storage.database import Database, batches
from kg.storage.packing import PAPER, paper_of

Pairs = np.ndarray[tuple[int, int], np.dtype[np.int64]]

__all__ = ["SCHEMA", "merge_records", "record_row"]

COLUMNS = "id VARCHAR, title VARCHAR, abstract VARCHAR, year INTEGER, venue VARCHAR, url VARCHAR, doi VARCHAR, ids VARCHAR[], language VARCHAR, fingerprint VARCHAR"
KEPT = [column.split()[0] for column in COLUMNS.split(", ")[1:]]
SCHEMA = f"""
CREATE SEQUENCE record_numbers;
CREATE TABLE records (number INTEGER DEFAULT nextval('record_numbers'), source VARCHAR, {COLUMNS}, title_key VARCHAR, keys VARCHAR[]);
CREATE TABLE members (number INTEGER, paper INTEGER, rule VARCHAR);
CREATE TABLE singles (number INTEGER, id VARCHAR);
CREATE TABLE merged (number INTEGER, {COLUMNS}, records INTEGER, clash VARCHAR);
CREATE VIEW papers AS
SELECT s.id, {", ".join(f"r.{name}" for name in KEPT)}, 1 AS records FROM singles s JOIN records r USING (number)
UNION ALL SELECT id, {", ".join(KEPT)}, records FROM merged;
"""
"""``members``: of each record that is one with others, which paper (the least number of its records) and by which rule."""


def record_row(source: str, paper: Paper) -> list[object]:
    """Return the row of a record, but for its number."""
    fields = [paper.id, paper.title, paper.abstract, paper.year, paper.venue, paper.url, paper.doi]
    ids, keys = list(paper.ids), list(merge_keys(paper))
    return [source, *fields, ids, paper.language, paper.fingerprint, fold(paper.title), keys]


def merge_records(db: Database, languages: Sequence[str]) -> None:
    """Make the papers anew of all records, in a transaction; those told to be in another language than the given ones, if any, are left out."""
    db.execute("DELETE FROM members; DELETE FROM singles; DELETE FROM merged")
    equal = _equal_keys(db)
    db.insert("members", ((number, paper, None) for number, paper in _components(equal)))
    titled = np.array(list(_equal_titles(db)), dtype=np.int64).reshape(-1, 2)
    db.execute("DELETE FROM members")
    _save_merged(db, _components(np.concatenate([equal, titled])))
    db.execute(
        "INSERT INTO singles SELECT number, id FROM records WHERE number NOT IN (SELECT number FROM members)"
    )
    if languages:
        _leave_out(db, languages)
    _part_ids(db)


def _equal_keys(db: Database) -> Pairs:
    """Return pairs of numbers of records with an equal key."""
    db.execute(
        "CREATE OR REPLACE TEMP TABLE keyed AS SELECT number, hash(key) AS key FROM (SELECT number, unnest(keys) AS key FROM records)"
    )
    query = (
        "SELECT number, first FROM keyed JOIN (SELECT key, min(number) AS first FROM keyed GROUP BY key HAVING count(*) > 1) USING (key) "
        "WHERE number <> first"
    )
    found = [np.array(batch, dtype=np.int64) for batch in batches(db.rows(query), 20)]
    db.execute("DROP TABLE keyed")
    return np.concatenate([np.empty((0, 2), dtype=np.int64), *found])


def _components(pairs: Pairs) -> list[tuple[int, int]]:
    """Return (number, least number of its component) of each number that is in a pair, by component."""
    if not len(pairs):
        return []
    numbers, places = np.unique(pairs, return_inverse=True)
    ones, others = places.reshape(-1, 2).T
    size = len(numbers)
    joined = coo_array((np.ones(len(pairs), dtype=bool), (ones, others)), shape=(size, size))
    _, labels = connected_components(joined, directed=False)
    _, least = np.unique(labels, return_index=True)  # numbers are sorted: the first is the least
    found = zip(numbers.tolist(), numbers[least[labels]].tolist(), strict=True)
    return sorted(found, key=itemgetter(1, 0))


def _equal_titles(db: Database) -> Iterator[tuple[int, int]]:
    """Yield pairs of numbers of records that are one by their titles and years."""
    labelled = "SELECT r.*, coalesce(m.paper, r.number) AS label FROM records r LEFT JOIN members m USING (number)"
    query = (
        f"WITH labelled AS ({labelled}) SELECT title_key, number, label, {PAPER} FROM labelled WHERE title_key IN "
        "(SELECT title_key FROM labelled GROUP BY title_key HAVING count(DISTINCT label) > 1) ORDER BY title_key, number"
    )
    for _, rows in groupby(db.rows(query), key=itemgetter(0)):
        same = list(rows)
        for one, other in join_by_title(
            [paper_of(row[3:]) for row in same], [row[2] for row in same]
        ):
            yield same[one][1], same[other][1]


def _save_merged(db: Database, components: Sequence[tuple[int, int]]) -> None:
    """Write the papers of several records, and by which rule each record is in its paper."""
    query = f"SELECT number, {PAPER} FROM records WHERE number IN (SELECT unnest(?))"
    groups = (list(members) for _, members in groupby(components, key=itemgetter(1)))
    for batch in batches(groups):
        numbers = [number for members in batch for number, _ in members]
        papers = {number: paper_of(row) for number, *row in db.rows(query, [numbers])}
        found = [(members, merge([papers[number] for number, _ in members])) for members in batch]
        db.insert(
            "merged", [_merged_row(members[0][1], len(members), one) for members, one in found]
        )
        ruled = (zip(members, one.rules, strict=True) for members, one in found)
        db.insert("members", [(*member, rule) for pairs in ruled for member, rule in pairs])


def _merged_row(number: int, records: int, merged: Merged) -> list[object]:
    row = record_row("", merged.paper)[1:-2]
    return [number, *row, records, merged.clash or None]


def _leave_out(db: Database, languages: Sequence[str]) -> None:
    other = "language IS NOT NULL AND language NOT IN (SELECT unnest(?))"
    db.execute(f"DELETE FROM merged WHERE {other}", [languages])
    db.execute(
        f"DELETE FROM singles WHERE number IN (SELECT number FROM records WHERE {other})",
        [languages],
    )


def _part_ids(db: Database) -> None:
    """Part papers whose records have an equal id, such as a key of two reference managers, by a digest of their texts."""
    db.execute(
        "CREATE OR REPLACE TEMP TABLE twice AS SELECT id FROM papers GROUP BY id HAVING count(*) > 1"
    )
    twice = "id IN (SELECT id FROM twice)"
    db.execute(
        f"UPDATE merged SET id = id || '-' || left(fingerprint, 8) WHERE {twice}; "
        "UPDATE singles SET id = singles.id || '-' || left(r.fingerprint, 8) FROM records r "
        f"WHERE r.number = singles.number AND singles.{twice}; DROP TABLE twice"
    )
