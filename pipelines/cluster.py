"""Reads papers on a Dask cluster, partition by partition, in the order in which they finish.

The store keeps track of pending papers and saves the results, as with local processes, so the
result is the same. If a worker dies, the scheduler gives its partition to another one. At most
``PARTITIONS_IN_FLIGHT`` partitions per worker are in flight, and a partition is bounded in papers
and characters, which bounds the memory of this process.

Anyone who can reach a scheduler can run code on its workers. Workers started here therefore
communicate by TLS, with a certificate made for this run that no other user of the machine has. A
remote scheduler is secured by ``tls://`` and Dask's own certificate configuration.
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
"""Papers per partition: ten seconds of work, and one transaction of the store."""
CHARACTERS = 2**21
"""A partition ends early at this length, so that papers of any length fit in memory."""
PARTITIONS_IN_FLIGHT = 2
"""Partitions per worker: one being read, and the next one."""
TIMEOUT = 30
"""Seconds within which a scheduler must respond, and at least one worker must be available."""
HEARTBEAT_TIMEOUT = 60
"""Seconds without a heartbeat until a worker counts as frozen.

A busy worker sends a heartbeat every few seconds.
"""
_READING = Lock()
"""A worker with several threads reads one partition at a time: the pipeline is not thread-safe."""


def read_partitions(
    papers: Iterable[Paper], cluster: str, *, jobs: int | None = None
) -> Iterator[list[tuple[Paper, Extraction]]]:
    """Yield papers with their extractions, one partition at a time, in no fixed order.

    Args:
        papers: consumed lazily.
        cluster: the address of a scheduler, or ``local`` to start workers on this machine.
        jobs: number of workers that ``local`` starts, by default one per core.

    Raises:
        ClusterError: if the extra is not installed, no scheduler or worker responds, or the workers
            have a different pipeline.
    """
    with ExitStack() as stack:
        client = _connect(cluster, jobs, stack)
        from distributed import CancelledError, KilledWorker  # noqa: PLC0415 - an extra

        try:
            yield from _exchange(client, _partitions(papers), cluster)
        except KGError:
            raise
        except (CancelledError, KilledWorker, ImportError, OSError, RuntimeError) as error:
            message = (
                f"{cluster}: {_first_line(error)}; completed work is saved; "
                "scheduler and workers need the same version of kg as this machine"
            )
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
        message = (
            "a cluster needs Dask distributed and cryptography; "
            "install them with: pip install 'kg-abstracts[cluster]'"
        )
        raise ClusterError(message) from error
    security = Security()
    _ping(cluster, security)
    client = Client(cluster, timeout=TIMEOUT, security=security)
    stack.callback(client.close, timeout=TIMEOUT / 10)
    try:
        client.wait_for_workers(1, timeout=TIMEOUT)
    except TimeoutError as error:
        raise _no_worker(cluster) from error
    return client


def _ping(cluster: str, security: "Security") -> None:
    """Check that a scheduler responds.

    Dask's client would wait forever for one that accepts the connection but stays silent.

    Raises:
        ClusterError: if it does not respond in time, or the connection fails.
    """

    async def ask() -> None:
        from distributed.comm import connect  # noqa: PLC0415 - an extra

        arguments = security.get_connection_args("client")
        comm = await connect(cluster, timeout=TIMEOUT, **arguments)
        await comm.write({"op": "identity", "n_workers": 0, "reply": True})
        await comm.read()
        comm.abort()

    async def ask_in_time() -> None:
        await asyncio.wait_for(ask(), TIMEOUT)

    try:
        with ThreadPoolExecutor(1) as pool:  # in a notebook, this thread already has an event loop
            pool.submit(asyncio.run, ask_in_time()).result()
    except (OSError, TimeoutError) as error:
        message = (
            f"{cluster}: no scheduler responds within {TIMEOUT} seconds; "
            f"expected {LOCAL}, or an address such as tcp://scheduler:8786"
        )
        raise ClusterError(message) from error
    except (TypeError, ValueError, RuntimeError) as error:
        message = (
            f"{cluster}: {_first_line(error)}; expected {LOCAL} or an address such as "
            "tcp://scheduler:8786, and for tls:// certificates in Dask's configuration "
            "(distributed.comm.tls)"
        )
        raise ClusterError(message) from error


class _Heartbeats:
    """When each worker was last heard from."""

    def __init__(self, client: "Client", cluster: str) -> None:
        self._client, self._cluster = client, cluster
        self._last: dict[str, tuple[float, float]] = {}

    def count(self) -> int:
        """Return the number of workers.

        Raises:
            ClusterError: if the scheduler no longer responds, or a worker seems to be frozen.
        """
        try:
            found = self._client.sync(
                self._client.scheduler.identity, n_workers=-1, callback_timeout=TIMEOUT
            )["workers"]
        except TimeoutError as error:
            message = (
                f"{self._cluster}: the scheduler has not responded for {TIMEOUT} seconds; "
                "completed work is saved"
            )
            raise ClusterError(message) from error
        now = time.monotonic()
        for name, worker in found.items():
            seen = worker["last_seen"]
            before, when = self._last.get(name, (None, now))
            self._last[name] = (seen, when if seen == before else now)
            if now - self._last[name][1] >= HEARTBEAT_TIMEOUT:
                message = (
                    f"{self._cluster}: no heartbeat from worker {name} for {HEARTBEAT_TIMEOUT} "
                    "seconds; end it, and run the same command again: completed work is saved"
                )
                raise ClusterError(message)
        return len(found)


def _exchange(
    client: "Client", partitions: Iterator[list[Paper]], cluster: str
) -> Iterator[list[tuple[Paper, Extraction]]]:
    """Keep the current workers supplied with partitions, and yield those that are done."""
    from distributed import wait  # noqa: PLC0415 - an extra

    pipeline = pipelines.fingerprint()
    in_flight: dict[Future, list[Paper]] = {}
    heartbeats, last_worker = _Heartbeats(client, cluster), time.monotonic()
    while True:
        workers = heartbeats.count()
        last_worker = time.monotonic() if workers else last_worker
        while len(in_flight) < PARTITIONS_IN_FLIGHT * max(workers, 1) and (
            papers := next(partitions, None)
        ):
            texts = [paper.text for paper in papers]
            in_flight[client.submit(_read_partition, pipeline, texts, pure=False)] = papers
        if not in_flight:
            return
        try:
            done = wait(list(in_flight), timeout=TIMEOUT / 6, return_when="FIRST_COMPLETED").done
        except TimeoutError as error:
            if time.monotonic() - last_worker >= TIMEOUT:
                raise _no_worker(cluster) from error
            continue
        for future in done:
            yield list(zip(in_flight.pop(future), future.result(), strict=True))


def _read_partition(pipeline: str, texts: Sequence[str]) -> list[Extraction]:
    """Extract from texts, on a worker."""
    own = pipelines.fingerprint()
    if own != pipeline:
        message = (
            f"a worker has a different pipeline: found {own[:8]}, expected {pipeline[:8]}; "
            "install the same version of kg there"
        )
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


def _no_worker(cluster: str) -> ClusterError:
    return ClusterError(
        f"{cluster}: no worker is available within {TIMEOUT} seconds; "
        f"start one with: dask worker {cluster} --nthreads 1"
    )


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
