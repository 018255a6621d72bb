"""The lexicon: datasets, benchmarks, methods, tasks and metrics, with their other names and years.

Each ``*.tsv`` beside this file is a group. Its first line, after ``#``, says where the names come
from; its second line names the columns. A surface belongs to one entry, whatever its case, hyphens,
spaces and plural. Only surfaces marked ambiguous, because they also mean something else ("SGD",
"Adam", "SUN"), may belong to several entries; they count only where the context supports them. See
``docs/lexicon.md``.
"""

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from kg.names.keys import key
from kg.records import EntityType, Judgement, Term

__all__ = [
    "COLUMNS",
    "Lexicon",
    "facts",
    "groups",
    "judged_names",
    "lexicon",
    "load",
    "other_things",
    "read_group",
]

COLUMNS = ("label", "type", "aliases", "ambiguous", "year")
BETWEEN = " | "
FIRST_YEAR, LAST_YEAR = 1900, 2026
JUDGED = Path(__file__).parent / "judged_names.tsv"
OTHER = Path(__file__).parent / "other_things.tsv"
SYNONYMS = Path(__file__).parent / "synonyms.tsv"
KINDS = Path(__file__).parent / "kinds_of.tsv"
JUDGED_COLUMNS = ("name", "verdict", "right name")
VERDICTS: Mapping[str, EntityType | None] = {
    **dict(zip("MDBTX", EntityType, strict=True)),
    "-": None,
}


class Lexicon:
    """Terms, looked up by their surfaces, which are compared by ``kg.names.keys.key``."""

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
        """The term of each unambiguous surface, by key."""
        self._by_ambiguous = {name: tuple(found) for name, found in unsure.items()}

    def find(self, surface: str) -> tuple[Term, ...]:
        """Return the terms that a surface can refer to, sorted; none if it is unknown."""
        name = key(surface)
        return (
            (self.by_surface[name],)
            if name in self.by_surface
            else self._by_ambiguous.get(name, ())
        )

    def is_ambiguous(self, surface: str) -> bool:
        """Return whether a surface is known but needs supporting evidence."""
        return key(surface) in self._by_ambiguous


@functools.cache
def load() -> tuple[Term, ...]:
    """Return all entries, sorted."""
    kinds = _kinds()
    terms = (term for path in groups() for term in read_group(path))
    return tuple(sorted(replace(term, kind_of=_kinds_of(term, kinds)) for term in terms))


@functools.cache
def facts() -> tuple[Term, ...]:
    """Return all entries, sorted, with those that synonyms join merged into one.

    The pipeline uses ``load`` instead, so that what it finds does not change with every new
    synonym.

    Raises:
        ValueError: if a synonym is a name of an entry of another type; the message gives the name.
    """
    own = {
        key(surface): term
        for term in load()
        for surface in (term.label, *term.aliases)
        if surface not in term.ambiguous
    }
    united: dict[Term, None] = {}
    found: list[Term] = []
    for one in read_group(SYNONYMS):
        names = (one.label, *one.aliases)
        terms = sorted({own[key(name)] for name in names if key(name) in own})
        for term in terms:
            if term.type is not one.type:
                message = f"{one.label!r} is a {one.type}, {term.label!r} a {term.type}"
                raise ValueError(message)
        united |= dict.fromkeys(terms)
        named = own.get(key(one.label))
        found.append(_united(one, terms, named.label if named else one.label))
    return tuple(sorted([term for term in load() if term not in united] + found))


def _united(one: Term, terms: Iterable[Term], label: str) -> Term:
    """Return synonyms and the entries that they name as one entry with this label.

    The synonyms become unambiguous.
    """
    known = list(terms)
    sure = {key(surface) for surface in (one.label, *one.aliases)}
    aliases = {surface for term in known for surface in (term.label, *term.aliases)}
    return replace(
        one,
        label=label,
        aliases=tuple(sorted((aliases | {one.label, *one.aliases}) - {label})),
        ambiguous=tuple(
            sorted({name for term in known for name in term.ambiguous if key(name) not in sure})
        ),
        year=one.year or min((term.year for term in known if term.year), default=None),
        kind_of=tuple(sorted({kind for term in known for kind in term.kind_of})),
    )


def _kinds() -> Mapping[str, set[str]]:
    """Return the broader kinds of each name, by key."""
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
    """Return the files of entries, sorted, without those of verdicts, kinds and synonyms."""
    others = {JUDGED, KINDS, OTHER, SYNONYMS}
    return sorted(path for path in Path(__file__).parent.glob("*.tsv") if path not in others)


@functools.cache
def judged_names(path: Path = JUDGED) -> tuple[Judgement, ...]:
    """Return the verdicts on names that were judged one by one, in the order of the file.

    Raises:
        ValueError: if a line cannot be parsed; the message names it.
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
def other_things() -> tuple[Judgement, ...]:
    """Return names of things whose class is not a method, dataset or benchmark.

    The classes are structures, objects, quantities, problems and fields.
    """
    _, _, *lines = OTHER.read_text(encoding="utf-8").splitlines()
    classes = (line.split("\t") for line in lines)
    return tuple(
        Judgement(name, VERDICTS[code])
        for _, code, names in classes
        for name in names.split(BETWEEN)
    )


@functools.cache
def lexicon() -> Lexicon:
    """Return the lexicon for looking up surfaces; this takes a second, ``load`` much less."""
    return Lexicon(load())


def read_group(path: Path) -> list[Term]:
    """Read one group.

    Raises:
        ValueError: if a line cannot be parsed; the message names it.
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
