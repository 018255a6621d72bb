"""Decodes bytes into lines of text.

The encoding is that of the byte order mark, or else UTF-8; text that is not valid UTF-8 is decoded
as Windows-1252 or an older national encoding.
"""

import codecs
import io
import re
from collections.abc import Iterator
from typing import IO

from charset_normalizer import from_bytes

from kg.corpus.fields import Skipped
from kg.corpus.sources import LONGEST_LINE, Truncated

__all__ = [
    "HEAD_SIZE",
    "decode_head",
    "decode_pieces",
    "detect_encoding",
    "peek_head",
    "read_lines",
    "read_text",
    "report_rest",
]

HEAD_SIZE = 2**16
"""Number of bytes at the start of a file from which its format and encoding are detected."""
PIECE, LONGEST_TEXT = 2**20, 512 * 2**20
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NATIONAL = re.compile(rb"[\x80-\xff]{4}|(?:[\x80-\xff][\x40-\xff]){4}")
"""Several non-ASCII letters in a row, which Western text in Windows-1252 does not have."""
SAMPLE = 100


def _windows(error: UnicodeError) -> tuple[str, int]:
    """Decode bytes that are not valid UTF-8 as Windows-1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("kg.windows", _windows)


def peek_head(stream: IO[bytes]) -> bytes:
    """Return the first bytes of a stream without consuming them."""
    return bytes(getattr(stream, "peek", lambda _: b"")(HEAD_SIZE)[:HEAD_SIZE])


def decode_head(head: bytes) -> str:
    """Return the first bytes of a file as text, without its byte order mark."""
    return head.decode(detect_encoding(head), "replace").lstrip("\ufeff")


def detect_encoding(head: bytes) -> str:
    """Return the most likely encoding of a file, given its first bytes."""
    marked = next((name for mark, name in BYTE_ORDER_MARKS if head.startswith(mark)), None)
    if marked is not None:
        return marked
    # UTF-16 without a byte order mark: every other byte of Western text is zero.
    if head[:SAMPLE].count(0) > SAMPLE // 3:
        return "utf-16-le" if head[1:SAMPLE:2].count(0) > head[0:SAMPLE:2].count(0) else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        if len(NATIONAL.findall(head)) * SAMPLE > len(head):
            found = from_bytes(head).best()
            return found.encoding if found is not None else "utf-8"
    return "utf-8"


def decode_pieces(stream: IO[bytes], encoding: str | None = None) -> Iterator[str]:
    """Yield the text of a stream in decode_pieces, with line feeds as line ends.

    A lone carriage return ends a line if the file has no line feeds; otherwise it becomes a space.
    """
    head = peek_head(stream)
    encoding = encoding or detect_encoding(head)
    alone = "\n" not in decode_head(head)
    decoder = codecs.getincrementaldecoder(encoding)(_errors(encoding))
    # Keeps a carriage return and its line feed in one piece.
    lines = io.IncrementalNewlineDecoder(decoder, translate=alone)
    first = True
    while raw := stream.read(HEAD_SIZE):
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
    """Yield (number from 1, line); the line is None if it is longer than 20 MB.

    Lines end with a line feed, a carriage return or both. Overlong lines are not held in memory.

    Raises:
        Truncated: if a line does not end within 512 MB.
    """
    number, size = 1, 0
    begun: list[str] = []
    for piece in decode_pieces(stream):
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
            message = f"line {number} does not end within {LONGEST_TEXT:,} characters; expected text with lines"
            raise Truncated(message)
        else:
            begun.clear()
    if size:
        yield number, None if size > LONGEST_LINE else "".join(begun)


def read_text(stream: IO[bytes]) -> str:
    """Return the text of a stream, up to 512 MB; ``report_rest`` then reports if there is more."""
    encoding = detect_encoding(peek_head(stream))
    raw = b"".join(stream.read(PIECE) for _ in range(LONGEST_TEXT // PIECE))
    return raw.decode(encoding, _errors(encoding)).removeprefix("\ufeff")


def report_rest(stream: IO[bytes], name: str) -> Iterator[Skipped]:
    """Yield a message if ``read_text`` has not read the whole stream."""
    if stream.read(1):
        yield Skipped(
            name,
            f"only the first {LONGEST_TEXT:,} bytes are read; split the file, or use JSON lines, CSV or Parquet",
        )
