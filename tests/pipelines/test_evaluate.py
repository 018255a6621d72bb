"""Evaluation prints the figures of the scorer that the annotations come with."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import CorpusError
from pipelines.evaluate import comparison_key, evaluate, read_gold, read_predicted, table

SCORER = Path(__file__).resolve().parents[2] / "../shared/evaluation/score_mentions.py"
NAMES = ["BERT", "bert", "GANs", "GAN", "CIFAR-10", "CIFAR-100", "Policies", "policy", "α-divergence", "C++", "C", "loss"]


def write(folder, seed):
    """Made-up annotations and predictions of 30 papers."""
    rng = random.Random(seed)
    gold, predicted = [], []
    for n in range(30):
        names = rng.sample(NAMES, 6)
        gold.append({"id": f"p{n}", "e": [[rng.choice("MDBTX"), *names[2 * k : 2 * k + rng.randint(1, 2)]] for k in range(3)]})
        kinds = ["method", "dataset", "benchmark", "task"]
        if rng.random() < 0.9:
            predicted.append({"id": f"p{n}", "entities": [{"type": rng.choice(kinds), "names": rng.sample(NAMES, 2)} for _ in range(3)]})
    paths = folder / "gold.jsonl", folder / "predicted.jsonl"
    for path, rows in zip(paths, (gold, predicted), strict=True):
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return paths


@pytest.mark.skipif(not SCORER.exists(), reason="the shared scorer is not here")
@pytest.mark.parametrize("seed", range(3))
def test_the_figures_equal_the_scorer(tmp_path, seed):
    gold, predicted = write(tmp_path, seed)
    ran = subprocess.run([sys.executable, SCORER, gold, predicted, "--json"], capture_output=True, text=True, check=True)
    ours = evaluate(read_gold(gold), read_predicted(predicted))
    theirs = json.loads(ran.stdout)
    assert {name: (row.found, row.false, row.missed) for name, (row, _) in ours.items()} == {
        name: (row["tp"], row["fp"], row["fn"]) for name, row in theirs.items()
    }
    assert {name: round(row.f1, 9) for name, (row, _) in ours.items()} == {name: round(row["f1"], 9) for name, row in theirs.items()}


def test_a_split_entity_costs_a_false_one_and_a_merged_one_a_miss(tmp_path):
    gold, predicted = tmp_path / "g", tmp_path / "p"
    gold.write_text('{"id": "a", "e": [["M", "BERT", "Bidirectional"], ["M", "GPT"]]}', encoding="utf-8")
    split = '{"id": "a", "entities": [{"type": "method", "names": ["BERT"]}, {"type": "method", "names": ["Bidirectional"]}]}'
    predicted.write_text(split, encoding="utf-8")
    row, _ = evaluate(read_gold(gold), read_predicted(predicted))["all"]
    assert (row.found, row.false, row.missed, round(row.f1, 2)) == (1, 1, 1, 0.5)
    assert "0.500" in table(evaluate(read_gold(gold), read_predicted(predicted)))


def test_keys_fold_case_punctuation_and_plural():
    assert {comparison_key(name) for name in ("Fine-Tuning", "fine tuning", "finetunings")} == {"finetuning"}


def test_broken_annotations_are_told_with_their_line(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a", "e": [["Q", "BERT"]]}', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"gold\.jsonl:1: expected"):
        read_gold(path)
