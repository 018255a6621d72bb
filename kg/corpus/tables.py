"""CSV and TSV with a header line."""

import csv
import re
from collections.abc import Iterator
from typing import IO

from kg.corpus.fields import Record, Skipped
from kg.corpus.text_lines import read_lines

__all__ = ["read_csv", "read_tsv"]

csv.field_size_limit(20_000_000)
LOOSE = re.compile("[\0\r]+")
"""What the csv module refuses inside a cell; at the end of a line it is gone already."""


def read_csv(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield the rows of a table; the separator is a comma, or a semicolon where the header has more of them."""
    return _read(stream, name, None)


def read_tsv(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield the rows of a table with tabs between."""
    return _read(stream, name, "\t")


def _read(stream: IO[bytes], name: str, separator: str | None) -> Iterator[Record | Skipped]:  # noqa: C901, PLR0912, PLR0915
    lines = (LOOSE.sub(" ", line or "") + "\n" for _, line in read_lines(stream))
    header_line = next(lines, "")
    if separator is None:
        separator = ";" if header_line.count(";") > header_line.count(",") else ","
    try:
        header = [cell.strip() for cell in next(csv.reader([header_line], delimiter=separator), [])]
    except csv.Error as error:
        yield Skipped(f"{name}:1", f"broken header ({error})")
        return
    names = {cell.casefold(): cell for cell in ("title", "abstract", "year", "id", "venue", "url", "doi")}
    header = [names.get(cell.casefold(), cell) for cell in header]
    rows = csv.reader(lines, delimiter=separator)
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield Skipped(f"{name}:{rows.line_num + 1}", f"broken row ({error})")
            continue
        if row is None:
            return
        place = f"{name}:{rows.line_num + 1}"
        if len(row) > len(header):
            yield Skipped(place, f"{len(row)} cells where the header has {len(header)}")
        elif any(cell.strip() for cell in row):
            fields: dict[str, object] = {}
            for column, cell in zip(header, row, strict=False):
                if column not in fields:
                    fields[column] = cell
            yield Record(place, fields)
