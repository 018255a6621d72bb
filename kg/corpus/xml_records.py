"""Extracts fields from XML records of many vocabularies.

They are Atom, PubMed, JATS, EndNote, OAI-PMH (arXiv, Dublin Core), MODS, MARC, DataCite, the ACL
Anthology and Zotero's RDF. ``fields_of`` takes the tree of one record, with element names in lower
case and without prefixes. In an unknown vocabulary every element is a field of its own name.
"""

from collections.abc import Callable, Iterable, Iterator
from xml.etree.ElementTree import Element

from kg.corpus.fields import field_kind

__all__ = ["RECORDS", "SKIPPED_ELEMENTS", "Context", "fields_of", "rdf_records", "text_of"]

RECORDS = frozenset(
    {
        "entry",
        "paper",
        "record",
        "article",
        "pubmedarticle",
        "pubmedbookarticle",
        "mods",
        "result",
        "reference",
        "document",
        "item",
        "resource",
        "work",
    }
)
"""Elements that contain one paper each, wherever they occur."""
SKIPPED_ELEMENTS = frozenset(
    {"body", "back", "ref-list", "floats-group", "sub-article", "response", "referencelist", "reference-list", "commentscorrectionslist", "meshheadinglist",
     "authorlist", "contrib-group", "keywordlist", "chemicallist", "grantlist", "affiliation", "attachments", "permissions", "fulltext", "aff"}
)  # fmt: skip
"""Elements without a title, abstract, year, venue or identifier, or about other papers."""
MARKUP = frozenset(
    {"sub", "sup", "inf", "i", "b", "italic", "bold", "p", "sec", "title", "br", "list", "list-item", "math", "mi", "mo", "mn", "mtext", "mrow", "msub", "msup",
     "msubsup", "mfrac", "msqrt", "annotation", "semantics", "tex-math", "alternatives", "inline-formula", "disp-formula", "label", "li", "ul", "td", "tr"}
)  # fmt: skip
"""Elements within a text that cleaning interprets; of any other, only the text is kept."""
DROPPED_ELEMENTS = frozenset(
    {"fn", "xref-group", "inline-graphic", "graphic", "object-id", "related-object"}
)
TEASERS = frozenset(
    {
        "graphical",
        "teaser",
        "toc",
        "short",
        "precis",
        "key-points",
        "executive-summary",
        "web-summary",
        "author-highlights",
        "highlights",
        "editor",
    }
)

IN_TITLES = frozenset({"fixed-case", "i", "b"})
"""Markup within a volume's title."""
Fields = dict[str, object]


class Context:
    """What surrounds the records: the Anthology's collection and volume, or an RDF file's nodes."""

    def __init__(self) -> None:
        self.collection, self.volume = "", ""
        self.meta: dict[str, str] = {}
        self.rdf = False
        self.nodes: list[Element] = []
        self._within = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element that is not a record."""
        self.rdf = self.rdf or tag == "rdf"
        if tag == "collection":
            self.collection = attributes.get("id", "")
        elif tag == "volume":
            self.volume, self.meta = attributes.get("id", ""), {}
        if tag not in IN_TITLES:
            self._within = tag if tag in {"booktitle", "year", "venue"} else ""

    def data(self, text: str) -> None:
        """Handle text outside records, such as a volume's own title, year or venue."""
        if self._within and self.volume:
            self.meta[self._within] = (self.meta.get(self._within, "") + text)[:1000]

    def end(self, tag: str) -> None:
        """Handle the end of an element that is not a record."""
        if tag not in IN_TITLES:
            self._within = ""

    def keep(self, element: Element) -> None:
        """Keep a node that other records of the file may refer to."""
        if self.rdf:
            self.nodes.append(element)


def fields_of(record: Element, context: Context) -> Iterator[tuple[str, Fields | str]]:
    """Yield (element name, its fields or why it has none) for each paper in a record's tree."""
    if context.rdf:
        return  # an RDF file's items come at its end, once everything they refer to is known
    header = _find(record, "header")
    if header is not None and header.get("status") == "deleted":
        yield record.tag, "a deleted record"
        return
    for tag, read in VOCABULARIES:
        found = record if record.tag == tag else _find(record, tag)
        if found is not None and (fields := read(found, context)):
            yield record.tag, {**_oai(record), **fields}
            return
    yield record.tag, _plain(record)


