"""Worker processes: how many to use, ending them with their parent, and reporting one that died.

Workers never import the caller's main module, because everything they run is addressed by module
name. A script therefore needs no ``if __name__ == "__main__"`` guard, and notebooks and the REPL
work too.
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
START_LOCK = Lock()


def available_cores() -> int:
    """Return the number of cores this process may use, at least 1.

    In a worker of another pool, which may not start processes, this is 1. Otherwise it is the
    number of cores in the process's affinity mask (set by ``taskset`` or a batch system) or, on
    Linux, the CPU quota of its control group (a container's limit), whichever is lower.
    """
    if current_process().daemon:
        return 1
    with suppress(AttributeError, OSError):  # not every system has affinity masks
        return max(1, min(len(os.sched_getaffinity(0)), _quota()))
    return os.cpu_count() or 1


def _quota() -> int:
    """Return the control group's CPU quota in cores, rounded up; 65,536 if there is none."""
    for names, folder in (
        (("cpu.max",), CGROUP),
        (("cpu.cfs_quota_us", "cpu.cfs_period_us"), CGROUP / "cpu"),
    ):
        with suppress(OSError, ValueError):  # another version of control groups, or quota "max"
            time, period = " ".join((folder / name).read_text("ascii") for name in names).split()
            if int(time) > 0:
                return math.ceil(int(time) / int(period))
    return 2**16


@contextmanager
def workers(count: int) -> Iterator[ProcessPoolExecutor]:
    """Provide a pool of ``count`` processes; if the block fails, they are ended at once.

    Raises:
        WorkerError: if a worker process ends unexpectedly, or if this process may not start
            others.
    """
    if current_process().daemon:
        message = "this process is a worker of another pool and may not start processes; use jobs=1"
        raise WorkerError(message)
    context = _Context()
    listening, held = context.Pipe(duplex=False)
    with (
        held,
        _Pool(
            count, mp_context=context, initializer=_exit_with_parent, initargs=(listening,)
        ) as pool,
        listening,
    ):
        try:
            yield pool
        except BrokenProcessPool as error:
            message = (
                "a worker process was killed, perhaps for lack of memory; "
                "completed work is saved, run the same command again to continue"
            )
            raise WorkerError(message) from error
        except BaseException:
            held.close()
            raise


class _Worker(SpawnProcess):
    """A process that does not import its parent's main module."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: ANN401, N802 - multiprocessing's signature
        own, prepare = get_ident(), spawn.get_preparation_data

        def without_main(name: str) -> dict[str, Any]:
            data = prepare(name)
            if get_ident() == own:
                for key in ("init_main_from_name", "init_main_from_path"):
                    data.pop(key, None)
            return data

        with START_LOCK:
            spawn.get_preparation_data = without_main
            try:
                return SpawnProcess._Popen(process_obj)  # noqa: SLF001 - the usual way from here
            finally:
                spawn.get_preparation_data = prepare


class _Context(SpawnContext):
    """The ``spawn`` method: a forked process would inherit locks held by other threads."""

    Process = _Worker


class _Pool(ProcessPoolExecutor):
    """A pool whose workers ignore Ctrl-C.

    A terminal sends it to every process; only the parent should react, and end the workers.
    """

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Submit a call; a worker started here inherits the blocked signal before any code runs."""
        with _interrupts_held():
            return super().submit(fn, *args, **kwargs)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Defer SIGINT until the block ends."""
    if not hasattr(signal, "pthread_sigmask") or current_thread() is not main_thread():
        yield
        return
    resource_tracker.ensure_running()  # its start would unblock the signal
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _exit_with_parent(listening: "Connection[Any, Any]") -> None:
    """Ignore Ctrl-C, and exit when the parent closes its end of the pipe or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # for systems that cannot block signals

    def wait() -> None:
        with suppress(EOFError, OSError):
            listening.recv_bytes()
        os._exit(1)

    Thread(target=wait, daemon=True).start()
