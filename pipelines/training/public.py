"""Trains and scores the student on public annotations.

Run ``python -m pipelines.training.public scierc FOLDER ENCODER --start work/slim.pt``.

It is trained on the training split for the number of epochs and the rate that score best on the
development split (of TDMSci, which has none, on an eighth of the training split), then on both, and
scores the test split once: a span counts if both ends and the type are right. SciERC (Luan et al.
2018) is read abstract by abstract, TDMSci (Hou et al. 2021) sentence by sentence. Names are known
by the table of the shipped model.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn

from pipelines.components.span_finder import MODEL, known_names, shape
from pipelines.known import CODES
from pipelines.tokenizer import split_words
from pipelines.training.network import Student
from pipelines.training.packs import rounded
from pipelines.training.slim import shapes_of_slim

__all__ = ["Tagged", "main", "read_tagged"]

TRIED = ((4, 1e-4), (6, 1e-4), (6, 2e-4), (12, 2e-4), (20, 2e-4))
"""Epochs and rates."""
FRESH_RATE, MASKED, SIZE = 1e-3, 0.1, 2048
Spans = set[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class Tagged:
    """One unit of text and its spans, (start, end, type) in half-open character offsets."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A unit prepared for the network."""

    inputs: tuple[list[int], ...]
    """Word pieces, segments, shapes, use and verdict of known names."""
    heads: list[int]
    """The first piece of each word."""
    words: list[tuple[str, int, int]]
    tags: list[int]
    spans: Spans


def read_tagged(path: Path, *, whole_documents: bool) -> list[Tagged]:
    """Read a CoNLL file: one token per line, with its tag last.

    A sentence ends at a blank line, a document at ``-DOCSTART-``.
    """
    return [_tagged(rows) for rows in _units(path, whole_documents) if rows]


def _units(path: Path, whole_documents: bool) -> Iterator[list[tuple[str, str]]]:  # noqa: FBT001 - handed through
    rows: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split()
        if (not fields and not whole_documents) or fields[:1] == ["-DOCSTART-"]:
            yield rows
            rows = []
        elif fields:
            rows.append((fields[0], fields[-1]))
        elif rows:
            rows.append(("", "O"))
    yield rows


def _tagged(rows: Sequence[tuple[str, str]]) -> Tagged:
    text, before, spans = "\n", "O", list[tuple[int, int, str]]()
    for token, tag in rows:
        start = len(text)
        text += f"{token} "
        if tag != "O" and (tag[0] == "B" or before[1:] != tag[1:]):
            spans.append((start, start + len(token), tag[2:]))
        elif tag != "O":
            spans[-1] = (spans[-1][0], start + len(token), tag[2:])
        before = tag
    return Tagged(text, tuple(spans))


