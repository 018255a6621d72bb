"""The first reader: a small BERT that proposes what may be a name, and the states by which it is judged.

The encoder (six layers of width 384, weights in int8) runs in onnxruntime. Its input is the paper's words, cut
into word pieces; as the vocabulary has no capitals, each piece also carries the case pattern of its word
(``Shape``), the code of the known name that it may be part of (``pipelines.known``), and a segment that
tells title from abstract. Its output is, for each word, the log probability of eleven BIO tags, and for each piece
its last state. Every run of words that may be one name is a candidate, with other borders beside it; which of them
are entities is judged name by name (``verdicts``).
A piece that is surely outside after two layers stops there (Li et al. 2021): the other layers read the
rest, less than a third, and see those that stopped as they were.

One text is one call: dynamic quantisation scales by the largest value in a batch, so what a text
yields would otherwise depend on its neighbours.
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
"""The key in ``Doc.user_data`` of what the network made of the text; the last component takes it away."""
LEAST_BEGIN, LEAST_SCORE = 0.05, 0.05
"""The least probability of a beginning, and of a whole candidate."""
OUTSIDE = -30.0
"""The log probability of a name where nothing was read."""

Scores = NDArray[np.float32]


class Shape(IntEnum):
    """How a word is written; the values are baked into the weights."""

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
    """Return the case pattern of one word."""
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
"""Word pieces of one text that are read, which bounds its time; the longest of 87,068 real abstracts has 4,040. Names found are still looked for in the rest."""
MOST_WORDS = 50_000
"""Words whose pieces are kept: what a few thousand abstracts hold."""


@functools.cache
def known_names(path: Path) -> KnownNames:
    """Return the table of known names of a model, read once."""
    return KnownNames.read(path / "known_names.tsv")


def load_network(path: Path, threads: int) -> onnxruntime.InferenceSession:
    """Return an ONNX file ready to run on the processor."""
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
    """Words that may be one name: half-open indices, the probability that they are, and of each type if so."""

    first: int
    last: int
    score: float
    types: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network made of a text."""

    words: list[tuple[str, int, int]]
    """The words with their half-open character offsets."""
    scores: Scores
    """The log probabilities of the tags, a row a word."""
    states: Scores
    """A row a piece, after that of [CLS]."""
    owners: list[int]
    """The word of each piece."""
    title: int
    """Where the title ends (characters)."""
    starts: list[int]
    """Where the words begin (characters)."""

    def pieces(self, first: int, last: int) -> tuple[int, int] | None:
        """Return the rows of ``states`` of half-open words, the last one included; None if they have none."""
        low, high = bisect_left(self.owners, first), bisect_left(self.owners, last)
        return (low + 1, high) if low < high else None


@dataclass(frozen=True, slots=True)
class _Input:
    """A text as the network reads it."""

    words: list[tuple[str, int, int]]
    owners: list[int]
    title: int
    places: list[tuple[int, int, int, int]]
    """The windows."""
    feeds: list[dict[str, NDArray[np.int64]]]
    """What goes in, one for each window."""


class SpanFinder:
    """A spaCy component that proposes candidates; it keeps them in ``doc.user_data`` for the components behind it."""

    def __init__(self, path: Path | None = None, threads: int = 1) -> None:
        """Load the weights, the word pieces and the configuration from a folder, by default the model that comes with kg."""
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
        """Take the model of a folder."""
        self._load(Path(path))
        return self

    def __call__(self, doc: Doc) -> Doc:
        """Read the document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Read many documents, batch by batch, and yield them."""
        rest = iter(stream)
        while docs := list(islice(rest, batch_size)):
            for doc, reading in zip(docs, self.read([text_of(doc) for doc in docs]), strict=True):
                doc.user_data[READING] = reading
            yield from docs

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Return what the network makes of each text.

        All are prepared, then all are read one after another: so the processor's caches hold what each of the two needs.
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
        """Put the windows together: the scores of the first piece of each word, a word without one is outside; and all states."""
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
        """Return the word pieces of each word; words are cut one by one, so what was cut before is looked up."""
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
    """Return every run of words that may be one name, by the probabilities of its beginning, its inside and its end.

    Args:
        scores: log probabilities, one row a word: outside, then beginning and inside of each type.
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
    """Return what the network reads of one window; [CLS] (101) and [SEP] (102) stand around it."""
    rows = {
        "ids": [101, *ids, 102],
        "types": [segments[0], *segments, segments[-1]],
        "shapes": [0, *shapes, 0],
        "known": [0, *known, 0],
    }
    return {name: np.asarray([values], dtype=np.int64) for name, values in rows.items()}


def windows(length: int, window: int, overlap: int) -> list[tuple[int, int, int, int]]:
    """Cut ``length`` word pieces into windows that overlap.

    Returns:
        (first, last, low, high) for each: pieces ``first`` to ``last`` are read, the scores of ``low`` to ``high`` kept;
        each piece is kept once, from the window in which it has the most context.
    """
    if length <= window:
        return [(0, length, 0, length)]
    starts = [*range(0, length - window, window - overlap), length - window]
    middles = [(one + window + two) // 2 for one, two in pairwise(starts)]
    bounds = [0, *middles, length]
    return [(start, start + window, bounds[n], bounds[n + 1]) for n, start in enumerate(starts)]


@Language.factory("kg_span_finder", default_config={"path": "", "threads": 1})
def make_span_finder(nlp: Language, name: str, path: str, threads: int) -> SpanFinder:  # noqa: ARG001 - spaCy's signature
    """Make the component from the configuration of the pipeline; an empty path means the model that comes with kg."""
    return SpanFinder(Path(path) if path else None, threads)
