"""PubMed's format (``.nbib``, MEDLINE), which ERIC writes too: tags of four columns and a dash, lines that go on are indented."""

import re
from collections.abc import Iterator
from typing import IO

from kg.corpus.fields import Record, Skipped
from kg.corpus.tagged import Reference, Tagged, references, to_record
from kg.corpus.text_lines import read_lines

__all__ = ["SIGN", "read"]

SIGN = re.compile(r"^(?:PMID- ?\d|OWN - ?\w|STAT- ?\w)", re.MULTILINE)
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
    """Yield one record a citation."""
    told = False
    for reference in references(
        read_lines(stream), tagged_by(LINE), begins=begins_like_the_first("PMID", "OWN")
    ):
        told = True
        record = to_record(reference, NAMES, name)
        dois = [
            value
            for value in reference.all(DOI_TAGS)
            if value.endswith("[doi]") or "doi.org/" in value
        ]
        in_source = [value for value in reference.all(("SO",)) if "doi:" in value.lower()]
        yield Record(record.place, {**record.fields, "doi": next(iter(dois + in_source), "")})
    if not told:
        yield Skipped(name, "no PubMed citation; expected lines such as 'PMID- 123' and 'TI  - …'")


def tagged_by(pattern: re.Pattern[str]) -> Tagged:
    """Return what takes a line apart by a pattern with groups for tag and value."""

    def tagged(line: str) -> tuple[str, str] | None:
        found = pattern.match(line)
        return (found[1], found[2] or "") if found else None

    return tagged


class begins_like_the_first:  # noqa: N801 - used as a function
    """Tells whether a reference begins: at a tag that always begins one, or after a blank line at the tag of the first one."""

    def __init__(self, *always: str) -> None:
        self._always, self._first = frozenset(always), ""

    def __call__(self, tag: str, _value: str, reference: Reference, blank: bool) -> bool:  # noqa: FBT001 - one of four facts
        """Return whether the tag begins a reference after this one."""
        self._first = self._first or next(iter(reference.fields))
        return (tag in self._always and tag in reference.fields) or (blank and tag == self._first)
