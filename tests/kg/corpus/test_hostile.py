"""Input made to do harm gives papers or a clear word, in bounded time and memory. benchmarks/fuzz.py tries a million more."""

import gzip
import json
import os
import random
import re
import subprocess
import sys
import tracemalloc
import unicodedata
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
import zstandard

from benchmarks import fuzz
from kg.corpus import FORMATS, read_papers
from kg.corpus.fields import LONGEST_ABSTRACT, clean_text
from kg.errors import CorpusError
from kg.names.abbreviations import find_abbreviations
from kg.names.keys import key
from pipelines.components.sentences import split_sentences
from pipelines.tokenizer import split_words

ROOT = Path(__file__).resolve().parents[3]
PAPER = {"id": "x1", "title": "T", "abstract": "Some words."}


def read(path, kind=None):
    """The papers, and what was said of the rest."""
    said = []
    try:
        return list(read_papers([path], format=kind, skipped=said.append)), [
            what.reason for what in said
        ]
    except CorpusError:
        return [], [what.reason for what in said]


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("kind", sorted(fuzz.SHARES))
def test_changed_files_of_each_kind_give_clean_papers_or_an_error_of_kg(tmp_path, kind):
    rng = random.Random(f"test {kind}")
    seeds = fuzz.seeds()
    others = [one for several in seeds.values() for one in several]
    path = tmp_path / "case"
    for _ in range(20 if kind in {"parquet", "bibtex", "excel"} else 150):
        data = fuzz.changed(rng, rng.choice(seeds[kind]), others)
        path.write_bytes(fuzz.packed(rng, data) if kind in FORMATS else data)
        fuzz.look(kind, path, rng)


@pytest.mark.parametrize("kind", sorted(fuzz.seeds().keys() & FORMATS.keys()))
def test_the_files_that_are_changed_are_read_whole(tmp_path, kind):
    for seed in fuzz.seeds()[kind]:
        papers, said = read(write(tmp_path, "case", seed), kind)
        assert len(papers) > 1
        assert all("without a title" in reason for reason in said)


def test_a_character_reference_of_a_thousand_digits_is_no_character(tmp_path):
    (paper,), _ = read(
        write(tmp_path, "a.jsonl", json.dumps(PAPER | {"title": f"A&#{'9' * 5000}; &amp; B"}))
    )
    assert paper.title == "A & B"


def test_combining_marks_beyond_any_script_are_dropped_and_the_rest_composed():
    assert clean_text("e\u0301" + "x") == "éx"
    assert clean_text("a" + "\u0300\u0316" * 500_000) == unicodedata.normalize(
        "NFC", "a" + "\u0300\u0316" * 15
    )


def test_a_word_at_a_million_places_fills_no_memory(tmp_path):
    row = PAPER | {"abstract": {"x" * 10_000: list(range(1_000_000)), "y": [2_000_000]}}
    path = write(tmp_path, "a.jsonl", json.dumps(row))
    tracemalloc.start()
    papers, _ = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [len(paper.abstract) for paper in papers] == [LONGEST_ABSTRACT]
    assert peak < 400e6


@pytest.mark.parametrize(
    "value",
    [
        "[" * 900 + "]" * 900,
        '{"a":' * 900 + "1" + "}" * 900,
        "9" * 4000,
        "1e999",
        "-0",
        '"\\ud800"',
    ],
)
@pytest.mark.parametrize("field", ["id", "title", "abstract", "year", "venue", "url"])
def test_any_value_in_any_field_gives_a_paper_or_a_word(tmp_path, field, value):
    line = (
        json.dumps({name: text for name, text in PAPER.items() if name != field})[:-1]
        + f', "{field}": {value}}}'
    )
    papers, said = read(write(tmp_path, "a.jsonl", line))
    assert len(papers) + len(said) == 1


def test_a_loose_line_end_in_a_table_breaks_nothing(tmp_path):
    papers, said = read(write(tmp_path, "a.csv", "id,no\rte,title,abstract\nx,1,A\rB,C\0D\n"))
    assert [(paper.title, paper.abstract) for paper in papers] == [("A B", "C D")]
    assert said == []


