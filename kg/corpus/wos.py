"""Web of Science's plain text (``.txt``, ``.ciw``).

Tags have two letters, continuation lines are indented, and ``ER`` ends a record.
"""

import re
from collections.abc import Iterator
from typing import IO

from kg.corpus.fields import Record, Skipped
from kg.corpus.tagged import Reference, references, to_record
from kg.corpus.text_lines import read_lines

__all__ = ["SIGNATURE", "read"]

SIGNATURE = re.compile(
    r"\A\s*FN [^\n]{3,80}\nVR \d|^PT [JBSCPDRU]\s*\n(?:AU|BA|AF|CA|TI|BE|GP|AN|DT|UT) ",
    re.MULTILINE,
)
TAGS = frozenset(
    [
        "FN",
        "VR",
        "PT",
        "AU",
        "AF",
        "BA",
        "BE",
        "BF",
        "CA",
        "GP",
        "TI",
        "FT",
        "SO",
        "SE",
        "BS",
        "LA",
        "DT",
        "CT",
        "CY",
        "CL",
        "SP",
        "HO",
        "DE",
        "ID",
        "AB",
        "C1",
        "C3",
        "RP",
        "EM",
        "RI",
        "OI",
        "FU",
        "FP",
        "FX",
        "CR",
        "NR",
        "TC",
        "Z1",
        "Z2",
        "Z3",
        "Z4",
        "Z5",
        "Z8",
        "Z9",
        "ZA",
        "ZB",
        "ZR",
        "ZS",
        "U1",
        "U2",
        "PU",
        "PI",
        "PA",
        "SN",
        "EI",
        "BN",
        "J9",
        "JI",
        "PD",
        "PY",
        "VL",
        "IS",
        "SI",
        "PN",
        "SU",
        "MA",
        "BP",
        "EP",
        "AR",
        "DI",
        "DL",
        "D2",
        "EA",
        "EY",
        "PG",
        "P2",
        "WC",
        "WE",
        "SC",
        "GA",
        "UT",
        "PM",
        "OA",
        "HC",
        "HP",
        "DA",
        "ER",
        "EF",
        "AN",
        "PS",
        "SS",
        "MH",
        "SD",
        "GN",
        "CN",
        "NM",
        "SF",
        "JC",
        "GI",
        "OB",
        "SA",
        "IV",
        "RC",
        "NO",
        "PE",
        "NT",
        "A2",
        "MC",
        "CC",
        "TA",
        "DS",
        "OR",
        "BD",
        "AE",
        "PC",
        "CP",
        "TF",
    ]
)
LINE = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|\s*$)")
NAMES = {
    "title": ("TI", "FT"),
    "abstract": ("AB",),
    "year": ("PY", "EY", "PD", "EA"),
    "venue": ("SO", "SE", "CT", "JI", "J9"),
    "doi": ("DI", "D2"),
    "wos": ("UT",),
    "pmid": ("PM",),
    "id": ("UT",),
    "links": ("UT", "DL"),
}


def read(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record per paper."""
    found_any = False
    for reference in references(read_lines(stream), _tagged, begins=_begins, ends=_ends):
        if reference.fields.keys() - {"FN", "VR", "EF"}:
            found_any = True
            yield to_record(reference, NAMES, name)
    if not found_any:
        yield Skipped(name, "no Web of Science record; expected lines such as 'PT J' and 'TI …'")


def _tagged(line: str) -> tuple[str, str] | None:
    found = LINE.match(line)
    return (found[1], found[2] or "") if found and found[1] in TAGS else None


def _begins(tag: str, _value: str, reference: Reference, _blank: bool) -> bool:  # noqa: FBT001 - one of four facts
    return tag == "PT" and bool(reference.fields.keys() - {"FN", "VR"})


def _ends(tag: str, value: str) -> bool:
    return tag in {"ER", "EF"} and not value.strip()
