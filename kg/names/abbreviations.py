"""Abbreviations that a text defines: "long form (SF)", "SF (long form)", "long form, or SF for short".

The idea is that of Schwartz and Hearst 2003 ("A simple algorithm for identifying abbreviation definitions in biomedical
text"): the letters of the short form occur in the long form, in order. Where theirs takes the shortest stretch that
matches from the right, here every beginning of a word is tried and the cheapest alignment counts: a letter that begins
a word is free; a letter inside a word costs, and so does a content word that no letter stands for. Known faults end with
that: "memoization (MM)" is no definition, and neither is "receptor (RMR", whose bracket stays open. A definition never
leaves its sentence.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, islice

from kg.records import Abbreviation

__all__ = ["FUNCTION_WORDS", "find_abbreviations", "spells"]

QUOTES = "\"'\u201c\u201d\u2018\u2019"
AROUND = QUOTES + " *"
"""What stands around a form without being part of it."""
BRACKET = re.compile(r"\(([^()]{2,160})\)|\[([^\[\]]{2,160})\]")
CUT = re.compile(r"[,;:]\s|\s(?:or|aka|a\.k\.a\.)\s")
LEAD = re.compile(
    r"\s*(?:(?:or|aka|a\.k\.a\.|i\.e\.|also|called|dubbed|named|termed|known as|denoted(?: as| by)?|hereafter|henceforth"
    r"|abbreviated(?: as| to| by)?|abbrev\.|short for|the)[,:]?\s+)+",
    re.IGNORECASE,
)
TAIL = re.compile(r"[,\s]+(?:for|in) short$")
SHORT = re.compile(r"[^\W_](?:[\w+./&*#-]{0,18}[\w+*#])?(?:\s[^\W_][\w+./-]{0,9})?")
QUOTED = rf"[{QUOTES}]?(?P<short>[^\W_](?:[\w+./&*-]{{0,18}}[\w+*])?)[{QUOTES}]?"
LAST_WORD = re.compile(QUOTED + r"\Z")
FOR_SHORT = re.compile(
    r",?\s(?:or(?: simply)?|abbreviated(?: as| to)?|(?:also )?(?:known|referred to) as|dubbed|called|termed|named"
    rf"|denoted(?: as| by)?)\s+{QUOTED}(?=\s*(?:[,.;:]|for short|in short|$))"
)
SHORT_FOR = re.compile(
    rf"(?<![^\W_])(?=\S{{0,20}}[^\W\d_a-z]){QUOTED},?\s(?:which |that )?(?:is |stands |standing )?(?:short|an acronym|an abbreviation)?\s?for\s(?P<rest>[^;:()]{{4,160}})"
)
TITLE = re.compile(rf"{QUOTED}\s?:\s(?P<rest>[^;:()]{{4,160}})")
PART = re.compile(r"[^\W_]+")
OPENS = re.compile(rf"(?:.?\s|(?:\s|^)[{QUOTES}(\[$*]|.?\{{|\d-|)", re.DOTALL)
"""What stands before a word at which a long form can begin; LaTeX and a number with a hyphen among it."""
FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and as at based between by for from in into of on or over per the through to toward towards under using via with within without",
    )
)
NEVER_FIRST = frozenset(
    re.findall(
        r"\w+",
        "a an and are as by from in is its of on or our that the their these this those using via we with",
    )
)
NO_LONG_FORM = re.compile(
    r"[;:!?]\s|\b(?:we|our|is|are|was|were|which|that|can|has|have|it|they|this|these)\b",
    re.IGNORECASE,
)
TYPE_WORDS = frozenset(
    word + ending
    for word in re.findall(
        r"\w+",
        "algorithm approach benchmark challenge corpu dataset framework method metric module problem procedure scheme task technique",
    )
    for ending in ("", "s", "es")
)
"""What may follow a name without being part of it."""
LIGHT_WORDS = frozenset(
    re.findall(
        r"\w+",
        "architecture architectures function functions learning loss model models network networks system systems",
    )
)
"""What a short form often leaves out though it is part of the name."""
PREFIXES = re.compile(
    r"(?:anti|audio|auto|back|bio|chemo|counter|cross|cyber|data|down|electro|geo|hydro|hyper|hypo|infra|inter|intra|key|macro"
    r"|magneto|mega|meta|micro|mini|mono|multi|nano|neuro|non|over|para|photo|poly|post|pre|proto|pseudo|psycho|quasi|radio"
    r"|retro|self|semi|socio|spatio|spectro|steg|sub|super|supra|tele|thermo|time|trans|ultra|un|under|uni|video|wave)(?=[a-z]{3})",
    re.IGNORECASE,
)
SPOKEN = {"1": "O", "2": "T", "3": "T", "4": "F"}
"""Digits that stand for a word: one, two or to, three, four or for."""
DIGIT_AS_WORD = re.compile(r"[^\W\d_][1-5](?![\d.])|(?<![\d.])[1-5][^\W\d_]")
"""A digit that a letter touches may stand for a word (T2I) or repeat the letter (A2C, S4); that of SST-2 is a number."""

INSIDE, INSIDE_SMALL = 1.0, 0.4
"""What a letter inside a word costs if the short form has it large, and small."""
NEXT, NEXT_SMALL, SEAM = 0.25, 0.1, 0.1
"""The same where it follows the letter before it, and where it begins a part of a closed word (WideBand, autoencoder)."""
SKIPPED, SKIPPED_PART, SKIPPED_LIGHT, SKIPPED_TYPE = 1.0, 0.4, 0.4, 0.2
TRAILING = 1.2
LIMITS = (0.0, 0.0, 0.5, 1.2, 1.5, 2.0, 2.4)
"""The highest cost of a definition by the number of letters in the short form."""
STRICT = 0.4
"""The highest cost where no bracket shows that a definition is meant."""
FREE_READING = 0.3
"""What it costs to read a digit as something else."""
ITS_LETTERS = 12
REACH = 400
"""Characters before a short form that are looked at; its words need about a hundred."""
MOST_TRIES, MOST_PLACES = 100, 48
"""Places of a text that are tried as definitions, and places of a letter that an alignment goes on from, the cheapest."""
MOST_LETTERS, MOST_OCCURRENCES = 16, 300
"""Letters of a reading of a short form, and places in a window where any of them stands, each letter counted by itself.
No abstract comes near these four (of 3,628 real ones the most are 15 tries, 13 letters and 127 occurrences): they bound the time
that a text made to be slow can take."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A run of letters and digits in a window; a hyphenated word has several."""

    start: int
    end: int
    weight: float
    """What it costs to leave it out."""
    opens: bool
    """Whether a long form can begin here."""