def test_bibtex_strings_are_put_in_and_many_of_them_take_no_longer(tmp_path):
    entries = "".join(
        f"@string{{s{n} = {{Venue {n}}}}}\n@article{{a{n}, title = {{T}}, abstract = {{A {n}}}, journal = s{n}}}\n"
        for n in range(300)
    )
    papers, _ = read(write(tmp_path, "a.bib", entries))
    assert [paper.venue for paper in papers] == [f"Venue {n}" for n in range(300)]


def test_broken_bibtex_is_told_once_and_by_us(tmp_path, caplog):
    papers, said = read(
        write(
            tmp_path,
            "a.bib",
            "@article{a, title = {T}, abstract = {A.}}\n@article{b, title = {T\n@article{c, title {T}}\n",
        )
    )
    assert len(papers) == 1
    assert len(said) == 2
    assert not caplog.records


def test_a_huge_bibtex_entry_is_passed_over(tmp_path):
    _, said = read(
        write(
            tmp_path,
            "a.bib",
            "@article{a," + "".join(f"f{n} = {{x}}," for n in range(300_000)) + "}",
        )
    )
    assert "expected at most 2,000,000" in said[0]


ENTITIES = {
    "laughs": '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><feed><entry><title>&b;</title></entry></feed>',
    "file": '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><feed><entry><title>&a;</title><summary>&a;</summary></entry></feed>',
    "parameter": '<!DOCTYPE l [<!ENTITY % a SYSTEM "http://example.org/x"> %a;]><feed><entry><title>T</title></entry></feed>',
}


@pytest.mark.parametrize("bomb", ENTITIES.values(), ids=ENTITIES)
def test_entities_are_refused(tmp_path, bomb):
    papers, said = read(write(tmp_path, "a.xml", bomb))
    assert papers == []
    assert "refused XML with its own declarations" in said[0]


def test_xml_is_read_in_bounded_memory_whatever_stands_between_the_records(tmp_path):
    good = "<entry><id>x</id><title>T</title><summary>Some words.</summary></entry>"
    path = write(
        tmp_path, "a.xml", f"<feed>{'<x><y/>z</x>' * 60_000}{good}{'<z/>' * 60_000}</feed>"
    )
    tracemalloc.start()
    papers, said = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert ([paper.id for paper in papers], said) == (["x"], [])
    assert peak < 5e6


@pytest.mark.parametrize(
    "inner", ["a" * 21_000_000, f"<{'a' * 2000}>" * 11_000], ids=["long", "deep"]
)
def test_an_xml_record_that_does_not_end_is_refused_with_a_bound(tmp_path, inner):
    good = "<entry><id>x</id><title>T</title><summary>Some words.</summary></entry>"
    papers, said = read(
        write(tmp_path, "a.xml", f"<feed>{good}<entry><title>{inner}</title></entry></feed>")
    )
    assert [paper.id for paper in papers] == ["x"]
    assert "longer than 20 MB" in said[0]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstandard"])
@pytest.mark.parametrize("suffix", ["jsonl", "json", "csv", "bib", "ris", "xml", "txt", "parquet"])
def test_a_packed_bomb_ends_at_a_bound_in_every_format(tmp_path, suffix, pack):
    papers, said = read(write(tmp_path, f"a.{suffix}.gz", pack(b" " * 150_000_000)))
    assert papers == []
    assert re.search("unpacks to more than|longer than 20 MB", said[-1])


def test_a_parquet_file_may_be_called_like_a_pattern(tmp_path):
    for name in ("papers[1].parquet", "papers1.parquet"):
        with duckdb.connect() as db:
            db.execute(
                f"COPY (SELECT '{name}' AS id, 'T' AS title, 'Words of {name}.' AS abstract) TO '{tmp_path / 'a'}' (FORMAT parquet)"
            )
        (tmp_path / "a").rename(tmp_path / name)
    papers, _ = read(tmp_path / "papers[1].parquet")
    assert [paper.id for paper in papers] == ["papers[1].parquet"]


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
@pytest.mark.skipif(sys.platform != "linux", reason="holds a process to a bound of memory")
def test_a_workbook_with_a_cell_far_away_is_told_and_takes_no_memory(tmp_path):
    for place, reason in (((0, 4), ""), ((1_048_575, 16_383), "more than 4,294,967,296 bytes")):
        with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["title", "abstract"])
            sheet.write_row(1, 0, ["A study", "Some words."])
            sheet.write(*place, "far")
        papers, said = read(tmp_path / "a.xlsx")
        assert [len(papers), reason in " ".join(said)] == [not reason, True]


