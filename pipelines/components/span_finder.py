"""The trained part: a small BERT that marks methods, datasets, benchmarks, tasks and metrics.

The encoder (six layers of width 384, weights in int8) runs in onnxruntime. Its input is the paper's words, cut
into word pieces; as the vocabulary has no capitals, each piece also carries the case pattern of its word
(``Shape``), the code of the known name that it may be part of (``pipelines.known``), and a segment that
tells title from abstract. Its output is, for each word, the log probability
of eleven BIO tags; the most probable legal sequence of tags gives the spans (Viterbi 1967).
A piece that is surely outside after two layers stops there (Li et al. 2021): the other layers read the
rest, less than a third, and see those that stopped as they were.

One text is one call: dynamic quantisation scales by the largest value in a batch, so what a text
yields would otherwise depend on its neighbours.
"""

import functools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span
from tokenizers import Tokenizer

from pipelines.known import KnownNames
from pipelines.onnx import onnxruntime
from pipelines.tokenizer import text_of

__all__ = ["Shape", "SpanFinder", "best_tags", "shape"]

MENTIONS = "mentions"
"""The key in ``Doc.spans`` under which mentions are kept, their scores in the group's ``attrs``."""

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


def best_tags(scores: Scores, legal: NDArray[np.bool_]) -> list[int]:
    """Return the tags of the most probable legal sequence (Viterbi).

    Args:
        scores: log probabilities, one row a word, one column a tag; tag 0 is "outside".
        legal: whether the tag of the column may follow the tag of the row; row 0 also tells what may come first.

    Where the most probable tags are legal they are the answer. Elsewhere the stretch is searched that words which are surely
    outside cut out.
    """
    tags: NDArray[np.int64] = scores.argmax(axis=1)
    wrong = np.flatnonzero(~legal[np.concatenate([[0], tags[:-1]]), tags])
    cuts = np.concatenate([[-1], np.flatnonzero(scores[:, 0] > SURE), [len(scores)]])
    for place in sorted({int(np.searchsorted(cuts, one)) for one in wrong}):
        start, stop = cuts[place - 1] + 1, cuts[place]
        tags[start:stop] = _viterbi(scores[start:stop], legal)
    return [int(tag) for tag in tags.tolist()]


SURE = float(np.log(0.999))
MOST_PIECES = 4096
"""Word pieces of one text that are read, which bounds its time; the longest of 87,068 real abstracts has 4,040. Names found are still looked for in the rest."""
MOST_WORDS = 50_000
"""Words whose pieces are kept: what a few thousand abstracts hold."""


def _viterbi(scores: Scores, legal: NDArray[np.bool_]) -> list[int]:
    penalty = np.where(legal, 0.0, -np.inf)
    best = scores[0] + penalty[0]
    back = []
    for row in scores[1:]:
        through = best[:, None] + penalty
        origin = through.argmax(axis=0)
        back.append(origin)
        best = through[origin, np.arange(len(row))] + row
    tags = [int(best.argmax())]
    for origin in reversed(back):
        tags.append(int(origin[tags[-1]]))
    return tags[::-1]


@dataclass(frozen=True, slots=True)
class _Input:
    """A text as the network reads it."""

    words: int
    owners: list[int]
    """The word of each piece."""
    places: list[tuple[int, int, int, int]]
    """The windows."""
    feeds: list[dict[str, NDArray[np.int64]]]
    """What goes in, one for each window."""


