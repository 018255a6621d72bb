"""A tokenizer under which every name is a whole number of tokens.

It splits at white space and around every punctuation mark, as BERT's own pre-tokenizer does, so that a
name can begin or end at any of them: ``GPT-4`` is three tokens, ``Transformer`` is a token of its own in
``Transformer-based``, and ``C++`` keeps both signs in reach. One token here is one word of the span finder.
"""

import re

from spacy.tokenizer import Tokenizer
from spacy.vocab import Vocab

__all__ = ["make_tokenizer", "split_words"]

MARK = r"[^\w\s]|_"


def make_tokenizer(vocab: Vocab) -> Tokenizer:
    """Return the tokenizer; it needs no rules or exceptions and keeps the text as it is."""
    return Tokenizer(
        vocab,
        prefix_search=re.compile(rf"^(?:{MARK})").search,
        suffix_search=re.compile(rf"(?:{MARK})$").search,
        infix_finditer=re.compile(MARK).finditer,
    )


def split_words(text: str) -> list[tuple[str, int, int]]:
    """Return the words and marks of a text with their half-open offsets, as the tokenizer cuts them."""
    return [(match.group(), match.start(), match.end()) for match in re.finditer(rf"{MARK}|[^\W_]+", text)]
