"""Names that differ as language lets them: other forms of words, type words, short forms inside, numerals, slips.

Each rule yields pairs of names (comparison keys); whether the two are of one type, and whether
their numbers allow it, is for the caller to see.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kg.names.generic import NAME
from kg.names.keys import key
from kg.records import EntityType
from kg.resolution.forms import FOLDS, METHODS, TYPE_WORD, WORD, WORD_FORM, folded, is_adjective

__all__ = [
    "INSIDE",
    "NUMERAL",
    "ONE_NUMBER",
    "SLIP",
    "YEAR",
    "ZERO",
    "Names",
    "Pair",
    "pairs_of",
    "slip_in",
]

INSIDE, NUMERAL, SLIP = "short form inside", "roman numeral", "slip"
ONE_NUMBER, YEAR, ZERO = "only number", "year of two figures", "version of .0"


def _with_plurals(words: str) -> frozenset[str]:
    return frozenset(
        word + ending
        for word in words.split()
        for ending in ("", "es" if word.endswith("ch") else "s")
    )


WAYS = _with_plurals(" ".join([*sorted(METHODS), "framework"]))
TYPE_WORDS = WAYS | _with_plurals("architecture benchmark corpus database dataset")
"""What may follow any name of several words, or with capitals inside, without being part of it."""
ESTIMATES = _with_plurals("estimation estimator")
"""The same behind several words."""
FITTED = _with_plurals("inference learning training")
"""The same behind what is estimated."""
ESTIMATED = ("likelihood", "posteriori")
MODELS = _with_plurals("model")
"""The same behind several words one of which is a name."""
AFTER_NAMES = _with_plurals("controller model network optimizer simulator toolkit")
"""The same behind a word with capitals inside."""
PARTS = _with_plurals("function layer mechanism module operation scheme strategy")
"""The same behind what is known as a method: "softmax layer"."""
BUILT = _with_plurals("architecture model network")
"""The same behind what is known as a method and is no deed: "encoder-decoder network"."""
PROPER = re.compile(r"\b[A-Z]")
STRUCTURE = re.compile(
    r"(?:chain|code|diagram|graph|grid|group|heap|list|map|matrix|operator|polynomial|process|queue"
    r"|set|space|table|tensor|tree|trie)\Z"
)
"""Ends of names of what a method works on: a method of its name is another thing."""
DEED = re.compile(r"(?:ing|ion|ment)\Z")
STANDING = 5
"""A name of several words that so many papers use stands without a type word."""

ROMAN = {"II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6"}
LAST_YEAR = re.compile(r"(?<!\d)(?:19|20)(\d\d)\Z")
WITH_NUMBER = re.compile(r"(\D{3,}?)(\d+k?)(?:_((?:19|20)\d\d))?")
"""The key of a name of data with a number, perhaps with a year behind it."""
SIZE = re.compile(r"(?!(?:19|20)\d\d\Z)\d{2,}k?")
"""A number that is neither a version nor a year."""
FEW, MUCH = 2, 3
"""Papers of a bare name that is known at all; and how many times the papers of the one with a number make it a name of its own."""
DATA = frozenset([EntityType.DATASET, EntityType.BENCHMARK])
LONG_WORD, WELL_KNOWN = 8, 10
"""Letters of a word in which a slip can be told from another word; papers of the name that was meant."""


class Pair(NamedTuple):
    """Two names that may be one thing."""

    rule: str
    name: str
    other: str
    detail: str


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a corpus, by comparison key."""

    spelled: Mapping[str, str]
    """Each as most papers write it."""
    uses: Mapping[str, int]
    """In how many papers it is used."""
    kind: Callable[[str], EntityType | None]
    """What it is taken for."""
    known: Callable[[str], bool]
    """Whether it is known as a method beside what the papers say."""
    expand: Callable[[str], Iterable[str]]
    """The long forms of a word, most papers first."""


def pairs_of(names: Names, off: Collection[str] = ()) -> Iterator[Pair]:
    """Yield pairs of names that may be one thing.

    Args:
        names: the names.
        off: rules that are left out.
    """
    by_use = sorted(names.spelled, key=lambda name: (names.uses[name], name))
    forms = {name: list(folded(names.spelled[name], off)) for name in by_use}
    last = {found[-1][1]: name for name, found in forms.items() if found}
    yield from _without_type_words(names, last, off)
    yield from _expanded(names)
    yield from _of_one_form(names, forms)
    for rule, form in ((NUMERAL, _arabic), (YEAR, _short_year), (ZERO, _without_zero)):
        yield from _alike(rule, form, names)
    yield from _only_numbers(names)
    yield from _slips(names.spelled, names.uses)


