"""One sense per paper: a name means the same throughout a paper (Gale, Church and Yarowsky 1992).

The mentions of a name, and of the short and long forms that the paper defines, are one entity and
are judged together (``verdicts``). Of overlapping candidates the most certain wins. Generic words
and fragments of compounds ("prompt-" of "prompt-based") are not candidates. Entities that the
lexicon knows as one thing are joined. Finally, every other occurrence of a name found becomes a
mention too.
"""

import functools
import re
import shutil
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.names.generic import is_generic
from kg.records import EntityType
from pipelines import lexicon
from pipelines.components.abbreviations import SHORT_FORMS, definitions_of
from pipelines.components.span_finder import MODEL, READING, Reading, candidates, known_names
from pipelines.components.verdicts import Evidence, Judge, Verdict
from pipelines.known import KnownNames, fold_name
from pipelines.tokenizer import text_of, token_bounds

__all__ = ["MENTIONS", "Found", "OneSense", "Proposed", "Settled", "propose", "settle"]

MENTIONS = "mentions"
"""The key of the mentions in ``Doc.spans``."""


Pair = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate: half-open character offsets; probabilities of a name and of each type."""

    start: int
    end: int
    score: float
    types: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """A mention, with the number of its entity and the verdict on it."""

    start: int
    end: int
    entity: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Proposed:
    """A candidate entity: its mentions, sorted, and the evidence about it."""

    name: str
    """The alphabetically first of its folded names."""
    mentions: tuple[Found, ...]
    evidence: Evidence


def propose(
    text: str, reading: Reading, pairs: Iterable[Pair], known: KnownNames
) -> list[Proposed]:
    """Return the candidate entities of a text; their mentions may overlap.

    Args:
        text: the paper's text.
        reading: the first reader's output for it.
        pairs: the spans of the short and long form of each definition.
        known: the table of known names.
    """
    words = reading.words
    found = [
        Found(words[one.first][1], words[one.last - 1][2], one.score, one.types)
        for one in candidates(reading.scores)
    ]
    found, joined = _apply_definitions(text, _whole(text, found), pairs)
    groups = _Groups()
    by_name: dict[str, list[Found]] = defaultdict(list)
    for mention in found:
        name = fold_name(text[mention.start : mention.end])
        groups.add(name)
        by_name[name].append(mention)
    for one, other in joined:
        groups.join(one, other)
    defined = {name for pair in joined for name in pair}
    together: dict[str, list[str]] = defaultdict(list)
    for name in by_name:
        together[groups.of(name)].append(name)
    return [
        proposed
        for name, names in together.items()
        if (
            proposed := _proposed(
                name, [(own, by_name[own]) for own in names], text, reading, known, name in defined
            )
        )
    ]


def _proposed(
    name: str,
    named: Sequence[tuple[str, list[Found]]],
    text: str,
    reading: Reading,
    known: KnownNames,
    is_defined: bool,  # noqa: FBT001 - one of the facts
) -> Proposed | None:
    mentions = sorted((one for _, found in named for one in found), key=lambda one: one.start)
    places = [_pieces(reading, one) for one in mentions]
    pieces = [place for place in places if place]
    if not pieces:
        return None
    facts_of = [known.names[own] for own, _ in named if own in known.names]
    shares = [
        sum(column) / len(mentions) for column in zip(*(one.types for one in mentions), strict=True)
    ]
    surfaces = [text[one.start : one.end] for one in mentions]
    evidence = Evidence(
        pieces,
        max(one.score for one in mentions),
        shares,
        in_title=any(one.start < reading.title for one in mentions),
        is_defined=is_defined,
        known=max(facts_of, key=lambda fact: (fact.verdict > 0, fact.use), default=None),
        words=max(len(surface.split()) for surface in surfaces),
        is_cased=any(
            any(map(str.isupper, surface[1:])) or any(map(str.isdigit, surface))
            for surface in surfaces
        ),
    )
    return Proposed(name, tuple(mentions), evidence)


def _pieces(reading: Reading, mention: Found) -> tuple[int, int] | None:
    starts = reading.starts
    return reading.pieces(bisect_right(starts, mention.start) - 1, bisect_left(starts, mention.end))


def settle(text: str, judged: Sequence[tuple[Proposed, Verdict]], judge: Judge) -> list[Settled]:
    """Return all mentions, sorted; entities are numbered in order of first mention.

    Args:
        text: the paper's text.
        judged: the candidate entities with their verdicts; of two that overlap the more certain
            wins.
        judge: decides which verdicts are certain enough.
    """
    used = bytearray(len(text))
    verdicts: dict[str, Verdict] = {}
    kept: list[tuple[int, int, str]] = []
    for one, verdict in sorted(judged, key=lambda row: (-row[1].certainty, row[0].name)):
        if judge.counts(verdict) and (free := _free(one.mentions, used)):
            kept += [(mention.start, mention.end, one.name) for mention in free]
            verdicts[one.name] = verdict
    roots = _joined(text, kept)
    best: dict[str, Verdict] = {}
    for name, verdict in verdicts.items():  # the surest first
        best.setdefault(roots[name], verdict)
    numbers: dict[str, int] = {}
    return [
        Settled(start, end, numbers.setdefault(root, len(numbers)), best[root])
        for start, end, name in sorted([*kept, *_other_places(text, kept, used)])
        if (root := roots[name])
    ]


def _free(mentions: Sequence[Found], used: bytearray) -> list[Found]:
    """Return the mentions that overlap none accepted before, and accept them."""
    free = [mention for mention in mentions if not any(used[mention.start : mention.end])]
    for mention in free:
        used[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
    return free


def _joined(text: str, kept: Sequence[tuple[int, int, str]]) -> dict[str, str]:
    """Return the entity's name for each name, joining names that the lexicon knows as one term."""
    groups = _Groups()
    surfaces: dict[str, set[str]] = defaultdict(set)
    for start, end, name in kept:
        groups.add(name)
        surfaces[fold_name(text[start:end])].add(name)
    for surface, same in _known_as(sorted(surfaces)):
        for first, second in product(surfaces[surface], surfaces[same]):
            groups.join(first, second)
    return {name: groups.of(name) for _, _, name in kept}


