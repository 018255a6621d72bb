"""Which reader reads which source: told by content first and by suffix second, so that a wrong suffix is no fault."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from kg.corpus import (
    archive,
    bibtex,
    excel,
    json_text,
    medline,
    ovid,
    page,
    parquet,
    pubmed_text,
    refer,
    refworks,
    ris,
    tables,
    wos,
    xml_text,
)
from kg.corpus.fields import Found, Note, Skipped
from kg.corpus.sources import Source, Truncated, suffix_of
from kg.corpus.text_lines import decode_head, head_of
from kg.errors import UnknownFormatError

__all__ = ["FORMATS", "Format", "detect", "read_records"]


def _read_zip(stream: IO[bytes], name: str) -> Iterator[Found]:
    for found in archive.members(stream, name):
        if isinstance(found, Skipped):
            yield found
            continue
        place, member = found
        if (
            head_of(member).startswith(archive.SIGNATURE)
            and archive.office_format(head_of(member)) is None
        ):
            yield Skipped(place, "an archive within an archive; unpack it first")
        else:
            yield from _read_stream(member, place, suffix_of(place), None)


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file: how ``--format`` calls it, what reads it, and what users know it as."""

    read: Callable[[IO[bytes], str], Iterator[Found]]
    suffixes: tuple[str, ...]
    title: str
    sources: str
    """The programs and databases that write it."""


