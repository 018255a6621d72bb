"""The command line. Results go to standard output, messages to standard error.

Exit codes: 0 success, 1 a problem with the input or output (one line says what), 2 wrong usage,
130 interrupted by Ctrl-C.
"""

import sys

from kg.cli import analyse, build, curate, explore, fetch, serve  # noqa: F401 - each registers its commands
from kg.cli.options import app
from kg.cli.terminal import discard_output, fail, prepare_streams
from kg.errors import KGError

__all__ = ["app", "main"]

ORDER = (
    "fetch",
    "build",
    "extract",
    "show",
    "links",
    "papers",
    "export",
    "trends",
    "communities",
    "gaps",
    "matrix",
    "compare",
    "report",
    "thesaurus",
    "remove",
    "serve",
    "mcp",
    "evaluate",
)
app.registered_commands.sort(key=lambda command: ORDER.index(command.name or ""))


def main() -> None:
    """Run the command line; report any failure in one line."""
    prepare_streams()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # report a full disk here, not while the interpreter exits
    except KGError as error:
        fail(str(error))
    except BrokenPipeError:
        discard_output()
        sys.exit(1)
    except MemoryError:
        fail(
            "not enough memory; a build's progress is saved, run the same command again to continue"
        )
    except OSError as error:
        discard_output()
        fail(f"{error.filename or 'input or output'}: {error.strerror or error}")
