"""Known names are found whatever their case, hyphens and plural, and the longer one counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.records import EntityType
from pipelines.known import CODES, JUDGED, NONE, STRENGTHS, KnownName, KnownNames, code, fold_name


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
    names = KnownNames(
        {"languagemodel": KnownName(3), "largelanguagemodel": KnownName(5), "cifar10": KnownName(7)}
    )
    words = ["Large", "Language", "-", "Models", "on", "CIFAR", "-", "10", "."]
    assert names.features(words) == [5, 6, 6, 6, 0, 7, 8, 8, 0]


def test_a_name_does_not_go_across_other_marks():
    assert KnownNames({"languagemodel": KnownName(3)}).features(["language", ",", "model"]) == [
        0,
        0,
        0,
    ]


def test_a_long_name_that_was_judged_to_be_none_does_not_hide_a_short_one():
    names = KnownNames({"languagemodel": KnownName(3), "languagemodeltraining": KnownName(0, NONE)})
    none = CODES * (2 * NONE)
    assert names.features(["Language", "model", "training"]) == [3, 4, none]


def test_use_and_verdict_are_told_apart():
    names = [
        KnownName(use, verdict)
        for use in (0, *range(1, CODES, 2))
        for verdict in range((JUDGED + 1) // 2)
        if use or verdict
    ]
    codes = [number for name in names for number in (name.first, name.later)]
    assert len(codes) == len(set(codes))
    assert 0 < min(codes) <= max(codes) < CODES * JUDGED


def test_every_type_and_strength_has_two_codes_of_its_own():
    codes = [
        code(kind, strength) + step
        for kind in EntityType
        for strength in STRENGTHS
        for step in (0, 1)
    ]
    assert sorted(codes) == list(range(1, CODES))


@given(st.lists(st.text(alphabet="ab-+ .", min_size=1, max_size=4), max_size=30))
def test_matches_fold_to_the_name_they_are_reported_as(words):
    names = KnownNames(dict.fromkeys(["ab", "aba", "b+", "abab"], KnownName(1)))
    for first, last, name in names.matches(words):
        assert fold_name(" ".join(words[first:last])) == name
