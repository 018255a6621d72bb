"""Workbooks (``.xlsx``, ``.xls``, ``.ods``), read by calamine: every sheet with a title column."""

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
from kg.corpus.fields import Note, ReaderItem, Record, Skipped, field_kind
from kg.corpus.tables import HEADER_LINES, describe_columns, to_fields, used_columns

__all__ = ["OLE", "read"]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_SIZE, MAX_UNCOMPRESSED = 256 * 2**20, 2**30
"""Bytes of a workbook, compressed and uncompressed."""


def read(stream: IO[bytes], name: str) -> Iterator[ReaderItem]:
    """Yield the rows of all sheets."""
    raw = stream.read(MAX_SIZE + 1)
    if len(raw) > MAX_SIZE or _uncompressed_size(raw) > MAX_UNCOMPRESSED:
        yield Skipped(
            name,
            f"a workbook that unpacks to more than {MAX_UNCOMPRESSED:,} bytes; save it as CSV",
        )
        return
    found_any, sheets = False, list[str]()
    try:
        for sheet, rows in groupby(_rows(raw, sheets), key=itemgetter(0)):
            for found in _sheet((cells for _, cells in rows), name, sheet):
                found_any = True
                yield found
    except ValueError as error:
        yield Skipped(name, f"a workbook that cannot be read ({error})")
        return
    if not found_any:
        yield Skipped(
            name,
            f"no sheet with a title column; found the sheets {', '.join(sheets)[:80]}",
        )


def _uncompressed_size(raw: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            return sum(one.file_size for one in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return 0


def _rows(raw: bytes, sheets: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield (sheet, cells) for each row; append the names of sheets to a list as they appear.

    Raises:
        ValueError: if the workbook is damaged or needs too much memory.
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
                    raise ValueError(*rest)  # noqa: TRY301 - ends the process below
                if what == "sheet":
                    sheets += rest
                else:
                    yield sheets[-1], what
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        message = f"it needs more than {excel_rows.MEMORY:,} bytes of memory; save it as CSV"
        raise ValueError(message)


def _sheet(rows: Iterator[list[str]], name: str, sheet: str) -> Iterator[ReaderItem]:
    texts = list(islice(rows, HEADER_LINES))
    kinds = [
        {kind for cell in row if (kind := field_kind(cell))}
        for row in (used_columns(text).values() for text in texts)
    ]
    header = max(range(len(texts)), key=lambda at: len(kinds[at]), default=0)
    if not texts or "title" not in kinds[header]:
        return
    columns = used_columns(texts[header])
    yield Note(name, describe_columns(columns))
    for number, cells in enumerate(chain(texts[header + 1 :], rows), header + 2):
        if any(cells):
            yield Record(f"{name}, {sheet} row {number}", to_fields(columns, cells))
