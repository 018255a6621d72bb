"""The command that asks a public database for papers; the only one that calls the internet."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import app, say
from kg.cli.progress import TerminalObserver

if TYPE_CHECKING:
    from kg.corpus.fetch import Fetched

__all__ = ["fetch_command"]

MOST = 10_000


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
            metavar="QUERY...", help="Words, as the service understands them; for acl, its venues."
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file of JSON lines.")] = Path(
        "papers.jsonl"
    ),
    since: Annotated[
        int | None, typer.Option("--from", min=1500, max=2199, help="The first year.")
    ] = None,
    until: Annotated[
        int | None, typer.Option("--to", min=1500, max=2199, help="The last year.")
    ] = None,
    most: Annotated[
        int, typer.Option("--max", min=1, help="Stop at so many papers in the file.")
    ] = MOST,
    email: Annotated[
        str | None, typer.Option(help="Your address: services that know whom to ask answer faster.")
    ] = None,
    api_key: Annotated[
        str | None,
        typer.Option(envvar="KG_API_KEY", help="Your key of the service, if you have one."),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(help="Ask here instead of the service's own address.")
    ] = None,
) -> None:
    """Write the papers that a query finds in a public database to a file for kg build, each once.

    A stopped run is taken up by the same command. A paper without an abstract is passed over.
    """
    from kg.corpus.fetch import Query, fetch  # noqa: PLC0415 - loads an HTTP client that no other command needs

    if since and until and since > until:
        message = f"--from {since} is after --to {until}"
        raise typer.BadParameter(message)
    with TerminalObserver() as watch:
        shown = _Shown(watch, service)
        found = fetch(
            service,
            Query(tuple(query), since, until),
            output,
            most=most,
            base_url=base_url,
            email=email,
            api_key=api_key,
            progress=shown.tell,
        )
    say(_summary(found, output, most))


class _Shown:
    """Draws how a fetch goes on."""

    def __init__(self, watch: TerminalObserver, service: str) -> None:
        self._watch, self._service = watch, service
        self._told: int | None = None

    def tell(self, received: int, found: int | None) -> None:
        """Show how many records came, and of how many once that is known."""
        if self._told is None:
            self._watch.step(f"asking {self._service}", found)
        self._watch.advance(received - (self._told or 0))
        self._told = received


def _summary(found: "Fetched", output: Path, most: int) -> str:
    of = "" if found.found is None else f" of {found.found:,} found"
    counts = (
        f"{found.written:,} new papers, {found.known:,} known, {found.unreadable:,} without an abstract, "
        f"{found.beyond:,} beyond --max"
    )
    lines = [
        f"{found.received:,} records received{of}: {counts}",
        f"papers    {output}  (next: kg build {output})",
    ]
    if not found.complete:
        lines.insert(1, f"stopped at {most:,} papers; --max takes more, from there on")
    return "\n".join(lines)
