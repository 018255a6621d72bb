"""Converts papers to flat arrays: word pieces, known names, tags, and candidates with their labels.

All work per word is done here, once; training reads only the arrays (``packs``).
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from kg.names.abbreviations import find_abbreviations
from kg.records import EntityType, Judgement, Role, Term
from pipelines.components.sentences import split_sentences
from pipelines.components.span_finder import shape
from pipelines.known import NONE, UNSURE, KnownName, KnownNames, fold_name
from pipelines.tokenizer import split_words
from pipelines.training.annotations import AnnotatedPaper, find_names

__all__ = ["CALIBRATION", "GOLD", "RAW", "Names", "Source", "pack"]

GOLD, CALIBRATION, RAW = range(3)
"""The use of a paper: training on its labels, fitting the certainty, labelling by the teachers."""
LONGEST = 510
"""Word pieces of a paper that are read in training."""
MOST_CANDIDATES = 80
SHIFTED = 0.5
"""Share of annotated mentions for which a candidate with a wrong boundary is added."""
HEAD, IN_ABSTRACT = 16, 32
"""Bits of a piece's mark: first piece of a word; in the abstract. The lower four are its shape."""
DOUBTED = 5
Arrays = dict[str, NDArray[Any]]
Span = tuple[int, int]
"""First and last piece of a name, both inside."""


@dataclass(frozen=True, slots=True)
class Source:
    """A paper to pack, and its use."""

    paper: AnnotatedPaper
    use: int
    marked: Sequence[Span] = ()
    """Half-open character offsets of further candidates, such as what an earlier reader found."""


class Names:
    """All names to find in the texts, and the facts about them."""

    def __init__(
        self,
        papers: Iterable[AnnotatedPaper],
        terms: Iterable[Term],
        judged: Iterable[Judgement],
    ) -> None:
        """Collect the names of annotations, of the lexicon and of the judgements."""
        kinds = list(EntityType)
        self.facts = {
            fold_name(surface): kinds.index(term.type)
            for term in terms
            for surface in (term.label, *term.aliases)
        }
        self.verdicts: dict[str, int] = {}
        for one in judged:
            own, right = fold_name(one.name), fold_name(one.right)
            verdict = NONE if one.type is None else kinds.index(one.type) + 1
            if not one.sure:
                verdict = UNSURE
            elif right and right != own:
                self.verdicts.setdefault(right, verdict)
                verdict = NONE
            self.verdicts[own] = verdict
        annotated = {
            fold_name(name) for paper in papers for named in paper.entities for name in named.names
        }
        found = annotated | self.facts.keys() | self.verdicts.keys()
        self.all = sorted(name for name in found if len(name) > 1)
        self.numbers = {name: number for number, name in enumerate(self.all)}
        self.known = KnownNames(dict.fromkeys(self.all, KnownName(0)))

    def arrays(self) -> Arrays:
        """Return the facts by number of name: type in the lexicon (-1: none), verdict."""
        return {
            "lex": np.array([self.facts.get(name, -1) for name in self.all], dtype=np.int8),
            "verdict": np.array([self.verdicts.get(name, 0) for name in self.all], dtype=np.int8),
        }


@dataclass(slots=True)
class _Text:
    """A text split into word pieces; piece 0 is [CLS]."""

    text: str
    words: list[tuple[str, int, int]]
    ids: list[int]
    marks: list[int]
    first: dict[int, int] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)

    def span(self, words: Iterable[int]) -> Span | None:
        """Return the first and last piece of some words; None if they have none."""
        held = [word for word in words if word in self.first]
        return (self.first[held[0]], self.last[held[-1]]) if held else None

    def inside(self, start: int, end: int) -> list[int]:
        """Return the words that overlap half-open character offsets."""
        return [n for n, (_, a, b) in enumerate(self.words) if a < end and b > start]


