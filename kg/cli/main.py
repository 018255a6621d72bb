"""The command line: arguments in, one call, text out. Results go to standard output, messages to standard error.

Exit codes: 0 done, 1 something is wrong with the input or the output (one line says what), 2 wrong usage, 130 stopped by Ctrl-C.
"""

import sys

from kg.cli import analyse, build, curate, explore, fetch, serve  # noqa: F401 - each registers its commands
from kg.cli.options import app
from kg.cli.terminal import fail, give_up_output, prepare_streams
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
    """Run the command line; whatever ends it early is told in one line."""
    prepare_streams()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # a full disk is told here, not as the interpreter ends
    except KGError as error:
        fail(str(error))
    except BrokenPipeError:
        give_up_output()
        sys.exit(1)
    except MemoryError:
        fail(
            "not enough memory; what a build has saved is kept, the same command goes on from there"
        )
    except OSError as error:
        give_up_output()
        fail(f"{error.filename or 'input or output'}: {error.strerror or error}")