class _Groups:
    """Sets of names of one entity (union-find; the smallest name represents a set)."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def add(self, name: str) -> None:
        self._parent.setdefault(name, name)

    def of(self, name: str) -> str:
        while self._parent[name] != name:
            name = self._parent[name]
        return name

    def join(self, one: str, other: str) -> None:
        if one in self._parent and other in self._parent:
            first, second = sorted((self.of(one), self.of(other)))
            self._parent[second] = first


@dataclass(frozen=True, slots=True)
class _Facts:
    """The lexicon, indexed by folded names."""

    types: dict[str, EntityType]
    """The type of each unambiguous name."""
    terms: dict[str, tuple[str, ...]]
    """The terms (folded labels) that a name can refer to."""
    sure: frozenset[str]
    """The unambiguous names."""


@functools.cache
def facts() -> _Facts:
    """Return the lexicon, indexed by folded names."""
    types: dict[str, EntityType] = {}
    terms: dict[str, set[str]] = defaultdict(set)
    unsure: set[str] = set()
    for term in lexicon.load():
        unsure |= set(map(fold_name, term.ambiguous))
        for surface in (term.label, *term.aliases, *term.ambiguous):
            terms[fold_name(surface)].add(fold_name(term.label))
            types[fold_name(surface)] = term.type
    sure = frozenset(
        name for name, labels in terms.items() if len(labels) == 1 and name not in unsure
    )
    return _Facts(
        {name: kind for name, kind in types.items() if name in sure},
        {name: tuple(sorted(labels)) for name, labels in terms.items()},
        sure,
    )


def _known_as(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of names of one lexicon term; an ambiguous name needs an unambiguous partner."""
    by_term: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for term in facts().terms.get(name, ()):
            by_term[term].append(name)
    for same in by_term.values():
        sure = [name for name in same if name in facts().sure]
        if sure:
            yield from ((sure[0], name) for name in same if name != sure[0])


