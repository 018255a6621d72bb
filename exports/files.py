"""Files that appear whole or not at all, and text that every reader accepts."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from kg.errors import ExportError

__all__ = ["clean", "one_line", "written_whole"]

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Return the text without the characters that XML forbids (control characters, lone surrogates)."""
    return FORBIDDEN.sub("", text)


def one_line(text: str) -> str:
    """Return the text clean, on one line, without white space around it."""
    return " ".join(clean(text).split())


@contextmanager
def written_whole(path: Path) -> Iterator[TextIO]:
    """Open a text file that replaces ``path`` when the block ends, and vanishes if the block fails.

    Raises:
        ExportError: if the folder is missing or read-only, or the disk is full; ``path`` is then as it was.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise _refused(path, error) from error
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(0o666 & ~_umask())
        part.replace(path)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _refused(path: Path, error: OSError) -> ExportError:
    return ExportError(f"{path}: cannot be written: {error.strerror or error}; expected a folder that can be written to, with room")
