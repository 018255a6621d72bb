"""The page of a project read from its store: a server for the browser of the same machine. Needs the extra ``serve``.

The page is the one that a build writes, but asks for what stands behind its first picture, and for sentences only where a panel
shows them; so it holds every sentence of a corpus of any size. Every path begins with a secret token, the server answers only to
names of this machine unless told otherwise, and the page may call nothing but its server.
"""

import asyncio
import secrets
import socket
import threading
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from exports.html import served_html
from exports.page_data import PAPERS_A_BLOCK, marked_sentences, page_data
from kg.errors import KGError
from kg.graph.assemble import read_graph
from kg.graph.filters import Filters
from kg.project import Observer, correct, existing_store, page_view
from kg.storage.store import Store

__all__ = ["LOOPBACK", "Served", "make_app", "serve"]

LOOPBACK = "127.0.0.1"
HERE = [LOOPBACK, "localhost", "[::1]", "testserver"]
MOST_CORRECTIONS = 4_000_000
"""Bytes of a thesaurus that a page may send."""
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Served:
    """What is served of a project: the page, its blobs, and sentences read from the store when they are asked for."""

    def __init__(self, project: Path) -> None:
        """Read the graph of a project."""
        self._project = project
        self._store = threading.Lock()  # a store that is written is open once in a process
        with self._store:
            self._read()

    def _read(self) -> None:

        with Store(existing_store(self._project), read_only=True) as store:
            view = page_view(store, read_graph(store), Filters())
            self._data = page_data(view, sentences=False)
        self.page = served_html(self._data)

    def blob(self, name: str) -> bytes | None:
        """Return a blob of the page, deflated; None if there is none of this name."""
        kind, _, number = name.partition("-")
        if kind == "sentences" and number.isdecimal():
            return self._sentences(int(number))
        return self._data.blobs.get(name)

    def _sentences(self, block: int) -> bytes | None:

        ids = self._data.papers[block * PAPERS_A_BLOCK : (block + 1) * PAPERS_A_BLOCK]
        if not ids:
            return None
        with self._store, Store(existing_store(self._project), read_only=True) as store:
            found = {
                marked.paper.id: marked_sentences(marked, self._data.numbers)
                for marked in store.graph.marked_papers(papers=ids)
            }
        return zlib.compress(orjson.dumps([found.get(one) for one in ids]), 1)

    def correct(self, text: str, watch: Observer) -> None:
        """Add corrections to the project's thesaurus, build its graph anew, and serve that.

        Raises:
            KGError: if a line is not understood; the project is then as it was.
        """
        with self._store:
            correct(self._project, text, watch)
            self._read()


def make_app(served: Served, token: str, hosts: list[str] | None = None) -> Starlette:
    """Return the application that serves a project under a token."""
    lock = asyncio.Lock()
    return Starlette(
        routes=[
            Route(f"/{token}/", partial(_page, served)),
            Route(f"/{token}/blob/{{name}}", partial(_blob, served)),
            Route(f"/{token}/thesaurus", partial(_correct, served, lock), methods=["POST"]),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=hosts or HERE)],
    )


async def _page(served: Served, request: Request) -> Response:

    del request
    return HTMLResponse(served.page, headers=HEADERS)


async def _blob(served: Served, request: Request) -> Response:

    found = await run_in_threadpool(served.blob, request.path_params["name"])
    return Response(
        found or b"",
        status_code=200 if found is not None else 404,
        media_type="application/octet-stream",
        headers=HEADERS,
    )


async def _correct(served: Served, lock: asyncio.Lock, request: Request) -> Response:

    body = await request.body()
    if len(body) > MOST_CORRECTIONS:
        return PlainTextResponse("too many corrections", status_code=413, headers=HEADERS)
    try:
        async with lock:
            await run_in_threadpool(served.correct, body.decode(), Observer())
    except (KGError, UnicodeError) as error:
        return PlainTextResponse(str(error), status_code=400, headers=HEADERS)
    return PlainTextResponse("", headers=HEADERS)


def serve(
    project: Path, *, host: str = LOOPBACK, port: int = 0, told: Callable[[str], None]
) -> None:
    """Serve a project until it is stopped.

    Args:
        project: the output folder of a build, or its store.
        host: where to listen; by default only this machine can ask.
        port: 0 takes a free one.
        told: hears the address once the server listens.

    Raises:
        OSError: if the port is taken.
    """
    token = secrets.token_urlsafe(18)
    app = make_app(Served(project), token, None if host == LOOPBACK else ["*"])
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        told(f"http://{host}:{listener.getsockname()[1]}/{token}/")
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[listener])
