"""Which field of a record is what: one table of the names that databases and reference managers use.

A reader yields records, plain mappings of names to values. Names are compared by their letters and digits alone, so
``Document Title``, ``document_title`` and ``documentTitle`` are one. ``to_paper`` makes the paper: it takes the best
field of each kind, cleans the text and gathers the identifiers.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate, islice

from kg.corpus.cleaning import clean_abstract, clean_line, clean_text, is_placeholder, proceedings
from kg.corpus.identifiers import find_ids, named_ids
from kg.corpus.language import language_of
from kg.records import Paper

__all__ = [
    "LONGEST_ABSTRACT",
    "NAMES",
    "Found",
    "Note",
    "Record",
    "Skipped",
    "fold_name",
    "kind_of",
    "to_paper",
]

LONGEST_ABSTRACT = 20_000
"""Characters: four times the longest real abstract we know; what is longer is cut there, which bounds time and memory."""
LONGEST_TITLE, LONGEST_ID, LONGEST_VENUE, LONGEST_URL = 2000, 300, 300, 2000
"""Characters; browsers' limit for an address."""
MOST_VALUES = 2000
"""So many values of a list are looked at."""

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
"""For each kind of field, the names that mean it (``fold_name``), best first."""
KINDS = {name: kind for kind, names in reversed(list(NAMES.items())) for name in names}
NAMESPACES = (
    "doi", "arxiv", "pmid", "pmcid", "wos", "scopus", "openalex", "s2", "acl", "dblp", "lens", "dimensions", "ieee",
)  # fmt: skip
MENTIONING = (
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
"""Fields that may name identifiers of any kind."""
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
"""Where a nested value has its text, best first."""
YEAR = re.compile(r"(?<![\d.])(1[5-9]\d\d|20\d\d|21\d\d)(?!\d)")
DATED = re.compile(r"^(?P<venue>\D[^()]*?)\s*\((?:1[5-9]|20)\d\d\)\s[\d:(].*$")
"""A journal with its year, volume and pages, such as ``Lancet (2014) 3:3 (152-160)``."""
DATABASES = frozenset(
    {"scopus", "wos", "web of science", "pubmed", "crossref", "openalex", "medline", "embase", "psycinfo", "sciencedirect", "google scholar", "arxiv.org",
     "dimensions", "ieee xplore", "acm", "semantic scholar", "zotero.org"}
)  # fmt: skip
"""What a field called ``source`` may hold that is no venue."""
ADDRESS = re.compile(r"https?://[^\s<>\"']+$")


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


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """Something that a user may want to know and that loses nothing: where, and how it was understood."""

    place: str
    text: str


Found = Record | Skipped | Note
"""What a reader yields."""


@lru_cache(maxsize=4096)
def fold_name(name: str) -> str:
    """Return a field's name as its letters and digits, in lower case."""
    return "".join(char for char in name.casefold() if char.isalnum())


def kind_of(name: str) -> str | None:
    """Return which kind of field a name means, None where no vendor is known to use it."""
    return KINDS.get(fold_name(name))


def to_paper(fields: Mapping[str, object], place: str) -> Paper | Skipped:
    """Return the paper that a record means, or why it is none."""
    values = _folded(fields)
    title = clean_line(_text(_first(values, NAMES["title"])))[:LONGEST_TITLE].rstrip()
    if not title:
        return Skipped(place, f'no "title"; found the fields {_named(fields)}')
    raw = _abstract(_first(values, NAMES["abstract"]))
    abstract = clean_abstract(raw[: 2 * LONGEST_ABSTRACT])[:LONGEST_ABSTRACT].rstrip()
    if not abstract and not raw.strip():
        return Skipped(place, f'no "abstract"; found the fields {_named(fields)}')
    if not abstract or is_placeholder(abstract) or abstract == title:
        return Skipped(
            place,
            f'no abstract but the placeholder {raw.strip()[:40]!r} in "abstract": {title[:60]!r}',
        )
    if proceedings(title, abstract):
        return Skipped(place, f"a record of whole proceedings, no paper: {title[:60]!r}")
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
        language=language_of(f"{title}. {abstract}"),
    )


