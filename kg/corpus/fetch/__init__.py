"""Fetches papers by query from public databases into a file of JSON lines.

The databases are OpenAlex, arXiv, Semantic Scholar, PubMed, Crossref and the ACL Anthology. No
other part of kg uses the internet. ``kg.corpus.fetch.services`` has one function per service that
requests page after page; ``kg.corpus.fetch.client`` handles rate limits and retries;
``kg.corpus.fetch.target`` manages the file and what is needed to resume.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from kg.corpus.fetch.client import Client
from kg.corpus.fetch.services import SERVICES, Page, Query
from kg.corpus.fetch.target import Counts, Target
from kg.errors import FetchError

__all__ = ["SERVICES", "FetchResult", "Query", "fetch"]


@dataclass(frozen=True, slots=True)
class FetchResult:
    """The counts of a fetch; ``received`` is the sum of the four counts after it."""

    found: int | None = None
    """Number of records the service has for the query; None if it does not say."""
    received: int = 0
    written: int = 0
    known: int = 0
    """Papers that were already in the file."""
    unreadable: int = 0
    """Records without a title or an abstract."""
    over_limit: int = 0
    """Papers of the last page beyond the maximum requested."""
    complete: bool = True
    """Whether every result of the query was fetched."""

    def after(self, page: Page, counts: Counts) -> "FetchResult":
        """Return the counts with those of another page added."""
        return FetchResult(
            self.found if page.found is None else page.found,
            self.received + len(page.papers) + page.unreadable,
            self.written + counts.written,
            self.known + counts.known,
            self.unreadable + page.unreadable,
            self.over_limit + counts.over_limit,
        )


def fetch(  # noqa: PLR0913 - one parameter an option
    service: str,
    query: Query,
    output: Path,
    *,
    max_papers: int | None = None,
    base_url: str | None = None,
    email: str | None = None,
    api_key: str | None = None,
    progress: Callable[[int, int | None], None] = lambda _received, _found: None,
) -> FetchResult:
    """Write a query's papers to a file of JSON lines, each once, resuming a stopped run.

    Args:
        service: a name in ``SERVICES``.
        query: what to search for.
        output: the file; papers already in it stay, and no paper is written twice.
        max_papers: stop when the file holds this many papers; None fetches all.
        base_url: used instead of the service's own; no path.
        email: a contact address, which the services ask for.
        api_key: a key for the service, if there is one.
        progress: called after each page with the numbers of records received and found.

    Raises:
        FetchError: if the service cannot be reached, rejects the query or keeps sending broken
            responses; papers received before that are in the file.
    """
    if service not in SERVICES:
        message = f"{service!r}: no such service; expected one of {', '.join(SERVICES)}"
        raise FetchError(message)
    api = SERVICES[service]
    url = base_url or api.base_url
    signed = query.with_access(email, api_key)
    with (
        Target(output, [service, *query.key(), url], max_papers) as target,
        Client(url, api.interval, email=email) as client,
    ):
        result = FetchResult()
        pages = api.pages(client, signed, target.state)
        try:
            while not target.full and (page := next(pages, None)):
                result = result.after(page, target.write(page.papers, page.state))
                progress(result.received, result.found)
        except FetchError as error:
            message = (
                f"{error}; {target.papers:,} papers are in {output}, "
                "run the same command again to continue"
            )
            raise FetchError(message) from error
        if not target.full:
            target.finish()
        return replace(result, complete=not target.full)
