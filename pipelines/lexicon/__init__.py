"""Facts about the field: its datasets, benchmarks, methods, tasks and metrics, their other names and years.

Each ``*.tsv`` beside this file is one group; its first line, after ``#``, says where the names come from, its second
names the columns. A surface belongs to one entry, whatever its case, hyphens, spaces and plural. Only those marked
ambiguous, because they mean something else too ("SGD", "Adam", "SUN"), may stand with several entries: they count
where the text around them gives evidence. See ``docs/lexicon.md``.
"""

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from kg.names.keys import key
from kg.records import EntityType, Judgement, Term

__all__ = ["COLUMNS", "Lexicon", "groups", "judged_names", "lexicon", "load", "read_group"]

COLUMNS = ("label", "type", "aliases", "ambiguous", "year")
BETWEEN = " | "
FIRST_YEAR, LAST_YEAR = 1900, 2026
JUDGED = Path(__file__).parent / "judged_names.tsv"
KINDS = Path(__file__).parent / "kinds_of.tsv"
JUDGED_COLUMNS = ("name", "verdict", "right name")
VERDICTS: Mapping[str, EntityType | None] = {
    **dict(zip("MDBTX", EntityType, strict=True)),
    "-": None,
}


class Lexicon:
    """Terms by their surfaces, compared by ``kg.names.keys.key``."""

    def __init__(self, terms: Iterable[Term]) -> None:
        """Take the terms.

        Raises:
            ValueError: if a surface that is not marked ambiguous belongs to two of them.
        """
        self.terms = tuple(sorted(terms))
        sure: dict[str, Term] = {}
        unsure: dict[str, list[Term]] = defaultdict(list)
        for term in self.terms:
            for name in sorted({key(surface) for surface in term.ambiguous}):
                unsure[name].append(term)
            for surface in (term.label, *term.aliases):
                if (
                    surface not in term.ambiguous
                    and sure.setdefault(key(surface), term) is not term
                ):
                    message = f"{surface!r} is a name of both {sure[key(surface)].label!r} and {term.label!r}"
                    raise ValueError(message)
        clash = min(sure.keys() & unsure.keys(), default=None)
        if clash is not None:
            message = f"{clash!r} is ambiguous for {unsure[clash][0].label!r} but not for {sure[clash].label!r}"
            raise ValueError(message)
        self.by_surface: Mapping[str, Term] = MappingProxyType(sure)
        """From the key of each surface that means one thing to its term."""
        self._by_ambiguous = {name: tuple(found) for name, found in unsure.items()}

    def find(self, surface: str) -> tuple[Term, ...]:
        """Return every term that a surface can mean, sorted; none if it is unknown."""
        name = key(surface)
        return (
            (self.by_surface[name],)
            if name in self.by_surface
            else self._by_ambiguous.get(name, ())
        )

    def is_ambiguous(self, surface: str) -> bool:
        """Say whether a surface is known, but needs evidence before it counts."""
        return key(surface) in self._by_ambiguous


@functools.cache
def load() -> tuple[Term, ...]:
    """Return all entries, sorted."""
    kinds = _kinds()
    terms = (term for path in groups() for term in read_group(path))
    return tuple(sorted(replace(term, kind_of=_kinds_of(term, kinds)) for term in terms))


def _kinds() -> Mapping[str, set[str]]:
    """Return by the key of each name the kinds that it is of."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for line in KINDS.read_text(encoding="utf-8").splitlines()[2:]:
        kind, names = line.split("\t")
        for name in names.split(BETWEEN):
            kinds[key(name)].add(kind)
    return kinds


def _kinds_of(term: Term, kinds: Mapping[str, set[str]]) -> tuple[str, ...]:
    if term.type is not EntityType.METHOD:
        return ()
    names = {key(surface) for surface in (term.label, *term.aliases, *term.ambiguous)}
    found = {kind for name in names for kind in kinds.get(name, ()) if key(kind) not in names}
    return tuple(sorted(found))


def groups() -> list[Path]:
    """Return the files of entries, sorted; judged names and kinds are no entries."""
    return sorted(
        path for path in Path(__file__).parent.glob("*.tsv") if path not in {JUDGED, KINDS}
    )


@functools.cache
def judged_names(path: Path = JUDGED) -> tuple[Judgement, ...]:
    """Return what the names are that were judged one by one, in the order of the file.

    Raises:
        ValueError: if a line is no judgement; it names the line.
    """
    head, columns, *lines = path.read_text(encoding="utf-8").splitlines()
    if not head.startswith("# ") or tuple(columns.split("\t")) != JUDGED_COLUMNS:
        message = f"{path.name}:1: expected '# ' with the source, then a line with the columns {', '.join(JUDGED_COLUMNS)}"
        raise ValueError(message)
    found = []
    for number, line in enumerate(lines, 3):
        name, verdict, right = line.split("\t")
        code = verdict.removeprefix("?")
        if code not in VERDICTS:
            message = f"{path.name}:{number}: verdict {verdict!r}, expected one of {', '.join(VERDICTS)}, perhaps behind a question mark"
            raise ValueError(message)
        found.append(Judgement(name, VERDICTS[code], right, sure=code == verdict))
    return tuple(found)


@functools.cache
def lexicon() -> Lexicon:
    """Return the lexicon of this package, ready to look surfaces up; this takes a second, ``load`` much less."""
    return Lexicon(load())


def read_group(path: Path) -> list[Term]:
    """Read one group.

    Raises:
        ValueError: if a line is not an entry; it names the line.
    """
    lines = path.read_text(encoding="utf-8").split("\n")
    if not lines[0].startswith("# ") or tuple(lines[1].split("\t")) != COLUMNS:
        message = f"{path.name}:1: expected '# ' with the source, then a line with the columns {', '.join(COLUMNS)}"
        raise ValueError(message)
    terms = []
    for number, line in enumerate(lines[2:], 3):
        try:
            terms += [_read_term(line)] if line else []
        except ValueError as error:
            message = f"{path.name}:{number}: {error}"
            raise ValueError(message) from error
    return terms


def _read_term(line: str) -> Term:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS):
        message = f"{len(cells)} columns, expected {', '.join(COLUMNS)}"
        raise ValueError(message)
    label, kind, aliases, ambiguous, year = cells
    if year and not FIRST_YEAR <= int(year) <= LAST_YEAR:
        message = f"year {year}, expected {FIRST_YEAR} to {LAST_YEAR}"
        raise ValueError(message)
    term = Term(
        label, EntityType(kind), _names(aliases), int(year) if year else None, _names(ambiguous)
    )
    for surface in (label, *term.aliases, *term.ambiguous):
        if surface != surface.strip() or not any(map(str.isalnum, surface)):
            message = f"{surface!r} is no surface: it has no letter or digit, or a space at an end"
            raise ValueError(message)
    return term


def _names(cell: str) -> tuple[str, ...]:
    return tuple(sorted(cell.split(BETWEEN))) if cell else ()
