"""What resolution remembers of a corpus after one pass over its papers: not the papers, but how names are used.

Equal uses are counted together: the names that an entity has in its paper, each taken in the sense that the paper itself
gives it. So memory grows with the number of different names, not with the number of papers.
"""

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.names.abbreviations import spells
from kg.names.keys import key, numerals
from kg.records import Entity, EntityType, Extraction, Role
from kg.resolution.senses import NO_NAME, Definition, Use, casing, kind_of
from kg.resolution.venues import field_of

__all__ = [
    "ORDER",
    "THOUSAND",
    "DefinitionSurfaces",
    "Group",
    "Seen",
    "Usage",
    "UseKey",
    "Votes",
    "add_votes",
    "definitions_in",
    "most_voted",
    "names_of",
    "numbers_allow",
    "share_of",
    "use_key_of",
    "votes_for",
]


THOUSAND = 1000
ORDER = {kind: number for number, kind in enumerate(EntityType)}
Votes = tuple[int, ...]
"""Papers by type, in the order of ``EntityType``."""
Seen = tuple[int, int, str]
"""How one surface is used: in how many papers, in how many of them most, and the smallest id of them."""


@dataclass(slots=True)
class Group:
    """Entities of different papers that are named in the same senses."""

    papers: int = 0
    first: str = ""
    votes: Votes = (0,) * len(EntityType)
    surfaces: dict[str, Seen] = field(default_factory=dict)
    certainty: int = 0
    """The sum over the papers, in thousandths: whole numbers have the same sum in any order."""
    surest: int = 0
    """The greatest of them, in thousandths."""
    roles: dict[Role, int] = field(default_factory=dict)
    """Papers by what they do with it."""

    def see(self, paper: str, entity: Entity, names: Iterable[str]) -> None:
        """Count a paper that has the entity under these names, the most used first."""
        self.papers += 1
        self.first = min(self.first or paper, paper)
        self.votes = add_votes(self.votes, votes_for(entity.type, 1))
        certainty = round(THOUSAND * entity.certainty)
        self.certainty += certainty
        self.surest = max(self.surest, certainty)
        if entity.role is not None:
            self.roles[entity.role] = self.roles.get(entity.role, 0) + 1
        for number, name in enumerate(names):
            papers, most, first = self.surfaces.get(name, (0, 0, paper))
            self.surfaces[name] = (papers + 1, most + (not number), min(first, paper))


@functools.lru_cache(maxsize=1 << 12)
def add_votes(one: Votes, other: Votes) -> Votes:
    """Return the sums of two votes; most names are rare, so they share these tuples."""
    return tuple(map(sum, zip(one, other, strict=True)))


@functools.cache
def votes_for(kinds: EntityType | frozenset[EntityType], papers: int) -> Votes:
    """Return so many papers' vote for a type, or for each of several."""
    wanted = {kinds} if isinstance(kinds, EntityType) else kinds
    return tuple(papers if kind in wanted else 0 for kind in EntityType)


@functools.lru_cache(maxsize=1 << 12)
def most_voted(votes: Votes) -> EntityType:
    """Return the type with most votes."""
    return max(EntityType, key=lambda kind: votes[ORDER[kind]])


@functools.lru_cache(maxsize=1 << 12)
def share_of(votes: Votes, wanted: Votes) -> float:
    """Return which share of votes is for wanted types (1 for each of them)."""
    return sum(papers for papers, one in zip(votes, wanted, strict=True) if one) / sum(votes)


class UseKey(NamedTuple):
    """What equal uses of a name have in common."""

    names: tuple[str, ...]
    """The senses (keys) of an entity's names."""
    use: Use | None
    """The use, where there is one and the paper does not define it."""
    year: int = 0
    """The paper's, where such a use may be one of several things of one name; else 0."""
    new: str = ""
    """The paper's id, if it introduces what it names so."""
    field: str = ""
    """The field of the paper's venue, as ``year``."""


DefinitionSurfaces = tuple[str, str, str]
"""The key of a long form, and the surfaces of the short form and the long form."""


