"""What a file is, is told by its content; twenty inputs that are wrong are told with place, finding and help."""

import io
import os
import zipfile
from pathlib import Path

import duckdb
import pytest
from small_files import ABSTRACT, FACTS, TITLE, facts, notes, read, why, write

from kg.corpus import FORMATS

ROOT = Path(__file__).resolve().parents[3]
CSV = (
    f'title,abstract,year,venue,doi\n{TITLE},"{ABSTRACT}",2020,Journal of Things,10.1234/things.1\n'
)
RIS = f"TY  - JOUR\nTI  - {TITLE}\nAB  - {ABSTRACT}\nPY  - 2020\nJF  - Journal of Things\nDO  - 10.1234/things.1\nER  - \n"


def packed(**files):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return held.getvalue()


WRONG = {
    "a PDF": ("a.pdf", b"%PDF-1.7\n", "a PDF; kg reads records with abstracts, not full texts"),
    "a PDF called BibTeX": ("a.bib", b"%PDF-1.7\n", "a PDF; kg reads records"),
    "a Word document": ("a.docx", packed(word__document_xml="x") + b"word/document", "a Word document; export the records"),
    "a web page": ("a.html", "<!DOCTYPE html><html><body>x</body></html>", "a web page; save its text only"),
    "a web page called RIS": ("a.ris", "<html><body>Please log in</body></html>", "a web page"),
    "Zotero's database": ("zotero.sqlite", b"SQLite format 3\0", "an SQLite database; use File > Export Library in Zotero"),
    "rich text": ("a.rtf", "{\\rtf1 x}", "rich text; save it as plain text"),
    "a picture": ("a.png", b"\x89PNG\r\n", "a picture"),
    "a 7z archive": ("a.7z", b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
    "bytes": ("a.bin", b"\x00\x01\x02\x00" * 9, "neither content nor suffix identifies its format"),
    "an empty file": ("a.ris", "", "no RIS reference; expected lines such as 'TY  - JOUR'"),
    "a table without titles": ("a.csv", "name,year\nx,2020\n", "no header with a title column; found 'name,year'"),
    "a table without abstracts": ("a.csv", "title,year\nT,2020\n", 'no "abstract"; found the fields title, year'),
    "records without abstracts": ("a.ris", RIS.replace("AB  -", "KW  -"), 'no "abstract"'),
    "placeholders": ("a.ris", RIS.replace(ABSTRACT, "[No abstract available]"), "the placeholder '[No abstract available]'"),
    "whole proceedings": ("a.ris", RIS.replace(ABSTRACT, "The proceedings contain 20 papers. The topics discussed include: x."), "a record of whole proceedings"),
    "broken JSON": ("a.json", '{"title": "T", "abstr', "broken JSON"),
    "JSON of something else": ("a.json", "[1, 2]", "expected an object, found int"),
    "broken XML": ("a.xml", "<feed><entry><title>T</title>", "broken XML after 0 records"),
    "XML of something else": ("a.xml", "<svg><path/></svg>", "XML without records; found the root element <svg>"),
    "BibTeX without entries": ("a.bib", "nothing here", "no BibTeX entry; expected entries such as '@article{"),
    "an encrypted zip": ("a.zip", packed(a_csv=CSV).replace(b"\x14\x00\x00\x00\x08", b"\x14\x00\x01\x00\x08"), "encrypted; unpack it with its password first"),
    "a damaged zip": ("a.zip", packed(a_csv=CSV)[:60], "a damaged zip archive"),
    "a zip within a zip": ("a.zip", packed(b_zip=packed(a_csv=CSV)), "an archive inside an archive"),
    "prose": ("a.txt", "A note to myself.\n", "found no title followed by an abstract"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_place_finding_and_help(tmp_path, name, content, said):
    path = write(tmp_path, name, content)
    found = why(path)
    assert said in found
    assert str(path) in found


@pytest.mark.parametrize("name", ["a.xml", "a.csv", "a.bib", "a.json", "a.pdf", "a"])
def test_a_wrong_suffix_is_no_fault(tmp_path, name):
    (paper,), skipped = read(write(tmp_path, name, RIS))
    assert (facts(paper), skipped) == (FACTS, [])


def test_what_a_file_is_taken_for_is_told_where_its_name_says_otherwise(tmp_path):
    assert notes(write(tmp_path, "a.csv", RIS)) == ["read as RIS, although its name ends in .csv"]
    assert notes(write(tmp_path, "a.txt", RIS)) == ["read as RIS"]
    assert notes(write(tmp_path, "a.ris", RIS)) == []


def test_a_folder_is_read_by_content_and_the_rest_is_told(tmp_path):
    for name, content in {
        "a.ciw": CSV,
        "b": RIS,
        "c.png": b"\x89PNG",
        "d.py": "x = 1\n",
        "e.zip": packed(x__a_csv=CSV, y_txt=RIS),
    }.items():
        write(tmp_path, name, content)
    papers, skipped = read(tmp_path)
    assert [facts(paper) for paper in papers] == [FACTS] * 4
    assert [Path(one.location).name for one in skipped] == ["c.png", "d.py"]


def test_a_zip_with_paths_that_lead_outside_writes_nothing(tmp_path):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("../../outside.csv", CSV)
        archive.writestr("/etc/outside.csv", CSV)
        archive.writestr("__MACOSX/._a.csv", "x")
    before = sorted(tmp_path.rglob("*"))
    papers, skipped = read(path := write(tmp_path, "a.zip", held.getvalue()))
    assert ([facts(paper) for paper in papers], skipped) == ([FACTS] * 2, [])
    assert sorted(tmp_path.rglob("*")) == [*before, path]


def test_a_zip_bomb_ends_at_a_bound(tmp_path):
    bomb = packed(a_csv=b"title,abstract\n" + b"x" * 150_000_000)
    assert "unpacks to more than" in why(write(tmp_path, "a.zip", bomb))


def test_a_parquet_file_of_millions_of_rows_in_a_few_bytes_ends_at_a_bound(tmp_path):
    with duckdb.connect() as db:
        db.execute(
            f"COPY (SELECT '' AS title, '' AS abstract FROM range(3000000)) TO '{tmp_path / 'a.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
        )
    assert "no paper found" in why(tmp_path / "a.parquet")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs Unix' devices")
@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_a_device_without_an_end_is_refused(kind):
    assert "an endless device" in why("/dev/zero", format=kind)


def test_a_line_without_an_end_on_standard_input_is_refused():
    reading, writing = os.pipe()
    os.write(writing, b"title,abstract\n" + b"x" * 1000)
    os.close(writing)
    assert "no abstract" in why(f"/dev/fd/{reading}") or "no paper" in why(f"/dev/fd/{reading}")


@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_the_docs_name_every_kind_of_file_as_the_code_does(kind):
    one = FORMATS[kind]
    suffixes = " ".join(f"`{suffix}`" for suffix in one.suffixes) or "any"
    row = f"| `{kind}` | {one.title} | {suffixes} | {one.sources} |"
    assert row in (ROOT / "docs/input.md").read_text(encoding="utf-8")