def _whole(text: str, found: Iterable[Found]) -> list[Found]:
    """Return the spans that are whole names, without duplicates.

    Spans in web addresses, fragments of compounds and generic words are dropped; marks and unpaired
    brackets at the ends are trimmed.
    """
    kept: dict[tuple[int, int], Found] = {}
    addresses = [place.span() for place in ADDRESS.finditer(text)]
    for mention in found:
        start, end = _trim(text, mention.start, mention.end)
        surface = text[start:end]
        if any(low < end and start < high for low, high in addresses):
            continue
        if (
            surface
            and not _is_fragment(text, start, end)
            and not is_generic(surface)
            and surface.casefold() not in ADJECTIVES
        ):
            own = replace(mention, start=start, end=end)
            kept[start, end] = max(own, kept.get((start, end), own), key=lambda one: one.score)
    return list(kept.values())


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets of the name in a span.

    Of a span over two lines the longer part is kept; unpaired brackets, sizes and marks at the ends
    are removed.
    """
    line = max(re.finditer(r"[^\n]+", text[start:end]), key=lambda part: len(part.group()))
    start, end = start + line.start(), start + line.end()
    surface = text[start:end]
    if surface.count("(") > surface.count(")"):
        surface = surface[: surface.rindex("(")]
    elif surface.count(")") > surface.count("("):
        surface = surface[: surface.index(")")]
    size = SIZE.search(surface)
    if size and any(map(str.isdigit, surface[: size.start()])):
        surface = surface[: size.start()]
    trimmed = surface.strip(MARKS)
    return start + surface.index(trimmed), start + surface.index(trimmed) + len(trimmed)


SIZE = re.compile(r"[-\s]\d+(?:\.\d+)?[BM]\Z")
"""A parameter count; a name that has another number is used without it ("Llama 3 8B")."""
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b[\w.-]+\.(?:com|org|io|net|edu)/\S*", re.IGNORECASE)
MARKS = "-\u2013/,;:'\" \t"


def _is_fragment(text: str, start: int, end: int) -> bool:
    """Return whether a span is one plain, unknown word of a compound ("prompt-based")."""
    word = text[start:end]
    if not re.fullmatch(r"[A-Za-z][a-z]*", word) or fold_name(word) in facts().types:
        return False
    return bool(HYPHEN_BEHIND.match(text, end)) or (
        word.islower() and bool(HYPHEN_BEFORE.search(text[max(0, start - 2) : start]))
    )


HYPHEN_BEHIND = re.compile(r"[-\u2013](?:[^\W\d_]|\Z)")
HYPHEN_BEFORE = re.compile(r"[^\W\d_][-\u2013]\Z")

ADJECTIVES = frozenset(
    """adaptive adversarial autoregressive auto-regressive bayesian bidirectional causal contrastive convolutional deep discriminative
    distributed dynamic end-to-end evolutionary federated few-shot generative geometric graph-based hierarchical hybrid incremental
    interactive large latent lightweight linear monolingual multi multi-modal multilingual multimodal neural nonlinear offline online
    optical parametric pre-trained pretrained probabilistic recurrent robust self-supervised semi-supervised sequential sparse
    spatial statistical stochastic supervised symbolic temporal unsupervised variational weakly-supervised zero-shot""".split()  # noqa: SIM905 - a list of words
)
"""Descriptive words, which are not names by themselves."""


def _apply_definitions(
    text: str, found: list[Found], pairs: Iterable[Pair]
) -> tuple[list[Found], list[tuple[str, str]]]:
    """Make both sides of a definition candidates if one is, and return the names to join."""
    joined = []
    for short, long in pairs:
        names = tuple(fold_name(text[start:end]) for start, end in (short, long))
        known = [m for m in found if fold_name(text[m.start : m.end]) in names]
        if not known or "" in names:
            continue
        best = max(known, key=lambda mention: mention.score)
        places = {(m.start, m.end) for m in found}
        found = [
            *found,
            *(Found(*side, best.score, best.types) for side in (short, long) if side not in places),
        ]
        joined.append((names[0], names[1]))
    return found, joined


SEPARATORS = re.compile(r"[\s-]+")


def _other_places(
    text: str, kept: Sequence[tuple[int, int, str]], used: bytearray
) -> Iterator[tuple[int, int, str]]:
    """Yield the occurrences of found surfaces that were missed, longest first, with their names."""
    names = {text[start:end]: name for start, end, name in kept}
    whole, marked = text.lower(), "\n".join(text[start:end].lower() for start, end, _ in kept)
    for surface, name in sorted(names.items(), key=lambda item: (-len(item[0]), item[0])):
        word = max(SEPARATORS.split(surface.lower()), key=len)
        if whole.count(word) <= marked.count(
            word
        ):  # all are in names already; to compile a pattern takes long
            continue
        for place in _pattern(surface).finditer(text):
            if not any(used[place.start() : place.end()]):
                used[place.start() : place.end()] = b"\1" * len(place.group())
                yield place.start(), place.end(), name


@functools.lru_cache(maxsize=2_000)
def _pattern(surface: str) -> re.Pattern[str]:
    """Return a pattern for a surface, with an optional plural s.

    Case matters if the surface is short or has a capital after its first letter.
    """
    as_given = len(surface) <= 5 or any(map(str.isupper, surface[1:]))  # noqa: PLR2004 - the guidelines' number
    body = SEPARATORS.pattern.join(map(re.escape, SEPARATORS.split(surface)))
    return re.compile(rf"(?<![^\W_]){body}s?(?![^\W_])", 0 if as_given else re.IGNORECASE)


class OneSense:
    """A spaCy component that judges the candidates and writes ``doc.spans["mentions"]``."""

    def __init__(self, path: Path | None = None) -> None:
        """Load the second reader and the known names from a folder, by default kg's own model."""
        self._load(path or MODEL)

    def _load(self, path: Path) -> None:
        self.path = path
        self.judge, self.known = Judge(path), known_names(path)

    def to_disk(self, path: Path, *, exclude: Sequence[str] = ()) -> None:  # noqa: ARG002 - spaCy's signature
        """Copy the second reader to a folder."""
        path.mkdir(parents=True, exist_ok=True)
        for name in ("verdicts.onnx", "calibration.json", "known_names.tsv"):
            shutil.copyfile(self.path / name, path / name)

    def from_disk(self, path: Path, *, exclude: Sequence[str] = ()) -> "OneSense":  # noqa: ARG002 - spaCy's signature
        """Load the second reader from a folder."""
        self._load(Path(path))
        return self

    def __call__(self, doc: Doc) -> Doc:
        """Write the mentions; a span's id is its entity's number.

        ``span._.certainty`` and ``span._.role`` are those of the entity.
        """
        reading: Reading | None = doc.user_data.pop(READING, None)
        if reading is None or SHORT_FORMS not in doc.spans:
            message = "kg_one_sense needs kg_span_finder and kg_abbreviations before it"
            raise ValueError(message)
        text = text_of(doc)
        proposed = propose(text, reading, definitions_of(doc), self.known)
        verdicts = self.judge.judge(reading, [one.evidence for one in proposed])
        settled = settle(text, list(zip(proposed, verdicts, strict=True)), self.judge)
        spans = []
        for (first, last), mention in zip(
            token_bounds(doc, [(m.start, m.end) for m in settled]), settled, strict=True
        ):
            span = Span(doc, first, last, label=mention.verdict.type.value, span_id=mention.entity)
            span._.certainty = mention.verdict.certainty
            span._.role = mention.verdict.role and mention.verdict.role.value
            spans.append(span)
        doc.spans[MENTIONS] = spans
        return doc


@Language.factory("kg_one_sense", default_config={"path": ""})
def make_one_sense(nlp: Language, name: str, path: str) -> OneSense:  # noqa: ARG001 - spaCy's signature
    """Create the component; an empty path selects kg's own model."""
    return OneSense(Path(path) if path else None)


for extension in ("certainty", "role"):
    if not Span.has_extension(extension):
        Span.set_extension(extension, default=None)
