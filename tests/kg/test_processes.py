"""Processes beside this one: as many as there is room for, and none that outlives its use."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import kg.processes
from kg.errors import WorkerError
from kg.processes import available_cores, workers

ROOT = Path(__file__).resolve().parents[2]


def test_work_comes_back_and_a_killed_process_is_told_of():
    with workers(1) as pool:
        assert pool.submit(abs, -1).result() == 1
    with pytest.raises(WorkerError, match="a worker process was killed"), workers(1) as pool:
        pool.submit(os.kill, pool.submit(os.getpid).result(), signal.SIGTERM).result()


def test_when_the_block_fails_nobody_waits_for_what_is_under_way():
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), workers(1) as pool:
        _begin_long_work_and_stop(pool)
    assert time.monotonic() - began < 300


def _begin_long_work_and_stop(pool):
    pool.submit(abs, -1).result()
    for _ in range(3):
        pool.submit(time.sleep, 600)
    raise KeyboardInterrupt


INTERRUPTED = """
import os, signal, sys, time
from kg.processes import workers
if __name__ == "__main__":
    try:
        with workers(2) as pool:
            waiting = [pool.submit(time.sleep, 0.01) for _ in range(4)]
            os.killpg(0, signal.SIGINT)
            print("not interrupted")
    except KeyboardInterrupt:
        print("interrupted")
"""


@pytest.mark.skipif(os.name != "posix", reason="process groups are of POSIX")
def test_ctrl_c_reaches_the_process_that_waits_and_no_other(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(INTERRUPTED, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (ended.stdout, ended.stderr) == ("interrupted\n", "")


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({"cpu.max": "150000 100000\n"}, 2),
        ({"cpu.max": "max 100000\n"}, 64),
        ({"cpu/cpu.cfs_quota_us": "100000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 64),
        ({"cpu.max": "50 100000\n"}, 1),
        ({}, 64),
    ],
)
def test_the_cores_are_those_of_the_affinity_and_of_the_control_group(
    tmp_path, monkeypatch, files, cores
):
    (tmp_path / "cpu").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="ascii")
    monkeypatch.setattr(kg.processes, "CGROUP", tmp_path)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    assert available_cores() == cores


def test_without_affinities_all_cores_count(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 7)
    assert available_cores() == 7
