"""What the terminal is told: results on standard output, messages on standard error, nothing that it would obey."""

import os
import re
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

__all__ = ["STOPPED", "fail", "give_up_output", "prepare_streams", "say", "visible", "warn"]

STOPPED = 130
"""The exit code of a command that Ctrl-C has ended: 128 and the number of the signal, as shells have it."""
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that a terminal acts on instead of showing them, but for line breaks and tabs; those that turn the direction of text among them."""


def visible(text: str) -> str:
    r"""Return the text with an escape for each character that a terminal would obey.

    >>> visible("a\x1b[2Jb")
    'a\\x1b[2Jb'
    """
    return OBEYED.sub(lambda found: repr(found.group())[1:-1], text)


def say(text: str = "") -> None:
    """Write a line of results to standard output."""
    sys.stdout.write(f"{visible(text)}\n")


def warn(text: str) -> None:
    """Write a line to standard error."""
    sys.stderr.write(f"kg: {visible(text)}\n")


def fail(text: str, code: int = 1) -> NoReturn:
    """End the command with a line on standard error."""
    warn(" ".join(text.split("\n")))
    sys.exit(code)


def prepare_streams() -> None:
    """Make standard output take any text, as UTF-8 where it is no terminal; end the command if it is closed.

    Where another standard stream is closed nothing is read or heard; else a file that is opened later would take its number,
    and messages of libraries would be written into it.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, which is this one
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the process
    if sys.stdout is None:
        fail(
            "standard output is closed; expected a terminal, a file or a pipe that takes the results"
        )
    if isinstance(sys.stdout, TextIOWrapper):
        encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")


def give_up_output() -> None:
    """Throw away what standard output cannot take, or the interpreter would try again as it ends, and complain."""
    if isinstance(sys.stdout, TextIOWrapper):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
