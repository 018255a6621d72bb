"""What a short form means where its paper does not say.

The papers that define a short form vote. Long forms that differ only in endings or by a slip ("convolution neural network")
are one sense. A use without a definition has the sense that dominates among those of its kind (a dataset is not called after an
optimiser), or none: then the short form stands for itself. ``docs/identity.md`` has the figures behind the numbers here.
"""

import functools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.names.abbreviations import FUNCTION_WORDS, spells
from kg.records import EntityType
from kg.resolution.variants import slip_in

__all__ = [
    "Definition",
    "Sense",
    "Short",
    "Use",
    "casing",
    "kind_of",
    "needed",
    "same_words",
    "senses_of",
]

SHARE = 0.8
"""A sense dominates if it has this share of the definitions ..."""
SHARED = 2
"""Papers of a sense that may be meant by others."""
NEEDED = (
    (150, {1: 1, 2: 1, 3: 1, 4: 1}),
    (1000, {1: 2, 2: 2, 3: 2, 4: 1}),
    (math.inf, {1: 3, 2: 3, 3: 3, 4: 2}),
)
NEEDED_BY_LONGER = 2
"""... and at least so many, by the number of papers (below the first number) and the length of the short form's key. In a small
corpus few papers define anything, and they write of one field."""
SOLE_LENGTH, SOLE_USES = 5, 5
"""One definition is enough for a name of this length, written alike, that fewer papers than this use without defining it."""
WORD_USES = 0.2
"""A short form that is also a word (DEEP) keeps to itself if uses in small letters reach this share."""
OTHER_KIND = 3
"""If more papers than this, and than define it, use a short form for a kind of thing that none defines, that is another thing."""
KINDS = {
    EntityType.METHOD: "thing done",
    EntityType.TASK: "thing done",
    EntityType.DATASET: "resource",
    EntityType.BENCHMARK: "resource",
    EntityType.METRIC: "measure",
}

EXTRA = frozenset(
    re.findall(
        r"\w+",
        "algorithm algorithms architecture architectures function functions loss method methods model models network networks"
        " probability problem problems system systems technique techniques",
    )
)
"""Last words that a long form may have or not."""
BRACKETS = re.compile("[(\\[][^()\\[\\]]*[)\\]]|['\u2019]s?\\b")
ENDINGS = (
    (
        6,
        re.findall(
            r"\w+",
            "izations ization ations ational ation ments ment ities ity ively ally ional ions ion ors or ive al ic",
        ),
    ),
    (4, re.findall(r"\w+", "ings ing ers er ed ies es e y")),
    (3, ["s"]),
)
"""Endings that do not tell words apart, by how many letters must be left."""
LEAST_STEM, LEAST_SLIP = 3, 6
ENDING = 2
"""Letters that an ending may add."""


def needed(short: str, papers: float = math.inf) -> int:
    """Return how many papers of a corpus must define a short form (its key) in a sense before others mean it.

    >>> needed("sgd"), needed("sgd", papers=80), needed("moco"), needed("roberta", papers=80)
    (3, 1, 2, 2)
    """
    by_length = next(numbers for below, numbers in NEEDED if papers < below or below == math.inf)
    return by_length.get(len(short), NEEDED_BY_LONGER)


def kind_of(kind: EntityType) -> str:
    """Return what sort of thing a type is: names of different sorts are rarely one thing."""
    return KINDS[kind]


@functools.lru_cache(maxsize=1 << 18)
def casing(surface: str) -> str:
    """Return how a short form is written, without hyphens and plural s; '' if it looks like a word, "a" if in small letters.

    >>> casing("VQ-VAEs"), casing("S4"), casing("Deep"), casing("deep")
    ('VQVAE', 'S4', '', 'a')
    """
    if surface.islower():
        return WORD
    letters = re.sub(r"[\W_]", "", surface)
    if letters.endswith("s") and not letters[:-1].islower():
        letters = letters[:-1]
    capitals = sum(map(str.isupper, letters))
    return letters if capitals and capitals + sum(map(str.isdigit, letters)) > 1 else ""


