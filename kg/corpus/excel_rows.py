"""Reads a workbook's rows in a process with bounded memory (a script of ``kg.corpus.excel``).

A workbook of a few kilobytes can name a cell in the last row and column, or repeat a long text in a
million cells, and its reader allocates room for all of them. The workbook is read from standard
input. The output is lines of JSON: ``["sheet", name]``, followed by a list of texts for each row of
the sheet, or ``["error", message]`` if the workbook cannot be read.
"""

import io
import json
import sys
from collections.abc import Iterator

from python_calamine import CalamineError, CalamineWorkbook

__all__ = ["rows"]

MEMORY, SECONDS = 4 * 2**30, 600
"""Limits of this process: bytes of memory and seconds of CPU time."""


def rows(raw: bytes) -> Iterator[list[object]]:
    """Yield ``["sheet", name]`` and then the sheet's rows as lists of texts, sheet by sheet."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    for sheet in workbook.sheet_names:
        yield ["sheet", sheet]
        for row in workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False):
            yield [[_cell(cell) for cell in row]]


def _cell(cell: object) -> str:
    """Return a cell as text; whole numbers have no decimal point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _bound() -> None:
    """Limit memory and CPU time, on systems that support it."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - POSIX only

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
