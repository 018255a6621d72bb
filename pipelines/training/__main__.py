"""Train both readers: ``python -m pipelines.training PAPERS GOLD -o MODEL --work DIR``.

1. Teachers, eight times the size of the shipped model, learn from the annotated papers.
2. They label the raw papers: their averaged predictions become soft targets (Hinton et al. 2015),
   and their use of names goes into the table of known names.
3. The student learns from both. Then the least important heads and units of its first layers are
   removed, and it continues training with early exit after these layers and with rounded inputs.
4. It is exported, and its certainty is fitted on annotated papers that were held out.

Seeds are fixed. A checkpoint is saved in the working folder every twenty minutes and at the end of
each training; a run that was stopped resumes from there. A CUDA device is used if there is one.
"""

import argparse
import json
import logging
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from kg.records import EntityType
from pipelines import lexicon
from pipelines.training.annotations import AnnotatedPaper, read_annotated, read_texts
from pipelines.training.calibrate import calibrate
from pipelines.training.export import write_model
from pipelines.training.fit import Plan, fit, loss_of, predict, softened
from pipelines.training.network import Student, Teacher
from pipelines.training.packs import Packs
from pipelines.training.prepare import CALIBRATION, GOLD, RAW, Names, Source, pack
from pipelines.training.slim import slim

__all__ = ["main"]