def _named(fields: Mapping[str, object]) -> str:
    """Return which fields of a record hold something, the first few."""
    filled = (str(name)[:60] for name, value in islice(fields.items(), MOST_VALUES) if value)
    return ", ".join(sorted(filled)[:8]) or "nothing"


def _folded(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the fields that hold something, by folded name; identifiers of other databases beside the rest."""
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
    """Return a value as text; what is nested too deeply to be written is none."""
    if isinstance(value, str):
        return value
    try:
        return "" if value is None else str(value)
    except (RecursionError, ValueError):
        return ""


def _text(value: object, depth: int = 5) -> str:
    """Return the text of a value: of a list its first that has one, of a mapping the field that is called like a text."""
    if isinstance(value, list | tuple) and depth:
        return next((found for one in value[:MOST_VALUES] if (found := _text(one, depth - 1))), "")
    if isinstance(value, Mapping):
        named = _folded(dict(islice(value.items(), 50))) if depth else {}
        texts = (_text(named[key], depth - 1) for key in TEXT_KEYS if key in named)
        return next((text for text in texts if text), "")
    return "" if isinstance(value, bool) else _string(value)


def _abstract(value: object) -> str:
    """Return the text of an abstract: in parts, among other descriptions, or as the places of each word."""
    if isinstance(value, list | tuple):
        parts = value[:MOST_VALUES]
        if any(
            isinstance(one, Mapping) and "descriptionType" in one for one in parts
        ):  # DataCite's, of series and methods too
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
    """Return the text of an index that gives the places of each word, as OpenAlex has it."""
    inner = value.get("InvertedIndex")
    index = inner if isinstance(inner, Mapping) else value
    places = [
        (place, word)
        for word, where in index.items()
        if isinstance(where, list)
        for place in where
        if isinstance(place, int)
    ]
    words = [str(word) for _, word in sorted(places[:LONGEST_ABSTRACT], key=lambda item: item[0])]
    # One long word at many places would fill any memory.
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
        text = _shortened(clean_line(_text(values[name])[:5000]))
        if name == "source" and (text.lower() in DATABASES or text.startswith("http")):
            continue
        if any(map(str.isalpha, text)):
            found = DATED.match(text)
            return found["venue"] if found else text
    return None


def _shortened(text: str) -> str:
    """Return a venue that is not too long, cut between words."""
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
    """Yield the texts of a value that may be addresses."""
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
    found = named_ids(named)
    mentioned = find_ids(
        [text[:5000] for name in MENTIONING if name in values for text in _flat(values[name])]
    )
    have = {one.partition(":")[0] for one in found}
    return tuple(sorted(found | {one for one in mentioned if one.partition(":")[0] not in have}))


def _flat(value: object, depth: int = 3) -> Iterator[str]:
    """Yield the texts within a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield _string(value)
    elif isinstance(value, list | tuple | Mapping) and depth:
        for one in islice(value.values() if isinstance(value, Mapping) else value, 50):
            yield from _flat(one, depth - 1)


def _id(values: Mapping[str, object], ids: Sequence[str]) -> str:
    """Return the identifier that the source gives a record, else the best of the others."""
    for name in NAMES["id"]:
        value = values.get(name)
        if (
            isinstance(value, str | int)
            and not isinstance(value, bool)
            and (text := clean_text(_string(value)))
        ):
            return (
                text
                if len(text) <= LONGEST_ID
                else f"{text[: LONGEST_ID - 17]}-{blake2b(text.encode(), digest_size=8).hexdigest()}"
            )
    best = {one.partition(":")[0]: one for one in reversed(ids)}
    return next(
        (
            best[namespace] if namespace != "doi" else best["doi"][4:]
            for namespace in NAMESPACES
            if namespace in best
        ),
        "",
    )