@dataclass(frozen=True, slots=True, order=True)
class _Fit:
    """An alignment: its cost, and the stretch of the window that it covers."""

    cost: float
    before: int
    """Minus the start, so that of equal costs the shorter stretch is the smaller."""
    end: int
    """Behind the last word that has a letter, or type words behind it that are part of the name."""


def find_abbreviations(text: str, sentences: Sequence[tuple[int, int]]) -> tuple[Abbreviation, ...]:
    """Return the definitions of a text, sorted by place.

    Args:
        text: the whole text.
        sentences: half-open offsets, in order; the first is the title. A definition lies inside one of them.

    >>> find_abbreviations("A convolutional neural network (CNN) wins.", [(0, 42)])[0].long
    'convolutional neural network'
    """
    tries = chain.from_iterable(_in_sentence(text, start, end) for start, end in sentences)
    found = set(islice(tries, MOST_TRIES))
    if sentences:
        found.update(_in_title(text, *sentences[0]))
    return tuple(sorted((one for one in found if one), key=lambda one: (one.start, one.end, one)))


def spells(short: str, long: str) -> bool:
    """Say whether a short form can stand for the whole of a long form, as a definition in brackets would.

    >>> spells("A2C", "advantage actor-critic"), spells("MM", "memoization")
    (True, False)
    """
    fit = _fit(short, long, from_start=True)
    return bool(fit and fit.cost < _limit(short) and len(long) > len(short) + 1)


