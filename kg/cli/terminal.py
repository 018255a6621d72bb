"""Terminal output: results to standard output, messages to standard error, controls escaped."""

import os
import re
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

__all__ = [
    "INTERRUPTED",
    "discard_output",
    "escape_controls",
    "fail",
    "prepare_streams",
    "say",
    "warn",
]

INTERRUPTED = 130
"""Exit code of a command ended by Ctrl-C: 128 plus the signal number, as in shells."""
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters except line breaks and tabs, and those that change the text direction."""


def escape_controls(text: str) -> str:
    r"""Return the text with control characters escaped, so that a terminal does not act on them.

    >>> escape_controls("a\x1b[2Jb")
    'a\\x1b[2Jb'
    """
    return CONTROLS.sub(lambda found: repr(found.group())[1:-1], text)


def say(text: str = "") -> None:
    """Write a line of results to standard output."""
    sys.stdout.write(f"{escape_controls(text)}\n")


def warn(text: str) -> None:
    """Write a line to standard error."""
    sys.stderr.write(f"kg: {escape_controls(text)}\n")


def fail(text: str, code: int = 1) -> NoReturn:
    """Exit with a one-line message on standard error."""
    warn(" ".join(text.split("\n")))
    sys.exit(code)


def prepare_streams() -> None:
    """Make standard output accept any text, as UTF-8 unless it is a terminal; exit if it is closed.

    A closed standard input or standard error is replaced by the null device. Otherwise a file
    opened later would get its descriptor, and libraries would write their messages into it.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free descriptor: this one
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - stays open
    if sys.stdout is None:
        fail("standard output is closed; expected a terminal, a file or a pipe for the results")
    if isinstance(sys.stdout, TextIOWrapper):
        encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")


def discard_output() -> None:
    """Discard unwritten output; the interpreter would otherwise retry at exit, and complain."""
    if isinstance(sys.stdout, TextIOWrapper):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
