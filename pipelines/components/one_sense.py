"""One paper, one sense: what a paper names once it means everywhere (Gale, Church and Yarowsky 1992).

The mentions of one name, of the short and long form that the paper defines, and of the names that the lexicon gives one
thing, are one entity. Its type is their vote, each weighted by the span finder's certainty.
Generic words and fragments of compounds ("prompt-" of "prompt-based") are dropped. Every other place of a name found is
then a mention too.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.names.generic import is_generic
from kg.records import EntityType
from pipelines import lexicon
from pipelines.components.abbreviations import LONG_FORMS, SHORT_FORMS
from pipelines.components.span_finder import MENTIONS
from pipelines.known import fold_name
from pipelines.tokenizer import text_of, token_bounds

__all__ = ["Found", "mark_one_sense", "settle"]


@dataclass(frozen=True, slots=True)
class Found:
    """A span with the type and the certainty (0 to 1) that the finder gave it, and the number of its entity."""

    start: int
    end: int
    type: EntityType
    score: float
    entity: int = -1


def settle(text: str, found: Sequence[Found], pairs: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> list[Found]:
    """Return all mentions, sorted, typed by vote, numbered by entity in order of first mention.

    Args:
        text: the paper's text.
        found: spans that do not overlap.
        pairs: the spans of a short form and of its long form, for each definition.
    """
    found, joined = _apply_definitions(text, _whole(text, found), pairs)
    groups = _Groups()
    for mention in found:
        groups.add(fold_name(text[mention.start : mention.end]))
    for one, other in [*joined, *_known_as(groups.names)]:
        groups.join(one, other)
    votes: dict[str, dict[EntityType, float]] = defaultdict(lambda: defaultdict(float))
    for mention in found:
        name = groups.of(fold_name(text[mention.start : mention.end]))
        votes[name][mention.type] += mention.score
    types = {name: max(sorted(vote), key=vote.__getitem__) for name, vote in votes.items()}
    named = [(mention, text[mention.start : mention.end]) for mention in found]
    numbers: dict[str, int] = {}
    settled = []
    for mention, surface in sorted([*named, *_other_places(text, named)], key=lambda item: item[0].start):
        name = groups.of(fold_name(surface))
        settled.append(replace(mention, type=types[name], entity=numbers.setdefault(name, len(numbers))))
    return settled


class _Groups:
    """Names that are one entity (union by smallest name)."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    @property
    def names(self) -> list[str]:
        return sorted(self._parent)

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
    """The lexicon by folded names."""

    types: dict[str, EntityType]
    """What a name is, for names that mean one thing."""
    terms: dict[str, tuple[str, ...]]
    """The terms (folded labels) that a name can mean."""
    sure: frozenset[str]
    """Names that mean one thing wherever they stand."""


@functools.cache
def facts() -> _Facts:
    """Return the lexicon by folded names."""
    types: dict[str, EntityType] = {}
    terms: dict[str, set[str]] = defaultdict(set)
    unsure: set[str] = set()
    for term in lexicon.load():
        unsure |= set(map(fold_name, term.ambiguous))
        for surface in (term.label, *term.aliases, *term.ambiguous):
            terms[fold_name(surface)].add(fold_name(term.label))
            types[fold_name(surface)] = term.type
    sure = frozenset(name for name, labels in terms.items() if len(labels) == 1 and name not in unsure)
    return _Facts({name: kind for name, kind in types.items() if name in sure}, {name: tuple(sorted(labels)) for name, labels in terms.items()}, sure)


