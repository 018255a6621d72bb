"""Two things of one name: which of them a use without a definition means.

Three signs tell them apart. A paper that uses the name of a system before the lexicon has it
published means another thing. Where papers introduce a name as their own though their titles have
nothing in common, each means its own by it, and others mean the one that was introduced last. What
is written in small letters is a word if nearly all papers that have the word take it for one.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kg.names.abbreviations import FUNCTION_WORDS
from kg.names.keys import key
from kg.resolution.senses import NO_NAME, WORD
from kg.resolution.standing import Standing
from kg.resolution.usage import Usage, UseKey

__all__ = ["BEFORE", "BORN", "OWN", "SMALL", "Homonyms", "name_of"]

BORN, OWN = "born later", "own name"
APART, BEFORE, SMALL = "@", "before", "small"
ALIKE = 2
"""Words of two titles that make them titles of one work."""
STEM = 5
"""Letters by which words of titles are compared."""
AS_NAME = 2
"""Papers that must write a name with capitals before small letters mean another thing."""
WORD_SHARE = 0.5
"""If in fewer of the papers that have it in small letters it is a name, it is a word."""


class Birth(NamedTuple):
    """A paper that introduces something."""

    year: int
    paper: str


def name_of(root: str) -> str:
    """Return the name of a root that tells one of several things of that name."""
    return root.partition(APART)[0]


class Homonyms:
    """The names that mean several things."""

    def __init__(
        self,
        usage: Usage,
        years: Mapping[str, int],
        standing: Mapping[str, Standing],
        off: frozenset[str],
    ) -> None:
        """Find them.

        Args:
            usage: how papers use names.
            years: when what the lexicon knows was first published, by name.
            standing: how names stand in the texts.
            off: rules that the user switches off.
        """
        self._years = {} if BORN in off else years
        self._births = {} if OWN in off else _births(usage)
        self._words = frozenset(_words(usage, standing))

    def split(self, root: str, name: str, use_key: UseKey) -> str:
        """Return the root of a use of a name: itself, or one of its own.

        Args:
            root: what the name means as a rule.
            name: the name.
            use_key: the use.
        """
        use = use_key.use
        if use is None:
            return root
        if use.casing == WORD and name in self._words:
            return f"{root}{APART}{SMALL}"
        if 0 < use_key.year < self._years.get(name, 0):
            return f"{root}{APART}{BEFORE}"
        if name in self._births and name not in self._years:
            return self._introduced(root, self._births[name], use_key)
        return root

    def sense_of(self, root: str) -> str:
        """Return what tells a thing from others of its name: the year of its birth, or before which; '' if that is not known."""
        name, _, sense = root.partition(APART)
        if sense == BEFORE:
            return f"before {self._years[name]}" if name in self._years else ""
        years = {
            (works[0].paper if number else ""): works[0].year
            for number, works in enumerate(self._births.get(name, ()))
        }
        return str(years.get(sense) or "")

    def _introduced(self, root: str, births: tuple[tuple[Birth, ...], ...], use_key: UseKey) -> str:
        """Return the root of what was introduced last when a paper used a name, or is its own."""
        meant = 0
        for number, works in enumerate(births):
            if use_key.new and any(birth.paper == use_key.new for birth in works):
                meant = number
                break
            if not use_key.new and use_key.year >= works[0].year > 0:
                meant = number
        return f"{root}{APART}{births[meant][0].paper}" if meant else root


def _births(usage: Usage) -> dict[str, tuple[tuple[Birth, ...], ...]]:
    """Return the works that introduce a name, the earliest first, where they introduce several things."""
    found: dict[str, list[Birth]] = {}
    for use_key in usage.groups:
        if use_key.new and len(use_key.names) == 1:
            found.setdefault(use_key.names[0], []).append(Birth(use_key.year, use_key.new))
    things: dict[str, tuple[tuple[Birth, ...], ...]] = {}
    for name, births in found.items():
        several: list[list[Birth]] = []
        for birth in sorted(births):
            same = next((one for one in several if _is_one_work(usage, name, one, birth)), None)
            if same is None:
                several.append([birth])
            else:
                same.append(birth)
        if len(several) > 1:
            things[name] = tuple(map(tuple, several))
    return things


def _is_one_work(usage: Usage, name: str, births: Iterable[Birth], other: Birth) -> bool:
    words = _title_words(usage.titles[other.paper], name)
    return not words or any(
        len(words & _title_words(usage.titles[one.paper], name)) >= ALIKE
        or not usage.titles[one.paper]
        for one in births
    )


def _title_words(title: str, name: str) -> frozenset[str]:
    words = re.findall(r"[^\W\d_]{3,}", title.lower())
    return frozenset(
        word[:STEM] for word in words if word not in FUNCTION_WORDS and key(word) != name
    )


def _words(usage: Usage, standing: Mapping[str, Standing]) -> Iterable[str]:
    """Yield the names that are plain words in small letters."""
    capital: dict[str, int] = {}
    for use_key, group in usage.groups.items():
        if use_key.use is not None and use_key.use.casing not in NO_NAME:
            name = use_key.names[0]
            capital[name] = capital.get(name, 0) + group.papers
    for name, papers in capital.items():
        found = standing.get(name)
        if found and papers >= AS_NAME:
            small = found.marked - found.marked_capital
            bare = found.bare - found.bare_capital
            if small < WORD_SHARE * (small + bare):
                yield name
