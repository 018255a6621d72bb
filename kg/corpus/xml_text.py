"""Reads XML one record at a time, in bounded memory; files with DTD declarations are rejected.

``_TreeCollector`` builds a small tree per record and nothing else; the body and references of a
full text are skipped. ``kg.corpus.xml_records`` extracts the fields. Concatenated files, bare
ampersands, HTML character names and control characters are tolerated.
"""

import codecs
import html.entities
import re
import sys
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from kg.corpus.fields import Record, Skipped
from kg.corpus.sources import LONGEST_LINE, Truncated
from kg.corpus.text_lines import decode_pieces, detect_encoding, peek_head
from kg.corpus.xml_records import RECORDS, SKIPPED_ELEMENTS, Context, fields_of, rdf_records

__all__ = ["local_name", "read"]

DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{2,30})[\"']")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)?")
KNOWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
LONGEST_REFERENCE = 40
DEEPEST = 60
"""Levels within a record; deeper elements are dropped."""
AFTER_THE_END = frozenset({9, 17})
"""Expat's error codes for content after the root element: another file."""


class Refused(Exception):  # noqa: N818 - a signal between handlers, never shown
    """The file declares entities or attributes."""


def read(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record per record element."""
    trees = _TreeCollector()
    count = 0
    try:
        for element in _elements(stream, trees):
            for tag, fields in fields_of(element, trees.context):
                count += 1
                yield (
                    Record(f"{name}, {tag} {count}", fields)
                    if isinstance(fields, dict)
                    else Skipped(f"{name}, {tag} {count}", fields)
                )
        for fields in rdf_records(trees.context):
            count += 1
            yield Record(f"{name}, item {count}", fields)
    except Refused:
        yield Skipped(
            name,
            "refused XML with its own declarations (an internal DTD), which can expand without bound",
        )
    except expat.ExpatError as error:
        yield Skipped(
            name, f"broken XML after {count} records ({error}); the records before that were read"
        )
    else:
        if not count:
            yield Skipped(
                name,
                f"XML without records; found the root element <{trees.root[:40]}>, expected one of {', '.join(sorted(RECORDS))}",
            )


def local_name(name: str) -> str:
    """Return an element's name in lower case, without its namespace prefix."""
    return name.rpartition(":")[2].lower()


def _elements(stream: IO[bytes], trees: "_TreeCollector") -> Iterator[Element]:
    rest = ""
    for piece in _pieces(stream):
        rest += piece
        while rest:
            try:
                trees.feed(rest)
            except expat.ExpatError as error:
                yield from trees.completed()
                if error.code not in AFTER_THE_END or trees.inside:
                    raise
                rest = trees.unread(rest).lstrip()
                trees.restart()
                if not rest.startswith("<"):
                    raise
            else:
                rest = ""
            yield from trees.completed()
    trees.close()
    yield from trees.completed()


def _pieces(stream: IO[bytes]) -> Iterator[str]:
    """Yield the text in pieces, without characters that XML forbids and with ampersands escaped."""
    head = peek_head(stream)
    declared = DECLARED.match(head.lstrip(b"\xef\xbb\xbf \t\r\n"))
    encoding = detect_encoding(head)
    if declared and encoding == "utf-8":
        encoding = _known_encoding(declared[1].decode("ascii"))
    held, begun = "", False
    for text in decode_pieces(stream, encoding):
        piece = held + text if begun else (held + text).lstrip()
        begun = begun or bool(piece)
        cut = piece.rfind("&", max(0, len(piece) - LONGEST_REFERENCE))
        held, piece = (
            (piece[cut:], piece[:cut]) if cut >= 0 and ";" not in piece[cut:] else ("", piece)
        )
        yield AMPERSAND.sub(_reference, CONTROL.sub("", piece))
    yield AMPERSAND.sub(_reference, CONTROL.sub("", held))


def _known_encoding(name: str) -> str:
    """Return the encoding that a file declares if it is a usable byte encoding, else UTF-8."""
    try:
        found = codecs.lookup(name).name
        "".encode(found)
    except (LookupError, ValueError):
        return "utf-8"
    return (
        "utf-8" if found.startswith(("utf-16", "utf-32", "utf-7", "us-ascii", "ascii")) else found
    )


def _reference(found: re.Match[str]) -> str:
    """Return a character reference in a form that XML without a DTD understands."""
    inner = found[1]
    if inner is None:
        return "&amp;"
    if inner in KNOWN:
        return found[0]
    if inner[0] != "#":
        known = html.entities.html5.get(f"{inner};")
        return "".join(f"&#{ord(char)};" for char in known) if known else f"&amp;{inner};"
    number = int(f"0{inner[1:]}", 16) if inner[1] in "xX" else int(inner[1:])
    return found[0] if number <= sys.maxunicode and not CONTROL.match(chr(number)) else ""


class _TreeCollector:
    """Builds one tree per record from parser events."""

    def __init__(self) -> None:
        self.context = Context()
        self.root = ""
        self._done: list[Element] = []
        self.restart()

    def restart(self) -> None:
        """Start a file, which may follow another one in the same stream."""
        self._builder: TreeBuilder | None = None
        self._depth, self._skipped, self._start, self._fed = 0, 0, 0, 0
        self._open: list[str] = []
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.ordered_attributes = False
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = parser.AttlistDeclHandler = parser.ElementDeclHandler = (
            parser.NotationDeclHandler
        ) = self._declared
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self._parser = parser

    @property
    def inside(self) -> bool:
        """Whether an element is open."""
        return bool(self._open)

    def feed(self, text: str) -> None:
        """Parse a piece of text.

        Raises:
            Truncated: if a record is longer than any paper could be.
        """
        raw = text.encode("utf-8", "replace")
        self._fed += len(raw)
        self._parser.Parse(raw, False)  # noqa: FBT003 - as expat has it
        if self._builder is not None and self._fed - self._start > LONGEST_LINE:
            message = "one record is longer than 20 MB; expected one paper"
            raise Truncated(message)

    def unread(self, text: str) -> str:
        """Return the part of the last piece that the parser has not consumed."""
        raw = text.encode("utf-8", "replace")
        return raw[self._parser.ErrorByteIndex - (self._fed - len(raw)) :].decode(
            "utf-8", "replace"
        )

    def close(self) -> None:
        """Finish parsing; the caller reports a file without any element."""
        if self.inside or self._fed:
            self._parser.Parse(b"", True)  # noqa: FBT003 - as expat has it

    def completed(self) -> list[Element]:
        """Return the records completed since the last call."""
        done, self._done = self._done, []
        return done

    def _doctype(
        self, _name: str, _system: str | None, _public: str | None, has_subset: int
    ) -> None:
        if has_subset:
            raise Refused

    def _declared(self, *_what: object) -> None:
        raise Refused

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        tag = local_name(name)
        self.root = self.root or name
        within_rdf = self._open[:1] == ["rdf"]
        self._open.append(tag)
        if self._builder is None:
            if tag in RECORDS or (within_rdf and len(self._open) == 2):  # noqa: PLR2004 - a child of the root
                self._builder, self._depth, self._skipped, self._start = (
                    TreeBuilder(),
                    0,
                    0,
                    self._fed,
                )
            else:
                self.context.start(tag, attributes)
                return
        if self._skipped or self._depth >= DEEPEST or (self._depth and tag in SKIPPED_ELEMENTS):
            self._skipped += 1
            return
        self._depth += 1
        self._builder.start(tag, {local_name(key): value for key, value in attributes.items()})

    def _data(self, text: str) -> None:
        if self._builder is None:
            self.context.data(text)
        elif not self._skipped:
            self._builder.data(text)

    def _end(self, _name: str) -> None:
        tag = self._open.pop()
        if self._builder is None:
            self.context.end(tag)
            return
        if self._skipped:
            self._skipped -= 1
            return
        self._depth -= 1
        self._builder.end(tag)
        if not self._depth:
            element = self._builder.close()
            self._builder = None
            element.tail = None
            self._done.append(element)
            self.context.keep(element)
