"""Readers: files, folders and streams in, papers out. The only place where raw input is validated.

A reader is a function ``read(stream, place) -> records``; a record is a plain mapping, a ``Skipped`` or a ``Note``. Which
reader reads what is told by ``kg.corpus.formats``; what field means what, by ``kg.corpus.fields``; how text is cleaned, by
``kg.corpus.cleaning``; compression and encoding are known by ``kg.corpus.sources`` and ``kg.corpus.text_lines``.
"""

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.corpus.fields import Note, Record, Skipped, to_paper
from kg.corpus.formats import FORMATS, read_records
from kg.corpus.inputs import Inputs, each_input, to_record
from kg.corpus.sources import Source, find_sources
from kg.errors import CorpusError
from kg.records import Paper

__all__ = ["FORMATS", "Inputs", "Note", "Skipped", "read_papers", "read_sources", "warn_of"]


def read_papers(
    inputs: Inputs,
    *,
    format: str | None = None,  # noqa: A002 - the option's name
    skipped: Callable[[Skipped], None] | None = None,
    noted: Callable[[Note], None] | None = None,
) -> Iterator[Paper]:
    """Yield the papers of files, folders, standard input (``-``) or records in memory, one at a time.

    A record that is one paper with another is yielded too: merging is for a build.

    Args:
        inputs: what to read, in this order: a file or folder, several of them, mappings of fields to values, papers, or a
            pandas or polars data frame; a folder is read in the order of its paths.
        format: the format's name, where content and suffix do not tell.
        skipped: is told of every record or file that is passed over, with its place and the reason. Without it a warning
            at the end tells how many there were.
        noted: is told how a file was understood: its format, the columns taken, what its papers lack.

    Raises:
        CorpusError: if an input does not exist, is of no known format, or holds no paper at all.
    """
    passed_over: list[Skipped] = []
    tell = passed_over.append if skipped is None else skipped
    for _, paper in read_sources(inputs, format=format, skipped=tell, noted=noted):
        yield paper
    warn_of(passed_over)


def warn_of(skipped: Sequence[Skipped]) -> None:
    """Warn of records that were passed over, if there are any: how many, and why the first was."""
    if skipped:
        message = f"{len(skipped):,} records skipped; {skipped[0].place}: {skipped[0].reason}"
        warnings.warn(message, stacklevel=3)


def read_sources(
    inputs: Inputs,
    *,
    format: str | None = None,  # noqa: A002 - the option's name
    skipped: Callable[[Skipped], None],
    noted: Callable[[Note], None] | None = None,
) -> Iterator[tuple[str, Paper]]:
    """Yield papers as ``read_papers`` does, each with the name of its file; '' for standard input and memory."""
    read: set[str] = set()
    tell = _Tell(skipped, noted or _ignore)
    for number, given in enumerate(each_input(inputs), 1):
        if isinstance(given, str | Path):
            yield from _read_files(given, format, tell, read)
        elif isinstance(found := to_record(given, number), Skipped):
            skipped(found)
        else:
            yield "", found


@dataclass(slots=True)
class _Tell:
    """Whom readers tell, and the first that was passed over: it is enough to say what is wrong with an input."""

    skipped: Callable[[Skipped], None]
    noted: Callable[[Note], None]
    first: Skipped | None = None

    def begin(self) -> None:
        """Begin another input."""
        self.first = None

    def skip(self, what: Skipped) -> None:
        """Tell of a record or file that is passed over."""
        self.first = self.first or what
        self.skipped(what)


def _ignore(_note: Note) -> None:
    """Pass over a note that nobody asked for."""


def _read_files(
    name: str | Path, wanted: str | None, tell: _Tell, read: set[str]
) -> Iterator[tuple[str, Paper]]:
    """Yield the papers of one input; a file that was read already is not read again."""
    tell.begin()
    count = 0
    for source in find_sources(name):
        place = os.path.realpath(source.path) if source.path else ""
        if place in read:
            count += 1
            continue
        read |= {place} - {""}
        for paper in _papers_of(source, wanted, tell):
            count += 1
            yield str(source.path or ""), paper
    if not count:
        because = f"; {tell.first.place}: {tell.first.reason}" if tell.first else ""
        kinds = ", ".join(sorted(FORMATS))
        message = f"{name}: no paper found; expected records with a title and an abstract ({kinds}){because}"
        raise CorpusError(message)


def _papers_of(source: Source, wanted: str | None, tell: _Tell) -> Iterator[Paper]:
    papers = others = undated = 0
    for record in read_records(source, wanted):
        found = to_paper(record.fields, record.place) if isinstance(record, Record) else record
        if isinstance(found, Paper):
            papers += 1
            undated += found.year is None
            yield found
        elif isinstance(found, Skipped):
            others += 1
            tell.skip(found)
        else:
            tell.noted(found)
    if undated:
        tell.noted(Note(source.name, f"{undated:,} of {papers:,} papers have no year"))
    if not papers and not others:
        tell.skip(Skipped(source.name, "nothing in it reads as a title with its abstract"))
