"""Reads papers from files, folders and streams. The only place where raw input is validated.

A reader is a function ``read(stream, name)`` that yields a ``Record``, ``Skipped`` or ``Note`` at a
time. ``kg.corpus.formats`` chooses the reader, ``kg.corpus.fields`` knows what each field of a
record means, ``kg.corpus.cleaning`` cleans text, and ``kg.corpus.sources`` and
``kg.corpus.text_lines`` handle compression and encoding.
"""

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.corpus.fields import Note, Record, Skipped, to_paper
from kg.corpus.formats import FORMATS, read_records
from kg.corpus.inputs import Inputs, convert_input, iter_inputs
from kg.corpus.sources import Source, find_sources
from kg.errors import CorpusError
from kg.records import Paper

__all__ = ["FORMATS", "Inputs", "Note", "Skipped", "read_papers", "read_sources", "warn_skipped"]


def read_papers(
    inputs: Inputs,
    *,
    format: str | None = None,  # noqa: A002 - the option's name
    skipped: Callable[[Skipped], None] | None = None,
    noted: Callable[[Note], None] | None = None,
) -> Iterator[Paper]:
    """Yield papers from files, folders, standard input (``-``) or records in memory, one by one.

    Duplicates are not merged here; that is done when a graph is built.

    Args:
        inputs: what to read, in order: one or more files and folders, mappings of fields to values,
            papers, or a pandas or polars data frame. A folder is read in the order of its paths.
        format: name of the input format; detected from content and suffix by default.
        skipped: called for each record or file that is skipped, with its location and the reason.
            If not given, one warning at the end gives their number.
        noted: called with notes on how a file was read: its format, the columns used, what its
            papers lack.

    Raises:
        CorpusError: if an input does not exist, has no known format, or contains no paper at all.
    """
    collected: list[Skipped] = []
    on_skipped = collected.append if skipped is None else skipped
    for _, paper in read_sources(inputs, format=format, skipped=on_skipped, noted=noted):
        yield paper
    warn_skipped(collected)


def warn_skipped(skipped: Sequence[Skipped]) -> None:
    """Issue a warning if records were skipped: how many, and why the first one was."""
    if skipped:
        message = f"{len(skipped):,} records skipped; {skipped[0].location}: {skipped[0].reason}"
        warnings.warn(message, stacklevel=3)


def read_sources(
    inputs: Inputs,
    *,
    format: str | None = None,  # noqa: A002 - the option's name
    skipped: Callable[[Skipped], None],
    noted: Callable[[Note], None] | None = None,
) -> Iterator[tuple[str, Paper]]:
    """Yield papers like ``read_papers``, each with its file; '' for standard input and memory."""
    read: set[str] = set()
    listeners = _Listeners(skipped, noted or _ignore)
    for number, given in enumerate(iter_inputs(inputs), 1):
        if isinstance(given, str | Path):
            yield from _read_files(given, format, listeners, read)
        elif isinstance(found := convert_input(given, number), Skipped):
            skipped(found)
        else:
            yield "", found


@dataclass(slots=True)
class _Listeners:
    """Callbacks for skipped records and notes, and the first record skipped, for error messages."""

    skipped: Callable[[Skipped], None]
    noted: Callable[[Note], None]
    first: Skipped | None = None

    def begin(self) -> None:
        """Start the next input."""
        self.first = None

    def skip(self, what: Skipped) -> None:
        """Report a skipped record or file."""
        self.first = self.first or what
        self.skipped(what)


def _ignore(_note: Note) -> None:
    """Ignore a note."""


def _read_files(
    name: str | Path, wanted: str | None, listeners: _Listeners, read: set[str]
) -> Iterator[tuple[str, Paper]]:
    """Yield the papers of one input; a file that has been read before is not read again."""
    listeners.begin()
    count = 0
    for source in find_sources(name):
        path = os.path.realpath(source.path) if source.path else ""
        if path in read:
            count += 1
            continue
        read |= {path} - {""}
        for paper in _papers_of(source, wanted, listeners):
            count += 1
            yield str(source.path or ""), paper
    if not count:
        first = listeners.first
        because = f"; {first.location}: {first.reason}" if first else ""
        formats = ", ".join(sorted(FORMATS))
        message = (
            f"{name}: no paper found; "
            f"expected records with a title and an abstract ({formats}){because}"
        )
        raise CorpusError(message)


def _papers_of(source: Source, wanted: str | None, listeners: _Listeners) -> Iterator[Paper]:
    papers = others = undated = 0
    for record in read_records(source, wanted):
        found = to_paper(record.fields, record.location) if isinstance(record, Record) else record
        if isinstance(found, Paper):
            papers += 1
            undated += found.year is None
            yield found
        elif isinstance(found, Skipped):
            others += 1
            listeners.skip(found)
        else:
            listeners.noted(found)
    if undated:
        listeners.noted(Note(source.name, f"{undated:,} of {papers:,} papers have no year"))
    if not papers and not others:
        listeners.skip(Skipped(source.name, "found no title followed by an abstract"))
