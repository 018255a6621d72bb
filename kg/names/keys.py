"""The comparison key: which surfaces are one name on sight.

The key folds what writers vary without meaning anything by it: case, hyphens, spaces, accents, compatibility characters,
Greek letters and their names, LaTeX around them, plural, possessive, and British or American spelling. It keeps what
tells things apart: every digit, where a number ends, and the signs ``+``, ``#``, ``*`` and ``%``. A fold need not yield
good English ("exercize"): it must treat all spellings of one name alike, and no two names.
"""

import functools
import re
import unicodedata

__all__ = ["PREPOSITIONS", "digits", "folded_words", "key", "numerals", "singular"]

GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψως",
        re.findall(
            r"\w+",
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega sigma",
        ),
        strict=True,
    )
)
UNFOLD = str.maketrans(
    GREEK
    | {letter.upper(): name for letter, name in GREEK.items() if letter != "ς"}
    | {
        "ß": "ss",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
    }
    | {
        "\u0131": "i",
        "∞": "infinity",
        "\u00d7": "x",
        "→": " to ",
        "⟶": " to ",
        "∇": "nabla",
        "∂": "partial",
        "\u2217": "*",
        "\u22c6": "*",
        "\u2605": "*",
    }
    | dict.fromkeys("\u2018\u2019\u00b4\u02bc", "'")
)
RAISED = re.compile("(?<=\\d)(?=[\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089])")
ACCENTS = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]")
OTHER_DIGIT = re.compile(r"(?![0-9])\d")
STAR = re.compile(r"\^\{?(?:\*|\\ast|\\star)\}?")
LATEX = (
    (STAR, "*"),
    (
        re.compile(
            r"\\(?:text[a-z]{0,2}|math[a-z]{2,4}|emph|ensuremath|bm|boldsymbol|bf|it|sc|tt|rm|left|right)(?![a-z])"
        ),
        "",
    ),
    (re.compile(r"\\infty"), "infinity"),
    (re.compile(r"\\ell"), "l"),
    (re.compile(r"\\times"), "x"),
    (re.compile(r"\\(?:long)?(?:right)?(?:arrow|to)"), " to "),
    (re.compile(r"\\var(?=[a-z])"), ""),
)
ARTICLE = re.compile(r"\Athe\s+(?=\S)", re.IGNORECASE)
PLURAL_IN_BRACKETS = re.compile(r"\(e?s\)")
SHORT_IN_BRACKETS = re.compile(r"\s\((?=[^()\d]*[A-Z][^()\d]*[A-Z])[^\W\d]+(?:-[^\W\d]+)*(?:\)|\Z)")
POSSESSIVE = re.compile(r"'s?(?![^\W_])", re.IGNORECASE)
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
VERSION = re.compile(
    r"(?:(?<=[^\W\d_]{3})v|(?<=[\s_-])v(?:ersion|er)?\.?\s?)(?=\d+(?:\.\d+)*(?![^\W_]))",
    re.IGNORECASE,
)
SIGNS = "+#% "
AMPERSAND = re.compile(r"(?<=\s)&(?=\s)")
PIECE = re.compile(
    r"(?:(?<![^\W_])\.(?=\d))?\d+(?:\.\d+)*|(?:[^\W\d_]|[\u0900-\u0dff\u0e31-\u0e4e])+|[+#%]|(?<=[^\W_])\*(?!\*)"
)
"""A number with its points, a run of letters, or a sign that tells names apart."""
NUMERALS = re.compile(r"\.?\d+(?:\.\d+)*|[+#*%]+")

PREPOSITIONS = frozenset(["of", "for", "in", "on", "over", "with"])
NETS = frozenset(
    ["adversarial", "belief", "convolutional", "feedforward", "neural", "recurrent", "residual"]
)
"""Kinds of network of which "net" is another word for the whole."""

