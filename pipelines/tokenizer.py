"""A tokenizer under which every name is a whole number of tokens.

It splits at white space and around every punctuation mark, as BERT's own pre-tokenizer does, so that a
name can begin or end at any of them: ``GPT-4`` is three tokens, ``Transformer`` is a token of its own in
``Transformer-based``, and ``C++`` keeps both signs in reach. One token here is one word of the span finder.
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
    """Finds a mark at the end of a word; ``search`` of the pattern would walk through the whole word each time."""

    pattern = rf"(?:{MARK})\Z"

    def search(self, text: str) -> re.Match[str] | None:
        return ANY_MARK.match(text, max(0, len(text) - 1))


def make_tokenizer(vocab: Vocab) -> Tokenizer:
    """Return the tokenizer; it needs no rules or exceptions and keeps the text as it is."""
    return Tokenizer(
        vocab,
        prefix_search=FIRST_MARK.search,
        suffix_search=_LastMark().search,
        infix_finditer=ANY_MARK.finditer,
    )


def split_words(text: str) -> list[tuple[str, int, int]]:
    """Return the words and marks of a text with their half-open offsets, as the tokenizer cuts them."""
    return [
        (match.group(), match.start(), match.end())
        for match in re.finditer(rf"{MARK}|[^\W_]+", text)
    ]


def text_of(doc: Doc) -> str:
    """Return ``doc.text``, which spaCy puts together from the tokens at each call, put together once."""
    text = doc.user_data.get("text")
    if text is None:
        text = doc.user_data["text"] = doc.text
    return str(text)


def token_bounds(doc: Doc, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the half-open token indices that cover half-open character offsets; ``Doc.char_span`` walks the document for each."""
    starts = doc.to_array("IDX")
    first = np.searchsorted(starts, [start for start, _ in spans], side="right") - 1
    last = np.searchsorted(starts, [end for _, end in spans], side="left")
    return list(zip(first.tolist(), last.tolist(), strict=True))
