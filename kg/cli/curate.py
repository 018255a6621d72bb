"""Commands that correct a project: thesaurus, remove."""

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
        typer.Option("--output", "-o", help="A file, in UTF-8 [default: standard output]."),
    ] = None,
) -> None:
    """Write every alias with its label, as a start for a thesaurus of one's own (see kg build --thesaurus)."""
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
            help="Ids of papers: a DOI, an arXiv or PubMed id, an id as the input had it.",
        ),
    ],
    project: Project = DEFAULT,
) -> None:
    """Remove papers from a project and write its files anew, with the thesaurus of the last build."""
    with TerminalObserver() as watch:
        removed = steps.remove(project, ids, watch)
    say(f"{removed.papers:,} paper{'s'[: removed.papers != 1]} removed")
    if removed.missing:
        message = f"no paper has the id {', '.join(map(repr, removed.missing))}"
        raise StoreError(message)
