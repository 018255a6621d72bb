"""How names stand in the texts of a corpus: found by the reader, passed over by it, or inside a longer name.

Papers are seen one by one; of each, its words are kept in a temporary file, so memory does not grow
with the corpus. When all names are known, runs of words are compared with them by the hash of their
comparison key, many at once: a rolling hash of the letters, so that "self attention",
"self-attention" and "selfattention" are found alike.
"""

import re
import tempfile
import weakref
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.names.keys import PREPOSITIONS, folded_words, key
from kg.records import Extraction, Paper

__all__ = ["Standing", "Texts"]

Hashes = NDArray[np.uint64]
LONGEST = 8
"""Words of a name; longer ones are few, and what they are need not be asked."""
CHUNK = 1 << 20
"""Words that are compared at a time."""
BASE = np.uint64(0x9E3779B97F4A7C15)
SLOTS = 24
"""Bits of a hash by which most runs of words are told at once to be no name."""
BETWEEN, TITLE, MARKS, END = range(4)
"""The first words: behind a name, behind the title, before the names that the reader found, and behind a paper."""
SIGNS = ("\1", "\2", "\3", "\4")
TOKEN = re.compile(r"[^\W_]+(?:\.\d+)*[+#*]*|[^\s\w/'\u2019-]")
SENTENCE_START = re.compile(r"[A-Z](?:(?<=\A.)|(?<=[.!?:\1\2]\s.))(?=[a-z]+(?![^\W_]))")
TITLE_WORD = re.compile(r"[A-Z](?<![^\W_].)(?=[a-z]+(?![^\W_]))")
"""Both begin with a letter, not with what stands before it: so the search passes over all that is no capital."""
MOST_PIECES = 1 << 18
"""Pieces between blanks whose words are kept at hand; nearly all of a text are among the first so many that come."""


class Standing(NamedTuple):
    """In how many papers a name stands in which way."""

    marked: int = 0
    """The reader found it."""
    bare: int = 0
    """The reader did not, though its words stand there, outside longer names."""
    inside: int = 0
    """It is part of a longer name that the reader found."""
    marked_capital: int = 0
    """The reader found it written with a capital that no sentence or title asks for."""
    bare_capital: int = 0

    @property
    def small(self) -> "Standing":
        """How it stands without such a capital."""
        return Standing(
            self.marked - self.marked_capital, self.bare - self.bare_capital, self.inside
        )


class Texts:
    """The words of many papers."""

    def __init__(self) -> None:
        """Begin with no paper."""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as this object
        weakref.finalize(self, self._file.close)
        self._words = _Numbers(SIGNS)
        self._pieces = _Pieces(self._words)

    def see(self, paper: Paper, extraction: Extraction) -> None:
        """Keep the words of a paper, and what the reader found in it."""
        pieces = map(self._pieces.__getitem__, _masked(paper, extraction).split())
        words = array("I", chain.from_iterable(pieces))
        words.append(END)
        self._file.write(words.tobytes())

    def count(self, names: Iterable[str]) -> dict[str, Standing]:
        """Return how the names (comparison keys) stand; what stands nowhere is left out."""
        wanted = sorted(names)
        search = _Search(list(self._words), wanted)
        counts = np.zeros((len(Standing._fields), len(wanted)), np.int64)
        for words in self._chunks():
            search.count(words, counts)
        found = np.flatnonzero(counts.any(axis=0))
        return {
            wanted[place]: Standing(*row)
            for place, row in zip(found.tolist(), counts[:, found].T.tolist(), strict=True)
        }

    def _chunks(self) -> Iterator[NDArray[np.uint32]]:
        """Yield the words of whole papers, about ``CHUNK`` at a time."""
        self._file.seek(0)
        rest = np.zeros(0, np.uint32)
        while packed := self._file.read(4 * CHUNK):
            words = np.concatenate([rest, np.frombuffer(packed, np.uint32)])
            ends = np.flatnonzero(words == END)
            until = int(ends[-1]) + 1 if len(ends) else 0
            rest = words[until:]
            if until:
                yield words[:until]


class _Numbers(dict[str, int]):
    """A number for each word, in the order of their coming."""

    def __init__(self, first: Iterable[str]) -> None:
        super().__init__({word: number for number, word in enumerate(first)})

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class _Pieces(dict[str, tuple[int, ...]]):
    """The numbers of the words of a piece between blanks."""

    def __init__(self, numbers: _Numbers) -> None:
        super().__init__()
        self._number = numbers.__getitem__

    def __missing__(self, piece: str) -> tuple[int, ...]:
        found = tuple(map(self._number, TOKEN.findall(piece)))
        if len(self) < MOST_PIECES:
            self[piece] = found
        return found


