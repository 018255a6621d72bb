"""What a user gives to be read: files, folders, standard input, records in memory, data frames."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.corpus.fields import Skipped, to_paper
from kg.errors import CorpusError
from kg.records import Paper

__all__ = ["Inputs", "each_input", "to_record"]

Inputs = str | Path | Iterable[Any]
"""A file, a folder or ``-``; several of them; mappings or papers; a pandas or polars data frame."""


def each_input(inputs: Inputs) -> Iterator[object]:
    """Yield what is to be read: names of files and folders, mappings, papers, one at a time.

    Raises:
        CorpusError: if it is nothing of the kind.
    """
    if isinstance(inputs, str | Path | Paper | Mapping):
        yield inputs
    elif hasattr(inputs, "iter_rows"):  # polars
        yield from inputs.iter_rows(named=True)
    elif hasattr(inputs, "itertuples"):  # pandas
        yield from _pandas_rows(inputs)
    elif isinstance(inputs, Iterable):
        yield from inputs
    else:
        message = f"expected files, folders, mappings, papers or a data frame, found {type(inputs).__name__}"
        raise CorpusError(message)


def _pandas_rows(frame: Any) -> Iterator[dict[str, object]]:  # noqa: ANN401 - pandas is not required
    names = [str(name) for name in frame.columns]
    yield from (_filled(names, row) for row in frame.itertuples(index=False, name=None))


def _plain(value: Any) -> object:  # noqa: ANN401 - whatever a record holds
    """Return a number or an array of numpy as Python's own."""
    return value.tolist() if type(value).__module__ == "numpy" else value


def _filled(names: Iterable[str], row: Iterable[Any]) -> dict[str, object]:
    """Return the fields of a row of pandas that hold something: what is missing there is not equal to itself, or cannot say."""
    return {name: value for name, value in zip(names, row, strict=True) if _is_filled(value)}


def _is_filled(value: Any) -> bool:  # noqa: ANN401 - whatever a data frame holds
    try:
        return bool(value == value)  # noqa: PLR0124 - NaN is not
    except (TypeError, ValueError):  # pandas.NA has no truth; an array has several
        return type(value).__name__ != "NAType"


def to_record(given: object, number: int) -> Paper | Skipped:
    """Return the paper that something in memory means, or why it is none.

    Args:
        given: a paper or a mapping.
        number: its place among the inputs, from 1.
    """
    place = f"record {number:,}"
    if isinstance(given, Mapping):
        return to_paper({name: _plain(value) for name, value in given.items()}, place)
    if not isinstance(given, Paper):
        return Skipped(place, f"expected a mapping or a Paper, found {type(given).__name__}")
    for name in ("title", "abstract"):
        if not getattr(given, name).strip():
            return Skipped(place, f'a Paper with an empty "{name}": {given.id!r}')
    return given
