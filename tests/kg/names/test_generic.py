"""Generic words: never nodes; names: never generic."""

import json
from pathlib import Path

import pytest

from kg.names.generic import LONGEST, is_generic

GOLD = Path(__file__).resolve().parents[3] / "../shared/annotation/train_third.jsonl"


@pytest.mark.parametrize(
    "name",
    [
        "model",
        "Models",
        "our method",
        "the proposed framework",
        "a novel efficient approach",
        "two-stage method",
        "state-of-the-art methods",
        "neural networks",
        "deep learning",
        "Machine Learning",
        "AI",
        "NLP",
        "attention",
        "novel loss",
        "datasets",
        "a large-scale framework",
        "2017",
        "10%",
        "7B",
        "$",
        "x",
        "pre-",
        "word " * 40,
    ],
)
def test_generic_words_are_no_names(name):
    assert is_generic(name)


@pytest.mark.parametrize(
    "name",
    [
        "BERT",
        "C",
        "C++",
        "A*",
        "SCORE",
        "MODEL",
        "self-attention",
        "deep neural network",
        "language model",
        "Natural Questions",
        "robust regression",
        "end-to-end learning",
        "next best view",
        "Large Language Model",
        "contrastive loss",
        "fine-tuning",
        "beam search",
        "20 Newsgroups",
        "Model-Agnostic Meta-Learning",
        "attention mechanism",
        "ensemble",
        "CompLex",
    ],
)
def test_names_and_terms_of_art_are_not_generic(name):
    assert not is_generic(name)


@pytest.mark.skipif(not GOLD.exists(), reason="the annotated papers are not beside the repository")
def test_hardly_any_annotated_name_is_taken_for_generic():
    entities = (
        entity
        for line in GOLD.read_text(encoding="utf-8").splitlines()
        for entity in json.loads(line)["e"]
    )
    names = [name for entity in entities if entity[0] in "MDB" for name in entity[2:]]
    assert sum(map(is_generic, names)) / len(names) < 0.001


def test_a_sentence_is_no_name_and_a_word_that_praises_is_none_by_itself():
    assert not is_generic("Bert " * 23 + "Berts")
    assert len("Bert " * 23 + "Berts") == LONGEST
    assert is_generic("Bert " * 24 + "B")
    assert is_generic("novel")
    assert is_generic("simple")
    assert not is_generic("simple novelty")
