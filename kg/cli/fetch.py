"""The command that fetches papers from a public database; the only one that uses the network."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import app, say
from kg.cli.progress import TerminalObserver

if TYPE_CHECKING:
    from kg.corpus.fetch import FetchResult

__all__ = ["fetch_command"]

MAX_PAPERS = 10_000


@app.command(
    "fetch",
    epilog="Examples: kg fetch openalex graph neural networks --from 2020 -o papers.jsonl · kg fetch acl emnlp naacl --from 2022 --to 2024 -o nlp.jsonl",
)
def fetch_command(  # noqa: PLR0913, PLR0917 - one parameter an option
    service: Annotated[
        str,
        typer.Argument(
            metavar="SERVICE", help="One of openalex, arxiv, s2, pubmed, crossref, acl."
        ),
    ],
    query: Annotated[
        list[str],
        typer.Argument(
            metavar="QUERY...", help="Search words, in the service's own syntax; for acl, venues."
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Output file (JSON lines).")
    ] = Path("papers.jsonl"),
    since: Annotated[
        int | None, typer.Option("--from", min=1500, max=2199, help="First year.")
    ] = None,
    until: Annotated[
        int | None, typer.Option("--to", min=1500, max=2199, help="Last year.")
    ] = None,
    max_papers: Annotated[
        int, typer.Option("--max", min=1, help="Stop when the file holds this many papers.")
    ] = MAX_PAPERS,
    email: Annotated[
        str | None,
        typer.Option(help="Your contact address; services respond faster to identified clients."),
    ] = None,
    api_key: Annotated[
        str | None,
        typer.Option(envvar="KG_API_KEY", help="Your API key for the service, if you have one."),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(help="Base URL to use instead of the service's own.")
    ] = None,
) -> None:
    """Fetch the papers that match a query in a public database into a file for kg build.

    Each paper is written once; those without an abstract are skipped. Run the same command again to
    resume a stopped fetch.
    """
    from kg.corpus.fetch import Query, fetch  # noqa: PLC0415 - loads an HTTP client that no other command needs

    if since and until and since > until:
        message = f"--from {since} is after --to {until}"
        raise typer.BadParameter(message)
    with TerminalObserver() as watch:
        progress = _Progress(watch, service)
        found = fetch(
            service,
            Query(tuple(query), since, until),
            output,
            max_papers=max_papers,
            base_url=base_url,
            email=email,
            api_key=api_key,
            progress=progress.update,
        )
    say(_summary(found, output, max_papers))


class _Progress:
    """Shows the progress of a fetch."""

    def __init__(self, watch: TerminalObserver, service: str) -> None:
        self._watch, self._service = watch, service
        self._shown: int | None = None

    def update(self, received: int, found: int | None) -> None:
        """Show how many records were received, and the total once it is known."""
        if self._shown is None:
            self._watch.step(f"fetching from {self._service}", found)
        self._watch.advance(received - (self._shown or 0))
        self._shown = received


def _summary(found: "FetchResult", output: Path, max_papers: int) -> str:
    of = "" if found.found is None else f" of {found.found:,} found"
    counts = (
        f"{found.written:,} new papers, {found.known:,} known, {found.unreadable:,} without an abstract, "
        f"{found.over_limit:,} beyond --max"
    )
    lines = [
        f"{found.received:,} records received{of}: {counts}",
        f"papers    {output}  (next: kg build {output})",
    ]
    if not found.complete:
        lines.insert(1, f"stopped at {max_papers:,} papers; raise --max to continue from there")
    return "\n".join(lines)
