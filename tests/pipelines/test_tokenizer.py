"""The tokenizer keeps every name a whole number of tokens."""

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from pipelines.tokenizer import make_tokenizer, split_words

nlp = spacy.blank("en")
tokenizer = make_tokenizer(nlp.vocab)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("GPT-4", ["GPT", "-", "4"]),
        ("Transformer-based", ["Transformer", "-", "based"]),
        ("CIFAR-10/100", ["CIFAR", "-", "10", "/", "100"]),
        ("C++ and C#", ["C", "+", "+", "and", "C", "#"]),
        ("seq2seq", ["seq2seq"]),
        ("DeepLabv3+", ["DeepLabv3", "+"]),
        ("F1 of 0.5", ["F1", "of", "0", ".", "5"]),
        ("snake_case", ["snake", "_", "case"]),
        ("(α-divergence)", ["(", "α", "-", "divergence", ")"]),
    ],
)
def test_punctuation_separates_and_letters_join(text, words):
    assert [token.text for token in tokenizer(text)] == words


@given(st.text(max_size=200))
def test_the_tokenizer_never_changes_the_text(text):
    assert tokenizer(text).text == text


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x24F), max_size=200))
def test_the_training_splitter_cuts_as_the_tokenizer_does(text):
    tokens = [(token.text, token.idx) for token in tokenizer(text) if not token.is_space]
    assert tokens == [(word, start) for word, start, _ in split_words(text)]
