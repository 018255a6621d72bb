"""Papers read by the workers of a Dask cluster: partitions go out, extractions come back, in whatever order they are done.

The store asks what is pending and keeps what comes back, as with processes on one machine, so the result is the same. A
partition whose worker dies is given to another one by the scheduler. At most ``BATCHES_IN_FLIGHT`` partitions a worker are under way,
and a partition is bounded in papers and characters: that bounds the memory of this process.

Whoever can reach a scheduler can run code on its workers. Workers that are started here are therefore spoken to by TLS with a
certificate made for this run, which no other user of the machine has; a scheduler elsewhere is secured by ``tls://`` and
Dask's own configuration of certificates.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Lock
from typing import TYPE_CHECKING

import pipelines
from kg.errors import ClusterError, KGError
from kg.processes import available_cores
from kg.records import Extraction, Paper

if TYPE_CHECKING:
    from distributed import Client, Future
    from distributed.security import Security

__all__ = ["LOCAL", "read_partitions"]

LOCAL = "local"
PARTITION = 256
"""Papers that one worker reads at once: ten seconds of work, and one transaction of the store."""
CHARACTERS = 2**21
"""A partition ends early at this length, so that papers of any length fit in memory."""
BATCHES_IN_FLIGHT = 2
"""Partitions under way for each worker: one is read, the next is there."""
PATIENCE = 30
"""Seconds in which a scheduler must answer, and in which one worker must be there."""
SILENCE = 60
"""Seconds after which a worker that says nothing is taken for frozen; one that reads says that it is there every few seconds."""
_READING = Lock()
"""A worker of several threads reads one partition at a time: the pipeline is not made for threads."""


def read_partitions(
    papers: Iterable[Paper], cluster: str, *, jobs: int | None = None
) -> Iterator[list[tuple[Paper, Extraction]]]:
    """Yield the papers with what the pipeline finds in them, a partition at a time, in no fixed order.

    Args:
        papers: read lazily.
        cluster: the address of a scheduler, or ``local`` for workers that are started here.
        jobs: how many workers ``local`` starts, by default one a core.

    Raises:
        ClusterError: if the extra is not installed, no scheduler or no worker answers, or the workers have another pipeline.
    """
    with ExitStack() as stack:
        client = _connect(cluster, jobs, stack)
        from distributed import CancelledError, KilledWorker  # noqa: PLC0415 - an extra

        try:
            yield from _exchange(client, _partitions(papers), cluster)
        except KGError:
            raise
        except (CancelledError, KilledWorker, ImportError, OSError, RuntimeError) as error:
            message = f"{cluster}: {_first_line(error)}; what was done is kept; scheduler and workers need the kg that runs here"
            raise ClusterError(message) from error


def _connect(cluster: str, jobs: int | None, stack: ExitStack) -> "Client":
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415 - an extra
        from distributed.security import Security  # noqa: PLC0415 - an extra

        if cluster == LOCAL:
            local = LocalCluster(
                n_workers=jobs or available_cores(),
                threads_per_worker=1,
                dashboard_address=None,
                silence_logs="CRITICAL",
                security=Security.temporary(),
            )
            return stack.enter_context(Client(stack.enter_context(local)))
    except ImportError as error:
        message = "a cluster needs Dask distributed and cryptography, which are not installed; pip install 'kg-abstracts[cluster]'"
        raise ClusterError(message) from error
    security = Security()
    _greet(cluster, security)
    client = Client(cluster, timeout=PATIENCE, security=security)
    stack.callback(client.close, timeout=PATIENCE / 10)
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise _deserted(cluster) from error
    return client


def _greet(cluster: str, security: "Security") -> None:
    """Ask a scheduler who it is; Dask's client would wait for ever for one that takes the connection and says nothing.

    Raises:
        ClusterError: if it does not answer in time, or cannot be spoken to.
    """

    async def ask() -> None:
        from distributed.comm import connect  # noqa: PLC0415 - an extra

        arguments = security.get_connection_args("client")
        comm = await connect(cluster, timeout=PATIENCE, **arguments)
        await comm.write({"op": "identity", "n_workers": 0, "reply": True})
        await comm.read()
        comm.abort()

    async def ask_in_time() -> None:
        await asyncio.wait_for(ask(), PATIENCE)

    try:
        with ThreadPoolExecutor(1) as pool:  # a notebook has a loop of its own in this thread
            pool.submit(asyncio.run, ask_in_time()).result()
    except (OSError, TimeoutError) as error:
        message = f"{cluster}: no scheduler answers within {PATIENCE} seconds; expected {LOCAL}, or an address such as tcp://scheduler:8786"
        raise ClusterError(message) from error
    except (TypeError, ValueError, RuntimeError) as error:
        message = f"{cluster}: {_first_line(error)}; expected {LOCAL} or an address such as tcp://scheduler:8786, and for tls:// certificates in Dask's configuration (distributed.comm.tls)"
        raise ClusterError(message) from error


class _Watch:
    """Who of the workers was heard of lately."""

    def __init__(self, client: "Client", cluster: str) -> None:
        self._client, self._cluster = client, cluster
        self._heard: dict[str, tuple[float, float]] = {}

    def count(self) -> int:
        """Return how many workers there are.

        Raises:
            ClusterError: if the scheduler no longer answers, or a worker was not heard of for so long that it must be frozen.
        """
        try:
            found = self._client.sync(
                self._client.scheduler.identity, n_workers=-1, callback_timeout=PATIENCE
            )["workers"]
        except TimeoutError as error:
            message = f"{self._cluster}: the scheduler no longer answers, for {PATIENCE} seconds; what was done is kept"
            raise ClusterError(message) from error
        now = time.monotonic()
        for name, worker in found.items():
            seen = worker["last_seen"]
            before, when = self._heard.get(name, (None, now))
            self._heard[name] = (seen, when if seen == before else now)
            if now - self._heard[name][1] >= SILENCE:
                message = f"{self._cluster}: the worker {name} says nothing for {SILENCE} seconds; end it, and run the same command again: what was done is kept"
                raise ClusterError(message)
        return len(found)


def _exchange(
    client: "Client", partitions: Iterator[list[Paper]], cluster: str
) -> Iterator[list[tuple[Paper, Extraction]]]:
    """Keep as many partitions under way as the workers of the moment need, and yield those that are done."""
    from distributed import wait  # noqa: PLC0415 - an extra

    pipeline = pipelines.fingerprint()
    under_way: dict[Future, list[Paper]] = {}
    watch, alone_since = _Watch(client, cluster), time.monotonic()
    while True:
        workers = watch.count()
        alone_since = time.monotonic() if workers else alone_since
        while len(under_way) < BATCHES_IN_FLIGHT * max(workers, 1) and (
            papers := next(partitions, None)
        ):
            texts = [paper.text for paper in papers]
            under_way[client.submit(_read_partition, pipeline, texts, pure=False)] = papers
        if not under_way:
            return
        try:
            done = wait(list(under_way), timeout=PATIENCE / 6, return_when="FIRST_COMPLETED").done
        except TimeoutError as error:
            if time.monotonic() - alone_since >= PATIENCE:
                raise _deserted(cluster) from error
            continue
        for future in done:
            yield list(zip(under_way.pop(future), future.result(), strict=True))


def _read_partition(pipeline: str, texts: Sequence[str]) -> list[Extraction]:
    """Read texts: what a worker does."""
    own = pipelines.fingerprint()
    if own != pipeline:
        message = f"a worker has another pipeline, {own[:8]}, expected {pipeline[:8]}; install the same kg there as here"
        raise ClusterError(message)
    with _READING:
        return list(pipelines.extract(texts, jobs=1))


def _partitions(papers: Iterable[Paper]) -> Iterator[list[Paper]]:
    partition: list[Paper] = []
    length = 0
    for paper in papers:
        partition.append(paper)
        length += len(paper.text)
        if len(partition) == PARTITION or length >= CHARACTERS:
            yield partition
            partition, length = [], 0
    if partition:
        yield partition


def _deserted(cluster: str) -> ClusterError:
    return ClusterError(
        f"{cluster}: no worker is there within {PATIENCE} seconds; start one with: dask worker {cluster} --nthreads 1"
    )


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
