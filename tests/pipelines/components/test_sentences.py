"""Sentences end where a reader would end them."""

from itertools import pairwise

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from pipelines.components.sentences import mark_sentences, split_sentences
from pipelines.tokenizer import make_tokenizer


def split(text):
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("A title\nOne. Two.", ["A title", "One.", "Two."]),
        ("T\nWe use e.g. BERT. It works.", ["T", "We use e.g. BERT.", "It works."]),
        ("T\nSee Devlin et al. 2019. Then go.", ["T", "See Devlin et al. 2019.", "Then go."]),
        ("T\nIt gives 0.5 F1! Good.", ["T", "It gives 0.5 F1!", "Good."]),
        ("T\nGood (really.) Next.", ["T", "Good (really.)", "Next."]),
        ("T\nIn Fig. 3 it ends. here it goes on.", ["T", "In Fig. 3 it ends. here it goes on."]),
        ("T\nThe U.S. Census. Next.", ["T", "The U.S. Census.", "Next."]),
        ("T\nWhy? Because...", ["T", "Why?", "Because..."]),
        ("Title without abstract\n", ["Title without abstract"]),
        ("", []),
    ],
)
def test_a_sentence_ends_at_a_stop_that_is_not_an_abbreviation(text, sentences):
    assert split(text) == sentences


@given(st.text(max_size=300))
def test_sentences_are_in_order_and_leave_out_only_white_space(text):
    spans = list(split_sentences(text))
    assert all(start < end for start, end in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    covered = {place for start, end in spans for place in range(start, end)}
    assert all(text[place].isspace() for place in range(len(text)) if place not in covered)


def test_the_component_writes_the_same_boundaries_to_the_doc():
    nlp = spacy.blank("en")
    text = "A title\nWe use BERT. It works."
    doc = mark_sentences(make_tokenizer(nlp.vocab)(text))
    assert [sentence.text.strip() for sentence in doc.sents] == split(text)
