"""Commands that curate a project: thesaurus, remove."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from exports.files import atomic_write
from kg import project as steps
from kg.cli.options import DEFAULT, Folder, Project, app, open_store, say
from kg.cli.progress import TerminalObserver
from kg.errors import StoreError
from kg.resolution.thesaurus import write_thesaurus

__all__ = ["remove_command", "thesaurus_command"]


@app.command("thesaurus", epilog="Example: kg thesaurus -o names.tsv")
def thesaurus_command(
    folder: Folder = None,
    project: Project = DEFAULT,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Output file, in UTF-8 [default: standard output]."),
    ] = None,
) -> None:
    """Write every alias with its label, as a starting point for your own thesaurus.

    Edit the file, then pass it to kg build --thesaurus.
    """
    with (
        open_store(folder or project, output) as store,
        atomic_write(output) if output else nullcontext(sys.stdout) as stream,
    ):
        write_thesaurus((row.node for row in store.graph.node_rows()), stream)


@app.command("remove", epilog="Example: kg remove 10.48550/arXiv.1706.03762 PMID:31452104")
def remove_command(
    ids: Annotated[
        list[str],
        typer.Argument(
            metavar="ID...",
            help="Paper ids: DOIs, arXiv or PubMed ids, or ids as given in the input.",
        ),
    ],
    project: Project = DEFAULT,
) -> None:
    """Remove papers from a project and rewrite its files, using the last build's thesaurus."""
    with TerminalObserver() as watch:
        removed = steps.remove(project, ids, watch)
    say(f"{removed.papers:,} paper{'s'[: removed.papers != 1]} removed")
    if removed.missing:
        message = f"no paper has the id {', '.join(map(repr, removed.missing))}"
        raise StoreError(message)
