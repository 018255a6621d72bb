"""Text tables with a header: CSV with any separator, and TSV, from databases, managers and Excel.

The header is the first line with a title column; lines before it are ignored. A quoted cell may
span lines. Where quotes do not match, only the affected rows are lost: reading resumes at the next
line that is a complete row by itself.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

from kg.corpus.fields import NAMES, Note, ReaderItem, Record, Skipped, field_kind, fold_name
from kg.corpus.text_lines import read_lines

__all__ = [
    "HEADER_LINES",
    "describe_columns",
    "find_header",
    "read_csv",
    "read_tsv",
    "to_fields",
    "used_columns",
]

LONGEST_CELL = 20_000_000
csv.field_size_limit(LONGEST_CELL)
SEPARATORS = ",;\t|"
HEADER_LINES = 30
"""Number of lines searched for the header."""
MAX_LINES = 500
"""A row that spans more lines has an unmatched quote."""
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*$', re.IGNORECASE)
WOS_COLUMNS = {
    "TI": "title", "AB": "abstract", "PY": "year", "EY": "published", "PD": "date", "SO": "source title", "DI": "doi", "UT": "ut", "PM": "pmid", "FT": "t1",
    "JI": "journal iso", "BT": "book title",
}  # fmt: skip
"""The columns of Web of Science's tables; its ``ID`` holds keywords."""
MIN_COLUMNS = 2
LOOSE_TABS = 2
"""A tab-separated row may differ from the header by this many cells; its quotes are literal."""


class _Lines:
    """Lines with lookahead."""

    def __init__(self, lines: Iterator[tuple[int, str | None]]) -> None:
        self._lines, self._ahead = lines, deque[tuple[int, str]]()

    def look(self, index: int) -> tuple[int, str] | None:
        """Return the line that many places ahead, or None past the end."""
        while len(self._ahead) <= index:
            found = next(self._lines, None)
            if found is None:
                return None
            self._ahead.append((found[0], (found[1] or "").replace("\0", " ")))
        return self._ahead[index]

    def take(self, count: int) -> None:
        """Consume that many lines."""
        for _ in range(count):
            self._ahead.popleft()


def read_csv(stream: IO[bytes], name: str) -> Iterator[ReaderItem]:
    """Yield the rows of a table with any separator."""
    return _read(stream, name, SEPARATORS)


def read_tsv(stream: IO[bytes], name: str) -> Iterator[ReaderItem]:
    """Yield the rows of a tab-separated table."""
    return _read(stream, name, "\t")


def _read(stream: IO[bytes], name: str, separators: str) -> Iterator[ReaderItem]:
    lines = _Lines(read_lines(stream))
    head = [line for index in range(HEADER_LINES) if (line := lines.look(index))]
    found = find_header([text for _, text in head], separators)
    if found is None:
        seen = next((text for _, text in head if text.strip()), "")
        yield Skipped(f"{name}:1", f"no header with a title column; found {seen[:80]!r}")
        return
    before, separator, header = found
    lines.take(before + 1)
    columns = used_columns(header)
    yield Note(name, describe_columns(columns))
    for number, row in _rows(lines, separator, len(header)):
        if isinstance(row, str):
            yield Skipped(f"{name}:{number}", row)
        elif any(cell.strip() for cell in row):
            yield Record(f"{name}:{number}", to_fields(columns, row))


def find_header(
    lines: Sequence[str], separators: str = SEPARATORS
) -> tuple[int, str, list[str]] | None:
    """Return the index of the header line, the separator and the header's cells, or None.

    The header has a title column and the most known columns of any way to split the first lines.
    """
    best: tuple[int, int, str, list[str]] | None = None
    for index, line in enumerate(lines[:HEADER_LINES]):
        declared = SEPARATOR_LINE.match(line)
        if declared:
            separators = declared[1]
        for separator in separators:
            cells = _cells(line, separator)
            if len(cells) < MIN_COLUMNS:
                continue
            kinds = {field_kind(name) for name in used_columns(cells).values()}
            if "title" in kinds and (best is None or len(kinds) > best[0]):
                best = (len(kinds), index, separator, cells)
        if best is not None and best[1] < index:
            break
    return best[1:] if best else None


