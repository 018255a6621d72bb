"""EndNote's tagged format (refer; ``.enw``, ``.enl``).

A tag is a percent sign and one character; blank lines separate references.
"""

import re
from collections.abc import Iterator
from typing import IO

from kg.corpus.fields import Record, Skipped
from kg.corpus.medline import StartDetector, tag_parser
from kg.corpus.ris import PUBMED, RUNNING_NUMBER
from kg.corpus.tagged import references, to_record
from kg.corpus.text_lines import read_lines

__all__ = ["SIGNATURE", "read"]

SIGNATURE = re.compile(
    r"^%0 [A-Z][\w .,/-]{2,40}\s*$|^%[ATJDXB] [^\n]{2,}\n(?:[^%\n][^\n]*\n){0,30}%[A-Z0-9@] ",
    re.MULTILINE,
)
LINE = re.compile(r"%([0-9A-Z@!#$&()*+,<>?^~\[\]:;=_|-])(?: (.*)|\s*$)")
NAMES = {
    "title": ("T", "Q"),
    "abstract": ("X",),
    "year": ("D", "8", "7"),
    "venue": ("J", "B", "S", "O"),
    "url": ("U", ">"),
    "doi": ("R",),
    "id": ("F", "M"),
    "links": ("U", "M", "R", ">"),
}


def read(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record per reference."""
    found_any = False
    for reference in references(
        read_lines(stream), tag_parser(LINE), begins=StartDetector("0", "T")
    ):
        found_any = True
        fields = reference.fields
        if any(PUBMED.match(value) for value in reference.all(("W", "~"))):
            fields["M"] = [
                f"PMID: {value}" if value.isdecimal() else value for value in reference.all(("M",))
            ]
        fields["F"] = [value for value in reference.all(("F",)) if not RUNNING_NUMBER.match(value)]
        yield to_record(reference, NAMES, name)
    if not found_any:
        yield Skipped(
            name, "no EndNote reference; expected lines such as '%0 Journal Article' and '%T …'"
        )