SHORT_NAME, SHORT_CAPITALS = 5, 6
"""Up to this length a word with an s behind may be a name: one with a capital that stands alone (Mars), one all in capitals (MAPS)."""
SPELLED = re.compile(r"[B-DF-HJ-NP-TV-XZ]{3,}S")
"""Capitals without a vowel are spelled out: an S behind them is a plural (CNNS)."""
SINGULAR = tuple(
    (re.compile(plural + r"\Z"), one)
    for plural, one in (
        (
            r"(series|species|news|lens|bias|atlas|canvas|alias|chaos|cosmos|ethos|bayes|ss|us|is)",
            r"\1",
        ),
        (r"corpora", "corpus"),
        (r"(criteri|phenomen|automat|hedr)a", r"\1on"),
        (r"(optim|minim|maxim|spectr|quant|extrem|moment|equilibri|strat|bacteri)a", r"\1um"),
        (r"(stimul|nucle|radi|foc|loc)i", r"\1us"),
        (r"(formul|antenn|vertebr)ae", r"\1a"),
        (r"schemata", "schema"),
        (r"mice", "mouse"),
        (
            r"(area|idea|camera|schema|lemma|llama|formula|persona|antenna|arena|quota|comma|alpha|beta|gamma|delta|sigma|lambda)s",
            r"\1",
        ),
        (
            r"(metric|topic|critic|heuristic|logic|comic|characteristic|fabric|mosaic|clinic)s",
            r"\1",
        ),
        (r"(io|eo|demo|photo|logo|zero|memo|macro|piano)s", r"\1"),
        (r"(as|ics|os)", r"\1"),
        (r"(mov|cook|zomb|self|calor|\A.)ies", r"\1ie"),
        (r"ies", "y"),
        (r"(matr|append)ices", r"\1ix"),
        (r"(ind|vert|vort|simpl)ices", r"\1ex"),
        (r"(the|analy|diagno|progno|empha|\Acri)ses", r"\1sis"),
        (r"axes", "axis"),
        (r"(\Ab|omnib|vir|corp|camp|stat|bon|cens|foc|stimul)uses", r"\1us"),
        (r"(cache|niche|avalanche|psyche|headache)s", r"\1"),
        (r"(bias|alias|gas|atlas|canvas|lens|ss|sh|ch|x|tz)es", r"\1"),
        (r"zzes", "z"),
        (r"(hero|potato|tomato|echo|torpedo|volcano|veto|tornado)es", r"\1"),
        (r"(lea|hal|shel|sel|wol)ves", r"\1f"),
        (r"(..[^\W\d_])s", r"\1"),
    )
)
"""What the end of a plural becomes; the first that fits counts, and some say that a word is none."""
MAY_END_PLURAL = frozenset("aeis")
AMERICAN = tuple(
    (re.compile(british), american)
    for british, american in (
        (
            r"(?<=[a-z]{3})(?<!w)(?<!no)(?<!ra)is(?=(?:e|es|ed|er|ers|ing|ings|able|ation|ations)\Z)",
            "iz",
        ),
        (r"(?<=[a-z]{2}l)ys(?=(?:e|ed|er|ers|es|ing)\Z)", "yz"),
        (
            r"(col|fav|lab|hon|hum|arm|vap|od|tum|rum|flav|harb|ard|vig|rig|behavi|endeav|neighb)our",
            r"\1or",
        ),
        (r"(cent|theat|fib|calib|spect)re(?=[sd]?\Z)", r"\1er"),
        (r"((?:\A|kilo|centi|milli|micro|nano)(?:met|lit))re(?=s?\Z)", r"\1er"),
        (
            r"((?:mod|lab|trav|chann|canc|lev|tunn|pan|funn|fu|du|couns|bev)el|(?:sign|di|equ|mars?h|ped|riv|initi)al|spiral)l(?=(?:ed|ing|er|ers|ings)\Z)",
            r"\1",
        ),
        (r"grey", "gray"),
        (r"(def|off|lic|pret)ence", r"\1ense"),
        (r"(catal|dial|anal|monol)ogue", r"\1og"),
        (r"programme(?=s?\Z)", "program"),
        (r"artefact", "artifact"),
        (r"\Aageing", "aging"),
        (r"(judg|acknowledg)ement", r"\1ment"),
        (r"(adapt)or(?=s?\Z)", r"\1er"),
        (r"paedi(?=atr)", "pedi"),
        (r"(an|leuk|h)aem", r"\1em"),
        (r"anaesth", "anesth"),
        (r"encyclopaed", "encycloped"),
        (r"manoeuvre", "maneuver"),
        (r"focuss(?=ed|ing)", "focus"),
        (r"mould", "mold"),
        (r"practis(?=e|ing)", "practic"),
    )
)
BRITISH = re.compile("|".join(pattern.pattern for pattern, _ in AMERICAN))


@functools.lru_cache(maxsize=1 << 19)
def key(surface: str) -> str:
    """Return the comparison key of a surface, '' if it has no letter or digit.

    >>> key("Large Language-Models") == key("large language model")
    True
    >>> key("CIFAR-10") == key("CIFAR-100"), key("SQuAD 1.1") == key("SQuAD 11"), key("C++") == key("C")
    (False, False, False)
    """
    text = (surface if surface.isascii() else _plain(surface)).strip()
    if text.startswith("*"):
        text = text.strip("*")
    if "\\" in text or "^" in text:
        for pattern, replacement in LATEX:
            text = pattern.sub(replacement, text)
    pieces = PIECE.findall(_unadorned(text).lstrip(SIGNS))
    joined = _join(_folded(pieces))
    return joined if joined.strip(SIGNS + "*") else ""