def _in_sentence(text: str, start: int, end: int) -> Iterator[Abbreviation | None]:
    """Yield what each place is that looks like a definition: one, or None."""
    for bracket in BRACKET.finditer(text, start, end):
        lead = LEAD.match(text, bracket.start() + 1, bracket.end() - 1)
        inner = lead.end() if lead else bracket.start() + 1, bracket.end() - 1
        low = _reach(text, start, bracket.start())
        before = text[low : bracket.start()].rstrip(AROUND)
        definition = _short_in_brackets(text[slice(*inner)], before) or _long_in_brackets(
            text[slice(*inner)], before
        )
        yield (
            Abbreviation(*definition[:2], low + definition[2], bracket.end())
            if definition
            else None
        )
    for found in FOR_SHORT.finditer(text, start, end):
        short = found["short"]
        low = _reach(text, start, found.start())
        long = _long_before(short, text[low : found.start()], STRICT) if _is_short(short) else None
        yield (
            Abbreviation(short, text[low + long[0] : low + long[1]], low + long[0], found.end())
            if long
            else None
        )
    for found in SHORT_FOR.finditer(text, start, end):
        yield _long_after(found)


def _reach(text: str, start: int, end: int) -> int:
    """Return where the words begin, not before ``start``, that may belong to a long form which ends at ``end``."""
    if end - start <= REACH:
        return start
    space = text.find(" ", end - REACH, end)
    return end if space < 0 else space


def _in_title(text: str, start: int, end: int) -> Iterator[Abbreviation | None]:
    """Yield the definition of a title such as "MAML: Model-Agnostic Meta-Learning for Robots"."""
    found = TITLE.match(text, start, end)
    if found:
        yield _long_after(found)


def _short_in_brackets(content: str, before: str) -> tuple[str, str, int] | None:
    """Return the short form in brackets, the long form before them and where that begins, or None."""
    short = CUT.split(TAIL.sub("", content.strip()))[0].strip(AROUND)
    place = _long_before(short, before, _limit(short)) if _is_short(short) else None
    return (short, before[slice(*place)], place[0]) if place else None


def _long_in_brackets(content: str, before: str) -> tuple[str, str, int] | None:
    """Return the short form before brackets, the long form in them and where the short form begins, or None."""
    last = LAST_WORD.search(before)
    if not last or not _is_short(last["short"]):
        return None
    short = last["short"]
    for window in (CUT.split(content)[0].strip(AROUND), content.strip(AROUND)):
        fit = _fit(short, window, from_start=True)
        if fit and fit.cost < _limit(short) and _is_long(window[: fit.end], short):
            return short, window[: fit.end], last.start("short")
    return None


def _long_after(found: re.Match[str]) -> Abbreviation | None:
    """Return the definition of a pattern whose long form is the beginning of ``rest``, each of its words having a letter, or None."""
    short, rest = found["short"], found["rest"]
    if not _is_short(short) or sum(map(str.isalnum, short)) < len("abc"):
        return None
    for word in islice(re.finditer(r"\S+", rest), _most_words(short)):
        long = rest[: word.end()].rstrip(AROUND + ",.")
        goes_on = PART.match(rest[len(long) :].lstrip(" "))
        if (goes_on and goes_on.group().lower() not in FUNCTION_WORDS) or len(long) < len(
            short
        ) + 2:
            continue
        fit = _fit(short, long, from_start=True)
        if fit and fit.cost < STRICT and fit.end == len(long) and _is_long(long, short):
            return Abbreviation(short, long, found.start("short"), found.start("rest") + len(long))
    return None


def _is_short(form: str) -> bool:
    """Say whether a string can be a short form: a word or two of 2 to 12 letters or digits, not all small."""
    letters = sum(map(str.isalnum, form))
    return (
        2 <= letters <= ITS_LETTERS  # noqa: PLR2004 - one letter stands for a variable
        and bool(SHORT.fullmatch(form))
        and all(any(map(str.isupper, word)) for word in form.split())
        and not re.fullmatch(r"[IVX]+|\d+\w", form)
    )


