"""From marked texts to the rows that the network trains on: word pieces, features and tags."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from pipelines.components.span_finder import shape
from pipelines.known import KnownNames
from pipelines.tokenizer import split_words
from pipelines.training.annotations import Place

__all__ = ["IGNORED", "Example", "batches", "collate", "make_example", "tag_words"]

IGNORED = -100
LONGEST = 512
MASK_PIECE, FIRST_PIECE_OF_TEXT = 103, 999


@dataclass(slots=True)
class Example:
    """One text, ready for the network. Rows of ``tags`` and ``soft`` belong to first pieces of words."""

    id: str
    words: list[tuple[str, int, int]]
    ids: list[int]
    types: list[int]
    shapes: list[int]
    known: list[int]
    owners: list[int]
    """The word of each piece; -1 for [CLS] and [SEP]."""
    tags: list[int] = field(default_factory=list)
    soft: NDArray[np.float16] | None = None
    """What a teacher thinks of each word: the probability of each tag."""
    annotated: bool = False
    """Whether the tags are an annotator's; else only the teacher's word counts."""

    @property
    def heads(self) -> list[int]:
        """The first piece of each word that has one, in order."""
        return [n for n, word in enumerate(self.owners) if word >= 0 and word != self.owners[n - 1]]


def make_example(
    key: str,
    text: str,
    pieces: Tokenizer,
    names: KnownNames,
    of: Callable[[str], int] | None,
    tags: Callable[[Sequence[tuple[str, int, int]]], list[int]],
) -> Example:
    """Cut a text into word pieces (at most 512) with their features and the tags of their words."""
    words = split_words(text)
    encoding = pieces.encode([word for word, _, _ in words], is_pretokenized=True, add_special_tokens=False)
    owners = [word for word in encoding.word_ids if word is not None][: LONGEST - 2]
    known = names.features([word for word, _, _ in words], of)
    title = text.find("\n")
    segments = [int(words[word][1] > title) for word in owners]
    shapes = [int(shape(words[word][0])) for word in owners]
    by_word = tags(words)
    example = Example(
        key,
        words,
        [101, *encoding.ids[: len(owners)], 102],
        [segments[0], *segments, segments[-1]],
        [0, *shapes, 0],
        [0, *(known[word] for word in owners), 0],
        [-1, *owners, -1],
    )
    example.tags = [IGNORED] * len(example.ids)
    for place in example.heads:
        example.tags[place] = by_word[example.owners[place]]
    return example


def tag_words(words: Sequence[tuple[str, int, int]], places: Sequence[Place], tags: Sequence[str]) -> list[int]:
    """Return the tag of each word: its number, or IGNORED in places that are left out of the loss."""
    result = [0] * len(words)
    for place in places:
        inside = [n for n, (_, start, end) in enumerate(words) if start < place.end and end > place.start]
        for n in inside:
            begins = "B" if n == inside[0] else "I"
            result[n] = IGNORED if place.type is None else tags.index(f"{begins}-{place.type}")
    return result


def batches(examples: Sequence[Example], size: int, rng: random.Random | None = None) -> Iterator[list[Example]]:
    """Yield batches of at most ``size`` pieces, padding counted, texts of like length together."""
    jitter = {id(example): rng.random() * 20 if rng else 0.0 for example in examples}
    groups: list[list[Example]] = [[]]
    for example in sorted(examples, key=lambda example: len(example.ids) + jitter[id(example)]):
        if groups[-1] and -(-len(example.ids) // 32) * 32 * (len(groups[-1]) + 1) > size:
            groups.append([])
        groups[-1].append(example)
    if rng:
        rng.shuffle(groups)
    yield from groups


def collate(group: Sequence[Example]) -> tuple[list[Tensor], Tensor]:
    """Return the network's inputs (ids, types, shapes, known, mask) and the tags, padded to a multiple of 32 pieces.

    Few different shapes let the allocator and the compiled kernels be used again; many made training hold 17 GB.
    """
    longest = -(-max(len(example.ids) for example in group) // 32) * 32

    def padded(rows: Sequence[Sequence[int]], filler: int) -> Tensor:
        return torch.tensor([[*row, *[filler] * (longest - len(row))] for row in rows])

    inputs = [padded([getattr(example, name) for example in group], 0) for name in ("ids", "types", "shapes", "known")]
    mask = padded([[1] * len(example.ids) for example in group], 0)
    return [*inputs, mask], padded([example.tags for example in group], IGNORED)
