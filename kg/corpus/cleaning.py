"""Text is cleaned once, before anything reads it: all offsets refer to the clean text.

``ROWS`` is the whole of it: each row names a kind of damage, says what must stand in a text for the row to look at it, and
mends it. A text in which no row finds anything comes back untouched; cleaning what is clean changes nothing. The rows of
``ENDS`` are for abstracts alone: notices, keywords and page chrome at their ends.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from kg.corpus.latex import decode_latex

__all__ = [
    "ENDS",
    "ROWS",
    "Row",
    "clean_abstract",
    "clean_line",
    "clean_text",
    "is_placeholder",
    "proceedings",
]


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of damage and how it is mended."""

    name: str
    signs: tuple[str, ...]
    """One of these stands in a text that the row may change; none: every text is looked at."""
    mend: Callable[[str], str]

    def apply(self, text: str) -> str:
        """Return the text mended, or the same text."""
        return (
            self.mend(text) if not self.signs or any(sign in text for sign in self.signs) else text
        )


# --- references and tags

REFERENCE = re.compile(
    r"&(?:amp;|#38;|#x26;)*(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
LONG_REFERENCE = re.compile(r"&#(?:\d{8,}|[xX][0-9a-fA-F]{7,});?")
"""A reference to a character beyond all; the library that resolves references fails on the longest."""
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


# --- what INSPEC writes for symbols

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


# --- damage of PDF and of encodings

CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u200b\u2060\ufeff]"
)
TWICE = re.compile("[\xe0-\xef][\x80-\x9f][\x80-\xbf]|\xf0[\x80-\x9f][\x80-\xbf]{2}")
"""A character of UTF-8 that was read as Latin-1: three or four characters in such a row are no accident."""
WINDOWS = re.compile("[\x80-\x84\x86-\x9f]")
"""What Windows-1252 has where Unicode has controls; the line end of old terminals is left to white space."""
SOFT_HYPHEN = re.compile("\u00ad\\s?(?=[^\\W\\d_])|\u00ad")
GLYPH = re.compile(r"\(cid:(\d{1,5})\)(?: (?=[a-z]{2}))?")
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
LIGATURE = re.compile("[ﬀ-ﬆ]")
BROKEN_WORD = re.compile(r"(?<![\w-])([A-Za-z]?[a-z]{1,20})- ([a-z]{2,25})(?![\w])(?!-)")
ON_ITS_OWN = frozenset(
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
"""What follows a hanging hyphen (short- and long-term), or is a word of its own after a hyphen."""
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
"""First parts of compounds that keep their hyphen when a line ends after it."""
CAPITAL_I = re.compile(
    r"I(?:(?<=[a-z]I)(?=[a-hj-z]{2})|(?<=\w-I)(?=[aeou][a-z]{3})"
    r"|(?<!\wI)(?=ea(?:rn|d|st|ve)|ayer|abel|anguage|arge|evel|inear|oss\b|ocal|atent))"
)
NAMED_I = re.compile(r"I(?:n|m|s|t|d|r|c|o[nT]|f|b|l|v|ma|P)")
MARKS = re.compile(r"[^\w\s\x00-\x7f]{31,}")
"""What may be more than thirty combining marks on one letter: no script has them, and the time to put them in order grows with the square."""
MOST_MARKS = 30


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
    """Return a word that a line end broke; the hyphen stays after what is the first part of compounds."""
    first, rest = found[1], found[2]
    if rest in ON_ITS_OWN:
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
        return unicodedata.normalize("NFC", MARKS.sub(_thinned, text))
    return text  # the letters of Latin-1 have no parts


def _thinned(found: re.Match[str]) -> str:
    """Return a run of characters without the combining marks that follow thirty others."""
    kept, marks = [], 0
    for char in found.group():
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MOST_MARKS:  # as Unicode's stream-safe format has it
            kept.append(char)
    return "".join(kept)


def _single_spaces(text: str) -> str:
    if text.isprintable() and "  " not in text and text == text.strip():
        return text
    return " ".join(text.split())


QUOTES = re.compile(r"``|''")


def _tex_quotes(text: str) -> str:
    return QUOTES.sub('"', text)


ROWS: tuple[Row, ...] = (
    Row("character references", ("&",), _references),
    Row("tags", ("<", "]]>"), _tags),
    Row("INSPEC symbols", ("/spl ", "/sub ", "/sup "), _inspec),
    Row("control characters", (), _controls),
    Row("LaTeX", ("\\", "$"), decode_latex),
    Row("TeX quotes", ("``",), _tex_quotes),
    Row("soft hyphens", ("\u00ad",), _soft_hyphens),
    Row("glyph numbers", ("(cid:",), _glyphs),
    Row("ligatures", tuple(LIGATURES), _ligatures),
    Row("white space", (), _single_spaces),
    Row("broken words", ("- ",), _broken_words),
    Row("capital I for l", ("I",), _capital_i),
    Row("characters in parts", (), _composed),
)
"""In this order, until nothing changes."""

# --- the ends of abstracts

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
END_PARTS: tuple[tuple[str, tuple[str, ...], int, str], ...] = (
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
"""For each notice: its name, what must stand at the end, in how many of the last characters it is looked for, and its pattern."""
LEAST_LEFT = 20
NOTICE_LENGTH = 330
PROTECTION = re.compile(
    r"\s*This article is protected by copyright\.?(?: All rights reserved)?\W*$", re.IGNORECASE
)
SIGNS_OF_RIGHTS = ("©", "(C)", "(c)", "opyright", "OPYRIGHT")


def _end_notice(text: str) -> str:
    return _cut(text, END_NOTICE, NOTICE_LENGTH, SIGNS_OF_RIGHTS)


def _start_notice(text: str) -> str:
    head = text[:400]
    found = START_NOTICE.match(head) if any(sign in head for sign in SIGNS_OF_RIGHTS) else None
    return text[found.end() :] if found else text


def _protection(text: str) -> str:
    return _cut(text, PROTECTION, NOTICE_LENGTH, ("protected by copyright",))


def _end_part(signs: tuple[str, ...], length: int, pattern: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)
    return lambda text: _cut(text, compiled, length, signs)


def _cut(text: str, pattern: re.Pattern[str], length: int, signs: tuple[str, ...]) -> str:
    """Return a text up to where a pattern matches among its last characters."""
    tail = text[-length:]
    if not any(sign in tail for sign in signs):
        return text
    found = pattern.search(text, max(0, len(text) - length))
    return text[: found.start()] if found else text


def _heading_abstract(text: str) -> str:
    return ABSTRACT_LABEL.sub("", text)


ABSTRACT_LABEL = re.compile(
    r"^\W*(?:ABSTRACT\b[\s.:—–-]*|Abstract(?:[.:—–-]+\s*|\s+(?=(?:[A-Z\"“]|\d+\s)))|abstract\s*[:—–-]+\s*|SUMMARY\b[\s.:—–-]*(?=[A-Z]))"
)
ENDS: tuple[Row, ...] = (
    Row("protection at the end", ("protected by copyright",), _protection),
    Row("notices of rights at the end", SIGNS_OF_RIGHTS, _end_notice),
    Row("notices of rights at the start", SIGNS_OF_RIGHTS, _start_notice),
    *(
        Row(f"{name} at the end", signs, _end_part(signs, length, pattern))
        for name, signs, length, pattern in END_PARTS
    ),
    Row("the word abstract at the start", ("bstract", "ABSTRACT", "SUMMARY"), _heading_abstract),
)
"""For abstracts, after ``ROWS``; a row that would leave next to nothing leaves the text as it is."""


def clean_text(text: str) -> str:
    r"""Return text on one line with all damage mended that ``ROWS`` names.

    >>> clean_text("CO<sub>2</sub> &amp;amp; <i>k</i>-means by Erd\\H{o}s")
    'CO2 & k-means by Erdős'
    """
    if text.isascii() and text.isprintable() and not SUSPECT.search(text):
        return text
    for _ in range(8):
        before = text
        for row in ROWS:
            text = row.apply(text)
        if text == before:
            break
    return text


SUSPECT = re.compile(r"[&<$\\I]|]]>|``|- |  |/s[pu]|\(cid:|^ | $")
"""One of these stands in any printable ASCII text that a row changes."""


def clean_line(text: str) -> str:
    """Return a title or a venue as clean text."""
    return clean_text(text)


def clean_abstract(text: str) -> str:
    """Return an abstract as clean text, without notices, keywords and page chrome at its ends."""
    text = clean_text(text)
    for _ in range(8):
        before = text
        for row in ENDS:
            left = row.apply(text).strip()
            text = left if len(left) >= LEAST_LEFT else text
        if text == before:
            break
    return text


# --- what is no abstract

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
    """Return whether a text stands for an abstract that is not there.

    >>> is_placeholder("[No abstract available]"), is_placeholder("NA"), is_placeholder("No abstraction is needed.")
    (True, True, False)
    """
    text = EDGES.sub("", abstract) if not abstract.startswith(":") else abstract.strip()
    return not text or (len(text) < 200 and PLACEHOLDER.fullmatch(text) is not None)  # noqa: PLR2004 - longer ones are texts


def proceedings(title: str, abstract: str) -> bool:
    """Return whether a record is of whole proceedings: it says how many papers they contain, or lists topics under a conference's name."""
    return WHOLE.match(abstract) is not None or (
        PROCEEDINGS.search(abstract[:PROCEEDINGS_START]) is not None
        and CONFERENCE.search(title) is not None
    )
