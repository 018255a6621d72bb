"""Names that differ as language lets them: other forms of a word, type words, short forms inside, numerals, slips.

Each rule yields pairs of names (comparison keys); whether the two are of one type, and whether
their numbers allow it, is for the caller to see.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from kg.names.generic import NAME
from kg.names.keys import key, singular

__all__ = ["INSIDE", "NUMERAL", "SLIP", "TYPE_WORD", "WORD_FORM", "YEAR", "Pair", "pairs_of"]

INSIDE, NUMERAL, SLIP = "short form inside", "roman numeral", "slip"
TYPE_WORD, WORD_FORM, YEAR = "type word", "word form", "year of two figures"
WORD = re.compile(r"[^\W_]+")


def _with_plurals(words: str) -> frozenset[str]:
    return frozenset(word + ending for word in words.split() for ending in ("", "s"))


TYPE_WORDS = _with_plurals(
    "algorithm approach architecture benchmark corpus database dataset framework method technique"
)
"""What may follow any name of several words, or with capitals inside, without being part of it."""
ESTIMATES = _with_plurals("estimation estimator")
"""The same behind several words."""
MODELS = _with_plurals("model")
"""The same behind several words one of which is a name."""
AFTER_NAMES = _with_plurals("controller model network optimizer simulator toolkit")
"""The same behind a word with capitals inside."""
PROPER = re.compile(r"\b[A-Z]")

LAST_FORMS = tuple(
    (re.compile(ending + r"\Z"), stem)
    for ending, stem in (
        (r"(?<=...)i[sz](?:ation|er|ing|e)", "iz"),
        (r"(?<=...)if(?:ication|ier|ying)", "if"),
        (r"(?<=...)(t|ss)(?:ion|or)", r"\1"),
        (r"(?<=....)ics?", ""),
        (r"(?<=....)ing", ""),
        (r"(?<=....)er", ""),
    )
)
"""What the end of a last word becomes: the deed, the doer and the field are one (planning, planner; robotics)."""
INNER_FORMS = tuple(
    (re.compile(ending + r"\Z"), stem)
    for ending, stem in (
        (r"ional", "ion"),
        (r"ical", "ic"),
        (r"(?<=.....)ual", ""),
        (r"(?<=....[^ti])al", ""),
    )
)
"""What the end of any other word becomes: adjectives of nouns (bipedal, positional)."""
DOUBLED = re.compile(r"([b-df-hj-npqrtv-z])\1\Z")
SHORTEST = 4
"""Letters of what remains of a word without its ending."""
OTHER_THINGS = frozenset(
    ["transform", "transformer", "transformation", "pointer", "adapter", "adaptation"]
)
"""Last words that are names of their own, not other forms of each other."""
ROMAN = {"II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6"}
LAST_YEAR = re.compile(r"(?<!\d)(?:19|20)(\d\d)\Z")
LONG_WORD, WELL_KNOWN = 8, 10
"""Letters of a word in which a slip can be told from another word; papers of the name that was meant."""


class Pair(NamedTuple):
    """Two names that may be one thing."""

    rule: str
    name: str
    other: str
    detail: str


def pairs_of(
    spelled: Mapping[str, str], uses: Mapping[str, int], expand: Callable[[str], str]
) -> Iterator[Pair]:
    """Yield pairs of names that may be one thing.

    Args:
        spelled: each name as most papers write it.
        uses: in how many papers it is used.
        expand: the long form of a word that is a short form of one thing, '' for any other word.
    """
    yield from _without_type_words(spelled)
    yield from _expanded(spelled, expand)
    for rule, form in ((WORD_FORM, word_form), (NUMERAL, _arabic), (YEAR, _short_year)):
        yield from _alike(rule, form, spelled, uses)
    yield from _slips(spelled, uses)


def _without_type_words(spelled: Mapping[str, str]) -> Iterator[Pair]:
    for name, surface in spelled.items():
        base = without_type_word(surface)
        if base and key(base) in spelled:
            yield Pair(TYPE_WORD, name, key(base), base)


def without_type_word(surface: str) -> str:
    """Return a name without the type word behind it, '' if it has none that may go.

    >>> without_type_word("Monte Carlo method"), without_type_word("PID controller")
    ('Monte Carlo', 'PID')
    >>> without_type_word("diffusion model"), without_type_word("topic model method")
    ('', 'topic model')
    """
    base, _, last = surface.rpartition(" ")
    last = last.lower()
    named = NAME.search(base) is not None
    proper = PROPER.search(base) is not None and not surface.istitle()
    several = " " in base
    goes = (
        (last in TYPE_WORDS and (several or named or ("-" in base and proper)))
        or (last in ESTIMATES and several)
        or (last in MODELS and several and proper)
        or (last in AFTER_NAMES and named)
    )
    return base if goes else ""


def _expanded(spelled: Mapping[str, str], expand: Callable[[str], str]) -> Iterator[Pair]:
    """Yield "GP regression" with "Gaussian process regression"."""
    for name, surface in spelled.items():
        words = surface.split()
        if len(words) == 1:
            continue
        for place, word in enumerate(words):
            long = expand(word) if NAME.search(word) else ""
            if long:
                whole = " ".join([*words[:place], long, *words[place + 1 :]])
                if (other := key(whole)) != name and other in spelled:
                    yield Pair(INSIDE, name, other, f"{word} is {long}")


def _alike(
    rule: str, form: Callable[[str], str], spelled: Mapping[str, str], uses: Mapping[str, int]
) -> Iterator[Pair]:
    """Yield each name with the most used one of its form."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name, surface in spelled.items():
        if whole := form(surface):
            groups[whole].append(name)
    for names in groups.values():
        if len(names) > 1:
            most, *others = sorted(names, key=lambda name: (-uses[name], name))
            for other in others:
                yield Pair(rule, other, most, spelled[most])


