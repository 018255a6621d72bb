"""JSON lines, and JSON as databases wrap it: an array of records, or an object that contains one.

Crossref, DataCite, DOAJ, Europe PMC, OpenAlex, Semantic Scholar, Zotero, CSL and others wrap their
records in different ways. Here a record is any object with a title, and nested records are
unwrapped.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

import orjson

from kg.corpus.fields import Record, Skipped, field_kind
from kg.corpus.text_lines import read_lines as numbered_lines
from kg.corpus.text_lines import read_text, report_rest

__all__ = ["read_json", "read_lines", "unwrapped"]

INNER = (
    "paper", "attributes", "bibjson", "_source", "message", "metadata", "info", "citingPaper", "citedPaper", "recommendedPaper", "coredata", "document",
    "data", "work", "article", "record", "item", "core", "paperinfo",
)  # fmt: skip
"""Keys that wrap a record: of Hugging Face, DataCite, DOAJ, Elasticsearch, Crossref, Zenodo, DBLP,
Semantic Scholar, Scopus, …"""
MAX_DEPTH = 5
SAMPLE_SIZE = 50
"""Number of a list's objects that are checked for titles."""
NOT_RECORDS = (
    "references",
    "reference",
    "citations",
    "related",
    "authors",
    "author",
    "subjects",
    "facets",
    "aggregations",
    "creators",
    "contributors",
    "links",
)
"""Lists inside a record whose items may have titles but are not papers of the file."""


def read_lines(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record per line; a broken line is skipped."""
    for number, line in numbered_lines(stream):
        location = f"{name}:{number}"
        if line is None:
            yield Skipped(location, "the line is longer than 20 MB; expected one paper per line")
        elif line.strip(" \t\x1e\ufeff,"):
            yield from _parsed(line.strip(" \t\x1e\ufeff,"), location)


def _loads(text: str) -> object:
    """Parse JSON; Python's slower parser accepts some that orjson rejects (lone surrogates)."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def _parsed(line: str, location: str) -> Iterator[Record | Skipped]:
    if line in "[]":
        return
    try:
        found = _loads(line)
    except (ValueError, RecursionError) as error:
        yield Skipped(location, f"broken JSON ({error}); found {line[:40]!r}")
        return
    if isinstance(found, Mapping):
        yield from _numbered(_records(found), location, "")
    else:
        yield Skipped(location, f"expected an object, found {line[:40]!r}")


def read_json(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield the records of an array, of an array in an object, or of several objects in a row."""
    text = read_text(stream)
    try:
        found = _loads(text)
    except (ValueError, RecursionError) as error:
        yield from _several(text, name, error)
    else:
        yield from _whole(found, name)
    yield from report_rest(stream, name)


def _whole(found: object, name: str) -> Iterator[Record | Skipped]:
    if isinstance(found, Mapping):
        found = _records(found)
    if isinstance(found, list):
        yield from _numbered(found, name, ", record ")
    else:
        yield Skipped(name, f"expected an array of records, found {type(found).__name__}")


def _numbered(records: list[object], name: str, word: str) -> Iterator[Record | Skipped]:
    for number, record in enumerate(records, 1):
        location = f"{name}{word}{number}" if word else name
        if isinstance(record, Mapping):
            yield Record(location, unwrapped(record))
        else:
            yield Skipped(location, f"expected an object, found {type(record).__name__}")


def _several(text: str, name: str, error: Exception) -> Iterator[Record | Skipped]:
    """Read values that follow one another, on one line each or over several; skip broken lines."""
    lines = [(number, line.strip(" \t\x1e,")) for number, line in enumerate(text.splitlines(), 1)]
    filled = [(number, line) for number, line in lines if line not in {"", "[", "]"}]
    if len(filled) > 1 and all(line.startswith("{") for _, line in filled):
        for number, line in filled:
            yield from _parsed(line, f"{name}:{number}")
        return
    decoder, location, count = json.JSONDecoder(), 0, 0
    while location < len(text):
        location = next((at for at in range(location, len(text)) if text[at] in "{["), len(text))
        if location == len(text):
            return
        try:
            found, location = decoder.raw_decode(text, location)
        except (ValueError, RecursionError) as broken:
            yield Skipped(name, f"broken JSON after {count} records ({broken if count else error})")
            return
        count += 1
        yield from _whole(found, f"{name}, part {count}" if count > 1 else name)


def _records(found: Mapping[str, object], depth: int = 0) -> list[object]:
    """Return the records that an object contains, or the object itself."""
    if _has_title(unwrapped(found)):
        return [found]
    listed = [
        value for key, value in found.items() if isinstance(value, list) and key not in NOT_RECORDS
    ]
    held = next((value for value in listed if _with_titles(value)), None)
    if held is not None:
        return held
    inner = {
        key: value
        for key, value in found.items()
        if isinstance(value, Mapping) and key not in NOT_RECORDS
    }
    keyed: list[object] = [
        {"id": key, **value} for key, value in inner.items() if _has_title(value)
    ]
    if keyed:
        return keyed
    deeper = (_records(value, depth + 1) for value in inner.values() if depth < MAX_DEPTH)
    held = next((records for records in deeper if _with_titles(records)), None)
    if held is not None:
        return held
    return listed[0] if depth == 0 and listed and _objects(listed[0]) else [found]


def _with_titles(records: Sequence[object]) -> bool:
    return any(
        isinstance(one, Mapping) and _has_title(unwrapped(one)) for one in records[:SAMPLE_SIZE]
    )


def _objects(records: Sequence[object]) -> bool:
    return bool(records) and isinstance(records[0], Mapping)


def unwrapped(record: Mapping[str, object]) -> Mapping[str, object]:
    """Return a record merged with the record that it wraps.

    The inner fields win; the outer record's identifiers stay where the inner one has none.
    """
    for _ in range(2):
        held = (record.get(key) for key in INNER)
        inner = next((one for one in held if isinstance(one, Mapping) and _has_title(one)), None)
        if inner is None:
            break
        record = {**record, **inner}
    return record


def _has_title(record: Mapping[str, object]) -> bool:
    return any(field_kind(str(name)) == "title" for name in record)
