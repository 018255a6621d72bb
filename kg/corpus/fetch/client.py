"""Asking a service politely: one request at a time, a pause between them, patience where it is busy or its answer broken."""

import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from kg.errors import FetchError

__all__ = ["BrokenAnswerError", "Client"]

T = TypeVar("T")
TRIES = 7
"""Waits of 1, 2, 4, 8, 16 and 32 seconds between them: about a minute in all."""
TIMEOUT = 60.0
LONGEST_WAIT = 300.0
"""Seconds that a service may ask to wait; where it asks for more, the command ends and says so."""
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
SAID = 200


class BrokenAnswerError(ValueError):
    """An answer that is not whole, or not what was asked for."""


class Client:
    """A context manager over the connection to one service."""

    def __init__(self, base: str, interval: float, *, email: str | None = None) -> None:
        """Take the service's address without a path, the least seconds between two requests, and a contact address."""
        contact = f" (mailto:{email})" if email else ""
        self._http = httpx.Client(
            base_url=base,
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
        """Ask for a page, again and again while the service is busy, silent, or its answer broken.

        Args:
            path: on the service.
            params: of the query.
            read: turns the body into what is returned; raises ``BrokenAnswerError`` or another ``ValueError`` where it is broken.
            headers: besides the usual ones.
            absent: what to return where there is no such page (404); None makes that an error.

        Raises:
            FetchError: if the service refuses, or no try succeeds.
        """
        trouble = ""
        for attempt in range(TRIES):
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
                trouble = f"a broken answer ({error})"
            if attempt < TRIES - 1:
                time.sleep(wait)
        raise self._error(path, f"{trouble}, {TRIES} times")

    def _pause(self) -> None:
        """Wait until the next request is due."""
        now = time.monotonic()
        if now < self._next:
            time.sleep(self._next - now)
        self._next = time.monotonic() + self._interval

    def _asked_wait(self, answer: httpx.Response) -> float:
        """Return how many seconds a busy service asks to wait, 0 where it does not.

        Raises:
            FetchError: if it refuses instead, or asks for too long a wait.
        """
        path = answer.request.url.path
        if answer.status_code not in BUSY:
            said = " ".join(answer.text.split())[:SAID]
            raise self._error(path, f"HTTP {answer.status_code}: {said or answer.reason_phrase}")
        wait = _seconds(answer.headers.get("Retry-After", ""))
        if wait > LONGEST_WAIT:
            raise self._error(
                path, f"HTTP {answer.status_code}; it asks to wait {wait:,.0f} seconds"
            )
        return wait

    def _error(self, path: str, what: str) -> FetchError:
        return FetchError(f"{self._http.base_url.join(path)}: {what}")


def _seconds(text: str) -> float:
    """Return the seconds that a ``Retry-After`` says, as a number or as a date."""
    if text.isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return 0.0
