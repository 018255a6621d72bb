"""A tokenizer that never splits a token between a name and its surroundings.

It splits at white space and around every punctuation mark, as BERT's own pre-tokenizer does, so
that a name can start or end at any of them: ``GPT-4`` is three tokens, ``Transformer`` is a
separate token in ``Transformer-based``, and both signs of ``C++`` are tokens. One token is one word
of the span finder.
"""

import re
from collections.abc import Sequence

import numpy as np
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.vocab import Vocab

__all__ = ["make_tokenizer", "split_words", "text_of", "token_bounds"]

MARK = r"[^\w\s]|_"
FIRST_MARK, ANY_MARK = re.compile(rf"\A(?:{MARK})"), re.compile(MARK)


class _LastMark:
    """Finds a mark at the end of a word without searching through the whole word."""

    pattern = rf"(?:{MARK})\Z"

    def search(self, text: str) -> re.Match[str] | None:
        return ANY_MARK.match(text, max(0, len(text) - 1))


def make_tokenizer(vocab: Vocab) -> Tokenizer:
    """Return the tokenizer; it has no special cases and preserves the text."""
    return Tokenizer(
        vocab,
        prefix_search=FIRST_MARK.search,
        suffix_search=_LastMark().search,
        infix_finditer=ANY_MARK.finditer,
    )


def split_words(text: str) -> list[tuple[str, int, int]]:
    """Return a text's words and marks with half-open offsets, split as the tokenizer does."""
    return [
        (match.group(), match.start(), match.end())
        for match in re.finditer(rf"{MARK}|[^\W_]+", text)
    ]


def text_of(doc: Doc) -> str:
    """Return ``doc.text``, cached, because spaCy joins the tokens again at each call."""
    text = doc.user_data.get("text")
    if text is None:
        text = doc.user_data["text"] = doc.text
    return str(text)


def token_bounds(doc: Doc, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the half-open token indices that cover half-open character offsets.

    This is faster than ``Doc.char_span``, which walks through the document for each span.
    """
    starts = doc.to_array("IDX")
    first = np.searchsorted(starts, [start for start, _ in spans], side="right") - 1
    last = np.searchsorted(starts, [end for _, end in spans], side="left")
    return list(zip(first.tolist(), last.tolist(), strict=True))
