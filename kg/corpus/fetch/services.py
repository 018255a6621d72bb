"""The services that papers are fetched from, each queried page by page as its documentation says.

- OpenAlex: https://docs.openalex.org
- arXiv: https://info.arxiv.org/help/api/user-manual.html
- Semantic Scholar: https://api.semanticscholar.org/api-docs
- PubMed: https://www.ncbi.nlm.nih.gov/books/NBK25499
- Crossref: https://api.crossref.org
- ACL Anthology: https://github.com/acl-org/acl-anthology (XML, one file per venue and year)

A page carries the state from which a later run can continue after it.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import orjson

from kg.corpus import xml_text
from kg.corpus.fetch.client import BrokenResponseError, Client
from kg.corpus.fields import Record, Skipped, to_paper
from kg.errors import FetchError
from kg.records import Paper

__all__ = ["SERVICES", "Page", "Query", "Service"]

State = Mapping[str, Any]
Options = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for; both years are inclusive."""

    words: tuple[str, ...]
    since: int | None = None
    until: int | None = None
    email: str | None = None
    api_key: str | None = None

    def key(self) -> list[object]:
        """Return what distinguishes this query from others."""
        return [list(self.words), self.since, self.until]

    def with_access(self, email: str | None, api_key: str | None) -> "Query":
        """Return the query with credentials added."""
        return replace(self, email=email, api_key=api_key)

    @property
    def text(self) -> str:
        """The words, joined by spaces."""
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Page:
    """The result of one request."""

    papers: Sequence[Paper]
    unreadable: int
    """Records without a title or an abstract."""
    state: State
    """Where to continue after this page."""
    found: int | None
    """Total number of records; None if the service does not say."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service that papers can be fetched from."""

    base_url: str
    interval: float
    """Minimum seconds between requests, as the service asks."""
    pages: Callable[[Client, Query, State], Iterator[Page]]
    """Requests the pages of a query one by one, continuing from a state."""


def _page(
    records: Iterable[Mapping[str, object] | Skipped], state: State, found: int | None
) -> Page:
    made = [one if isinstance(one, Skipped) else to_paper(one, "") for one in records]
    papers = [one for one in made if isinstance(one, Paper)]
    return Page(papers, len(made) - len(papers), state, found)


def _json(body: bytes) -> dict[str, Any]:
    found = orjson.loads(body)
    if not isinstance(found, dict):
        message = "expected a JSON object"
        raise BrokenResponseError(message)
    return found


def _holding(*path: str) -> Callable[[bytes], dict[str, Any]]:
    """Return a parser of JSON objects that must have a value at a path of keys."""

    def read(body: bytes) -> dict[str, Any]:
        whole = _json(body)
        found: object = whole
        for name in path:
            if not isinstance(found, dict) or name not in found:
                message = f"it has no {'.'.join(path)!r}"
                raise BrokenResponseError(message)
            found = found[name]
        return whole

    return read


def _xml(end: bytes) -> Callable[[bytes], bytes]:
    """Return a check that XML is complete, which means that it ends with the given tag."""

    def read(body: bytes) -> bytes:
        if not body.rstrip().endswith(end):
            message = f"it does not end with {end.decode()}: {body[:60].decode(errors='replace')!r}"
            raise BrokenResponseError(message)
        return body

    return read


def _xml_records(body: bytes, name: str) -> list[Mapping[str, object] | Skipped]:
    return [
        one.fields if isinstance(one, Record) else one
        for one in xml_text.read(io.BytesIO(body), name)
    ]


