"""Papers as references that other programs read."""

import csv
import io

import rispy

from exports.references import references
from kg.records import Paper

PAPERS = (
    Paper(
        "10.1/a b",
        "50% of $x$ & {more}",
        "An abstract\nin two lines.",
        2020,
        "A_venue",
        "https://example.org/1",
        "10.1/ab",
    ),
    Paper("10.1/a-b", "=1+1", "Text.", None, None, None),
)


def test_bibtex_escapes_what_has_a_meaning_and_keeps_keys_apart():
    text = references(PAPERS, "bib")
    assert "@article{10.1/a-b,\n" in text
    assert "@misc{10.1/a-b-2,\n" in text
    assert r"title = {{50\% of \$x\$ \& \{more\}}}," in text
    assert r"journal = {A\_venue}," in text
    assert "doi = {10.1/ab}," in text
    assert "abstract = {An abstract in two lines.}," in text
    assert "year" not in text.split("@misc")[1]


def test_ris_is_read_back():
    first, second = rispy.loads(references(PAPERS, "ris"))
    assert (first["title"], first["year"], first["doi"]) == (
        "50% of $x$ & {more}",
        "2020",
        "10.1/ab",
    )
    assert first["abstract"] == "An abstract in two lines."
    assert second["title"] == "=1+1"
    assert "year" not in second


def test_csv_guards_formulas_and_leaves_unknown_cells_empty():
    rows = list(csv.DictReader(io.StringIO(references(PAPERS, "csv"))))
    assert [row["title"] for row in rows] == ["50% of $x$ & {more}", "'=1+1"]
    assert [row["year"] for row in rows] == ["2020", ""]
