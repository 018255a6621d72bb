"""Which reader reads which source: told by suffix, else by the first bytes."""

from collections.abc import Callable, Iterator
from typing import IO

from kg.corpus import bibtex, json_text, page, parquet, ris, tables, xml_text
from kg.corpus.fields import Record, Skipped
from kg.corpus.sources import Source, Truncated
from kg.errors import CorpusError, UnknownFormatError

__all__ = ["FORMATS", "read_records"]

Reader = Callable[[IO[bytes], str], Iterator[Record | Skipped]]

FORMATS: dict[str, Reader] = {
    "bibtex": bibtex.read,
    "csv": tables.read_csv,
    "json": json_text.read_json,
    "jsonl": json_text.read_lines,
    "parquet": parquet.read,
    "ris": ris.read,
    "text": page.read,
    "tsv": tables.read_tsv,
    "xml": xml_text.read,
}


def read_records(source: Source, wanted: str | None) -> Iterator[Record | Skipped]:
    """Yield the records of one source; what breaks off is reported at its end.

    Raises:
        UnknownFormatError: if ``wanted`` is no format.
        CorpusError: if the format cannot be told.
    """
    if wanted is not None and wanted not in FORMATS:
        message = f"unknown input format {wanted!r}; one of {' '.join(sorted(FORMATS))}"
        raise UnknownFormatError(message)
    with source.open() as stream:
        try:
            name = wanted or source.format or _sniffed(stream)
            if name is None:
                message = f"{source.name}: its format cannot be told from suffix or content; give --format, one of {' '.join(sorted(FORMATS))}"
                raise CorpusError(message)
            yield from FORMATS[name](stream, source.name)
        except Truncated as broken:
            yield Skipped(source.name, f"{broken}; the papers before are read")
        except UnicodeError as error:
            yield Skipped(source.name, f"is not text in a known encoding ({error}); expected UTF-8")


def _sniffed(stream: IO[bytes]) -> str | None:  # noqa: PLR0911 - a table of cases reads best as returns
    """Tell the format by the first bytes, without consuming them."""
    head: bytes = getattr(stream, "peek", lambda _: b"")(4096)[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:4] == b"PAR1":
        return "parquet"
    if head[:1] == b"<":
        return "xml"
    if head[:1] == b"@":
        return "bibtex"
    if head[:2] == b"TY":
        return "ris"
    if head[:1] == b"[":
        return "json"
    if head[:1] == b"{":
        return "jsonl" if head.split(b"\n")[0].rstrip().endswith(b"}") else "json"
    first = head.split(b"\n")[0].lower()
    if b"title" in first and b"abstract" in first:
        return "tsv" if b"\t" in first else "csv"
    return "text" if head and b"\0" not in head else None
