"""What an analysis found, as a file: records of one kind to .csv or .json; the fields are the columns.

In CSV a list is joined by " | ", an empty cell is what is absent, and texts are written as ``exports.csv_text`` tells. JSON is one
list of objects.
"""

from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from exports.csv_text import BOM, csv_line
from exports.files import atomic_write
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
        stream.write(BOM + csv_line(names))
        stream.writelines(csv_line(getattr(record, name) for name in names) for record in records)
