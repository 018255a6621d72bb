"""Two things of one name: which of them a use without a definition means.

*Born later*: a paper that uses what the lexicon knows before that was published means another
thing. *Own name*: a paper that introduces something under a name means its own by it, and so do
papers close to it, by their titles or else by year, kind and field. *Other writing*: where a name
stands for data in one way of writing and for a method in another, these are two things. What is
written in small letters is a word if nearly all papers that have the word take it for one.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.names.abbreviations import FUNCTION_WORDS
from kg.names.generic import NAME
from kg.names.keys import key
from kg.resolution.senses import NO_NAME, WORD
from kg.resolution.standing import Standing
from kg.resolution.usage import Usage, UseKey
from kg.resolution.venues import are_far

__all__ = [
    "BORN",
    "OWN",
    "SMALL",
    "WORDS",
    "WRITING",
    "Homonyms",
    "Meant",
    "name_of",
    "told_by_texts",
]

BORN, OWN, WRITING, WORDS = "born later", "own name", "other writing", "plain word"
APART, BEFORE, SMALL, OTHER = "@", "before", "small", "other"
ALIKE = 2
"""Words of two titles that make them titles of one work ..."""
RARE = 0.005
"""... or one that stands in a smaller share of the titles."""
STEM = 5
"""Letters by which words of titles are compared."""
AHEAD = 1
"""Years by which a use may come before the paper that introduces the thing."""
ESTABLISHED, POPULAR = 3, 10
"""What so many earlier papers call so keeps its name when a later paper introduces another; of what so many near it use, the reader
is rarely right that a later paper introduces it."""
BEFORE_IT = 2
"""Earlier papers that show this."""
SILENCE = 8
"""Years without a paper that uses a name, after which it is the name of something else."""
AS_NAME = 2
"""Papers that must write a name with capitals before small letters mean another thing."""
WORD_SHARE = 0.5
"""If in fewer of the papers that have it in small letters it is a name, it is a word."""
PURE = 0.8
"""In what share of its papers a way of writing must stand for one kind of thing."""
SHORT = 5
"""Letters of a name of which each way of writing may be another name."""
RESOURCE = "resource"


class Meant(NamedTuple):
    """What a use of a name means that stands for several things."""

    suffix: str
    """What tells its root from the others'; '' for what the name means as a rule."""
    rule: str
    sense: str = ""
    """What tells it from others of the name; '' if that is not known."""
    paper: str = ""
    """A paper that shows it."""
    detail: str = ""


@dataclass(slots=True)
class _Work:
    """The papers that introduce one thing, the earliest first, and uses by others that mean it."""

    births: list[UseKey]
    established: int = 0
    """Papers that used the name before for another thing."""
    taken: list[UseKey] = field(default_factory=list)

    def is_forgotten(self, year: int) -> bool:
        """Say whether nobody used it for long before a year."""
        years = [use_key.year for use_key in (*self.births, *self.taken) if use_key.year <= year]
        return bool(
            year and max(years, default=year) and year - max(years, default=year) >= SILENCE
        )

    @property
    def meant(self) -> Meant:
        """What its uses mean."""
        first = self.births[0]
        years = [use_key.year for use_key in (*self.births, *self.taken) if use_key.year]
        sense = ", ".join(filter(None, (first.field, str(min(years, default="")))))
        return Meant(first.new, OWN, sense, first.new, f"introduced by {first.new}")


def name_of(root: str) -> str:
    """Return the name of a root that tells one of several things of that name."""
    return root.partition(APART)[0]


def told_by_texts(root: str) -> str:
    """Return the root that texts can tell from others: with the things that papers introduce under its name, which look alike."""
    name, _, suffix = root.partition(APART)
    return root if suffix in {BEFORE, SMALL} else name


class Homonyms:
    """The names that mean several things."""

    def __init__(
        self,
        usage: Usage,
        born_of: Callable[[str], int],
        standing: Mapping[str, Standing],
        off: frozenset[str],
    ) -> None:
        """Find them.

        Args:
            usage: how papers use names.
            born_of: tells when what the lexicon knows by a name or a root was first published, 0 if it does not say.
            standing: how names stand in the texts.
            off: rules that the user switches off.
        """
        self._born_of = _never if BORN in off else born_of
        self._words = frozenset() if WORDS in off else frozenset(_words(usage, standing))
        self._meant = dict(_Namesakes(usage, born_of, off).meant())
        self._found: dict[str, Meant] = {}

    def split(self, root: str, name: str, use_key: UseKey, *, defined: bool) -> str:
        """Return the root of a use of a name: itself, or one of its own.

        Args:
            root: what the name means as a rule.
            name: the name.
            use_key: the use.
            defined: whether it is by other papers' definitions that the name means that.
        """
        meant = self._meaning(root, name, use_key, defined=defined)
        if meant is None:
            return root
        apart = f"{root}{APART}{meant.suffix}" if meant.suffix else root
        self._found[apart] = min(self._found.get(apart, meant), meant)
        return apart

    def _meaning(self, root: str, name: str, use_key: UseKey, *, defined: bool) -> Meant | None:
        if use_key.use is None:
            return None
        if not defined and use_key.use.casing == WORD and name in self._words:
            return Meant(SMALL, WORDS, detail="in small letters, a word in most texts")
        born = self._born_of(root)
        if 0 < use_key.year < born:
            return Meant(BEFORE, BORN, f"before {born}", detail=f"the lexicon's is of {born}")
        return None if defined else self._meant.get(use_key)

    def meant(self, root: str) -> Meant | None:
        """Return what tells a thing from others of its name, None if there are no others."""
        return self._found.get(root)

    def sense_of(self, root: str) -> str:
        """Return what is shown beside the label of a thing, '' for nothing."""
        meant = self._found.get(root)
        return meant.sense if meant else ""


