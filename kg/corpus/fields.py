"""Maps the fields of a record: one table of the names used by databases and reference managers.

A reader yields records, which are plain mappings of names to values. Names are compared by their
letters and digits only, so ``Document Title``, ``document_title`` and ``documentTitle`` are the
same. ``to_paper`` turns a record into a paper: it takes the best field of each kind, cleans the
text and collects the identifiers.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate, islice

from kg.corpus.cleaning import (
    clean_abstract,
    clean_text,
    is_placeholder,
    is_proceedings,
)
from kg.corpus.identifiers import find_ids, parse_id_fields
from kg.corpus.language import detect_language
from kg.records import Paper

__all__ = [
    "LONGEST_ABSTRACT",
    "NAMES",
    "Note",
    "ReaderItem",
    "Record",
    "Skipped",
    "field_kind",
    "fold_name",
    "to_paper",
]

LONGEST_ABSTRACT = 20_000
"""Characters, four times the longest real abstract known; the limit bounds time and memory."""
LONGEST_TITLE, LONGEST_ID, LONGEST_VENUE, LONGEST_URL = 2000, 300, 300, 2000
"""Characters; 2,000 is browsers' limit for an address."""
MOST_VALUES = 2000
"""Number of values of a list that are considered."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "title": (
        "title", "documenttitle", "articletitle", "itemtitle", "papertitle", "displayname", "dctitle", "titles", "titledisplay", "titles", "primarytitle",
        "ti", "t1", "titlemain", "maintitle", "headline", "originaltitle", "titel", "titre", "titulo", "título", "titolo", "题名", "篇名", "标题", "论文题目",
    ),
    "abstract": (
        "abstract", "abstracttext", "abstractnote", "abstractinvertedindex", "abstracts", "paperabstract", "abstractenglish", "abstracten", "ab", "n2",
        "notesabstract", "summary", "dcdescription", "descriptions", "description", "dctermsabstract", "zusammenfassung", "kurzfassung", "resume", "résumé",
        "resumen", "resumo", "riassunto", "摘要", "abstractdisplay", "text",
    ),
    "year": (
        "publicationyear", "year", "pubyear", "yearpublished", "publishedyear", "yearofpublication", "py", "yr", "publicationdate", "publishedprint",
        "datepublished", "published", "publisheddate", "pubdate", "publishedat", "coverdate", "prismcoverdate", "coverdisplaydate", "issued", "dateissued",
        "publishedonline", "dateofpublication", "dp", "dcdate", "date", "y1", "da", "submittedondailyat", "firstpublicationdate", "journalinfo", "dates", "versions",
        "earliestdate", "created", "jahr", "année", "annee", "año", "ano", "anno", "年", "年份", "发表时间", "sourceyear",
    ),
    "venue": (
        "sourcetitle", "publicationtitle", "publicationname", "prismpublicationname", "journaltitle", "journalbook", "journalname", "journal", "journalinfo",
        "booktitle", "containertitle", "venue", "publicationvenue", "primarylocation", "primarylocationsourcedisplayname", "hostvenue",
        "hostvenuedisplayname", "container", "conferencename", "conferencetitle", "proceedingstitle", "conference", "eventtitle", "pubtitle", "so", "jf", "jo",
        "jt", "t2", "secondarytitle", "source", "publicationinfo", "journalref", "journaliso", "series", "zeitschrift", "revue", "revista", "rivista", "刊名",
        "来源",
    ),
    "url": (
        "url", "landingpageurl", "htmlurl", "link", "links", "documenturl", "articleurl", "externalurl", "urls", "sourceurl", "sourceurls", "pdfurl", "pdflink",
        "openaccesspdf", "dimensionsurl", "openurllink", "permalink", "doilink", "fulltexturl",
    ),
    "doi": ("doi", "itemdoi", "digitalobjectidentifier", "doinumber", "prismdoi", "dcidentifierdoi", "dois", "di", "do", "doilink", "articledoi", "bookdoi"),
    "pmid": ("pmid", "pubmedid", "pubmed", "pmidpubmedid"),
    "pmcid": ("pmcid", "pmc", "pubmedcentral"),
    "arxiv": ("arxiv", "arxivid", "arxiveprints", "eprint"),
    "wos": ("ut", "utuniquewosid", "uniquewosid", "uniqueid", "wosid", "utuniqueid", "isi"),
    "scopus": ("eid", "scopusid", "scopus"),
    "openalex": ("openalex", "openalexid"),
    "s2": ("paperid", "s2id", "corpusid", "s2paperid"),
    "acl": ("acl", "aclid", "anthologyid"),
    "dblp": ("dblp", "dblpkey", "dblpid"),
    "lens": ("lensid",),
    "dimensions": ("publicationid", "dimensionsid"),
    "ieee": ("arnumber", "articlenumber", "ieeearnumber"),
    "id": ("id", "paperid", "arxivid", "aclid", "corpusid", "ut", "utuniquewosid", "eid", "lensid", "publicationid", "key", "citationkey", "recordid"),
}  # fmt: skip
"""For each kind of field, its names in folded form (``fold_name``), best first."""
KINDS = {name: kind for kind, names in reversed(list(NAMES.items())) for name in names}
NAMESPACES = (
    "doi", "arxiv", "pmid", "pmcid", "wos", "scopus", "openalex", "s2", "acl", "dblp", "lens", "dimensions", "ieee",
)  # fmt: skip
ID_TEXT_FIELDS = (
    "url",
    "id",
    "note",
    "notes",
    "extra",
    "accession",
    "identifier",
    "archive",
    "links",
    "link",
    "pdflink",
    "urls",
)
"""Fields whose text may mention identifiers of any kind."""
ID_HOLDERS = ("externalids", "ids")
NAMES_IN_ID_HOLDERS = {"pubmed": "pmid", "pubmedcentral": "pmcid"}
TEXT_KEYS = (
    "title",
    "value",
    "text",
    "displayname",
    "name",
    "en",
    "english",
    "content",
    "label",
    "source",
    "journal",
    "abstract",
)
"""Keys under which a nested value has its text, best first."""
YEAR = re.compile(r"(?<![\d.])(1[5-9]\d\d|20\d\d|21\d\d)(?!\d)")
DATED = re.compile(r"^(?P<venue>\D[^()]*?)\s*\((?:1[5-9]|20)\d\d\)\s[\d:(].*$")
"""A journal followed by year, volume and pages, such as ``Lancet (2014) 3:3 (152-160)``."""
DATABASES = frozenset(
    {"scopus", "wos", "web of science", "pubmed", "crossref", "openalex", "medline", "embase", "psycinfo", "sciencedirect", "google scholar", "arxiv.org",
     "dimensions", "ieee xplore", "acm", "semantic scholar", "zotero.org"}
)  # fmt: skip
"""Values of a field called ``source`` that are not venues."""
ADDRESS = re.compile(r"https?://[^\s<>\"']+$")


@dataclass(frozen=True, slots=True)
class Record:
    """One raw record and its location, such as ``papers.jsonl:17``."""

    location: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True, order=True)
class Skipped:
    """A record or file that was skipped: its location, what was found and what was expected."""

    location: str
    reason: str


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """Information for the user on how a file was read; nothing is lost."""

    location: str
    text: str


ReaderItem = Record | Skipped | Note
"""What readers yield."""


@lru_cache(maxsize=4096)
def fold_name(name: str) -> str:
    """Return the letters and digits of a field's name, in lower case."""
    return "".join(char for char in name.casefold() if char.isalnum())


