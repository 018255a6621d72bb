"""Processes beside this one: how many there is room for, that none outlives this one, and that a lost one is reported.

They never import the caller's main module: all that they run is named by module, so a script needs no
``if __name__ == "__main__"`` guard, and a notebook or a REPL works too.
"""

import math
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import current_process, resource_tracker, spawn
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from threading import Lock, Thread, current_thread, get_ident, main_thread
from typing import Any, ParamSpec, TypeVar

from kg.errors import WorkerError

__all__ = ["available_cores", "workers"]

P = ParamSpec("P")
T = TypeVar("T")
CGROUP = Path("/sys/fs/cgroup")
STARTING = Lock()


def available_cores() -> int:
    """Return how many cores this process may use, at least 1.

    One in a worker of another pool, which may start no processes. Else counted are those of its affinity (``taskset``, a batch system), and on Linux no more than its control group has time
    for (a container's limit), whichever is less.
    """
    if current_process().daemon:
        return 1
    with suppress(AttributeError, OSError):  # not every system has affinities
        return max(1, min(len(os.sched_getaffinity(0)), _quota()))
    return os.cpu_count() or 1


def _quota() -> int:
    """Return how many cores' time the control group may use, rounded up; a great number where nothing is said."""
    for names, folder in (
        (("cpu.max",), CGROUP),
        (("cpu.cfs_quota_us", "cpu.cfs_period_us"), CGROUP / "cpu"),
    ):
        with suppress(OSError, ValueError):  # no such version of control groups; "max" is no number
            time, period = " ".join((folder / name).read_text("ascii") for name in names).split()
            if int(time) > 0:
                return math.ceil(int(time) / int(period))
    return 2**16


@contextmanager
def workers(count: int) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of so many processes; when the block fails they end at once, with what they were doing.

    Raises:
        WorkerError: in the block, when a process has ended in the middle of its work; at once, in a process that may not
            start others.
    """
    if current_process().daemon:
        message = "this process is a worker of another pool, and such a worker may not start processes; read with jobs=1"
        raise WorkerError(message)
    context = _Context()
    listening, held = context.Pipe(duplex=False)
    with (
        held,
        _Pool(count, mp_context=context, initializer=_follow, initargs=(listening,)) as pool,
        listening,
    ):
        try:
            yield pool
        except BrokenProcessPool as error:
            message = "a process that kg had started was ended from outside, perhaps for want of memory; what was saved is kept, run the same command again"
            raise WorkerError(message) from error
        except BaseException:
            held.close()
            raise


class _Worker(SpawnProcess):
    """A process that does not import the main module of the one that starts it."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: ANN401, N802 - as multiprocessing has it
        own, prepare = get_ident(), spawn.get_preparation_data

        def without_main(name: str) -> dict[str, Any]:
            data = prepare(name)
            if get_ident() == own:
                for key in ("init_main_from_name", "init_main_from_path"):
                    data.pop(key, None)
            return data

        with STARTING:
            spawn.get_preparation_data = without_main
            try:
                return SpawnProcess._Popen(process_obj)  # noqa: SLF001 - what it does else
            finally:
                spawn.get_preparation_data = prepare


class _Context(SpawnContext):
    """``spawn``, because a forked process would inherit the locks of other libraries' threads."""

    Process = _Worker


class _Pool(ProcessPoolExecutor):
    """A pool whose processes never hear of Ctrl-C, which a terminal sends to all: this process hears it and ends them."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Start the call; a process that begins here inherits the blocked signal, before any of its code runs."""
        with _interrupts_held():
            return super().submit(fn, *args, **kwargs)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let SIGINT wait until the block ends."""
    if not hasattr(signal, "pthread_sigmask") or current_thread() is not main_thread():
        yield
        return
    resource_tracker.ensure_running()  # it would let the signal through when it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow(listening: "Connection[Any, Any]") -> None:
    """Make this process end when the one that started it closes the other end of a pipe, or is gone; it hears no Ctrl-C itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where a signal cannot be blocked

    def wait() -> None:
        with suppress(EOFError, OSError):
            listening.recv_bytes()
        os._exit(1)

    Thread(target=wait, daemon=True).start()
