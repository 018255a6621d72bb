"""Evaluation prints the figures of the scorer that the annotations come with."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import CorpusError
from kg.records import Role
from pipelines.evaluate import (
    comparison_key,
    evaluate,
    figures,
    read_gold,
    read_predicted,
    table,
)

SCORER = Path(__file__).resolve().parents[2] / "../shared/evaluation/score_mentions.py"
NAMES = [
    "BERT",
    "bert",
    "GANs",
    "GAN",
    "CIFAR-10",
    "CIFAR-100",
    "Policies",
    "policy",
    "α-divergence",
    "C++",
    "C",
    "loss",
]


def write(folder, seed):
    """Made-up annotations and predictions of 30 papers."""
    rng = random.Random(seed)
    gold, predicted = [], []
    for n in range(30):
        names = rng.sample(NAMES, 6)
        gold.append(
            {
                "id": f"p{n}",
                "e": [
                    [rng.choice("MDBTX"), *names[2 * k : 2 * k + rng.randint(1, 2)]]
                    for k in range(3)
                ],
            }
        )
        kinds = ["method", "dataset", "benchmark", "task"]
        if rng.random() < 0.9:
            predicted.append(
                {
                    "id": f"p{n}",
                    "entities": [
                        {"type": rng.choice(kinds), "names": rng.sample(NAMES, 2)} for _ in range(3)
                    ],
                }
            )
    paths = folder / "gold.jsonl", folder / "predicted.jsonl"
    for path, rows in zip(paths, (gold, predicted), strict=True):
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return paths


@pytest.mark.skipif(not SCORER.exists(), reason="the shared scorer is not here")
@pytest.mark.parametrize("seed", range(3))
def test_the_figures_equal_the_scorer(tmp_path, seed):
    gold, predicted = write(tmp_path, seed)
    ran = subprocess.run(
        [sys.executable, SCORER, gold, predicted, "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    ours = evaluate(read_gold(gold), read_predicted(predicted))
    theirs = json.loads(ran.stdout)
    assert {name: (row.found, row.false, row.missed) for name, (row, _) in ours.items()} == {
        name: (row["tp"], row["fp"], row["fn"]) for name, row in theirs.items()
    }
    assert {name: round(row.f1, 9) for name, (row, _) in ours.items()} == {
        name: round(row["f1"], 9) for name, row in theirs.items()
    }


def test_a_split_entity_costs_a_false_one_and_a_merged_one_a_miss(tmp_path):
    gold, predicted = tmp_path / "g", tmp_path / "p"
    gold.write_text(
        '{"id": "a", "e": [["M", "BERT", "Bidirectional"], ["M", "GPT"]]}', encoding="utf-8"
    )
    split = '{"id": "a", "entities": [{"type": "method", "names": ["BERT"]}, {"type": "method", "names": ["Bidirectional"]}]}'
    predicted.write_text(split, encoding="utf-8")
    row, _ = evaluate(read_gold(gold), read_predicted(predicted))["all"]
    assert (row.found, row.false, row.missed, round(row.f1, 2)) == (1, 1, 1, 0.5)
    assert "0.500" in table(evaluate(read_gold(gold), read_predicted(predicted)))


def test_keys_fold_case_punctuation_and_plural():
    assert {comparison_key(name) for name in ("Fine-Tuning", "fine tuning", "finetunings")} == {
        "finetuning"
    }


def test_broken_annotations_are_told_with_their_line(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a", "e": [["Q", "BERT"]]}', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"gold\.jsonl:1: expected"):
        read_gold(path)


ROLE_SCORER = SCORER.with_name("score_roles.py")


def write_roles(folder, seed):
    """Made-up annotations with roles, and predictions with roles and certainties, of 30 papers."""
    rng = random.Random(seed)
    gold, predicted = [], []
    for n in range(30):
        names = rng.sample(NAMES, 6)
        roles = ["N", "E", "C", "S", "U", "O", "U/O"]
        entities = [
            [rng.choice("MDB"), rng.choice(roles), *names[2 * k : 2 * k + 2]] for k in range(3)
        ]
        gold.append({"id": f"p{n}", "e": [*entities, ["T", "-", "parsing"]]})
        kinds = ["method", "dataset", "benchmark"]
        found = [
            {
                "type": rng.choice(kinds),
                "names": rng.sample(NAMES, 2),
                "role": rng.choice([*Role]),
                "certainty": rng.random(),
            }
            for _ in range(3)
        ]
        predicted.append(
            {
                "id": f"p{n}",
                "entities": [*found, {"type": "task", "names": ["parsing"], "role": None}],
            }
        )
    paths = folder / "gold.jsonl", folder / "predicted.jsonl"
    for path, rows in zip(paths, (gold, predicted), strict=True):
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return paths


@pytest.mark.skipif(not ROLE_SCORER.exists(), reason="the shared scorer is not here")
@pytest.mark.parametrize("seed", range(3))
def test_the_figures_of_roles_and_certainty_equal_the_scorer(tmp_path, seed):
    gold, predicted = write_roles(tmp_path, seed)
    ran = subprocess.run(
        [sys.executable, ROLE_SCORER, gold, predicted, "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    theirs, ours = json.loads(ran.stdout), figures(read_gold(gold), read_predicted(predicted))
    near = {"abs": 1e-4}
    assert ours.accuracy == pytest.approx(theirs["accuracy"], **near)
    assert ours.macro_f1 == pytest.approx(theirs["macro_f1"], **near)
    whole = ours.end_to_end
    assert [whole.precision, whole.recall, whole.f1] == pytest.approx(theirs["end_to_end"], **near)
    for role, row in ours.end_to_end_role.items():
        assert [row.precision, row.recall, row.f1] == pytest.approx(
            theirs["end_to_end_role"][role], **near
        )
    assert ours.calibration_error == pytest.approx(theirs["calibration_error"], **near)
    assert ours.precision_at_90 == pytest.approx(theirs["precision_at_0.9"], **near)
    assert ours.share_at_90 == pytest.approx(theirs["share_at_0.9"], **near)


def test_roles_are_read_only_where_every_entity_has_one(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "p", "e": [["M", "U", "BERT"], ["D", "SQuAD"]]}\n', encoding="utf-8")
    first, _ = read_gold(path)["p"]
    assert (first.roles, first.keys) == ((), {"u", "bert"})
    path.write_text(
        '{"id": "p", "e": [["M", "U/N", "BERT"], ["T", "-", "parsing"]]}\n', encoding="utf-8"
    )
    (only,) = read_gold(path)["p"]
    assert (only.roles, only.keys) == ((Role.USED, Role.NEW), {"bert"})