@dataclass(slots=True)
class Definition:
    """A short form and a long form, over all papers that define the one as the other."""

    papers: int = 0
    first: tuple[str, str, str] = ("", "", "")
    """The smallest id of such a paper, and both forms as it writes them."""
    casings: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    known: bool = False
    """Whether the lexicon says so too."""

    def see(self, paper: str, short: str, long: str) -> None:
        """Count a paper."""
        self.papers += 1
        self.first = (
            min(self.first, (paper, short, long)) if self.first[0] else (paper, short, long)
        )
        self.casings.add(casing(short))


class Use(NamedTuple):
    """How a paper uses a short form that it does not define."""

    casing: str
    """As ``casing`` says; "a" stands for a word in small letters."""
    kind: str
    own: bool
    """Whether the text begins with it: the paper's title names its own system."""


WORD = "a"
NO_NAME = frozenset([WORD, ""])
"""Casings of what may be a word."""


@dataclass(slots=True)
class Uses:
    """All uses of a short form that their papers do not define."""

    papers: int = 0
    as_word: int = 0
    """Papers that write it in small letters."""
    distinct: set[Use] = field(default_factory=set)
    kinds: dict[str, int] = field(default_factory=dict)
    """Papers by the kind of thing they mean."""

    def see(self, use: Use, papers: int) -> None:
        """Count papers that use it alike."""
        self.papers += papers
        self.as_word += papers if use.casing == WORD else 0
        self.distinct.add(use)
        self.kinds[use.kind] = self.kinds.get(use.kind, 0) + papers


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of a short form."""

    long: str
    """The long form that most papers give."""
    others: tuple[str, ...]
    """Long forms that differ from it in endings only."""
    papers: int
    casings: frozenset[str]
    kinds: frozenset[str]
    known: bool
    example: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Short:
    """A short form, the senses that papers give it (most papers first), and how it is used without a definition."""

    name: str
    senses: tuple[Sense, ...]
    uses: Uses
    needed: int
    """How many definitions a sense needs."""
    known: bool = False
    """Whether the lexicon knows the short form as a name of something: then one definition does not change its meaning."""

    @property
    def long_forms(self) -> tuple[str, ...]:
        """What papers say that it stands for, most papers first."""
        return tuple(sense.example[2] for sense in self.senses)

    @property
    def dominant(self) -> Sense | None:
        """The sense that dominates over all uses, None if none does."""
        first = self.senses[0]
        return first if self._dominates(first, self.senses) else None

    def _dominates(self, first: Sense, senses: Sequence[Sense]) -> bool:
        """Say whether a sense has nearly all definitions; what one paper alone says is that paper's own, where several are asked for."""
        least = 1 if self.needed == 1 else SHARED
        total = sum(sense.papers for sense in senses if sense.papers >= least or sense.known)
        return self.needed <= first.papers >= SHARE * total

    def meaning(self, use: Use) -> Sense | None:
        """Return the sense of a use that its paper does not define; None if the short form stands for itself."""
        if use.casing in NO_NAME and self._is_word:
            return None
        senses = [sense for sense in self.senses if use.kind in sense.kinds]
        if not senses:
            senses = list(self.senses)
            if self.uses.kinds.get(use.kind, 0) > max(
                OTHER_KIND, sum(sense.papers for sense in senses)
            ):
                return None
        if self._dominates(senses[0], senses):
            return senses[0]
        total = sum(sense.papers for sense in senses)
        known = [sense for sense in senses if sense.known and use.kind in sense.kinds]
        if len(known) == 1 and total - known[0].papers < self.needed:
            return known[0]
        return self._sole_sense()

    @property
    def _is_word(self) -> bool:
        """Say whether many write it in small letters: then the word is another thing."""
        defined = sum(sense.papers for sense in self.senses)
        return self.uses.as_word > max(
            1, WORD_USES * (defined + self.uses.papers - self.uses.as_word)
        )

    def _sole_sense(self) -> Sense | None:
        """Return the one sense that there is, if even one definition is enough: a long name, always written alike, seldom used.

        A name that any other paper gives its own system is not.
        """
        if (
            len(self.senses) > 1
            or self.known
            or len(self.name) < SOLE_LENGTH
            or self.uses.papers >= SOLE_USES
        ):
            return None
        sense = self.senses[0]
        alike = all(
            use.casing in sense.casings - NO_NAME and use.kind in sense.kinds and not use.own
            for use in self.uses.distinct
        )
        return sense if alike else None


