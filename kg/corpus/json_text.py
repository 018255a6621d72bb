"""JSON lines, and JSON: an array of records, or an object that holds one."""

import json
from collections.abc import Iterator, Mapping
from typing import IO

import orjson

from kg.corpus.fields import Record, Skipped
from kg.corpus.text_lines import beyond, read_text
from kg.corpus.text_lines import read_lines as numbered_lines

__all__ = ["read_json", "read_lines"]

HOLDERS = ("results", "papers", "data", "items", "records", "documents", "entries", "hits")


def read_lines(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record a line; a broken line is passed over."""
    for number, line in numbered_lines(stream):
        place = f"{name}:{number}"
        if line is None:
            yield Skipped(place, "the line is longer than 20 MB; expected one paper a line")
        elif line.strip():
            yield _parsed(line, place)


def _loads(text: str) -> object:
    """Parse JSON; what orjson refuses, such as lone surrogates, the slower parser of Python may take."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def _parsed(line: str, place: str) -> Record | Skipped:
    try:
        found = _loads(line)
    except (ValueError, RecursionError) as error:
        return Skipped(place, f"broken JSON ({error}); found {line[:40]!r}")
    return Record(place, found) if isinstance(found, dict) else Skipped(place, f"expected an object, found {line[:40]!r}")


def read_json(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield the records of an array, of the array that an object holds, or of lines if it is JSON lines after all."""
    text = read_text(stream)
    try:
        found = _loads(text)
    except (ValueError, RecursionError) as error:
        lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        if len(lines) > 1 and all(line.lstrip().startswith("{") for _, line in lines):
            yield from (_parsed(line, f"{name}:{number}") for number, line in lines)
        else:
            yield Skipped(name, f"broken JSON ({error})")
        yield from beyond(stream, name)
        return
    yield from beyond(stream, name)
    if isinstance(found, dict):
        holder = next((found[key] for key in HOLDERS if isinstance(found.get(key), list)), None)
        keyed = [{"id": key, **value} for key, value in found.items() if isinstance(value, Mapping) and "title" in value]
        found = holder if holder is not None else keyed or [found]
    if not isinstance(found, list):
        yield Skipped(name, "expected an array of records")
        return
    for number, record in enumerate(found, 1):
        place = f"{name}, record {number}"
        yield Record(place, record) if isinstance(record, dict) else Skipped(place, f"expected an object, found {type(record).__name__}")