def test_a_folder_that_holds_itself_is_read_once(tmp_path):
    (tmp_path / "in").mkdir()
    write(tmp_path / "in", "a.jsonl", json.dumps(PAPER))
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "self.jsonl").symlink_to(tmp_path / "in" / "self.jsonl")
    (tmp_path / "in" / "gone.jsonl").symlink_to(tmp_path / "nowhere.jsonl")
    os.mkfifo(tmp_path / "in" / "pipe.jsonl")
    papers, said = read(tmp_path / "in")
    assert ([paper.id for paper in papers], said) == (["x1"], [])


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes are of Linux")
def test_a_file_name_that_is_no_text_can_be_said(tmp_path):
    folder = os.fsencode(tmp_path)
    for name, text in (
        (b"a\xff.jsonl", json.dumps(PAPER)),
        (b"b\xfe.odd", ""),
        (b"c\xfd.jsonl", "{"),
    ):
        Path(os.fsdecode(folder + b"/" + name)).write_text(text, encoding="utf-8")
    out = subprocess.run(
        [sys.executable, "-m", "kg", "build", str(tmp_path), "-o", str(tmp_path / "out")],
        capture_output=True,
        check=False,
        cwd=ROOT,
    )
    assert (out.returncode, out.stderr) == (0, b"")
    assert b"unknown suffix '.odd'" in out.stdout


LONG = {
    "dots": "." * LONGEST_ABSTRACT, "marks": "!?" * 10_000, "brackets": "(" * LONGEST_ABSTRACT, "pairs": "(A) " * 5000, "definitions": "ABC (ABC) " * 2000,
    "letters": "(AAAAAAAAAAAA) " * 300, "shorts": "AAAAAA or simply AAAAAAAAAAAA, " * 200, "stars": "*" * LONGEST_ABSTRACT, "latex": "\\textbf{" * 2500,
    "repeats": "A-" * 200 + " A5A5A5A5A5A5 (A-A-A-A-A-A-A-A)" * 600, "hyphenated": ("A-" * 30 + "A (A5A5A5A5A5A5) ") * 260, "spelled": "A5A5A5A5A5A5 is short for " + "A-A of " * 60,
    "commas": "1," * 10_000, "possessives": "X's " * 5000, "hyphens": "A-" * 10_000, "wide": "\ufdfa" * LONGEST_ABSTRACT,
}  # fmt: skip


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_text_made_to_be_slow_is_read(text):
    sentences = list(split_sentences(text))
    assert len(find_abbreviations(text, sentences)) <= 301
    assert find_abbreviations(text, [(0, len(text))]) is not None
    assert all(text[start:end] == word for word, start, end in split_words(text))
    assert key(text) is not None


def test_marks_without_a_space_take_no_square_of_their_number():
    assert (
        find_abbreviations("<" * 500_000, [(0, 500_000)]) == ()
    )  # 20,000 once took seven seconds; these would take an hour


def test_a_character_that_nobody_sees_is_no_part_of_a_doi(tmp_path):
    for unseen in ("\x02", "\x9f", "\u200b", "\u202e", "%01"):
        row = json.dumps({"title": "T", "abstract": "Some words.", "doi": f"10.1234/f3{unseen}"})
        (paper,), _ = read(write(tmp_path, "a.jsonl", row))
        assert paper.doi == "10.1234/f3"


def test_a_doi_of_any_length_gives_an_id_of_a_bounded_one(tmp_path):
    rows = [
        {"title": f"T {end}", "abstract": "Some words.", "doi": f"10.1234/{'f' * 500}{end}"}
        for end in "ab"
    ]
    papers, _ = read(write(tmp_path, "a.jsonl", "".join(json.dumps(row) + "\n" for row in rows)))
    assert [len(paper.id) for paper in papers] == [300, 300]
    assert len({paper.id for paper in papers}) == 2
