"""The decoder finds the best legal sequence; windows cover a long text once."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipelines
from pipelines.components.span_finder import Shape, best_tags, legal_steps, runs, shape, windows

TAGS = ["O", "B-method", "I-method", "B-dataset", "I-dataset"]
LEGAL = legal_steps(TAGS)


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


def test_an_inside_tag_follows_only_its_own_beginning_or_itself():
    assert LEGAL[0].tolist() == [True, True, False, True, False]
    assert LEGAL[1].tolist() == [True, True, True, True, False]
    assert LEGAL[4].tolist() == [True, True, False, True, True]


@given(st.lists(st.lists(st.floats(-8, 0), min_size=5, max_size=5), min_size=1, max_size=4))
def test_the_decoder_agrees_with_trying_every_legal_sequence(rows):
    scores = np.array(rows)
    scores -= np.logaddexp.reduce(scores, axis=1, keepdims=True)

    def total(sequence):
        return sum(row[tag] for row, tag in zip(scores, sequence, strict=True))

    legal = [
        sequence
        for sequence in itertools.product(range(5), repeat=len(scores))
        if LEGAL[0, sequence[0]] and all(LEGAL[a, b] for a, b in itertools.pairwise(sequence))
    ]
    found = best_tags(scores, LEGAL)
    assert tuple(found) in legal
    assert total(found) >= max(map(total, legal)) - 0.01


def test_runs_join_a_beginning_and_its_insides():
    assert runs([0, 1, 2, 1, 0, 3, 4, 4], TAGS) == [(1, 3), (3, 4), (5, 8)]


@given(st.integers(0, 3000), st.integers(2, 500), st.data())
def test_windows_keep_every_piece_exactly_once(length, window, data):
    overlap = data.draw(st.integers(0, window - 1))
    cut = windows(length, window, overlap)
    assert [place for _, _, low, high in cut for place in range(low, high)] == list(range(length))
    assert all(first <= low and high <= last and last - first <= window for first, last, low, high in cut)


def test_only_so_many_pieces_of_a_text_are_read(monkeypatch):
    nlp = pipelines.make_pipeline()
    finder = nlp.get_pipe("span_finder")
    read, session = [], finder.session
    monkeypatch.setattr(finder, "session", SimpleNamespace(run=lambda names, feed: read.append(feed["ids"].size - 2) or session.run(names, feed)))
    monkeypatch.setattr("pipelines.components.span_finder.MOST_PIECES", 600)
    text = "We train BERT on SQuAD.\n" + "( " * 5000 + "BERT"
    (scores,) = finder.predict([nlp.make_doc(text)])
    assert sum(read) < 2 * 600
    assert len(scores) == len(text.split()) + 1
    assert (scores[700:, 0] == 0).all()


def test_what_is_found_in_a_text_does_not_depend_on_its_neighbours():
    nlp = pipelines.make_pipeline()
    texts = ["BERT\nWe train BERT on SQuAD.", "", " \n ", "A title\nA convolutional neural network (CNN) wins on ImageNet.", "GLUE"] * 3

    def found(doc):
        return [(span.text, span.label_, span.id) for span in doc.spans["mentions"]]

    alone = [found(doc) for doc in map(nlp, texts)]
    for size in (1, 4, 64):
        assert [found(doc) for doc in nlp.pipe(texts, batch_size=size)] == alone
    assert any(alone)
