"""Readers: files, folders and streams in, papers out. The only place where raw input is validated.

One file format is one module with one function, ``read(stream, place) -> records``; a record is a plain mapping or a
``Skipped``. What field means what is known by ``kg.corpus.fields``, compression and encoding by ``kg.corpus.sources``.
"""

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from kg.corpus.fields import Skipped, to_paper
from kg.corpus.formats import FORMATS, read_records
from kg.corpus.inputs import Inputs, each_input, to_record
from kg.corpus.sources import Source, find_sources
from kg.errors import CorpusError
from kg.records import Paper

__all__ = ["FORMATS", "Inputs", "Skipped", "read_papers", "read_sources", "warn_of"]


def read_papers(
    inputs: Inputs,
    *,
    format: str | None = None,  # noqa: A002 - the option's name
    skipped: Callable[[Skipped], None] | None = None,
) -> Iterator[Paper]:
    """Yield the papers of files, folders, standard input (``-``) or records in memory, one at a time.

    A record that is one paper with another is yielded too: merging is for a build.

    Args:
        inputs: what to read, in this order: a file or folder, several of them, mappings of fields to values, papers, or a
            pandas or polars data frame; a folder is read in the order of its paths.
        format: the format's name, where suffix and content do not tell.
        skipped: is told of every record or file that is passed over, with its place and the reason. Without it a warning
            at the end tells how many there were.

    Raises:
        CorpusError: if an input does not exist, is of no known format, or holds no paper at all.
    """
    passed_over: list[Skipped] = []
    tell = passed_over.append if skipped is None else skipped
    for _, paper in read_sources(inputs, format=format, skipped=tell):
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
) -> Iterator[tuple[str, Paper]]:
    """Yield papers as ``read_papers`` does, each with the name of its file; '' for standard input and memory."""
    read: set[str] = set()
    for number, given in enumerate(each_input(inputs), 1):
        if isinstance(given, str | Path):
            yield from _read_files(given, format, skipped, read)
        elif isinstance(found := to_record(given, number), Skipped):
            skipped(found)
        else:
            yield "", found


def _read_files(
    name: str | Path, wanted: str | None, skipped: Callable[[Skipped], None], read: set[str]
) -> Iterator[tuple[str, Paper]]:
    """Yield the papers of one input; a file that was read already is not read again."""
    passed_over: list[Skipped] = []

    def tell(what: Skipped) -> None:
        if not passed_over:
            passed_over.append(what)  # the first is enough to say what is wrong
        skipped(what)

    count = 0
    for source in find_sources(name, tell):
        place = os.path.realpath(source.path) if source.path else ""
        if place in read:
            count += 1
            continue
        read |= {place} - {""}
        for paper in _papers_of(source, wanted, tell):
            count += 1
            yield str(source.path or ""), paper
    if not count:
        because = f"; {passed_over[0].place}: {passed_over[0].reason}" if passed_over else ""
        message = f"{name}: no paper found; expected records with a title and an abstract ({', '.join(sorted(FORMATS))}){because}"
        raise CorpusError(message)


def _papers_of(source: Source, wanted: str | None, tell: Callable[[Skipped], None]) -> Iterator[Paper]:
    for record in read_records(source, wanted):
        found = record if isinstance(record, Skipped) else to_paper(record.fields, record.place)
        if isinstance(found, Skipped):
            tell(found)
        else:
            yield found
