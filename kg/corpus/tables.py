"""CSV and TSV with a header line."""

import csv
from collections.abc import Iterator
from typing import IO

from kg.corpus.fields import Record, Skipped
from kg.corpus.text_lines import read_lines

__all__ = ["read_csv", "read_tsv"]

csv.field_size_limit(20_000_000)


def read_csv(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield the rows of a table; the separator is a comma, or a semicolon where the header has more of them."""
    return _read(stream, name, None)


def read_tsv(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield the rows of a table with tabs between."""
    return _read(stream, name, "\t")


def _read(stream: IO[bytes], name: str, separator: str | None) -> Iterator[Record | Skipped]:
    lines = ((line if line is not None else "") + "\n" for _, line in read_lines(stream))
    header_line = next(lines, "").replace("\0", "")
    if separator is None:
        separator = ";" if header_line.count(";") > header_line.count(",") else ","
    header = [cell.strip() for cell in next(csv.reader([header_line], delimiter=separator), [])]
    names = {cell.casefold(): cell for cell in ("title", "abstract", "year", "id", "venue", "url", "doi")}
    header = [names.get(cell.casefold(), cell) for cell in header]
    rows = csv.reader((line.replace("\0", "") for line in lines), delimiter=separator)
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
