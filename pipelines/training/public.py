"""The same network on public annotations: ``python -m pipelines.training.public scierc FOLDER ENCODER --work DIR``.

Trains on the training split (SciERC: training and development) with the recipe of ``train.fit``, for a number of
epochs set beforehand, and scores the test split once: a span counts if both ends and the type are right.
SciERC (Luan et al. 2018) is read abstract by abstract; TDMSci (Hou et al. 2021) sentence by sentence.
"""

import argparse
import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from pipelines.components.span_finder import best_tags, legal_steps, runs
from pipelines.known import KnownNames
from pipelines.training.examples import Example, make_example
from pipelines.training.network import Network
from pipelines.training.train import fit, predict

__all__ = ["Tagged", "main", "read_tagged", "strict_f1"]


@dataclass(frozen=True, slots=True)
class Tagged:
    """One unit of text and its spans, (start, end, type) in half-open character offsets."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


def read_tagged(path: Path, *, whole_documents: bool) -> list[Tagged]:
    """Read a CoNLL file: a token a line, its tag last; a sentence ends at a blank line, a document at ``-DOCSTART-``."""
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


def examples_of(units: Sequence[Tagged], pieces: Tokenizer, tags: Sequence[str]) -> list[Example]:
    """Return the units as examples for the network; no name is known beforehand."""

    def number_words(unit: Tagged, words: Sequence[tuple[str, int, int]]) -> list[int]:
        result = [0] * len(words)
        for start, end, kind in unit.spans:
            inside = [n for n, (_, first, last) in enumerate(words) if first < end and last > start]
            for n in inside:
                result[n] = tags.index(f"{'B' if n == inside[0] else 'I'}-{kind}")
        return result

    nothing = KnownNames({})
    return [
        make_example(str(n), unit.text, pieces, nothing, None, lambda words, unit=unit: number_words(unit, words))
        for n, unit in enumerate(units)
    ]


def strict_f1(network: Network, units: Sequence[Tagged], examples: Sequence[Example], tags: Sequence[str]) -> tuple[float, float, float]:
    """Return precision, recall and F1 over spans of which both ends and the type are right."""
    scores = predict(network, examples)
    legal = legal_steps(tags)
    right = found = 0
    for unit, example in zip(units, examples, strict=True):
        words = [example.words[example.owners[place]] for place in example.heads]
        numbers = best_tags(scores[example.id], legal)
        spans = {(words[a][1], words[b - 1][2], tags[numbers[a]][2:]) for a, b in runs(numbers, tags)}
        right += len(spans & set(unit.spans))
        found += len(spans)
    wanted = sum(len(unit.spans) for unit in units)
    return right / max(1, found), right / max(1, wanted), 2 * right / max(1, found + wanted)


def main(arguments: Sequence[str] | None = None) -> None:  # noqa: PLR0915
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", choices=["scierc", "tdmsci"])
    parser.add_argument("folder", type=Path, help="folder with the splits of the data")
    parser.add_argument("encoder", type=Path, help="folder with the pretrained MiniLM-L6")
    parser.add_argument("--start", type=Path, help="a checkpoint to start from instead")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=20)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    documents = options.data == "scierc"
    names = ("train.txt", "dev.txt", "test.txt") if documents else ("train.conll", "test.conll")
    *training, test = (read_tagged(options.folder / name, whole_documents=documents) for name in names)
    units = [unit for part in training for unit in part]
    tags = ["O", *(f"{place}-{kind}" for kind in sorted({s[2] for unit in units for s in unit.spans}) for place in "BI")]
    pieces = Tokenizer.from_file(str(options.encoder / "tokenizer.json"))
    pieces.no_truncation()
    pieces.no_padding()
    torch.manual_seed(0)
    network = Network(options.encoder, len(tags))
    if options.start:
        state = torch.load(options.start, weights_only=True)["network"]
        network.load_state_dict({name: value for name, value in state.items() if not name.startswith("tags.")}, strict=False)
    examples = examples_of(units, pieces, tags)
    random.Random(0).shuffle(examples)  # noqa: S311 - shuffling
    fit(network, [examples] * options.epochs, folder=options.work, rate=2e-4, size=2048)
    precision, recall, f1 = strict_f1(network, test, examples_of(test, pieces, tags), tags)
    print(f"{options.data} test: precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f}")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
