"""Measures accuracy against annotations: entities, roles and certainty.

An entity is found if a predicted entity of the same type shares a name with it; names are compared
without case, spacing, punctuation and plural s. Matching is one to one, largest overlap first, so
an entity split in two costs a false positive, and two merged into one cost a miss. Figures are
micro averages over papers. Roles are scored over the entities found and end to end (type and role
both right); if an annotation allows two roles, either is right. Certainty is scored by the expected
calibration error with ten bins of equal width (Naeini et al. 2015).
"""

import json
import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import CorpusError
from kg.records import EntityType, Extraction, Role

__all__ = [
    "Figures",
    "Named",
    "Score",
    "comparison_key",
    "evaluate",
    "figures",
    "named",
    "read_gold",
    "read_predicted",
    "roles_table",
    "score",
    "table",
]

CODES = dict(zip("MDBTX", EntityType, strict=True))
ROLES = dict(zip("NECSUO", Role, strict=True))
HIGH = 0.9
"""Minimum certainty of an entity that counts as certain."""
RESOURCES = frozenset({EntityType.DATASET, EntityType.BENCHMARK})
TYPES = (EntityType.METHOD, EntityType.DATASET, EntityType.BENCHMARK)
RESAMPLES = 300


@dataclass(frozen=True, slots=True)
class Named:
    """An entity for evaluation: its type, the comparison keys of its names, roles and certainty."""

    type: EntityType
    keys: frozenset[str]
    roles: tuple[Role, ...] = ()
    """The predicted role, or those that the annotation allows, likelier first."""
    certainty: float | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Counts, and the measures computed from them."""

    found: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of the predictions that are right."""
        return self.found / (self.found + self.false) if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of the annotations that are found."""
        return self.found / (self.found + self.missed) if self.found else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.found / (2 * self.found + self.false + self.missed) if self.found else 0.0


Entities = Mapping[str, Sequence[Named]]
Roles = Counter[tuple[str, Role]]
Same = Callable[[EntityType, EntityType], bool]
VIEWS: dict[str, Same] = {
    "all": lambda one, other: one == other,
    "untyped": lambda one, other: True,  # noqa: ARG005 - a view
    "resource-merged": lambda one, other: one == other or {one, other} <= RESOURCES,
}


def comparison_key(name: str) -> str:
    """Return a name without case, spacing, punctuation and plural s."""
    words = re.sub(
        r"[^a-z0-9+#\u03b1-\u03c9]+", " ", unicodedata.normalize("NFKC", name).lower()
    ).split()
    if words:
        last = words[-1]
        if len(last) > 3 and last.endswith("s") and not last.endswith(("ss", "us", "is")):  # noqa: PLR2004
            words[-1] = last[:-3] + "y" if last.endswith("ies") and len(last) > 4 else last[:-1]  # noqa: PLR2004
    return "".join(words)


def _matched(
    gold: Sequence[Named], predicted: Sequence[Named], same: Same
) -> list[tuple[int, int]]:
    """Return the matching pairs of indices, one to one, largest overlap first."""
    pairs = sorted(
        (-len(g.keys & p.keys), i, j)
        for i, g in enumerate(gold)
        for j, p in enumerate(predicted)
        if same(g.type, p.type) and g.keys & p.keys
    )
    used_gold: set[int] = set()
    used_predicted: set[int] = set()
    found = []
    for _, i, j in pairs:
        if i not in used_gold and j not in used_predicted:
            used_gold.add(i)
            used_predicted.add(j)
            found.append((i, j))
    return found


def score(gold: Entities, predicted: Entities, same: Same = VIEWS["all"]) -> list[Score]:
    """Return the score of each annotated paper, in the order of the annotations."""
    scores = []
    for paper, wanted in gold.items():
        found = predicted.get(paper, ())
        right = len(_matched(wanted, found, same))
        scores.append(Score(right, len(found) - right, len(wanted) - right))
    return scores


def total(scores: Sequence[Score]) -> Score:
    """Return the sum of scores."""
    return Score(
        sum(s.found for s in scores), sum(s.false for s in scores), sum(s.missed for s in scores)
    )


def evaluate(
    gold: Entities, predicted: Entities
) -> dict[str, tuple[Score, tuple[float, float] | None]]:
    """Return the table's rows: three views with a 95 % bootstrap interval of F1, then each type.

    The interval is over papers; types have none.
    """
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
    return {
        paper: [entity for entity in found if entity.type == kind]
        for paper, found in entities.items()
    }


@dataclass(frozen=True, slots=True)
class Figures:
    """The scores of roles and certainty."""

    accuracy: float
    """Share of the entities found whose role is right."""
    role_f1: dict[Role, float]
    """F1 of each role over the entities found."""
    end_to_end: Score
    """Type and role both right."""
    end_to_end_role: dict[Role, Score]
    calibration_error: float | None
    """None if the predictions have no certainty."""
    precision_at_90: float
    """Share of entities with a certainty of at least 0.9 that are right."""
    share_at_90: float
    """Share of all entities that have a certainty of at least 0.9."""

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the roles over the entities found."""
        return sum(self.role_f1.values()) / len(self.role_f1)


