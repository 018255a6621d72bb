"""A process that is killed in the middle of its work is told of."""

import os
import signal

import pytest

from kg.errors import WorkerError
from kg.processes import workers


def test_work_comes_back_and_a_killed_process_is_told_of():
    with workers(1) as pool:
        assert pool.submit(abs, -1).result() == 1
    with pytest.raises(WorkerError, match="was ended from outside"), workers(1) as pool:
        pool.submit(os.kill, pool.submit(os.getpid).result(), signal.SIGTERM).result()