# --- helpers


def _all(element: Element, *path: str) -> list[Element]:
    """Return the elements at the end of a path of names; each step may be at any depth."""
    found = [element]
    for tag in path:
        found = [inner for one in found for inner in one.iter(tag) if inner is not one]
    return found


def _find(element: Element, *path: str) -> Element | None:
    return next(iter(_all(element, *path)), None)


def _text(element: Element, *path: str) -> str:
    """Return the first non-empty text at the end of a path."""
    return next((text for one in _all(element, *path) if (text := text_of(one))), "")


def text_of(element: Element) -> str:
    """Return the text of an element, including the markup that cleaning interprets."""
    if not len(element):
        return (element.text or "").strip()
    parts = [element.text or ""]
    for child in element:
        if child.tag in MARKUP:
            parts += (f"<{child.tag}>", text_of(child), f"</{child.tag}>")
        elif child.tag not in DROPPED_ELEMENTS:
            parts.append(text_of(child))
        parts.append(child.tail or "")
    return "".join(parts).strip()


def _typed(elements: Iterable[Element], attribute: str, *kinds: str) -> str:
    """Return the text of the first element whose attribute has one of the given values."""
    wanted = {kind.lower() for kind in kinds}
    return next(
        (
            text
            for one in elements
            if one.get(attribute, "").lower() in wanted and (text := text_of(one))
        ),
        "",
    )


def _plain(record: Element) -> Fields:
    """Return a record's elements as fields with the elements' own names."""
    fields: Fields = {}
    for child in record:
        text = text_of(child) or child.get("href", "") or child.get("url", "")
        if len(child) and not (field_kind(child.tag) and text and (child.text or "").strip()):
            inner = _plain(child)
            for name, value in inner.items():
                fields.setdefault(name, value)
        if text and (field_kind(child.tag) or not len(child)):
            fields.setdefault(child.tag, text)
    return fields


# --- vocabularies


def _pubmed(record: Element, _context: Context) -> Fields:
    parts = [
        one
        for holder in (_all(record, "abstract") or _all(record, "otherabstract"))[:1]
        for one in _all(holder, "abstracttext")
    ]
    dates = [
        _text(record, *path)
        for path in (
            ("pubdate", "year"),
            ("pubdate", "medlinedate"),
            ("articledate", "year"),
            ("contributiondate", "year"),
        )
    ]
    ids = _all(record, "articleid")
    pmid = _text(record, "pmid")
    return {
        "title": _text(record, "articletitle")
        or _text(record, "vernaculartitle")
        or _text(record, "booktitle"),
        "abstract": " ".join(_labelled(one.get("label", ""), text_of(one)) for one in parts)
        or _text(record, "abstract"),
        "year": next(filter(None, dates), ""),
        "venue": _text(record, "journal", "title")
        or _text(record, "isoabbreviation")
        or _text(record, "medlineta")
        or _text(record, "booktitle"),
        "doi": _typed(_all(record, "elocationid"), "eidtype", "doi")
        or _typed(ids, "idtype", "doi"),
        "pmid": pmid,
        "pmcid": _typed(ids, "idtype", "pmc"),
        "id": pmid,
    }


def _labelled(label: str, text: str) -> str:
    """Return a part of a structured abstract, adding its label unless it starts with it."""
    label = label.strip(" :")
    if not label or label.upper() == "UNLABELLED" or text.upper().startswith(label.upper()):
        return text
    return f"{label}: {text}"


def _jats(article: Element, _context: Context) -> Fields:
    meta = _find(article, "article-meta")
    meta = _find(article, "front-stub") if meta is None else meta
    if meta is None:
        return {}
    ids = _all(meta, "article-id")
    title = _text(meta, "article-title")
    subtitle = _text(meta, "title-group", "subtitle")
    return {
        "title": f"{title.rstrip(':')}: {subtitle}" if subtitle else title,
        "abstract": _jats_abstract(meta),
        "year": _jats_year(meta),
        "venue": _text(article, "journal-title") or _text(article, "abbrev-journal-title"),
        "doi": _typed(ids, "pub-id-type", "doi"),
        "pmid": _typed(ids, "pub-id-type", "pmid"),
        "pmcid": _typed(ids, "pub-id-type", "pmc", "pmcid"),
        "id": _typed(ids, "pub-id-type", "doi", "pmid", "pmc", "publisher-id"),
        "url": next(
            (
                one.get("href", "")
                for one in _all(meta, "self-uri")
                if one.get("href", "").startswith("http")
            ),
            "",
        ),
    }


