"""The command line: arguments in, one call, text out. Results go to standard output, messages to standard error.

Exit codes: 0 done, 1 something is wrong with the input or the output (one line says what), 2 wrong usage.
"""

import sys
from io import TextIOWrapper

from kg.cli import analyse, build, curate, explore  # noqa: F401 - each registers its commands
from kg.cli.options import app
from kg.errors import KGError

__all__ = ["app", "main"]

ORDER = (
    "build",
    "extract",
    "show",
    "links",
    "export",
    "trends",
    "communities",
    "gaps",
    "compare",
    "report",
    "thesaurus",
    "remove",
    "evaluate",
)
app.registered_commands.sort(key=lambda command: ORDER.index(command.name or ""))


def main() -> None:
    """Run the command line; every error of kg is one line and exit code 1."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(
            errors="backslashreplace"
        )  # a file's name may be no text, a terminal may lack letters
    try:
        app()
    except KGError as error:
        _fail(str(error))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except KeyboardInterrupt:
        _fail("stopped; what was done is kept, the same command goes on from there")
    except OSError as error:
        _fail(f"{error.filename or 'input or output'}: {error.strerror or error}")


def _fail(message: str) -> None:
    sys.stderr.write(f"kg: {message}\n")
    sys.exit(1)
