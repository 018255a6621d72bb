"""What all tagged formats share: references made of (tag, value) pairs, with values that may wrap.

A dialect says which lines have a tag, where a reference starts and ends, and what each tag means.
The dialects are ``ris``, ``wos``, ``medline``, ``refer``, ``refworks`` and ``ovid``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kg.corpus.fields import Record

__all__ = ["Reference", "TagParser", "references", "to_record"]

LONGEST_REFERENCE = 2_000_000
"""Characters; the rest of a longer reference is dropped."""
TagParser = Callable[[str], tuple[str, str] | None]
"""Returns a line's tag and value, or None for a continuation line."""


@dataclass(slots=True)
class Reference:
    """One reference: its first line, and the values of each tag in order."""

    line: int
    fields: dict[str, list[str]] = field(default_factory=dict)
    size: int = 0
    last: str = ""

    def add(self, tag: str, value: str) -> None:
        """Add a value, which later lines may continue."""
        self.size += len(value) + len(tag)
        self.last = tag
        if self.size <= LONGEST_REFERENCE:
            self.fields.setdefault(tag, []).append(value.strip())

    def continue_value(self, text: str) -> None:
        """Append a continuation line to the last value."""
        self.size += len(text)
        if self.size <= LONGEST_REFERENCE and self.last in self.fields:
            values = self.fields[self.last]
            values[-1] = f"{values[-1]} {text.strip()}" if values[-1] else text.strip()

    def all(self, tags: Iterable[str]) -> list[str]:
        """Return all values of some tags, in the order of the tags."""
        return [value for tag in tags for value in self.fields.get(tag, ()) if value]


def references(
    lines: Iterable[tuple[int, str | None]],
    tagged: TagParser,
    *,
    begins: Callable[[str, str, Reference, bool], bool],
    ends: Callable[[str, str], bool] = lambda _tag, _value: False,
) -> Iterator[Reference]:
    """Yield the references of tagged lines.

    Args:
        lines: (number, line), as ``read_lines`` yields them.
        tagged: splits a line into tag and value.
        begins: whether a tag and its value start a new reference after the current one; the last
            argument says whether a blank line precedes them.
        ends: whether a tag and its value end the reference.
    """
    reference, blank = Reference(0), False
    for number, line in lines:
        if not line or line.isspace():
            blank = True
            continue
        found = tagged(line)
        if found is None:
            reference.continue_value(line)
        elif ends(*found):
            yield from _filled(reference)
            reference = Reference(number + 1)
        else:
            if reference.fields and begins(*found, reference, blank):
                yield reference
                reference = Reference(number)
            reference.line = reference.line if reference.fields else number
            reference.add(*found)
        blank = False
    yield from _filled(reference)


def _filled(reference: Reference) -> Iterator[Reference]:
    if reference.fields:
        yield reference


def to_record(reference: Reference, names: Mapping[str, tuple[str, ...]], name: str) -> Record:
    """Return a reference as a record; ``names`` maps each field to its tags, best first.

    The abstract joins all values of the first tag that has any; ``links`` lists all values of its
    tags; any other field is the first value found.
    """
    fields: dict[str, object] = {}
    for kind, tags in names.items():
        if kind == "abstract":
            found = next(
                (" ".join(values) for tag in tags if (values := reference.all((tag,)))), ""
            )
            fields[kind] = found
        elif kind == "links":
            fields[kind] = reference.all(tags)
        else:
            fields[kind] = next(iter(reference.all(tags)), "")
    return Record(f"{name}:{reference.line}", fields)
