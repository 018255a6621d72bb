"""BibTeX from any program, read so that a broken entry never affects another one.

An entry runs from its ``@type{key,`` at the start of a line to the next one. A value is braced,
quoted or bare, or several of these joined by ``#``. If the braces do not match, a value ends where
a line names the next field. In Scopus exports ``%``, ``&``, ``~`` and ``_`` are literal; elsewhere
braces and ``~`` have their LaTeX meaning.
"""

import re
from collections.abc import Iterator, Mapping
from typing import IO

from kg.corpus.fields import Record, Skipped
from kg.corpus.latex import decode_latex
from kg.corpus.text_lines import read_text, report_rest

__all__ = ["ENTRY", "read"]

ENTRY = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t]*([{(])", re.MULTILINE)
KEY = re.compile(r"\s*([^,={}\"\s][^,={}\"\n]*?|)\s*(?:,|(?=[})]\s*$))")
FIELD = re.compile(r"[\s,]*([^\s={},\"#][^={},\"#]*?)\s*=\s*")
BARE = re.compile(r"[^\s,{}\"#]+")
DELIMITER = re.compile(r"\\.|[{}]", re.DOTALL)
QUOTED = re.compile(r"\\.|[{}\"]", re.DOTALL)
JOIN = re.compile(r"\s*#\s*")
LINE_FIELD = re.compile(
    r"^[ \t,]*([A-Za-z][\w:.()-]*(?:[ \t][\w-]+)?)[ \t]*=[ \t]*(?=[{\"\w])", re.MULTILINE
)
NO_PAPERS = frozenset({"string", "comment", "preamble"})
MONTHS = {
    name: name.title()
    for name in ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
}
LONGEST_ENTRY = 2_000_000
SCOPUS = re.compile(
    r"^[ \t]*(?:source\s*=\s*[{\"]Scopus|url\s*=\s*[{\"]https?://www\.scopus\.com)",
    re.MULTILINE | re.IGNORECASE,
)
TIE = re.compile(r"(?<=[\w.,;)\]}$])~(?=[\w\\($[{])")
ESCAPED_BRACES = "\ue001\ue002"
"""Private-use placeholders for literal braces while LaTeX's braces are removed."""
SWALLOWED = re.compile(r"[}\"\w],[ \t]*\n[ \t]*[A-Za-z][\w-]*[ \t]*=[ \t]*[{\"\d]")
"""A field inside another field's value: a sign of an unclosed brace."""
BRACES = re.compile(r"(?<!\\)[{}]")
VENUES = ("journal", "journaltitle", "booktitle", "maintitle", "series", "howpublished")
URL_COMMAND = re.compile(r"\\url\{([^{}]*)\}")


def read(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record per entry; an unreadable entry is skipped."""
    text = read_text(stream).replace("\r\n", "\n").replace("\r", "\n")
    starts = list(ENTRY.finditer(text))
    ends = [found.start() for found in starts[1:]] + [len(text)][: len(starts)]
    strings = dict(MONTHS)
    line, before, found_any = 1, 0, False
    for found, end in zip(starts, ends, strict=True):
        line, before = line + text.count("\n", before, found.start()), found.start()
        kind, body = found[1].lower(), text[found.end() : end]
        if kind == "string":
            strings.update({key.lower(): value for key, value in _fields(body, strings)})
        elif kind not in NO_PAPERS:
            found_any = True
            yield _entry(body, strings, f"{name}:{line}")
    if not found_any:
        yield Skipped(
            name, "no BibTeX entry; expected entries such as '@article{key, title = {…}, …}'"
        )
    yield from report_rest(stream, name)


def _entry(body: str, strings: Mapping[str, str], offset: str) -> Record | Skipped:
    if len(body) > LONGEST_ENTRY:
        return Skipped(
            offset, f"an entry of {len(body):,} characters; expected at most {LONGEST_ENTRY:,}"
        )
    key = KEY.match(body)
    pairs = _fields(body[key.end() if key else 0 :], strings)
    if not pairs:
        return Skipped(offset, f"broken BibTeX entry without fields: {body.strip()[:60]!r}")
    plain = SCOPUS.search(body) is not None
    fields: dict[str, object] = {"key": key[1].strip() if key else ""}
    for written, value in pairs:
        field = written.lower()
        if field not in fields or not fields[field]:
            fields[field] = (
                _verbatim(value)
                if field in {"url", "doi", "eprint", "file", "pmid", "unique-id"}
                else _clean(value, plain=plain)
            )
    if fields.get("crossref") and "booktitle" not in fields:
        fields.pop("crossref")
    return Record(offset, _renamed(fields))


def _renamed(fields: dict[str, object]) -> dict[str, object]:
    """Return the fields with the best venue as ``sourcetitle``, and ADS's address as ``url``."""
    venue = next((fields[name] for name in VENUES if fields.get(name)), None)
    if venue is not None:
        fields = {**fields, "sourcetitle": venue}
    if "adsurl" in fields and "url" not in fields:
        fields["url"] = fields["adsurl"]
    return fields


def _verbatim(value: str) -> str:
    value = URL_COMMAND.sub(r"\1", value.strip())
    return BRACES.sub(
        "", re.sub(r"\\([%&_#~$])", r"\1", re.sub(r"\{\\(?:textasciitilde|_)\}", "~", value))
    ).strip()


def _clean(value: str, *, plain: bool) -> str:
    """Return a value as plain text, with LaTeX decoded and its braces removed."""
    if not plain:
        value = TIE.sub(" ", value)
    value = value.replace("\\{", ESCAPED_BRACES[0]).replace("\\}", ESCAPED_BRACES[1])
    if "\\" in value or "$" in value:
        value = decode_latex(value)
    value = BRACES.sub("", value) if "{" in value or "}" in value else value
    return value.replace(ESCAPED_BRACES[0], "{").replace(ESCAPED_BRACES[1], "}")


def _fields(body: str, strings: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the fields of an entry with their values, in order."""
    pairs: list[tuple[str, str]] = []
    offset = 0
    while found := FIELD.match(body, offset):
        value, end = _value(body, found.end(), strings)
        if value is None or SWALLOWED.search(value):
            return _fields_by_line(body, strings)
        pairs.append((found[1].strip(), value))
        offset = end
    rest = body[offset:].strip().lstrip(",").strip()
    if (
        rest[:1] not in {"", "}", ")"}
        and (by_line := _fields_by_line(body, strings))
        and len(by_line) > len(pairs)
    ):
        return by_line
    return pairs


def _value(body: str, offset: int, strings: Mapping[str, str]) -> tuple[str | None, int]:
    """Return the value at an offset and the offset of its end; None if its braces do not match."""
    parts: list[str] = []
    while True:
        char = body[offset : offset + 1]
        if char in {"{", '"'}:
            end = _closing(body, offset)
            if end < 0:
                return None, offset
            parts.append(body[offset + 1 : end])
            offset = end + 1
        elif found := BARE.match(body, offset):
            parts.append(strings.get(found[0].lower(), found[0]))
            offset = found.end()
        else:
            return "".join(parts), offset
        joined = JOIN.match(body, offset)
        if joined is None:
            return "".join(parts), offset
        offset = joined.end()


def _closing(body: str, offset: int) -> int:
    """Return the offset at which the brace or quote at an offset is closed, or -1."""
    quoted = body[offset] == '"'
    depth = 0 if quoted else 1
    for found in (QUOTED if quoted else DELIMITER).finditer(body, offset + 1):
        sign = found[0]
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            if not quoted and depth == 0:
                return found.start()
        elif sign == '"' and depth <= 0:
            return found.start()
    return -1


def _fields_by_line(body: str, strings: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the fields of an entry with unmatched braces; each ends where the next one starts."""
    starts = list(LINE_FIELD.finditer(body))
    ends = [found.start() for found in starts[1:]] + [len(body)][: len(starts)]
    pairs = []
    for found, end in zip(starts, ends, strict=True):
        value = body[found.end() : end].strip().rstrip(",").rstrip()
        if end == len(body):
            value = value.removesuffix("}").rstrip().rstrip(",").rstrip()
        if value[:1] in {"{", '"'}:
            value = value[1:].removesuffix("}" if value[0] == "{" else '"')
        else:
            value = strings.get(value.lower(), value)
        pairs.append((found[1], value))
    return pairs