def _without_type_words(
    names: Names, by_form: Mapping[str, str], off: Collection[str]
) -> Iterator[Pair]:
    """Yield names with what they are without the type word behind them."""
    for name, surface in names.spelled.items():
        base, _, last = surface.rpartition(" ")
        if not base or last.lower() not in ANY_TYPE_WORD:
            continue
        other = key(base)
        if other not in names.spelled:
            form = next(reversed(list(folded(base, off))), ("", ""))[1]
            other = by_form.get(form, "")
        if other and (without_type_word(surface) or _may_go(names, base, last.lower(), other)):
            yield Pair(TYPE_WORD, name, other, names.spelled[other])


def without_type_word(surface: str) -> str:
    """Return a name without the type word behind it, '' if it has none that may always go.

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
        or (last in FITTED and base.lower().endswith(ESTIMATED))
        or (last in MODELS and several and proper)
        or (last in AFTER_NAMES and named)
    )
    return base if goes and not (last in WAYS and STRUCTURE.search(base)) else ""


ANY_TYPE_WORD = TYPE_WORDS | ESTIMATES | FITTED | MODELS | AFTER_NAMES | PARTS | BUILT


def _may_go(names: Names, base: str, last: str, other: str) -> bool:
    """Say whether a type word may go because what is before it is known, or stands, as a method.

    No adjective stands alone ("spectral method"), and what is made by a deed is not the deed ("pre-training model").
    """
    before = WORD.findall(base.lower())[-1:]
    if not before or is_adjective(before[0]):
        return False
    known = names.known(other)
    if last in BUILT:
        made = known and before[0].endswith(("er", "or"))
        stands = last in MODELS and " " in base and names.uses[other] >= STANDING
        return made or (stands and not DEED.search(before[0]))
    return known and (last in WAYS or last in PARTS)


def _expanded(names: Names) -> Iterator[Pair]:
    """Yield "GP regression" with "Gaussian process regression", if that is what one long form of GP alone gives."""
    for name, surface in names.spelled.items():
        words = surface.split()
        if len(words) == 1:
            continue
        for place, word in enumerate(words):
            if not NAME.search(word):
                continue
            found = {
                other: long
                for long in names.expand(word)
                if (other := key(" ".join([*words[:place], long, *words[place + 1 :]]))) != name
                and other in names.spelled
            }
            if len(found) == 1:
                ((other, long),) = found.items()
                yield Pair(INSIDE, name, other, f"{word} is {long}")


def _of_one_form(names: Names, forms: Mapping[str, list[tuple[str, str]]]) -> Iterator[Pair]:
    """Yield each name with the most used one of its form and type, by the first rule that makes them alike.

    Args:
        names: the names.
        forms: their forms, the most used name last.
    """
    changed: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for name, found in forms.items():
        before = ""
        for rule, form in found:
            changed[rule].append((name, before, form))
            before = form
    most: dict[tuple[str, EntityType | None], str] = {}
    for rule in ("", *(rule for rule, _ in FOLDS)):
        moved = [
            (name, (form, names.kind(name)))
            for name, before, form in changed[rule]
            if not rule or most.get((before, names.kind(name))) == name
        ]
        for name, before, _ in changed[rule] if rule else ():
            if most.get((before, names.kind(name))) == name:
                del most[before, names.kind(name)]
        for name, place in moved:
            other = most.get(place, name)
            less, more = sorted((name, other), key=lambda one: (names.uses[one], one))
            most[place] = more
            if less != more:
                yield Pair(rule or WORD_FORM, less, more, names.spelled[more])


def _alike(rule: str, form: Callable[[str], str], names: Names) -> Iterator[Pair]:
    """Yield each name with the most used one of its form."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name, surface in names.spelled.items():
        if whole := form(surface):
            groups[whole].append(name)
    for found in groups.values():
        if len(found) > 1:
            most, *others = sorted(found, key=lambda name: (-names.uses[name], name))
            for other in others:
                yield Pair(rule, other, most, names.spelled[most])


def _only_numbers(names: Names) -> Iterator[Pair]:
    """Yield bare names of data with the one that has a number, where no other number is seen behind the name."""
    numbered: dict[str, set[str]] = defaultdict(set)
    full: dict[str, list[str]] = defaultdict(list)
    for name in names.spelled:
        found = WITH_NUMBER.fullmatch(name)
        if found and names.kind(name) in DATA:
            numbered[found[1]].add(found[2])
            full[found[1]].append(name)
    for bare, found_numbers in numbered.items():
        most = max(full[bare], key=lambda name: (names.uses[name], name))
        if (
            len(found_numbers) > 1
            or not SIZE.fullmatch(min(found_numbers))
            or names.uses[most] < STANDING
            or not NAME.search(names.spelled.get(bare, "AA"))
        ):
            continue
        others = [name for name in full[bare] if name != most]
        if bare in names.spelled and FEW <= names.uses[bare] <= MUCH * names.uses[most]:
            others.append(bare)
        for other in others:
            yield Pair(ONE_NUMBER, other, most, names.spelled[most])


def _without_zero(surface: str) -> str:
    """Return the key of a name that ends in a version, without the ".0": "VQA 2.0", "VQA v2"."""
    return key(surface).removesuffix(".0") if surface[-1:].isdigit() else ""


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
