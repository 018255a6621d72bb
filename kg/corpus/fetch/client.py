"""A polite HTTP client: one request at a time, rate-limited, with retries and back-off."""

import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from kg.errors import FetchError

__all__ = ["BrokenResponseError", "Client"]

T = TypeVar("T")
MAX_ATTEMPTS = 7
"""With waits of 1, 2, 4, 8, 16 and 32 seconds between them: about a minute in all."""
TIMEOUT = 60.0
MAX_WAIT = 300.0
"""Seconds. If a service asks for a longer wait, the command stops and says so."""
RETRYABLE = frozenset({408, 425, 429, 500, 502, 503, 504})
"""HTTP status codes."""
MAX_QUOTE = 200
"""Characters of an error response that a message quotes."""


class BrokenResponseError(ValueError):
    """A response that is incomplete, or not what was requested."""


class Client:
    """A connection to one service, as a context manager."""

    def __init__(self, base_url: str, interval: float, *, email: str | None = None) -> None:
        """Prepare the connection.

        Args:
            base_url: the service's address, without a path.
            interval: minimum seconds between two requests.
            email: a contact address, sent with every request.
        """
        contact = f" (mailto:{email})" if email else ""
        self._http = httpx.Client(
            base_url=base_url,
            headers={"User-Agent": f"kg{contact}"},
            timeout=TIMEOUT,
            follow_redirects=True,
        )
        self._interval = interval
        self._next = 0.0

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self._http.close()

    def get(
        self,
        path: str,
        params: Mapping[str, Any],
        read: Callable[[bytes], T],
        *,
        headers: Mapping[str, str] | None = None,
        absent: T | None = None,
    ) -> T:
        """Request a page, retrying while the service is busy or silent or its response is broken.

        Args:
            path: the path on the service.
            params: the query parameters.
            read: parses the response body; raises ``BrokenResponseError`` or another
                ``ValueError`` if it is broken.
            headers: additional HTTP headers.
            absent: returned if there is no such page (404); None makes that an error.

        Raises:
            FetchError: if the service rejects the request, or every attempt fails.
        """
        trouble = ""
        for attempt in range(MAX_ATTEMPTS):
            self._pause()
            wait = 2.0**attempt
            try:
                answer = self._http.get(path, params=dict(params), headers=dict(headers or {}))
                if answer.status_code == httpx.codes.NOT_FOUND and absent is not None:
                    return absent
                if answer.is_success:
                    return read(answer.content)
                trouble = f"HTTP {answer.status_code}"
                wait = max(wait, self._asked_wait(answer))
            except httpx.TransportError as error:
                trouble = str(error) or type(error).__name__
            except (httpx.DecodingError, ValueError) as error:
                trouble = f"a broken response ({error})"
            if attempt < MAX_ATTEMPTS - 1:
                time.sleep(wait)
        raise self._error(path, f"{trouble}, {MAX_ATTEMPTS} times")

    def _pause(self) -> None:
        """Wait until the next request is due."""
        now = time.monotonic()
        if now < self._next:
            time.sleep(self._next - now)
        self._next = time.monotonic() + self._interval

    def _asked_wait(self, answer: httpx.Response) -> float:
        """Return how many seconds a busy service asks to wait, 0 if it does not say.

        Raises:
            FetchError: if it rejects the request instead, or asks for too long a wait.
        """
        path = answer.request.url.path
        if answer.status_code not in RETRYABLE:
            said = " ".join(answer.text.split())[:MAX_QUOTE]
            raise self._error(path, f"HTTP {answer.status_code}: {said or answer.reason_phrase}")
        wait = _seconds(answer.headers.get("Retry-After", ""))
        if wait > MAX_WAIT:
            raise self._error(
                path, f"HTTP {answer.status_code}; it asks to wait {wait:,.0f} seconds"
            )
        return wait

    def _error(self, path: str, what: str) -> FetchError:
        return FetchError(f"{self._http.base_url.join(path)}: {what}")


def _seconds(text: str) -> float:
    """Parse a ``Retry-After`` header, a number of seconds or a date, into seconds from now."""
    if text.isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return 0.0
