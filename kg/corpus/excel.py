"""Workbooks (``.xlsx``, ``.xls``, ``.ods``): read by calamine; each sheet with a header that names a title."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO

from python_calamine import CalamineError, CalamineWorkbook

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
    told = False
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        for sheet in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            for found in _sheet(rows, name, sheet):
                told = True
                yield found
    except (CalamineError, OSError, ValueError) as error:
        yield Skipped(name, f"a workbook that cannot be read ({error})")
        return
    if not told:
        yield Skipped(
            name,
            f"no sheet with a column for the title; found the sheets {', '.join(workbook.sheet_names)[:80]}",
        )


def _unpacked(raw: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            return sum(one.file_size for one in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return 0


def _sheet(rows: Sequence[Sequence[object]], name: str, sheet: str) -> Iterator[Found]:
    texts = [[_cell(cell) for cell in row] for row in rows[:LOOKED_AT]]
    kinds = [
        {kind for cell in row if (kind := kind_of(cell))}
        for row in (columns_of(text).values() for text in texts)
    ]
    place = max(range(len(texts)), key=lambda at: len(kinds[at]), default=0)
    if not texts or "title" not in kinds[place]:
        return
    columns = columns_of(texts[place])
    yield Note(name, columns_note(columns))
    for number, row in enumerate(rows[place + 1 :], place + 2):
        cells = [_cell(cell) for cell in row]
        if any(cells):
            yield Record(f"{name}, {sheet} row {number}", to_fields(columns, cells))


def _cell(cell: object) -> str:
    """Return a cell as text; whole numbers without a decimal point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