MOST_SENSES = 200
"""Senses with which a long form is compared, those of most papers: of 87,068 real papers no short form has more than 35 long
forms, and a corpus made to be slow may have thousands."""


def senses_of(claims: Mapping[str, Definition]) -> tuple[Sense, ...]:
    """Return the senses that definitions give a short form, most papers first.

    Args:
        claims: the definitions by the key of their long form.
    """
    groups: list[list[str]] = []
    for long in sorted(claims, key=lambda name: (-claims[name].papers, name)):
        same = next(
            (
                group
                for group in groups[:MOST_SENSES]
                if same_words(claims[group[0]].first[2], claims[long].first[2])
            ),
            None,
        )
        if same is None:
            groups.append([long])
        else:
            same.append(long)
    senses = [_sense(group, claims) for group in groups]
    return tuple(sorted(senses, key=lambda sense: (-sense.papers, sense.long)))


def _sense(longs: list[str], claims: Mapping[str, Definition]) -> Sense:
    found = [claims[long] for long in longs]
    return Sense(
        longs[0],
        tuple(longs[1:]),
        sum(one.papers for one in found),
        frozenset[str]().union(*(one.casings for one in found)),
        frozenset[str]().union(*(one.kinds for one in found)),
        any(one.known for one in found),
        found[0].first,
    )


def same_words(one: str, other: str) -> bool:
    """Say whether two long forms of one short form have the same words, in other forms or with a slip.

    >>> same_words("convolutional neural networks", "convolution neural network")
    True
    >>> same_words("semi-supervised learning", "self-supervised learning"), same_words("level 1", "level 2")
    (False, False)
    """
    short, long = sorted((_content_words(one), _content_words(other)), key=len)
    extra = long[len(short) :]
    if short and len(extra) <= 1 and EXTRA.issuperset(extra) and all(map(_same_word, short, long)):
        return True
    return _abbreviates(one, other) or _abbreviates(other, one)


@functools.lru_cache(maxsize=1 << 16)
def _has_short_form(form: str) -> bool:
    return any(casing(word) not in {WORD, ""} for word in re.findall(r"[^\W_]+", form))


def _abbreviates(one: str, other: str) -> bool:
    """Say whether two long forms are the same but for a short form in the first of them ("explainable AI")."""
    if not _has_short_form(one):
        return False
    words, theirs = re.findall(r"[^\W_]+", one), re.findall(r"[^\W_]+", other)
    for place, word in enumerate(words):
        after = len(words) - place - 1
        middle = theirs[place : len(theirs) - after]
        if len(middle) > 1 and len(words) > 1 and casing(word) not in NO_NAME:
            around = zip(
                [*words[:place], *words[place + 1 :]],
                [*theirs[:place], *theirs[len(theirs) - after :]],
                strict=True,
            )
            return all(_same_word(a.lower(), b.lower()) for a, b in around) and spells(
                word, " ".join(middle)
            )
    return False


@functools.lru_cache(maxsize=1 << 16)
def _content_words(form: str) -> tuple[str, ...]:
    words = re.findall(r"[^\W_]+", BRACKETS.sub(" ", form.lower()))
    return tuple(word for word in words if word not in FUNCTION_WORDS)


def _same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    if not (one.isalpha() and other.isalpha()):
        return False
    short, long = sorted((_stem(one), _stem(other)), key=len)
    return (
        short == long
        or (len(short) > LEAST_STEM and long.startswith(short) and len(long) - len(short) <= ENDING)
        or _is_slip(one, other)
    )


@functools.lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    """Return a word without its ending, and without the double consonant before that (mapping, maps)."""
    fitting = (
        ending
        for least, endings in ENDINGS
        for ending in endings
        if word.endswith(ending) and len(word) - len(ending) >= least
    )
    stem = word[: len(word) - len(next(fitting, ""))]
    return stem[:-1] if len(stem) > LEAST_STEM and stem[-1] == stem[-2] and stem != word else stem


def _is_slip(one: str, other: str) -> bool:
    """Say whether two long words with the same first letter differ in one letter, or in two that changed places."""
    return (
        min(len(one), len(other)) >= LEAST_SLIP and one[0] == other[0] and slip_in(one, other) >= 0
    )