def _row(unit: Tagged, pieces: Tokenizer, tags: Sequence[str]) -> _Row:
    words = split_words(unit.text)
    encoding = pieces.encode(
        [word for word, _, _ in words], is_pretokenized=True, add_special_tokens=False
    )
    owners = [word for word in encoding.word_ids if word is not None][:510]
    known = known_names(MODEL).features([word for word, _, _ in words])
    numbers = [0] * len(words)
    for start, end, kind in unit.spans:
        inside = [n for n, (_, a, b) in enumerate(words) if a < end and b > start]
        for n in inside:
            numbers[n] = tags.index(f"{'B' if n == inside[0] else 'I'}-{kind}")
    columns = (
        [101, *encoding.ids[: len(owners)], 102],
        [1] * (len(owners) + 2),
        [0, *(int(shape(words[word][0])) for word in owners), 0],
        [0, *(known[word] % CODES for word in owners), 0],
        [0, *(known[word] // CODES for word in owners), 0],
    )
    heads = [
        place for place, (before, word) in enumerate(pairwise([-1, *owners]), 1) if before != word
    ]
    held = [owners[place - 1] for place in heads]
    return _Row(
        columns, heads, [words[n] for n in held], [numbers[n] for n in held], set(unit.spans)
    )


def _batches(rows: Sequence[_Row], rng: random.Random) -> list[list[_Row]]:
    groups: list[list[_Row]] = [[]]
    for row in sorted(rows, key=lambda row: len(row.inputs[0]) + rng.random() * 20):
        if groups[-1] and rounded(len(row.inputs[0])) * (len(groups[-1]) + 1) > SIZE:
            groups.append([])
        groups[-1].append(row)
    rng.shuffle(groups)
    return groups


def _collated(rows: Sequence[_Row], device: str) -> tuple[list[Tensor], Tensor]:
    """Return the network's inputs, mask last, and the tags (-100: not a word's first piece)."""
    longest = rounded(max(len(row.inputs[0]) for row in rows))
    inputs = np.zeros((5, len(rows), longest), dtype=np.int64)
    mask, tags = np.zeros((len(rows), longest), dtype=bool), np.full((len(rows), longest), -100)
    for n, row in enumerate(rows):
        inputs[:, n, : len(row.inputs[0])] = row.inputs
        mask[n, : len(row.inputs[0])] = True
        tags[n, row.heads] = row.tags
    tensors = [*torch.from_numpy(inputs).to(device), torch.from_numpy(mask).to(device)]
    return tensors, torch.from_numpy(tags).to(device)


def train(network: Student, rows: Sequence[_Row], epochs: int, rate: float, device: str) -> None:
    """Train in place; the learning rate warms up over the first tenth, then decays to 0."""
    rng = random.Random(0)  # noqa: S311 - shuffling
    named = [(n, w) for n, w in network.named_parameters() if w.requires_grad]
    used = [(n, w) for n, w in named if not n.startswith(("early", "verdicts"))]
    old = [weight for name, weight in used if name.startswith("bert.")]
    new = [weight for name, weight in used if not name.startswith("bert.")]
    optimiser = torch.optim.AdamW(
        [{"params": old, "peak": rate}, {"params": new, "peak": FRESH_RATE, "weight_decay": 0.0}],
        lr=0.0,
    )
    steps = [group for _ in range(epochs) for group in _batches(rows, rng)]
    network.train()
    for step, group in enumerate(steps):
        share = step / len(steps)
        for parameters in optimiser.param_groups:
            parameters["lr"] = parameters["peak"] * min(share / 0.1 + 1e-3, (1 - share) / 0.9)
        inputs, tags = _collated(group, device)
        hidden = (torch.rand(inputs[0].shape, device=device) < MASKED) & (inputs[0] > 999)  # noqa: PLR2004 - below are special pieces
        with torch.autocast(torch.device(device).type, dtype=torch.bfloat16):
            scores, _, _ = network(inputs[0].masked_fill(hidden, 103), *inputs[1:])
        loss = nn.functional.cross_entropy(scores.float().flatten(0, 1), tags.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_([*old, *new], 1.0)
        optimiser.step()
        optimiser.zero_grad()


def best_tags(scores: NDArray[np.float32], legal: NDArray[np.bool_]) -> list[int]:
    """Return the most probable legal sequence of tags (Viterbi 1967), given a row per word."""
    penalty = np.where(legal, 0.0, -np.inf)
    best, back = scores[0] + penalty[0], []
    for row in scores[1:]:
        through = best[:, None] + penalty
        origin = through.argmax(axis=0)
        back.append(origin)
        best = through[origin, np.arange(len(row))] + row
    tags = [int(best.argmax())]
    for origin in reversed(back):
        tags.append(int(origin[tags[-1]]))
    return tags[::-1]


def _spans(row: _Row, numbers: Sequence[int], tags: Sequence[str]) -> Spans:
    found: list[tuple[int, int, str]] = []
    for (_, start, end), number in zip(row.words, numbers, strict=True):
        if tags[number][0] == "B":
            found.append((start, end, tags[number][2:]))
        elif tags[number][0] == "I":
            found[-1] = (found[-1][0], end, tags[number][2:])
    return set(found)


@torch.no_grad()
def strict_f1(
    network: Student, rows: Sequence[_Row], tags: Sequence[str], device: str
) -> tuple[float, float, float]:
    """Return precision, recall and F1 over spans of which both ends and the type are right."""
    network.eval()
    legal = np.array(
        [[tag[0] != "I" or (b != "O" and b[2:] == tag[2:]) for tag in tags] for b in tags]
    )
    right = found = 0
    for row in rows:
        inputs, _ = _collated([row], device)
        scores = torch.log_softmax(network(*inputs)[0][0, row.heads].float(), -1).cpu().numpy()
        spans = _spans(row, best_tags(scores, legal), tags)
        right += len(spans & row.spans)
        found += len(spans)
    wanted = sum(len(row.spans) for row in rows)
    return right / max(1, found), right / max(1, wanted), 2 * right / max(1, found + wanted)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", choices=["scierc", "tdmsci"])
    parser.add_argument("folder", type=Path, help="folder with the splits of the data")
    parser.add_argument("encoder", type=Path, help="folder with the pretrained MiniLM-L6")
    parser.add_argument(
        "--start",
        type=Path,
        required=True,
        help="a training's checkpoint of the slimmed student (slim.pt)",
    )
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run from the command line."""
    options = _options(arguments)
    documents = options.data == "scierc"
    names = ("train.txt", "dev.txt", "test.txt") if documents else ("train.conll", "test.conll")
    splits = [read_tagged(options.folder / name, whole_documents=documents) for name in names]
    kinds = sorted({kind for part in splits for unit in part for _, _, kind in unit.spans})
    tags = ["O", *(f"{place}-{kind}" for kind in kinds for place in "BI")]
    pieces = Tokenizer.from_file(str(options.encoder / "tokenizer.json"))
    pieces.no_truncation()
    pieces.no_padding()
    *learned, test = ([_row(unit, pieces, tags) for unit in part] for part in splits)
    if not documents:
        random.Random(0).shuffle(learned[0])  # noqa: S311 - a choice of examples
        learned = [learned[0][len(learned[0]) // 8 :], learned[0][: len(learned[0]) // 8]]

    def scored(
        rows: Sequence[_Row], on: Sequence[_Row], epochs: int, rate: float
    ) -> tuple[float, float, float]:
        network = _started(options.encoder, options.start, len(tags)).to(options.device)
        train(network, rows, epochs, rate, options.device)
        return strict_f1(network, on, tags, options.device)

    epochs, rate = max(TRIED, key=lambda plan: scored(learned[0], learned[1], *plan)[2])
    precision, recall, f1 = scored([*learned[0], *learned[1]], test, epochs, rate)
    print(f"{options.data} test: precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f}")  # noqa: T201 - a command


def _started(encoder: Path, start: Path, tags: int) -> Student:
    torch.manual_seed(0)
    network = Student(encoder)
    shapes_of_slim(network)
    network.load_state_dict(torch.load(start, weights_only=True)["network"])
    network.tags = nn.Linear(network.tags.in_features, tags)
    network.early = nn.Linear(network.early.in_features, tags)
    return network


if __name__ == "__main__":
    main()
