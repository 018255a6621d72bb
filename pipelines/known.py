"""The table of known names, a feature of the span finder.

For each known name it says what the name usually is, and how often papers that contain it use it as
a name. Where a known name occurs in a text, its words get a code that the span finder reads beside
the words themselves: the table suggests, the context decides. The codes are computed in training
(``pipelines.training.packs``) without each paper's own annotations, so that the span finder learns
how far to trust the table.
"""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.records import EntityType

__all__ = [
    "CODES",
    "EDGES",
    "JUDGED",
    "STRENGTHS",
    "KnownName",
    "KnownNames",
    "code",
    "fold",
    "fold_name",
]

STRENGTHS = ("never", "seldom", "sometimes", "often", "mostly", "always", "lexicon")
"""How often a name's occurrences are used as a name, in bins bounded by ``EDGES``.

The last is for lexicon entries that were not seen in use.
"""
EDGES = (0.15, 0.3, 0.5, 0.7, 0.85)
CODES = 1 + 2 * len(EntityType) * len(STRENGTHS)
"""Number of codes of use: nothing known, or (type, strength, first or later word)."""
VERDICTS = (*EntityType, "none", "unsure")
"""Possible verdicts on a name judged by itself; a verdict is stored as its index plus one."""
NONE, UNSURE = 6, 7
JUDGED = 1 + 2 * len(VERDICTS)
"""Number of codes of verdicts; a word's code is use + ``CODES`` * verdict."""
LONGEST = 7
STEP = 4
"""Prefixes of names are indexed at every fourth letter."""
JOINERS = frozenset("-\u2013/")


def code(kind: EntityType, strength: str) -> int:
    """Return the code of a name's first word; that of its other words is one higher."""
    return 1 + 2 * (list(EntityType).index(kind) * len(STRENGTHS) + STRENGTHS.index(strength))


def fold(word: str) -> str:
    """Return the folded form of a word inside a name: lower case."""
    return word.lower()


def fold_last(word: str) -> str:
    """Return the folded form of a name's last word: lower case, without a plural s (also "LMs")."""
    if len(word) > 2 and word[-1] == "s" and word[:-1].isupper():  # noqa: PLR2004 - as in LMs
        return word[:-1].lower()
    word = word.lower()
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):  # noqa: PLR2004
        return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]  # noqa: PLR2004
    return word


@functools.lru_cache(maxsize=20_000)
def fold_name(name: str) -> str:
    """Return the folded form of a name: its words joined, ignoring case, hyphens and plural.

    >>> fold_name("Variational Auto-Encoders")
    'variationalautoencoder'
    """
    words = re.findall(r"[^\W_]+|[+#]", name)
    return "".join([*map(fold, words[:-1]), fold_last(words[-1])]) if words else ""


@dataclass(frozen=True, slots=True)
class KnownName:
    """What is known about a name: its code of use (0: nothing) and its verdict (0: not judged)."""

    use: int
    verdict: int = 0

    @property
    def unlikely(self) -> bool:
        """Whether it is usually not a name; overlapping names then win, however short."""
        seldom = self.use > 0 and (self.use - 1) // 2 % len(STRENGTHS) == 0
        return self.verdict == NONE or (seldom and self.verdict in {0, UNSURE})

    @property
    def first(self) -> int:
        """The code of its first word."""
        return self.use + CODES * (2 * self.verdict - 1 if self.verdict else 0)

    @property
    def later(self) -> int:
        """The code of its other words."""
        return (self.use + 1 if self.use else 0) + CODES * 2 * self.verdict


class KnownNames:
    """A table of names and what is known about them."""

    def __init__(self, names: Mapping[str, KnownName]) -> None:
        """Take a mapping whose keys are folded names."""
        self.names = dict(names)
        self._openings = {name[:length] for name in self.names for length in range(1, STEP + 1)}
        self._beginnings = {
            name[:length] for name in self.names for length in range(0, len(name) + 1, STEP)
        }

    @classmethod
    def read(cls, path: Path) -> "KnownNames":
        """Read a tab-separated table of folded name, code of use and verdict, one name per line."""
        rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
        return cls({name: KnownName(int(use), int(verdict)) for name, use, verdict in rows})

    def matches(self, words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Yield (first word, last word + 1, folded name) for each known name in a text's words."""
        folds = [_folds(word) for word in words]
        for first, inside in enumerate(folds):
            if inside is None or self._openings.isdisjoint((inside[0][:STEP], inside[1][:STEP])):
                continue
            joined, last, count = "", first, 0
            while last < len(words) and count < LONGEST:
                both = folds[last]
                if both is None:
                    if words[last] not in JOINERS:
                        break
                    last += 1
                    continue
                if joined + both[1] in self.names:
                    yield first, last + 1, joined + both[1]
                joined += both[0]
                if joined[: len(joined) // STEP * STEP] not in self._beginnings:
                    break
                last, count = last + 1, count + 1

    def features(self, words: Sequence[str]) -> list[int]:
        """Return one code per word; of overlapping names the likely, longer or earlier one wins."""
        features = [0] * len(words)
        for first, last, name in sorted(self.matches(words), key=self._weight):
            known = self.names[name]
            features[first] = known.first
            features[first + 1 : last] = [known.later] * (last - first - 1)
        return features

    def _weight(self, match: tuple[int, int, str]) -> tuple[bool, int, int]:
        first, last, name = match
        return not self.names[name].unlikely, last - first, -first


@functools.lru_cache(maxsize=50_000)
def _folds(piece: str) -> tuple[str, str] | None:
    """Return a word's folded forms inside a name and at its end; None for a mark."""
    return (fold(piece), fold_last(piece)) if piece[:1].isalnum() or piece in {"+", "#"} else None