def word_form(surface: str) -> str:
    """Return what the forms of a name of several words have in common, '' for a name that has no forms.

    >>> word_form("generative modeling") == word_form("generative models")
    True
    >>> word_form("distributed RL") == word_form("distributional RL")
    False
    """
    words = WORD.findall(surface.lower())
    if len(words) == 1 or any(map(str.isdigit, surface)):
        return ""
    inner = [_replaced(word, INNER_FORMS) for word in words[:-1]]
    return "".join([*inner, last_form(words[-1])])


def last_form(word: str) -> str:
    """Return what the forms of a last word have in common.

    >>> [last_form(word) for word in ("controllers", "control", "planning", "planner", "estimator")]
    ['control', 'control', 'plan', 'plan', 'estimat']
    """
    one = singular(word)
    if one in OTHER_THINGS:
        return one
    stem = _replaced(one, LAST_FORMS)
    if stem != one:
        stem = DOUBLED.sub(r"\1", _replaced(stem, LAST_FORMS[-1:]))
    return stem.removesuffix("e") if len(stem) >= SHORTEST else one


def _replaced(word: str, forms: Iterable[tuple[re.Pattern[str], str]]) -> str:
    for ending, stem in forms:
        found = ending.search(word)
        if found:
            return word[: found.start()] + found.expand(stem)
    return word


def _arabic(surface: str) -> str:
    """Return the key of a name with its last number in figures: "GTA-V", "GTA 5"."""
    words = WORD.findall(surface)
    if len(words) > 1 and words[-1] in ROMAN and any(map(str.isupper, words[0])):
        return key(" ".join([*words[:-1], ROMAN[words[-1]]]))
    return key(surface) if surface[-1:].isdigit() else ""


def _short_year(surface: str) -> str:
    """Return the key of a name that ends in a year, with two figures of it: "ICDAR 2015", "ICDAR15"."""
    name = key(surface)
    if not name[-2:].isdigit():
        return ""
    short = LAST_YEAR.sub(r"\1", name)
    return short if short[:-2].isalpha() else ""


def _slips(spelled: Mapping[str, str], uses: Mapping[str, int]) -> Iterator[Pair]:
    """Yield names of one paper in which a word is slipped that no other name has, with a well-known one."""
    common: Counter[str] = Counter()
    for name, surface in spelled.items():
        for word in set(WORD.findall(surface.lower())):
            common[word] += uses[name]
    known: dict[str, str] = {}
    for name in sorted(spelled, key=lambda name: (uses[name], name)):
        if uses[name] >= WELL_KNOWN:
            known |= dict.fromkeys(_shortened(name), name)
    for name, surface in spelled.items():
        rare = [word for word in WORD.findall(surface) if common[word.lower()] == uses[name]]
        if uses[name] > 1 or len(rare) != 1 or len(rare[0]) < LONG_WORD or NAME.search(rare[0]):
            continue
        meant = next((known[one] for one in _shortened(name) if one in known), "")
        begins = name.find(rare[0].lower())
        if meant and meant != name and slip_in(name, meant) > begins:
            yield Pair(SLIP, name, meant, spelled[meant])


def _shortened(name: str) -> Iterator[str]:
    """Yield a long key itself and without each of its letters; two with one slip between them share one of these."""
    if len(name) >= LONG_WORD and name.isalpha():
        yield name
        for place in range(1, len(name)):
            yield name[:place] + name[place + 1 :]


def slip_in(one: str, other: str) -> int:
    """Return where two words differ in one letter, or in two that changed places; -1 if they differ otherwise.

    >>> slip_in("convoluional", "convolutional"), slip_in("nueral", "neural"), slip_in("abc", "xyz")
    (7, 1, -1)
    """
    if abs(len(one) - len(other)) > 1:
        return -1
    shorter = min(len(one), len(other))
    start = next((place for place in range(shorter) if one[place] != other[place]), shorter)
    end = next(
        (place for place in range(shorter - start) if one[-1 - place] != other[-1 - place]),
        shorter - start,
    )
    mine, theirs = one[start : len(one) - end], other[start : len(other) - end]
    swapped = len(mine) == len("ab") and mine == theirs[::-1]
    return start if swapped or max(len(mine), len(theirs)) <= 1 else -1
