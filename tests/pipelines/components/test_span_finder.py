"""Candidates follow from the scores of the words; windows cover a long text once."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipelines
from pipelines.components.span_finder import LEAST_SCORE, Shape, candidates, shape, windows


@pytest.mark.parametrize(
    ("word", "pattern"),
    [
        ("bert", Shape.LOWER),
        ("Bert", Shape.TITLE),
        ("BERT", Shape.UPPER),
        ("RoBERTa", Shape.MIXED),
        ("GANs", Shape.UPPER_PLURAL),
        ("A", Shape.ONE_UPPER),
        ("10", Shape.DIGITS),
        ("T5", Shape.UPPER_AND_DIGITS),
        ("word2vec", Shape.LOWER_AND_DIGITS),
        ("-", Shape.MARK),
        ("", Shape.NONE),
    ],
)
def test_the_case_pattern_of_a_word(word, pattern):
    assert shape(word) is pattern


def scores(*rows):
    """Log probabilities of words of which each is (outside, begins a method, inside a method), nothing else."""
    table = np.zeros((len(rows), 11))
    table[:, :3] = rows
    return np.log(table.clip(1e-12))


def test_a_candidate_is_as_likely_as_its_beginning_its_inside_and_its_end():
    found = candidates(scores((1, 0, 0), (0.1, 0.9, 0), (0.2, 0, 0.8), (1, 0, 0)))
    assert [(one.first, one.last, round(one.score, 3)) for one in found] == [
        (1, 2, 0.18),
        (1, 3, 0.72),
    ]
    assert all(round(one.types[0], 3) == 1 for one in found)


def test_a_candidate_can_end_with_the_text():
    assert [(one.first, one.last) for one in candidates(scores((0.1, 0.9, 0)))] == [(0, 1)]


@given(st.lists(st.lists(st.floats(-8, 0), min_size=11, max_size=11), min_size=1, max_size=6))
def test_no_candidate_is_less_likely_than_asked_and_no_beginning_says_more_than_it_has(rows):
    table = np.array(rows)
    table -= np.logaddexp.reduce(table, axis=1, keepdims=True)
    total = {}
    for one in candidates(table):
        assert LEAST_SCORE < one.score <= 1
        assert abs(sum(one.types) - 1) < 1e-6
        total[one.first] = total.get(one.first, 0) + one.score
    assert all(score <= np.exp(table[first, 1::2]).sum() + 1e-6 for first, score in total.items())


@given(st.integers(0, 3000), st.integers(2, 500), st.data())
def test_windows_keep_every_piece_exactly_once(length, window, data):
    overlap = data.draw(st.integers(0, window - 1))
    cut = windows(length, window, overlap)
    assert [place for _, _, low, high in cut for place in range(low, high)] == list(range(length))
    assert all(
        first <= low and high <= last and last - first <= window for first, last, low, high in cut
    )


def test_only_so_many_pieces_of_a_text_are_read(monkeypatch):
    nlp = pipelines.make_pipeline()
    finder = nlp.get_pipe("kg_span_finder")
    read, session = [], finder.session
    monkeypatch.setattr(
        finder,
        "session",
        SimpleNamespace(
            run=lambda names, feed: read.append(feed["ids"].size - 2) or session.run(names, feed)
        ),
    )
    monkeypatch.setattr("pipelines.components.span_finder.MOST_PIECES", 600)
    text = "We train BERT on SQuAD.\n" + "( " * 5000 + "BERT"
    (reading,) = finder.read([text])
    assert sum(read) < 2 * 600
    assert len(reading.scores) == len(text.split()) + 1
    assert (reading.scores[700:, 0] == 0).all()
    assert len(reading.states) == 600 + 1


def test_what_is_found_in_a_text_does_not_depend_on_its_neighbours():
    nlp = pipelines.make_pipeline()
    texts = [
        "BERT\nWe train BERT on SQuAD.",
        "",
        " \n ",
        "A title\nA convolutional neural network (CNN) wins on ImageNet.",
        "GLUE",
    ] * 3

    def found(doc):
        return [
            (span.text, span.label_, span.id, span._.certainty, span._.role)
            for span in doc.spans["mentions"]
        ]

    alone = [found(doc) for doc in map(nlp, texts)]
    for size in (1, 4, 64):
        assert [found(doc) for doc in nlp.pipe(texts, batch_size=size)] == alone
    assert any(alone)