class Usage:
    """Counts over a corpus, independent of the order of papers."""

    def __init__(self, said: Mapping[tuple[str, str], str] | None = None) -> None:
        """Begin with no paper.

        Args:
            said: what a name (by its key) is in a paper (by its id), as the user says.
        """
        self._said = dict(said or {})
        self.said: set[tuple[str, str]] = set()
        """Those of them that papers have."""
        self.papers = 0
        self.groups: dict[UseKey, Group] = defaultdict(Group)
        self.definitions: dict[str, dict[str, Definition]] = defaultdict(
            functools.partial(defaultdict, Definition)
        )
        """By short form, then by long form."""
        self.uses: dict[str, int] = defaultdict(int)
        """Papers by sense."""
        self.titles: dict[str, str] = {}
        """The titles of papers that name something which may have namesakes, by id."""
        self.entities: dict[tuple[UseKey, EntityType], int] = {}
        """A number for each use and type; which node it is, the resolution tells."""

    @classmethod
    def of(cls, extractions: Iterable[tuple[str, Extraction]]) -> "Usage":
        """Return what there is in papers, given as (paper id, what the pipeline found), each paper once, in any order."""
        usage = cls()
        for paper, extraction in extractions:
            usage.see(paper, extraction)
        return usage

    def see(
        self,
        paper: str,
        extraction: Extraction,
        year: int | None = None,
        title: str = "",
        venue: str | None = None,
    ) -> list[int]:
        """Count a paper, and return the number of each of its entities.

        Args:
            paper: its id.
            extraction: what the pipeline found in it.
            year: when it appeared, ...
            title: ... its title, and ...
            venue: ... where it appeared: they tell things apart that have one name.
        """
        numbers = []
        self.papers += 1
        defined = definitions_in(extraction)
        for short, (long, short_surface, long_surface) in defined.items():
            self.definitions[short][long].see(paper, short_surface, long_surface)
        for entity in extraction.entities:
            names = names_of(entity)
            said = self._what_is_said(paper, names)
            if said:
                names = dict.fromkeys((said, *names), key(said))
                use_key = UseKey((key(said),), None)
            else:
                use_key = use_key_of(entity, names, defined)
            if use_key.use is not None and _may_have_namesakes(use_key.use, names):
                new = paper if entity.role is Role.NEW else ""
                use_key = use_key._replace(year=year or 0, new=new, field=field_of(venue))
                self.titles[paper] = title
            if names:
                self._count(paper, entity, use_key, names, defined)
            numbers.append(self.entities.setdefault((use_key, entity.type), len(self.entities)))
        return numbers

    def _what_is_said(self, paper: str, names: Mapping[str, str]) -> str:
        """Return what the user says that an entity with these names is in a paper, '' for nothing."""
        for name in names.values() if self._said else ():
            if (paper, name) in self._said:
                self.said.add((paper, name))
                return self._said[paper, name]
        return ""

    def _count(
        self,
        paper: str,
        entity: Entity,
        use_key: UseKey,
        names: dict[str, str],
        defined: Mapping[str, DefinitionSurfaces],
    ) -> None:
        for name in use_key.names:
            self.uses[name] += 1
        if defined:
            keys = frozenset(names.values())
            for short, (long, short_surface, long_surface) in defined.items():
                if short in keys or long in keys:
                    names = names | {short_surface: short, long_surface: long}
                    self.definitions[short][long].kinds.add(kind_of(entity.type))
        self.groups[use_key].see(paper, entity, names)


def _may_have_namesakes(use: Use, names: Iterable[str]) -> bool:
    """Say whether a use is that of a name, or of a single word."""
    return use.casing not in NO_NAME or all(map(str.isalpha, names))


def names_of(entity: Entity) -> dict[str, str]:
    """Return the surfaces of an entity that are names with their keys, the best surface first."""
    surfaces = dict.fromkeys(entity.names)
    surfaces |= dict.fromkeys(mention.surface for mention in entity.mentions)
    return {surface: name for surface in surfaces if (name := key(surface))}


def definitions_in(extraction: Extraction) -> dict[str, DefinitionSurfaces]:
    """Return for each short form that a paper defines the key of the long form and both surfaces; the first definition counts."""
    found: dict[str, DefinitionSurfaces] = {}
    for definition in extraction.abbreviations:
        short, long = key(definition.short), key(definition.long)
        if (
            short
            and long
            and short != long
            and short not in found
            and numbers_allow(definition.short, definition.long)
        ):
            found[short] = (long, definition.short, definition.long)
    return {short: one for short, one in found.items() if one[0] not in found}


def numbers_allow(short: str, long: str) -> bool:
    """Say whether the numbers of two surfaces let one be short for the other.

    They must be the same, but a digit of the short form may stand for words or repeats of the long form (T2I, A2C).
    """
    mine, theirs = numerals(key(short)), numerals(key(long))
    return mine == theirs or (not theirs and spells(short, long))


def use_key_of(
    entity: Entity, names: Mapping[str, str], defined: Mapping[str, DefinitionSurfaces]
) -> UseKey:
    """Return the senses of an entity's names, the best name's first, and its use if the paper defines none of them.

    Args:
        entity: an entity of a paper.
        names: its surfaces with their keys.
        defined: what the paper defines.
    """
    senses = tuple(
        dict.fromkeys(defined[name][0] if name in defined else name for name in names.values())
    )
    if len(senses) != 1 or not defined.keys().isdisjoint(names.values()):
        return UseKey(senses, None)
    form = max(map(casing, names), key=len)
    return UseKey(
        senses,
        _use(form, kind_of(entity.type), bool(entity.mentions) and not entity.mentions[0].start),
    )


@functools.lru_cache(maxsize=1 << 12)
def _use(form: str, kind: str, own: bool) -> Use:  # noqa: FBT001 - all of one use
    """Return a use; most are alike and share one record."""
    return Use(form, kind, own)
