"""Abbreviations that a text defines: "long form (SF)" and "SF (long form)".

The algorithm of Schwartz and Hearst 2003 ("A simple algorithm for identifying abbreviation definitions in
biomedical text"), with four mends: a definition never leaves its sentence; the first letter of the short form must begin
a word of the long form; a plural s of the short form needs no match ("LLMs"); of several starts the one that leaves no
content word of the short form's letters out wins, so "memoization (MM)" alone is no definition.
"""

import re
from collections.abc import Iterable, Iterator

from kg.model import Abbreviation

__all__ = ["find_abbreviations"]

PARENTHESIS = re.compile(r"\(([^()]{2,120})\)")
SHORT = re.compile(r"[^\W_](?:[\w+./&-]{0,11}[\w+])?")
WORD = re.compile(r"\S+")
LONGEST_SHORT = 12


def find_abbreviations(text: str, sentences: Iterable[tuple[int, int]]) -> tuple[Abbreviation, ...]:
    """Return the definitions of a text, sorted by place.

    Args:
        text: the whole text.
        sentences: half-open offsets; a definition lies inside one of them.

    >>> find_abbreviations("A convolutional neural network (CNN) wins.", [(0, 42)])[0].long
    'convolutional neural network'
    """
    found = {definition for start, end in sentences for definition in _in_sentence(text, start, end)}
    return tuple(sorted(found, key=lambda definition: (definition.start, definition.end, definition)))


def _in_sentence(text: str, start: int, end: int) -> Iterator[Abbreviation]:
    for inner in PARENTHESIS.finditer(text, start, end):
        before = text[start : inner.start()].rstrip()
        content = re.split(r"[,;:]| or | aka ", inner.group(1))[0].strip(" \"'“”‘’")
        if _is_short(content):
            long = _long_before(content, before)
            if long:
                yield Abbreviation(content, long, start + len(before) - len(long), inner.end())
                continue
        word = WORD.findall(before)[-1:] if before else []
        short = word[0].strip("\"'“”‘’,;:") if word else ""
        if _is_short(short) and len(content.split()) > 1:
            long = _long_before(short, content)
            if long and content.startswith(long):
                yield Abbreviation(short, long, start + before.rindex(short), inner.end())


def _is_short(form: str) -> bool:
    """Say whether a string can be a short form: one word of 2 to 12 characters with a capital."""
    return 2 <= len(form) <= LONGEST_SHORT and bool(SHORT.fullmatch(form)) and any(map(str.isupper, form))


def _long_before(short: str, before: str) -> str:
    """Return the long form of ``short`` that ends ``before``, or ''."""
    letters = [letter for letter in short if letter.isalnum()]
    if len(letters) > 2 and letters[-1] == "s" and letters[-2].isupper():  # noqa: PLR2004 - as in LLMs
        letters.pop()
    words = list(WORD.finditer(before))[-min(len(letters) + 5, 2 * len(letters)) :]
    if not words or len(letters) < 2:  # noqa: PLR2004
        return ""
    window = before[words[0].start() :]
    place = _match("".join(letters).lower(), window.lower())
    long = window[place:] if place >= 0 else ""
    return long if _is_long(short, long) else ""


def _match(letters: str, window: str) -> int:
    """Return where the long form begins: letters matched from the right, the first at the beginning of a word; or -1."""
    place = len(window)
    for number in range(len(letters) - 1, -1, -1):
        place -= 1
        while place >= 0 and (window[place] != letters[number] or (not number and place and window[place - 1].isalnum())):
            place -= 1
        if place < 0:
            return -1
    return place


def _is_long(short: str, long: str) -> bool:
    """Say whether a candidate is a long form: longer, not containing the short form, brackets closed."""
    return len(long) > len(short) + 1 and short.lower() not in long.lower().split() and long.count("(") == long.count(")") and not re.search(r"[.;:!?]\s", long)