def _is_long(form: str, short: str) -> bool:
    """Say whether a string can be a long form: no sentence, brackets closed, and not just longer by a bracket."""
    words = form.lower().split()
    return (
        len(form) > len(short) + 1
        and not re.search(
            rf"(?<![^\W_]){re.escape(short.rstrip('s'))}s?(?![^\W_])", form, re.IGNORECASE
        )
        and words[-1] not in FUNCTION_WORDS
        and all(form.count(one) == form.count(other) for one, other in ("()", "[]", "{}"))
        and not NO_LONG_FORM.search(form)
    )


def _most_words(short: str) -> int:
    """Return how many words before or behind a short form are looked at."""
    letters = sum(map(str.isalnum, short))
    return min(letters + 5, 2 * letters + 2)


def _limit(short: str) -> float:
    return LIMITS[min(sum(map(str.isalnum, short)), len(LIMITS) - 1)]


def _long_before(short: str, before: str, limit: float) -> tuple[int, int] | None:
    """Return the offsets in ``before`` of the long form that ends there, or None."""
    words = list(re.finditer(r"\S+", before))[-_most_words(short) :]
    if not words:
        return None
    offset = words[0].start()
    fit = _fit(short, before[offset:])
    if (
        fit is None
        or fit.cost >= limit
        or not _is_long(before[offset - fit.before : offset + fit.end], short)
    ):
        return None
    return offset - fit.before, offset + fit.end


def _fit(short: str, window: str, *, from_start: bool = False) -> _Fit | None:
    """Return the cheapest alignment of any reading of a short form with a stretch that ends the window."""
    if len(window.lower()) != len(window):  # a few letters have two small ones
        return None
    parts = _parts(window)
    readings = _readings(short)
    numbers = re.findall(r"\d+", short)
    if numbers and set(numbers) <= set(re.findall(r"\d+", window)):
        readings = (*readings, (re.sub(r"[\W\d_]", "", short), FREE_READING))
    fits = (
        (_align(letters, window, parts, from_start), cost)
        for letters, cost in readings
        if 1 < len(letters) <= MOST_LETTERS and _occurrences(letters, window) <= MOST_OCCURRENCES
    )
    return min(
        (replace(fit, cost=fit.cost + cost) if cost else fit for fit, cost in fits if fit),
        default=None,
    )


def _occurrences(letters: str, window: str) -> int:
    small = window.lower()
    return sum(map(small.count, letters.lower()))


@functools.lru_cache(maxsize=10_000)
def _readings(short: str) -> tuple[tuple[str, float], ...]:
    """Return the letters to look for, each with a cost: as they stand, without plural s, digits as words or as repeats.

    >>> [letters for letters, _ in _readings("A2Cs")]
    ['A2Cs', 'A2C', 'ATC', 'AAC', 'ACC']
    """
    letters = "".join(filter(str.isalnum, short))
    readings = {letters: 0.0}
    if letters.endswith("s") and any(map(str.isupper, letters)):
        letters = letters[:-1]
        readings[letters] = 0.0
    if DIGIT_AS_WORD.search(short):
        readings.setdefault("".join(SPOKEN.get(letter, letter) for letter in letters), FREE_READING)
        readings.setdefault(
            re.sub(r"([^\W\d_])([2-5])", lambda found: found[1] * int(found[2]), letters),
            FREE_READING,
        )
        readings.setdefault(
            re.sub(r"([2-5])([^\W\d_])", lambda found: found[2] * int(found[1]), letters),
            FREE_READING,
        )
    return tuple(readings.items())


