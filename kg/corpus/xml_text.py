"""XML: one record at a time, in bounded memory; no declarations of the file's own are taken (no DTD).

``_Trees`` builds a small tree of each record and of nothing else: the body and the references of a full text are left
out. What a record's elements mean is known by ``kg.corpus.xml_records``. Files that were put one after another, bare
ampersands, HTML's names for characters and control characters are read as they are meant.
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
from kg.corpus.text_lines import encoding_of, head_of, pieces
from kg.corpus.xml_records import LEFT_OUT, RECORDS, Context, fields_of, rdf_records

__all__ = ["local", "read"]

DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{2,30})[\"']")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)?")
KNOWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
LONGEST_REFERENCE = 40
DEEPEST = 60
"""Levels within a record; what is nested deeper is left out."""
AFTER_THE_END = frozenset({9, 17})
"""Expat's numbers for something after the root element: another file."""


class Refused(Exception):  # noqa: N818 - a signal between handlers, never shown
    """The file declares entities or attributes of its own."""


def read(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record for each element that holds one."""
    trees = _Trees()
    count = 0
    try:
        for element in _elements(stream, trees):
            for place, fields in fields_of(element, trees.context):
                count += 1
                yield (
                    Record(f"{name}, {place} {count}", fields)
                    if isinstance(fields, dict)
                    else Skipped(f"{name}, {place} {count}", fields)
                )
        for fields in rdf_records(trees.context):
            count += 1
            yield Record(f"{name}, item {count}", fields)
    except Refused:
        yield Skipped(
            name,
            "refused XML with entity declarations or others of its own (a DTD in the file), which can unpack without bound",
        )
    except expat.ExpatError as error:
        yield Skipped(
            name, f"broken XML after {count} records ({error}); the records before are read"
        )
    else:
        if not count:
            yield Skipped(
                name,
                f"XML without records; found the root element <{trees.root[:40]}>, expected one of {', '.join(sorted(RECORDS))}",
            )


def local(name: str) -> str:
    """Return an element's name in lower case, without its prefix."""
    return name.rpartition(":")[2].lower()


def _elements(stream: IO[bytes], trees: "_Trees") -> Iterator[Element]:
    rest = ""
    for piece in _pieces(stream):
        rest += piece
        while rest:
            try:
                trees.feed(rest)
            except expat.ExpatError as error:
                yield from trees.taken()
                if error.code not in AFTER_THE_END or trees.inside:
                    raise
                rest = trees.unread(rest).lstrip()
                trees.restart()
                if not rest.startswith("<"):
                    raise
            else:
                rest = ""
            yield from trees.taken()
    trees.close()
    yield from trees.taken()


def _pieces(stream: IO[bytes]) -> Iterator[str]:
    """Yield the text in pieces without the characters that XML forbids, its ampersands set right."""
    head = head_of(stream)
    declared = DECLARED.match(head.lstrip(b"\xef\xbb\xbf \t\r\n"))
    encoding = encoding_of(head)
    if declared and encoding == "utf-8":
        encoding = _known_encoding(declared[1].decode("ascii"))
    held, begun = "", False
    for text in pieces(stream, encoding):
        piece = held + text if begun else (held + text).lstrip()
        begun = begun or bool(piece)
        cut = piece.rfind("&", max(0, len(piece) - LONGEST_REFERENCE))
        held, piece = (
            (piece[cut:], piece[:cut]) if cut >= 0 and ";" not in piece[cut:] else ("", piece)
        )
        yield AMPERSAND.sub(_reference, CONTROL.sub("", piece))
    yield AMPERSAND.sub(_reference, CONTROL.sub("", held))


def _known_encoding(name: str) -> str:
    """Return the encoding that a file declares, if it can be what a file of single bytes is in."""
    try:
        found = codecs.lookup(name).name
        "".encode(found)
    except (LookupError, ValueError):
        return "utf-8"
    return (
        "utf-8" if found.startswith(("utf-16", "utf-32", "utf-7", "us-ascii", "ascii")) else found
    )


def _reference(found: re.Match[str]) -> str:
    """Return a reference as XML without a DTD knows it."""
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


class _Trees:
    """What the parser tells, built into one tree a record."""

    def __init__(self) -> None:
        self.context = Context()
        self.root = ""
        self._done: list[Element] = []
        self.restart()

    def restart(self) -> None:
        """Begin a file, perhaps after another one in the same stream."""
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
            Truncated: if one record is longer than any paper.
        """
        raw = text.encode("utf-8", "replace")
        self._fed += len(raw)
        self._parser.Parse(raw, False)  # noqa: FBT003 - as expat has it
        if self._builder is not None and self._fed - self._start > LONGEST_LINE:
            message = "one record is longer than 20 MB; expected one paper"
            raise Truncated(message)

    def unread(self, text: str) -> str:
        """Return the end of the last piece, from where the parser broke off."""
        raw = text.encode("utf-8", "replace")
        return raw[self._parser.ErrorByteIndex - (self._fed - len(raw)) :].decode(
            "utf-8", "replace"
        )

    def close(self) -> None:
        """Tell the parser that all is read; a file without any element is told by whoever reads."""
        if self.inside or self._fed:
            self._parser.Parse(b"", True)  # noqa: FBT003 - as expat has it

    def taken(self) -> list[Element]:
        """Return the records so far, each once."""
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
        tag = local(name)
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
                self.context.enter(tag, attributes)
                return
        if self._skipped or self._depth >= DEEPEST or (self._depth and tag in LEFT_OUT):
            self._skipped += 1
            return
        self._depth += 1
        self._builder.start(tag, {local(key): value for key, value in attributes.items()})

    def _data(self, text: str) -> None:
        if self._builder is None:
            self.context.hear(text)
        elif not self._skipped:
            self._builder.data(text)

    def _end(self, _name: str) -> None:
        tag = self._open.pop()
        if self._builder is None:
            self.context.leave(tag)
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
            self.context.remember(element)
