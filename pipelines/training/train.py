"""Train the span finder: ``python -m pipelines.training.train ANNOTATIONS RAW ENCODER TEACHER -o pipelines/model --work DIR``.

1. A teacher, five times the size of what is shipped, learns from the annotated papers.
2. It reads raw abstracts: its tags become soft targets, its names are counted into the table of known names.
3. The span finder's network learns from both, with the table as a feature (Hinton et al. 2015).
4. The heads and units of its first layers that matter least are taken out of it; it goes on learning without them, and to stop at words
   that are surely outside after these layers; and it is exported.

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
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn

from kg.records import EntityType, Paper
from pipelines.components.span_finder import best_tags, legal_steps, runs
from pipelines.known import fold_name
from pipelines.lexicon import load
from pipelines.tokenizer import split_words
from pipelines.training.annotations import (
    AnnotatedPaper,
    Gaps,
    Place,
    find_names,
    hold_out,
    read_annotated,
    read_more,
)
from pipelines.training.examples import IGNORED, Example, batches, collate, make_example, tag_words
from pipelines.training.network import Network, export
from pipelines.training.slim import slim
from pipelines.training.table import Named, NameTable
from pipelines.training.teacher import Teacher

__all__ = ["TAGS", "fit", "main", "predict"]

TAGS = ["O", *(f"{place}-{kind}" for kind in EntityType for place in "BI")]
GOLD_SHARE = 0.5
"""What the annotation counts against the teacher's opinion in the first annotated papers, whose annotations miss some names;
asked for those that the teacher read once only, as it may know the others by heart."""
OUTSIDE_BIAS = 0.4
"""Added to the log probability of "outside": precision and recall on held-out papers of any kind are then the same."""
HEADS, UNITS = 6, 1024
"""What is left of the 12 heads and 1,536 inner units of the layers that read every word piece."""
EARLY = 0.3
"""What the early scores count in the loss."""
JUDGED = 600
"""Annotated papers by which it is judged what matters least."""
log = logging.getLogger(__name__)


def fit(  # noqa: PLR0913, PLR0915 - the whole recipe of a training, named
    network: nn.Module,
    plan: Sequence[Sequence[Example]],
    *,
    folder: Path,
    rate: float,
    fresh_rate: float = 1e-3,
    masked: float = 0.08,
    size: int = 4096,
    seed: int = 0,
) -> None:
    """Train in place: AdamW, rate rising over the first tenth and falling to nothing, words masked at random.

    Args:
        network: a pretrained encoder under ``bert`` or ``encoder``, and fresh parts beside it.
        plan: the examples of each epoch.
        folder: each epoch's state is saved as ``epoch-N.pt``; a state found there is loaded instead of trained.
        rate: the highest learning rate of the encoder.
        fresh_rate: that of the fresh parts.
        masked: the share of the word pieces that are hidden.
        size: word pieces in a batch.
        seed: of order and masks.
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = [(name, weight) for name, weight in network.named_parameters() if weight.requires_grad]
    old = [weight for name, weight in weights if name.startswith(("bert.", "encoder."))]
    new = [weight for name, weight in weights if not name.startswith(("bert.", "encoder."))]
    groups = [{"params": old, "peak": rate}, {"params": new, "peak": fresh_rate, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=0.0, fused=True)
    started = time.monotonic()
    for epoch, part in enumerate(plan):
        saved = folder / f"epoch-{epoch}.pt"
        if saved.exists():
            state = torch.load(saved, weights_only=True)
            network.load_state_dict(state["network"])
            optimiser.load_state_dict(state["optimiser"])
            continue
        rng = random.Random(seed * 1000 + epoch)  # noqa: S311 - shuffling
        torch.manual_seed(seed * 1000 + epoch)
        network.train()
        steps = list(batches(part, size, rng))
        for step, group in enumerate(steps):
            done = (epoch + step / len(steps)) / len(plan)
            for parameters in optimiser.param_groups:
                parameters["lr"] = parameters["peak"] * min(done / 0.1 + 1e-3, (1 - done) / 0.9)
            loss = loss_of(network, group, masked)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_([*old, *new], 1.0)
            optimiser.step()
            optimiser.zero_grad()
            if step % 50 == 0:
                log.info("epoch %d step %d/%d loss %.4f %.0f s", epoch, step, len(steps), loss.item(), time.monotonic() - started)
        torch.save({"network": network.state_dict(), "optimiser": optimiser.state_dict()}, saved)


def loss_of(network: nn.Module, group: Sequence[Example], masked: float) -> Tensor:
    """Return the mean cross-entropy of a batch, a share of its word pieces hidden: against the tags, the teacher's opinion, or both."""
    inputs, tags = collate(group)
    hidden = (torch.rand(inputs[0].shape) < masked) & (inputs[0] > 999)  # noqa: PLR2004 - below are special pieces
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores, *early = network(inputs[0].masked_fill(hidden, 103), *inputs[1:])
    targets = torch.zeros_like(scores, dtype=torch.float32)
    counted = tags != IGNORED
    targets[counted] = nn.functional.one_hot(tags[counted], scores.shape[-1]).float()
    for row, example in enumerate(group):
        if example.soft is not None:
            soft = torch.from_numpy(example.soft.astype(np.float32))
            own = targets[row, example.heads]
            annotated = own.sum(-1, keepdim=True) * (GOLD_SHARE if example.annotated else 0.0)
            targets[row, example.heads] = annotated * own + (1 - annotated) * soft
    wrong = [-(targets * torch.log_softmax(one.float(), -1)).sum() / targets.sum() for one in (scores, *early)]
    return sum(wrong[1:], wrong[0] / EARLY) * EARLY


@torch.no_grad()
def predict(network: nn.Module, examples: Sequence[Example], size: int = 8192) -> dict[str, NDArray[np.float32]]:
    """Return the log probabilities of each text's words that have a piece, by id."""
    network.eval()
    found = {}
    for group in batches(examples, size):
        inputs, _ = collate(group)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = torch.log_softmax(network(*inputs)[0].float(), -1).numpy()
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

    def __init__(self, annotations: Path, raw: Path, encoder: Path, work: Path) -> None:
        """Read the annotated papers, and find their names and their gaps."""
        self.encoder, self.work = encoder, work
        self.pieces = Tokenizer.from_file(str(encoder / "tokenizer.json"))
        self.pieces.no_truncation()
        self.pieces.no_padding()
        papers = read_annotated(annotations, "train")
        held = set().union(*hold_out(papers))
        self.first = [paper for paper in papers if paper.paper.id not in held]
        more = read_more(raw)
        self.papers = [*self.first, *more]
        self.later = {paper.paper.id for paper in more}
        self.barred = {paper.paper.id for paper in [*papers, *more]}
        gaps = Gaps(self.first)
        self.places: dict[str, list[Place]] = {}
        for paper in self.papers:
            marked = find_names(paper.paper.text, paper.entities)
            missed = [] if paper.paper.id in self.later else gaps.find(paper, marked)
            self.places[paper.paper.id] = sorted([*marked, *missed], key=lambda p: (p.start, p.end))

    def examples(self, table: NameTable, counted: Sequence[AnnotatedPaper]) -> list[Example]:
        """Return the annotated papers as examples; of those that the table counted, what it knows from the paper itself is left out."""
        own = {paper.paper.id for paper in counted}
        return [
            self._example(
                paper.paper,
                table,
                table.without(self.names_in(paper)) if paper.paper.id in own else table.code_of,
                self.places[paper.paper.id],
            )
            for paper in self.papers
        ]

    def _example(self, paper: Paper, table: NameTable, of: Callable[[str], int] | None, places: Sequence[Place]) -> Example:
        return make_example(paper.id, paper.text, self.pieces, table.names, of, lambda words: tag_words(words, places, TAGS))

    def teacher(self, encoder: Path, table: NameTable) -> Teacher:
        """Train the teacher: one reading of the first annotations, then one of half of them with the later ones."""
        torch.manual_seed(0)
        network = Teacher(encoder, len(TAGS))
        examples = self.examples(table, self.first)
        first = [example for example in examples if example.id not in self.later]
        again = [example for example in first if _is_odd(example.id)]
        later = [example for example in examples if example.id in self.later]
        fit(network, [first, [*later, *again]], folder=self.work / "teacher", rate=6e-5, size=2048)
        return network

    def read(self, network: nn.Module, papers: Sequence[Paper], table: NameTable) -> tuple[list[Example], list[Named]]:
        """Let the teacher read raw papers: examples with soft targets, and the names it marks."""
        examples = [self._example(paper, table, table.code_of, ()) for paper in papers]
        self._soften(network, examples, "raw")
        named: list[Named] = []
        for example, paper in zip(examples, papers, strict=True):
            places = places_of(example, np.log(np.maximum(example.soft, 1e-7)).astype(np.float32))  # type: ignore[arg-type]
            named.append(([word for word, _, _ in example.words], _names(paper.text, places)))
        return examples, named

    def _soften(self, network: nn.Module, examples: Sequence[Example], name: str) -> None:
        """Set the soft targets; they are kept in the working folder, chunk by chunk."""
        folder = self.work / f"soft-{name}"
        folder.mkdir(parents=True, exist_ok=True)
        for start in range(0, len(examples), 1000):
            chunk = examples[start : start + 1000]
            saved = folder / f"{start}.npz"
            if not saved.exists():
                scores = predict(network, chunk)
                np.savez(saved, **{example.id: np.exp(scores[example.id]).astype(np.float16) for example in chunk})
                log.info("%s: %d of %d papers read", name, start + len(chunk), len(examples))
            with np.load(saved) as found:
                for example in chunk:
                    example.soft = found[example.id]

    def table(self, papers: Sequence[AnnotatedPaper], named: Sequence[Named] = ()) -> NameTable:
        """Count the table of known names over annotated papers, and raw ones that were read."""
        own: list[Named] = [([word for word, _, _ in split_words(paper.paper.text)], self.names_in(paper)) for paper in papers]
        return NameTable([*own, *named], load())

    def names_in(self, paper: AnnotatedPaper) -> Mapping[str, EntityType]:
        """Return the folded names marked in an annotated paper."""
        return _names(paper.paper.text, self.places[paper.paper.id])

    def span_finder(self, table: NameTable, teacher: nn.Module, raw: Sequence[Example], named: Sequence[Named], epochs: int) -> Network:
        """Train the span finder's network: annotated papers in every epoch, each raw paper in one; then slim it and go on."""
        examples = self.examples(table, self.papers)
        for example in examples:
            example.annotated = True
        once = [example for example in examples if example.id not in self.later and not _is_odd(example.id)]
        self._soften(teacher, once, "annotated")
        for example, (words, names) in zip(raw, named, strict=True):
            known = table.names.features(words, table.without(names))
            example.known = [known[owner] if owner >= 0 else 0 for owner in example.owners]
        torch.manual_seed(1)
        network = Network(self.encoder, len(TAGS))
        fit(network, _plan(examples, raw, epochs), folder=self.work / "span_finder", rate=2.5e-4, seed=1)
        judged = [(partial(loss_of, network, group, 0.0), collate(group)[0][-1]) for group in batches(examples[:: len(examples) // JUDGED], 4096)]
        slim(network, judged, HEADS, UNITS)
        network.stops = True
        fit(network, _plan(examples, raw, epochs), folder=self.work / "slim", rate=2e-4, fresh_rate=5e-4, seed=2)
        return network


def _plan(examples: Sequence[Example], raw: Sequence[Example], epochs: int) -> list[list[Example]]:
    share = len(raw) // epochs
    return [[*examples, *raw[epoch * share : (epoch + 1) * share]] for epoch in range(epochs)]


def _is_odd(key: str) -> bool:
    return bool(int(sha256(key.encode()).hexdigest(), 16) % 2)


def _names(text: str, places: Sequence[Place]) -> dict[str, EntityType]:
    return {fold_name(text[p.start : p.end]): p.type for p in places if p.type is not None}


def write_model(network: Network, table: NameTable, encoder: Path, output: Path) -> None:
    """Write all that the span finder reads: weights, word pieces, table and configuration."""
    output.mkdir(parents=True, exist_ok=True)
    export(network, output / "model.onnx")
    shutil.copyfile(encoder / "tokenizer.json", output / "tokenizer.json")
    lines = (f"{name}\t{number}\n" for name, number in table.codes().items())
    (output / "known_names.tsv").write_text("".join(lines), encoding="utf-8")
    config = {"tags": TAGS, "window": 480, "overlap": 128, "outside_bias": OUTSIDE_BIAS}
    (output / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the training from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("annotations", type=Path, help="folder with train_papers.jsonl and train_gold.jsonl")
    parser.add_argument("raw", type=Path, help="raw papers, JSONL in gzip")
    parser.add_argument("encoder", type=Path, help="folder with the pretrained MiniLM-L6 (safetensors and tokenizer.json)")
    parser.add_argument("teacher", type=Path, help="folder with the pretrained MPNet")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--barred", type=Path, nargs="*", default=[], help="JSONL files whose papers are not to be read raw")
    parser.add_argument("--epochs", type=int, default=4, help="readings of the annotated papers by the span finder's network")
    parser.add_argument("--read", type=int, default=16_000, help="raw papers that the teacher marks")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    trainer = Trainer(options.annotations, options.raw, options.encoder, options.work)
    barred = {json.loads(line)["id"] for path in options.barred for line in path.open(encoding="utf-8")}
    first = trainer.table(trainer.first)
    teacher = trainer.teacher(options.teacher, first)
    raw, named = trainer.read(teacher, read_raw(options.raw, barred | trainer.barred, options.read), first)
    table = trainer.table(trainer.papers, named)
    network = trainer.span_finder(table, teacher, raw, named, options.epochs)
    write_model(network, table, options.encoder, options.output)


if __name__ == "__main__":
    main()
