"""Ovid's two formats: tags with a dash, or labels on separate lines.

A number in angle brackets starts each citation.
"""

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import IO

from kg.corpus.fields import Record, Skipped
from kg.corpus.tagged import Reference, references, to_record
from kg.corpus.text_lines import read_lines

__all__ = ["SIGNATURE", "read"]

NUMBER = re.compile(r"\s*<\s*\d+\s*\.?\s*>\s*$")
SIGNATURE = re.compile(
    r"^\s*<\s*\d+\s*\.?\s*>\s*\n\s*(?:[A-Z]{2}  - |[A-Z][A-Za-z ]{2,40}\n  )|^(?:VN  - Ovid|UI  - \S+\n)",
    re.MULTILINE,
)
TAG_LINE = re.compile(r"([A-Z][A-Z0-9])  ?-(?: (.*)|\s*$)")
LABEL_LINE = re.compile(r"([A-Z][A-Za-z&/(). -]{1,60}?)\s*$")
BEGIN = "<>"
SAMPLE_LINES = 200
NAMES = {
    "title": ("TI", "TT", "Title", "Article Title", "Book Title"),
    "abstract": ("AB", "Abstract"),
    "year": (
        "YR",
        "PY",
        "DP",
        "Year of Publication",
        "Publication Year",
        "SO",
        "Source",
        "EM",
        "DG",
        "DC",
        "Status",
        "Date of Publication",
    ),
    "venue": ("JN", "JT", "JA", "Journal Name", "Journal", "SO", "Source"),
    "doi": ("DO", "DI", "DOI Number", "DOI", "Digital Object Identifier", "LI"),
    "pmid": ("PM", "PubMed ID"),
    "id": ("UI", "AN", "Accession Number", "Unique Identifier"),
    "url": (
        "XL",
        "UR",
        "Link to the Ovid Full Text or citation",
        "Link to the External Link Resolver",
    ),
    "links": ("UR", "XL"),
}
TITLE_TYPE = re.compile(r"\s*\[[A-Z][A-Za-z &,:/-]{2,40}\]\.?\s*$")
"""The article type that Ovid adds after a title."""
JOURNAL = re.compile(
    r"^(?P<name>.+?)[.,;:]?\s+(?:(?:vol(?:ume)?\.?\s*)?\d+\s*\(|\(?(?:19|20)\d\d\b|vol\.?\s*\d|\d+\s*[,:]|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?[/-]?\w*\s+(?:\d{1,2},?\s+)?(?:19|20)\d\d|(?:spring|summer|fall|autumn|winter)\s+(?:19|20)\d\d).*$",
    re.IGNORECASE | re.DOTALL,
)
"""A source: the journal, followed by a volume, a month or a year."""


def read(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record per citation."""
    lines = read_lines(stream)
    first = list(islice(lines, SAMPLE_LINES))
    with_tags = any(TAG_LINE.match(line or "") for _, line in first)
    line_of = TAG_LINE if with_tags else LABEL_LINE

    def tagged(line: str) -> tuple[str, str] | None:
        if NUMBER.match(line):
            return BEGIN, line
        found = line_of.match(line)
        return (found[1], (found[2] or "") if with_tags else "") if found else None

    found_any = False
    for reference in references(chain(first, lines), tagged, begins=_begins):
        if reference.fields.keys() - {BEGIN}:
            found_any = True
            yield _record(reference, name)
    if not found_any:
        yield Skipped(name, "no Ovid citation; expected lines such as '<1>' and 'TI  - …'")


def _begins(tag: str, _value: str, reference: Reference, blank: bool) -> bool:  # noqa: FBT001 - one of four facts
    return tag == BEGIN or (
        blank
        and BEGIN not in reference.fields
        and tag == next(iter(reference.fields)) in {"UI", "VN", "AN", "DB"}
    )


def _record(reference: Reference, name: str) -> Record:
    record = to_record(reference, NAMES, name)
    title = TITLE_TYPE.sub("", str(record.fields["title"]))
    venue = str(record.fields["venue"])
    found = JOURNAL.match(venue)
    return Record(
        record.location,
        {**record.fields, "title": title, "venue": found["name"] if found else venue.strip(" .")},
    )
