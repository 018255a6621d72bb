"""Train the span finder: ``python -m pipelines.training.train ANNOTATIONS RAW -o pipelines/model``.

1. A first model learns from the annotated papers alone.
2. It reads raw abstracts: its tags become soft targets, its names are counted into the table of known names.
3. The second model, of the same shape, learns from both, with the table as a feature, and is exported.

Seeds are fixed. Every epoch is saved to the working folder; a run that was stopped goes on from there.
"""

import argparse
import gzip
import json
import logging
import random
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn

from kg.model import EntityType, Paper
from pipelines.components.span_finder import best_tags, legal_steps, runs
from pipelines.known import KnownNames, fold_name
from pipelines.lexicon import load
from pipelines.tokenizer import split_words
from pipelines.training.annotations import AnnotatedPaper, Gaps, Place, find_names, hold_out, read_annotated
from pipelines.training.examples import IGNORED, Example, batches, collate, make_example, tag_words
from pipelines.training.network import Network, export
from pipelines.training.table import Named, NameTable

__all__ = ["TAGS", "fit", "main", "predict"]

TAGS = ["O", *(f"{place}-{kind}" for kind in EntityType for place in "BI")]
log = logging.getLogger(__name__)


def fit(  # noqa: PLR0913, PLR0915 - the whole recipe of a training, named
    network: Network,
    examples: Sequence[Example],
    *,
    epochs: int,
    folder: Path,
    raw: Sequence[Example] = (),
    rate: float = 2e-4,
    masked: float = 0.08,
    size: int = 4096,
    seed: int = 0,
) -> None:
    """Train in place: AdamW, one cycle, words masked at random; in each epoch a fresh share of the raw examples.

    Each epoch's state is saved as ``folder/epoch-N.pt``; a state found there is loaded instead of trained.
    """
    folder.mkdir(parents=True, exist_ok=True)
    new = [weight for name, weight in network.named_parameters() if not name.startswith("bert.")]
    old = [weight for name, weight in network.named_parameters() if name.startswith("bert.") and weight.requires_grad]
    optimiser = torch.optim.AdamW([{"params": old, "lr": rate}, {"params": new, "lr": 1e-3, "weight_decay": 0.0}], fused=True)
    share = len(raw) // epochs
    plan = [[*examples, *raw[epoch * share : (epoch + 1) * share]] for epoch in range(epochs)]
    steps = sum(sum(1 for _ in batches(part, size)) for part in plan)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [rate, 1e-3], total_steps=steps + 8 * epochs, pct_start=0.1, anneal_strategy="linear", cycle_momentum=False
    )
    started, step = time.monotonic(), 0
    for epoch, part in enumerate(plan):
        rng = random.Random(seed * 1000 + epoch)  # noqa: S311 - shuffling
        torch.manual_seed(seed * 1000 + epoch)
        saved = folder / f"epoch-{epoch}.pt"
        if saved.exists():
            state = torch.load(saved, weights_only=True)
            network.load_state_dict(state["network"])
            optimiser.load_state_dict(state["optimiser"])
            schedule.load_state_dict(state["schedule"])
            step = state["step"]
            continue
        network.train()
        for group in batches(part, size, rng):
            loss = _loss(network, group, masked)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_([*old, *new], 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            step += 1
            if step % 50 == 0:
                log.info("epoch %d step %d/%d loss %.4f %.0f s", epoch, step, steps, loss.item(), time.monotonic() - started)
        torch.save(
            {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict(), "step": step},
            saved,
        )


def _loss(network: Network, group: Sequence[Example], masked: float) -> Tensor:
    inputs, tags = collate(group)
    hidden = (torch.rand(inputs[0].shape) < masked) & (inputs[0] > 999)  # noqa: PLR2004 - below are special pieces
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = network(inputs[0].masked_fill(hidden, 103), *inputs[1:])
    scores = torch.log_softmax(scores.float(), -1)
    targets = torch.zeros_like(scores)
    counted = tags != IGNORED
    targets[counted] = nn.functional.one_hot(tags[counted], scores.shape[-1]).float()
    for row, example in enumerate(group):
        if example.soft is not None:
            targets[row, example.heads] = torch.from_numpy(example.soft.astype(np.float32))
    return -(targets * scores).sum() / targets.sum()


@torch.no_grad()
def predict(network: Network, examples: Sequence[Example], size: int = 8192) -> dict[str, NDArray[np.float32]]:
    """Return the log probabilities of each text's words that have a piece, by id."""
    network.eval()
    found = {}
    for group in batches(examples, size):
        inputs, _ = collate(group)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = torch.log_softmax(network(*inputs).float(), -1).numpy()
        for row, example in zip(scores, group, strict=True):
            found[example.id] = row[example.heads]
    return found


def places_of(example: Example, scores: NDArray[np.float32], bias: float = 0.0) -> list[Place]:
    """Return the places that the scores of an example's words mark."""
    biased = scores.copy()
    biased[:, 0] += bias
    tags = best_tags(biased, legal_steps(TAGS))
    words = [example.words[example.owners[place]] for place in example.heads]
    return [Place(words[first][1], words[last - 1][2], EntityType(TAGS[tags[first]][2:])) for first, last in runs(tags, TAGS)]


def read_raw(path: Path, without: Iterable[str], count: int) -> list[Paper]:
    """Return ``count`` papers of a JSONL file, chosen by a hash of their ids, without the given ids."""
    barred = frozenset(without)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = map(json.loads, lines)
        papers = [Paper(row["id"], row["title"], row["abstract"]) for row in rows if row["id"] not in barred]
    return sorted(papers, key=lambda paper: sha256(paper.id.encode()).hexdigest())[:count]


class Trainer:
    """The steps of the module's docstring; every step's result is kept in the working folder."""

    def __init__(self, annotations: Path, encoder: Path, work: Path, *, everything: bool) -> None:
        """Read the annotated papers, and find their names and their gaps."""
        self.encoder, self.work = encoder, work
        self.pieces = Tokenizer.from_file(str(encoder / "tokenizer.json"))
        self.pieces.no_truncation()
        self.pieces.no_padding()
        papers = read_annotated(annotations, "train")
        held = set().union(*hold_out(papers))
        self.papers = [paper for paper in papers if everything or paper.paper.id not in held]
        self.held = [paper for paper in papers if paper.paper.id in held]
        gaps = Gaps(self.papers)
        self.places: dict[str, list[Place]] = {}
        for paper in self.papers:
            marked = find_names(paper.paper.text, paper.entities)
            self.places[paper.paper.id] = sorted([*marked, *gaps.find(paper, marked)], key=lambda p: (p.start, p.end))

    def examples(self, names: KnownNames, of: Callable[[AnnotatedPaper], Callable[[str], int] | None]) -> list[Example]:
        """Return the annotated papers as examples."""
        return [self._example(paper.paper, names, of(paper), self.places[paper.paper.id]) for paper in self.papers]

    def _example(self, paper: Paper, names: KnownNames, of: Callable[[str], int] | None, places: Sequence[Place]) -> Example:
        return make_example(paper.id, paper.text, self.pieces, names, of, lambda words: tag_words(words, places, TAGS))

    def first(self, epochs: int) -> Network:
        """Train the first model, on annotations alone."""
        torch.manual_seed(0)
        network = Network(self.encoder, len(TAGS))
        fit(network, self.examples(KnownNames({}), lambda _: None), epochs=epochs, folder=self.work / "first")
        return network

    def read(self, network: Network, papers: Sequence[Paper]) -> tuple[list[Example], list[Named]]:
        """Let the first model read raw papers: examples with soft targets, and the names it marks."""
        examples = [self._example(paper, KnownNames({}), None, ()) for paper in papers]
        scores = predict(network, examples)
        named: list[Named] = []
        for example, paper in zip(examples, papers, strict=True):
            example.soft = np.exp(scores[example.id]).astype(np.float16)
            places = places_of(example, scores[example.id])
            named.append(([word for word, _, _ in example.words], _names(paper.text, places)))
        return examples, named

    def table(self, named: Sequence[Named]) -> NameTable:
        """Count the table of known names over annotated and raw papers."""
        own: list[Named] = [
            ([word for word, _, _ in split_words(paper.paper.text)], self.names_in(paper)) for paper in self.papers
        ]
        return NameTable([*own, *named], load())

    def names_in(self, paper: AnnotatedPaper) -> Mapping[str, EntityType]:
        """Return the folded names marked in an annotated paper."""
        return _names(paper.paper.text, self.places[paper.paper.id])

    def second(self, epochs: int, table: NameTable, raw: Sequence[Example], named: Sequence[Named]) -> Network:
        """Train the second model on annotated and raw papers with the table as a feature."""
        for example, (words, names) in zip(raw, named, strict=True):
            known = table.names.features(words, table.without(names))
            example.known = [known[owner] if owner >= 0 else 0 for owner in example.owners]
        torch.manual_seed(1)
        network = Network(self.encoder, len(TAGS))
        examples = self.examples(table.names, lambda paper: table.without(self.names_in(paper)))
        fit(network, examples, raw=raw, epochs=epochs, folder=self.work / "second", seed=1)
        return network


def _names(text: str, places: Sequence[Place]) -> dict[str, EntityType]:
    return {fold_name(text[p.start : p.end]): p.type for p in places if p.type is not None}


def write_model(network: Network, table: NameTable, encoder: Path, output: Path) -> None:
    """Write all that the span finder reads: weights, word pieces, table and configuration."""
    output.mkdir(parents=True, exist_ok=True)
    export(network, output / "model.onnx")
    shutil.copyfile(encoder / "tokenizer.json", output / "tokenizer.json")
    lines = (f"{name}\t{number}\n" for name, number in table.codes().items())
    (output / "known_names.tsv").write_text("".join(lines), encoding="utf-8")
    config = {"tags": TAGS, "window": 480, "overlap": 128, "outside_bias": 0.0}
    (output / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the training from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("annotations", type=Path, help="folder with train_papers.jsonl and train_gold.jsonl")
    parser.add_argument("raw", type=Path, help="raw papers, JSONL in gzip")
    parser.add_argument("encoder", type=Path, help="folder with the pretrained MiniLM-L6 (safetensors and tokenizer.json)")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--barred", type=Path, nargs="*", default=[], help="JSONL files whose papers are not to be read raw")
    parser.add_argument("--everything", action="store_true", help="train on the held-out papers too")
    parser.add_argument("--first-epochs", type=int, default=7)
    parser.add_argument("--second-epochs", type=int, default=5)
    parser.add_argument("--counted", type=int, default=16_000, help="raw papers to count names in")
    parser.add_argument("--taught", type=int, default=7_000, help="raw papers to learn from")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    trainer = Trainer(options.annotations, options.encoder, options.work, everything=options.everything)
    barred = [json.loads(line)["id"] for path in options.barred for line in path.open(encoding="utf-8")]
    barred += [paper.paper.id for paper in [*trainer.papers, *trainer.held]]
    first = trainer.first(options.first_epochs)
    raw, named = trainer.read(first, read_raw(options.raw, barred, options.counted))
    table = trainer.table(named)
    second = trainer.second(options.second_epochs, table, raw[: options.taught], named[: options.taught])
    write_model(second, table, options.encoder, options.output)


if __name__ == "__main__":
    main()
