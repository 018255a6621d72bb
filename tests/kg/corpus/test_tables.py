"""Tables: any separator, any line end, lines before the header, rows that spoil others."""

import io

import pytest
from small_files import ABSTRACT, FACTS, TITLE, facts, notes, read, why, write

CELLS = (TITLE, ABSTRACT, "2020", "Journal of Things", "10.1234/things.1")
HEADERS = {
    "plain": ("title", "abstract", "year", "venue", "doi"),
    "Scopus": ("Title", "Abstract", "Year", "Source title", "DOI"),
    "IEEE Xplore": ("Document Title", "Abstract", "Publication Year", "Publication Title", "DOI"),
    "Zotero": ("Title", "Abstract Note", "Publication Year", "Publication Title", "DOI"),
    "Dimensions": ("Title", "Abstract", "PubYear", "Source title", "DOI"),
    "Lens": ("Title", "Abstract", "Publication Year", "Source Title", "DOI"),
    "Web of Science's workbook": (
        "Article Title",
        "Abstract",
        "Publication Year",
        "Source Title",
        "DOI",
    ),
    "OpenAlex": (
        "display_name",
        "abstract",
        "publication_year",
        "primary_location.source.display_name",
        "doi",
    ),
    "EBSCO": ("Article Title", "Abstract", "Publication Date", "Journal Title", "DOI"),
    "ProQuest": ("Title", "Abstract", "year", "pubtitle", "digitalObjectIdentifier"),
}


def table(header, rows, separator=","):
    lines = [header, *rows]
    return "".join(
        separator.join('"' + cell.replace('"', '""') + '"' for cell in line) + "\n"
        for line in lines
    )


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_the_columns_of_each_database_are_known(tmp_path, header):
    (paper,), _ = read(write(tmp_path, "a.csv", table(header, [CELLS])))
    assert facts(paper) == FACTS


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"], ids=["LF", "CR LF", "CR"])
def test_separators_encodings_and_line_ends_change_nothing(tmp_path, separator, encoding, ends):
    text = table(
        HEADERS["plain"], [(*CELLS[:3], "Zeitschrift für Dinge", *CELLS[4:])] * 3, separator
    )
    papers, skipped = read(write(tmp_path, "a.csv", text.replace("\n", ends), encoding))
    assert [paper.venue for paper in papers] == ["Zeitschrift für Dinge"] * 3
    assert skipped == []


def test_lines_before_the_header_are_passed_over(tmp_path):
    head = '"About the data: Exported on Jan 1, 2024. Criteria: ""title, abstract""."\n'
    (paper,), _ = read(write(tmp_path, "a.csv", head + table(HEADERS["Dimensions"], [CELLS])))
    assert facts(paper) == FACTS
    (paper,), _ = read(write(tmp_path, "b.csv", "sep=;\n" + table(HEADERS["plain"], [CELLS], ";")))
    assert facts(paper) == FACTS


def test_rows_may_be_wider_than_the_header(tmp_path):
    text = table(HEADERS["Scopus"], [(*CELLS, "more", "cells")])
    (paper,), skipped = read(write(tmp_path, "a.csv", text))
    assert (facts(paper), skipped) == (FACTS, [])


def test_a_cell_may_go_on_over_lines(tmp_path):
    text = table(HEADERS["plain"], [(TITLE, ABSTRACT.replace(". ", ".\n\n"), *CELLS[2:])] * 2)
    papers, skipped = read(write(tmp_path, "a.csv", text))
    assert ([facts(paper) for paper in papers], skipped) == ([FACTS] * 2, [])


@pytest.mark.parametrize(
    "quoted", [True, False], ids=["all cells quoted", "cells quoted where needed"]
)
@pytest.mark.parametrize("column", range(5))
def test_a_quote_too_many_in_row_6_of_1000_loses_that_row_alone(tmp_path, quoted, column):
    def row(number):
        cells = [
            f"Paper {number}",
            f"About {number}, and more.",
            "2020",
            "J, of Things",
            f"10.1234/{number}",
        ]
        texts = [f'"{cell}"' if quoted or "," in cell else cell for cell in cells]
        if number == 6:
            texts[column] = '"' + texts[column] if texts[column][0] != '"' else texts[column][:-1]
        return ",".join(texts)

    path = write(
        tmp_path, "a.csv", "\n".join(["title,abstract,year,venue,doi", *map(row, range(1, 1001))])
    )
    papers, skipped = read(path)
    assert {paper.title for paper in papers} >= {f"Paper {n}" for n in range(1, 1001) if n != 6}
    assert len(papers) + len(skipped) == 1000
    assert all(one.location == f"{path}:7" for one in skipped)


def test_web_of_sciences_tags_are_columns_and_its_quotes_characters(tmp_path):
    text = (
        "PT\tAU\tTI\tSO\tDE\tID\tAB\tPY\tDI\tUT\n"
        + "\t".join(
            [
                "J",
                "A, B",
                f'"{TITLE.split()[0]}" {TITLE[2:]}',
                "Journal of Things",
                "",
                "KEYS",
                f'"Open {ABSTRACT}',
                "2020",
                "10.1234/things.1",
                "WOS:000123456789012",
            ]
        )
        + "\n"
    )
    (paper,), _ = read(write(tmp_path, "savedrecs.txt", text * 1, "utf-16"))
    assert (paper.id, paper.abstract, paper.venue) == (
        "WOS:000123456789012",
        f'"Open {ABSTRACT}',
        "Journal of Things",
    )


def test_a_source_with_volume_and_pages_gives_journal_and_year(tmp_path):
    text = table(
        ("Title", "Abstract", "Source"),
        [(TITLE, ABSTRACT, "Journal of Things (2020) 3:3 (152-160). Date of Publication: 2020")],
    )
    (paper,), _ = read(write(tmp_path, "a.csv", text))
    assert (paper.venue, paper.year) == ("Journal of Things", 2020)


def test_a_workbook_is_read_sheet_by_sheet(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book, held = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Exported by me"])
    book.active.append(HEADERS["Web of Science's workbook"])
    book.active.append([TITLE, ABSTRACT, 2020.0, *CELLS[3:]])
    book.create_sheet("notes").append(["nothing"])
    book.save(held)
    for name in ("a.xlsx", "a.csv", "a"):
        (paper,), _ = read(write(tmp_path, name, held.getvalue()))
        assert facts(paper) == FACTS


def test_a_table_says_which_columns_it_takes(tmp_path):
    path = write(tmp_path, "a.csv", table(HEADERS["IEEE Xplore"], [(*CELLS[:2], "", *CELLS[3:])]))
    assert notes(path) == [
        "columns used: 'Document Title' as title, 'Abstract' as abstract, 'Publication Year' as year, 'Publication Title' as venue, 'DOI' as doi",
        "1 of 1 papers have no year",
    ]


def test_a_table_without_a_title_says_what_it_has(tmp_path):
    assert "no header with a title column; found 'name,text'" in why(
        write(tmp_path, "a.csv", "name,text\nx,y\n")
    )
