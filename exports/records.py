"""What an analysis found, as a file: records of one kind to .csv or .json; the fields are the columns.

In CSV a list is joined by " | ", an empty cell is what is absent, and a text that a spreadsheet would take for a formula gets
an apostrophe before it. JSON is one list of objects.
"""

import csv
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from exports.files import atomic_write
from exports.tables import FORMULA
from kg.errors import UnknownFormatError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["write_records"]


def write_records(
    records: Sequence["DataclassInstance"], kind: type["DataclassInstance"], path: Path
) -> None:
    """Write records of a kind to a file that appears whole or not at all; its suffix tells the format.

    Raises:
        UnknownFormatError: if the suffix is another.
    """
    suffix = path.suffix.lower()
    if suffix not in {".csv", ".json"}:
        message = f"unknown format {path.suffix!r}; one of .csv .json"
        raise UnknownFormatError(message)
    with atomic_write(path) as stream:
        if suffix == ".json":
            text = orjson.dumps(
                [asdict(record) for record in records],
                option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
            )
            stream.write(text.decode())
            return
        names = [field.name for field in fields(kind)]
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(names)
        table.writerows([_cell(getattr(record, name)) for name in names] for record in records)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = " | ".join(map(_cell, value)) if isinstance(value, tuple | list) else str(value)
    return f"'{text}" if isinstance(value, str | tuple) and FORMULA.match(text) else text
