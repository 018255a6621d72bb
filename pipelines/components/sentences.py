"""Finds the sentence boundaries of a title and an abstract.

The title is a sentence. After it, a sentence ends at ``.``, ``!`` or ``?`` (with closing quotes and
brackets) followed by white space, unless the stop belongs to an abbreviation or the next word is in
lower case.
"""

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from pipelines.tokenizer import text_of, token_bounds

__all__ = ["mark_sentences", "sentences_of", "split_sentences"]

BREAK = re.compile(
    r"(?<![.!?])(?P<stop>[.!?]+)[\"'\u201d\u2019)\]}]*\s+(?=(?P<next>\S))|(?<!\s)\s*\n\s*(?=\S)"
)
"""Matches a run of stops or white space only from its start, which keeps matching time linear."""
BEFORE_A_CAPITAL = re.compile(
    r"(?<![\w.])(?:e\.g|i\.e|cf|vs|viz|resp|approx|figs?|eqs?|sec|st|dr|prof|(?:[A-Z]\.)+[A-Z])\Z",
    re.IGNORECASE,
)
"""Text before a full stop that does not end a sentence even if a capital follows."""
BEFORE_A_NUMBER = re.compile(r"(?<![\w.])(?:al|no|nos|vol|ch|pp?)\Z", re.IGNORECASE)


def split_sentences(text: str) -> Iterator[tuple[int, int]]:
    r"""Yield the half-open offsets of the sentences, in order, without surrounding white space.

    >>> text = "A title\nWe use e.g. BERT. It works."
    >>> [text[start:end] for start, end in split_sentences(text)]
    ['A title', 'We use e.g. BERT.', 'It works.']
    """
    start = len(text) - len(text.lstrip())
    for found in BREAK.finditer(text, start):
        if found["stop"] and _goes_on(
            text[max(0, found.start() - 8) : found.start()], found["stop"], found["next"]
        ):
            continue
        yield start, found.start() + len(found.group().rstrip())
        start = found.end()
    if start < len(text.rstrip()):
        yield start, len(text.rstrip())


def _goes_on(before: str, stop: str, following: str) -> bool:
    """Return whether the sentence continues after the stop."""
    if following.islower():
        return True
    if stop != ".":
        return False
    return bool(BEFORE_A_CAPITAL.search(before)) or (
        not following.isalpha() and bool(BEFORE_A_NUMBER.search(before))
    )


def sentences_of(doc: Doc) -> tuple[tuple[int, int], ...]:
    """Return the sentences of a document (``split_sentences``), cached with it."""
    if "sentences" not in doc.user_data:
        doc.user_data["sentences"] = tuple(split_sentences(text_of(doc)))
    found: tuple[tuple[int, int], ...] = doc.user_data["sentences"]
    return found


@Language.component("kg_sentences")
def mark_sentences(doc: Doc) -> Doc:
    """Set ``Token.is_sent_start`` at the boundaries."""
    for first, _ in token_bounds(doc, sentences_of(doc)):
        doc[first].is_sent_start = True
    return doc