FORMATS: dict[str, Format] = {
    "bibtex": Format(
        bibtex.read,
        (".bib", ".bibtex"),
        "BibTeX, BibLaTeX",
        "every reference manager; Scopus, Web of Science, ACM, ACL Anthology, DBLP",
    ),
    "csv": Format(
        tables.read_csv,
        (".csv",),
        "CSV with commas, semicolons, tabs or bars",
        "Scopus, IEEE Xplore, Dimensions, Lens, Embase, OpenAlex, Zotero, Rayyan, Excel; any table with columns for title and abstract",
    ),
    "endnote": Format(
        refer.read,
        (".enw", ".enl", ".refer"),
        "EndNote's tagged format (refer)",
        "EndNote, CNKI, Wanfang, Google Scholar",
    ),
    "excel": Format(
        excel.read,
        (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"),
        "Excel and OpenDocument workbooks",
        "Web of Science, ProQuest, Excel, LibreOffice",
    ),
    "json": Format(
        json_text.read_json,
        (".json",),
        "JSON",
        "OpenAlex, Crossref, DataCite, DOAJ, Europe PMC, Semantic Scholar, Lens, CORE, Zotero, CSL-JSON; any array of objects",
    ),
    "jsonl": Format(
        json_text.read_lines,
        (".jsonl", ".ndjson"),
        "JSON lines",
        "kg fetch, arXiv's and Semantic Scholar's data sets, Crossref, Hugging Face",
    ),
    "medline": Format(
        medline.read,
        (".nbib", ".medline"),
        "MEDLINE",
        "PubMed (.nbib, and .txt of the format PubMed), ERIC",
    ),
    "ovid": Format(ovid.read, (".cgi", ".ovid"), "Ovid's citations, with tags or labels", "Ovid"),
    "parquet": Format(
        parquet.read, (".parquet",), "Parquet", "pandas, polars, DuckDB, Hugging Face"
    ),
    "pubmed-text": Format(
        pubmed_text.read, (), "PubMed's abstract text", "PubMed (.txt of the format Abstract)"
    ),
    "refworks": Format(refworks.read, (), "RefWorks' tagged format", "RefWorks, CNKI"),
    "ris": Format(
        ris.read,
        (".ris",),
        "RIS",
        "every reference manager; Scopus, Web of Science, ProQuest, EBSCO, Embase, Ovid, IEEE Xplore, Dimensions, Lens",
    ),
    "text": Format(
        page.read,
        (".txt", ".text", ".md"),
        "a page of titles, each followed by its abstract",
        "saved web pages, notes",
    ),
    "tsv": Format(
        tables.read_tsv,
        (".tsv", ".tab"),
        "tables with tabs",
        "Web of Science (tab-delimited), pandas, Excel",
    ),
    "wos": Format(wos.read, (".ciw", ".isi"), "Web of Science's plain text", "Web of Science"),
    "xml": Format(
        xml_text.read,
        (".xml", ".atom", ".nxml", ".rdf", ".mods", ".marcxml", ".rss"),
        "XML",
        "PubMed, JATS (PubMed Central), EndNote, arXiv (Atom, OAI-PMH), ACL Anthology, Zotero RDF, MODS, MARCXML, DataCite, Europe PMC, DOAJ",
    ),
    "zip": Format(
        _read_zip, (".zip",), "a zip archive of any of these", "Dimensions, Lens, arXiv's data set"
    ),
}
BY_SUFFIX = {suffix: name for name, one in FORMATS.items() for suffix in one.suffixes}

FOREIGN: tuple[tuple[bytes, str], ...] = (
    (
        b"%PDF",
        "a PDF; kg reads records with abstracts, not full texts: export the records from your reference manager as RIS or BibTeX",
    ),
    (
        b"SQLite format 3\0",
        "an SQLite database; in Zotero choose File > Export Library, in EndNote File > Export, and give that file",
    ),
    (
        b"{\\rtf",
        "rich text; save it as plain text, or export RIS or BibTeX from your reference manager",
    ),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"BZh", "packed with bzip2; unpack it first, or pack it with gzip or zstandard"),
    (b"\xfd7zXZ", "packed with xz; unpack it first, or pack it with gzip or zstandard"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first, or make it a zip"),
    (b"Rar!", "a RAR archive; unpack it first, or make it a zip"),
)
BINARY = ((b"PAR1", "parquet"), (excel.OLE, "excel"))
OFFICE = {
    "word": "a Word document; export the records from your reference manager as RIS or BibTeX",
    "powerpoint": "a PowerPoint presentation; expected records with titles and abstracts",
}
WEB_PAGE = re.compile(
    r"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
RIS_SIGN = re.compile(r"^\s{0,3}TY\s{0,3}-\s?[A-Z]{3,8}\d?\s*$", re.MULTILINE)
COMMENTS = re.compile(r"(?:\s*(?:%|//)[^\n]*\n|\s+)*")
JSON_LINE = re.compile(r"\s*\x1e?\{[^\n]*\}[ \t,]*\r?\n\s*\x1e?\{")
ONE_LINE = re.compile(r"\s*\x1e?[{\[][^\n]*[}\]][ \t,]*(?:\n|$)|[^\n]*\Z")
SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ris", RIS_SIGN),
    ("wos", wos.SIGN),
    ("ovid", ovid.SIGN),
    ("medline", medline.SIGN),
    ("endnote", refer.SIGN),
    ("refworks", refworks.SIGN),
    ("pubmed-text", pubmed_text.SIGN),
)
"""What a line of a tagged format looks like, in the order in which they are looked for."""


def detect(head: bytes, suffix: str = "") -> str | Skipped:
    """Return the name of the format that the first bytes of a file are in, or why there is none (without a place)."""
    foreign = next((why for sign, why in FOREIGN if head.startswith(sign)), None)
    if foreign is not None:
        return Skipped("", foreign)
    binary = next((name for sign, name in BINARY if head.startswith(sign)), None)
    if binary is not None:
        return binary
    if head.startswith(archive.SIGNATURE):
        office = archive.office_format(head)
        return Skipped("", OFFICE[office]) if office in OFFICE else office or "zip"
    if head[257:262] == b"ustar":
        return Skipped("", "a tar archive; unpack it first, or make it a zip")
    text = decode_head(head).replace("\r\n", "\n").replace("\r", "\n")
    return _by_text(text, suffix) or _by_suffix(text, suffix)


def _by_text(text: str, suffix: str) -> str | Skipped | None:
    """Return the format of the first characters of a text; None where they do not tell."""
    if WEB_PAGE.match(text):
        return Skipped("", "a web page; save its text alone, or use the site's export of citations")
    found = _by_start(text, suffix) or next(
        (name for name, sign in SIGNS if sign.search(text)), None
    )
    if found is not None:
        return found
    header = tables.find_header(text.split("\n"))
    if header is not None:
        return "tsv" if header[1] == "\t" else "csv"
    return "bibtex" if bibtex.ENTRY.search(text) else None


def _by_start(text: str, suffix: str) -> str | None:
    """Return the format that the first sign of a text tells."""
    comments = COMMENTS.match(text)
    if comments and bibtex.ENTRY.match(text[comments.end() :]):
        return "bibtex"
    start = text.lstrip(" \n\t\x1e")[:1]
    if start in {"{", "["}:
        lines = suffix in FORMATS["jsonl"].suffixes and ONE_LINE.match(text)
        return "jsonl" if lines or JSON_LINE.match(text) else "json"
    return "xml" if start == "<" and not ovid.SIGN.match(text) else None


def _by_suffix(text: str, suffix: str) -> str | Skipped:
    """Return the format that a suffix tells; text without a known suffix is taken for a page."""
    by_suffix = BY_SUFFIX.get(suffix)
    if by_suffix is not None and FORMATS[by_suffix].read is not page.read:
        return by_suffix
    if "\0" in text or text.count("\ufffd") * 50 > len(text):
        return Skipped(
            "",
            f"its format cannot be told from content or suffix; expected one of {' '.join(sorted(FORMATS))}",
        )
    return "text"


def read_records(source: Source, wanted: str | None) -> Iterator[Found]:
    """Yield the records of one source; what breaks off is reported at its end.

    Raises:
        UnknownFormatError: if ``wanted`` is no format.
        CorpusError: if the source cannot be opened.
    """
    if wanted is not None and wanted not in FORMATS:
        message = f"unknown input format {wanted!r}; one of {' '.join(sorted(FORMATS))}"
        raise UnknownFormatError(message)
    with source.open() as stream:
        if (
            source.within_folder
            and wanted is None
            and source.suffix not in BY_SUFFIX
            and _unknown(stream)
        ):
            yield Skipped(
                source.name,
                f"unknown suffix {source.suffix or '(none)'!r}, and its content tells no format",
            )
            return
        yield from _read_stream(stream, source.name, source.suffix, wanted)


def _unknown(stream: IO[bytes]) -> bool:
    """Return whether the content of a file alone does not say that it holds papers."""
    try:
        found = detect(head_of(stream))
    except Truncated:
        return True
    return isinstance(found, Skipped) or found in {"text", "xml", "json", "jsonl"}


def _read_stream(stream: IO[bytes], name: str, suffix: str, wanted: str | None) -> Iterator[Found]:
    try:
        found = wanted or detect(head_of(stream), suffix)
        if isinstance(found, Skipped):
            yield Skipped(name, found.reason)
            return
        by_suffix = BY_SUFFIX.get(suffix)
        if (
            wanted is None
            and by_suffix not in {found, None, "text"}
            and {found, by_suffix} not in ({"csv", "tsv"}, {"json", "jsonl"})
        ):
            yield Note(
                name,
                f"this is {FORMATS[found].title}, read as such although its name ends in {suffix}",
            )
        elif by_suffix == "text" and found != "text":
            yield Note(name, f"this is {FORMATS[found].title}, read as such")
        yield from FORMATS[found].read(stream, name)
    except Truncated as broken:
        yield Skipped(name, f"{broken}; the papers before are read")
    except UnicodeError as error:
        yield Skipped(name, f"is not text in a known encoding ({error}); expected UTF-8")
