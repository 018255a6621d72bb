"""The user's own file of names to merge, rename, retype, drop or keep apart.

Two columns as VOSviewer has them, ``label`` and ``replace by``, and a third if wanted, ``type``; tabs or commas between:

    label         replace by    type
    CIFAR10       CIFAR-10
    Winograd      WSC           benchmark
    our model
    SGD           =

A name that is replaced by another one is that other one, written as the file writes it; replaced by itself it only gets a
spelling or a type. A line whose label is ``paper: ID`` and whose ``replace by`` is ``NAME = OTHER`` says that in this paper the
name is the other one: so one name gets several senses. An empty ``replace by`` (or ``<ignore>``) drops the name. ``=`` keeps a name apart from all that rules
would merge it with. Names are compared by key, so case, hyphens and plural do not matter.
"""

import csv
import hashlib
import io
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from kg.errors import ThesaurusError
from kg.names.keys import key
from kg.records import EntityType, Node

__all__ = ["Line", "Thesaurus", "digest", "parse_thesaurus", "read_thesaurus", "write_thesaurus"]

HEADER = ("label", "replace by", "type")
APART, IGNORED = "=", "<ignore>"
SWITCH, OFF = "rule:", "off"
PAPER, IS = "paper:", " = "
RULES = (
    "abbreviation",
    "born later",
    "judged name",
    "learning and training",
    "lexicon",
    "network",
    "only number",
    "other type",
    "other writing",
    "own name",
    "plain word",
    "preposition",
    "rarely a name",
    "roman numeral",
    "same entity",
    "short form inside",
    "slip",
    "type word",
    "version of .0",
    "word form",
    "word order",
    "year of two figures",
)
"""Rules that a line can switch off."""


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """What the user says about one name."""

    label: str
    replacement: str
    """'' drops the name, ``=`` keeps it apart."""
    type: EntityType | None
    number: int
    """The line of the file, from 1."""

    @property
    def switch(self) -> str:
        """The name of the rule that the line switches off, '' if it speaks of a name."""
        return self.label.removeprefix(SWITCH).strip() if self.label.startswith(SWITCH) else ""

    @property
    def paper(self) -> str:
        """The id of the paper that the line speaks of, '' if it speaks of all."""
        return self.label.removeprefix(PAPER).strip() if self.label.startswith(PAPER) else ""

    @property
    def sense(self) -> tuple[str, str]:
        """Of a line on one paper the name there, and what it is."""
        name, _, other = self.replacement.partition(IS)
        return name.strip(), other.strip()

    @property
    def drops(self) -> bool:
        """Whether the name is to be no node."""
        return self.replacement in {"", IGNORED} and self.type is None

    @property
    def target(self) -> str:
        """The key of the name that stands for it; its own if it is dropped, kept apart or retyped."""
        return key("" if self.replacement == IGNORED else self.replacement) or key(self.label)


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """All lines of a thesaurus, by the key of their label."""

    lines: dict[str, Line] = field(default_factory=dict)
    switches: dict[str, Line] = field(default_factory=dict)
    """Lines that switch a rule off, by its name."""
    senses: dict[tuple[str, str], Line] = field(default_factory=dict)
    """Lines that say what a name is in one paper, by the paper's id and the name's key."""

    @classmethod
    def of(cls, lines: Iterable[Line]) -> "Thesaurus":
        """Return the thesaurus of lines that were read before."""
        found = list(lines)
        return cls(
            {key(line.label): line for line in found if not line.switch and not line.paper},
            {line.switch: line for line in found if line.switch},
            {(line.paper, key(line.sense[0])): line for line in found if line.paper},
        )

    def with_lines_of(self, other: "Thesaurus") -> "Thesaurus":
        """Return the lines of both; of two about one thing the other's."""
        return Thesaurus(
            self.lines | other.lines, self.switches | other.switches, self.senses | other.senses
        )

    @property
    def written(self) -> list[Line]:
        """Every line, in the order of the file."""
        found = [*self.lines.values(), *self.switches.values(), *self.senses.values()]
        return sorted(found, key=lambda line: line.number)

    @property
    def off(self) -> frozenset[str]:
        """The names of rules that the user switches off."""
        return frozenset(self.switches)

    @property
    def dropped(self) -> frozenset[str]:
        """The keys of names that are to be no node."""
        return frozenset(name for name, line in self.lines.items() if line.drops)

    @property
    def apart(self) -> frozenset[str]:
        """The keys of names that no rule may merge with others."""
        return frozenset(name for name, line in self.lines.items() if line.replacement == APART)

    @property
    def replacements(self) -> dict[str, str]:
        """The key of each label to the name that stands for it in the end, where one line's replacement is another one's label."""
        return {
            name: self._last(line)
            for name, line in sorted(self.lines.items())
            if not line.drops and line.replacement != APART
        }

    @property
    def said(self) -> dict[tuple[str, str], str]:
        """What a name is in one paper, by the paper's id and the name's key."""
        return {place: line.sense[1] for place, line in self.senses.items()}

    def _last(self, line: Line) -> str:
        while line.target in self.lines and self.lines[line.target].target != line.target:
            line = self.lines[line.target]
        own = self.lines.get(line.target)
        if own and not own.drops and own.replacement not in {"", APART}:
            return own.replacement
        return line.replacement or line.label

    @property
    def types(self) -> dict[str, EntityType]:
        """The key of the name that stands for a label to the type that the user gives."""
        final = self.replacements
        typed = sorted(
            (line.number, name, line.type) for name, line in self.lines.items() if line.type
        )
        found = {key(line.sense[1]): line.type for line in self.senses.values() if line.type}
        return found | {
            key(final.get(name, self.lines[name].label)): kind for _, name, kind in typed
        }

    def unused(
        self, keys: Iterable[str], senses: Collection[tuple[str, str]] = ()
    ) -> tuple[Line, ...]:
        """Return the lines whose label is none of the keys, and those on papers that have no such name, in the order of the file."""
        known = frozenset(keys)
        found = [line for name, line in self.lines.items() if name not in known]
        found += [line for place, line in self.senses.items() if place not in senses]
        return tuple(sorted(found, key=lambda line: line.number))


