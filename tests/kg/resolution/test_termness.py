"""What a name looks like in its corpus, in numbers worked out by hand, and how likely that makes it a term."""

import math

import pytest

from kg.records import EntityType, Role
from kg.resolution.standing import Standing
from kg.resolution.termness import Profile, Weights, features, shipped_weights


def profile_of(surface, papers=3, standing=None, **more):
    votes = tuple(float(kind is EntityType.METHOD) * 2 + float(kind is EntityType.TASK) for kind in EntityType)  # fmt: skip
    return Profile(surface, papers, standing or Standing(), votes, **more)


def test_features_of_a_name_are_shares_of_its_papers():
    standing = Standing(marked=7, bare=1, inside=3, marked_capital=4, bare_capital=1)
    found = dict(
        features(
            profile_of(
                "deep Q-learning",
                standing=standing,
                roles={Role.NEW: 1, Role.USED: 3},
                certainty=0.8,
                surest=0.97,
                short_forms=2,
                names=4,
                known="sure",
            )
        )
    )
    share = 7.5 / 9
    numbers = {
        "papers": math.log2(4) / 4,
        "share": share,
        "share, logit": math.log(share / (1 - share)) / 4,
        "bare": 0.25,
        "inside": math.log2(4 / 8) / 4,
        "capital": 4 / 7,
        "capital, share": 4 / 7 * 4 / 5,
        "type=method": 2 / 3,
        "type=task": 1 / 3,
        f"role={Role.NEW.value}": 0.25,
        f"role={Role.USED.value}": 0.75,
        "certainty": 0.8,
        "short forms, share": 2 / 3,
        "names": 2.0,
    }
    assert {name: found.pop(name) for name in numbers} == pytest.approx(numbers)
    assert found == dict.fromkeys(
        [
            "always", "papers=3", "share<0.9", "certainty<0.9", "certainty<0.97", "known=sure",
            "short forms", "words=3", "hyphen, several", "last=learning",
            "last ends in ng", "last ends in ing", "last ends in ning", "first=deep",
            "first ends in eep", "pair=q learning",
        ],
        1.0,
    )  # fmt: skip


def test_a_name_without_capitals_and_one_of_a_single_paper_are_told_apart():
    assert "no capital" in dict(features(profile_of("model")))
    assert "no capital" not in dict(features(profile_of("model", papers=1)))
    assert dict(features(profile_of("model", long_forms=9)))["long forms, share"] == 1


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("CNNS", {"capitals, one", "capitals, 4", "name, one", "words=1"}),
        ("ABCDEFGH", {"capitals, 6", "words=1"}),
        ("$x_t$", {"formula", "words=2"}),
        ("a b c d e", {"words=4", "small letters, several", "first=a", "pair=d e"}),
        ("GPT-4 (base)", {"bracket or slash", "digit, several", "hyphen, several", "words=3"}),
        ("Nets", {"alone=net", "capital, one"}),
        ("cats", {"alone=cat"}),
        ("?", {"no word"}),
    ],
)
def test_how_a_name_is_written_is_a_feature(surface, expected):
    assert expected <= {name for name, _ in features(profile_of(surface))}


def test_an_ending_is_told_where_more_than_one_letter_stands_before_it():
    names = {name for name, _ in features(profile_of("cats"))}
    assert not any("ends in" in name for name in names)
    names = {name for name, _ in features(profile_of("lasso"))}
    assert {name for name in names if "ends in" in name} == {
        "alone ends in so",
        "alone ends in sso",
    }


def test_a_probability_is_that_of_a_logistic_regression():
    weights = Weights({"always": 1.0, "papers": 2.0}, 0.5)
    assert weights.probability(profile_of("x")) == pytest.approx(1 / (1 + math.exp(-2)))
    assert Weights({"always": 99.0}, 0.5).probability(profile_of("x")) < 1
    assert 0 < shipped_weights().least < 1
