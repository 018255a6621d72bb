"""RefWorks' tagged format: two-letter tags and a space.

``RT`` starts a reference; a line without a tag continues the one before.
"""

import re
from collections.abc import Iterator
from typing import IO

from kg.corpus.fields import Record, Skipped
from kg.corpus.ris import RUNNING_NUMBER
from kg.corpus.tagged import Reference, references, to_record
from kg.corpus.text_lines import read_lines

__all__ = ["SIGNATURE", "read"]

SIGNATURE = re.compile(r"^RT [A-Z][\w ,/-]{2,40}\s*\n(?:[A-Z][A-Z0-9] )", re.MULTILINE)
TAGS = frozenset(
    [
        "RT",
        "SR",
        "ID",
        "A1",
        "T1",
        "JF",
        "JO",
        "YR",
        "FD",
        "VO",
        "IS",
        "SP",
        "OP",
        "K1",
        "AB",
        "NO",
        "A2",
        "T2",
        "ED",
        "PB",
        "PP",
        "A3",
        "A4",
        "A5",
        "A6",
        "T3",
        "SN",
        "AV",
        "AD",
        "AN",
        "LA",
        "CL",
        "SF",
        "OT",
        "LK",
        "DO",
        "CN",
        "DB",
        "DS",
        "IP",
        "RD",
        "ST",
        "U1",
        "U2",
        "U3",
        "U4",
        "U5",
        "U6",
        "U7",
        "U8",
        "U9",
        "U10",
        "U11",
        "U12",
        "U13",
        "U14",
        "U15",
        "UL",
        "SL",
        "LL",
        "CR",
        "WT",
        "WV",
        "WP",
        "OL",
        "PMID",
        "PMCID",
        "GE",
        "CT",
        "PN",
        "ER",
    ]
)
LINE = re.compile(r"([A-Z][A-Z0-9]{1,4})(?: (.*)|\s*$)")
NAMES = {
    "title": ("T1", "CT"),
    "abstract": ("AB",),
    "year": ("YR", "FD"),
    "venue": ("JF", "JO", "T2", "T3"),
    "url": ("LK", "UL"),
    "doi": ("DO",),
    "pmid": ("PMID",),
    "pmcid": ("PMCID",),
    "id": ("AN", "ID"),
    "links": ("LK", "UL", "AN"),
}


def read(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record per reference."""
    found_any = False
    for reference in references(read_lines(stream), _tagged, begins=_begins, ends=_ends):
        found_any = True
        reference.fields["ID"] = [
            value for value in reference.all(("ID",)) if not RUNNING_NUMBER.match(value)
        ]
        yield to_record(reference, NAMES, name)
    if not found_any:
        yield Skipped(
            name, "no RefWorks reference; expected lines such as 'RT Journal Article' and 'T1 …'"
        )


def _tagged(line: str) -> tuple[str, str] | None:
    found = LINE.match(line)
    return (found[1], found[2] or "") if found and found[1] in TAGS else None


def _begins(tag: str, _value: str, _reference: Reference, _blank: bool) -> bool:  # noqa: FBT001 - one of four facts
    return tag == "RT"


def _ends(tag: str, value: str) -> bool:
    return tag == "ER" and value.strip() in {"", "END"}