def _cut(text: str, pieces: Tokenizer) -> _Text:
    words = split_words(text)
    encoding = pieces.encode(
        [word for word, _, _ in words], is_pretokenized=True, add_special_tokens=False
    )
    owners = [word for word in encoding.word_ids if word is not None][:LONGEST]
    title = text.find("\n")
    result = _Text(text, words, [101, *encoding.ids[: len(owners)], 102], [0])
    for place, word in enumerate(owners, 1):
        mark = int(shape(words[word][0])) | (IN_ABSTRACT if words[word][1] > title else 0)
        result.marks.append(mark | (0 if word in result.first else HEAD))
        result.first.setdefault(word, place)
        result.last[word] = place
    result.marks.append(result.marks[-1] & IN_ABSTRACT)
    result.marks[0] = result.marks[1] & IN_ABSTRACT
    return result


class _Candidates:
    """The candidates of one paper: spans by name, names joined to entities, and their labels."""

    def __init__(self) -> None:
        self.names: dict[Span, str] = {}
        self._parents: dict[str, str] = {}

    def of(self, name: str) -> str:
        while (parent := self._parents.setdefault(name, name)) != name:
            name = parent
        return name

    def join(self, names: Iterable[str]) -> None:
        roots = sorted({self.of(name) for name in names})
        self._parents.update(dict.fromkeys(roots[1:], roots[0]))


def pack(sources: Sequence[Source], names: Names, pieces: Tokenizer) -> Arrays:
    """Return the arrays of all papers; ``packs.Packs`` documents them."""
    rows: dict[str, list[Any]] = defaultdict(list)
    for number, source in enumerate(sources):
        for name, values in _columns(number, source, names, pieces):
            rows[name] += values
    kinds = {"ids": np.uint16, "marks": np.uint8, "has_tasks": np.bool_}
    arrays = {
        name: np.array(values, dtype=kinds.get(name, np.int32)) for name, values in rows.items()
    }
    arrays["gold"] = arrays["gold"].reshape(-1, 4)
    return {**arrays, **names.arrays()}


def _columns(
    number: int, source: Source, names: Names, pieces: Tokenizer
) -> Iterator[tuple[str, list[Any]]]:
    """Yield the values that one paper adds to each array."""
    text = _cut(source.paper.text, pieces)
    matches = _matches(text, names)
    places = _gold(text, source.paper)
    candidates = _candidates(
        source, text, [(span, names.all[name]) for *span, name in matches], places
    )
    groups: dict[str, int] = {}
    spans = [
        (*span, groups.setdefault(candidates.of(name), len(groups)))
        for span, name in sorted(candidates.names.items())
    ]
    yield "ids", text.ids
    yield "marks", text.marks
    yield "lengths", [len(text.ids)]
    yield "use", [source.use]
    yield "has_tasks", [source.paper.has_tasks]
    yield "matches", [len(matches)]
    yield from zip(
        ("match_first", "match_last", "match_name"),
        map(list, zip(*matches, strict=True)) if matches else ([], [], []),
        strict=True,
    )
    yield (
        "gold",
        [
            value
            for span, entity, _ in places
            for value in (number, *span, _kind(source.paper, entity))
        ],
    )
    yield "candidates", [len(spans)]
    yield from zip(
        ("candidate_first", "candidate_last", "candidate_group"),
        map(list, zip(*spans, strict=True)) if spans else ([], [], []),
        strict=True,
    )
    yield "groups", [len(groups)]
    yield from _labels(source, text, candidates, groups, spans, places)


def _kind(paper: AnnotatedPaper, entity: int) -> int:
    kind = paper.entities[entity].type
    return DOUBTED if kind is None else list(EntityType).index(kind)


def _matches(text: _Text, names: Names) -> list[tuple[int, int, int]]:
    found = names.known.matches([word for word, _, _ in text.words])
    return [
        (*span, names.numbers[name])
        for first, last, name in found
        if (span := text.span(range(first, last)))
    ]


def _gold(text: _Text, paper: AnnotatedPaper) -> list[tuple[Span, int, str]]:
    """Return the spans of the annotated names, their entities and folded names."""
    return [
        (span, place.entity, fold_name(paper.text[place.start : place.end]))
        for place in find_names(paper.text, paper.entities)
        if (span := text.span(text.inside(place.start, place.end)))
    ]


