"""XML: arXiv's Atom feeds and the ACL Anthology; entity declarations are refused (defusedxml)."""

from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from kg.corpus.fields import Record, Skipped

__all__ = ["read"]

RECORDS = frozenset({"entry", "paper", "record", "article"})


def read(stream: IO[bytes], name: str) -> Iterator[Record | Skipped]:
    """Yield one record an ``entry`` (Atom) or ``paper`` (Anthology); memory holds one at a time."""
    count, volume = 0, ""
    try:
        for event, element in iterparse(stream, events=("start", "end")):
            tag = _local(element)
            if event == "start" and tag == "volume":
                volume = element.get("id", "")
            elif event == "end" and tag in RECORDS:
                count += 1
                yield Record(f"{name}, {tag} {count}", _fields(element, volume))
                element.clear()
    except DefusedXmlException as error:
        yield Skipped(name, f"refused XML with entity declarations ({type(error).__name__}), which can unpack without bound")
    except (ParseError, ValueError, LookupError) as error:
        yield Skipped(name, f"broken XML after {count} records ({error})")


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
