"""Chooses the reader for a source, by content first, so that a wrong suffix is harmless."""

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
    parquet,
    plain_text,
    pubmed_text,
    refer,
    refworks,
    ris,
    tables,
    wos,
    xml_text,
)
from kg.corpus.fields import Note, ReaderItem, Skipped
from kg.corpus.sources import Source, Truncated, suffix_of
from kg.corpus.text_lines import decode_head, peek_head
from kg.errors import UnknownFormatError

__all__ = ["FORMATS", "Format", "detect", "read_records"]


def _read_zip(stream: IO[bytes], name: str) -> Iterator[ReaderItem]:
    for found in archive.members(stream, name):
        if isinstance(found, Skipped):
            yield found
            continue
        location, member = found
        if (
            peek_head(member).startswith(archive.SIGNATURE)
            and archive.office_format(peek_head(member)) is None
        ):
            yield Skipped(location, "an archive inside an archive; unpack it first")
        else:
            yield from _read_stream(member, location, suffix_of(location), None)


@dataclass(frozen=True, slots=True)
class Format:
    """An input format: its reader, its suffixes, and what users know it as."""

    read: Callable[[IO[bytes], str], Iterator[ReaderItem]]
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
        "CSV separated by commas, semicolons, tabs or pipes",
        "Scopus, IEEE Xplore, Dimensions, Lens, Embase, OpenAlex, Zotero, Rayyan, Excel; any table with title and abstract columns",
    ),
    "endnote": Format(
        refer.read,
        (".enw", ".enl", ".refer"),
        "EndNote tagged format (refer)",
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
        "kg fetch, the arXiv and Semantic Scholar datasets, Crossref, Hugging Face",
    ),
    "medline": Format(
        medline.read,
        (".nbib", ".medline"),
        "MEDLINE",
        "PubMed (.nbib, or .txt in PubMed format), ERIC",
    ),
    "ovid": Format(ovid.read, (".cgi", ".ovid"), "Ovid citations, with tags or labels", "Ovid"),
    "parquet": Format(
        parquet.read, (".parquet",), "Parquet", "pandas, polars, DuckDB, Hugging Face"
    ),
    "pubmed-text": Format(
        pubmed_text.read, (), "PubMed abstract text", "PubMed (.txt in Abstract format)"
    ),
    "refworks": Format(refworks.read, (), "RefWorks tagged format", "RefWorks, CNKI"),
    "ris": Format(
        ris.read,
        (".ris",),
        "RIS",
        "every reference manager; Scopus, Web of Science, ProQuest, EBSCO, Embase, Ovid, IEEE Xplore, Dimensions, Lens",
    ),
    "text": Format(
        plain_text.read,
        (".txt", ".text", ".md"),
        "a page of titles, each followed by its abstract",
        "saved web pages, notes",
    ),
    "tsv": Format(
        tables.read_tsv,
        (".tsv", ".tab"),
        "tab-separated tables",
        "Web of Science (tab-delimited), pandas, Excel",
    ),
    "wos": Format(wos.read, (".ciw", ".isi"), "Web of Science plain text", "Web of Science"),
    "xml": Format(
        xml_text.read,
        (".xml", ".atom", ".nxml", ".rdf", ".mods", ".marcxml", ".rss"),
        "XML",
        "PubMed, JATS (PubMed Central), EndNote, arXiv (Atom, OAI-PMH), ACL Anthology, Zotero RDF, MODS, MARCXML, DataCite, Europe PMC, DOAJ",
    ),
    "zip": Format(
        _read_zip, (".zip",), "a zip archive of any of these", "Dimensions, Lens, the arXiv dataset"
    ),
}
BY_SUFFIX = {suffix: name for name, one in FORMATS.items() for suffix in one.suffixes}

UNSUPPORTED: tuple[tuple[bytes, str], ...] = (
    (
        b"%PDF",
        "a PDF; kg reads records with abstracts, not full texts: export records from your reference manager as RIS or BibTeX",
    ),
    (
        b"SQLite format 3\0",
        "an SQLite database; use File > Export Library in Zotero or File > Export in EndNote, and give that file",
    ),
    (
        b"{\\rtf",
        "rich text; save it as plain text, or export RIS or BibTeX from your reference manager",
    ),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"BZh", "compressed with bzip2; decompress it first, or use gzip or zstandard"),
    (b"\xfd7zXZ", "compressed with xz; decompress it first, or use gzip or zstandard"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first, or convert it to zip"),
    (b"Rar!", "a RAR archive; unpack it first, or convert it to zip"),
)
BINARY = ((b"PAR1", "parquet"), (excel.OLE, "excel"))
OFFICE = {
    "word": "a Word document; export the records from your reference manager as RIS or BibTeX",
    "powerpoint": "a PowerPoint presentation; expected records with titles and abstracts",
}
WEB_PAGE = re.compile(
    r"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
RIS_SIGNATURE = re.compile(r"^\s{0,3}TY\s{0,3}-\s?[A-Z]{3,8}\d?\s*$", re.MULTILINE)
COMMENTS = re.compile(r"(?:\s*(?:%|//)[^\n]*\n|\s+)*")
JSON_LINE = re.compile(r"\s*\x1e?\{[^\n]*\}[ \t,]*\r?\n\s*\x1e?\{")
ONE_LINE = re.compile(r"\s*\x1e?[{\[][^\n]*[}\]][ \t,]*(?:\n|$)|[^\n]*\Z")
SIGNATURES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ris", RIS_SIGNATURE),
    ("wos", wos.SIGNATURE),
    ("ovid", ovid.SIGNATURE),
    ("medline", medline.SIGNATURE),
    ("endnote", refer.SIGNATURE),
    ("refworks", refworks.SIGNATURE),
    ("pubmed-text", pubmed_text.SIGNATURE),
)
"""Patterns that identify the tagged formats, in the order in which they are tried."""


