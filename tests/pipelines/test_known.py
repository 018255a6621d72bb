"""Known names are found whatever their case, hyphens and plural, and the longer one counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.records import EntityType
from pipelines.known import CODES, STRENGTHS, KnownNames, code, fold_name


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Variational Auto-Encoders", "variationalautoencoder"),
        ("CIFAR-10", "cifar10"),
        ("CIFAR-100", "cifar100"),
        ("C++", "c++"),
        ("C#", "c#"),
        ("C", "c"),
        ("Gaussian processes", "gaussianprocesse"),
        ("...", ""),
    ],
)
def test_a_name_folds_to_its_letters_digits_and_plus_signs(name, folded):
    assert fold_name(name) == folded


def test_the_words_of_a_known_name_get_its_codes_and_the_longer_name_wins():
    names = KnownNames({"languagemodel": 3, "largelanguagemodel": 5, "cifar10": 7})
    words = ["Large", "Language", "-", "Models", "on", "CIFAR", "-", "10", "."]
    assert names.features(words) == [5, 6, 6, 6, 0, 7, 8, 8, 0]


def test_a_name_does_not_go_across_other_marks():
    assert KnownNames({"languagemodel": 3}).features(["language", ",", "model"]) == [0, 0, 0]


def test_codes_given_by_a_function_can_hide_a_name():
    assert KnownNames({"bert": 3}).features(["BERT"], lambda _: 0) == [0]


def test_every_type_and_strength_has_two_codes_of_its_own():
    codes = [code(kind, strength) + step for kind in EntityType for strength in STRENGTHS for step in (0, 1)]
    assert sorted(codes) == list(range(1, CODES))


@given(st.lists(st.text(alphabet="ab-+ .", min_size=1, max_size=4), max_size=30))
def test_matches_fold_to_the_name_they_are_reported_as(words):
    names = KnownNames(dict.fromkeys(["ab", "aba", "b+", "abab"], 1))
    for first, last, name in names.matches(words):
        assert fold_name(" ".join(words[first:last])) == name
