"""Workbooks (``.xlsx``, ``.xls``, ``.ods``): read by calamine; each sheet with a header that names a title."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import IO, cast

import orjson

from kg.corpus import excel_rows
from kg.corpus.fields import Found, Note, Record, Skipped, kind_of
from kg.corpus.tables import LOOKED_AT, columns_note, columns_of, to_fields

__all__ = ["OLE", "read"]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LARGEST, UNPACKED = 256 * 2**20, 2**30
"""Bytes of a workbook, and of what it unpacks to."""


def read(stream: IO[bytes], name: str) -> Iterator[Found]:
    """Yield the rows of all sheets."""
    raw = stream.read(LARGEST + 1)
    if len(raw) > LARGEST or _unpacked(raw) > UNPACKED:
        yield Skipped(
            name, f"a workbook that unpacks to more than {UNPACKED:,} bytes; save it as CSV"
        )
        return
    told, sheets = False, list[str]()
    try:
        for sheet, rows in groupby(_rows(raw, sheets), key=itemgetter(0)):
            for found in _sheet((cells for _, cells in rows), name, sheet):
                told = True
                yield found
    except ValueError as error:
        yield Skipped(name, f"a workbook that cannot be read ({error})")
        return
    if not told:
        yield Skipped(
            name,
            f"no sheet with a column for the title; found the sheets {', '.join(sheets)[:80]}",
        )


def _unpacked(raw: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            return sum(one.file_size for one in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return 0


def _rows(raw: bytes, sheets: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield (sheet, cells) of each row; add the sheets' names to a list as they come.

    Raises:
        ValueError: if the workbook is damaged, or takes too much memory.
    """
    command = [sys.executable, "-P", str(Path(excel_rows.__file__))]
    with subprocess.Popen(  # noqa: S603 - our own script
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            pipes = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
            with suppress(BrokenPipeError), pipes[0]:
                pipes[0].write(raw)
            for line in pipes[1]:
                what, *rest = orjson.loads(line)
                if what == "error":
                    raise ValueError(*rest)
                if what == "sheet":
                    sheets += rest
                else:
                    yield sheets[-1], what
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        message = f"it takes more than {excel_rows.MEMORY:,} bytes of memory; save it as CSV"
        raise ValueError(message)


def _sheet(rows: Iterator[list[str]], name: str, sheet: str) -> Iterator[Found]:
    texts = list(islice(rows, LOOKED_AT))
    kinds = [
        {kind for cell in row if (kind := kind_of(cell))}
        for row in (columns_of(text).values() for text in texts)
    ]
    place = max(range(len(texts)), key=lambda at: len(kinds[at]), default=0)
    if not texts or "title" not in kinds[place]:
        return
    columns = columns_of(texts[place])
    yield Note(name, columns_note(columns))
    for number, cells in enumerate(chain(texts[place + 1 :], rows), place + 2):
        if any(cells):
            yield Record(f"{name}, {sheet} row {number}", to_fields(columns, cells))