def _openalex(client: Client, query: Query, state: State) -> Iterator[Page]:
    filters = ["has_abstract:true"]
    filters += [f"from_publication_date:{query.since}-01-01"] if query.since else []
    filters += [f"to_publication_date:{query.until}-12-31"] if query.until else []
    params: Options = {"search": query.text, "filter": ",".join(filters), "per-page": 200}
    params |= {
        "select": "id,doi,title,publication_year,abstract_inverted_index,primary_location,ids,language"
    }
    params |= _given(mailto=query.email, api_key=query.api_key)
    cursor = state.get("cursor", "*")
    while cursor:
        found = client.get("/works", {**params, "cursor": cursor}, _holding("results"))
        cursor = (found.get("meta") or {}).get("next_cursor") if found["results"] else None
        yield _page(found["results"], {"cursor": cursor}, (found.get("meta") or {}).get("count"))


def _arxiv(client: Client, query: Query, state: State) -> Iterator[Page]:
    asked = query.text if re.search(r"\b(?:ti|au|abs|co|jr|cat|rn|id|all):", query.text) else None
    asked = asked or " AND ".join(f"all:{_quoted(word)}" for word in query.words)
    if query.since or query.until:
        asked = f"({asked}) AND submittedDate:[{query.since or 1991}01010000 TO {query.until or 2199}12312359]"
    params: Options = {
        "search_query": asked,
        "max_results": 200,
        "sortBy": "submittedDate",
        "sortOrder": "ascending",
    }
    start, found = int(state.get("start", 0)), None
    while found is None or start < found:
        body, found = client.get("/api/query", {**params, "start": start}, _feed(start))
        records = _xml_records(body, "arXiv")
        start += len(records)
        yield _page(records, {"start": start}, found)


def _feed(start: int) -> Callable[[bytes], tuple[bytes, int]]:
    def read(body: bytes) -> tuple[bytes, int]:
        """Return the feed and the total number of entries.

        arXiv occasionally sends an empty page before the last one; that is a broken response.
        """
        total = re.search(rb"totalResults[^>]*>\s*(\d+)", _xml(b"</feed>")(body))
        found = int(total[1]) if total else 0
        if start < found and b"<entry" not in body:
            message = f"an empty page at {start:,} of {found:,}"
            raise BrokenResponseError(message)
        return body, found

    return read


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word else word


def _s2(client: Client, query: Query, state: State) -> Iterator[Page]:
    params: Options = {"query": query.text}
    params |= {"fields": "title,abstract,year,venue,externalIds,url"}
    if query.since or query.until:
        params["year"] = f"{query.since or ''}-{query.until or ''}"
    headers = _given(**{"x-api-key": query.api_key})
    token = state.get("token", "")
    while token is not None:
        asked = params | _given(token=token)
        found = client.get("/graph/v1/paper/search/bulk", asked, _holding("data"), headers=headers)
        token = found.get("token") if found["data"] else None
        yield _page(found["data"], {"token": token}, found.get("total"))


PUBMED_LIMIT = 9_999
"""The most records that PubMed returns for one search; larger searches are split by date."""
FIRST_DAY = date(1800, 1, 1)


def _pubmed(client: Client, query: Query, state: State) -> Iterator[Page]:
    until = date(query.until, 12, 31) if query.until else date(date.today().year + 1, 12, 31)  # noqa: DTZ011 - any zone
    since = date(query.since, 1, 1) if query.since else FIRST_DAY
    spans = [
        tuple(map(date.fromisoformat, span))
        for span in state.get("spans", [[str(since), str(until)]])
    ]
    total, start = state.get("found"), int(state.get("start", 0))
    who = _given(email=query.email, api_key=query.api_key) | {"tool": "kg", "db": "pubmed"}
    while spans:
        first, last = spans.pop()
        dates = {"datetype": "pdat", "mindate": f"{first:%Y/%m/%d}", "maxdate": f"{last:%Y/%m/%d}"}
        asked = (
            {"term": query.text, "usehistory": "y", "retmode": "json", "retmax": 0} | dates | who
        )
        result = client.get(
            "/entrez/eutils/esearch.fcgi", asked, _holding("esearchresult", "count")
        )["esearchresult"]
        count = int(result["count"])
        total = count if total is None else total
        if count > PUBMED_LIMIT and first < last:
            middle = first + (last - first) // 2
            spans += [(middle + timedelta(days=1), last), (first, middle)]
            continue
        while start < count:
            history = {
                "WebEnv": result["webenv"],
                "query_key": result["querykey"],
                "retstart": start,
                "retmax": 200,
            }
            body = client.get(
                "/entrez/eutils/efetch.fcgi",
                history | {"retmode": "xml"} | who,
                _xml(b"</PubmedArticleSet>"),
            )
            start += 200
            rest = [*spans, (first, last)] if start < count else spans
            saved = {
                "spans": [[str(a), str(b)] for a, b in rest],
                "start": start if start < count else 0,
                "found": total,
            }
            yield _page(_xml_records(body, "PubMed"), saved, total)
        start = 0


