"""Zip archives: each file in one is read as if it lay in a folder; nothing is written, so no path leads anywhere."""

import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO

from kg.corpus.fields import Skipped
from kg.corpus.sources import bounded

__all__ = ["SIGNATURE", "members", "office_format"]

SIGNATURE = b"PK\x03\x04"
LARGEST = 2 * 2**30
MOST_MEMBERS = 10_000
KEPT_IN_MEMORY = 64 * 2**20
OFFICE = {"xl/workbook": "excel", "word/document": "word", "ppt/presentation": "powerpoint"}
SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"


def office_format(head: bytes) -> str | None:
    """Return ``excel``, ``word`` or ``powerpoint`` if the first bytes of a zip say so.

    The names of the first files stand in the head; a workbook of any program begins with its types or relations.
    """
    if SPREADSHEET in head[:200]:
        return "excel"
    found = next((name for sign, name in OFFICE.items() if sign.encode() in head), None)
    if found is None and (b"[Content_Types].xml" in head or b"xl/" in head[:2000]):
        return "excel"
    return found


def members(stream: IO[bytes], name: str) -> Iterator[tuple[str, IO[bytes]] | Skipped]:
    """Yield (name, unpacked bytes) of the files in an archive, sorted by name."""
    with tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY) as copy:
        size = 0
        while chunk := stream.read(2**20):
            size += len(chunk)
            if size > LARGEST:
                yield Skipped(name, f"an archive of more than {LARGEST:,} bytes; unpack it first")
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
    for info in infos[:MOST_MEMBERS]:
        parts = info.filename.split("/")
        place = f"{name}/{info.filename}"
        if any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts):
            continue
        if info.flag_bits & 1:
            yield Skipped(place, "encrypted; unpack it with its password first")
            continue
        try:
            with packed.open(info) as member:
                yield place, bounded(member, max(info.compress_size, 1))
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            OSError,
            RuntimeError,
            ValueError,
        ) as error:
            yield Skipped(place, f"damaged in its archive ({error})")
    if len(infos) > MOST_MEMBERS:
        yield Skipped(name, f"{len(infos):,} files; only the first {MOST_MEMBERS:,} are read")