def _parts(window: str) -> list[_Part]:
    parts = []
    for found in PART.finditer(window):
        start, end = found.span()
        opens = bool(OPENS.fullmatch(window[max(0, start - 2) : start]))
        alone = opens and (end == len(window) or window[end] in " ,\t\n")
        word = found.group().lower()
        weight = SKIPPED if alone else SKIPPED_PART
        if word in FUNCTION_WORDS:
            weight = 0.0
        elif word in LIGHT_WORDS:
            weight = SKIPPED_LIGHT
        elif word in TYPE_WORDS:
            weight = SKIPPED_TYPE
        parts.append(_Part(start, end, weight, opens and not (alone and word in NEVER_FIRST)))
    return parts


def _align(letters: str, window: str, parts: Sequence[_Part], from_start: bool) -> _Fit | None:  # noqa: FBT001
    """Align letters with a window by dynamic programming over the places where each of them occurs."""
    small = window.lower()
    skipped = [0.0, *accumulate(part.weight for part in parts)]
    opening = parts[:1] if from_start else parts
    reached = {  # place of the last letter -> (cost, minus the start, number of its part)
        part.start: (0.0, -part.start, number)
        for number, part in enumerate(opening)
        if part.opens and _stands_for(letters[0].lower(), small, part.start)
    }
    for letter in letters[1:]:
        if len(reached) > MOST_PLACES:
            reached = dict(sorted(sorted(reached.items(), key=lambda item: item[1])[:MOST_PLACES]))
        reached = dict(_next_places(letter, window, parts, skipped, reached)) if reached else {}
    fits = []
    for place, (cost, before, number) in reached.items():
        rest = [part for part in parts[number + 1 :] if part.start > place]
        trimmed = all(small[part.start : part.end] in TYPE_WORDS for part in rest)
        end = _word_end(window, parts[number].end) if trimmed else len(window)
        fits.append(_Fit(cost + TRAILING * (skipped[-1] - skipped[number + 1]), before, end))
    return min(fits, default=None)


def _next_places(
    letter: str,
    window: str,
    parts: Sequence[_Part],
    skipped: Sequence[float],
    reached: dict[int, tuple[float, int, int]],
) -> Iterator[tuple[int, tuple[float, int, int]]]:
    """Yield the places where a letter can go on from places reached, each with the cheapest way there."""
    small, wanted, large = window.lower(), letter.lower(), not letter.islower()
    first = min(reached)
    for number, part in enumerate(parts):
        seam = -1
        for place in range(max(part.start, first + 1), part.end):
            if not (
                small[place] == wanted if place > part.start else _stands_for(wanted, small, place)
            ):
                continue
            if seam < 0:
                prefix = PREFIXES.match(window, part.start, part.end)
                seam = prefix.end() if prefix else 0
            fixed = _fixed_cost(window, part, place, seam)
            inside = INSIDE if large else INSIDE_SMALL
            follows = (
                fixed
                if fixed is not None
                else (NEXT if large and not window[place].isupper() else NEXT_SMALL)
            )
            otherwise = fixed if fixed is not None else inside
            ways = [
                (
                    cost
                    + (follows if before == place - 1 else otherwise)
                    + max(0.0, skipped[number] - skipped[of + 1]),
                    start,
                )
                for before, (cost, start, of) in reached.items()
                if before < place
            ]
            if ways:
                yield place, (*min(ways), number)


def _fixed_cost(window: str, part: _Part, place: int, seam: int) -> float | None:
    """Return the cost of a letter that begins a part, or a part of a closed word; None inside."""
    if place == part.start:
        return 0.0
    begins = window[place].isupper() and not window[place - 1].isupper()
    return (
        SEAM
        if begins or place == seam or (window[place].isdigit() and not window[place - 1].isdigit())
        else None
    )


def _stands_for(letter: str, small: str, place: int) -> bool:
    """Say whether a letter can stand for the part that begins at a place; X stands for "ex…", "cross…" and "every…" too."""
    return small[place] == letter or (
        letter == "x" and small.startswith(("ex", "cross", "every"), place)
    )


def _word_end(window: str, place: int) -> int:
    """Return where the word ends that a place is in, without marks behind it."""
    found = re.match(r"\S*", window[place:])
    word = found.group() if found else ""
    return place + len(word.rstrip(AROUND + ",."))
