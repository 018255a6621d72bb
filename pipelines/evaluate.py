"""Accuracy against annotations, paper by paper: which of the annotated entities were found.

An entity is found when a predicted entity of the same type shares a name with it, names compared without case, spacing,
punctuation and plural s. Matching is one to one, largest overlap first, so an entity split in two costs a false positive
and two merged into one cost a miss. Figures are micro averages over papers.
"""

import json
import random
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import CorpusError
from kg.records import EntityType, Extraction

__all__ = ["Named", "Score", "comparison_key", "evaluate", "named", "read_gold", "read_predicted", "score", "table"]

CODES = dict(zip("MDBTX", EntityType, strict=True))
RESOURCES = frozenset({EntityType.DATASET, EntityType.BENCHMARK})
TYPES = (EntityType.METHOD, EntityType.DATASET, EntityType.BENCHMARK)
RESAMPLES = 300


@dataclass(frozen=True, slots=True)
class Named:
    """An entity as evaluation sees it: its type and the comparison keys of its names."""

    type: EntityType
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts, and what follows from them."""

    found: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of the predicted that is right."""
        return self.found / (self.found + self.false) if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of the annotated that is found."""
        return self.found / (self.found + self.missed) if self.found else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return 2 * self.found / (2 * self.found + self.false + self.missed) if self.found else 0.0


Entities = Mapping[str, Sequence[Named]]
Same = Callable[[EntityType, EntityType], bool]
VIEWS: dict[str, Same] = {
    "all": lambda one, other: one == other,
    "untyped": lambda one, other: True,  # noqa: ARG005 - a view
    "resource-merged": lambda one, other: one == other or {one, other} <= RESOURCES,
}


def comparison_key(name: str) -> str:
    """Return a name without case, spacing, punctuation and plural s."""
    words = re.sub(r"[^a-z0-9+#\u03b1-\u03c9]+", " ", unicodedata.normalize("NFKC", name).lower()).split()
    if words:
        last = words[-1]
        if len(last) > 3 and last.endswith("s") and not last.endswith(("ss", "us", "is")):  # noqa: PLR2004
            words[-1] = last[:-3] + "y" if last.endswith("ies") and len(last) > 4 else last[:-1]  # noqa: PLR2004
    return "".join(words)


def _matched(gold: Sequence[Named], predicted: Sequence[Named], same: Same) -> int:
    """Return how many entities find each other, one to one, largest overlap first."""
    pairs = sorted(
        (-len(g.keys & p.keys), i, j)
        for i, g in enumerate(gold)
        for j, p in enumerate(predicted)
        if same(g.type, p.type) and g.keys & p.keys
    )
    used_gold, used_predicted = set(), set()
    for _, i, j in pairs:
        if i not in used_gold and j not in used_predicted:
            used_gold.add(i)
            used_predicted.add(j)
    return len(used_gold)


def score(gold: Entities, predicted: Entities, same: Same = VIEWS["all"]) -> list[Score]:
    """Return the score of each annotated paper, in the order of the annotations."""
    scores = []
    for paper, wanted in gold.items():
        found = predicted.get(paper, ())
        right = _matched(wanted, found, same)
        scores.append(Score(right, len(found) - right, len(wanted) - right))
    return scores


def total(scores: Sequence[Score]) -> Score:
    """Return the sum of scores."""
    return Score(sum(s.found for s in scores), sum(s.false for s in scores), sum(s.missed for s in scores))


def evaluate(gold: Entities, predicted: Entities) -> dict[str, tuple[Score, tuple[float, float] | None]]:
    """Return the rows of the table: the three views with a 95 % bootstrap interval of F1 over papers, then each type."""
    rows: dict[str, tuple[Score, tuple[float, float] | None]] = {}
    for name, same in VIEWS.items():
        scores = score(gold, predicted, same)
        rng = random.Random(0)  # noqa: S311 - resampling
        f1s = sorted(total(rng.choices(scores, k=len(scores))).f1 for _ in range(RESAMPLES))
        rows[name] = total(scores), (f1s[7], f1s[292])
    for kind in TYPES:
        rows[kind] = total(score(_only(gold, kind), _only(predicted, kind))), None
    return rows


def _only(entities: Entities, kind: EntityType) -> Entities:
    return {paper: [entity for entity in found if entity.type == kind] for paper, found in entities.items()}


def table(rows: Mapping[str, tuple[Score, tuple[float, float] | None]]) -> str:
    """Return the rows as text."""
    lines = [f"{'':16}{'P':>7}{'R':>7}{'F1':>7}   95 % of F1   found false missed"]
    for name, (row, bounds) in rows.items():
        interval = f"{bounds[0]:.3f}-{bounds[1]:.3f}" if bounds else ""
        lines.append(f"{name:16}{row.precision:7.3f}{row.recall:7.3f}{row.f1:7.3f}   {interval:12}{row.found:6}{row.false:6}{row.missed:7}")
    return "\n".join(lines)


def read_gold(path: Path) -> dict[str, list[Named]]:
    """Read annotations: ``{"id", "e": [["M", name, alias…], …]}`` a line; codes M, D, B, T, X.

    Raises:
        CorpusError: if the file cannot be read or a line is not of that form.
    """
    gold = {}
    for place, row in _lines(path):
        try:
            gold[str(row["id"])] = [Named(CODES[code], frozenset(map(comparison_key, names))) for code, *names in row["e"] if CODES[code] in TYPES]
        except (KeyError, TypeError, ValueError) as error:
            message = f'{place}: expected {{"id": …, "e": [["M", name, …], …]}} with codes M, D, B, T, X'
            raise CorpusError(message) from error
    return gold


def read_predicted(path: Path) -> dict[str, list[Named]]:
    """Read what ``kg extract`` wrote.

    Raises:
        CorpusError: if the file cannot be read or a line is not of that form.
    """
    predicted = {}
    for place, row in _lines(path):
        try:
            entities = [Named(EntityType(entity["type"]), frozenset(map(comparison_key, entity["names"]))) for entity in row["entities"]]
        except (KeyError, TypeError, ValueError) as error:
            message = f'{place}: expected {{"id": …, "entities": [{{"type": …, "names": […]}}, …]}}'
            raise CorpusError(message) from error
        predicted[str(row["id"])] = [entity for entity in entities if entity.type in TYPES]
    return predicted


def named(extraction: Extraction) -> list[Named]:
    """Return the entities of an extraction as evaluation sees them."""
    return [Named(e.type, frozenset(map(comparison_key, e.names))) for e in extraction.entities if e.type in TYPES]


def _lines(path: Path) -> list[tuple[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
        return [(f"{path}:{n}", json.loads(line)) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    except (OSError, ValueError) as error:
        message = f"{path}: cannot be read as JSON lines ({error})"
        raise CorpusError(message) from error
