"""XML: arXiv's Atom feeds and the ACL Anthology; entity declarations are refused (defusedxml)."""

from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from kg.corpus.fields import Record, Skipped
from kg.corpus.sources import LONGEST_LINE, Truncated

__all__ = ["read"]

RECORDS = frozenset({"entry", "paper", "record", "article"})


def read(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record an ``entry`` (Atom) or ``paper`` (Anthology); memory holds one at a time."""
    count, volume, inside = 0, "", 0
    bounded = _Bounded(stream)
    above: list[Element] = []
    try:
        for event, element in iterparse(bounded, events=("start", "end")):
            tag = _local(element)
            if event == "start":
                above.append(element)
                inside += tag in RECORDS
                volume = element.get("id", "") if tag == "volume" else volume
                continue
            above.pop()
            if tag in RECORDS:
                inside -= 1
                count += 1
                yield Record(f"{name}, {tag} {count}", _fields(element, volume))
            if not inside:
                bounded.size = 0
                del (above or [element])[-1][:]
    except DefusedXmlException as error:
        yield Skipped(name, f"refused XML with entity declarations ({type(error).__name__}), which can unpack without bound")
    except (ParseError, ValueError, LookupError) as error:
        yield Skipped(name, f"broken XML after {count} records ({error})")


class _Bounded:
    """A stream that breaks off where one record is longer than any paper."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self.size = stream, 0

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size)
        self.size += len(chunk)
        if self.size > LONGEST_LINE:
            message = "one record is longer than 20 MB; expected one paper"
            raise Truncated(message)
        return chunk


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _fields(element: Element, volume: str) -> dict[str, object]:
    fields: dict[str, object] = {}
    for child in element:
        text = " ".join("".join(child.itertext()).split()) or child.get("href", "")
        if text and _local(child) not in fields:
            fields[_local(child)] = text
    number = element.get("id")
    if number and "id" not in fields:
        fields["id"] = f"{volume}.{number}" if volume else number
    if "url" in fields and not str(fields["url"]).startswith("http"):
        fields["url"] = f"https://aclanthology.org/{fields['url']}"
    if str(fields.get("id", "")).startswith("http"):
        fields.setdefault("url", fields["id"])
        fields["link"] = fields["id"]
        fields["id"] = str(fields["id"]).rpartition("/")[2]
    return fields