def _known_as(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of names that the lexicon gives one term; a name of several meanings needs a sure one beside it."""
    by_term: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for term in facts().terms.get(name, ()):
            by_term[term].append(name)
    for same in by_term.values():
        sure = [name for name in same if name in facts().sure]
        if sure:
            yield from ((sure[0], name) for name in same if name != sure[0])


def _whole(text: str, found: Iterable[Found]) -> list[Found]:
    """Return the spans that are whole names: no fragments of compounds, no generic words, no marks or half brackets at the ends."""
    kept = []
    for mention in found:
        start, end = _trim(text, mention.start, mention.end)
        surface = text[start:end]
        if surface and not _is_fragment(text, start, end) and not is_generic(surface) and surface.casefold() not in ADJECTIVES:
            kept.append(replace(mention, start=start, end=end))
    return kept


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets of a name inside a span: of two lines the longer part, no half brackets, no marks at the ends."""
    line = max(re.finditer(r"[^\n]+", text[start:end]), key=lambda part: len(part.group()))
    start, end = start + line.start(), start + line.end()
    surface = text[start:end]
    if surface.count("(") > surface.count(")"):
        surface = surface[: surface.rindex("(")]
    elif surface.count(")") > surface.count("("):
        surface = surface[: surface.index(")")]
    trimmed = surface.strip(NUMERALS)
    return start + surface.index(trimmed), start + surface.index(trimmed) + len(trimmed)


NUMERALS = "-\u2013/,;:'\" \t"


def _is_fragment(text: str, start: int, end: int) -> bool:
    """Say whether a span is one plain word of a hyphenated compound ("prompt" of "prompt-based") that nobody knows by itself."""
    word = text[start:end]
    if not re.fullmatch(r"[A-Za-z][a-z]*", word) or fold_name(word) in facts().types:
        return False
    return bool(HYPHEN_BEHIND.match(text, end)) or (word.islower() and bool(HYPHEN_BEFORE.search(text[max(0, start - 2) : start])))


HYPHEN_BEHIND = re.compile(r"[-\u2013](?:[^\W\d_]|\Z)")
HYPHEN_BEFORE = re.compile(r"[^\W\d_][-\u2013]\Z")

ADJECTIVES = frozenset(
    """adaptive adversarial autoregressive auto-regressive bayesian bidirectional causal contrastive convolutional deep discriminative
    distributed dynamic end-to-end evolutionary federated few-shot generative geometric graph-based hierarchical hybrid incremental
    interactive large latent lightweight linear monolingual multi multi-modal multilingual multimodal neural nonlinear offline online
    optical parametric pre-trained pretrained probabilistic recurrent robust self-supervised semi-supervised sequential sparse
    spatial statistical stochastic supervised symbolic temporal unsupervised variational weakly-supervised zero-shot""".split()  # noqa: SIM905 - a list of words
)
"""What only describes is no name by itself."""


def _apply_definitions(
    text: str, found: list[Found], pairs: Iterable[tuple[tuple[int, int], tuple[int, int]]]
) -> tuple[list[Found], list[tuple[str, str]]]:
    """Where one side of a definition is a mention make the other one too, and return the names to join."""
    joined = []
    for short, long in pairs:
        names = tuple(fold_name(text[start:end]) for start, end in (short, long))
        known = [m for m in found if fold_name(text[m.start : m.end]) in names]
        if not known or "" in names:
            continue
        best = max(known, key=lambda mention: mention.score)
        for start, end in (short, long):
            inside = [m for m in found if m.start < end and m.end > start]
            if all(start <= m.start and m.end <= end for m in inside) and (start, end) not in {(m.start, m.end) for m in inside}:
                found = [m for m in found if m not in inside]
                found.append(Found(start, end, best.type, best.score))
        joined.append((names[0], names[1]))
    return sorted(found, key=lambda mention: mention.start), joined


SEPARATORS = re.compile(r"[\s-]+")


def _other_places(text: str, named: Sequence[tuple[Found, str]]) -> Iterator[tuple[Found, str]]:
    """Yield the places of found surfaces that the finder passed over, longest first, each with the surface found again."""
    used = bytearray(len(text))
    best: dict[str, Found] = {}
    for mention, surface in named:
        used[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
        if surface not in best or best[surface].score < mention.score:
            best[surface] = mention
    whole, marked = text.lower(), "\n".join(surface.lower() for _, surface in named)
    for surface, mention in sorted(best.items(), key=lambda item: (-len(item[0]), item[0])):
        word = max(SEPARATORS.split(surface.lower()), key=len)
        if whole.count(word) <= marked.count(word):  # all are in names already; to compile a pattern takes long
            continue
        for place in _pattern(surface).finditer(text):
            if not any(used[place.start() : place.end()]):
                used[place.start() : place.end()] = b"\1" * len(place.group())
                yield replace(mention, start=place.start(), end=place.end(), score=0.0), surface


@functools.lru_cache(maxsize=2_000)
def _pattern(surface: str) -> re.Pattern[str]:
    """Return what finds a surface again: plural s allowed, case as given where it tells (short, or capitals inside)."""
    as_given = len(surface) <= 5 or any(map(str.isupper, surface[1:]))  # noqa: PLR2004 - the guidelines' number
    body = SEPARATORS.pattern.join(map(re.escape, SEPARATORS.split(surface)))
    return re.compile(rf"(?<![^\W_]){body}s?(?![^\W_])", 0 if as_given else re.IGNORECASE)


@Language.component("one_sense")
def mark_one_sense(doc: Doc) -> Doc:
    """Rewrite ``doc.spans["mentions"]``; each span's id is the number of its entity."""
    group = doc.spans[MENTIONS]
    found = [
        Found(span.start_char, span.end_char, EntityType(span.label_), score)
        for span, score in zip(group, group.attrs["scores"], strict=True)
    ]
    pairs = [
        ((short.start_char, short.end_char), (long.start_char, long.end_char))
        for short, long in zip(doc.spans[SHORT_FORMS], doc.spans[LONG_FORMS], strict=True)
    ]
    settled = settle(text_of(doc), found, pairs)
    bounds = token_bounds(doc, [(mention.start, mention.end) for mention in settled])
    doc.spans[MENTIONS] = [
        Span(doc, first, last, label=mention.type.value, span_id=mention.entity) for (first, last), mention in zip(bounds, settled, strict=True)
    ]
    doc.spans[MENTIONS].attrs["scores"] = [mention.score for mention in settled]
    return doc