def figures(gold: Entities, predicted: Entities) -> Figures:
    """Score roles and certainty."""
    inner, outer = Counter[tuple[str, Role]](), Counter[tuple[str, Role]]()
    sure: list[tuple[float, bool]] = []
    for paper, wanted in gold.items():
        found = predicted.get(paper, ())
        pairs = _matched(wanted, found, VIEWS["all"])
        hit = {j for _, j in pairs}
        sure += [
            (one.certainty, j in hit) for j, one in enumerate(found) if one.certainty is not None
        ]
        meant = [one.roles[:1] for one in wanted]
        for i, j in pairs:
            role = found[j].roles[0] if found[j].roles else None
            if role in wanted[i].roles:
                meant[i] = found[j].roles[:1]
                inner["right", role] += 1
            inner.update(
                [
                    *(("wanted", one) for one in meant[i]),
                    *(("found", one) for one in found[j].roles),
                ]
            )
        outer.update(("wanted", role) for roles in meant for role in roles)
        outer.update(("found", role) for one in found for role in one.roles)
    return _figures(inner, outer, sure)


def _figures(inner: Roles, outer: Roles, sure: Sequence[tuple[float, bool]]) -> Figures:
    matched = sum(number for (what, _), number in inner.items() if what == "wanted")
    right = {role: inner["right", role] for role in Role}
    scores = {
        role: Score(
            right[role], outer["found", role] - right[role], outer["wanted", role] - right[role]
        )
        for role in Role
    }
    f1 = {
        role: 2 * right[role] / max(1, inner["found", role] + inner["wanted", role])
        for role in Role
    }
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for certainty, is_right in sure:
        bins[min(int(certainty * 10), 9)].append((certainty, is_right))
    error = sum(abs(sum(c for c, _ in group) - sum(r for _, r in group)) for group in bins.values())
    high = [is_right for certainty, is_right in sure if certainty >= HIGH]
    return Figures(
        sum(right.values()) / max(1, matched),
        f1,
        total(list(scores.values())),
        scores,
        error / len(sure) if sure else None,
        sum(high) / max(1, len(high)),
        len(high) / max(1, len(sure)),
    )


def roles_table(found: Figures) -> str:
    """Return the figures as text."""
    whole = found.end_to_end
    lines = [
        f"roles of entities found: accuracy {found.accuracy:.3f}, macro F1 {found.macro_f1:.3f}",
        f"type and role right: P {whole.precision:.3f} R {whole.recall:.3f} F1 {whole.f1:.3f}",
        f"{'':16}{'P':>7}{'R':>7}{'F1':>7}   F1 over entities found",
    ]
    for role, row in found.end_to_end_role.items():
        lines.append(
            f"{role:16}{row.precision:7.3f}{row.recall:7.3f}{row.f1:7.3f}   {found.role_f1[role]:.3f}"
        )
    if found.calibration_error is not None:
        lines.append(
            f"certainty: calibration error {found.calibration_error:.3f}; of entities at {HIGH} or "
            f"more ({found.share_at_90:.0%} of all), {found.precision_at_90:.3f} are right"
        )
    return "\n".join(lines)


