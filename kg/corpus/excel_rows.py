"""A workbook's rows, read by a process of its own (run as a script by ``kg.corpus.excel``), which bounds its memory.

A workbook of a few kilobytes can name a cell in the last row and column, or one long text in a million cells, and its
reader makes room for all of them. The workbook comes by standard input. Lines of JSON go out: ``["sheet", name]``, then
a list of texts for each of its rows; ``["error", message]`` where it cannot be read.
"""

import io
import json
import sys
from collections.abc import Iterator

from python_calamine import CalamineError, CalamineWorkbook

__all__ = ["rows"]

MEMORY, SECONDS = 4 * 2**30, 600
"""Bytes that this process may take, and seconds of a core."""


def rows(raw: bytes) -> Iterator[list[object]]:
    """Yield (sheet, name) and after it the sheet's rows as lists of texts, sheet by sheet."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    for sheet in workbook.sheet_names:
        yield ["sheet", sheet]
        for row in workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False):
            yield [[_cell(cell) for cell in row]]


def _cell(cell: object) -> str:
    """Return a cell as text; whole numbers without a decimal point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _bound() -> None:
    """Take no more memory and time than is allowed, where the system can hold a process to that."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - of POSIX

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def main() -> None:
    """Read the workbook and write its rows."""
    raw = sys.stdin.buffer.read()
    _bound()
    try:
        for found in rows(raw):
            sys.stdout.write(json.dumps(found) + "\n")
    except (CalamineError, OSError, ValueError) as error:
        sys.stdout.write(json.dumps(["error", str(error)]) + "\n")


if __name__ == "__main__":
    main()
