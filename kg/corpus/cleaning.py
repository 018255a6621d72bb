"""Cleans text, once, before anything else reads it: all offsets refer to the clean text.

``TEXT_RULES`` lists the rules: each names a kind of damage, the strings that trigger it, and the
fix. Text that no rule matches is returned unchanged, and cleaning is idempotent. ``ABSTRACT_RULES``
apply to abstracts only and remove notices, keywords and page furniture from their start and end.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from kg.corpus.latex import decode_latex

__all__ = [
    "ABSTRACT_RULES",
    "TEXT_RULES",
    "Rule",
    "clean_abstract",
    "clean_text",
    "is_placeholder",
    "is_proceedings",
]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of damage and its fix."""

    name: str
    triggers: tuple[str, ...]
    """The rule applies only to texts that contain one of these; if empty, to every text."""
    fix: Callable[[str], str]

    def apply(self, text: str) -> str:
        """Return the text with the damage fixed, or unchanged."""
        return (
            self.fix(text)
            if not self.triggers or any(trigger in text for trigger in self.triggers)
            else text
        )


# --- references and tags

REFERENCE = re.compile(
    r"&(?:amp;|#38;|#x26;)*(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
LONG_REFERENCE = re.compile(r"&#(?:\d{8,}|[xX][0-9a-fA-F]{7,});?")
"""A reference to a character outside Unicode; ``html.unescape`` fails on the longest of these."""
OPEN = r"(?:\s+[\w:-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s<>\"']+)){0,9}\s*/?"
INLINE = (
    "i|b|em|strong|sup|small|big|tt|u|font|span|scp|sc|smallcaps|italic|bold|monospace|roman|overline|underline|fixed-case|named-content|styled-content|"
    "ext-link|xref|uri|url|email|inline-formula|inline-graphic|tex-math|alternatives|private-char|formula|tex|inline-eqn|math|mrow|mi|mo|mn|mtext|mstyle|"
    "msub|msup|msubsup|mfrac|msqrt|mroot|mover|munder|munderover|mfenced|mtable|mtr|mtd|mspace|mpadded|mphantom|menclose|semantics|none|mprescripts|"
    "mmultiscripts|break-inline|abbr|acronym|cite|q|xhtml|it|emph|sansserif|strike|sub|inf"
)
BLOCK = "p|br|div|sec|title|list|list-item|label|li|ul|ol|dl|dt|dd|table|tbody|thead|tr|td|th|h[1-6]|hr|abstract|abstracttext|section|article|body|html|disp-formula|disp-quote|break|header|para|simple-para|ce:\\w+"
TAG = re.compile(
    rf"</?(?:[a-z]{{1,5}}\d?:)?(?:(?P<inline>{INLINE})|(?P<block>{BLOCK})){OPEN}>|<a\s[^<>]*>|</a>|<!--.*?-->|<!\[CDATA\[|\]\]>",
    re.IGNORECASE | re.DOTALL,
)
UNSEEN = re.compile(
    r"<((?:mml:)?annotation(?:-xml)?|script|style)\b[^<>]*>.*?</\1>", re.IGNORECASE | re.DOTALL
)
TEX_TWICE = re.compile(r"<((?:jats:)?tex-math)\b[^<>]*>.*?</\1>", re.IGNORECASE | re.DOTALL)
HEADING = re.compile(
    r"\s*<((?:jats:)?(?:title|h[1-6]))\b[^<>]*>\s*(.{0,200}?)\s*</\1>\s*", re.IGNORECASE | re.DOTALL
)
SUBSCRIPT = re.compile(
    r"\s*<((?:\w{1,5}:)?(?:sub|inf|subscript))>\s*(.{0,80}?)\s*</\1>", re.IGNORECASE | re.DOTALL
)
EXPONENT = re.compile(
    r"(?<=\d)\s*<((?:\w{1,5}:)?(?:sup|superscript))>\s*([-−–+]?\d{1,4})\s*</\1>", re.IGNORECASE
)
NO_HEADING = re.compile(
    r"(?:(?:author|graphical|structured)?\s*abstract|summary)?[.:]?$", re.IGNORECASE
)


def _references(text: str) -> str:
    return REFERENCE.sub(
        lambda found: html.unescape(f"&{found[1]};"), LONG_REFERENCE.sub(" ", text)
    )


def _tags(text: str) -> str:
    small = text.lower()
    if "annotation" in small or "script" in small or "style" in small:
        text = UNSEEN.sub("", text)
    if "tex-math" in small and ":math" in small:
        text = TEX_TWICE.sub("", text)
    text = EXPONENT.sub(r"^\2", SUBSCRIPT.sub(r"\2", HEADING.sub(_heading, text)))
    return TAG.sub(lambda found: " " if found["block"] else "", text)


def _heading(found: re.Match[str]) -> str:
    label = found[2]
    if NO_HEADING.match(label):
        return " "
    return f" {label} " if label.endswith((":", ".", "?", "!")) else f" {label}: "


# --- INSPEC's notation for symbols

INSPEC_SYMBOL = re.compile(r"/spl (?:([A-Za-z]{2,8})|([a-z]+) ([a-z]+))/?/")
INSPEC_LOW = re.compile(r"\s?/sub ([^/\s][^/]{0,30})/")
INSPEC_HIGH = re.compile(r"(\d?)\s?/sup ([^/\s][^/]{0,30})/")


def _inspec(text: str) -> str:
    text = INSPEC_SYMBOL.sub(
        lambda found: html.unescape(f"&{found[1] or found[2]};") if found[1] else found[0], text
    )
    return INSPEC_HIGH.sub(
        lambda found: f"{found[1]}^{found[2]}" if found[1] else found[2],
        INSPEC_LOW.sub(r"\1", text),
    )


# --- damage from PDF extraction and wrong encodings

CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u200b\u2060\ufeff]"
)
TWICE = re.compile("[\xe0-\xef][\x80-\x9f][\x80-\xbf]|\xf0[\x80-\x9f][\x80-\xbf]{2}")
"""A UTF-8 character decoded as Latin-1; such a sequence does not occur by accident."""
WINDOWS = re.compile("[\x80-\x84\x86-\x9f]")
"""Windows-1252 characters where Unicode has controls; NEL (U+0085) is handled as white space."""
SOFT_HYPHEN = re.compile("\u00ad\\s?(?=[^\\W\\d_])|\u00ad")
GLYPH = re.compile(r"\(cid:(\d{1,5})\)(?: (?=[a-z]{2}))?")
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
LIGATURE = re.compile("[ﬀ-ﬆ]")
BROKEN_WORD = re.compile(r"(?<![\w-])([A-Za-z]?[a-z]{1,20})- ([a-z]{2,25})(?![\w])(?!-)")
SEPARATE_WORDS = frozenset(
    [
        "and",
        "or",
        "to",
        "nor",
        "but",
        "vs",
        "versus",
        "und",
        "oder",
        "et",
        "ou",
        "y",
        "o",
        "e",
        "as",
        "than",
        "then",
        "in",
        "on",
        "of",
        "for",
        "with",
        "by",
        "at",
        "from",
        "if",
        "is",
        "are",
        "was",
        "were",
        "per",
        "the",
        "a",
        "an",
        "this",
        "these",
        "that",
        "via",
        "into",
        "through",
        "such",
        "which",
        "while",
        "based",
        "like",
        "wise",
        "related",
        "free",
        "type",
        "class",
        "level",
    ]
)
"""Words that follow a hanging hyphen (short- and long-term), or are separate words after one."""
FIRST_PARTS = frozenset(
    [
        "non",
        "self",
        "semi",
        "anti",
        "post",
        "high",
        "low",
        "well",
        "real",
        "time",
        "data",
        "task",
        "state",
        "end",
        "two",
        "three",
        "four",
        "one",
        "multi",
        "cross",
        "large",
        "small",
        "long",
        "short",
        "open",
        "close",
        "closed",
        "full",
        "half",
        "deep",
        "fine",
        "coarse",
        "model",
        "domain",
        "human",
        "machine",
        "computer",
        "user",
        "object",
        "image",
        "text",
        "video",
        "word",
        "sentence",
        "document",
        "knowledge",
        "graph",
        "energy",
        "cost",
        "resource",
        "rule",
        "case",
        "problem",
        "context",
        "content",
        "feature",
        "label",
        "noise",
        "class",
        "goal",
        "game",
        "event",
        "agent",
        "language",
        "vision",
        "zero",
        "few",
        "single",
        "double",
        "late",
        "early",
        "mid",
        "high-level",
        "near",
        "far",
        "free",
        "first",
        "second",
        "third",
        "state-of",
        "so",
        "all",
        "best",
        "better",
        "ever",
        "much",
        "most",
        "less",
        "more",
        "ill",
        "fast",
        "slow",
        "hard",
        "soft",
        "wide",
        "cutting",
        "ground",
        "right",
        "left",
        "top",
        "bottom",
        "hand",
        "eye",
        "part",
        "point",
        "pixel",
        "patch",
        "token",
        "voxel",
        "query",
        "key",
        "value",
    ]
)
"""First parts of compounds that keep their hyphen when a line breaks after it."""
CAPITAL_I = re.compile(
    r"I(?:(?<=[a-z]I)(?=[a-hj-z]{2})|(?<=\w-I)(?=[aeou][a-z]{3})"
    r"|(?<!\wI)(?=ea(?:rn|d|st|ve)|ayer|abel|anguage|arge|evel|inear|oss\b|ocal|atent))"
)
NAMED_I = re.compile(r"I(?:n|m|s|t|d|r|c|o[nT]|f|b|l|v|ma|P)")
MARK_RUN = re.compile(r"[^\w\s\x00-\x7f]{31,}")
"""Possibly more than thirty combining marks on one letter.

No script has that many, and the time to put them into canonical order grows quadratically.
"""
MAX_MARKS = 30


