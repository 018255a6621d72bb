"""RIS: read by rispy."""

from collections.abc import Iterator
from typing import IO

import rispy

from kg.corpus.fields import Record, Skipped
from kg.corpus.text_lines import beyond, read_text

__all__ = ["read"]


def read(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record a reference; the reference ends at its ``ER`` line, so a broken one harms no other."""
    block: list[str] = []
    started = 1
    for number, line in enumerate(read_text(stream).splitlines(), 1):
        if line.startswith("TY") or not block:
            if any(row.strip() for row in block):
                yield Skipped(f"{name}:{started}", "a reference without its closing ER line")
            block, started = [], number
        block.append(line)
        if line.startswith("ER"):
            yield _reference(block, f"{name}:{started}")
            block = []
    if any(row.strip() for row in block):
        yield Skipped(f"{name}:{started}", "a reference without its closing ER line")
    yield from beyond(stream, name)


def _reference(block: list[str], place: str) -> Record | Skipped:
    try:
        found = rispy.loads("\n".join(block) + "\n")
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        return Skipped(place, f"broken RIS reference ({error})")
    if not found:
        return Skipped(place, "expected a RIS reference from TY to ER")
    fields = dict(found[0])
    if "title" not in fields and "primary_title" in fields:
        fields["title"] = fields["primary_title"]
    if "abstract" not in fields and "notes_abstract" in fields:
        fields["abstract"] = fields["notes_abstract"]
    return Record(place, fields)