def detect(head: bytes, suffix: str = "") -> str | Skipped:
    """Return the name of a file's format from its first bytes, or why it has none (no location)."""
    foreign = next((why for sign, why in UNSUPPORTED if head.startswith(sign)), None)
    if foreign is not None:
        return Skipped("", foreign)
    binary = next((name for sign, name in BINARY if head.startswith(sign)), None)
    if binary is not None:
        return binary
    if head.startswith(archive.SIGNATURE):
        office = archive.office_format(head)
        return Skipped("", OFFICE[office]) if office in OFFICE else office or "zip"
    if head[257:262] == b"ustar":
        return Skipped("", "a tar archive; unpack it first, or convert it to zip")
    text = decode_head(head).replace("\r\n", "\n").replace("\r", "\n")
    return _by_text(text, suffix) or _by_suffix(text, suffix)


def _by_text(text: str, suffix: str) -> str | Skipped | None:
    """Return the format that the beginning of a text identifies, or None."""
    if WEB_PAGE.match(text):
        return Skipped("", "a web page; save its text only, or use the site's citation export")
    found = _by_start(text, suffix) or next(
        (name for name, sign in SIGNATURES if sign.search(text)), None
    )
    if found is not None:
        return found
    header = tables.find_header(text.split("\n"))
    if header is not None:
        return "tsv" if header[1] == "\t" else "csv"
    return "bibtex" if bibtex.ENTRY.search(text) else None


def _by_start(text: str, suffix: str) -> str | None:
    """Return the format that a text's first character or entry identifies, or None."""
    comments = COMMENTS.match(text)
    if comments and bibtex.ENTRY.match(text[comments.end() :]):
        return "bibtex"
    start = text.lstrip(" \n\t\x1e")[:1]
    if start in {"{", "["}:
        lines = suffix in FORMATS["jsonl"].suffixes and ONE_LINE.match(text)
        return "jsonl" if lines or JSON_LINE.match(text) else "json"
    return "xml" if start == "<" and not ovid.SIGNATURE.match(text) else None


def _by_suffix(text: str, suffix: str) -> str | Skipped:
    """Return the format that a suffix identifies; text with an unknown suffix is plain text."""
    by_suffix = BY_SUFFIX.get(suffix)
    if by_suffix is not None and FORMATS[by_suffix].read is not plain_text.read:
        return by_suffix
    if "\0" in text or text.count("\ufffd") * 50 > len(text):
        return Skipped(
            "",
            f"neither content nor suffix identifies its format; expected one of {' '.join(sorted(FORMATS))}",
        )
    return "text"


def read_records(source: Source, wanted: str | None) -> Iterator[ReaderItem]:
    """Yield the records of one source; if it is truncated, that is reported at its end.

    Raises:
        UnknownFormatError: if ``wanted`` is not a format.
        CorpusError: if the source cannot be opened.
    """
    if wanted is not None and wanted not in FORMATS:
        message = f"unknown input format {wanted!r}; expected one of {' '.join(sorted(FORMATS))}"
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
                f"unknown suffix {source.suffix or '(none)'!r}, and its content identifies no format",
            )
            return
        yield from _read_stream(stream, source.name, source.suffix, wanted)


def _unknown(stream: IO[bytes]) -> bool:
    """Return whether a file's content alone does not show that it holds papers."""
    try:
        found = detect(peek_head(stream))
    except Truncated:
        return True
    return isinstance(found, Skipped) or found in {"text", "xml", "json", "jsonl"}


def _read_stream(
    stream: IO[bytes], name: str, suffix: str, wanted: str | None
) -> Iterator[ReaderItem]:
    try:
        found = wanted or detect(peek_head(stream), suffix)
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
                f"read as {FORMATS[found].title}, although its name ends in {suffix}",
            )
        elif by_suffix == "text" and found != "text":
            yield Note(name, f"read as {FORMATS[found].title}")
        yield from FORMATS[found].read(stream, name)
    except Truncated as broken:
        yield Skipped(name, f"{broken}; the papers before that point were read")
    except UnicodeError as error:
        yield Skipped(name, f"not text in a known encoding ({error}); expected UTF-8")
