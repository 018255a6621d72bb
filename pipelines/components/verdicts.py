"""The second reader: judges each candidate's type, role and certainty.

All mentions of a name are judged together. A mention is represented by the first reader's last
hidden states of its first and last piece, the mean of its pieces and the whole text ([CLS]). An
entity is represented by the mean and maximum of its mentions, their number, whether the title has
one, and whether the paper defines a short form. Two layers, trained together with the first reader,
predict the type (or none) and the role. The certainty comes from a logistic regression over this
prediction, the first reader's probability and what is known about the name, fitted on papers that
neither reader was trained on (Platt 1999).
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.records import EntityType, Role
from pipelines.components.span_finder import Reading, load_network
from pipelines.known import STRENGTHS, KnownName

__all__ = ["Evidence", "Judge", "Verdict", "features", "most_likely"]

Matrix = NDArray[np.float32]
TYPES = tuple(EntityType)
ROLES = tuple(Role)
WITH_ROLE = frozenset({EntityType.METHOD, EntityType.DATASET, EntityType.BENCHMARK})
RAREST = 1e-6
NEVER_QUITE = 0.02
"""Added to probabilities before taking logarithms."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about a candidate entity before it is judged."""

    mentions: Sequence[tuple[int, int]]
    """Rows of the reading's states: first and last piece of each mention."""
    score: float
    """The highest of the first reader's probabilities of its mentions."""
    types: Sequence[float]
    """The first reader's probabilities of the types, averaged over mentions."""
    in_title: bool
    is_defined: bool
    known: KnownName | None
    words: int
    """Number of words in its longest name."""
    is_cased: bool
    """Whether a name has a digit, or a capital after its first letter."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The type of an entity, the certainty (0 to 1), and the paper's role for it."""

    type: EntityType
    certainty: float
    role: Role | None


class Judge:
    """The second reader."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Read ``verdicts.onnx`` and ``calibration.json``."""
        self.session = load_network(folder / "verdicts.onnx", threads)
        calibration = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
        self.threshold: float = calibration["threshold"]
        self.least: dict[str, float] = calibration["least"]
        self.factors: dict[str, float] = calibration["factors"]
        self.bias = np.array([calibration["roles"].get(role, 0.0) for role in ROLES])

    @classmethod
    def of(cls, factors: dict[str, float], threshold: float) -> "Judge":
        """Return a judge without a network, for verdicts on predictions already made."""
        judge = cls.__new__(cls)
        judge.factors, judge.threshold, judge.least = factors, threshold, {}
        judge.bias = np.zeros(len(ROLES))
        return judge

    @staticmethod
    def certainty(factors: dict[str, float], facts: dict[str, float]) -> float:
        """Return the certainty of a verdict from its features, 0 to 1."""
        total = sum(factors.get(name, 0.0) * value for name, value in facts.items())
        return 1 / (1 + math.exp(-total))

    def counts(self, verdict: Verdict) -> bool:
        """Return whether a verdict is certain enough to make an entity."""
        return verdict.certainty >= self.least.get(verdict.type, self.threshold)

    def judge(self, reading: Reading, found: Sequence[Evidence]) -> list[Verdict]:
        """Return the verdict on each candidate."""
        return self.verdicts(found, *self.answers(reading, found))

    def answers(self, reading: Reading, found: Sequence[Evidence]) -> tuple[Matrix, Matrix]:
        """Return the probabilities of (none, five types) and of the roles, one row per entity."""
        if not found:
            return np.zeros((0, 1 + len(TYPES)), np.float32), np.zeros((0, len(ROLES)), np.float32)
        places = np.array([mention for one in found for mention in one.mentions])
        first, last = places[:, 0], places[:, 1]
        states = reading.states
        means = np.stack([states[low : high + 1].mean(axis=0) for low, high in places.tolist()])
        whole = np.broadcast_to(states[0], means.shape)
        counts = np.array([len(one.mentions) for one in found])
        begins = np.cumsum(counts) - counts
        offsets = np.arange(counts.max())[None]
        held = offsets < counts[:, None]
        more = np.array(
            [[np.log1p(len(one.mentions)), one.in_title, one.is_defined] for one in found],
            dtype=np.float32,
        )
        types, roles = self.session.run(
            None,
            {
                "mentions": np.concatenate([states[first], states[last], means, whole], axis=1),
                "members": begins[:, None] + np.where(held, offsets, 0),
                "shares": (held / counts[:, None]).astype(np.float32),
                "more": more,
            },
        )
        return types, roles

    def verdicts(
        self, found: Sequence[Evidence], types: Matrix, roles: Matrix | None = None
    ) -> list[Verdict]:
        """Return the verdicts that follow from the network's predictions."""
        result = []
        for row, one in enumerate(found):
            number = most_likely(one, types[row])
            sure = self.certainty(self.factors, features(one, types[row], number))
            role = None
            if roles is not None and TYPES[number] in WITH_ROLE:
                role = ROLES[int((np.log(roles[row] + RAREST) + self.bias).argmax())]
            result.append(Verdict(TYPES[number], sure, role))
        return result


def most_likely(one: Evidence, answer: Matrix) -> int:
    """Return the index of the type that both readers together find most likely."""
    first = np.log(np.asarray(one.types) + NEVER_QUITE)
    second = np.log(answer[1:] + NEVER_QUITE)
    return int((first + second).argmax())


def features(one: Evidence, kinds: Matrix, number: int) -> dict[str, float]:
    """Return the certainty's features: the evidence and the prediction for the chosen type."""
    head, score = float(kinds[1 + number]), one.score * one.types[number]
    known = one.known or KnownName(0)
    strength = STRENGTHS[(known.use - 1) // 2 % len(STRENGTHS)] if known.use else "unknown"
    verdict = (
        "unjudged"
        if not known.verdict
        else "same"
        if known.verdict == number + 1
        else TYPES_AND_MORE[known.verdict - 1]
    )
    return {
        "always": 1.0,
        "head": _logit(head),
        "score": _logit(score),
        "none": _logit(float(kinds[0])),
        "second": float(np.sort(kinds[1:])[-2]),
        "several": float(len(one.mentions) > 1),
        "in_title": float(one.in_title),
        "is_defined": float(one.is_defined),
        "is_cased": float(one.is_cased),
        "one_word": float(one.words == 1),
        "long": float(one.words > 3),  # noqa: PLR2004 - four words and more
        f"type:{TYPES[number]}": 1.0,
        f"use:{strength}": 1.0,
        f"verdict:{verdict}": 1.0,
    }


TYPES_AND_MORE = ("other", "other", "other", "other", "other", "none", "unsure")


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return float(np.log(bounded / (1 - bounded)))