def _jats_abstract(meta: Element) -> str:
    found = [
        one for one in _all(meta, "abstract") if one.get("abstract-type", "") not in TEASERS
    ] + _all(meta, "trans-abstract")
    in_english = [one for one in found if one.get("lang", "").lower().startswith("en")]
    return next((text for one in in_english + found if (text := text_of(one))), "")


def _jats_year(meta: Element) -> str:
    dates = _all(meta, "pub-date")
    kinds = ("ppub", "print", "collection", "pub", "epub", "epub-ppub", "electronic")
    years = {
        one.get("pub-type") or one.get("publication-format") or one.get("date-type") or "": _text(
            one, "year"
        )
        for one in reversed(dates)
    }
    return next((years[kind] for kind in kinds if years.get(kind)), "") or next(
        (text for one in dates if (text := _text(one, "year"))), ""
    )


def _endnote(record: Element, _context: Context) -> Fields:
    provider = (
        f"{_text(record, 'remote-database-provider')} {_text(record, 'remote-database-name')}"
    )
    accession = _text(record, "accession-num")
    by_pubmed = (
        any(word in provider.lower() for word in ("nlm", "pubmed", "medline"))
        and accession.isdecimal()
    )
    return {
        "title": _text(record, "titles", "title") or _text(record, "title"),
        "abstract": _text(record, "abstract"),
        "year": _text(record, "dates", "year") or _text(record, "pub-dates", "date"),
        "venue": _text(record, "periodical", "full-title")
        or _text(record, "secondary-title")
        or _text(record, "full-title")
        or _text(record, "alt-title"),
        "doi": _text(record, "electronic-resource-num"),
        "pmid": accession if by_pubmed else "",
        "id": accession,
        "url": next(
            (
                text
                for one in _all(record, "urls", "url")
                if (text := text_of(one)).startswith("http")
            ),
            "",
        ),
        "links": [
            accession,
            *(text_of(one) for one in _all(record, "url")[:9]),
            _text(record, "custom2"),
        ],
    }


def _arxiv(record: Element, _context: Context) -> Fields:
    number = _text(record, "id")
    dates = [
        _text(record, "created"),
        *(text_of(one) for one in _all(record, "version", "date")[:1]),
        _text(record, "updated"),
    ]
    return {
        "title": _text(record, "title"),
        "abstract": _text(record, "abstract"),
        "year": next(filter(None, dates), ""),
        "venue": _text(record, "journal-ref"),
        "doi": _text(record, "doi"),
        "arxiv": number,
        "id": number,
        "url": f"https://arxiv.org/abs/{number}" if number else "",
    }


def _dublin_core(record: Element, _context: Context) -> Fields:
    texts = [text_of(one) for one in _all(record, "description")]
    names = [text_of(one) for one in _all(record, "identifier")]
    dates = sorted(text_of(one) for one in _all(record, "date"))
    return {
        "title": _text(record, "title"),
        "abstract": max(
            (text for text in texts if not text.startswith("Comment:")), key=len, default=""
        )
        or _text(record, "abstract"),
        "year": next(iter(dates), ""),
        "venue": _text(record, "source") or _text(record, "ispartof"),
        "url": next((text for text in names if text.startswith("http")), ""),
        "id": next((text for text in names if text), ""),
        "links": names + [text_of(one) for one in _all(record, "relation")[:9]],
    }


