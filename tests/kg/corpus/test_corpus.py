"""Every format gives the same papers; what is broken is passed over and told with its place."""

import gzip
import io
import json
import sys
from pathlib import Path

import duckdb
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from kg.corpus import FORMATS, Skipped, read_papers
from kg.corpus.cleaning import clean_abstract
from kg.errors import CorpusError, UnknownFormatError
from kg.records import Paper

SHARED = Path(__file__).resolve().parents[3] / "../shared"
TITLE, ABSTRACT = (
    "Attention is all",
    "We propose the Transformer, which relates all positions. It is fast.",
)
ROW = {
    "id": "x1",
    "title": TITLE,
    "abstract": ABSTRACT,
    "year": 2017,
    "venue": "nips",
    "url": "https://example.org/1",
}
PAPER = Paper("x1", TITLE, ABSTRACT, 2017, "nips", "https://example.org/1", language="en")


def read(path, **options):
    skipped = []
    return list(read_papers([path], skipped=skipped.append, **options)), skipped


def reason(path, **options):
    """The papers, and why the rest was passed over; of an input without papers the error follows."""
    skipped = []
    try:
        papers = list(read_papers([path], skipped=skipped.append, **options))
    except CorpusError as error:
        return str(error), skipped
    return papers, skipped


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


JSONL = json.dumps(ROW) + "\n"
CSV = f'id,title,abstract,year,venue,url\nx1,{TITLE},"{ABSTRACT}",2017,nips,https://example.org/1\n'
BIBTEX = f"@inproceedings{{x1,\n title = {{{TITLE}}},\n abstract = {{{ABSTRACT}}},\n year = 2017, booktitle = {{nips}}, url = {{https://example.org/1}}\n}}\n"
RIS = f"TY  - CONF\nID  - x1\nTI  - {TITLE}\nAB  - {ABSTRACT}\nPY  - 2017\nUR  - https://example.org/1\nJO  - nips\nER  - \n"
ATOM = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>q</title><entry><id>http://arxiv.org/abs/1706.1v1</id>
<published>2017-06-12T00:00:00Z</published><title>{TITLE}</title><summary>{ABSTRACT}</summary></entry></feed>"""
ANTHOLOGY = f"""<collection id="P17"><volume id="1"><paper id="1"><title>{TITLE}</title><abstract>{ABSTRACT}</abstract><url>P17-1001</url></paper></volume></collection>"""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", JSONL),
        ("a.json", json.dumps([ROW])),
        ("a.json", json.dumps({"results": [ROW]})),
        ("a.csv", CSV),
        ("a.tsv", "\t".join(ROW) + "\n" + "\t".join(map(str, ROW.values())) + "\n"),
        ("a.bib", BIBTEX),
        ("a.jsonl.gz", gzip.compress(JSONL.encode())),
        ("a.csv.zst", zstandard.compress(CSV.encode())),
        ("a.jsonl", b"\xef\xbb\xbf" + JSONL.encode()),
        ("a.csv", CSV.encode("utf-16")),
    ],
)
def test_each_format_gives_the_same_paper(tmp_path, name, content):
    assert read(write(tmp_path, name, content)) == ([PAPER], [])


def test_ris_and_xml_give_title_abstract_year_and_address(tmp_path):
    (ris,), _ = read(write(tmp_path, "a.ris", RIS))
    (atom,), _ = read(write(tmp_path, "a.xml", ATOM))
    (anthology,), _ = read(write(tmp_path, "b.xml", ANTHOLOGY))
    assert (ris.title, ris.abstract, ris.year, ris.url) == (
        TITLE,
        ABSTRACT,
        2017,
        "https://example.org/1",
    )
    assert (atom.id, atom.title, atom.abstract, atom.year) == ("1706.1v1", TITLE, ABSTRACT, 2017)
    assert (anthology.id, anthology.title, anthology.url) == (
        "P17-1001",
        TITLE,
        "https://aclanthology.org/P17-1001",
    )


def test_parquet_gives_the_same_paper(tmp_path):
    path = tmp_path / "a.parquet"
    with duckdb.connect() as db:
        db.execute(
            "CREATE TABLE t AS SELECT * FROM (VALUES ('x1', $1, $2, 2017, 'nips', 'https://example.org/1')) AS t(id, title, abstract, year, venue, url)",
            [TITLE, ABSTRACT],
        )
        db.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    assert read(path) == ([PAPER], [])


@pytest.mark.parametrize(
    "fields",
    [
        {"arxiv_id": "x1", "title": TITLE, "summary": ABSTRACT, "published": "2017-06-12"},
        {
            "paperId": "x1",
            "title": TITLE,
            "abstract": ABSTRACT,
            "year": 2017,
            "externalIds": {"ArXiv": "1"},
        },
        {
            "paper": {
                "id": "x1",
                "title": TITLE,
                "summary": ABSTRACT,
                "publishedAt": "2017-06-12T00:00:00Z",
            }
        },
        {
            "id": "x1",
            "display_name": TITLE,
            "publication_year": 2017,
            "abstract_inverted_index": {word: [n] for n, word in enumerate(ABSTRACT.split())},
        },
    ],
    ids=["arXiv", "Semantic Scholar", "Hugging Face", "OpenAlex"],
)
def test_the_field_names_of_others_are_understood(tmp_path, fields):
    (paper,), _ = read(write(tmp_path, "a.jsonl", json.dumps(fields)))
    assert (paper.id, paper.title, paper.abstract, paper.year) == ("x1", TITLE, ABSTRACT, 2017)


def test_a_paper_without_an_id_gets_the_same_one_each_time(tmp_path):
    path = write(tmp_path, "a.jsonl", json.dumps({"title": TITLE, "abstract": ABSTRACT}))
    assert read(path) == read(path)
    assert len(read(path)[0][0].id) == 16


def test_a_page_gives_titles_with_their_abstracts_and_no_clutter(tmp_path):
    prose = " ".join(["We study the thing in depth and report what we find."] * 6)
    page = f"new\n\nSubscribe\n\nMar 18\n\nA Study of Things\n\n{prose}\n\n12\n\nAnother Study: of More\n{prose}\n\nSign up\n\nfooter text\n"
    papers, skipped = read(write(tmp_path, "page.txt", page))
    assert [(paper.title, paper.abstract) for paper in papers] == [
        ("A Study of Things", prose),
        ("Another Study: of More", prose),
    ]
    assert skipped == []


def test_a_folder_is_read_in_order_and_unknown_suffixes_are_told(tmp_path):
    (tmp_path / "sub").mkdir()
    write(tmp_path, "b.jsonl", json.dumps(ROW | {"id": "b"}))
    write(tmp_path, "sub/a.jsonl", json.dumps(ROW | {"id": "a"}))
    write(tmp_path, ".hidden.jsonl", "broken")
    write(tmp_path, "picture.png", "x")
    papers, skipped = read(tmp_path)
    assert [paper.id for paper in papers] == ["b", "a"]
    assert [(Path(what.location).name, what.reason[:15]) for what in skipped] == [
        ("picture.png", "unknown suffix ")
    ]


def test_standard_input_is_read(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(JSONL.encode())))
    assert read("-") == ([PAPER], [])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"title": "T", "abstr', "broken JSON"),
        ('["a"]', "expected an object"),
        (
            '{"id": "x", "title": "", "abstract": "A"}',
            'no "title"; found the fields abstract, id',
        ),
        ('{"id": "x", "title": "T"}', 'no "abstract"; found the fields id, title'),
    ],
)
def test_a_broken_record_is_passed_over_with_its_line(tmp_path, line, said):
    path = write(tmp_path, "a.jsonl", f"{JSONL}\n{line}\n{JSONL}")
    papers, skipped = read(path)
    assert papers == [PAPER, PAPER]
    assert [what.location for what in skipped] == [f"{path}:3"]
    assert said in skipped[0].reason


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.bib", "a.ris", "a.xml", "a.txt"])
def test_an_empty_file_is_told(tmp_path, name):
    said, _ = reason(write(tmp_path, name, ""))
    assert "no paper found; expected records with a title and an abstract" in said


def test_a_folder_without_papers_a_missing_file_and_an_unknown_format_are_told(tmp_path):
    assert "no paper found" in reason(tmp_path)[0]
    assert reason(tmp_path / "none.jsonl")[0].endswith("none.jsonl: no such file or folder")
    with pytest.raises(
        UnknownFormatError, match="unknown input format 'docx'; expected one of bibtex csv"
    ):
        read(write(tmp_path, "a.jsonl", JSONL), format="docx")
    assert (
        "neither content nor suffix identifies its format"
        in reason(write(tmp_path, "a.bin", b"\x00\x01"))[0]
    )


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".zst", zstandard.compress)])
def test_a_cut_off_file_gives_the_papers_before_the_cut(tmp_path, suffix, pack):
    lines = "".join(
        json.dumps(ROW | {"id": f"x{n}", "abstract": f"{ABSTRACT} {n * 7919}"}) + "\n"
        for n in range(5000)
    )
    packed = pack(lines.encode())
    papers, skipped = read(write(tmp_path, f"a.jsonl{suffix}", packed[: len(packed) * 2 // 3]))
    assert 100 < len(papers) < 5000
    assert "damaged or cut off" in skipped[-1].reason


def test_an_xml_bomb_is_refused(tmp_path):
    bomb = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><feed><entry><title>&b;</title></entry></feed>'
    _, skipped = reason(write(tmp_path, "a.xml", bomb))
    assert "refused XML with its own declarations" in skipped[0].reason


def test_a_zip_bomb_ends_at_a_bound(tmp_path):
    _, skipped = reason(write(tmp_path, "a.jsonl.gz", gzip.compress(b"\0" * 200_000_000, 9)))
    assert "unpacks to more than" in skipped[-1].reason


def test_a_huge_abstract_is_cut_and_control_characters_vanish(tmp_path):
    row = ROW | {"abstract": "word " * 2_000_000, "title": "A\u0000B\u000b C\ud83d"}
    (paper,), _ = read(write(tmp_path, "a.jsonl", json.dumps(row)))
    assert paper.title == "AB C"
    assert len(paper.abstract) == 19_999  # a word is whole


def test_text_that_is_not_utf8_is_read_as_windows_wrote_it(tmp_path):
    (paper,), _ = read(write(tmp_path, "a.csv", CSV.replace("nips", "Zürich").encode("cp1252")))
    assert paper.venue == "Zürich"


@given(content=st.binary(max_size=400), kind=st.sampled_from(sorted(FORMATS)))
def test_any_bytes_give_papers_or_a_clear_error(tmp_path_factory, content, kind):
    path = write(tmp_path_factory.mktemp("fuzz"), "a", content)
    papers, skipped = reason(path, format=kind)
    assert all(isinstance(what, Skipped) for what in skipped)
    assert (
        str(path) in papers
        if isinstance(papers, str)
        else all(paper.title and paper.abstract for paper in papers)
    )


@pytest.mark.skipif(not SHARED.exists(), reason="the shared corpus is not here")
def test_the_saved_page_of_80_papers_is_read_whole():
    papers, skipped = read(SHARED / "corpus/seed_abstracts.txt")
    assert len(papers) == 80
    assert skipped == []
    assert papers[0].title == "Split, Encode and Aggregate for Long Code Search"
    known = {
        clean_abstract(json.loads(line)["abstract"])
        for line in (SHARED / "annotation/dev_papers.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()
    }
    assert sum(paper.abstract in known for paper in papers) == 40
