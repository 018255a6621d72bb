"""Fits the certainty by logistic regression on papers that no network was trained on (Platt 1999).

Each candidate that would be an entity without a threshold is an example, which is right if an
annotated entity of its type shares a name with it. The threshold is the certainty with the best F1
on the same papers, over methods, datasets and benchmarks.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.records import EntityType
from pipelines.assemble import make_pipeline
from pipelines.components.abbreviations import definitions_of
from pipelines.components.one_sense import Proposed, propose, settle
from pipelines.components.span_finder import READING
from pipelines.components.verdicts import Judge, features, most_likely
from pipelines.evaluate import comparison_key
from pipelines.training.annotations import AnnotatedPaper

__all__ = ["calibrate"]

STRENGTH = 0.3
"""Inverse strength of the regularization."""
ROUNDS = 2
"""Which of two overlapping candidates wins depends on the certainty, so it is fitted twice."""
STEPS = 30
OPEN = frozenset({EntityType.TASK, EntityType.METRIC})
Factors = dict[str, float]


@dataclass(frozen=True, slots=True)
class _Read:
    paper: AnnotatedPaper
    proposed: list[Proposed]
    answers: NDArray[np.float32]


def calibrate(folder: Path, papers: Sequence[AnnotatedPaper]) -> None:
    """Fit and write ``calibration.json`` in a model's folder.

    Without papers, the certainty is the second reader's probability.
    """
    factors: Factors = {"head": 1.0}
    _write(folder, factors, 0.5)
    if not papers:
        return
    read = list(_read(folder, papers))
    for _ in range(ROUNDS):
        examples = [one for paper in read for one in _examples(paper, factors)]
        factors = _fit(examples)
    examples = [one for paper in read for one in _examples(paper, factors)]
    wanted = sum(
        named.type is not None and named.type not in OPEN
        for paper in papers
        for named in paper.entities
    )
    _write(folder, factors, _threshold(examples, factors, wanted))


def _write(folder: Path, factors: Factors, threshold: float) -> None:
    content = {
        "threshold": round(threshold, 2),
        "least": {},
        "roles": {},
        "factors": {name: round(value, 3) for name, value in factors.items()},
    }
    (folder / "calibration.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _read(folder: Path, papers: Sequence[AnnotatedPaper]) -> Iterator[_Read]:
    nlp = make_pipeline(model=folder)
    judge = nlp.get_pipe("kg_one_sense")
    nlp.disable_pipe("kg_one_sense")
    for paper, doc in zip(papers, nlp.pipe(paper.text for paper in papers), strict=True):
        reading = doc.user_data.pop(READING)
        proposed = propose(paper.text, reading, definitions_of(doc), judge.known)
        types, _ = judge.judge.answers(reading, [one.evidence for one in proposed])
        yield _Read(paper, proposed, types)


@dataclass(frozen=True, slots=True)
class _Example:
    facts: dict[str, float]
    type: EntityType
    is_right: bool


def _examples(read: _Read, factors: Factors) -> Iterator[_Example]:
    """Yield the candidates that remain without a threshold, after overlaps are resolved."""
    judge = Judge.of(factors, threshold=0.0)
    verdicts = judge.verdicts([one.evidence for one in read.proposed], read.answers)
    names: dict[int, set[str]] = {}
    settled = settle(read.paper.text, list(zip(read.proposed, verdicts, strict=True)), judge)
    by_verdict = {id(verdict): number for number, verdict in enumerate(verdicts)}
    for mention in settled:
        number = by_verdict[id(mention.verdict)]
        names.setdefault(number, set()).add(
            comparison_key(read.paper.text[mention.start : mention.end])
        )
    gold = [
        (named.type, {comparison_key(name) for name in named.names})
        for named in read.paper.entities
        if named.type
    ]
    for number, own in sorted(names.items(), key=lambda item: -verdicts[item[0]].certainty):
        kind = verdicts[number].type
        found = next((one for one in gold if one[0] == kind and one[1] & own), None)
        if found:
            gold.remove(found)
        if read.paper.has_tasks or kind not in OPEN:
            evidence, answer = read.proposed[number].evidence, read.answers[number]
            yield _Example(
                features(evidence, answer, most_likely(evidence, answer)), kind, found is not None
            )


def _fit(examples: Sequence[_Example]) -> Factors:
    """Return the coefficients of an L2-regularized logistic regression, by Newton's method."""
    names = ["always", *sorted({name for one in examples for name in one.facts} - {"always"})]
    rows = np.array([[one.facts.get(name, 0.0) for name in names] for one in examples])
    right = np.array([one.is_right for one in examples], dtype=float)
    penalty = np.full(len(names), 1 / STRENGTH)
    penalty[0] = 1e-6
    weights = np.zeros(len(names))
    for _ in range(STEPS):
        said = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (said - right) + penalty * weights
        bend = (rows.T * (said * (1 - said))) @ rows + np.diag(penalty)
        weights -= np.linalg.solve(bend, slope)
    return dict(zip(names, weights.tolist(), strict=True))


def _threshold(examples: Sequence[_Example], factors: Factors, wanted: int) -> float:
    """Return the threshold with the best F1."""
    counted = [one for one in examples if one.type not in OPEN]
    sure = np.array([Judge.certainty(factors, one.facts) for one in counted])
    right = np.array([one.is_right for one in counted])
    tried = np.arange(0.2, 0.81, 0.02)
    f1 = [2 * right[sure >= least].sum() / ((sure >= least).sum() + wanted) for least in tried]
    return float(tried[int(np.argmax(f1))])
