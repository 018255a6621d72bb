"""One paper, one sense: names and definitions make one entity with one verdict."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.records import EntityType, Role
from pipelines.components.one_sense import propose, settle
from pipelines.components.span_finder import OUTSIDE, Reading
from pipelines.components.verdicts import Verdict
from pipelines.known import KnownName, KnownNames
from pipelines.tokenizer import split_words

METHOD, DATASET = EntityType.METHOD, EntityType.DATASET
ALL = SimpleNamespace(counts=lambda verdict: verdict.certainty >= 0.4)


def reading(text, surfaces):
    """What the network would make of a text in which it is sure of these surfaces, each at its first place."""
    words = split_words(text)
    scores = np.full((len(words), 11), OUTSIDE, dtype=np.float32)
    scores[:, 0] = 0.0
    for surface, kind in surfaces:
        start = text.index(surface)
        inside = [n for n, (_, a, b) in enumerate(words) if a < start + len(surface) and b > start]
        for n in inside:
            tag = 1 + 2 * list(EntityType).index(kind) + (n != inside[0])
            scores[n] = OUTSIDE
            scores[n, tag] = 0.0
    states = np.zeros((len(words) + 1, 4), dtype=np.float32)
    starts = [start for _, start, _ in words]
    return Reading(words, scores, states, list(range(len(words))), text.find("\n"), starts)


def read(text, surfaces, pairs=(), known=None, certainties=None):
    """Return (surface, type, entity) of each mention, every candidate as sure as asked."""
    proposed = propose(text, reading(text, surfaces), pairs, KnownNames(known or {}))
    judged = [
        (
            one,
            Verdict(
                list(EntityType)[int(np.argmax(one.evidence.types))],
                (certainties or {}).get(one.name, 0.9),
                Role.USED,
            ),
        )
        for one in proposed
    ]
    return [(text[m.start : m.end], m.verdict.type, m.entity) for m in settle(text, judged, ALL)]


def test_a_name_found_once_is_found_everywhere():
    text = "BERT beats them\nWe train BERT. bert is not it, BERTs are."
    assert read(text, [("BERT", METHOD)]) == [
        ("BERT", METHOD, 0),
        ("BERT", METHOD, 0),
        ("BERTs", METHOD, 0),
    ]


def test_a_long_name_is_found_again_in_any_case_and_with_hyphens():
    text = "Self-attention\nWe use self attention."
    assert [name for name, _, _ in read(text, [("Self-attention", METHOD)])] == [
        "Self-attention",
        "self attention",
    ]


def test_the_two_sides_of_a_definition_are_one_entity():
    text = "T\nA Generative Adversarial Network (GAN) is used. The GAN wins."
    long = text.index("Generative"), text.index(" (GAN")
    short = text.index("GAN)"), text.index("GAN)") + 3
    assert read(text, [("GAN", METHOD)], [(short, long)]) == [
        ("Generative Adversarial Network", METHOD, 0),
        ("GAN", METHOD, 0),
        ("GAN", METHOD, 0),
    ]


def test_a_definition_of_which_neither_side_is_a_candidate_makes_none():
    text = "T\nthe United States (US) is big"
    short, long = (
        (text.index("US)"), text.index("US)") + 2),
        (text.index("United"), text.index(" (US")),
    )
    assert read(text, [], [(short, long)]) == []


def test_of_two_candidates_over_one_another_the_surer_counts():
    text = "T\nA deep convolutional network wins"
    long, short = ("deep convolutional network", METHOD), ("convolutional network", METHOD)
    words = reading(text, [long])
    words.scores[3] = np.log(np.array([1e-9, 0.5, 0.5, *[1e-9] * 8]))
    proposed = propose(text, words, (), KnownNames({}))
    assert {one.name for one in proposed} >= {"deepconvolutionalnetwork", "convolutionalnetwork"}
    for better, other in ((long, short), (short, long)):
        sure = better[0].replace(" ", "")
        judged = [
            (one, Verdict(METHOD, 0.9 if one.name == sure else 0.6, None)) for one in proposed
        ]
        settled = settle(text, judged, ALL)
        assert text[settled[0].start : settled[0].end] == better[0]
        assert other[0] not in {text[m.start : m.end] for m in settled}


def test_what_is_not_sure_enough_is_no_entity():
    assert (
        read(
            "T\nWe use feature learning",
            [("feature learning", METHOD)],
            certainties={"featurelearning": 0.2},
        )
        == []
    )


def test_the_evidence_tells_where_a_name_stands_and_what_is_known_of_it():
    text = "BERT wins\nWe train BERT."
    (one,) = propose(
        text, reading(text, [("BERT", METHOD)]), (), KnownNames({"bert": KnownName(9, 1)})
    )
    assert one.evidence.in_title
    assert one.evidence.is_cased
    assert one.evidence.known == KnownName(9, 1)
    assert one.evidence.words == 1


@pytest.mark.parametrize(
    ("text", "span", "kept"),
    [
        (
            "Fusion in the Backbone\nVision-language pre-training matters",
            "Backbone\nVision-language pre-training",
            "Vision-language pre-training",
        ),
        ("T\nA language model (LM) helps", "language model (LM", "language model"),
        ("T\nWe use word vectors) here", "word vectors) here", "word vectors"),
        ("T\nthe 'GLUE-' of it", "'GLUE-", "GLUE"),
    ],
)
def test_a_span_is_trimmed_to_the_name(text, span, kept):
    assert [name for name, _, _ in read(text, [(span, METHOD)])] == [kept]


@pytest.mark.parametrize(
    "text", ["T\nprompt-based tuning", "T\nUltra-low precision", "T\nmulti-prompt tuning"]
)
def test_a_plain_word_of_a_compound_is_no_name(text):
    word = next(word for word in ("prompt", "Ultra") if word in text)
    assert read(text, [(word, METHOD)]) == []


def test_a_known_name_in_a_compound_is_one():
    text = "T\nTransformer-based models and LSTM-based ones"
    found = read(text, [("Transformer", METHOD), ("LSTM", METHOD)])
    assert [name for name, _, _ in found] == ["Transformer", "LSTM"]


@given(st.lists(st.sampled_from(["BERT", "GAN", "of", "ImageNet", "."]), min_size=1, max_size=12))
def test_mentions_never_overlap_and_are_sorted(words):
    text = " ".join(words)
    surfaces = [(name, METHOD) for name in ("BERT", "GAN", "ImageNet") if name in text]
    proposed = propose(text, reading(text, surfaces), (), KnownNames({}))
    mentions = settle(text, [(one, Verdict(METHOD, 0.5, None)) for one in proposed], ALL)
    assert all(one.end <= two.start for one, two in pairwise(mentions))
