"""Detects a text's language: English by its function words, which is fast, others by py3langid."""

import py3langid

__all__ = ["detect_language"]

SAMPLE_LENGTH = 400
"""Characters; more of an abstract does not change the result."""
ENGLISH = frozenset(
    ("the", "and", "of", "to", "in", "a", "is", "for", "that", "we", "with", "on", "this", "are", "an", "by", "from", "as", "which", "our", "it", "can")
)  # fmt: skip
ENGLISH_ONLY = ("the", "and")
"""Function words that no other language shares."""
MIN_SHARE, MIN_DISTINCT = 0.15, 4
"""Share of English function words, and number of different ones, that no other language reaches."""


def detect_language(text: str) -> str:
    """Return the two-letter code (ISO 639-1) of a text's most likely language."""
    head = text[:SAMPLE_LENGTH]
    words = head.lower().split()
    found = [word for word in words if word in ENGLISH]
    many = len(found) >= MIN_SHARE * len(words) and len(set(found)) >= MIN_DISTINCT
    if many and any(word in found for word in ENGLISH_ONLY):
        return "en"
    return str(py3langid.classify(head)[0])
