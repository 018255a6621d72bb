"""The first reader: a small BERT that proposes candidate names.

The encoder (six layers of width 384, int8 weights) runs in onnxruntime. Its input is the paper's
words, split into word pieces. As the vocabulary is lower case, each piece also has the casing of
its word (``Shape``), the code of the known name that it may be part of (``pipelines.known``), and a
segment that distinguishes title from abstract. Its output is the log probabilities of eleven BIO
tags for each word, and the last hidden state of each piece. Every run of words that may be one name
is a candidate, along with variants that have other boundaries; the second reader (``verdicts``)
judges each name.

Pieces that are almost certainly outside any name after two layers exit there (Li et al. 2021). The
other layers process the rest, less than a third, and attend to the exited pieces' last states.

Each text is a separate call: dynamic quantization scales by the largest value in a batch, so a
text's result would otherwise depend on its neighbours.
"""

import functools
import json
import shutil
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from tokenizers import Tokenizer

from pipelines.known import KnownNames
from pipelines.onnx import onnxruntime
from pipelines.tokenizer import split_words, text_of

__all__ = ["READING", "Candidate", "Reading", "Shape", "SpanFinder", "candidates", "shape"]

MODEL = Path(__file__).parent.parent / "model"
READING = "kg_reading"
"""The key of the network's output in ``Doc.user_data``; the last component removes it."""
LEAST_BEGIN, LEAST_SCORE = 0.05, 0.05
"""Minimum probability of a candidate's start, and of a whole candidate."""
OUTSIDE = -30.0
"""The log probability of a name in text that was not read."""

Scores = NDArray[np.float32]


class Shape(IntEnum):
    """The casing of a word; the model's weights depend on these values."""

    NONE = 0
    MARK = 1
    DIGITS = 2
    UPPER_AND_DIGITS = 3
    LOWER_AND_DIGITS = 4
    LOWER = 5
    UPPER = 6
    ONE_UPPER = 7
    TITLE = 8
    UPPER_PLURAL = 9
    MIXED = 10


@functools.lru_cache(maxsize=50_000)
def shape(word: str) -> Shape:  # noqa: PLR0911 - a table of cases reads best as returns
    """Return the casing of a word."""
    upper = sum(map(str.isupper, word))
    lower = sum(map(str.islower, word))
    if not any(map(str.isalnum, word)):
        return Shape.MARK if word else Shape.NONE
    if word.isdigit():
        return Shape.DIGITS
    if any(map(str.isdigit, word)):
        return Shape.UPPER_AND_DIGITS if upper else Shape.LOWER_AND_DIGITS
    if not upper:
        return Shape.LOWER
    if not lower:
        return Shape.UPPER if len(word) > 1 else Shape.ONE_UPPER
    if upper == 1 and word[0].isupper():
        return Shape.TITLE
    return Shape.UPPER_PLURAL if lower == 1 and word.endswith("s") else Shape.MIXED


MOST_PIECES = 4096
"""Word pieces read per text, which bounds the time; the longest of 87,068 real abstracts has 4,040.

Names found there are still searched for in the rest of the text.
"""
MOST_WORDS = 50_000
"""Words whose pieces are cached: about those of a few thousand abstracts."""


@functools.cache
def known_names(path: Path) -> KnownNames:
    """Return a model's table of known names, cached."""
    return KnownNames.read(path / "known_names.tsv")


def load_network(path: Path, threads: int) -> onnxruntime.InferenceSession:
    """Load an ONNX file to run on the CPU."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        path,
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=[
            "SkipLayerNormFusion",
            "BiasSkipLayerNormFusion",
        ],  # slower than the parts
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that may be one name.

    Half-open word indices, the probability that they are a name, and that of each type if so.
    """

    first: int
    last: int
    score: float
    types: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The network's output for a text."""

    words: list[tuple[str, int, int]]
    """The words with their half-open character offsets."""
    scores: Scores
    """The log probabilities of the tags, one row per word."""
    states: Scores
    """Hidden states: that of [CLS], then one row per piece."""
    owners: list[int]
    """The index of each piece's word."""
    title: int
    """Character offset of the title's end."""
    starts: list[int]
    """Character offsets of the words."""

    def pieces(self, first: int, last: int) -> tuple[int, int] | None:
        """Return the first and last row of ``states`` for a half-open range of words, or None."""
        low, high = bisect_left(self.owners, first), bisect_left(self.owners, last)
        return (low + 1, high) if low < high else None