def read_thesaurus(path: Path | str) -> Thesaurus:
    """Read a thesaurus.

    Raises:
        ThesaurusError: if the file cannot be read, or a line is not understood; the message names the line.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        message = f"{path}: cannot be read as UTF-8 text ({error})"
        raise ThesaurusError(message) from error
    return parse_thesaurus(text, str(path))


def parse_thesaurus(text: str, path: str) -> Thesaurus:
    """Return the thesaurus that a text is; messages name the path and the line.

    Raises:
        ThesaurusError: if a line is not understood.
    """
    lines: dict[str, Line] = {}
    others: list[Line] = []
    for line in _lines(text, path):
        if line.switch or line.paper:
            (_check_switch if line.switch else _check_sense)(line, path)
            others.append(line)
            continue
        name = key(line.label)
        before = lines.get(name)
        if before and (before.target, before.drops, before.type) != (
            line.target,
            line.drops,
            line.type,
        ):
            message = f"{path}:{line.number}: {line.label!r} is the name of line {before.number} too, which says something else of it"
            raise ThesaurusError(message)
        lines[name] = line
    _refuse_circles(lines, path)
    return Thesaurus(lines).with_lines_of(Thesaurus.of(others))


def _check_switch(line: Line, path: str) -> None:
    if line.switch not in RULES or line.replacement != OFF:
        message = f"{path}:{line.number}: {line.label!r} {line.replacement!r}; expected {SWITCH} and one of {', '.join(RULES)}, then {OFF}"
        raise ThesaurusError(message)


def _check_sense(line: Line, path: str) -> None:
    if not all(map(key, line.sense)):
        message = f"{path}:{line.number}: {line.label!r} {line.replacement!r}; expected {PAPER} and the paper's id, then a name, {IS.strip()!r} between blanks and what it is there"
        raise ThesaurusError(message)


def digest(lines: Iterable[Line]) -> str:
    """Return 16 hexadecimal digits that tell what a thesaurus says; '' if it says nothing."""
    said = [(line.label, line.replacement, line.type and line.type.value) for line in lines]
    text = repr(sorted(said, key=repr)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=8).hexdigest() if said else ""


def _lines(text: str, path: str) -> Iterator[Line]:
    """Yield the lines that say something; line numbers count the file's lines, from 1."""
    head = text.split("\n", 1)[0]
    rows = csv.reader(
        io.StringIO(text, newline=""),
        delimiter="\t" if "\t" in head or "," not in head else ",",
        strict=True,
    )
    columns: tuple[str, ...] = HEADER
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if rows.line_num == 1 and cells and cells[0].casefold() in HEADER:
                columns = _columns(cells, path)
            elif any(cells):
                yield _line(
                    dict(zip(columns, cells, strict=False)),
                    rows.line_num,
                    f"{path}:{rows.line_num}",
                    len(cells) - len(columns),
                )
    except csv.Error as error:
        message = f"{path}:{rows.line_num}: {error}; expected {', '.join(HEADER)}"
        raise ThesaurusError(message) from error


