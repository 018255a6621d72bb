"""Which language a text is in: at once where English function words fill it, else by py3langid."""

import py3langid

__all__ = ["language_of"]

LOOKED_AT = 400
"""Characters; more of an abstract does not change the answer."""
ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "a",
        "is",
        "for",
        "that",
        "we",
        "with",
        "on",
        "this",
        "are",
        "an",
        "by",
        "from",
        "as",
        "which",
        "our",
        "it",
        "be",
        "can",
    ]
)
ENOUGH, DIFFERENT = 0.2, 4
"""A fifth of the words, and four different ones, are English function words: no other language has that."""


def language_of(text: str) -> str:
    """Return the two-letter code (ISO 639-1) of the language that a text is most likely in."""
    head = text[:LOOKED_AT]
    words = head.lower().split()
    found = [word for word in words if word in ENGLISH]
    if len(found) >= ENOUGH * len(words) and len(set(found)) >= DIFFERENT:
        return "en"
    return str(py3langid.classify(head)[0])