def _masked(paper: Paper, extraction: Extraction) -> str:
    """Return a text without the names that were found in it, these behind it; capitals that mean nothing are gone."""
    text = paper.text
    spans = sorted({(m.start, m.end) for entity in extraction.entities for m in entity.mentions})
    pieces, place, behind = [], 0, []
    title_end = len(paper.title)
    for start, end in spans:
        if start >= place:
            pieces.append(text[place:start])
            place = end
        surface = text[start:end]
        at_start = start < title_end or text[max(0, start - 2) : start].strip() in {
            "",
            ".",
            ":",
            "?",
            "!",
        }
        behind.append(_plain_start(surface) if at_start else surface)
    pieces.append(text[place:])
    masked = " \1 ".join(pieces)
    title, _, abstract = masked.partition("\n")
    title = title.lower() if title.isupper() else TITLE_WORD.sub(_lower, title)
    abstract = SENTENCE_START.sub(_lower, abstract)
    names = " \1 ".join(dict.fromkeys(behind))
    return f"{title} \2 {abstract} \3 {names} \1"


def _plain_start(surface: str) -> str:
    return TITLE_WORD.sub(_lower, surface)


def _lower(found: re.Match[str]) -> str:
    return found.group().lower()


class _Search:
    """Finds names in runs of words."""

    def __init__(self, words: Sequence[str], names: Sequence[str]) -> None:
        hashes, _ = _hashes(names)
        self._order = np.argsort(hashes)
        self._hashes = hashes[self._order]
        self._maybe = np.zeros(1 << SLOTS, np.bool_)
        self._maybe[hashes >> np.uint64(64 - SLOTS)] = True
        inner, last = zip(*map(folded_words, words), strict=True)
        self._inner, self._inner_power = _hashes(inner)
        self._last, self._last_power = _hashes(last)
        fold = key.__wrapped__  # so many words would drive the names out of its cache
        self._alone, _ = _hashes(list(map(fold, words)))
        self._is_break = np.array([not word[:1].isalnum() for word in words])
        self._capital = np.array(
            [not word.islower() and any(map(str.isupper, word)) for word in words]
        )
        self._before = np.array([word in PREPOSITIONS for word in words])
        random = np.random.default_rng(0).integers(1, 1 << 63, int(self._is_break.sum()), np.uint64)
        for table in (self._inner, self._last, self._alone):
            table[self._is_break] = random

    def count(self, words: NDArray[np.uint32], counts: NDArray[np.int64]) -> None:
        """Add the papers of some words to the counts, a row for each field of ``Standing``."""
        paper = np.cumsum(words == END)
        behind = np.cumsum(words == MARKS) > np.concatenate([[0], paper[:-1]])
        capital = np.concatenate([[0], np.cumsum(self._capital[words])])
        opened = np.concatenate([[True], (words == BETWEEN) | (words == MARKS)])
        closed = np.concatenate([words == BETWEEN, [True]])
        found: list[list[NDArray[np.int64]]] = [[] for _ in Standing._fields]
        for length, start, name in self._runs(words):
            code = (name << 32) | paper[start]
            large = capital[start + length] > capital[start]
            marked = behind[start] & opened[start] & closed[start + length]
            bare = ~behind[start]
            inside = behind[start] & ~marked
            for number, kept in enumerate((marked, bare, inside, marked & large, bare & large)):
                found[number].append(code[kept])
        codes = [np.unique(np.concatenate(one)) for one in found]
        codes[1] = np.setdiff1d(codes[1], codes[0], assume_unique=True)
        codes[4] = np.setdiff1d(codes[4], codes[0], assume_unique=True)
        for row, one in enumerate(codes):
            counts[row] += np.bincount(one >> 32, minlength=counts.shape[1])

    def _runs(
        self, words: NDArray[np.uint32]
    ) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int64]]]:
        """Yield, for each number of words, where runs begin that are names, and which names these are."""
        last, power = self._last[words], self._last_power[words]
        inner = np.where(np.append(self._before[words[1:]], False), last, self._inner[words])
        inner_power = np.where(
            np.append(self._before[words[1:]], False), power, self._inner_power[words]
        )
        yield 1, *self._look_up(self._alone[words])
        before = inner
        for length in range(2, LONGEST + 1):
            end = length - 1
            yield length, *self._look_up(before[:-1] * power[end:] + last[end:])
            before = before[:-1] * inner_power[end:] + inner[end:]

    def _look_up(self, hashes: Hashes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        start = np.flatnonzero(self._maybe[hashes >> np.uint64(64 - SLOTS)])
        place = np.searchsorted(self._hashes, hashes[start])
        place[place == len(self._hashes)] = 0
        same = self._hashes[place] == hashes[start]
        return start[same], self._order[place[same]]


def _hashes(texts: Sequence[str]) -> tuple[Hashes, Hashes]:
    """Return the hash of each text, and what the hash of a text before it must be multiplied by."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.cumsum(lengths)
    longest = int(lengths.max(initial=0)) + 1
    with np.errstate(over="ignore"):
        powers = np.cumprod(np.concatenate([[np.uint64(1)], np.full(longest, BASE, np.uint64)]))
        place = np.repeat(ends, lengths) - 1 - np.arange(len(codes))
        weighed = (codes.astype(np.uint64) + np.uint64(1)) * powers[place]
        sums = np.concatenate([[np.uint64(0)], np.cumsum(weighed)])
    return sums[ends] - sums[ends - lengths], powers[lengths]
