"""BibTeX: read by bibtexparser, one entry at a time, LaTeX accents and braces decoded."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import IO

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware, RemoveEnclosingMiddleware

from kg.corpus.fields import Record, Skipped
from kg.corpus.text_lines import read_text

__all__ = ["read"]

ENTRY = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t]*[{(]", re.MULTILINE)
NO_PAPERS = frozenset({"string", "comment", "preamble"})


def read(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record an entry; an entry that cannot be parsed is passed over."""
    text = read_text(stream)
    starts = [match.start() for match in ENTRY.finditer(text)]
    stretches = list(pairwise([*starts, len(text)]))
    strings = "".join(text[a:b] for a, b in stretches if re.match(r"\s*@\s*string", text[a:b], re.IGNORECASE))
    line, before = 1, 0
    for start, end in stretches:
        line, before = line + text.count("\n", before, start), start
        kind = ENTRY.match(text, start)
        if kind and kind.group(1).lower() not in NO_PAPERS:
            yield _entry(strings + text[start:end], f"{name}:{line}")


def _entry(text: str, place: str) -> Record | Skipped:
    library = parse_string(text, parse_stack=[RemoveEnclosingMiddleware(allow_inplace_modification=True), LatexDecodingMiddleware()])
    if not library.entries:
        found = library.failed_blocks[0] if library.failed_blocks else None
        return Skipped(place, f"broken BibTeX entry ({getattr(found, 'error', 'not closed')})"[:200])
    entry = library.entries[0]
    fields: dict[str, object] = {field.key.lower(): str(field.value) for field in entry.fields}
    return Record(place, {"id": entry.key, **fields})
