"""A store's path is a path, its file may come from a stranger, its disk may be full and others may read it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from records import PAPERS, fill

import kg.storage.database
from kg.errors import StoreError
from kg.storage.checks import WRONG
from kg.storage.database import Database
from kg.storage.store import Store

ROOT = Path(__file__).resolve().parents[3]
posix = pytest.mark.skipif(os.name != "posix", reason="such names, limits and locks are of POSIX")


@posix
@pytest.mark.parametrize(
    "name", ["~", "run:1", "md:x", ":memory:", "s3:", "https:", "a b'\";--", "Ü 深", "%20", "[x]*"]
)
def test_a_path_is_nothing_but_a_path(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    with Store(Path(name)) as store:
        store.add_papers(PAPERS)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    with Store(Path(name)) as store:
        assert store.count_papers() == len(PAPERS)


@posix
@pytest.mark.parametrize("name", ["a?b=1.duckdb", os.fsdecode(b"\xff.duckdb")])
def test_a_path_that_cannot_be_said_to_duckdb_is_refused(tmp_path, name):
    with pytest.raises(StoreError, match="expected a path in UTF-8 without a question mark"):
        Store(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def stranger(tmp_path, *changes):
    """A linked store with which a stranger has done something."""
    path = tmp_path / "kg.duckdb"
    fill(Store(path)).__exit__(None, None, None)
    with duckdb.connect(str(path)) as db:
        for change in changes:
            db.execute(change)
    return path


LOOKING = "CREATE VIEW {} AS SELECT content AS id FROM read_text('/etc/hostname')"
STRANGE = {
    "a view": (LOOKING.format("more"),),
    "a view in place of a table": ("DROP TABLE merges", LOOKING.format("merges")),
    "a macro": ("CREATE MACRO min(x) AS max(x)",),
    "another table": ("CREATE TABLE more (id VARCHAR)",),
    "a table of another schema": ("CREATE SCHEMA s", "CREATE TABLE s.papers (id VARCHAR)"),
    "a missing table": ("DROP TABLE links",),
    "another column": ("ALTER TABLE nodes ADD COLUMN more VARCHAR",),
    "another type": ("ALTER TABLE nodes ALTER label TYPE BLOB",),
    "a default": ("ALTER TABLE nodes ALTER label SET DEFAULT 'x'",),
    "a view as the sign": ("DROP TABLE about", "CREATE VIEW about AS SELECT 4 AS version"),
}


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("changes", STRANGE.values(), ids=STRANGE)
def test_a_store_that_is_not_of_the_tables_of_kg_is_refused(tmp_path, changes, read_only):
    path = stranger(tmp_path, *changes)
    with pytest.raises(StoreError, match="is not a store of this kg: found"):
        Store(path, read_only=read_only)


DAMAGED = {
    "records": "UPDATE records SET abstract = NULL WHERE id = 'p4'",
    "members": "INSERT INTO members VALUES (1000, 1, 'doi')",
    "papers": "INSERT INTO merged (number, id) VALUES (1000, 'p5')",
    "extractions": "INSERT INTO extractions VALUES ('f', 'p', NULL)",
    "thesaurus": "INSERT INTO thesaurus VALUES ('a', 'b', 'thing', 1)",
    "nodes": "UPDATE nodes SET type = 'thing'",
    "merges": "INSERT INTO merges VALUES ('bert', NULL, 'rule', '', '')",
    "links": "UPDATE links SET target = 'zzz'",
    "mentioned": "UPDATE mentioned SET role = 'guest'",
    "node_types": "INSERT INTO node_types VALUES ('thing')",
    "node_layout": "UPDATE node_layout SET x = 'nan'",
    "link_statistics": "UPDATE link_statistics SET q = NULL",
    "evidence_spans": "UPDATE evidence_spans SET sentence_end = 10000",
}


@pytest.mark.parametrize("table", WRONG)
def test_rows_that_kg_would_not_write_are_told(tmp_path, table):
    path = stranger(tmp_path, DAMAGED[table])
    with pytest.raises(StoreError, match=f"is damaged, or not written by kg.*rows of '{table}'"):
        Store(path, read_only=True)


def test_an_extraction_that_is_none_is_told(tmp_path):
    path = stranger(tmp_path, "UPDATE extractions SET found = '[[[\"x\"]]]'")
    with Store(path, read_only=True) as store, pytest.raises(StoreError, match="damaged"):
        list(store.extractions(store.graph.pipeline))


def test_a_store_reaches_no_file_and_no_extension():
    database = Database(None, "CREATE TABLE t (x INTEGER)", 1)
    for query in (
        "SELECT * FROM read_text('/etc/hostname')",
        "ATTACH 'other.duckdb'",
        "COPY (SELECT 1) TO 'out.csv'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
    ):
        with pytest.raises(StoreError), database.guarded():
            database.execute(query)
    database.close()


@posix
@pytest.mark.parametrize("room", [0, 1, 4096, 8192, 12288, 16384, 65536, 274432, 300_000])
def test_a_first_write_without_room_leaves_nothing_in_the_way(tmp_path, room):
    path = tmp_path / "kg.duckdb"
    script = (
        "import resource, sys; from pathlib import Path; from kg.storage.store import Store\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))\n"
        "Store(Path(sys.argv[1])).__exit__(None, None, None)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, path, str(room)], capture_output=True, text=True, check=False, cwd=ROOT
    )  # fmt: skip
    assert not ran.stderr or "StoreError" in ran.stderr
    with Store(path) as store:
        store.add_papers(PAPERS)
    with Store(path) as store:
        assert store.count_papers() == len(PAPERS)


READER = """
import sys, time
from pathlib import Path
from kg.storage.store import Store
with Store(Path(sys.argv[1]), read_only=True) as store:
    print("reading", flush=True)
    sys.stdin.read()
"""


@posix
def test_who_writes_waits_a_little_while_others_only_read(tmp_path, monkeypatch):
    path = stranger(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", READER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as reader:  # fmt: skip
        assert reader.stdout.readline() == b"reading\n"
        monkeypatch.setattr(kg.storage.database, "PATIENCE", 0.3)
        began = time.monotonic()
        with pytest.raises(StoreError, match="another process uses it"):
            Store(path)
        assert time.monotonic() - began >= 0.3
        monkeypatch.setattr(kg.storage.database, "PATIENCE", 600)
        naps = iter([reader.stdin.close])
        monkeypatch.setattr(kg.storage.database.time, "sleep", lambda _: next(naps, reader.poll)())
        with Store(path) as store:
            assert store.count_papers() == len(PAPERS)


@posix
def test_ctrl_c_in_the_middle_of_a_query_is_ctrl_c():
    # Many queries of a moment: where DuckDB waits for a thread of its own, it sees no signal before the query's end.
    script = (
        "import os, signal, threading; from kg.storage.database import Database\n"
        "db = Database(None, 'CREATE TABLE t (x INTEGER)', 1)\n"
        "threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "try:\n    while True:\n        db.one('SELECT sum(range % 7) FROM range(30000000)')\n"
        "except KeyboardInterrupt:\n    print('interrupted')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (ran.stdout, ran.stderr) == ("interrupted\n", "")
