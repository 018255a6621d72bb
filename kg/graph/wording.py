"""What the words between two names say of their link: that one uses the other, is a kind of it, or stands against it.

Roles say what a paper does with each name, not what the names have to do with each other: who proposes A "as an alternative to B"
may have both the roles of *uses*. A sentence with both names tells more. Its nearest two marks of them are looked at: the words
between them, and a few before the first.
"""

import re
from enum import StrEnum
from itertools import product

from kg.graph.schema import LinkKind
from kg.records import MarkedSentence, Role

__all__ = ["Reading", "nearest_spans", "read_wording", "says", "shows_kind"]

Span = tuple[int, int]
AROUND = 60
"""Characters before the first name and after the second in which words of the other kinds count."""
BEFORE = 30
"""Characters before the first name in which words of a use or against it count, such as ``Unlike``; after the second they do not."""


class Reading(StrEnum):
    """What a sentence says of two names in it."""

    IS_A = "is-a"
    AGAINST = "against"
    """The one stands against the other, without it, or serves it."""
    SAYS = "says"
    """It has words of the link's kind."""
    NOTHING = "nothing"


SHOWING = {
    LinkKind.EVALUATED: re.compile(
        r"\b(?:evaluat|experiment|result|benchmark|test(?:s|ed|ing)?\b|achiev|accurac|outperform|state.of.the.art|scores?\b|perform"
        r"|improv|demonstrat|validat|surpass|empirical)",
        re.IGNORECASE,
    ),
    LinkKind.COMPARED: re.compile(
        r"\b(?:compar|outperform|than\b|versus\b|vs\b|baseline|competitive|better\b|faster\b|superior|surpass|unlike\b|contrast|exceed"
        r"|improv|alternative)",
        re.IGNORECASE,
    ),
    LinkKind.USES: re.compile(
        r"\b(?:us(?:e|es|ed|ing)\b|employ|appl(?:y|ie)|leverag|utili[sz]|adopt|incorporat|combin|integrat|exten[ds]|buil[dt]|based\b|via\b"
        r"|pre-?train|on top of\b|equip|backbone|initiali[sz]|generali[sz]|through\b|consist|exploit)",
        re.IGNORECASE,
    ),
}
"""Words that show what a link says."""
AGAINST = re.compile(
    r"\b(?:alternative(?:s)? to|unlike|inspired by|in the spirit of|improv\w+ (?:on|upon|over)|instead of|rather than|without|remov\w+"
    r"|replac\w+|avoid\w*|eliminat\w+|contrast|opposed|outperform\w*|compar\w+|similar\w*|than|special cases?|not|versus|vs|beyond)\b",
    re.IGNORECASE,
)
CLASS = r"(?:methods?|algorithms?|models?|approach(?:es)?|techniques?|frameworks?|networks?|architectures?|planners?|systems?|variants?)"
APPLIED = re.compile(
    r"\bappl(?:y|ied|icable|ying) to\b|\bused (?:by|in|for)\b|\b(?:algorithms?|estimators?|methods?) (?:to|for)\b"
    r"|\bto (?:learn|compute|estimate|infer|implement|solve|fit|train)\b",
    re.IGNORECASE,
)
"""Between a name and what it is done to or for, or what uses it."""
KIND_FIRST = re.compile(
    rf"(?:(?: [\w-]+){{0,3}},? (?:such as|like|including|\(?e\.g\.,?|namely)|(?: [\w-]+)?(?: {CLASS}\b[^.;:]{{0,60}})?,? \(?(?:called|named|termed|dubbed|(?:that |which )?we call)"
    rf"|(?: [\w-]+)? {CLASS},?)(?: the)? [\"'\u201c(]?",
    re.IGNORECASE,
)
"""Between a kind and one of it, where the kind stands first."""
KIND_LAST = re.compile(
    r"[)\"'\u201d]*(?:(?:,| is| are|, which is| as)(?: an?| the| our| one of the)|: an?|,? (?:and|or) other)(?: [\w-]+){0,4} ",
    re.IGNORECASE,
)
"""Between one of a kind and the kind, where the kind stands last."""
NO_KIND = re.compile(
    r"\b(?:that|using|based|for|with|on|by|train\w*|from|via|and(?! other)|to|in|of|exten\w+|variants?|versions?|use[sd]?|combin\w+|generali\w+)\b",
    re.IGNORECASE,
)
"""Words after which what follows is no kind of what stands before."""
NO_ONE = re.compile(
    r"\b(?:based|using|with|via|by|from|exten\w+|combin\w+|improv\w+|inspired)\b", re.IGNORECASE
)
"""Words after which what follows is not one of the kind that stands before."""
KIND_ENDS = re.compile(
    rf"[)\"'\u201d]*(?: {CLASS}\b| (?:that|which|for|to|with|in|of|on|and|using|by|trained|designed)\b|[,.;:)]|$)",
    re.IGNORECASE,
)
"""What may follow the name of a kind: no further noun, which would be what the sentence speaks of."""


