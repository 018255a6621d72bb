"""What all formats of tagged lines have in common: references of (tag, value) pairs, values that go on over lines.

A dialect says which lines carry a tag, where a reference begins and ends, and which tags mean what; ``ris``, ``wos``,
``medline``, ``refer``, ``refworks`` and ``ovid`` are dialects.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kg.corpus.fields import Record

__all__ = ["Reference", "Tagged", "references", "to_record"]

LONGEST_REFERENCE = 2_000_000
"""Characters; what a reference has beyond them is left out."""
Tagged = Callable[[str], tuple[str, str] | None]
"""Returns the tag and the value of a line, None for a line that goes on with the value before."""


@dataclass(slots=True)
class Reference:
    """One reference: where it starts, and the values of each tag in order."""

    line: int
    fields: dict[str, list[str]] = field(default_factory=dict)
    size: int = 0
    last: str = ""

    def add(self, tag: str, value: str) -> None:
        """Add a value; the lines after it go on with it."""
        self.size += len(value) + len(tag)
        self.last = tag
        if self.size <= LONGEST_REFERENCE:
            self.fields.setdefault(tag, []).append(value.strip())

    def go_on(self, text: str) -> None:
        """Add a line to the last value."""
        self.size += len(text)
        if self.size <= LONGEST_REFERENCE and self.last in self.fields:
            values = self.fields[self.last]
            values[-1] = f"{values[-1]} {text.strip()}" if values[-1] else text.strip()

    def all(self, tags: Iterable[str]) -> list[str]:
        """Return all values of some tags, in the order of the tags."""
        return [value for tag in tags for value in self.fields.get(tag, ()) if value]


def references(
    lines: Iterable[tuple[int, str | None]],
    tagged: Tagged,
    *,
    begins: Callable[[str, str, Reference, bool], bool],
    ends: Callable[[str, str], bool] = lambda _tag, _value: False,
) -> Iterator[Reference]:
    """Yield the references of tagged lines.

    Args:
        lines: (number, line), as ``read_lines`` gives them.
        tagged: takes a line apart.
        begins: whether a tag with its value begins a new reference after the one so far; the last argument is whether
            a blank line stands before it.
        ends: whether a tag with its value ends the reference.
    """
    reference, blank = Reference(0), False
    for number, line in lines:
        if not line or line.isspace():
            blank = True
            continue
        found = tagged(line)
        if found is None:
            reference.go_on(line)
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
    """Return a reference as a record; ``names`` gives for each field the tags that mean it, best first.

    The abstract is all values of the best tag that has any; ``links``, all values of its tags; any other field, the
    first value there is.
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
