"""Gephi, pandas, DuckDB and spreadsheets read the same cells, and every text stays a text."""

import csv
import io
import re

import duckdb
import pandas as pd
import pytest
from graphs import NASTY, TEXT
from hypothesis import given
from hypothesis import strategies as st

from exports.csv_text import BOM, MISREAD, SPLIT, csv_line
from exports.files import one_line

NUMBERS_AND_DATES = (
    "1706.00120", "cs/0112056", "2048", "3D", "1e5", "0x1F", "-1", "+1", "1,000", "50%", "$5", "(5)", "1/2", "2-3", "10:30", "2018-01-01",
    "MAR1", "Sept-2", "1-May", "Dec 2020", "true", "FALSE", "null", "None", "NaN", "NA", "N/A", "inf", "-inf", "<NA>", "#N/A", "[2001, 2003]", "<[1,2]>", "00123",
)  # fmt: skip
ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def plain(cell):
    """The text of a cell: the apostrophes that guard it taken away."""
    cell = re.sub(f";'(?={SPLIT.pattern[4:-1]})", ";", cell)
    return cell[1:] if cell[:1] == "'" and MISREAD.match(cell[1:]) else cell


def gephi_cells(text):
    r"""The rows that Gephi's spreadsheet reader makes of a file: Commons CSV with the escape ``\\`` and surrounding spaces ignored."""
    rows, row, cell, place, quoted = [], [], "", 0, False
    text = text.removeprefix(BOM)
    while place < len(text):
        char = text[place]
        following = text[place + 1 : place + 2]
        if char == "\\":
            cell += ESCAPED.get(following, following if following in '"\\,' else char + following)
            place += 1
        elif quoted and char == '"' and following == '"':
            cell, place = cell + '"', place + 1
        elif char == '"' and (quoted or not cell.strip()):
            quoted, cell = not quoted, cell if quoted else ""
        elif not quoted and char in ",\n":
            row, cell = [*row, cell.strip()], ""
            if char == "\n":
                rows, row = [*rows, row], []
        else:
            cell += char
        place += 1
    return rows


def spreadsheet_cells(text, separator):
    """The cells that a spreadsheet sees when it splits at this separator: quotes count only at the beginning of a cell."""
    return next(csv.reader(io.StringIO(text), delimiter=separator))


def is_number_for_java(text):
    """Whether Gephi would guess a number, a truth value or a time."""
    return bool(
        re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?[dDfF]?|[-+]?(NaN|Infinity)", text)
        or text.lower() in {"true", "false"}
        or (
            re.fullmatch(r"[<\[(].*[>\])]", text)
            and any(char.isdigit() for char in text)
            and not any(char.isalpha() for char in text)
        )
    )


@pytest.mark.parametrize("text", [*NUMBERS_AND_DATES, "=1+1", "@SUM(A1)", "'=quoted", "\uff1dx"])
def test_a_text_that_could_be_something_else_has_an_apostrophe_and_comes_back(text):
    (cell,) = next(csv.reader([csv_line([text])]))
    if text != "cs/0112056":
        assert cell == f"'{text}"
    assert plain(cell) == text
    assert not is_number_for_java(cell)


@pytest.mark.parametrize(
    "text",
    [
        "BERT",
        "3D U-Net",
        "GPT-4",
        "ResNet-50",
        "May",
        "Marching cubes",
        "NASNet",
        "top-1",
        "'s",
        "a=b",
        "U-Net",
    ],
)
def test_a_name_has_none(text):
    assert csv_line([text]) == f'"{text}"\n'


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "text", [*NASTY, 'x; =cmd|"/c calc"!A1', 'x;"=1+1', "x;'-1", "x ;\uff0b1", 'a";=1']
)
def test_no_cell_begins_as_a_formula_wherever_a_spreadsheet_splits(text, separator):
    line = csv_line(["id", one_line(text), 3, one_line(text)])
    for cell in spreadsheet_cells(line, separator):
        assert not re.match('[\\s"]*[=+@\uff1d\uff0b\uff0d\uff20-]', cell), cell


@given(
    st.lists(
        TEXT.map(one_line) | st.sampled_from(NUMBERS_AND_DATES) | st.integers() | st.none(),
        min_size=2,
        max_size=5,
    )
)
def test_gephi_sees_the_cells_that_python_sees(cells):
    line = csv_line(cells)
    (seen,) = gephi_cells(line)
    (read,) = csv.reader([line])
    assert seen == [" ".join(cell.split(" ")).strip() for cell in read]
    assert [plain(cell) for cell in read] == [
        "" if cell is None else str(cell).replace("\\", "\u2216") for cell in cells
    ]


def test_a_backslash_does_not_reach_gephi():
    assert gephi_cells('"a\\"{o}","b"\n') != [['a\\"{o}', "b"]]
    assert gephi_cells(csv_line(['H\\"{o}lder \\', "\\textbf"])) == [
        ['H\u2216"{o}lder \u2216', "\u2216textbf"]
    ]


@pytest.fixture(name="file")
def _file(tmp_path):
    path = tmp_path / "a.csv"
    rows = [[text, number, "é"] for number, text in enumerate(NUMBERS_AND_DATES)]
    path.write_text(
        BOM + "".join(map(csv_line, [["id", "number", "text"], *rows])), encoding="utf-8"
    )
    return path


def test_pandas_keeps_texts_as_texts_and_numbers_as_numbers(file):
    table = pd.read_csv(file)
    assert list(table.columns) == ["id", "number", "text"]
    assert [plain(text) for text in table["id"]] == list(NUMBERS_AND_DATES)
    assert pd.api.types.is_integer_dtype(table["number"])
    alone = pd.read_csv(io.StringIO(csv_line(["id"]) + csv_line(["1706.00120"]))).iloc[0, 0]
    assert plain(alone) == "1706.00120"


def test_duckdb_keeps_texts_as_texts_and_numbers_as_numbers(file):
    with duckdb.connect() as db:
        rows = db.execute("SELECT id, number, text FROM read_csv(?)", [str(file)]).fetchall()
    assert [(plain(text), number) for text, number, _ in rows] == [
        (text, number) for number, text in enumerate(NUMBERS_AND_DATES)
    ]