def _cells(line: str, separator: str) -> list[str]:
    try:
        return [
            cell.strip()
            for cell in next(
                csv.reader([line.lstrip("\ufeff")], delimiter=separator, skipinitialspace=True), []
            )
        ]
    except csv.Error:
        return []


def used_columns(header: Sequence[str]) -> dict[int, str]:
    """Return the names of the columns used, by index; Web of Science's tags are spelled out."""
    if "PT" in header and "TI" in header:
        return {
            index: WOS_COLUMNS[cell] for index, cell in enumerate(header) if cell in WOS_COLUMNS
        }
    return {
        index: cell
        for index, cell in enumerate(header)
        if field_kind(cell) or cell.casefold() in ID_COLUMNS
    }


def describe_columns(columns: Mapping[int, str]) -> str:
    """Return a note on which columns are used for what."""
    taken: dict[str, str] = {}
    for name in columns.values():
        kind = field_kind(name)
        if kind in {"title", "abstract", "year", "venue", "doi"} and kind not in taken:
            best = min(
                (other for other in columns.values() if field_kind(other) == kind),
                key=lambda other: NAMES[kind].index(fold_name(other)),
            )
            taken[kind] = f"{best!r} as {kind}"
    return f"columns used: {', '.join(taken.values())}"


ID_COLUMNS = frozenset({"extra", "note", "notes", "accession", "identifier", "archive"})
"""Columns that may mention identifiers."""


def to_fields(columns: Mapping[int, str], row: Sequence[str]) -> dict[str, object]:
    """Return a row's cells by column name; if a name repeats, the first non-empty cell."""
    fields: dict[str, object] = {}
    for index, name in columns.items():
        cell = row[index] if index < len(row) else ""
        if cell and not fields.get(name):
            fields[name] = cell
    return fields


def _rows(lines: _Lines, separator: str, width: int) -> Iterator[tuple[int, list[str] | str]]:
    """Yield (number of the first line, cells); a row that cannot be read has a reason instead."""
    while (first := lines.look(0)) is not None:
        number, text = first
        if not text.strip():
            lines.take(1)
            continue
        if separator == "\t":
            plain = text.split("\t")
            if abs(len(plain) - width) <= LOOSE_TABS or '"' not in text:
                lines.take(1)
                yield number, [_unquoted(cell) for cell in plain]
                continue
        row, taken = _row(lines, separator)
        if (
            taken > 1
            and len(row) != width
            and (spoiled := _next_whole(lines, separator, width, taken))
        ):
            lines.take(spoiled)
            yield number, f"unmatched quotes; found no row of {width} cells"
            continue
        lines.take(taken)
        if len(row) < width and not _well_quoted(text, separator):
            yield (
                number,
                f"unmatched quotes; found {len(row)} cells where the header has {width}",
            )
        else:
            yield number, row


def _row(lines: _Lines, separator: str) -> tuple[list[str], int]:
    """Return the cells of the next row and the number of lines it spans."""
    taken = 0

    def following() -> Iterator[str]:
        nonlocal taken
        while taken < MAX_LINES and (line := lines.look(taken)) is not None:
            taken += 1
            yield line[1] + "\n"

    try:
        return next(csv.reader(following(), delimiter=separator), []), max(taken, 1)
    except csv.Error:
        return [], max(taken, 1)


def _next_whole(lines: _Lines, separator: str, width: int, taken: int) -> int:
    """Return how many lines ahead the next complete one-line row is; 0 if there is none."""
    for index in range(1, taken + 1):
        line = lines.look(index)
        if (
            line is not None
            and len(_cells(line[1], separator)) == width
            and _well_quoted(line[1], separator)
        ):
            return index
    return 0


def _well_quoted(text: str, separator: str) -> bool:
    try:
        next(csv.reader([text], delimiter=separator, strict=True), [])
    except csv.Error:
        return False
    return True


def _unquoted(cell: str) -> str:
    if (
        len(cell) > 1
        and cell[0] == cell[-1] == '"'
        and '"' not in (inner := cell[1:-1].replace('""', ""))
        and inner
    ):
        return cell[1:-1].replace('""', '"')
    return cell
