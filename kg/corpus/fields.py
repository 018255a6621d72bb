"""Which field of a record is what: the names that arXiv, OpenAlex, Semantic Scholar, Hugging Face and others use."""

import html
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate

from kg.records import Paper

__all__ = ["Record", "Skipped", "clean_text", "to_paper"]

LONGEST_ABSTRACT = 20_000
"""Characters: four times the longest real abstract we know; what is longer is cut there, which bounds time and memory."""
IDS = ("id", "paperId", "paper_id", "arxiv_id", "acl_id", "corpusid", "corpusId", "doi", "DOI", "ID", "_id", "key", "UT", "EID", "externalIds")
TITLES = ("title", "display_name", "Title", "TI", "paper_title", "primary_title", "T1", "booktitle_title")
ABSTRACTS = ("abstract", "summary", "Abstract", "AB", "abstract_inverted_index", "paperAbstract", "notes_abstract", "N2", "description", "tldr", "text")
YEARS = ("year", "publication_year", "Year", "PY", "date", "published", "publishedAt", "publicationDate", "publication_date", "update_date", "submittedOnDailyAt", "issued")
VENUES = ("venue", "journal", "booktitle", "journal_name", "host_venue", "primary_location", "container-title", "secondary_title", "JO", "Source title", "publicationVenue", "journal-ref", "categories")
URLS = ("url", "link", "pdf_url", "landing_page_url", "URL", "urls", "Link", "openAccessPdf")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\u200b\u2060\ufeff\u00ad]")
TAG = re.compile(r"</?(?:jats:)?(?:p|i|b|em|strong|sub|sup|sc|title|sec|br|italic|bold|span|div|list|list-item|tt|url|fixed-case|tex-math|inline-formula)\b[^<>]*>", re.IGNORECASE)
LONG_REFERENCE = re.compile(r"&#(?:\d{9,}|[xX][0-9a-fA-F]{9,});?")
"""A reference to a character beyond all; the library that resolves references fails on the longest."""
MARKS = re.compile(r"[^\w\s\x00-\x7f]{31,}")
"""What may be more than thirty combining marks on one letter: no script has them, and the time to put them in order grows with the square."""
YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d|21\d\d)\b")


@dataclass(frozen=True, slots=True)
class Record:
    """One raw record and where it stands, such as ``papers.jsonl:17``."""

    place: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True, order=True)
class Skipped:
    """Something that was passed over: where it stands, what was found and what is expected."""

    place: str
    reason: str


def clean_text(value: object) -> str:
    """Return text on one line: markup, control characters and lone surrogates gone, composed (NFC), spaces single."""
    text = _as_text(value)
    if "<" in text or "&" in text:
        text = html.unescape(LONG_REFERENCE.sub(" ", TAG.sub(" ", text)))
    text = CONTROL.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", MARKS.sub(_thinned, text))
    return " ".join(text.split())


def _thinned(found: re.Match[str]) -> str:
    """Return a run of characters without the combining marks that follow thirty others."""
    kept, marks = [], 0
    for char in found.group():
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= 30:  # noqa: PLR2004 - as Unicode's stream-safe format has it
            kept.append(char)
    return "".join(kept)


def _as_text(value: object) -> str:
    """Return a value as text; what is nested too deeply to be written is none."""
    if isinstance(value, str):
        return value
    try:
        return "" if value is None else str(value)
    except (RecursionError, ValueError):
        return ""


def to_paper(fields: Mapping[str, object], place: str) -> Paper | Skipped:
    """Return the paper that a record means, or why it is none."""
    inner = fields.get("paper")
    if isinstance(inner, Mapping):  # Hugging Face's daily papers
        fields = {**fields, **inner}
    title, abstract = clean_text(_first(fields, TITLES)), clean_text(_abstract(_first(fields, ABSTRACTS)))
    for name, text in (("title", title), ("abstract", abstract)):
        if not text:
            found = ", ".join(sorted(map(str, fields))[:8]) or "nothing"
            return Skipped(place, f'no "{name}"; found the fields {found}')
    url = _url(fields)
    identifier = _id(_first(fields, IDS)) or blake2b(f"{title}\n{abstract}".encode(), digest_size=8).hexdigest()
    return Paper(identifier, title[:2000], abstract[:LONGEST_ABSTRACT], _year(fields), _venue(_first(fields, VENUES)), url)


def _first(fields: Mapping[str, object], names: Sequence[str]) -> object:
    for name in names:
        value = fields.get(name)
        if value not in (None, "", [], {}):
            return value
    return None


def _abstract(value: object) -> object:
    """Return what holds the text of an abstract; OpenAlex gives it as the places of each word."""
    if isinstance(value, Mapping) and "text" in value:
        value = value["text"]
    if isinstance(value, list):
        return " ".join(map(_as_text, value))
    if not isinstance(value, Mapping):
        return value
    places = [(place, word) for word, where in value.items() if isinstance(where, list) for place in where if isinstance(place, int)]
    words = [str(word) for _, word in sorted(places[:LONGEST_ABSTRACT], key=lambda item: item[0])]
    ends = accumulate(len(word) + 1 for word in words)  # one long word at many places would fill any memory
    return " ".join(word for word, end in zip(words, ends, strict=True) if end - len(word) <= LONGEST_ABSTRACT)


def _id(value: object) -> str:
    if isinstance(value, Mapping):
        value = next((value[name] for name in ("ArXiv", "DOI", "CorpusId") if value.get(name)), "")
    return clean_text(value)[:300] if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _year(fields: Mapping[str, object]) -> int | None:
    value = _first(fields, YEARS)
    found = YEAR.search(_as_text(value))
    return int(found.group()) if found else None


def _venue(value: object) -> str | None:
    while isinstance(value, Mapping | list):
        value = next(iter(value), None) if isinstance(value, list) else value.get("display_name") or value.get("name") or value.get("source")
    return clean_text(value)[:300] or None


def _url(fields: Mapping[str, object]) -> str | None:
    value = _first(fields, URLS)
    while isinstance(value, Mapping | list):
        value = value[0] if isinstance(value, list) and value else value.get("url") if isinstance(value, Mapping) else None
    text = clean_text(value)
    return text if re.match(r"https?://[^\s<>\"']+$", text) and len(text) < 2000 else None  # noqa: PLR2004 - browsers' limit
