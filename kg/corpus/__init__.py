"""Readers: files, folders and streams in, papers out. The only place where raw input is validated.

One file format is one module with one function, ``read(stream, place) -> records``; a record is a plain mapping or a
``Skipped``. What field means what is known by ``kg.corpus.fields``, compression and encoding by ``kg.corpus.sources``.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from kg.corpus.fields import Skipped, to_paper
from kg.corpus.formats import FORMATS, read_records
from kg.corpus.sources import Source, find_sources
from kg.errors import CorpusError
from kg.records import Paper

__all__ = ["FORMATS", "Skipped", "read_papers"]


def read_papers(
    inputs: Sequence[str | Path], *, format: str | None = None, skipped: Callable[[Skipped], None] | None = None  # noqa: A002 - the option's name
) -> Iterator[Paper]:
    """Yield the papers of files, folders or standard input (``-``), one at a time.

    Args:
        inputs: what to read, in this order; a folder is read in the order of its paths.
        format: the format's name, where suffix and content do not tell.
        skipped: is told of every record or file that is passed over, with its place and the reason.

    Raises:
        CorpusError: if an input does not exist, is of no known format, or holds no paper at all.
    """
    passed_over: list[Skipped] = []

    def tell(what: Skipped) -> None:
        if not passed_over:
            passed_over.append(what)  # the first is enough to say what is wrong
        if skipped is not None:
            skipped(what)

    for name in inputs:
        count = 0
        passed_over.clear()
        for source in find_sources(name, tell):
            for paper in _papers_of(source, format, tell):
                count += 1
                yield paper
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
