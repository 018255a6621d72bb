"""Which field of a record is what: the names that arXiv, OpenAlex, Semantic Scholar, Hugging Face and others use."""

import html
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from kg.model import Paper

__all__ = ["Record", "Skipped", "clean_text", "to_paper"]

LONGEST_ABSTRACT = 100_000
"""Characters; what is longer is no abstract and is cut there, which is reported by no one but bounds time and memory."""
IDS = ("id", "paperId", "paper_id", "arxiv_id", "acl_id", "corpusid", "corpusId", "doi", "DOI", "ID", "_id", "key", "UT", "EID", "externalIds")
TITLES = ("title", "display_name", "Title", "TI", "paper_title", "primary_title", "T1", "booktitle_title")
ABSTRACTS = ("abstract", "summary", "Abstract", "AB", "abstract_inverted_index", "paperAbstract", "notes_abstract", "N2", "description", "tldr", "text")
YEARS = ("year", "publication_year", "Year", "PY", "date", "published", "publishedAt", "publicationDate", "publication_date", "update_date", "submittedOnDailyAt", "issued")
VENUES = ("venue", "journal", "booktitle", "journal_name", "host_venue", "primary_location", "container-title", "secondary_title", "JO", "Source title", "publicationVenue", "journal-ref", "categories")
URLS = ("url", "link", "pdf_url", "landing_page_url", "URL", "urls", "Link", "openAccessPdf")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\u200b\u2060\ufeff\u00ad]")
TAG = re.compile(r"</?(?:jats:)?(?:p|i|b|em|strong|sub|sup|sc|title|sec|br|italic|bold|span|div|list|list-item|tt|url|fixed-case|tex-math|inline-formula)\b[^<>]*>", re.IGNORECASE)
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
    text = value if isinstance(value, str) else "" if value is None else str(value)
    if "<" in text or "&" in text:
        text = html.unescape(TAG.sub(" ", text))
    return " ".join(unicodedata.normalize("NFC", CONTROL.sub("", text)).split())


def to_paper(fields: Mapping[str, object], place: str) -> Paper | Skipped:
    """Return the paper that a record means, or why it is none."""
    inner = fields.get("paper")
    if isinstance(inner, Mapping):  # Hugging Face's daily papers
        fields = {**fields, **inner}
    title, abstract = clean_text(_first(fields, TITLES)), _abstract(_first(fields, ABSTRACTS))
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


def _abstract(value: object) -> str:
    """Return an abstract; OpenAlex gives it as the places of each word."""
    if isinstance(value, Mapping) and "text" in value:
        value = value["text"]
    if not isinstance(value, Mapping):
        return clean_text(" ".join(map(str, value)) if isinstance(value, list) else value)
    places = [(place, word) for word, where in value.items() if isinstance(where, list) for place in where if isinstance(place, int)]
    return clean_text(" ".join(str(word) for _, word in sorted(places, key=lambda item: item[0])))


def _id(value: object) -> str:
    if isinstance(value, Mapping):
        value = next((value[name] for name in ("ArXiv", "DOI", "CorpusId") if value.get(name)), "")
    return clean_text(value)[:300] if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _year(fields: Mapping[str, object]) -> int | None:
    value = _first(fields, YEARS)
    found = YEAR.search(str(value)) if value is not None else None
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