def field_kind(name: str) -> str | None:
    """Return the kind of field that a name stands for, or None if the name is unknown."""
    return KINDS.get(fold_name(name))


def to_paper(fields: Mapping[str, object], location: str) -> Paper | Skipped:
    """Return a record as a paper, or why it is not one."""
    values = _folded(fields)
    title = clean_text(_text(_first(values, NAMES["title"])))[:LONGEST_TITLE].rstrip()
    if not title:
        return Skipped(location, f'no "title"; found the fields {_named(fields)}')
    raw = _abstract(_first(values, NAMES["abstract"]))
    abstract = clean_abstract(raw[: 2 * LONGEST_ABSTRACT])[:LONGEST_ABSTRACT].rstrip()
    if not abstract and not raw.strip():
        return Skipped(location, f'no "abstract"; found the fields {_named(fields)}')
    if not abstract or is_placeholder(abstract) or abstract == title:
        return Skipped(
            location,
            f'"abstract" holds only the placeholder {raw.strip()[:40]!r}: {title[:60]!r}',
        )
    if is_proceedings(title, abstract):
        return Skipped(location, f"a record of whole proceedings, not a paper: {title[:60]!r}")
    ids = _ids(values)
    return Paper(
        id=_id(values, ids) or blake2b(f"{title}\n{abstract}".encode(), digest_size=8).hexdigest(),
        title=title,
        abstract=abstract,
        year=_year(values),
        venue=_venue(values),
        url=_url(values),
        doi=next((one[4:] for one in ids if one.startswith("doi:")), None),
        ids=ids,
        language=detect_language(f"{title}. {abstract}"),
    )