def _never(_: str) -> int:
    return 0


class _Namesakes:
    """Finds names that papers give to different things."""

    def __init__(self, usage: Usage, born_of: Callable[[str], int], off: frozenset[str]) -> None:
        self._usage = usage
        self._born_of = born_of
        self._off = off
        self._rare = _Rare(usage.titles.values())
        self._stems: dict[tuple[str, str], frozenset[str]] = {}

    def meant(self) -> Iterator[tuple[UseKey, Meant]]:
        """Yield what the uses of such names mean."""
        uses: dict[str, list[UseKey]] = defaultdict(list)
        for use_key in self._usage.groups:
            if use_key.use is not None:
                uses[use_key.names[0]].append(use_key)
        for name, found in uses.items():
            if len(found) > 1:
                yield from self._apart(name, found)

    def _apart(self, name: str, uses: Sequence[UseKey]) -> Iterator[tuple[UseKey, Meant]]:
        works = [] if OWN in self._off else self._works(name, uses)
        if works:
            yield from self._by_works(name, works, uses)
        elif WRITING not in self._off:
            yield from self._by_writing(uses)

    def _works(self, name: str, uses: Sequence[UseKey]) -> list[_Work]:
        """Return the works that introduce something under a name; none if no paper surely does."""
        births = sorted(
            (one for one in uses if one.new and one.use and one.use.casing != WORD),
            key=lambda one: (one.year, one.new),
        )
        if not any(self._is_own_name(one) for one in births):
            return []
        works: list[_Work] = []
        born = self._born_of(name)
        for birth in births:
            same = next((one for one in works if self._are_alike(name, birth, one.births)), None)
            if same is not None:
                same.births.append(birth)
                continue
            before = [one for one in uses if not one.new and 0 < one.year < birth.year]
            long_before = [one for one in before if one.year < birth.year - AHEAD]
            if (
                not self._are_alike(name, birth, long_before)
                and self._is_birth(birth, uses)
                and not (born and self._is_known(birth, born, uses))
            ):
                established = ESTABLISHED if born else self._papers(before)
                works.append(_Work([birth], established))
        return works

    def _is_own_name(self, birth: UseKey) -> bool:
        """Say whether a paper gives a name to its own work: no phrase, and with capitals inside, or the first word of all."""
        surfaces = self._usage.groups[birth].surfaces
        return birth.use is not None and any(
            " " not in surface and (birth.use.own or NAME.search(surface)) for surface in surfaces
        )

    def _is_birth(self, birth: UseKey, uses: Iterable[UseKey]) -> bool:
        """Say whether a paper introduces what it names, which the reader says: not what many near it use, before it too."""
        use = birth.use
        if use is None or use.own:
            return True
        near = [
            one
            for one in uses
            if not one.new
            and not are_far(one.field, birth.field)
            and one.use
            and one.use.kind == use.kind
        ]
        before = self._papers(one for one in near if 0 < one.year < birth.year)
        if use.kind == RESOURCE:
            return not before
        return before < BEFORE_IT or self._papers(near) < POPULAR

    def _is_known(self, birth: UseKey, born: int, uses: Iterable[UseKey]) -> bool:
        """Say whether a paper introduces what the lexicon knows, or if so may only be what the reader says."""
        if birth.year > born + AHEAD:
            return not (birth.use and birth.use.own)
        return not all(are_far(one.field, birth.field) for one in uses if one is not birth)

    def _papers(self, uses: Iterable[UseKey]) -> int:
        return sum(self._usage.groups[one].papers for one in uses)

    def _by_works(
        self, name: str, works: Sequence[_Work], uses: Sequence[UseKey]
    ) -> Iterator[tuple[UseKey, Meant]]:
        """Yield what uses mean; the thing of most papers is what the name means as a rule."""
        own = {birth for work in works for birth in work.births}
        others: list[UseKey] = []
        for use_key in sorted(uses, key=lambda one: one[2:]):
            if use_key not in own:
                work = self._work_of(name, works, use_key)
                (work.taken if work else others).append(use_key)
        others = [one for one in others if not self._follows(works, one)]
        things = [((*work.births, *work.taken), work.meant) for work in works]
        if others:
            fields = {one.field for one in others}
            sense = next(iter(fields)) if len(fields) == 1 else ""
            things.append((tuple(others), Meant(OTHER, OWN, sense, detail="not introduced")))
        most = max(things, key=lambda thing: (self._papers(thing[0]), thing[1].suffix == OTHER))
        if len(things) == 1:
            return
        for found, meant in things:
            shown = meant._replace(suffix="") if found is most[0] else meant
            yield from ((use_key, shown) for use_key in found)

    def _work_of(self, name: str, works: Iterable[_Work], use_key: UseKey) -> _Work | None:
        """Return the work that a use means, the closest and then the latest; None if it means none."""
        ranked = []
        for work in works:
            first = work.births[0]
            if use_key.year and first.year and use_key.year < first.year - AHEAD:
                continue
            alike = self._are_alike(name, use_key, work.births)
            if alike or (
                work.established < ESTABLISHED
                and not work.is_forgotten(use_key.year)
                and not are_far(use_key.field, first.field)
                and _may_mean(use_key, first)
            ):
                ranked.append((alike, use_key.field == first.field, first.year, first.new, work))
        return max(ranked, key=lambda one: one[:-1])[-1] if ranked else None

    def _follows(self, works: Iterable[_Work], use_key: UseKey) -> bool:
        """Let the work that others took up mean a use of a far field too; say whether there is one."""
        for work in works:
            if (
                work.established < ESTABLISHED <= self._papers(work.taken)
                and not 0 < use_key.year < work.births[0].year - AHEAD
                and _may_mean(use_key, work.births[0], followed=True)
            ):
                work.taken.append(use_key)
                return True
        return False

    def _are_alike(self, name: str, one: UseKey, others: Iterable[UseKey]) -> bool:
        """Say whether the title of a paper has words in common with one of others."""
        stems = self._title(name, one)
        for other in others:
            common = stems & self._title(name, other)
            if len(common) >= ALIKE or any(map(self._rare.__contains__, common)):
                return True
        return False

    def _title(self, name: str, use_key: UseKey) -> frozenset[str]:
        place = name, self._usage.groups[use_key].first
        if place not in self._stems:
            self._stems[place] = _stems(self._usage.titles.get(place[1], ""), name)
        return self._stems[place]

    def _by_writing(self, uses: Sequence[UseKey]) -> Iterator[tuple[UseKey, Meant]]:
        """Yield the uses in ways of writing that stand for another kind of thing than most papers mean."""
        written: dict[str, list[UseKey]] = defaultdict(list)
        for use_key in uses if len(uses[0].names[0]) <= SHORT else ():
            if use_key.use is not None and use_key.use.casing != WORD:
                written[use_key.use.casing].append(use_key)
        if len(written) < 2:  # noqa: PLR2004
            return
        shares = {
            casing: self._papers(one for one in found if one.use and one.use.kind == RESOURCE)
            / self._papers(found)
            for casing, found in written.items()
        }
        data = [one for casing, found in written.items() if shares[casing] >= PURE for one in found]
        rest = [
            one for casing, found in written.items() if shares[casing] <= 1 - PURE for one in found
        ]
        fewer = min(data, rest, key=self._papers)
        for use_key in fewer if data and rest else ():
            yield use_key, Meant(OTHER, WRITING, detail="written otherwise, for another kind")


