"""Bytes to lines of text: UTF-8, UTF-16 where a mark says so, else the encoding of Windows."""

import codecs
from collections.abc import Iterator
from typing import IO

from kg.corpus.fields import Skipped
from kg.corpus.sources import LONGEST_LINE

__all__ = ["beyond", "read_lines", "read_text"]

LONGEST_TEXT = 512 * 2**20
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(raw: bytes) -> str:
    """Return bytes as text; bytes that are not UTF-8 are taken for Windows-1252, as old exports are."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def read_lines(stream: IO[bytes]) -> Iterator[tuple[int, str | None]]:
    """Yield (number from 1, line); None for a line longer than 20 MB, which is not held in memory."""
    encoding = marked_encoding(stream)
    if encoding == "utf-16":
        yield from enumerate(read_text(stream).splitlines(), 1)
        return
    number = 0
    while raw := stream.readline(LONGEST_LINE):
        number += 1
        if len(raw) >= LONGEST_LINE and not raw.endswith(b"\n"):
            while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        else:
            yield number, decode(raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw).rstrip("\r\n")


def read_text(stream: IO[bytes]) -> str:
    """Return the whole text of a stream, at most 512 MB of it; ``beyond`` tells whether there is more."""
    encoding = marked_encoding(stream)
    raw = stream.read(LONGEST_TEXT)
    return raw.decode(encoding, "replace") if encoding else decode(raw)


def beyond(stream: IO[bytes], name: str) -> Iterator[Skipped]:
    """Yield a word on what ``read_text`` left, if it left anything."""
    if stream.read(1):
        yield Skipped(name, f"only the first {LONGEST_TEXT:,} bytes are read; cut the file in parts, or use JSON lines, CSV or Parquet")


def marked_encoding(stream: IO[bytes]) -> str | None:
    """Return the encoding that a byte order mark tells."""
    head: bytes = getattr(stream, "peek", lambda _: b"")(4)[:4]
    return next((name for mark, name in MARKS if head.startswith(mark)), None)
