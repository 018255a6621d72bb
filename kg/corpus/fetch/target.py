"""The file that papers are fetched into: JSON lines, each paper once, with a note beside it while a query is not done."""

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
BEGINNING = b'{"id":"'
"""Of each line."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the papers of a page."""

    written: int = 0
    known: int = 0
    beyond: int = 0


class Target:
    """A context manager over the file. A line that a killed run left half written is cut off."""

    def __init__(self, path: Path, query: Sequence[object], most: int | None = None) -> None:
        """Open the file, and find out whether a run of the same query was stopped.

        Raises:
            FetchError: if the file cannot be written, or holds something else.
        """
        self.path, self._query, self._most = path, list(query), most
        self._note = path.with_name(f"{path.name}.fetch")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: IO[bytes] = path.open("a+b")
        except OSError as error:
            message = f"{path}: cannot be written: {error.strerror or error}"
            raise FetchError(message) from error
        self.papers = 0
        """Papers in the file."""
        self._ids: set[str] = set()
        try:
            self._read()
        except FetchError:
            self._file.close()
            raise
        self.state = self._stopped_at()
        """Where the stopped run was; empty at the beginning."""

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
            f"{self.path}:{number}: is no line of kg fetch; expected a new file or one that it wrote"
        )

    def _refuse_foreign(self, line: bytes, number: int) -> None:
        """Refuse a last line without an end that is not the beginning of one of ours: it would be cut off."""
        whole = None
        with suppress(ValueError):
            whole = orjson.loads(line)
        if isinstance(whole, dict) and "ids" in whole:
            return  # only the end of the line was not written
        if whole is not None or not (line.startswith(BEGINNING) or BEGINNING.startswith(line)):
            raise self._foreign(number)

    def _read(self) -> None:
        """Learn which papers the file holds."""
        self._file.seek(0)
        good = 0
        for number, line in enumerate(self._file, 1):
            if not line.endswith(b"\n"):
                self._refuse_foreign(line, number)
                break
            good += len(line)
            try:
                found = orjson.loads(line)
                self._ids |= {f"{key}:{value}" for key, value in found["ids"].items()} | {
                    found["id"]
                }
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise self._foreign(number) from error
            self.papers += 1
        self._file.truncate(good)
        self._file.seek(0, os.SEEK_END)

    def _stopped_at(self) -> State:
        try:
            note = orjson.loads(self._note.read_bytes())
        except (OSError, ValueError):
            return {}
        return note["state"] if isinstance(note, dict) and note.get("query") == self._query else {}

    @property
    def full(self) -> bool:
        """Whether the file holds as many papers as it is to hold at most."""
        return self._most is not None and self.papers >= self._most

    def write(self, papers: Iterable[Paper], state: State) -> Counts:
        """Add the papers of a page that the file does not hold, and note from where to go on."""
        written = known = beyond = 0
        for paper in papers:
            ids = all_ids(paper) | {paper.id}
            if ids & self._ids:
                known += 1
            elif self.full:
                beyond += 1
            else:
                self._ids |= ids
                self._file.write(_line(paper))
                self.papers += 1
                written += 1
        if not beyond:
            self._save(state)
        return Counts(written, known, beyond)

    def _save(self, state: State) -> None:
        """Note from where to go on, after what was written has reached the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        fresh = self._note.with_name(f"{self._note.name}~")
        fresh.write_bytes(orjson.dumps({"query": self._query, "state": state}))
        fresh.replace(self._note)

    def finish(self) -> None:
        """Forget where the query was: it is done."""
        self._note.unlink(missing_ok=True)


def _line(paper: Paper) -> bytes:
    fields = {name: value for name, value in asdict(paper).items() if value is not None}
    fields["ids"] = dict(one.split(":", 1) for one in paper.ids)
    return orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)