def _named(fields: Mapping[str, object]) -> str:
    """Return the names of the first non-empty fields of a record, for a message."""
    filled = (str(name)[:60] for name, value in islice(fields.items(), MOST_VALUES) if value)
    return ", ".join(sorted(filled)[:8]) or "nothing"


def _folded(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the non-empty fields by folded name, with nested identifiers at the top level."""
    values: dict[str, object] = {}
    for name, value in fields.items():
        if value not in (None, "", [], {}):
            values.setdefault(fold_name(str(name)), value)
    for holder in ID_HOLDERS:
        inner = values.get(holder)
        if isinstance(inner, Mapping):
            for name, value in islice(inner.items(), MOST_VALUES):
                folded = fold_name(str(name))
                values.setdefault(NAMES_IN_ID_HOLDERS.get(folded, folded), value)
    return values


def _first(values: Mapping[str, object], names: Sequence[str]) -> object:
    return next((values[name] for name in names if name in values), None)


def _string(value: object) -> str:
    """Return a value as text; '' if it is nested too deeply to be written."""
    if isinstance(value, str):
        return value
    try:
        return "" if value is None else str(value)
    except (RecursionError, ValueError):
        return ""


def _text(value: object, depth: int = 5) -> str:
    """Return the text of a value: the first text of a list, or the text field of a mapping."""
    if isinstance(value, list | tuple) and depth:
        return next((found for one in value[:MOST_VALUES] if (found := _text(one, depth - 1))), "")
    if isinstance(value, Mapping):
        named = _folded(dict(islice(value.items(), 50))) if depth else {}
        texts = (_text(named[key], depth - 1) for key in TEXT_KEYS if key in named)
        return next((text for text in texts if text), "")
    return "" if isinstance(value, bool) else _string(value)


def _abstract(value: object) -> str:
    """Return an abstract's text; it may come in parts, among other descriptions, or indexed."""
    if isinstance(value, list | tuple):
        parts = value[:MOST_VALUES]
        if any(
            isinstance(one, Mapping) and "descriptionType" in one for one in parts
        ):  # DataCite also describes series and methods
            parts = [
                one
                for one in parts
                if isinstance(one, Mapping) and one.get("descriptionType") in {"Abstract", None}
            ][:1]
        texts = [_abstract(one) if isinstance(one, Mapping) else _string(one) for one in parts]
        labelled = any(isinstance(one, Mapping) and "label" in one for one in parts)
        return " ".join(
            texts if labelled or all(isinstance(one, str) for one in parts) else texts[:1]
        )
    if not isinstance(value, Mapping):
        return _string(value)
    if indexed := _unindexed(value):
        return indexed
    for key in ("text", "description", "value", "abstract", "p"):
        if isinstance(value.get(key), str | list):
            label = _string(value.get("label"))
            return f"{label}: {_abstract(value[key])}" if label else _abstract(value[key])
    return _text(value)


def _unindexed(value: Mapping[str, object]) -> str:
    """Return the text of an inverted index (word to positions), as in OpenAlex."""
    inner = value.get("InvertedIndex")
    index = inner if isinstance(inner, Mapping) else value
    positions = [
        (location, word)
        for word, where in index.items()
        if isinstance(where, list)
        for location in where
        if isinstance(location, int)
    ]
    words = [
        str(word) for _, word in sorted(positions[:LONGEST_ABSTRACT], key=lambda item: item[0])
    ]
    # A long word at many positions could fill the memory.
    ends = accumulate(len(word) + 1 for word in words)
    return " ".join(
        word for word, end in zip(words, ends, strict=True) if end - len(word) <= LONGEST_ABSTRACT
    )


def _year(values: Mapping[str, object]) -> int | None:
    for name in NAMES["year"]:
        if name in values and (found := YEAR.search(_string(values[name])[:500])):
            return int(found.group())
    dated = YEAR.search(_string(values.get("source"))[:500])
    return int(dated.group()) if dated else None


def _venue(values: Mapping[str, object]) -> str | None:
    for name in NAMES["venue"]:
        if name not in values:
            continue
        text = _shortened(clean_text(_text(values[name])[:5000]))
        if name == "source" and (text.lower() in DATABASES or text.startswith("http")):
            continue
        if any(map(str.isalpha, text)):
            found = DATED.match(text)
            return found["venue"] if found else text
    return None


def _shortened(text: str) -> str:
    """Return a venue, cut between words if it is too long."""
    if len(text) < LONGEST_VENUE:
        return text
    return text[:LONGEST_VENUE].rpartition(" ")[0] or text[:LONGEST_VENUE]


def _url(values: Mapping[str, object]) -> str | None:
    for name in NAMES["url"]:
        for text in _addresses(values[name]) if name in values else ():
            if ADDRESS.match(text) and len(text) < LONGEST_URL:
                return text
    return None


def _addresses(value: object, depth: int = 4) -> Iterator[str]:
    """Yield the texts within a value that may be web addresses."""
    if isinstance(value, str):
        if value.startswith("http") and " " not in value:
            yield clean_text(value)
        else:
            yield from (
                clean_text(part)
                for part in re.split(r"[\s|]+|;\s+", value[:LONGEST_URL])
                if part.startswith("http")
            )
    elif isinstance(value, list | tuple) and depth:
        for one in value[:20]:
            yield from _addresses(one, depth - 1)
    elif isinstance(value, Mapping) and depth:
        for key in ("url", "URL", "value", "href", "$"):
            yield from _addresses(value.get(key), depth - 1)


def _ids(values: Mapping[str, object]) -> tuple[str, ...]:
    """Return the namespaced identifiers of a record, sorted."""
    named: dict[str, str] = {}
    for namespace in NAMESPACES:
        texts = (_text(values[name])[:5000] for name in NAMES[namespace] if name in values)
        if text := next(filter(None, texts), ""):
            named[namespace] = text
    if "archiveprefix" in values and fold_name(_text(values["archiveprefix"])) != "arxiv":
        named.pop("arxiv", None)
    found = parse_id_fields(named)
    mentioned = find_ids(
        [text[:5000] for name in ID_TEXT_FIELDS if name in values for text in _flat(values[name])]
    )
    have = {one.partition(":")[0] for one in found}
    return tuple(sorted(found | {one for one in mentioned if one.partition(":")[0] not in have}))


def _flat(value: object, depth: int = 3) -> Iterator[str]:
    """Yield all texts within a nested value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield _string(value)
    elif isinstance(value, list | tuple | Mapping) and depth:
        for one in islice(value.values() if isinstance(value, Mapping) else value, 50):
            yield from _flat(one, depth - 1)


def _id(values: Mapping[str, object], ids: Sequence[str]) -> str:
    """Return the id that the source gives a record, or else the best of its other identifiers."""
    for name in NAMES["id"]:
        value = values.get(name)
        if (
            isinstance(value, str | int)
            and not isinstance(value, bool)
            and (text := clean_text(_string(value)))
        ):
            return _short_id(text)
    best = {one.partition(":")[0]: one for one in reversed(ids)}
    named = (
        best[namespace] if namespace != "doi" else best["doi"][4:]
        for namespace in NAMESPACES
        if namespace in best
    )
    return _short_id(next(named, ""))


def _short_id(text: str) -> str:
    """Return an id, a long one cut with a digest of the whole at its end."""
    if len(text) <= LONGEST_ID:
        return text
    return f"{text[: LONGEST_ID - 17]}-{blake2b(text.encode(), digest_size=8).hexdigest()}"