def _controls(text: str) -> str:
    if text.isprintable():
        return text
    text = TWICE.sub(_decoded_once_more, text)
    return WINDOWS.sub(_windows_char, CONTROL.sub("", text))


def _decoded_once_more(found: re.Match[str]) -> str:
    try:
        return found[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def _windows_char(found: re.Match[str]) -> str:
    return found[0].encode("latin-1").decode("cp1252", "ignore")


def _soft_hyphens(text: str) -> str:
    return SOFT_HYPHEN.sub("", text)


def _glyphs(text: str) -> str:
    return GLYPH.sub("", text)


def _ligatures(text: str) -> str:
    return LIGATURE.sub(lambda found: LIGATURES[found[0]], text)


def _broken_words(text: str) -> str:
    return BROKEN_WORD.sub(_rejoined, text)


def _rejoined(found: re.Match[str]) -> str:
    """Rejoin a word broken at a line end, keeping the hyphen after a known first part."""
    first, rest = found[1], found[2]
    if rest in SEPARATE_WORDS:
        return found[0]
    if first.lower() in FIRST_PARTS:
        return f"{first}-{rest}"
    return first + rest


def _capital_i(text: str) -> str:
    return CAPITAL_I.sub(
        lambda found: (
            found[0]
            if NAMED_I.match(text, found.start()) and text[found.start() - 1 : found.start()] != "-"
            else "l"
        ),
        text,
    )


def _composed(text: str) -> str:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return unicodedata.normalize("NFC", MARK_RUN.sub(_thinned, text))
    return text  # Latin-1 has no combining characters


def _thinned(found: re.Match[str]) -> str:
    """Return a run of characters with at most thirty combining marks in a row."""
    kept, marks = [], 0
    for char in found.group():
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MAX_MARKS:  # as in Unicode's stream-safe text format
            kept.append(char)
    return "".join(kept)


def _single_spaces(text: str) -> str:
    if text.isprintable() and "  " not in text and text == text.strip():
        return text
    return " ".join(text.split())


QUOTES = re.compile(r"``|''")


def _tex_quotes(text: str) -> str:
    return QUOTES.sub('"', text)


TEXT_RULES: tuple[Rule, ...] = (
    Rule("character references", ("&",), _references),
    Rule("tags", ("<", "]]>"), _tags),
    Rule("INSPEC symbols", ("/spl ", "/sub ", "/sup "), _inspec),
    Rule("control characters", (), _controls),
    Rule("LaTeX", ("\\", "$"), decode_latex),
    Rule("TeX quotes", ("``",), _tex_quotes),
    Rule("soft hyphens", ("\u00ad",), _soft_hyphens),
    Rule("glyph numbers", ("(cid:",), _glyphs),
    Rule("ligatures", tuple(LIGATURES), _ligatures),
    Rule("white space", (), _single_spaces),
    Rule("broken words", ("- ",), _broken_words),
    Rule("capital I for l", ("I",), _capital_i),
    Rule("characters in parts", (), _composed),
)
"""Applied in this order, repeatedly until nothing changes."""

# --- the start and end of abstracts

NOTICE = r"(?:©|\(c\)|\bCrown Copyright|\bCopyright)"
OWNED = r"(?:19|20)\d\d|[Aa]ll rights reserved|Elsevier|Springer|Wiley|IEEE|ACM|Authors?\b|Ltd|Inc\b|Press|Society|Association|Publish|Institute|Academy|Taylor|Sage|SAGE"
END_NOTICE = re.compile(
    rf"[\s;,/(\[]*{NOTICE}(?=[^\n]{{0,80}}?(?:{OWNED}))[^\n]{{0,260}}$", re.IGNORECASE
)
START_NOTICE = re.compile(
    rf"^\W*{NOTICE}(?=[^\n]{{0,80}}?(?:{OWNED}))"
    r"(?:(?!Background|Objective|Purpose|Abstract|Aim)[^\n]){0,200}?(?:reserved|Society|Ltd|Inc|Authors?|Elsevier[^.]{0,30}|B\.V|Press|GmbH|LLC|Association|License[^.]*)\."
    rf"(?:\s*[A-Z][^.©]{{0,90}}{NOTICE}[^.]{{0,120}}\.)*\s*(?=[A-Z\"“(])",
)
END_NOTICES: tuple[tuple[str, tuple[str, ...], int, str], ...] = (
    ("rights", ("ights reserved", "IGHTS RESERVED"), 140, r"(?:(?<=[.!?)\]])|\s)[^.!?]{0,80}\b(?i:all rights (?:are )?reserved)\W*$"),
    ("publisher", ("ublished by", "ublished in", "ublished online"), 160,
        r"(?<=[.!?)\]])\s*(?:\(C\) )?Published (?:by|in|online)\b[^!?]{0,120}$"),
    ("databases", ("sycI", "SYCI", "bstract", "BSTRACT"), 260,
        (r"\s*[\[(](?i:(?:APA )?PsycINFO[^\])]{0,40}Database Record)[^\n]{0,120}[\])]?\W*$"
        r"|\s*[\[(](?i:(?:[A-Z]+ )?ABSTRACT(?: (?:FROM|BY) [A-Z]+)?)[\])]\W*$|\s*\bABSTRACT FROM (?:AUTHOR|PUBLISHER)\W*$")),
    ("copies", ("is the property of",), 1100, r"\s*Copyright of [^\n]{0,200} is the property of [^\n]{0,800}$"),
    ("registration", ("NCT", "ISRCTN", "ChiCTR", "ACTRN", "UMIN"), 260,
        (r"(?:(?<=[.!?)\]:;])|\s)\s*[\[(]?(?i:(?:This (?:study|trial)[^.]{0,60}|(?:Clinical |Study )*(?:trials?|registration|registry|registered)\b"
        r"|ClinicalTrials\.gov|https?://\S+|URL:|www\.\S+|Funded by)[^!?\n]{0,160})?"
        r"\b(?:NCT\d{8}|ISRCTN\d{6,9}|ChiCTR[\w-]{8,14}|ACTRN\d{14}|UMIN\d{9})\W*$")),
    ("keywords", ("eyword", "ey word", "ey-word", "EYWORD", "EY WORD", "ndex Term", "ndex term", "NDEX TERM"), 430,
        r"(?:(?<=[.!?)\]\"”])|(?<=[.!?)\]\"”]\s))\s*(?:Author )?(?:Key ?-?[Ww]ords|KEY ?WORDS|Index [Tt]erms|INDEX TERMS)(?: and phrases)?\s*[:—–-]\s*[^\n]{3,400}$"),
    ("chrome", ("iew ", "ead ", "how ", "ee ", "PDF", "ess)", "ore", "xpand", "ite "), 90,
        (r"(?:(?<=[.!?)\]])|(?<=[.!?)\]]\s))\s*(?:\(?(?:View|Read|Show|See) (?:full|the full|more|less|all|PDF|article|details)\b[^.!?]{0,40}|\(More\)|\(Less\)"
        r"|Download (?:PDF|citation|full|article)[^.!?]{0,40}|Expand|Cite this (?:article|paper)[^.!?]{0,60}|PDF|\.\.\. ?more)\W*$")),
)  # fmt: skip
"""For each notice: its name, its triggers, how many final characters to search, its pattern."""
MIN_REMAINING = 20
NOTICE_LENGTH = 330
PROTECTION = re.compile(
    r"\s*This article is protected by copyright\.?(?: All rights reserved)?\W*$", re.IGNORECASE
)
RIGHTS_TRIGGERS = ("©", "(C)", "(c)", "opyright", "OPYRIGHT")


def _end_notice(text: str) -> str:
    return _cut(text, END_NOTICE, NOTICE_LENGTH, RIGHTS_TRIGGERS)


def _start_notice(text: str) -> str:
    head = text[:400]
    found = (
        START_NOTICE.match(head) if any(trigger in head for trigger in RIGHTS_TRIGGERS) else None
    )
    return text[found.end() :] if found else text


def _protection(text: str) -> str:
    return _cut(text, PROTECTION, NOTICE_LENGTH, ("protected by copyright",))


def _end_part(triggers: tuple[str, ...], length: int, pattern: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)
    return lambda text: _cut(text, compiled, length, triggers)


def _cut(text: str, pattern: re.Pattern[str], length: int, triggers: tuple[str, ...]) -> str:
    """Return a text up to the first match of a pattern within its last characters."""
    tail = text[-length:]
    if not any(trigger in tail for trigger in triggers):
        return text
    found = pattern.search(text, max(0, len(text) - length))
    return text[: found.start()] if found else text


def _heading_abstract(text: str) -> str:
    return ABSTRACT_LABEL.sub("", text)


ABSTRACT_LABEL = re.compile(
    r"^\W*(?:ABSTRACT\b[\s.:—–-]*|Abstract(?:[.:—–-]+\s*|\s+(?=(?:[A-Z\"“]|\d+\s)))|abstract\s*[:—–-]+\s*|SUMMARY\b[\s.:—–-]*(?=[A-Z]))"
)
ABSTRACT_RULES: tuple[Rule, ...] = (
    Rule("protection at the end", ("protected by copyright",), _protection),
    Rule("notices of rights at the end", RIGHTS_TRIGGERS, _end_notice),
    Rule("notices of rights at the start", RIGHTS_TRIGGERS, _start_notice),
    *(
        Rule(f"{name} at the end", triggers, _end_part(triggers, length, pattern))
        for name, triggers, length, pattern in END_NOTICES
    ),
    Rule("the word abstract at the start", ("bstract", "ABSTRACT", "SUMMARY"), _heading_abstract),
)
"""For abstracts, after ``TEXT_RULES``; a rule that would leave almost nothing is not applied."""


def clean_text(text: str) -> str:
    r"""Return text on one line, with all damage fixed that ``TEXT_RULES`` cover.

    >>> clean_text("CO<sub>2</sub> &amp;amp; <i>k</i>-means by Erd\\H{o}s")
    'CO2 & k-means by Erdős'
    """
    if text.isascii() and text.isprintable() and not SUSPECT.search(text):
        return text
    for _ in range(8):
        before = text
        for rule in TEXT_RULES:
            text = rule.apply(text)
        if text == before:
            break
    return text


SUSPECT = re.compile(r"[&<$\\I]|]]>|``|- |  |/s[pu]|\(cid:|^ | $")
"""Matches any printable ASCII text that a rule would change."""


def clean_abstract(text: str) -> str:
    """Return an abstract as clean text without notices, keywords or page furniture at its ends."""
    text = clean_text(text)
    for _ in range(8):
        before = text
        for rule in ABSTRACT_RULES:
            remaining = rule.apply(text).strip()
            text = remaining if len(remaining) >= MIN_REMAINING else text
        if text == before:
            break
    return text


# --- placeholders and is_proceedings

PLACEHOLDER = re.compile(
    r"(?:n/?a|nan|none|null|nil|tba|tbd|unknown|missing|empty|abstract|no abstract|sin resumen|kein abstract|pas de résumé|"
    r"(?:there is |this (?:article|paper|publication|record|item) has |has )?no (?:abstracts?|summary)\b.{0,60}|"
    r"(?:an |the )?(?:abstract|summary)(?: text)? (?:is )?(?:currently )?(?:not|un)\s?(?:available|provided|supplied|found|included|present|given|applicable)\b.{0,80}|"
    r"not (?:available|applicable|provided|specified)|unavailable|no hay resumen\b.{0,40}|resumen no disponible|kein(?:e)? (?:abstract|zusammenfassung)\b.{0,40}|"
    r":(?:un[a-z]{2}|none|null|tba|etal)|résumé non disponible|lorem ipsum\b.*|click (?:here|to)\b.{0,60}|see (?:the )?(?:full )?(?:text|article|pdf)\b.{0,30})",
    re.IGNORECASE | re.DOTALL,
)
EDGES = re.compile(r"^[\W_]+|[\W_]+$")
PROCEEDINGS = re.compile(
    r"^\W*the (?:proceedings|conference (?:materials|proceedings)) contains? (?:\d+|the following)\b|\btopics (?:discussed|covered|treated) include\b|"
    r"\bspecial focus in this conference\b",
    re.IGNORECASE,
)
WHOLE = re.compile(
    r"^\W*the (?:proceedings|conference (?:materials|proceedings)) contains? (?:\d+|the following)\b",
    re.IGNORECASE,
)
CONFERENCE = re.compile(
    r"\b(?:proceedings|conference|symposium|workshop|congress|meeting|colloquium|forum|annual|international|\d+(?:st|nd|rd|th)|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
PROCEEDINGS_START = 400


def is_placeholder(abstract: str) -> bool:
    """Return whether a text is a placeholder for a missing abstract.

    >>> is_placeholder("[No abstract available]"), is_placeholder("NA")
    (True, True)
    >>> is_placeholder("No abstraction is needed.")
    False
    """
    text = EDGES.sub("", abstract) if not abstract.startswith(":") else abstract.strip()
    return not text or (len(text) < 200 and PLACEHOLDER.fullmatch(text) is not None)  # noqa: PLR2004 - longer ones are real


def is_proceedings(title: str, abstract: str) -> bool:
    """Return whether a record describes whole proceedings rather than a paper.

    Such a record says how many papers they contain, or lists topics under a conference's name.
    """
    return WHOLE.match(abstract) is not None or (
        PROCEEDINGS.search(abstract[:PROCEEDINGS_START]) is not None
        and CONFERENCE.search(title) is not None
    )