def numerals(name_key: str) -> tuple[str, ...]:
    """Return the numbers and signs of a key: two names that differ in them are hardly ever one thing.

    >>> numerals(key("SQuAD v1.1")), numerals(key("CIFAR-10/100")), numerals(key("C++"))
    (('1.1',), ('10', '100'), ('++',))
    """
    return tuple(NUMERALS.findall(name_key))


def digits(surface: str) -> str:
    """Return the numbers of a surface, a space between.

    >>> digits("SQuAD v1.1")
    '1.1'
    """
    return " ".join(mark for mark in numerals(key(surface)) if mark[-1].isdigit())


def folded_words(word: str) -> tuple[str, str]:
    """Return how a word stands in the key of a longer name: inside it, and at its end.

    >>> folded_words("Networks")
    ('networks', 'network')
    """
    text = word if word.isascii() else _plain(word)
    return _american(text.lower()), _american(singular(text))


def _plain(text: str) -> str:
    """Return a text with compatibility characters, accents, Greek letters and foreign digits replaced."""
    text = unicodedata.normalize("NFKD", RAISED.sub("^", text))
    text = ACCENTS.sub("", text).translate(UNFOLD)
    return OTHER_DIGIT.sub(
        lambda found: str(unicodedata.decimal(found.group())), unicodedata.normalize("NFKC", text)
    )


def _unadorned(text: str) -> str:
    """Return a text without what does not belong to the name: article, possessive, its short form in brackets, thousands' commas, the v of a version."""
    if "'" in text:
        text = POSSESSIVE.sub("", text)
    if "," in text:
        text = THOUSANDS.sub("", text)
    if "(" in text:
        text = SHORT_IN_BRACKETS.sub("", PLURAL_IN_BRACKETS.sub("", text))
    if "&" in text:
        text = AMPERSAND.sub("and", text)
    return VERSION.sub("", ARTICLE.sub("", text))


def _folded(pieces: list[str]) -> list[str]:
    """Return the pieces in small letters, American, the last word and one before a preposition singular."""
    small = [piece.lower() for piece in pieces]
    last = len(pieces) - 1
    for number, piece in enumerate(pieces):
        if not piece.isalpha():
            continue
        if number == last or small[number + 1] in PREPOSITIONS:
            small[number] = singular(piece, alone=not last)
        small[number] = _american(small[number])
    if last > 0 and small[-1] == "net" and small[-2] in NETS:
        small[-1] = "network"
    return small


def _join(pieces: list[str]) -> str:
    """Join the pieces; two numbers side by side stay apart, so "1 1" is not "11"."""
    joined = ""
    for piece in pieces:
        joined += f"_{piece}" if joined[-1:].isdigit() and piece[0] in ".0123456789" else piece
    return joined


@functools.lru_cache(maxsize=1 << 16)
def singular(word: str, *, alone: bool = False) -> str:
    """Return the singular of a word in small letters.

    Args:
        word: letters only, with its case: capitals tell "LMs" (plural) from "LMS".
        alone: whether the word is the whole name: "Mars" then stays, in "Stanford Cars" the s goes.

    >>> singular("LLMs"), singular("analyses"), singular("matrices"), singular("losses"), singular("MAPS")
    ('llm', 'analysis', 'matrix', 'loss', 'maps')
    """
    small = word.lower()
    if small.endswith("s"):
        if len(word) > 2 and word[-1] == "s" and word[-2].isupper():  # noqa: PLR2004 - as in LMs
            return small[:-1]
        if _may_be_name(word, alone=alone):
            return small
    if small[-1:] not in MAY_END_PLURAL:
        return small
    for pattern, one in SINGULAR:
        found = pattern.search(small)
        if found:
            return small[: found.start()] + found.expand(one)
    return small


def _may_be_name(word: str, *, alone: bool) -> bool:
    """Say whether a word with an s at its end looks like a name rather than a plural."""
    if word.isupper():
        return (alone or len(word) <= SHORT_CAPITALS) and not SPELLED.fullmatch(word)
    return alone and word[0].isupper() and len(word) <= SHORT_NAME


@functools.lru_cache(maxsize=1 << 16)
def _american(word: str) -> str:
    if not BRITISH.search(word):
        return word
    for pattern, american in AMERICAN:
        word = pattern.sub(american, word)
    return word