@dataclass(frozen=True, slots=True)
class _Input:
    """A text prepared for the network."""

    words: list[tuple[str, int, int]]
    owners: list[int]
    title: int
    places: list[tuple[int, int, int, int]]
    """The windows."""
    feeds: list[dict[str, NDArray[np.int64]]]
    """The network's inputs, one per window."""


class SpanFinder:
    """A spaCy component that keeps the network's output in ``doc.user_data`` for later ones."""

    def __init__(self, path: Path | None = None, threads: int = 1) -> None:
        """Load weights, vocabulary and configuration from a folder, by default kg's own model."""
        self.threads = threads
        self._load(path or MODEL)

    def _load(self, path: Path) -> None:
        config = json.loads((path / "config.json").read_text(encoding="utf-8"))
        self.path = path
        self.tags: list[str] = config["tags"]
        self.window: int = config["window"]
        self.overlap: int = config["overlap"]
        self.known = known_names(path)
        self.pieces = Tokenizer.from_file(str(path / "tokenizer.json"))
        self.pieces.no_truncation()
        self.pieces.no_padding()
        self._ids: dict[str, list[int]] = {}
        self.session = load_network(path / "model.onnx", self.threads)

    def to_disk(self, path: Path, *, exclude: Sequence[str] = ()) -> None:  # noqa: ARG002 - spaCy's signature
        """Copy the model to a folder."""
        shutil.copytree(self.path, path, dirs_exist_ok=True)

    def from_disk(self, path: Path, *, exclude: Sequence[str] = ()) -> "SpanFinder":  # noqa: ARG002 - spaCy's signature
        """Load the model from a folder."""
        self._load(Path(path))
        return self

    def __call__(self, doc: Doc) -> Doc:
        """Process one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Process documents in batches and yield them."""
        rest = iter(stream)
        while docs := list(islice(rest, batch_size)):
            for doc, reading in zip(docs, self.read([text_of(doc) for doc in docs]), strict=True):
                doc.user_data[READING] = reading
            yield from docs

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Return the network's output for each text.

        All texts are prepared first and then read one after another, which makes better use of the
        processor's caches.
        """
        inputs = list(map(self._prepare, texts))
        found = [[self.session.run(None, feed) for feed in one.feeds] for one in inputs]
        return [self._reading(one, outputs) for one, outputs in zip(inputs, found, strict=True)]

    def _prepare(self, text: str) -> _Input:
        words = split_words(text)
        cut = self._cut([word for word, _, _ in words])
        ids = [piece for pieces in cut for piece in pieces][:MOST_PIECES]
        owners = [word for word, pieces in enumerate(cut) for _ in pieces][:MOST_PIECES]
        title = text.find("\n")
        segments = [int(start > title) for _, start, _ in words]
        shapes = [shape(word) for word, _, _ in words]
        known = self.known.features([word for word, _, _ in words])
        places = windows(len(owners), self.window, self.overlap) if owners else []
        feeds = []
        for first, last, _, _ in places:
            inner = owners[first:last]
            feeds.append(
                _feed(
                    ids[first:last],
                    [segments[word] for word in inner],
                    [shapes[word] for word in inner],
                    [known[word] for word in inner],
                )
            )
        return _Input(words, owners, title, places, feeds)

    def _reading(self, read: _Input, outputs: Sequence[Sequence[Scores]]) -> Reading:
        """Combine the windows: each word has the scores of its first piece, if it was read."""
        scores = np.full((len(read.words), len(self.tags)), OUTSIDE, dtype=np.float32)
        scores[:, 0] = 0.0
        owners = np.asarray(read.owners, dtype=np.int64)
        begins = np.flatnonzero(np.diff(owners, prepend=-1))
        kept = []
        for (first, _, low, high), (inner, states) in zip(read.places, outputs, strict=True):
            own = begins[(begins >= low) & (begins < high)]
            scores[owners[own]] = inner[0][own - first + 1]
            kept.append(states[0][low - first + 1 : high - first + 1])
        all_states = (
            np.concatenate([outputs[0][1][0][:1], *kept])
            if outputs
            else np.zeros((0, 0), dtype=np.float32)
        )
        return Reading(
            read.words,
            scores,
            all_states,
            read.owners,
            read.title,
            [start for _, start, _ in read.words],
        )

    def _cut(self, words: Sequence[str]) -> list[list[int]]:
        """Return the word pieces of each word, using a cache of words split before."""
        if len(self._ids) > MOST_WORDS:
            self._ids.clear()
        new = [word for word in dict.fromkeys(words) if word not in self._ids]
        if new:
            self._ids.update((word, []) for word in new)
            encoding = self.pieces.encode(new, is_pretokenized=True, add_special_tokens=False)
            for number, piece in zip(encoding.word_ids, encoding.ids, strict=True):
                if number is not None:
                    self._ids[new[number]].append(piece)
        return [self._ids[word] for word in words]


def candidates(scores: Scores) -> list[Candidate]:
    """Return every run of words that may be one name, given the probabilities of its tags.

    Args:
        scores: log probabilities, one row per word: outside, then begin and inside for each type.
    """
    begins, insides = np.exp(scores[:, 1::2]), np.exp(scores[:, 2::2])
    begin, inside = begins.sum(axis=1).tolist(), [*insides.sum(axis=1).tolist(), 0.0]
    found = []
    for first in np.flatnonzero(begins.sum(axis=1) > LEAST_BEGIN).tolist():
        through, last = begin[first], first + 1
        while through > LEAST_SCORE and last <= len(scores):
            score = through * (1.0 - inside[last])
            if score > LEAST_SCORE:
                types = begins[first] + insides[first + 1 : last].sum(axis=0)
                found.append(Candidate(first, last, score, tuple((types / types.sum()).tolist())))
            through *= inside[last]
            last += 1
    return found


def _feed(
    ids: Sequence[int], segments: Sequence[int], shapes: Sequence[int], known: Sequence[int]
) -> dict[str, NDArray[np.int64]]:
    """Return the network's inputs for one window, enclosed in [CLS] (101) and [SEP] (102)."""
    rows = {
        "ids": [101, *ids, 102],
        "types": [segments[0], *segments, segments[-1]],
        "shapes": [0, *shapes, 0],
        "known": [0, *known, 0],
    }
    return {name: np.asarray([values], dtype=np.int64) for name, values in rows.items()}


def windows(length: int, window: int, overlap: int) -> list[tuple[int, int, int, int]]:
    """Divide ``length`` word pieces into overlapping windows.

    Returns:
        (first, last, low, high) for each: pieces ``first`` to ``last`` are read, and the scores of
        ``low`` to ``high`` kept. Each piece is kept once, from the window where it has most
        context.
    """
    if length <= window:
        return [(0, length, 0, length)]
    starts = [*range(0, length - window, window - overlap), length - window]
    middles = [(one + window + two) // 2 for one, two in pairwise(starts)]
    bounds = [0, *middles, length]
    return [(start, start + window, bounds[n], bounds[n + 1]) for n, start in enumerate(starts)]


@Language.factory("kg_span_finder", default_config={"path": "", "threads": 1})
def make_span_finder(nlp: Language, name: str, path: str, threads: int) -> SpanFinder:  # noqa: ARG001 - spaCy's signature
    """Create the component; an empty path selects kg's own model."""
    return SpanFinder(Path(path) if path else None, threads)
