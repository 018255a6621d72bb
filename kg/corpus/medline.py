"""PubMed's MEDLINE format (``.nbib``), also written by ERIC.

A tag takes four columns and a dash; continuation lines are indented.
"""

import re
from collections.abc import Iterator
from typing import IO

from kg.corpus.fields import Record, Skipped
from kg.corpus.tagged import Reference, TagParser, references, to_record
from kg.corpus.text_lines import read_lines

__all__ = ["SIGNATURE", "read"]

SIGNATURE = re.compile(r"^(?:PMID- ?\d|OWN - ?\w|STAT- ?\w)", re.MULTILINE)
LINE = re.compile(r"(?=.{4}-|[A-Z]{4} -)([A-Z][A-Z0-9]{1,3}) *-(?: (.*)|\s*$)")
NAMES = {
    "title": ("TI", "BTI", "CTI", "TT"),
    "abstract": ("AB", "OAB"),
    "year": ("DP", "DEP", "PHST"),
    "venue": ("JT", "TA", "BTI", "SO"),
    "pmid": ("PMID",),
    "pmcid": ("PMC",),
    "id": ("PMID", "OID"),
    "url": ("URL", "LID", "AID"),
}
DOI_TAGS = ("LID", "AID", "SO")


def read(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record per citation."""
    found_any = False
    for reference in references(
        read_lines(stream), tag_parser(LINE), begins=StartDetector("PMID", "OWN")
    ):
        found_any = True
        record = to_record(reference, NAMES, name)
        dois = [
            value
            for value in reference.all(DOI_TAGS)
            if value.endswith("[doi]") or "doi.org/" in value
        ]
        in_source = [value for value in reference.all(("SO",)) if "doi:" in value.lower()]
        yield Record(record.location, {**record.fields, "doi": next(iter(dois + in_source), "")})
    if not found_any:
        yield Skipped(name, "no PubMed citation; expected lines such as 'PMID- 123' and 'TI  - …'")


def tag_parser(pattern: re.Pattern[str]) -> TagParser:
    """Return a line parser from a pattern with one group for the tag and one for the value."""

    def tagged(line: str) -> tuple[str, str] | None:
        found = pattern.match(line)
        return (found[1], found[2] or "") if found else None

    return tagged


class StartDetector:
    """Detects the start of a reference.

    A reference starts at a repeated start tag or, after a blank line, at the tag that started the
    first reference.
    """

    def __init__(self, *start_tags: str) -> None:
        """Take the tags that always start a reference."""
        self._start_tags, self._first = frozenset(start_tags), ""

    def __call__(self, tag: str, _value: str, reference: Reference, blank: bool) -> bool:  # noqa: FBT001 - one of four facts
        """Return whether the tag starts the reference after this one."""
        self._first = self._first or next(iter(reference.fields))
        repeated = tag in self._start_tags and tag in reference.fields
        return repeated or (blank and tag == self._first)
