"""RIS from any vendor: tags in any order, with or without ``ER``, and other text in between."""

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import IO

from kg.corpus.cleaning import is_placeholder
from kg.corpus.fields import Record, Skipped
from kg.corpus.tagged import Reference, references, to_record
from kg.corpus.text_lines import read_lines

__all__ = ["TYPE_LINE", "read"]

TYPE_LINE = re.compile(r"\s{0,3}TY(\s{0,3}-)\s?[A-Z]{3,8}\d?\s*$", re.MULTILINE)
TYPE = re.compile(r"[A-Z]{3,8}\d?$")
NAMES = {
    "title": ("TI", "T1", "CT", "BT", "TT"),
    "abstract": ("AB", "N2"),
    "year": ("PY", "Y1", "DA", "C6", "YR"),
    "venue": ("JF", "JO", "T2", "JT", "BT", "JA", "J2", "C3", "J1", "SO", "T3"),
    "url": ("UR", "L2", "LK", "L1"),
    "doi": ("DO", "DI"),
    "id": ("ID", "AN"),
    "links": ("AN", "UR", "LK", "L1", "L2", "L3", "U1", "U2", "U3", "C2", "M3", "PM", "ID"),
}
RUNNING_NUMBER = re.compile(r"\d{1,6}$")
COUNT = re.compile(r"\s*\d{1,6}[.)]\s*$")
"""A running number that some databases write above each reference."""
PUBMED = re.compile(r"NLM|PubMed|MEDLINE", re.IGNORECASE)
SAMPLE_LINES = 200


def read(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record per reference."""
    lines = read_lines(stream)
    first = list(islice(lines, SAMPLE_LINES))
    dash = next((found[1] for _, line in first if (found := TYPE_LINE.match(line or ""))), "  -")
    # A wrapped line may start with "ER -"; a real tag has its dash in the column of the first TY's.
    tag_line = re.compile(rf"\s{{0,3}}([A-Z][A-Z0-9]){re.escape(dash)}(?:\s(.*)|$)")

    def tagged(line: str) -> tuple[str, str] | None:
        found = tag_line.match(line)
        if found is None or (found[1] == "TY" and not TYPE.match((found[2] or "").strip())):
            return None
        if found[1] == "ER" and (found[2] or "").strip(" .0123456789"):
            return None
        return found[1], found[2] or ""

    found_any = False
    kept = (row for row in chain(first, lines) if not COUNT.match(row[1] or ""))
    for reference in references(kept, tagged, begins=_begins, ends=_ends):
        found_any = True
        yield _record(reference, name)
    if not found_any:
        yield Skipped(name, "no RIS reference; expected lines such as 'TY  - JOUR' and 'TI  - …'")


def _begins(tag: str, _value: str, reference: Reference, _blank: bool) -> bool:  # noqa: FBT001 - one of four facts
    return tag == "TY" and "TY" in reference.fields


def _ends(tag: str, _value: str) -> bool:
    return tag == "ER"


def _record(reference: Reference, name: str) -> Record:
    found = reference.fields
    if is_placeholder(" ".join(found.get("AB", ()))) and "N2" in found:
        found.pop("AB", None)
    if any(PUBMED.match(value) for value in reference.all(("DB", "DP"))):
        found["PM"] = [f"PMID: {value}" for value in reference.all(("AN",)) if value.isdecimal()]
    found["ID"] = [value for value in reference.all(("ID",)) if not RUNNING_NUMBER.match(value)]
    return to_record(reference, NAMES, name)
