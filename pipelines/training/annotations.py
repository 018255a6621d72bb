"""Reads annotated papers and locates their names.

Annotations list names, not positions. ``find_names`` marks every occurrence of each name as the
annotation guidelines
describe: longest first, plural s allowed, case as given for strings of up to five characters or
    with an inner capital.
"""

import functools
import gzip
import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.records import EntityType, Role

__all__ = ["AnnotatedPaper", "Named", "Place", "find_names", "read_annotated", "read_texts"]

TYPES = dict(zip("MDBTX", EntityType, strict=True))
ROLES = dict(zip("NECSUO", Role, strict=True))


@dataclass(frozen=True, slots=True)
class Named:
    """An annotated entity; its type is None if an annotator doubted that it is one."""

    type: EntityType | None
    role: Role | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnnotatedPaper:
    """A paper with its annotated entities."""

    id: str
    text: str
    entities: tuple[Named, ...]
    has_tasks: bool = True
    """Whether tasks and metrics were annotated too; otherwise they are unknown."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Half-open character offsets of a name, and the number of its entity."""

    start: int
    end: int
    entity: int


def read_texts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the id and text of each paper in a JSONL file, which may be gzipped."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield row["id"], f"{row['title']}\n{row['abstract']}"


def read_annotated(
    gold: Path, texts: dict[str, str], types: Collection[EntityType] = tuple(EntityType)
) -> list[AnnotatedPaper]:
    """Read annotations, one paper per line.

    A line is ``{"id", "e": [["M", "N", name, other name…], …], "tasks": false, "doubt": [["M",
    name…], …]}``: type (M, D, B, T, X), role (N, E, C, S, U, O, or - for none), names. The last two
    may be missing.

    Args:
        gold: a JSONL file.
        texts: the papers' texts by id; annotations of other papers are left out.
        types: entities of other types are left out.
    """
    rows = map(json.loads, gold.open(encoding="utf-8"))
    return [
        AnnotatedPaper(
            row["id"],
            texts[row["id"]],
            tuple(_entities(row, types)),
            has_tasks=row.get("tasks", True),
        )
        for row in rows
        if row["id"] in texts
    ]


def _entities(row: dict[str, list[list[str]]], types: Collection[EntityType]) -> Iterator[Named]:
    for kind, role, *names in row["e"]:
        if TYPES[kind] in types:
            yield Named(TYPES[kind], ROLES.get(role[0]), tuple(names))
    for _, *names in row.get("doubt", ()):
        yield Named(None, None, tuple(names))


@functools.lru_cache(maxsize=100_000)
def _pattern(name: str) -> re.Pattern[str]:
    as_given = len(name) <= 5 or any(map(str.isupper, name[1:]))  # noqa: PLR2004 - the guidelines' number
    body = r"\s+".join(map(re.escape, name.split()))
    return re.compile(
        rf"(?<![A-Za-z0-9]){body}(?:s|es)?(?![A-Za-z0-9])", 0 if as_given else re.IGNORECASE
    )


def find_names(text: str, entities: Sequence[Named]) -> list[Place]:
    """Return the positions of all names, sorted; of overlapping ones the longest is kept."""
    found = [
        Place(match.start(), match.end(), number)
        for number, entity in enumerate(entities)
        for name in entity.names
        for match in _pattern(name).finditer(text)
    ]
    return _longest(found, len(text))


def _longest(found: Iterable[Place], length: int) -> list[Place]:
    used = bytearray(length)
    kept = []
    for place in sorted(found, key=lambda place: (place.start - place.end, place.start)):
        if not any(used[place.start : place.end]):
            used[place.start : place.end] = b"\1" * (place.end - place.start)
            kept.append(place)
    return sorted(kept)
