"""The verdict on a name follows from both readers' answers and from what is known of it."""

from dataclasses import replace

import numpy as np
import pytest

from kg.records import EntityType, Role
from pipelines.components.span_finder import MODEL, Reading
from pipelines.components.verdicts import Evidence, Judge, features, most_likely
from pipelines.known import KnownName

ONE = Evidence(
    mentions=[(1, 1)],
    score=0.9,
    types=(0.9, 0.05, 0.05, 0.0, 0.0),
    in_title=False,
    is_defined=False,
    known=None,
    words=1,
    is_cased=True,
)
METHOD = np.array([0.1, 0.8, 0.05, 0.05, 0.0, 0.0], dtype=np.float32)
NEW = np.array([0.9, 0.02, 0.02, 0.02, 0.02, 0.02], dtype=np.float32)


def judge(**factors):
    return Judge.of({"head": 1.0, **factors}, threshold=0.4)


def test_the_type_is_what_both_readers_together_find_most_likely():
    assert most_likely(ONE, METHOD) == 0
    data = np.array([0.1, 0.02, 0.86, 0.02, 0.0, 0.0], dtype=np.float32)
    assert most_likely(replace(ONE, types=(0.5, 0.45, 0.05, 0, 0)), data) == 1


def test_only_what_becomes_a_node_has_a_role():
    (method,) = judge().verdicts([ONE], METHOD[None], NEW[None])
    assert (method.type, method.role) == (EntityType.METHOD, Role.NEW)
    task = np.array([0.1, 0.0, 0.0, 0.0, 0.9, 0.0], dtype=np.float32)
    (other,) = judge().verdicts([replace(ONE, types=(0, 0, 0, 1, 0))], task[None], NEW[None])
    assert (other.type, other.role) == (EntityType.TASK, None)


@pytest.mark.parametrize(
    ("known", "fact"),
    [
        (None, "verdict:unjudged"),
        (KnownName(0, 1), "verdict:same"),
        (KnownName(0, 2), "verdict:other"),
        (KnownName(0, 6), "verdict:none"),
        (KnownName(0, 7), "verdict:unsure"),
        (KnownName(1 + 2 * 5), "use:always"),
        (KnownName(0), "use:unknown"),
    ],
)
def test_what_is_known_of_a_name_is_a_fact(known, fact):
    assert features(replace(ONE, known=known), METHOD, 0)[fact] == 1.0


def test_the_certainty_rises_with_what_speaks_for_a_name():
    sure = judge(**{"verdict:same": 1.0, "verdict:none": -1.0})
    good, unknown, bad = sure.verdicts(
        [replace(ONE, known=known) for known in (KnownName(0, 1), None, KnownName(0, 6))],
        np.stack([METHOD] * 3),
    )
    assert 0 < bad.certainty < unknown.certainty < good.certainty < 1
    assert sure.counts(good)
    assert not sure.counts(replace(bad, certainty=0.39))


def test_a_candidate_is_judged_the_same_whatever_stands_beside_it():
    own = Judge(MODEL)
    states = np.random.default_rng(0).normal(size=(8, 384)).astype(np.float32)
    reading = Reading([], np.zeros((0, 11), np.float32), states, [], 0, [])
    several = replace(ONE, mentions=[(2, 3), (5, 5), (6, 7)])
    alone = own.answers(reading, [ONE])[0][0]
    assert own.answers(reading, [several, ONE])[0][1] == pytest.approx(alone, abs=1e-6)
    assert own.answers(reading, [])[0].shape == (0, 6)