def _marc(record: Element, _context: Context) -> Fields:
    def field(tag: str, codes: str) -> str:
        for one in _all(record, "datafield"):
            if "".join(one.get(part, "") for part in ("tag", "ind1", "ind2")).startswith(tag):
                found = [text_of(part) for part in one if part.get("code", "") in codes]
                if text := " ".join(filter(None, found)):
                    return text
        return ""

    control = {one.get("tag", ""): text_of(one) for one in _all(record, "controlfield")}
    own = next((field(tag, "a") for tag in ("024", "0247") if "10." in field(tag, "a")), "")
    coded = control.get("008", "")[7:11]
    return {
        "title": field("245", "ab").rstrip(" /:;,"),
        "abstract": field("520", "ab"),
        "year": field("260", "c")
        or field("264", "c")
        or field("773", "y")
        or field("269", "c")
        or field("909C4", "y")
        or (coded if coded.isdecimal() else ""),
        "venue": field("773", "p")
        or field("773", "t")
        or field("909C4", "p")
        or field("490", "a")
        or field("440", "a"),
        "doi": own or field("773", "a") or field("909C4", "a"),
        "arxiv": next(
            (field(tag, "a") for tag in ("037", "088") if "arxiv" in field(tag, "a9").lower()), ""
        ),
        "url": next(
            (
                text
                for one in _all(record, "datafield")
                if one.get("tag") == "856"
                for part in one
                if (text := text_of(part)).startswith("http")
            ),
            "",
        ),
        "id": control.get("001", ""),
    }


def _mods(record: Element, _context: Context) -> Fields:
    titles = [one for one in record if one.tag == "titleinfo"] or _all(record, "titleinfo")
    own = next((one for one in titles if not one.get("type")), titles[0] if titles else None)
    host = next(
        (one for one in _all(record, "relateditem") if one.get("type") in {"host", "series"}), None
    )
    ids = [one for one in record if one.tag == "identifier"]
    dates = [
        _text(record, tag) for tag in ("dateissued", "datecreated", "copyrightdate", "datecaptured")
    ]
    title = ""
    if own is not None:
        parts = [_text(own, "nonsort"), _text(own, "title")]
        title = " ".join(filter(None, parts)) + (
            f": {_text(own, 'subtitle')}" if _text(own, "subtitle") else ""
        )
    return {
        "title": title,
        "abstract": _text(record, "abstract"),
        "year": next(filter(None, dates), "") or (_text(host, "date") if host is not None else ""),
        "venue": _text(host, "title") if host is not None else "",
        "doi": _typed(ids, "type", "doi"),
        "pmid": _typed(ids, "type", "pmid", "pubmed"),
        "url": _text(record, "location", "url") or _typed(ids, "type", "uri", "url"),
        "id": record.get("id", "")
        or _typed(ids, "type", "local", "doi", "uri", "citekey")
        or _text(record, "recordidentifier"),
        "links": [text_of(one) for one in ids],
    }


def _anthology(paper: Element, context: Context) -> Fields:
    if not context.collection and not context.volume:
        return {}
    number, address = paper.get("id", ""), _text(paper, "url")
    named = (
        address
        if "-" in address and not address.startswith("http")
        else _anthology_id(context, number)
    )
    return {
        "title": _text(paper, "title"),
        "abstract": _text(paper, "abstract"),
        "year": _text(paper, "year") or context.meta.get("year", "").strip() or context.collection,
        "venue": " ".join(context.meta.get("booktitle", "").split())
        or context.meta.get("venue", ""),
        "doi": _text(paper, "doi"),
        "acl": named,
        "id": named,
        "url": address
        if address.startswith("http")
        else f"https://aclanthology.org/{named}"
        if named
        else "",
    }


def _anthology_id(context: Context, number: str) -> str:
    """Return a paper's Anthology identifier: 2020.acl-main.1, or P17-1001 in the old style."""
    if not context.collection or not number.isdecimal():
        return f"{context.volume}.{number}" if context.volume and number else number
    if context.collection[:1].isalpha() and context.volume.isdecimal():
        long_volume = context.collection.startswith("W") or context.collection == "C69"
        return (
            f"{context.collection}-{int(context.volume):02}{int(number):02}"
            if long_volume
            else f"{context.collection}-{int(context.volume)}{int(number):03}"
        )
    return f"{context.collection}-{context.volume}.{number}"


