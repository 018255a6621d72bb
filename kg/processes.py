"""Processes beside this one: they end when it is killed, and when one of them is killed it is said so."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread

from kg.errors import WorkerError

__all__ = ["workers"]


@contextmanager
def workers(count: int) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of so many processes.

    Raises:
        WorkerError: in the block, when a process has ended in the middle of its work.
    """
    # "spawn", because a forked process would inherit the locks of other libraries' threads.
    with ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=_end_with_parent
    ) as pool:
        try:
            yield pool
        except BrokenProcessPool as error:
            message = "a process that kg had started was ended from outside, perhaps for want of memory; what was saved is kept, run the same command again"
            raise WorkerError(message) from error


def _end_with_parent() -> None:
    """Make this process end when the one that started it is killed; a pool's workers would wait for ever."""
    parent = parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=wait, daemon=True).start()
