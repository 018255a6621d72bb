"""Papers by query: from OpenAlex, arXiv, Semantic Scholar, PubMed, Crossref and the ACL Anthology into a file of JSON lines.

Nothing else of kg calls the internet. Each service is one function in ``kg.corpus.fetch.services`` that asks for page after
page; how it is asked, how often and how patiently is known by ``kg.corpus.fetch.client``; what was written, and from where
to go on after a stop, by ``kg.corpus.fetch.target``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from kg.corpus.fetch.client import Client
from kg.corpus.fetch.services import SERVICES, Page, Query
from kg.corpus.fetch.target import Counts, Target
from kg.errors import FetchError

__all__ = ["SERVICES", "Fetched", "Query", "fetch"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a query gave; ``received`` is the sum of the four others."""

    found: int | None = None
    """How many records the service has for the query; None where it does not say."""
    received: int = 0
    written: int = 0
    known: int = 0
    """Papers that were in the file already."""
    unreadable: int = 0
    """Records without a title or an abstract."""
    beyond: int = 0
    """Papers of the last page beyond the most that were asked for."""
    complete: bool = True
    """Whether the query was asked to its end."""

    def after(self, page: Page, counts: Counts) -> "Fetched":
        """Return the sums with those of a further page."""
        return Fetched(
            self.found if page.found is None else page.found,
            self.received + len(page.papers) + page.unreadable,
            self.written + counts.written,
            self.known + counts.known,
            self.unreadable + page.unreadable,
            self.beyond + counts.beyond,
        )


def fetch(  # noqa: PLR0913 - one parameter an option
    service: str,
    query: Query,
    output: Path,
    *,
    most: int | None = None,
    base_url: str | None = None,
    email: str | None = None,
    api_key: str | None = None,
    progress: Callable[[int, int | None], None] = lambda _received, _found: None,
) -> Fetched:
    """Write the papers of a query to a file of JSON lines, each once; go on where a stopped run of the same query was.

    Args:
        service: a name in ``SERVICES``.
        query: what to ask for.
        output: a file; papers that it holds already stay, and none comes twice.
        most: papers in the file at which to stop; None takes all.
        base_url: the address to ask instead of the service's own, without a path.
        email: a contact address, which the services ask for.
        api_key: a key of the service, where one has it.
        progress: is told after each page how many records came and how many there are.

    Raises:
        FetchError: if the service cannot be reached, refuses the query or answers wrongly again and again; what came
            before is in the file.
    """
    if service not in SERVICES:
        message = f"{service!r}: no such service; one of {', '.join(SERVICES)}"
        raise FetchError(message)
    asked = SERVICES[service]
    asked_at = base_url or asked.base
    wanted = query.with_access(email, api_key)
    with (
        Target(output, [service, *query.key(), asked_at], most) as target,
        Client(asked_at, asked.interval, email=email) as client,
    ):
        fetched = Fetched()
        pages = asked.pages(client, wanted, target.state)
        try:
            while not target.full and (page := next(pages, None)):
                fetched = fetched.after(page, target.write(page.papers, page.state))
                progress(fetched.received, fetched.found)
        except FetchError as error:
            message = f"{error}; {target.papers:,} papers are in {output}, the same command goes on from there"
            raise FetchError(message) from error
        if not target.full:
            target.finish()
        return replace(fetched, complete=not target.full)