def _atom(entry: Element, _context: Context) -> Fields:
    address = _text(entry, "id")
    links = {one.get("rel", ""): one.get("href", "") for one in reversed(_all(entry, "link"))}
    number = address.partition("/abs/")[2]
    return {
        "title": _text(entry, "title"),
        "abstract": _text(entry, "summary") or _text(entry, "content"),
        "year": _text(entry, "published") or _text(entry, "coverdate") or _text(entry, "updated"),
        "venue": _text(entry, "journal_ref") or _text(entry, "publicationname"),
        "doi": _text(entry, "doi"),
        "arxiv": number if "arxiv" in address else "",
        "scopus": _text(entry, "eid"),
        "id": number or address,
        "url": address
        if address.startswith("http")
        else links.get("alternate") or links.get("scopus") or links.get(""),
    }


def _datacite(resource: Element, _context: Context) -> Fields:
    if _find(resource, "titles") is None:
        return {}
    descriptions = _all(resource, "description")
    return {
        "title": _text(resource, "titles", "title"),
        "abstract": _typed(descriptions, "descriptiontype", "abstract")
        or _text(resource, "description"),
        "year": _text(resource, "publicationyear"),
        "venue": _text(resource, "container", "title")
        or _typed(_all(resource, "relateditem"), "relationtype", "ispublishedin")
        or _text(resource, "publisher"),
        "doi": _typed(_all(resource, "identifier"), "identifiertype", "doi"),
        "id": _text(resource, "identifier"),
    }


def _library(record: Element, context: Context) -> Fields:
    """Return the fields of a MARC or EndNote record."""
    if _find(record, "datafield") is not None:
        return _marc(record, context)
    return _endnote(record, context) if _find(record, "titles") is not None else {}


def _oai(record: Element) -> Fields:
    identifier = _text(record, "header", "identifier")
    return {"id": identifier, "identifier": identifier} if identifier else {}


VOCABULARIES: tuple[tuple[str, Callable[[Element, Context], Fields]], ...] = (
    ("pubmedarticle", _pubmed),
    ("pubmedbookarticle", _pubmed),
    ("article", _jats),
    ("arxiv", _arxiv),
    ("arxivraw", _arxiv),
    ("dc", _dublin_core),
    ("mods", _mods),
    ("resource", _datacite),
    ("record", _library),
    ("paper", _anthology),
    ("entry", _atom),
)
"""The element that identifies each vocabulary, and its reader."""

# --- Zotero's RDF

NO_ITEMS = frozenset({"attachment", "memo", "collection", "journal", "series", "channel"})


def rdf_records(context: Context) -> Iterator[Fields]:
    """Yield the items of an RDF file, once everything that they refer to is known."""
    known = {one.get("about", ""): one for one in context.nodes if one.get("about")}
    for node in context.nodes:
        if node.tag not in NO_ITEMS and _text(node, "itemtype") not in {"attachment", "note"}:
            yield _rdf_item(node, known)


def _rdf_item(node: Element, known: dict[str, Element]) -> Fields:
    host = next((one for one in node if one.tag == "ispartof"), None)
    held = next(iter(host), None) if host is not None else None
    if host is not None and held is None:
        held = known.get(host.get("resource", ""))
    own = [text_of(one) for one in node if one.tag == "identifier"]
    inner = [text_of(one) for one in _all(held, "identifier")] if held is not None else []
    dois = [text for text in own + inner if text.upper().startswith("DOI")]
    about = node.get("about", "")
    address = next(
        (
            text_of(one)
            for one in _all(node, "identifier", "value")
            if text_of(one).startswith("http")
        ),
        "",
    )
    return {
        "title": next((text_of(one) for one in node if one.tag == "title"), ""),
        "abstract": next(
            (text_of(one) for tag in ("abstract", "description") for one in node if one.tag == tag),
            "",
        ),
        "year": next((text_of(one) for one in node if one.tag == "date"), ""),
        "venue": next((text_of(one) for one in held if one.tag == "title"), "")
        if held is not None
        else "",
        "doi": next(iter(dois), ""),
        "id": about,
        "url": address or (about if about.startswith("http") else ""),
        "links": [
            *own,
            about,
            *(text_of(one) for one in node if one.tag in {"description", "extra"}),
        ],
    }