def says(kind: str, one: str | None, other: str | None) -> bool:
    """Tell whether the roles of a link's ends in a paper say its kind, from the one to the other."""
    if kind == LinkKind.EVALUATED:
        return (one in {Role.NEW, Role.STUDIED} and other == Role.EVALUATED) or (
            one == Role.STUDIED and other == Role.NEW
        )
    wanted = {LinkKind.COMPARED: Role.COMPARED, LinkKind.USES: Role.USED}.get(LinkKind(kind))
    return wanted is not None and one == Role.NEW and other == wanted


def read_wording(
    text: str, sentence: MarkedSentence, source: str, target: str, kind: LinkKind
) -> Reading | None:
    """Tell what a sentence says of two nodes that a paper's roles link in this direction; None if it does not name both."""
    pair = nearest_spans(sentence, source, target)
    if pair is None:
        return None
    one, two = pair
    first, second = min(pair), max(pair)
    between = text[first[1] : second[0]]
    if _is_kind(between, text[two[1] : sentence.end], forth=one < two):
        return Reading.IS_A
    before = text[max(sentence.start, first[0] - BEFORE) : first[0]]
    if kind == LinkKind.USES and _is_against(before, between, forth=one < two):
        return Reading.AGAINST
    return Reading.SAYS if _shows(text, sentence, first, second, kind) else Reading.NOTHING


def shows_kind(text: str, sentence: MarkedSentence, one: Span, two: Span, kind: str) -> bool:
    """Tell whether a sentence has words of a kind near two names in it, given by their spans."""
    return kind in SHOWING and _shows(text, sentence, min(one, two), max(one, two), LinkKind(kind))


def _shows(text: str, sentence: MarkedSentence, first: Span, second: Span, kind: LinkKind) -> bool:
    before = BEFORE if kind == LinkKind.USES else AROUND
    around = [
        text[max(sentence.start, first[0] - before) : first[0]],
        text[first[1] : second[0]],
    ]
    if kind != LinkKind.USES:
        around.append(text[second[1] : min(sentence.end, second[1] + AROUND)])
    return any(map(SHOWING[kind].search, around))


def _is_against(before: str, between: str, *, forth: bool) -> bool:
    """Tell whether words set one name against another, or make it the one that is used or that something is done to."""
    return bool(
        AGAINST.search(between) or AGAINST.search(before) or (forth and APPLIED.search(between))
    )


def nearest_spans(sentence: MarkedSentence, source: str, target: str) -> tuple[Span, Span] | None:
    """Return the spans of two nodes that are nearest to each other, the earliest of several; None if a sentence names only one."""
    ones, twos = (
        [(start, end) for start, end, node in sentence.spans if node == wanted]
        for wanted in (source, target)
    )
    apart = [
        (max(one, two)[0] - min(one, two)[1], one, two)
        for one, two in product(ones, twos)
        if max(one, two)[0] >= min(one, two)[1]
    ]
    return min(apart)[1:] if apart else None


def _is_kind(between: str, after: str, *, forth: bool) -> bool:
    """Tell whether the words between two names, and those after the kind's, make the one a kind of the other."""
    if forth:
        return bool(
            KIND_LAST.fullmatch(between) and not NO_KIND.search(between) and KIND_ENDS.match(after)
        )
    return bool(KIND_FIRST.fullmatch(between) and not NO_ONE.search(between))