APART = 14
"""One annotated paper in this many is held out to fit the certainty."""
HIDDEN = 0.3
"""Share of the verdicts on names that are hidden in training."""
JUDGED = 600
"""Number of annotated papers used to find the least important heads and units."""
TEACHER_SIZE, STUDENT_SIZE, READ_SIZE = 24_576, 65_536, 65_536
"""Word pieces per batch; an eighth of that on a CPU."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the training from the command line."""
    options = _options(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    papers = _annotated(options)
    sources, names = _sources(options, papers)
    pieces = Tokenizer.from_file(str(options.encoder / "tokenizer.json"))
    pieces.no_truncation()
    pieces.no_padding()
    training = Training(Packs(pack(sources, names, pieces), options.device), options)
    training.teach()
    student, counts = training.student()
    packs = training.packs
    write_model(
        student, names.all, counts, (packs.lex, packs.verdict), options.encoder, options.output
    )
    calibrate(options.output, [source.paper for source in sources if source.use == CALIBRATION])


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m pipelines.training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("papers", type=Path, help="JSONL with id, title and abstract")
    parser.add_argument("gold", type=Path, help="JSONL of annotations (docs/training.md)")
    parser.add_argument("--raw", type=Path, help="papers without annotations, JSONL, gzip or not")
    parser.add_argument(
        "--marked",
        type=Path,
        help="output of an earlier kg extract for any of them: more candidates",
    )
    parser.add_argument(
        "--without",
        type=Path,
        nargs="*",
        default=[],
        help="JSON or JSONL files whose papers are excluded entirely",
    )
    parser.add_argument(
        "--types",
        default=",".join(EntityType),
        help="types to learn; others are ignored",
    )
    parser.add_argument(
        "--encoder", type=Path, required=True, help="folder with the pretrained MiniLM-L6"
    )
    parser.add_argument(
        "--teacher", type=Path, required=True, help="folder with the pretrained MPNet"
    )
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--teachers", type=int, default=2)
    parser.add_argument("--teacher-epochs", type=float, default=5)
    parser.add_argument(
        "--epochs",
        type=float,
        default=5,
        help="the student's epochs, before and after slimming",
    )
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args(arguments)


def _annotated(options: argparse.Namespace) -> list[AnnotatedPaper]:
    barred = _barred(options.without)
    texts = {key: text for key, text in read_texts(options.papers) if key not in barred}
    return read_annotated(
        options.gold, texts, [EntityType(name) for name in options.types.split(",")]
    )


def _barred(paths: Sequence[Path]) -> frozenset[str]:
    """Return the ids in lines with an ``id``, or in lists of a JSON object."""
    ids: set[str] = set()
    for path in paths:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            ids.update(key for keys in json.loads(text).values() for key in keys)
        else:
            ids.update(json.loads(line)["id"] for line in text.splitlines())
    return frozenset(ids)


def _sources(
    options: argparse.Namespace, papers: Sequence[AnnotatedPaper]
) -> tuple[list[Source], Names]:
    marked = {}
    if options.marked:
        rows = map(json.loads, options.marked.open(encoding="utf-8"))
        marked = {
            row["id"]: [tuple(span) for one in row["entities"] for span in one["spans"]]
            for row in rows
        }
    own = {paper.id for paper in papers} | _barred(options.without)
    raw = [
        AnnotatedPaper(key, text, ())
        for key, text in (read_texts(options.raw) if options.raw else ())
        if key not in own
    ]
    kept = [(paper, CALIBRATION if _is_apart(paper.id) else GOLD) for paper in papers]
    kept += [(paper, RAW) for paper in raw]
    names = Names(papers, lexicon.load(), lexicon.judged_names())
    return [Source(paper, use, marked.get(paper.id, ())) for paper, use in kept], names


def _is_apart(key: str) -> bool:
    return int(sha256(key.encode()).hexdigest(), 16) % APART == 0


class Training:
    """The steps of the module's docstring."""

    def __init__(self, packs: Packs, options: argparse.Namespace) -> None:
        """Take the packed papers and the command's options."""
        self.packs, self.options = packs, options
        self.gold, self.raw = (np.flatnonzero(packs.use == use) for use in (GOLD, RAW))
        self.share = 1 if options.device.startswith("cuda") else 8
        self.tags = packs.tags.clamp(min=0) * packs.is_gold[packs.owners]
        """The tags known so far: annotated, later also predicted by the teachers."""
        self.counted = packs.use == GOLD

    def _known(self, seed: int, epoch: int) -> None:
        self.packs.set_known(self.tags, self.counted, HIDDEN, seed + epoch)

    def teach(self) -> None:
        """Train the teachers in turn and set the soft targets.

        Each uses the counts of names predicted by the teachers before it.
        """
        packs, options = self.packs, self.options
        soft = softened(packs)
        for number in range(options.teachers):
            torch.manual_seed(number)
            network = Teacher(options.teacher).to(options.device)
            plan = Plan(
                f"teacher-{number}",
                options.work,
                options.teacher_epochs,
                TEACHER_SIZE // self.share,
                8e-5,
                5e-4,
                number,
            )
            fit(network, packs, self.gold, plan, partial(self._known, 100 * number))
            packs.set_known(self.tags, self.counted)
            predict(network, packs, self.raw, soft, 1 / options.teachers, READ_SIZE // self.share)
            read = soft[0].argmax(-1) * packs.heads
            self.tags = torch.where(packs.is_gold[packs.owners], packs.tags.clamp(min=0), read)
            self.counted = (packs.use == GOLD) | (packs.use == RAW)
        packs.soft = soft

    def student(self) -> tuple[Student, Tensor]:
        """Return the trained student, and the counts of how names are used."""
        packs, options = self.packs, self.options
        torch.manual_seed(7)
        network = Student(options.encoder).to(options.device)
        papers, size = np.concatenate([self.gold, self.raw]), STUDENT_SIZE // self.share
        plan = Plan("student", options.work, options.epochs, size, 9e-4, 1e-3, 11)
        fit(network, packs, papers, plan, partial(self._known, 900))
        judged = self.gold[:: max(1, len(self.gold) // JUDGED)]
        batches = [packs.batch(group) for group in packs.batches(judged, size // 4)]
        slim(
            network,
            [(partial(loss_of, network, packs, batch, 0.0), batch.mask) for batch in batches],
        )
        network.stops = network.rounds = True
        plan = Plan("slim", options.work, options.epochs, size, 6e-4, 5e-4, 12)
        fit(network, packs, papers, plan, partial(self._known, 950))
        return network.cpu(), packs.set_known(self.tags, self.counted)


if __name__ == "__main__":
    main()
