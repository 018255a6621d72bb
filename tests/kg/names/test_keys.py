"""The comparison key: what it folds, and what it keeps apart."""

import csv
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.names.keys import digits, key, numerals, singular

ROWS = csv.DictReader(
    (Path(__file__).parents[1] / "name_pairs.tsv").read_text(encoding="utf-8").splitlines(),
    delimiter="\t",
)
JOINED = {
    "word form", "type word", "data", "network", "training", "order", "preposition", "synonym",
}  # fmt: skip
"""Kinds of pair that resolution joins, not the key."""
PAIRS = [row for row in ROWS if not row["context"] and row["kind"] not in JOINED]
NAMES = st.text(
    alphabet=st.sampled_from("aBcsS 0123456789.,-_/+#*βé²⁶₂٣()'vV%&"), max_size=12
) | st.text(max_size=8)


def _digits_of(surface):
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", surface))
    return "".join(str(unicodedata.decimal(char)) for char in plain if char.isdecimal())


def test_the_key_tells_same_names_from_others():
    wrong = [
        (row["one"], row["other"])
        for row in PAIRS
        if (key(row["one"]) == key(row["other"])) != (row["verdict"] == "same")
    ]
    assert len(PAIRS) >= 240
    assert 1 - len(wrong) / len(PAIRS) >= 0.97, wrong


def test_no_pair_with_differing_digits_has_one_key():
    differing = [row for row in PAIRS if _digits_of(row["one"]) != _digits_of(row["other"])]
    assert len(differing) >= 50
    assert [row for row in differing if key(row["one"]) == key(row["other"])] == []


@given(NAMES, NAMES)
def test_names_with_differing_digits_have_differing_keys(one, other):
    if _digits_of(one) != _digits_of(other):
        assert key(one) != key(other)


@given(NAMES)
def test_a_key_holds_the_digits_of_the_surface_and_no_space_or_capital(surface):
    found = key(surface)
    assert "".join(char for char in found if char.isdecimal()) in {_digits_of(surface), ""}
    assert found == found.lower()
    assert not re.search(r"\s", found)
    assert bool(found) == any(char.isalnum() for char in found)


@given(NAMES)
def test_space_around_a_surface_does_not_count(surface):
    assert key(f" {surface}\n") == key(surface)


@pytest.mark.parametrize("surface", ["", " ", "--", "+", "– +", "%", "🙂", "( )", "*"])
def test_a_surface_without_letter_or_digit_has_no_key(surface):
    assert key(surface) == ""


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("queries", "query"),
        ("movies", "movie"),
        ("ties", "tie"),
        ("series", "series"),
        ("analyses", "analysis"),
        ("hypotheses", "hypothesis"),
        ("databases", "database"),
        ("responses", "response"),
        ("processes", "process"),
        ("classes", "class"),
        ("boxes", "box"),
        ("axes", "axis"),
        ("patches", "patch"),
        ("caches", "cache"),
        ("hashes", "hash"),
        ("quizzes", "quiz"),
        ("sizes", "size"),
        ("buses", "bus"),
        ("houses", "house"),
        ("viruses", "virus"),
        ("biases", "bias"),
        ("bias", "bias"),
        ("atlas", "atlas"),
        ("cameras", "camera"),
        ("matrices", "matrix"),
        ("indices", "index"),
        ("devices", "device"),
        ("corpora", "corpus"),
        ("criteria", "criterion"),
        ("maxima", "maximum"),
        ("stimuli", "stimulus"),
        ("formulae", "formula"),
        ("heroes", "hero"),
        ("leaves", "leaf"),
        ("curves", "curve"),
        ("kinetics", "kinetics"),
        ("metrics", "metric"),
        ("videos", "video"),
        ("chaos", "chaos"),
        ("loss", "loss"),
        ("losses", "loss"),
        ("corpus", "corpus"),
        ("basis", "basis"),
        ("LLMs", "llm"),
        ("LMs", "lm"),
        ("LMS", "lms"),
        ("CNNS", "cnn"),
        ("MAPS", "maps"),
        ("NETWORKS", "network"),
        ("gps", "gps"),
    ],
)
def test_plurals_become_singular(plural, one):
    assert singular(plural) == one


@pytest.mark.parametrize(
    ("word", "alone", "expected"),
    [("Mars", True, "mars"), ("Cars", False, "car"), ("Networks", True, "network")],
)
def test_a_short_capitalised_word_that_stands_alone_is_a_name(word, alone, expected):
    assert singular(word, alone=alone) == expected


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("SQuAD v1.1", "squad1.1"),
        ("CIFAR-10/100", "cifar10_100"),
        ("10⁶", "10_6"),
        ("H₂O", "h2o"),
        ("β-VAE", "betavae"),
        (r"$\mathcal{L}_{2}$ norm", "l2norm"),
        ("C++", "c++"),
        ("A*", "a*"),
        ("the Pile", "pile"),
        ("Newton's method", "newtonmethod"),
        ("mixtures of experts", "mixtureofexpert"),
        ("neural nets", "neuralnetwork"),
        ("chain-of-thought (CoT) prompting", "chainofthoughtprompting"),
        ("deep reinforcement learning (RL", "deepreinforcementlearning"),
        ("LSTD(λ)", "lstdlambda"),
        ("ImageNet (ILSVRC2012)", "imagenetilsvrc2012"),
        ("٣D convolution", "3dconvolution"),
    ],
)
def test_keys_read_as_expected(surface, expected):
    assert key(surface) == expected


def test_numbers_keep_their_points_and_their_borders():
    assert numerals(key("Llama-2-7B v1.5")) == ("2", "7", "1.5")
    assert numerals(key("k-means++")) == ("++",)
    assert digits("no number, C++") == ""


@pytest.mark.parametrize(
    ("word", "alone", "expected"),
    [
        ("Cards", True, "cards"),  # five letters and a capital: may be a name
        ("Cards", False, "card"),
        ("cards", True, "card"),
        ("Graphs", True, "graph"),
        ("SCALES", False, "scales"),  # six capitals
        ("SCALERS", False, "scaler"),
        ("SCALERS", True, "scalers"),
        ("CNNS", True, "cnn"),  # spelled out
        ("LMs", False, "lm"),
        ("As", False, "as"),
    ],
)
def test_a_short_word_with_a_capital_may_be_a_name_and_no_plural(word, alone, expected):
    assert singular(word, alone=alone) == expected


def test_commas_of_thousands_and_an_ampersand_are_written_out():
    assert key("Visual & Language 1,000,000") == key("visual and language 1000000")
    assert key("A, 1,00") != key("A, 100")
    assert key("AT&T") != key("AT and T")
