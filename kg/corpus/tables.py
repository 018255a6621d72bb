"""Tables of text with a header: CSV with any separator and TSV, as databases, reference managers and Excel write them.

The header is the first line that names a title; lines before it are passed over. A row may go on over lines within
quotes. Where quotes do not pair up, only the rows that they spoil are lost: reading goes on at the next line that is a whole
row by itself.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

from kg.corpus.fields import NAMES, Found, Note, Record, Skipped, fold_name, kind_of
from kg.corpus.text_lines import read_lines

__all__ = [
    "LOOKED_AT",
    "columns_note",
    "columns_of",
    "find_header",
    "read_csv",
    "read_tsv",
    "to_fields",
]

LONGEST_CELL = 20_000_000
csv.field_size_limit(LONGEST_CELL)
SEPARATORS = ",;\t|"
LOOKED_AT = 30
"""Lines in which the header is looked for."""
MOST_LINES = 500
"""A row that goes on over more lines has a quote too many."""
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*$', re.IGNORECASE)
WOS = {
    "TI": "title", "AB": "abstract", "PY": "year", "EY": "published", "PD": "date", "SO": "source title", "DI": "doi", "UT": "ut", "PM": "pmid", "FT": "t1",
    "JI": "journal iso", "BT": "book title",
}  # fmt: skip
"""The tags of Web of Science's tables; its ``ID`` are keywords."""
LEAST_COLUMNS = 2
LOOSE_TABS = 2
"""Rows of tabs may have so many cells more or fewer than the header; a quote in them is a character."""


class _Lines:
    """Lines that can be looked at before they are taken."""

    def __init__(self, lines: Iterator[tuple[int, str | None]]) -> None:
        self._lines, self._ahead = lines, deque[tuple[int, str]]()

    def look(self, place: int) -> tuple[int, str] | None:
        """Return the line so many places ahead; None beyond the end."""
        while len(self._ahead) <= place:
            found = next(self._lines, None)
            if found is None:
                return None
            self._ahead.append((found[0], (found[1] or "").replace("\0", " ")))
        return self._ahead[place]

    def take(self, count: int) -> None:
        """Leave so many lines behind."""
        for _ in range(count):
            self._ahead.popleft()


def read_csv(stream: IO[bytes], name: str) -> Iterator[Found]:
    """Yield the rows of a table, whatever stands between its cells."""
    return _read(stream, name, SEPARATORS)


def read_tsv(stream: IO[bytes], name: str) -> Iterator[Found]:
    """Yield the rows of a table with tabs between."""
    return _read(stream, name, "\t")


def _read(stream: IO[bytes], name: str, separators: str) -> Iterator[Found]:
    lines = _Lines(read_lines(stream))
    head = [line for place in range(LOOKED_AT) if (line := lines.look(place))]
    found = find_header([text for _, text in head], separators)
    if found is None:
        seen = next((text for _, text in head if text.strip()), "")
        yield Skipped(f"{name}:1", f"no header with a column for the title; found {seen[:80]!r}")
        return
    before, separator, header = found
    lines.take(before + 1)
    columns = columns_of(header)
    yield Note(name, columns_note(columns))
    for number, row in _rows(lines, separator, len(header)):
        if isinstance(row, str):
            yield Skipped(f"{name}:{number}", row)
        elif any(cell.strip() for cell in row):
            yield Record(f"{name}:{number}", to_fields(columns, row))


def find_header(
    lines: Sequence[str], separators: str = SEPARATORS
) -> tuple[int, str, list[str]] | None:
    """Return the place of the header, the separator and the header's cells; None where no line is one.

    A header names a title and, with it, more known columns than any other reading of the first lines.
    """
    best: tuple[int, int, str, list[str]] | None = None
    for place, line in enumerate(lines[:LOOKED_AT]):
        told = SEPARATOR_LINE.match(line)
        if told:
            separators = told[1]
        for separator in separators:
            cells = _cells(line, separator)
            if len(cells) < LEAST_COLUMNS:
                continue
            kinds = {kind_of(name) for name in columns_of(cells).values()}
            if "title" in kinds and (best is None or len(kinds) > best[0]):
                best = (len(kinds), place, separator, cells)
        if best is not None and best[1] < place:
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


def columns_of(header: Sequence[str]) -> dict[int, str]:
    """Return the name of each column that is used: under Web of Science's tags what they mean, else as it stands."""
    if "PT" in header and "TI" in header:
        return {place: WOS[cell] for place, cell in enumerate(header) if cell in WOS}
    return {
        place: cell for place, cell in enumerate(header) if kind_of(cell) or cell.casefold() in KEPT
    }


def columns_note(columns: Mapping[int, str]) -> str:
    """Return which columns are taken as what."""
    taken: dict[str, str] = {}
    for name in columns.values():
        kind = kind_of(name)
        if kind in {"title", "abstract", "year", "venue", "doi"} and kind not in taken:
            best = min(
                (other for other in columns.values() if kind_of(other) == kind),
                key=lambda other: NAMES[kind].index(fold_name(other)),
            )
            taken[kind] = f"{best!r} as {kind}"
    return f"columns taken: {', '.join(taken.values())}"


KEPT = frozenset({"extra", "note", "notes", "accession", "identifier", "archive"})
"""Columns that may name identifiers."""


def to_fields(columns: Mapping[int, str], row: Sequence[str]) -> dict[str, object]:
    """Return the cells of a row by the names of their columns; of columns with one name the first that holds something."""
    fields: dict[str, object] = {}
    for place, name in columns.items():
        cell = row[place] if place < len(row) else ""
        if cell and not fields.get(name):
            fields[name] = cell
    return fields


def _rows(lines: _Lines, separator: str, width: int) -> Iterator[tuple[int, list[str] | str]]:
    """Yield (number of the first line, cells), or what is wrong instead of cells."""
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
            yield number, f"quotes that do not pair up; found no row of {width} cells"
            continue
        lines.take(taken)
        if len(row) < width and not _well_quoted(text, separator):
            yield (
                number,
                f"quotes that do not pair up; found {len(row)} cells where the header has {width}",
            )
        else:
            yield number, row


def _row(lines: _Lines, separator: str) -> tuple[list[str], int]:
    """Return the cells of the row that begins here and how many lines it takes."""
    taken = 0

    def following() -> Iterator[str]:
        nonlocal taken
        while taken < MOST_LINES and (line := lines.look(taken)) is not None:
            taken += 1
            yield line[1] + "\n"

    try:
        return next(csv.reader(following(), delimiter=separator), []), max(taken, 1)
    except csv.Error:
        return [], max(taken, 1)


def _next_whole(lines: _Lines, separator: str, width: int, taken: int) -> int:
    """Return how many lines on the next line is a whole row by itself; 0 if none is."""
    for place in range(1, taken + 1):
        line = lines.look(place)
        if (
            line is not None
            and len(_cells(line[1], separator)) == width
            and _well_quoted(line[1], separator)
        ):
            return place
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
