"""The file that papers are fetched into: JSON lines, each paper once.

While a query is unfinished, a progress file beside it says where to resume.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import orjson

from kg.corpus.identity import all_ids
from kg.errors import FetchError
from kg.records import Paper

__all__ = ["Counts", "Target"]

State = Mapping[str, object]
LINE_START = b'{"id":"'
"""Start of each line that kg writes."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened to the papers of a page."""

    written: int = 0
    known: int = 0
    over_limit: int = 0


class Target:
    """The file, as a context manager. A line that a killed run left half-written is removed."""

    def __init__(self, path: Path, query: Sequence[object], max_papers: int | None = None) -> None:
        """Open the file, and find out whether a run of the same query was stopped.

        Raises:
            FetchError: if the file cannot be written, or holds something else.
        """
        self.path, self._query, self._max_papers = path, list(query), max_papers
        self._progress_file = path.with_name(f"{path.name}.fetch")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: IO[bytes] = path.open("a+b")
        except OSError as error:
            message = f"{path}: cannot be written: {error.strerror or error}"
            raise FetchError(message) from error
        self.papers = 0
        """Number of papers in the file."""
        self._ids: set[str] = set()
        try:
            self._read()
        except FetchError:
            self._file.close()
            raise
        self.state = self._saved_state()
        """Where a stopped run of the query got to; empty if there was none."""

    def __enter__(self) -> Self:
        """Return the target."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()

    def _foreign(self, number: int) -> FetchError:
        return FetchError(
            f"{self.path}:{number}: not written by kg fetch; "
            "expected a new file or one that it wrote"
        )

    def _refuse_foreign(self, line: bytes, number: int) -> None:
        """Raise an error for an unfinished last line that kg did not write: it would be cut off."""
        whole = None
        with suppress(ValueError):
            whole = orjson.loads(line)
        if isinstance(whole, dict) and "ids" in whole:
            return  # only the line break is missing
        if whole is not None or not (line.startswith(LINE_START) or LINE_START.startswith(line)):
            raise self._foreign(number)

    def _read(self) -> None:
        """Collect the ids of the papers that the file holds."""
        self._file.seek(0)
        complete = 0
        for number, line in enumerate(self._file, 1):
            if not line.endswith(b"\n"):
                self._refuse_foreign(line, number)
                break
            complete += len(line)
            try:
                found = orjson.loads(line)
                self._ids |= {f"{key}:{value}" for key, value in found["ids"].items()} | {
                    found["id"]
                }
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise self._foreign(number) from error
            self.papers += 1
        self._file.truncate(complete)
        self._file.seek(0, os.SEEK_END)

    def _saved_state(self) -> State:
        try:
            saved = orjson.loads(self._progress_file.read_bytes())
        except (OSError, ValueError):
            return {}
        is_same = isinstance(saved, dict) and saved.get("query") == self._query
        return saved["state"] if is_same else {}

    @property
    def full(self) -> bool:
        """Whether the file holds the maximum number of papers."""
        return self._max_papers is not None and self.papers >= self._max_papers

    def write(self, papers: Iterable[Paper], state: State) -> Counts:
        """Add the page's papers that are not in the file yet, and save the state to resume from."""
        written = known = over_limit = 0
        for paper in papers:
            ids = all_ids(paper) | {paper.id}
            if ids & self._ids:
                known += 1
            elif self.full:
                over_limit += 1
            else:
                self._ids |= ids
                self._file.write(_line(paper))
                self.papers += 1
                written += 1
        if not over_limit:
            self._save(state)
        return Counts(written, known, over_limit)

    def _save(self, state: State) -> None:
        """Save the state to resume from, once everything written has reached the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        fresh = self._progress_file.with_name(f"{self._progress_file.name}~")
        fresh.write_bytes(orjson.dumps({"query": self._query, "state": state}))
        fresh.replace(self._progress_file)

    def finish(self) -> None:
        """Remove the progress file: the query is complete."""
        self._progress_file.unlink(missing_ok=True)


def _line(paper: Paper) -> bytes:
    fields = {name: value for name, value in asdict(paper).items() if value is not None}
    fields["ids"] = dict(one.split(":", 1) for one in paper.ids)
    return orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)
