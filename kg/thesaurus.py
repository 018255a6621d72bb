"""The user's own file of names to merge, rename, retype, drop or keep apart.

Two columns as VOSviewer has them, ``label`` and ``replace by``, and a third one if wanted, ``type``; tabs or commas between:

    label       replace by      type
    CIFAR10     CIFAR-10
    our model
    Winograd    WSC             benchmark
    SGD         =

An empty ``replace by`` (or ``<ignore>``) drops the name, a name that replaces itself may get a type, and ``=`` keeps a
name apart from all that rules would merge it with. Names are compared by key, so case and hyphens do not matter.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from kg.errors import ThesaurusError
from kg.model import EntityType, Node
from kg.names import key

__all__ = ["Line", "Thesaurus", "read_thesaurus", "write_thesaurus"]

HEADER = ("label", "replace by", "type")
APART, IGNORED = "=", "<ignore>"


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """What the user says about one name."""

    label: str
    replacement: str
    type: EntityType | None
    number: int
    """The line of the file, from 1."""


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """All lines of a thesaurus, by the key of their label."""

    lines: dict[str, Line] = field(default_factory=dict)

    @property
    def dropped(self) -> frozenset[str]:
        """The keys of names that are to be no node."""
        return frozenset(name for name, line in self.lines.items() if line.replacement in {"", IGNORED} and line.type is None)

    @property
    def apart(self) -> frozenset[str]:
        """The keys of names that no rule may merge with others."""
        return frozenset(name for name, line in self.lines.items() if line.replacement == APART)

    @property
    def replacements(self) -> dict[str, str]:
        """Key of the label to the name that replaces it."""
        return {
            name: line.replacement or line.label
            for name, line in self.lines.items()
            if name not in self.dropped and name not in self.apart
        }

    @property
    def types(self) -> dict[str, EntityType]:
        """Key of the replacing name to the type that the user gives."""
        return {key(self.replacements.get(name, line.label)): line.type for name, line in self.lines.items() if line.type}

    def unused(self, keys: Iterable[str]) -> tuple[Line, ...]:
        """Return the lines whose label is none of the keys, in the order of the file."""
        known = frozenset(keys)
        return tuple(sorted((line for name, line in self.lines.items() if name not in known), key=lambda line: line.number))


def read_thesaurus(path: Path) -> Thesaurus:
    """Read a thesaurus.

    Raises:
        ThesaurusError: if the file cannot be read, or a line is not understood; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        message = f"{path}: cannot be read as UTF-8 text ({error})"
        raise ThesaurusError(message) from error
    rows = csv.reader(text.splitlines(), delimiter="\t" if "\t" in text else ",")
    lines: dict[str, Line] = {}
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row] + ["", ""]
        name = key(cells[0])
        if not any(cells) or (number == 1 and cells[0].casefold() == HEADER[0]):
            continue
        if not name:
            message = f"{path}:{number}: no name in the first column, found {cells[0]!r}; expected label, replace by, type"
            raise ThesaurusError(message)
        if name in lines:
            message = f"{path}:{number}: {cells[0]!r} is the name of line {lines[name].number} too; a name may stand once"
            raise ThesaurusError(message)
        lines[name] = Line(cells[0], cells[1], _type(cells[2], f"{path}:{number}"), number)
    return Thesaurus(lines)


def _type(cell: str, place: str) -> EntityType | None:
    if not cell:
        return None
    try:
        return EntityType(cell.casefold())
    except ValueError as error:
        message = f"{place}: {cell!r} is no type; one of {', '.join(EntityType)}"
        raise ThesaurusError(message) from error


def write_thesaurus(nodes: Iterable[Node], stream: TextIO) -> None:
    """Write every alias with the label that it is merged to, as a start for the user's own file."""
    rows = csv.writer(stream, delimiter="\t", lineterminator="\n")
    rows.writerow(HEADER)
    for node in nodes:
        rows.writerow([node.label, node.label, node.type])
        seen = {key(node.label)}
        for alias in node.aliases:
            if key(alias) not in seen:
                seen.add(key(alias))
                rows.writerow([alias, node.label, ""])
