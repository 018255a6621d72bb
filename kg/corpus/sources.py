"""Input sources: files, folders and standard input, compressed or not."""

import gzip
import io
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import zstandard

from kg.errors import CorpusError

__all__ = ["COMPRESSED", "Source", "Truncated", "find_sources", "limit_unpacked"]

COMPRESSED = {".gz": "gzip", ".zst": "zstandard"}
LONGEST_LINE = 20_000_000
UNPACKED_LIMIT = 64 * 2**30
"""Bytes one file may unpack to, and at most 1,000 times its size: only bombs compress that well."""
RATIO, SMALL = 1000, 100 * 2**20
BUFFER = 2**16
STANDARD_INPUT = ("/dev/stdin", "/dev/tty", "/dev/fd/0", "/proc/self/fd/0")


class Truncated(Exception):  # noqa: N818 - a signal between readers, never shown
    """A stream ended early or is damaged; everything read before that is good."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file or stream, not yet opened."""

    name: str
    """Its name in messages."""
    path: Path | None
    """None for standard input."""
    within_folder: bool = False
    """Whether it was found in a folder rather than named by the user."""

    @property
    def suffix(self) -> str:
        """The suffix in lower case, ignoring that of the compression; '' if there is none."""
        return suffix_of(self.path.name) if self.path else ""

    def open(self) -> IO[bytes]:
        """Return a stream of the uncompressed bytes.

        Raises:
            CorpusError: if the file cannot be opened.
        """
        if self.path is None:
            return _unpacked(io.BufferedReader(cast("io.RawIOBase", sys.stdin.buffer), BUFFER))
        try:
            return _unpacked(self.path.open("rb", buffering=BUFFER))
        except OSError as error:
            message = f"{self.name}: cannot be read: {error.strerror or error}"
            raise CorpusError(message) from error


def suffix_of(name: str) -> str:
    """Return a file's suffix in lower case, ignoring that of the compression.

    >>> suffix_of("papers.RIS.gz"), suffix_of("papers")
    ('.ris', '')
    """
    path = Path(name)
    while path.suffix.lower() in COMPRESSED:
        path = path.with_suffix("")
    return path.suffix.lower()


def find_sources(name: str | Path) -> Iterator[Source]:
    """Yield an input's sources: a file, standard input, or all files of a folder, sorted by path.

    Raises:
        CorpusError: if the input does not exist, or is an endless device.
    """
    if str(name) == "-":
        yield Source("standard input", None)
        return
    path = Path(name)
    if path.is_dir():
        for inner in sorted(path.rglob("*")):
            if inner.is_file() and not any(
                part.startswith(".") for part in inner.relative_to(path).parts
            ):
                yield Source(str(inner), inner, within_folder=True)
        return
    if not path.exists():
        message = f"{name}: no such file or folder"
        raise CorpusError(message)
    if path.is_char_device() and str(path) not in STANDARD_INPUT:
        message = f"{name}: an endless device; expected a file, a folder or - for standard input"
        raise CorpusError(message)
    yield Source(str(path), path)


class _Bounded(io.RawIOBase):
    """A stream that raises ``Truncated`` if a compressed file is cut off or unpacks to too much."""

    def __init__(self, inner: "IO[bytes] | _Frames", packed: IO[bytes], packed_size: int) -> None:
        self._inner, self._packed, self._read = inner, packed, 0
        self._limit = (
            min(UNPACKED_LIMIT, max(SMALL, packed_size * RATIO)) if packed_size else UNPACKED_LIMIT
        )

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._packed.close()
        super().close()

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            chunk = self._inner.read(len(buffer))
        except (EOFError, OSError, zipfile.BadZipFile, zlib.error, zstandard.ZstdError) as error:
            message = f"the compressed file is damaged or cut off ({error})"
            raise Truncated(message) from error
        self._read += len(chunk)
        if self._read > self._limit:
            message = (
                f"the compressed file unpacks to more than {self._limit:,} bytes; "
                "the rest is not read"
            )
            raise Truncated(message)
        buffer[: len(chunk)] = chunk
        return len(chunk)


class _Frames:
    """Unpacks zstandard frame by frame; the library's own stream does not report truncation."""

    PIECE = 1024
    """Small, because a few compressed bytes can unpack to megabytes."""

    def __init__(self, packed: IO[bytes]) -> None:
        self._packed, self._ready, self._rest = packed, io.BytesIO(), b""
        self._frame: zstandard.ZstdDecompressionObj | None = None

    def read(self, size: int) -> bytes:
        while not (chunk := self._ready.read(size)):
            piece = self._rest or self._packed.read(self.PIECE)
            if not piece:
                if self._frame is not None:
                    message = "the last frame has no end"
                    raise EOFError(message)
                return b""
            self._frame = (
                self._frame or zstandard.ZstdDecompressor(max_window_size=2**27).decompressobj()
            )
            self._ready, self._rest = io.BytesIO(self._frame.decompress(piece)), b""
            if self._frame.eof:
                self._rest, self._frame = self._frame.unused_data, None
        return chunk


def limit_unpacked(inner: IO[bytes], packed_size: int) -> IO[bytes]:
    """Return a stream that stops if it yields too many bytes for its compressed size."""
    return io.BufferedReader(_Bounded(inner, inner, packed_size), BUFFER)


def _unpacked(stream: IO[bytes]) -> IO[bytes]:
    """Unpack a stream if its first bytes are those of gzip or zstandard."""
    buffered = (
        stream
        if isinstance(stream, io.BufferedReader)
        else io.BufferedReader(cast("io.RawIOBase", stream), BUFFER)
    )
    magic = buffered.peek(4)[:4]
    try:
        size = buffered.seek(0, io.SEEK_END)
        buffered.seek(0)
    except (OSError, io.UnsupportedOperation):
        size = 0
    if magic[:2] == b"\x1f\x8b":
        return io.BufferedReader(
            _Bounded(cast("IO[bytes]", gzip.GzipFile(fileobj=buffered)), buffered, size), BUFFER
        )
    if magic == b"\x28\xb5\x2f\xfd":
        return io.BufferedReader(_Bounded(_Frames(buffered), buffered, size), BUFFER)
    return buffered
