"""Bytes to lines of text: by the byte order mark, else UTF-8; what is not UTF-8 is taken as Windows or old national encodings."""

import codecs
import io
import re
from collections.abc import Iterator
from typing import IO

from charset_normalizer import from_bytes

from kg.corpus.fields import Skipped
from kg.corpus.sources import LONGEST_LINE, Truncated

__all__ = [
    "HEAD",
    "beyond",
    "decode_head",
    "encoding_of",
    "head_of",
    "pieces",
    "read_lines",
    "read_text",
]

HEAD = 2**16
"""Bytes at the start of a file that its format and encoding are told by."""
PIECE, LONGEST_TEXT = 2**20, 512 * 2**20
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NATIONAL = re.compile(rb"[\x80-\xff]{4}|(?:[\x80-\xff][\x40-\xff]){4}")
"""Letters beyond ASCII in a row: no Western text in Windows' encoding has them."""
SOME = 100


def _windows(error: UnicodeError) -> tuple[str, int]:
    """Return the bytes that are not UTF-8 as Windows-1252 has them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("kg.windows", _windows)


def head_of(stream: IO[bytes]) -> bytes:
    """Return the first bytes of a stream without consuming them."""
    return bytes(getattr(stream, "peek", lambda _: b"")(HEAD)[:HEAD])


def decode_head(head: bytes) -> str:
    """Return the first bytes of a file as text, without a byte order mark."""
    return head.decode(encoding_of(head), "replace").lstrip("\ufeff")


def encoding_of(head: bytes) -> str:
    """Return the encoding that the first bytes of a file are most likely in."""
    marked = next((name for mark, name in MARKS if head.startswith(mark)), None)
    if marked is not None:
        return marked
    if (
        head[:SOME].count(0) > SOME // 3
    ):  # UTF-16 without a mark: every other byte of Western text is zero
        return "utf-16-le" if head[1:SOME:2].count(0) > head[0:SOME:2].count(0) else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        if len(NATIONAL.findall(head)) * SOME > len(head):
            found = from_bytes(head).best()
            return found.encoding if found is not None else "utf-8"
    return "utf-8"


def pieces(stream: IO[bytes], encoding: str | None = None) -> Iterator[str]:
    """Yield the text of a stream piece by piece, every line end a line feed.

    A carriage return alone ends a line where the file has no line feed; elsewhere it is a blank.
    """
    head = head_of(stream)
    encoding = encoding or encoding_of(head)
    alone = "\n" not in decode_head(head)
    decoder = codecs.getincrementaldecoder(encoding)(_errors(encoding))
    lines = io.IncrementalNewlineDecoder(
        decoder, translate=alone
    )  # keeps a return and its line feed in one piece
    first = True
    while raw := stream.read(HEAD):
        if text := lines.decode(raw):
            yield _with_line_feeds(text.removeprefix("\ufeff") if first else text)
            first = False
    if text := lines.decode(b"", final=True):
        yield _with_line_feeds(text)


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", " ") if "\r" in text else text


def _errors(encoding: str) -> str:
    return "kg.windows" if encoding.replace("_", "-").startswith("utf-8") else "replace"


def read_lines(stream: IO[bytes]) -> Iterator[tuple[int, str | None]]:
    """Yield (number from 1, line); None for a line longer than 20 MB, which is not held in memory.

    Lines end with a line feed, a carriage return or both.

    Raises:
        Truncated: if a line has no end within 512 MB.
    """
    number, size = 1, 0
    begun: list[str] = []
    for piece in pieces(stream):
        *lines, rest = piece.split("\n")
        for line in lines:
            long = size + len(line) > LONGEST_LINE
            yield number, None if long else "".join((*begun, line))
            number, size = number + 1, 0
            begun.clear()
        size += len(rest)
        if size <= LONGEST_LINE:
            begun.append(rest)
        elif size > LONGEST_TEXT:
            message = f"line {number} has no end within {LONGEST_TEXT:,} characters; expected text with lines"
            raise Truncated(message)
        else:
            begun.clear()
    if size:
        yield number, None if size > LONGEST_LINE else "".join(begun)


def read_text(stream: IO[bytes]) -> str:
    """Return the whole text of a stream, at most 512 MB of it; ``beyond`` tells whether there is more."""
    encoding = encoding_of(head_of(stream))
    raw = b"".join(stream.read(PIECE) for _ in range(LONGEST_TEXT // PIECE))
    return raw.decode(encoding, _errors(encoding)).removeprefix("\ufeff")


def beyond(stream: IO[bytes], name: str) -> Iterator[Skipped]:
    """Yield a word on what ``read_text`` left, if it left anything."""
    if stream.read(1):
        yield Skipped(
            name,
            f"only the first {LONGEST_TEXT:,} bytes are read; cut the file in parts, or use JSON lines, CSV or Parquet",
        )