def _may_mean(use_key: UseKey, birth: UseKey, *, followed: bool = False) -> bool:
    """Say whether a paper may mean the kind of thing that another introduced.

    What is introduced as a method may be used as data, as simulators are, by papers near it or if many follow it.
    """
    one, other = use_key.use, birth.use
    if one is None or other is None or one.kind == other.kind:
        return True
    near = use_key.field == birth.field and one.casing == other.casing
    return (near or followed) and other.kind != RESOURCE


class _Rare:
    """The words that few titles have."""

    def __init__(self, titles: Collection[str]) -> None:
        counts: dict[str, int] = defaultdict(int)
        for title in titles:
            for stem in _stems(title, ""):
                counts[stem] += 1
        self._often = frozenset(
            stem for stem, count in counts.items() if count > max(ALIKE, RARE * len(titles))
        )

    def __contains__(self, stem: str) -> bool:
        return stem not in self._often


def _stems(title: str, name: str) -> frozenset[str]:
    words = re.findall(r"[^\W\d_]{3,}", title.lower())
    return frozenset(
        word[:STEM] for word in words if word not in FUNCTION_WORDS and key(word) != name
    )


def _words(usage: Usage, standing: Mapping[str, Standing]) -> Iterable[str]:
    """Yield the names that are plain words in small letters."""
    capital: dict[str, int] = {}
    for use_key, group in usage.groups.items():
        if use_key.use is None or any(" " in surface for surface in group.surfaces):
            continue  # a term of several words is one, whether a title writes it large or not
        if use_key.use.casing not in NO_NAME:
            name = use_key.names[0]
            capital[name] = capital.get(name, 0) + group.papers
    for name, papers in capital.items():
        found = standing.get(name)
        if found and papers >= AS_NAME:
            small = found.marked - found.marked_capital
            bare = found.bare - found.bare_capital
            if small < WORD_SHARE * (small + bare):
                yield name