def _crossref(client: Client, query: Query, state: State) -> Iterator[Page]:
    filters = ["has-abstract:true"]
    filters += [f"from-pub-date:{query.since}"] if query.since else []
    filters += [f"until-pub-date:{query.until}"] if query.until else []
    params: Options = {"query": query.text, "filter": ",".join(filters), "rows": 200}
    params |= {"select": "DOI,title,abstract,container-title,issued,published,URL"} | _given(
        mailto=query.email
    )
    cursor = state.get("cursor", "*")
    while cursor:
        found = client.get("/works", {**params, "cursor": cursor}, _holding("message", "items"))[
            "message"
        ]
        cursor = found.get("next-cursor") if found["items"] else None
        yield _page(found["items"], {"cursor": cursor}, found.get("total-results"))


LETTERS = {
    "acl": "P", "emnlp": "D", "naacl": "N", "eacl": "E", "cl": "J", "tacl": "Q", "coling": "C", "conll": "K", "semeval": "S",
    "ijcnlp": "I", "lrec": "L", "anlp": "A", "ws": "W", "paclic": "Y", "ranlp": "R", "jeptalnrecital": "F", "alta": "U", "rocling": "O",
}  # fmt: skip
"""The letters by which the Anthology identified its venues before 2020."""
LAST_LETTER_YEAR = 2019


def _acl(client: Client, query: Query, state: State) -> Iterator[Page]:
    years = [year for year in (query.since, query.until) if year]
    if not years:
        message = (
            "acl: expected venues and years, as in: kg fetch acl emnlp naacl --from 2022 --to 2024"
        )
        raise FetchError(message)
    names = [
        _volume(venue.lower(), year)
        for year in range(years[0], years[-1] + 1)
        for venue in query.words
    ]
    some = state.get("some", False)
    for number in range(int(state.get("done", 0)), len(names)):
        path = f"/acl-org/acl-anthology/master/data/xml/{names[number]}.xml"
        body = client.get(path, {}, _xml(b"</collection>"), absent=b"")
        some = some or bool(body)
        yield _page(
            _xml_records(body, names[number]) if body else [],
            {"done": number + 1, "some": some},
            None,
        )
    if not some:
        message = (
            f"acl: the Anthology has none of {', '.join(names[:5])}; "
            "expected venue names as in its web addresses"
        )
        raise FetchError(message)


def _volume(venue: str, year: int) -> str:
    if year <= LAST_LETTER_YEAR and venue in LETTERS:
        return f"{LETTERS[venue]}{year % 100:02}"
    return f"{year}.{venue}"


def _given(**options: str | None) -> Options:
    """Return the options that have a value."""
    return {name: value for name, value in options.items() if value}


SERVICES = {
    "openalex": Service("https://api.openalex.org", 0.15, _openalex),
    "arxiv": Service("https://export.arxiv.org", 3.0, _arxiv),
    "s2": Service("https://api.semanticscholar.org", 1.1, _s2),
    "pubmed": Service("https://eutils.ncbi.nlm.nih.gov", 0.4, _pubmed),
    "crossref": Service("https://api.crossref.org", 0.25, _crossref),
    "acl": Service("https://raw.githubusercontent.com", 0.5, _acl),
}