def _columns(cells: Iterable[str], path: str) -> tuple[str, ...]:
    columns = tuple(cell.casefold() for cell in cells)
    if (
        not set(columns) <= set(HEADER)
        or len(set(columns)) < len(columns)
        or not {"label", "replace by"} <= set(columns)
    ):
        message = f"{path}:1: columns {', '.join(columns)}; expected {', '.join(HEADER)}, the last one if wanted"
        raise ThesaurusError(message)
    return columns


def _line(cells: dict[str, str], number: int, place: str, surplus: int) -> Line:
    label, replacement = cells.get("label", ""), cells.get("replace by", "")
    if surplus > 0:
        message = f"{place}: {surplus} columns too many; expected {', '.join(HEADER)}, a name with a comma in quotes"
        raise ThesaurusError(message)
    if not key(label):
        message = (
            f"{place}: no name in the first column, found {label!r}; expected {', '.join(HEADER)}"
        )
        raise ThesaurusError(message)
    if replacement not in {"", APART, IGNORED} and not key(replacement):
        message = f"{place}: {replacement!r} is no name; expected a name, {APART} or nothing"
        raise ThesaurusError(message)
    return Line(label, replacement, _type(cells.get("type", ""), place), number)


def _type(cell: str, place: str) -> EntityType | None:
    if not cell:
        return None
    try:
        return EntityType(cell.casefold())
    except ValueError as error:
        message = f"{place}: {cell!r} is no type; one of {', '.join(EntityType)}"
        raise ThesaurusError(message) from error


def _refuse_circles(lines: dict[str, Line], path: str) -> None:
    for line in lines.values():
        seen = {key(line.label)}
        following = line
        while following.target in lines and lines[following.target].target != following.target:
            following = lines[following.target]
            if key(following.label) in seen:
                message = f"{path}:{line.number}: {line.label!r} is replaced in a circle, by line {following.number} again"
                raise ThesaurusError(message)
            seen.add(key(following.label))


def write_thesaurus(nodes: Iterable[Node], target: Path | str | TextIO) -> None:
    """Write every name with the label that it is merged to, as a start for the user's own file.

    Read back unchanged it changes nothing. A name of several nodes is left out, because it means what its paper says.

    Args:
        nodes: in the order wanted.
        target: a path, or an open text stream.
    """
    found = list(nodes)
    counts: dict[str, int] = {}
    for node in found:
        for name in {key(surface) for surface in (node.label, *node.aliases)}:
            counts[name] = counts.get(name, 0) + 1
    written = io.StringIO()
    rows = csv.writer(written, delimiter="\t", lineterminator="\n")
    rows.writerow(HEADER)
    for node in found:
        rows.writerows(_rows(node, counts))
    if isinstance(target, str | Path):
        Path(target).write_text(written.getvalue(), encoding="utf-8")
    else:
        target.write(written.getvalue())


def _rows(node: Node, counts: dict[str, int]) -> Iterator[tuple[str, str, str]]:
    seen: set[str] = set()
    for surface in (node.label, *node.aliases):
        name = key(surface)
        if name and name not in seen and counts[name] == 1:
            seen.add(name)
            yield surface, node.label, node.type.value if surface == node.label else ""
