"""Files that appear whole or not at all, and text that every reader accepts."""

import os
import re
import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from gzip import GzipFile
from hashlib import blake2b
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from kg.errors import ExportError, KGError

if sys.platform != "win32":
    import fcntl

__all__ = [
    "PACKED",
    "atomic_write",
    "atomic_write_all",
    "blanked",
    "clean",
    "is_packed",
    "one_line",
    "refuse_overwriting",
    "refused",
    "table_paths",
    "written",
    "written_bytes",
]

PACKED = ".gz"
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)


def clean(text: str) -> str:
    """Return the text without the characters that XML forbids (control characters, lone surrogates)."""
    return FORBIDDEN.sub("", text)


def blanked(text: str) -> str:
    r"""Return the text with a space for each character that ``clean`` takes away: offsets stay, in scripts of Unicode code points too.

    >>> blanked("a\x00b\n")
    'a b\n'
    """
    return FORBIDDEN.sub(" ", text)


def one_line(text: str) -> str:
    r"""Return the text clean, on one line, without white space around it.

    >>> one_line(" a\x00b\n c ")
    'ab c'
    """
    if (
        text.isprintable() and "  " not in text and text.strip() == text
    ):  # so are most, and this is quick to see
        return text
    return " ".join(clean(text).split())


@contextmanager
def atomic_write(path: Path) -> Iterator[TextIO]:
    """Open a text file that replaces ``path`` when the block ends, and vanishes if the block fails.

    Raises:
        ExportError: if the folder is missing or read-only, or the disk is full; ``path`` is then as it was.
    """
    with atomic_write_all(path) as (part,), written(part, path) as stream:
        yield stream


@contextmanager
def written(part: Path, target: Path) -> Iterator[TextIO]:
    """Open a part for text, in UTF-8; it is packed if the target's name ends with ``.gz``, in the same way each time."""
    with written_bytes(part, target) as stream:
        text = TextIOWrapper(stream, encoding="utf-8", newline="\n")
        yield text
        text.detach()  # writes what is left, and leaves the file open


@contextmanager
def written_bytes(part: Path, target: Path) -> Iterator[BinaryIO]:
    """Open a part for bytes, packed as ``written`` does."""
    with part.open("wb") as stream:
        if not is_packed(target):
            yield stream
            return
        with GzipFile("", "wb", fileobj=stream, mtime=0, compresslevel=6) as packed:
            yield cast("BinaryIO", packed)


def is_packed(path: Path) -> bool:
    """Tell whether a file of this name is packed.

    >>> is_packed(Path("graph.graphml.gz")), is_packed(Path("graph.graphml"))
    (True, False)
    """
    return path.suffix.lower() == PACKED


@contextmanager
def atomic_write_all(*paths: Path) -> Iterator[tuple[Path, ...]]:
    """Give a temporary file beside each path to be written; when the block ends, each replaces its path.

    If the block fails, all vanish. Nothing is replaced before every file is whole and on the disk.

    Raises:
        ExportError: if a folder is missing or read-only, or the disk is full; the paths are then as they were.
    """
    try:
        with ExitStack() as stack:
            targets = [Path(os.path.realpath(path)) for path in paths]
            parts = tuple(stack.enter_context(_part(target)) for target in targets)
            yield parts
            for part in parts:
                _flushed(part)
            for part, target in zip(parts, targets, strict=True):
                part.replace(target)
                _flushed(target.parent)
    except KGError:
        raise
    except OSError as error:
        raise refused(paths[0], error) from error


def refuse_overwriting(
    outputs: Iterable[Path],
    inputs: Iterable[str | Path],
    because: str = "is read by this command",
) -> None:
    """Refuse to write over what is read.

    Args:
        outputs: files to be written.
        inputs: files and folders that are read, and ``-`` for standard input.
        because: what an input is, for the message.

    Raises:
        ExportError: if an output is one of the inputs, under whatever name, or is there already in a folder that is read.
    """
    there = [output for output in outputs if output.exists()]
    for one in inputs:
        for output in there:
            if _is_read(output, one):
                message = f"{output}: {because}; expected another file to write to"
                raise ExportError(message)


def _is_read(output: Path, one: str | Path) -> bool:
    if str(one) == "-":
        with suppress(OSError):
            return os.path.samestat(output.stat(), os.fstat(0))
        return False
    path = Path(one)
    if path.is_dir():
        return output.resolve().is_relative_to(path.resolve())
    return path.exists() and output.samefile(path)


def refused(path: Path, error: OSError) -> ExportError:
    """Return the error that says why a file cannot be written."""
    return ExportError(
        f"{path}: cannot be written: {error.strerror or error}; expected a folder that can be written to, with room"
    )


@contextmanager
def _part(target: Path) -> Iterator[Path]:
    """Make an empty file beside the target, with the permissions that the target has or would get, and remove it at last."""
    if target.is_dir():
        raise IsADirectoryError(None, "Is a directory")
    name = (
        f".kg-{blake2b(target.name.encode('utf-8', 'surrogateescape'), digest_size=8).hexdigest()}-"
    )
    for left in sorted(target.parent.glob(f"{name}*.part")):
        _remove_if_left(left)
    part = target.with_name(f"{name}{secrets.token_hex(4)}.part")
    handle = os.open(part, NEW, 0o666)
    try:
        if sys.platform == "win32":
            os.close(handle)
        else:
            with suppress(OSError):  # a file system without locks
                fcntl.flock(handle, fcntl.LOCK_EX)
        if target.exists():
            part.chmod(target.stat().st_mode & 0o777)
        yield part
    finally:
        if sys.platform != "win32":
            os.close(handle)
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _remove_if_left(part: Path) -> None:
    """Remove a part that a killed process has left; one that a living process writes is locked."""
    if sys.platform == "win32":
        return
    with suppress(OSError), part.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        part.unlink()


def _flushed(path: Path) -> None:
    """Wait until a file or the names in a folder are on the disk; not every system can do so with a folder."""
    folder = path.is_dir()
    with suppress(OSError) if folder else ExitStack():
        handle = os.open(path, os.O_RDONLY if folder else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def table_paths(path: Path, names: tuple[str, str] = ("nodes", "links")) -> tuple[Path, Path]:
    """Return the two files that are written for a path; either of them stands for both.

    >>> [str(one) for one in table_paths(Path("graph.csv.gz"))]
    ['graph.nodes.csv.gz', 'graph.links.csv.gz']
    """
    packed = path.suffix if is_packed(path) else ""
    plain = path.with_name(path.name.removesuffix(packed))
    stem = plain.stem
    for name in names:
        stem = stem.removesuffix(f".{name}")
    one, other = (path.with_name(f"{stem}.{name}{plain.suffix}{packed}") for name in names)
    return one, other
