"""Summary, report, show and remove say which records are one paper; the numbers add up."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[3]
TEXT = "We train BERT on SQuAD and GLUE, and compare it with a long short-term memory network on the same data."
RECORDS = {
    "wos.jsonl": [
        {"id": "1", "title": "BERT reads questions and answers", "abstract": TEXT, "year": 2019, "doi": "10.1000/Bert", "journal": "Reading"},
        {"id": "2", "title": "A dough", "abstract": "RoBERTa beats BERT on GLUE by far.", "year": 2020},
        {"id": "3", "title": "Without an abstract", "year": 2020},
    ],
    "arxiv.jsonl": [
        {"id": "1", "title": "BERT Reads Questions and Answers.", "abstract": f"{TEXT} Code is there.", "year": 2018, "url": "https://arxiv.org/abs/1810.01234"},
        {"id": "2", "title": "Ein Teig", "abstract": "Der Teig geht durch die Hefe auf, und das Brot wird nach vielen Stunden im Ofen schön braun.", "year": 2020},
    ],
}  # fmt: skip


def run(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "kg", *arguments],
        cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


@pytest.fixture(name="project", scope="module")
def _project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two databases")
    for name, rows in RECORDS.items():
        (folder / name).write_text(
            "".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8"
        )
    return folder, run(folder, "build", *RECORDS, "-j", "1")


def test_the_summary_adds_up(project):
    lines = project[1].stdout.splitlines()
    assert lines[0] == (
        "3 papers from 4 records, minus 1 duplicates (1 same title, years at most two apart)"
    )
    assert lines[1] == "5 records read: 4 new, 0 changed, 0 known, 1 skipped"


def test_the_report_names_the_records_that_are_one_and_why(project):
    said = run(project[0], "report").stdout
    assert re.search(
        r"'BERT reads questions and answers' \[1\]\n    = 'BERT Reads Questions and Answers\.' \[1\] "
        r"in arxiv\.jsonl: same title, years at most two apart\n",
        said,
    )
    assert '1 no "abstract"' in said


def test_the_store_has_one_row_a_paper_for_others_to_read(project):
    with duckdb.connect(str(project[0] / "kg-out/kg.duckdb"), read_only=True) as db:
        columns = [name for name, *_ in db.execute("DESCRIBE papers").fetchall()]
        rows = [
            dict(zip(columns, row, strict=True))
            for row in db.execute("SELECT * FROM papers").fetchall()
        ]
    assert len(rows) == 3
    (bert,) = (row for row in rows if row["title"].startswith("BERT"))
    assert bert["abstract"].endswith("Code is there.")
    assert (bert["year"], bert["records"]) == (2019, 2)


def test_a_paper_is_shown_by_any_of_its_ids(project):
    said = run(project[0], "show", "1810.01234").stdout
    assert said.startswith("BERT reads questions and answers (2019)\nReading\n")
    assert run(project[0], "show", "https://doi.org/10.1000/BERT").stdout == said
    assert "arxiv:1810.01234" in said
    assert "  BERT [" in said
    assert run(project[0], "show", "no such thing").returncode == 1


def test_a_language_can_be_left_out_and_comes_back(project):
    lines = run(project[0], "build", "--language", "en", "-j", "1", *RECORDS).stdout.splitlines()
    assert lines[0].startswith("2 papers from 4 records, minus 1 duplicates (")
    assert lines[0].endswith("and 1 left out (1 de)")
    assert run(project[0], "build", *RECORDS, "-j", "1").stdout.startswith(
        "2 papers from 4 records"
    )
    assert run(project[0], "build", "--language", "all", *RECORDS, "-j", "1").stdout.startswith(
        "3 papers from 4"
    )
    assert run(project[0], "build", "--language", "german", *RECORDS).returncode == 2


def test_removal_takes_any_id_and_says_what_it_did_not_find(project):
    ambiguous = run(project[0], "remove", "1", "2")
    assert ambiguous.returncode == 1
    assert "'2' is an id of 2 papers; expected one of '2-" in ambiguous.stderr
    removed = run(project[0], "remove", "arXiv:1810.01234v3", "10.1000/none")
    assert removed.stdout == "1 paper removed\n"
    assert removed.stderr == "kg: no paper has the id '10.1000/none'\n"
    assert removed.returncode == 1
    assert run(project[0], "report").stdout.startswith("2 papers\n")
