"""BibTeX: read by bibtexparser, one entry at a time, LaTeX accents and braces decoded, strings put in."""

import logging
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import IO

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import (
    LatexDecodingMiddleware,
    RemoveEnclosingMiddleware,
    ResolveStringReferencesMiddleware,
)

from kg.corpus.fields import Record, Skipped
from kg.corpus.text_lines import beyond, read_text

__all__ = ["read"]

ENTRY = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t]*[{(]", re.MULTILINE)
STRING = re.compile(r"\s*@\s*string\s*[{(]\s*([^\s={}()]+)", re.IGNORECASE)
NAME = re.compile(r"=\s*([^\s={}()\",#]+)")
NO_PAPERS = frozenset({"string", "comment", "preamble"})
LONGEST_ENTRY, LONGEST_STRING = 250_000, 2000
"""Characters; the library takes seconds for an entry of so many, and more than twice as many for twice as long a one."""
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what is broken is told as passed over


def read(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record an entry; an entry that cannot be parsed is passed over."""
    text = read_text(stream)
    starts = [match.start() for match in ENTRY.finditer(text)]
    stretches = list(pairwise([*starts, len(text)]))
    strings = {found[1].lower(): text[a:b] for a, b in stretches if b - a < LONGEST_STRING and (found := STRING.match(text, a, b))}
    line, before = 1, 0
    for start, end in stretches:
        line, before = line + text.count("\n", before, start), start
        kind = ENTRY.match(text, start)
        if kind and kind.group(1).lower() not in NO_PAPERS:
            yield _entry(text[start:end], strings, f"{name}:{line}")
    yield from beyond(stream, name)


def _entry(text: str, strings: Mapping[str, str], place: str) -> Record | Skipped:
    if len(text) > LONGEST_ENTRY:
        return Skipped(place, f"an entry of {len(text):,} characters; expected at most {LONGEST_ENTRY:,}")
    used = sorted({one.lower() for one in NAME.findall(text)} & strings.keys())
    steps = [
        ResolveStringReferencesMiddleware(allow_inplace_modification=True),
        RemoveEnclosingMiddleware(allow_inplace_modification=True),
        LatexDecodingMiddleware(),
    ]
    try:
        library = parse_string("".join(strings[one] for one in used) + text, parse_stack=steps)
    except Exception as error:  # noqa: BLE001 - the library lets through what it did not expect, of any kind
        return Skipped(place, f"broken BibTeX entry ({type(error).__name__}: {error})"[:200])
    if not library.entries:
        found = library.failed_blocks[0] if library.failed_blocks else None
        return Skipped(place, f"broken BibTeX entry ({getattr(found, 'error', 'not closed')})"[:200])
    entry = library.entries[0]
    fields: dict[str, object] = {field.key.lower(): str(field.value) for field in entry.fields}
    return Record(place, {"id": entry.key, **fields})
