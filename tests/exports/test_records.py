"""Records go to CSV and JSON with their fields as columns."""

import csv
import json
from dataclasses import dataclass

import pytest

from exports.records import write_records
from kg.errors import UnknownFormatError


@dataclass(frozen=True)
class One:
    """A record with a field of each kind."""

    label: str
    share: float
    rises: bool
    course: tuple


RECORDS = [
    One('=1+"1"', -0.5, rises=True, course=(0.25, None, 1.0)),
    One("a,b\nc", 2.0, rises=False, course=()),
]


def test_csv_keeps_numbers_and_guards_formulas(tmp_path):
    write_records(RECORDS, One, tmp_path / "r.csv")
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows == [
        ["label", "share", "rises", "course"],
        ['\'=1+"1"', "-0.5", "true", "0.25 |  | 1.0"],
        ["a,b\nc", "2.0", "false", ""],
    ]


def test_json_is_the_records(tmp_path):
    write_records(RECORDS, One, tmp_path / "r.JSON")
    assert json.loads((tmp_path / "r.JSON").read_text(encoding="utf-8")) == [
        {"label": '=1+"1"', "share": -0.5, "rises": True, "course": [0.25, None, 1.0]},
        {"label": "a,b\nc", "share": 2.0, "rises": False, "course": []},
    ]


def test_no_record_still_has_a_header_and_another_suffix_is_refused(tmp_path):
    write_records([], One, tmp_path / "r.csv")
    assert (tmp_path / "r.csv").read_text(
        encoding="utf-8"
    ) == '\ufeff"label","share","rises","course"\n'
    with pytest.raises(UnknownFormatError, match=r"unknown format '\.txt'; one of \.csv \.json"):
        write_records([], One, tmp_path / "r.txt")
