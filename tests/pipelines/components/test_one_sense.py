"""One paper, one sense: names and definitions make one entity of one type."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.records import EntityType
from pipelines.components.one_sense import Found, settle

METHOD, DATASET = EntityType.METHOD, EntityType.DATASET


def found(text, surface, kind, score=0.9):
    start = text.index(surface)
    return Found(start, start + len(surface), kind, score)


def read(text, mentions):
    return [(text[m.start : m.end], m.type, m.entity) for m in mentions]


def test_a_name_found_once_is_found_everywhere():
    text = "BERT beats them\nWe train BERT. bert is not it, BERTs are."
    assert read(text, settle(text, [found(text, "BERT", METHOD)], [])) == [
        ("BERT", METHOD, 0),
        ("BERT", METHOD, 0),
        ("BERTs", METHOD, 0),
    ]


def test_a_long_name_is_found_again_in_any_case_and_with_hyphens():
    text = "Self-attention\nWe use self attention."
    assert [name for name, _, _ in read(text, settle(text, [found(text, "Self-attention", METHOD)], []))] == [
        "Self-attention",
        "self attention",
    ]


def test_the_two_sides_of_a_definition_are_one_entity_and_the_long_side_is_whole():
    text = "T\nA Generative Adversarial Network (GAN) is used. The GAN wins."
    long = text.index("Generative"), text.index(" (GAN")
    short = text.index("GAN)"), text.index("GAN)") + 3
    settled = settle(text, [found(text, "Adversarial Network", METHOD), found(text, "GAN", METHOD)], [(short, long)])
    assert read(text, settled) == [("Generative Adversarial Network", METHOD, 0), ("GAN", METHOD, 0), ("GAN", METHOD, 0)]


def test_a_definition_of_which_neither_side_is_a_mention_makes_none():
    text = "T\nthe United States (US) is big"
    short, long = (text.index("US)"), text.index("US)") + 2), (text.index("United"), text.index(" (US"))
    assert settle(text, [], [(short, long)]) == []


def test_the_more_certain_type_wins_the_vote():
    text = "Foo\nFoo is good. On Foo we train."
    votes = [Found(0, 3, METHOD, 0.4), Found(4, 7, DATASET, 0.9)]
    assert {mention.type for mention in settle(text, votes, [])} == {DATASET}


@pytest.mark.parametrize(
    ("text", "span", "kept"),
    [
        ("Fusion in the Backbone\nVision-language pre-training matters", "Backbone\nVision-language pre-training", "Vision-language pre-training"),
        ("T\nA language model (LM) helps", "language model (LM", "language model"),
        ("T\nWe use word vectors) here", "word vectors) here", "word vectors"),
        ("T\nthe 'GLUE-' of it", "'GLUE-", "GLUE"),
    ],
)
def test_a_span_is_trimmed_to_the_name(text, span, kept):
    assert [name for name, _, _ in read(text, settle(text, [found(text, span, METHOD)], []))] == [kept]


@pytest.mark.parametrize("text", ["T\nprompt-based tuning", "T\nUltra-low precision", "T\nmulti-prompt tuning"])
def test_a_plain_word_of_a_compound_is_no_name(text):
    word = next(word for word in ("prompt", "Ultra") if word in text)
    assert settle(text, [found(text, word, METHOD)], []) == []


def test_a_known_name_in_a_compound_is_one():
    text = "T\nTransformer-based models and LSTM-based ones"
    mentions = [found(text, "Transformer", METHOD), found(text, "LSTM", METHOD)]
    assert [name for name, _, _ in read(text, settle(text, mentions, []))] == ["Transformer", "LSTM"]


@given(st.lists(st.sampled_from(["BERT", "GAN", "of", "ImageNet", "."]), min_size=1, max_size=12))
def test_mentions_never_overlap_and_are_sorted(words):
    text = " ".join(words)
    starts = [n for n in range(len(text)) if text.startswith(("BERT", "GAN", "ImageNet"), n)]
    mentions = settle(text, [Found(starts[0], starts[0] + 3, METHOD, 0.5)] if starts else [], [])
    assert all(one.end <= two.start for one, two in pairwise(mentions))