class SpanFinder:
    """A spaCy component that writes ``doc.spans["mentions"]``."""

    def __init__(self, path: Path, threads: int) -> None:
        """Load the weights, the word pieces and the configuration from a folder."""
        config = json.loads((path / "config.json").read_text(encoding="utf-8"))
        self.tags: list[str] = config["tags"]
        self.window: int = config["window"]
        self.overlap: int = config["overlap"]
        self.outside_bias: float = config["outside_bias"]
        self.legal = legal_steps(self.tags)
        self.known = KnownNames.read(path / "known_names.tsv")
        self.pieces = Tokenizer.from_file(str(path / "tokenizer.json"))
        self.pieces.no_truncation()
        self.pieces.no_padding()
        self._ids: dict[str, list[int]] = {}
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(
            path / "model.onnx",
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion", "BiasSkipLayerNormFusion"],  # slower than the parts
        )

    def __call__(self, doc: Doc) -> Doc:
        """Find the spans and write them to the document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Find the spans of many documents, batch by batch, and yield them."""
        rest = iter(stream)
        while docs := list(islice(rest, batch_size)):
            for doc, scores in zip(docs, self.predict(docs), strict=True):
                self.set_annotations(doc, scores)
            yield from docs

    def predict(self, docs: Sequence[Doc]) -> list[Scores]:
        """Return for each document the log probabilities of the tags, one row for each token that is not white space.

        All are prepared, then all are read one after another: so the processor's caches hold what each of the two needs.
        """
        inputs = list(map(self._prepare, docs))
        found = [[self.session.run(None, feed)[0][0] for feed in one.feeds] for one in inputs]
        return [self._scores_of_words(one, scores) for one, scores in zip(inputs, found, strict=True)]

    def _prepare(self, doc: Doc) -> _Input:
        text = text_of(doc)
        tokens = [text[start : start + length] for start, length in doc.to_array(["IDX", "LENGTH"]).tolist()]
        words = [token for token in tokens if not token.isspace()]
        cut = self._cut(words)
        ids = [piece for pieces in cut for piece in pieces][:MOST_PIECES]
        owners = [word for word, pieces in enumerate(cut) for _ in pieces][:MOST_PIECES]
        title_end = next((n for n, token in enumerate(tokens) if token.isspace() and "\n" in token), -1)
        segments = [int(n > title_end) for n, token in enumerate(tokens) if not token.isspace()]
        shapes = [shape(word) for word in words]
        known = self.known.features(words)
        places = windows(len(owners), self.window, self.overlap) if owners else []
        feeds = []
        for first, last, _, _ in places:
            inner = owners[first:last]
            feeds.append(_feed(ids[first:last], [segments[word] for word in inner], [shapes[word] for word in inner], [known[word] for word in inner]))
        return _Input(len(words), owners, places, feeds)

    def _scores_of_words(self, read: _Input, found: Sequence[Scores]) -> Scores:
        """Return the scores of the first piece of each word; a word without one is outside."""
        scores = np.full((read.words, len(self.tags)), -np.inf, dtype=np.float32)
        scores[:, 0] = 0.0
        for (first, _, low, high), inner in zip(read.places, found, strict=True):
            for place in range(low, high):
                word = read.owners[place]
                if place == 0 or read.owners[place - 1] != word:
                    scores[word] = inner[place - first + 1]
        return scores

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

    def set_annotations(self, doc: Doc, scores: Scores) -> None:
        """Write the spans of the best tag sequence, each with the mean probability of its tags."""
        words = np.flatnonzero(doc.to_array("IS_SPACE") == 0).tolist()
        biased = scores.copy()
        biased[:, 0] += self.outside_bias
        tags = best_tags(biased, self.legal)
        spans, certainty = [], []
        for first, last in runs(tags, self.tags):
            spans.append(Span(doc, words[first], words[last - 1] + 1, label=self.tags[tags[first]][2:]))
            own = scores[np.arange(first, last), tags[first:last]]
            certainty.append(float(np.exp(own.mean())))
        doc.spans[MENTIONS] = spans
        doc.spans[MENTIONS].attrs["scores"] = certainty


def _feed(ids: Sequence[int], segments: Sequence[int], shapes: Sequence[int], known: Sequence[int]) -> dict[str, NDArray[np.int64]]:
    """Return what the network reads of one window; [CLS] (101) and [SEP] (102) stand around it."""
    rows = {"ids": [101, *ids, 102], "types": [segments[0], *segments, segments[-1]], "shapes": [0, *shapes, 0], "known": [0, *known, 0]}
    return {name: np.asarray([values], dtype=np.int64) for name, values in rows.items()}


def legal_steps(tags: Sequence[str]) -> NDArray[np.bool_]:
    """Return which tag may follow which: an inside tag only its own beginning or itself."""
    return np.array([[tag[0] != "I" or (before != "O" and before[2:] == tag[2:]) for tag in tags] for before in tags])


def runs(sequence: Sequence[int], tags: Sequence[str]) -> list[tuple[int, int]]:
    """Return the half-open runs of words that the tags join to spans."""
    found: list[tuple[int, int]] = []
    for place, tag in enumerate(sequence):
        if tags[tag][0] == "B":
            found.append((place, place + 1))
        elif tags[tag][0] == "I":
            found[-1] = (found[-1][0], place + 1)
    return found


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
    """Make the component from the configuration of the pipeline."""
    return SpanFinder(Path(path), threads)
