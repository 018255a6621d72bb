"""What users can pass as input: files, folders, standard input, records in memory, data frames."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.corpus.fields import Skipped, to_paper
from kg.errors import CorpusError
from kg.records import Paper

__all__ = ["Inputs", "convert_input", "iter_inputs"]

Inputs = str | Path | Iterable[Any]
"""Files, folders or ``-``; one or several; mappings or papers; a pandas or polars data frame."""


def iter_inputs(inputs: Inputs) -> Iterator[object]:
    """Yield the single inputs: names of files and folders, mappings or papers.

    Raises:
        CorpusError: if the value is none of these.
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
        message = (
            "expected files, folders, mappings, papers or a data frame, "
            f"found {type(inputs).__name__}"
        )
        raise CorpusError(message)


def _pandas_rows(frame: Any) -> Iterator[dict[str, object]]:  # noqa: ANN401 - pandas is not required
    names = [str(name) for name in frame.columns]
    yield from (_filled(names, row) for row in frame.itertuples(index=False, name=None))


def _plain(value: Any) -> object:  # noqa: ANN401 - whatever a record holds
    """Return a numpy scalar or array as a Python value."""
    return value.tolist() if type(value).__module__ == "numpy" else value


def _filled(names: Iterable[str], row: Iterable[Any]) -> dict[str, object]:
    """Return the fields of a pandas row that are not missing."""
    return {name: value for name, value in zip(names, row, strict=True) if _is_filled(value)}


def _is_filled(value: Any) -> bool:  # noqa: ANN401 - whatever a data frame holds
    try:
        return bool(value == value)  # noqa: PLR0124 - NaN is not equal to itself
    except (TypeError, ValueError):  # pandas.NA has no truth value; an array has several
        return type(value).__name__ != "NAType"


def convert_input(given: object, number: int) -> Paper | Skipped:
    """Return a value in memory as a paper, or why it is not one.

    Args:
        given: a paper or a mapping.
        number: its position among the inputs, from 1.
    """
    location = f"record {number:,}"
    if isinstance(given, Mapping):
        return to_paper({name: _plain(value) for name, value in given.items()}, location)
    if not isinstance(given, Paper):
        return Skipped(location, f"expected a mapping or a Paper, found {type(given).__name__}")
    for name in ("title", "abstract"):
        if not getattr(given, name).strip():
            return Skipped(location, f'a Paper with an empty "{name}": {given.id!r}')
    return given
