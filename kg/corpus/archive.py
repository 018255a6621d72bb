"""Zip archives: read as if they were folders. No member is extracted, so no path can escape."""

import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO

from kg.corpus.fields import Skipped
from kg.corpus.sources import limit_unpacked

__all__ = ["SIGNATURE", "members", "office_format"]

SIGNATURE = b"PK\x03\x04"
MAX_SIZE = 2 * 2**30
"""Bytes of an archive."""
MAX_MEMBERS = 10_000
SPOOL_SIZE = 64 * 2**20
"""Bytes; larger archives are spooled to disk."""
OFFICE = {"xl/workbook": "excel", "word/document": "word", "ppt/presentation": "powerpoint"}
SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"


def office_format(head: bytes) -> str | None:
    """Return ``excel``, ``word`` or ``powerpoint`` if the first bytes of a zip file say so.

    They contain the names of the first members. Every workbook starts with its content types or
    relationships, whichever program wrote it.
    """
    if SPREADSHEET in head[:200]:
        return "excel"
    found = next((name for sign, name in OFFICE.items() if sign.encode() in head), None)
    if found is None and (b"[Content_Types].xml" in head or b"xl/" in head[:2000]):
        return "excel"
    return found


def members(stream: IO[bytes], name: str) -> Iterator[tuple[str, IO[bytes]] | Skipped]:
    """Yield (name, uncompressed stream) for each file in an archive, sorted by name."""
    with tempfile.SpooledTemporaryFile(max_size=SPOOL_SIZE) as copy:
        size = 0
        while chunk := stream.read(2**20):
            size += len(chunk)
            if size > MAX_SIZE:
                yield Skipped(name, f"an archive of more than {MAX_SIZE:,} bytes; unpack it first")
                return
            copy.write(chunk)
        copy.seek(0)
        try:
            packed = zipfile.ZipFile(copy)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            yield Skipped(name, f"a damaged zip archive ({error})")
            return
        yield from _members(packed, name)


def _members(packed: zipfile.ZipFile, name: str) -> Iterator[tuple[str, IO[bytes]] | Skipped]:
    infos = sorted(
        (one for one in packed.infolist() if not one.is_dir()), key=lambda one: one.filename
    )
    for info in infos[:MAX_MEMBERS]:
        parts = info.filename.split("/")
        location = f"{name}/{info.filename}"
        if any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts):
            continue
        if info.flag_bits & 1:
            yield Skipped(location, "encrypted; unpack it with its password first")
            continue
        try:
            with packed.open(info) as member:
                yield location, limit_unpacked(member, max(info.compress_size, 1))
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            OSError,
            RuntimeError,
            ValueError,
        ) as error:
            yield Skipped(location, f"damaged in its archive ({error})")
    if len(infos) > MAX_MEMBERS:
        yield Skipped(name, f"{len(infos):,} files; only the first {MAX_MEMBERS:,} are read")