def _candidates(
    source: Source,
    text: _Text,
    matched: Iterable[tuple[Span, str]],
    places: Sequence[tuple[Span, int, str]],
) -> _Candidates:
    """Return the candidates to judge.

    They are known names, names found by an earlier reader, annotated names, and variants of these
    with wrong boundaries.
    """
    rng = random.Random(source.paper.id)  # noqa: S311 - a choice of examples
    result = _Candidates()
    offered = [(tuple(span), name) for span, name in matched]
    for start, end in source.marked:
        offered.append(
            (text.span(text.inside(start, end)), fold_name(source.paper.text[start:end]))
        )
    offered += _shifted(text, places, rng)
    rng.shuffle(offered)
    own = {span: name for span, _, name in places}
    taken = set(own.values())
    others = [
        (span, name) for span, name in offered if span and name not in taken and span not in own
    ]
    result.names = dict([*others[: max(0, MOST_CANDIDATES - len(own))], *own.items()])
    for short, long in _definitions(text):
        if not {short[1], long[1]}.isdisjoint(result.names.values()):
            result.names = {**dict([short, long]), **result.names}
            result.join((short[1], long[1]))
    by_entity: dict[int, set[str]] = defaultdict(set)
    for _, entity, name in places:
        by_entity[entity].add(name)
    for same in by_entity.values():
        result.join(same)
    return result


def _shifted(
    text: _Text, places: Sequence[tuple[Span, int, str]], rng: random.Random
) -> Iterator[tuple[Span, str]]:
    """Yield spans with one boundary off by a word."""
    word_of = {piece: word for word, piece in text.first.items()}
    end_of = {piece: word for word, piece in text.last.items()}
    for (first, last), _, _ in places:
        if rng.random() < SHIFTED:
            low, high = word_of[first], end_of[last]
            low, high = rng.choice(
                [(low + 1, high), (low, high - 1), (low - 1, high), (low, high + 1)]
            )
            if 0 <= low <= high < len(text.words) and (span := text.span(range(low, high + 1))):
                yield span, fold_name(text.text[text.words[low][1] : text.words[high][2]])


def _definitions(text: _Text) -> Iterator[tuple[tuple[Span, str], tuple[Span, str]]]:
    for found in find_abbreviations(text.text, list(split_sentences(text.text))):
        sides = []
        for form in (found.short, found.long):
            start = text.text.find(form, found.start, found.end)
            span = text.span(text.inside(start, start + len(form))) if start >= 0 else None
            if span:
                sides.append((span, fold_name(form)))
        if len(sides) == 2:  # noqa: PLR2004 - both sides
            yield sides[0], sides[1]


def _labels(
    source: Source,
    text: _Text,
    candidates: _Candidates,
    groups: Mapping[str, int],
    spans: Sequence[tuple[int, int, int]],
    places: Sequence[tuple[Span, int, str]],
) -> Iterator[tuple[str, list[int]]]:
    """Yield the groups' types (0: none, -1: unknown), roles (-1: unknown), sizes and flags."""
    is_raw = source.use == RAW
    kinds, roles = ([-1 if is_raw else 0] * len(groups) for _ in range(2))
    roles = [-1] * len(groups)
    for _, entity, name in sorted(
        places, key=lambda row: source.paper.entities[row[1]].type is not None
    ):
        number, named = groups[candidates.of(name)], source.paper.entities[entity]
        kinds[number] = -1 if named.type is None else list(EntityType).index(named.type) + 1
        roles[number] = -1 if named.role is None else list(Role).index(named.role)
    sizes, flags = [0] * len(groups), [0] * len(groups)
    for first, _, number in spans:
        sizes[number] += 1
        flags[number] |= 0 if text.marks[first] & IN_ABSTRACT else 1
    for sides in _definitions(text):
        for _, name in sides:
            if candidates.of(name) in groups:
                flags[groups[candidates.of(name)]] |= 2
    yield "group_kind", kinds
    yield "group_role", roles
    yield "group_size", sizes
    yield "group_flags", flags
