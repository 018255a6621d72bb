"""The comparison key: which two surfaces are one name on sight.

The key folds what writers vary without meaning anything by it: case, hyphens, spaces, accents, compatibility
characters, plural and British spelling. It keeps what tells things apart: every digit, ``+``, ``#`` and Greek letters.
"""

import functools
import re
import unicodedata

__all__ = ["digits", "key"]

WORDS = re.compile(r"[^\W_]+|[+#*]")
POINT = re.compile(r"(?<=\d)[.,](?=\d)")
BRITISH = (
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e|es|ed|er|ers|ing|ation|ations|able)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{2})our(?=(?:s|al|ally|ed|ing)?$)"), "or"),
    (re.compile(r"(?<=[a-z]{3}[^l]l)l(?=(?:ed|ing|er|ers)$)"), ""),
    (re.compile(r"(?<=[a-z]{2})tre(?=s?$)"), "ter"),
    (re.compile(r"^program(?:me)(?=s?$)"), "program"),
)
SAME_IN_BOTH = frozenset("noise precise concise exercise rise wise otherwise raise promise premise disguise surprise supervise supervised supervising comprise comprised four hour tour pour contour your our sour flour".split())
IRREGULAR = {
    "analyses": "analysis", "bases": "basis", "hypotheses": "hypothesis", "indices": "index", "matrices": "matrix", "vertices": "vertex",
    "corpora": "corpus", "criteria": "criterion", "data": "data", "lens": "lens", "series": "series", "species": "species", "syntheses": "synthesis",
    "bus": "bus", "gas": "gas", "bias": "bias", "biases": "bias", "atlas": "atlas", "canvas": "canvas", "alias": "alias", "aliases": "alias", "chaos": "chaos",
}
KEPT_ENDINGS = ("ss", "us", "is")
ES = re.compile(r"(?:ss|sh|ch|x|zz)es$")


@functools.lru_cache(maxsize=500_000)
def key(surface: str) -> str:
    """Return the comparison key of a surface, '' if it has no letter or digit.

    >>> key("Large Language-Models") == key("large language model")
    True
    >>> key("CIFAR-10") == key("CIFAR-100")
    False
    """
    text = unicodedata.normalize("NFKD", surface).casefold()
    text = "".join(char for char in text if not unicodedata.combining(char))
    words = WORDS.findall(POINT.sub("p", text))
    if not any(word[0].isalnum() for word in words):
        return ""
    words = [_american(word) for word in words]
    words[-1] = _singular(words[-1])
    return _join(words)


def _join(words: list[str]) -> str:
    """Join the words; two numbers side by side stay apart, so "1 1" is not "11"."""
    joined = words[0]
    for word in words[1:]:
        joined += f"_{word}" if joined[-1].isdigit() and word[0].isdigit() else word
    return joined


def _american(word: str) -> str:
    if len(word) < 5 or word in SAME_IN_BOTH:  # noqa: PLR2004 - too short to have a British ending
        return word
    for pattern, replacement in BRITISH:
        word = pattern.sub(replacement, word)
    return word


def _singular(word: str) -> str:
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) < 3 or not word.endswith("s") or word.endswith(KEPT_ENDINGS) or not word[-2].isalpha():  # noqa: PLR2004
        return word
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004
        return word[:-3] + "y"
    return word[:-2] if ES.search(word) else word[:-1]


def digits(surface: str) -> str:
    """Return the numbers of a surface: names whose numbers differ are never one thing.

    >>> digits("SQuAD 1.1")
    '1.1'
    """
    return " ".join(re.findall(r"\d+(?:[.,]\d+)*", unicodedata.normalize("NFKC", surface)))
