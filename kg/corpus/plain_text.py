"""Plain text, such as saved web pages or notes: titles followed by abstracts, amid clutter.

Blocks are separated by blank lines; the lines of a block are joined. An abstract is a block of
prose: at least 40 words and two sentences, or 60 words. Its title is the short block right before
it, or the line above it. Everything else (menus, dates, user names, counts) is clutter.
"""

import re
from collections.abc import Iterator
from typing import IO

from kg.corpus.fields import LONGEST_ABSTRACT, Record, Skipped
from kg.corpus.text_lines import read_lines

__all__ = ["read"]

LEAST_WORDS, SURE_WORDS = 40, 60
LONGEST_BLOCK = 10_000
"""Lines; longer blocks are split, so that any file is read in bounded memory."""
TITLE_WORDS, TITLE_LETTERS = 40, 300
SENTENCE_END = re.compile(r"[.!?][\"')\]]*(?:\s|$)")
HEADING = re.compile(r"^(?:#+\s*|title\s*:\s*|\d+[.)]\s+(?=[A-Z]))", re.IGNORECASE)
ABSTRACT = re.compile(r"^abstract\s*[:.—-]?\s*", re.IGNORECASE)


def read(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record per title with an abstract; an abstract without a title is skipped."""
    title: str | None = None
    for number, block in _blocks(stream):
        text = ABSTRACT.sub("", block) or block
        if _is_abstract(text):
            if title is None:
                yield Skipped(
                    f"{name}:{number}", f"an abstract without a title before it: {text[:40]!r}"
                )
            else:
                yield Record(f"{name}:{number}", {"title": title, "abstract": text})
            title = None
        elif _is_title(block):
            title = HEADING.sub("", block)
        elif block.casefold() != "abstract":
            title = None


def _blocks(stream: IO[bytes]) -> Iterator[tuple[int, str]]:
    """Yield (number of the first line, text) for each run of non-blank lines."""
    lines: list[str] = []
    first = 0
    for number, line in read_lines(stream):
        text = (line or "").strip()
        if text and text.strip("-=_*#") and len(lines) < LONGEST_BLOCK:
            first = first if lines else number
            lines.append(text[:LONGEST_ABSTRACT])
        elif lines:
            yield from _split(lines, first)
            lines = []
    if lines:
        yield from _split(lines, first)


def _split(lines: list[str], first: int) -> Iterator[tuple[int, str]]:
    """Yield a block, or two if it is a title on the line above its abstract."""
    if (
        len(lines) > 1
        and _is_title(lines[0])
        and not _is_abstract(lines[0])
        and _is_abstract(" ".join(lines[1:]))
        and len(lines[1]) > len(lines[0])
    ):
        yield first, lines[0]
        yield first + 1, " ".join(lines[1:])
    else:
        yield first, " ".join(lines)


def _is_abstract(text: str) -> bool:
    words = len(text.split())
    return words >= SURE_WORDS or (words >= LEAST_WORDS and len(SENTENCE_END.findall(text)) > 1)


def _is_title(text: str) -> bool:
    return (
        len(text.split()) <= TITLE_WORDS
        and len(text) <= TITLE_LETTERS
        and any(map(str.isalpha, text))
    )