def table(rows: Mapping[str, tuple[Score, tuple[float, float] | None]]) -> str:
    """Return the rows as text."""
    lines = [f"{'':16}{'P':>7}{'R':>7}{'F1':>7}   95 % of F1   found false missed"]
    for name, (row, bounds) in rows.items():
        interval = f"{bounds[0]:.3f}-{bounds[1]:.3f}" if bounds else ""
        lines.append(
            f"{name:16}{row.precision:7.3f}{row.recall:7.3f}{row.f1:7.3f}   {interval:12}{row.found:6}{row.false:6}{row.missed:7}"
        )
    return "\n".join(lines)


def read_gold(path: Path) -> dict[str, list[Named]]:
    """Read annotations: ``{"id", "e": [["M", name, alias…], …]}`` per line; codes M, D, B, T, X.

    Roles are read if every entity has one after its type (N, E, C, S, U, O, two separated by a
    slash, or - for none).

    Raises:
        CorpusError: if the file cannot be read or a line has another form.
    """
    rows = _lines(path)
    has_roles = all(_has_role(entity) for _, row in rows for entity in _entities(row))
    gold = {}
    for place, row in rows:
        try:
            gold[str(row["id"])] = [
                one for entity in row["e"] if (one := _named(entity, has_roles)).type in TYPES
            ]
        except (KeyError, TypeError, ValueError, IndexError) as error:
            message = (
                f'{place}: expected {{"id": …, "e": [["M", name, …], …]}} with codes M, D, B, T, X'
            )
            raise CorpusError(message) from error
    return gold


def _entities(row: object) -> Sequence[object]:
    return found if isinstance(row, dict) and isinstance(found := row.get("e"), list) else ()


def _has_role(entity: object) -> bool:
    return (
        isinstance(entity, list)
        and len(entity) > 2  # noqa: PLR2004 - type, role, name
        and re.fullmatch(r"-|[NECSUO](/[NECSUO])*", str(entity[1])) is not None
    )


def _named(entity: Sequence[str], has_roles: bool) -> Named:  # noqa: FBT001 - handed through
    kind, *names = entity
    roles = (
        tuple(ROLES[code] for code in names.pop(0).split("/") if code != "-") if has_roles else ()
    )
    return Named(CODES[kind], frozenset(map(comparison_key, names)), roles)


def read_predicted(path: Path) -> dict[str, list[Named]]:
    """Read the output of ``kg extract``.

    Raises:
        CorpusError: if the file cannot be read or a line has another form.
    """
    predicted = {}
    for place, row in _lines(path):
        try:
            entities = [
                Named(
                    EntityType(entity["type"]),
                    frozenset(map(comparison_key, entity["names"])),
                    (Role(entity["role"]),) if entity.get("role") else (),
                    entity.get("certainty"),
                )
                for entity in row["entities"]
            ]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            message = f'{place}: expected {{"id": …, "entities": [{{"type": …, "names": […]}}, …]}}'
            raise CorpusError(message) from error
        predicted[str(row["id"])] = [entity for entity in entities if entity.type in TYPES]
    return predicted


def named(extraction: Extraction) -> list[Named]:
    """Return the entities of an extraction for evaluation."""
    return [
        Named(
            e.type,
            frozenset(map(comparison_key, e.names)),
            (e.role,) if e.role else (),
            e.certainty,
        )
        for e in extraction.entities
        if e.type in TYPES
    ]


def _lines(path: Path) -> list[tuple[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
        return [
            (f"{path}:{n}", json.loads(line))
            for n, line in enumerate(text.splitlines(), 1)
            if line.strip()
        ]
    except (OSError, ValueError) as error:
        message = f"{path}: cannot be read as JSON lines ({error})"
        raise CorpusError(message) from error
