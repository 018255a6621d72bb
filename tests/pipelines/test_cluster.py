"""A real scheduler and real workers on loopback: the files are those of one process, whoever dies."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

import pipelines.cluster
from kg.errors import ClusterError
from kg.records import Paper
from pipelines.cluster import read_partitions

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples/papers.jsonl"
OUTPUTS = ("graph.html", "graph.graphml")
SMALL_PARTITIONS = """
import sys, kg.project, kg.cli.main, pipelines.cluster, kg.cli.progress
if __name__ == "__main__":
    pipelines.cluster.PARTITION = kg.project.SAVED = 4
    advance = kg.cli.progress.TerminalObserver.advance
    def told(self, count=1):
        if count > 1:
            print("partition", count, file=sys.stderr, flush=True)
        advance(self, count)
    kg.cli.progress.TerminalObserver.advance = told
    kg.cli.main.main()
"""
"""The command with partitions of four papers, saying when one is done."""
OTHER_PIPELINE = """
import pipelines
pipelines.fingerprint = lambda: "another"
"""


@pytest.fixture
def start():
    """Start a Python process; all are ended after the test."""
    started = []

    def start(*arguments):
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        process = subprocess.Popen(
            [sys.executable, *map(str, arguments)], cwd=ROOT, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": "ignore"},
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def scheduler(start, tmp_path):
    """Return the address of a scheduler and a function that starts a worker of it."""
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    file = tmp_path / "scheduler.json"
    start.scheduler = start(
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        file,
    )
    for _ in range(1200):
        if file.exists() and file.stat().st_size:
            break
        time.sleep(0.1)
    address = json.loads(file.read_text(encoding="utf-8"))["address"]

    def worker(*options):
        return start("-m", "distributed.cli.dask_worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard",
                     "--local-directory", tmp_path, *options)  # fmt: skip

    return address, worker


def build(start, folder, *options):
    return start("-c", SMALL_PARTITIONS, "build", EXAMPLES, "-o", folder, *options)


def finish(process):
    _, said = process.communicate(timeout=900)
    assert process.returncode == 0, said
    return said


def files(folder):
    return {name: (folder / name).read_bytes() for name in OUTPUTS}


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is of POSIX")
def test_a_killed_worker_leaves_the_bytes_of_one_process(start, scheduler, tmp_path):
    address, worker = scheduler
    workers = [worker(), worker()]
    building = build(start, tmp_path / "cluster", "--cluster", address)
    said = ""
    while "partition" not in said:
        said = building.stderr.readline()
        assert said, building.wait()
    workers[0].send_signal(signal.SIGKILL)
    workers[0].wait()
    assert finish(building).count("partition") > 1
    finish(build(start, tmp_path / "one", "--jobs", "1"))
    assert files(tmp_path / "cluster") == files(tmp_path / "one")


def test_workers_of_another_pipeline_are_refused(start, scheduler, tmp_path):
    address, worker = scheduler
    preload = tmp_path / "other_pipeline.py"
    preload.write_text(OTHER_PIPELINE, encoding="utf-8")
    worker("--preload", preload)
    building = build(start, tmp_path / "out", "--cluster", address)
    _, said = building.communicate(timeout=600)
    assert building.returncode == 1
    assert said.startswith("kg: a worker has a different pipeline: found another, expected ")


def test_local_workers_give_the_bytes_of_one_process(start, tmp_path):
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    script = tmp_path / "build.py"
    script.write_text(SMALL_PARTITIONS, encoding="utf-8")
    finish(
        start(
            script, "build", EXAMPLES, "-o", tmp_path / "local", "--cluster", "local", "--jobs", "2"
        )
    )
    finish(build(start, tmp_path / "one", "--jobs", "1"))
    assert files(tmp_path / "local") == files(tmp_path / "one")


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    monkeypatch.setattr(pipelines.cluster, "TIMEOUT", 1)
    with pytest.raises(
        ClusterError, match=r"tcp://127\.0\.0\.1:1: no scheduler responds within 1 seconds"
    ):
        next(read_partitions([], "tcp://127.0.0.1:1"))


def test_a_scheduler_that_takes_the_connection_and_says_nothing_is_named(monkeypatch):
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    monkeypatch.setattr(pipelines.cluster, "TIMEOUT", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ClusterError, match="no scheduler responds within 1 seconds"):
            next(read_partitions([], address))


@pytest.mark.parametrize("address", ["tls://127.0.0.1:1", "foo://127.0.0.1:1"])
def test_an_address_that_cannot_be_spoken_to_is_told_with_the_reason(address):
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    with pytest.raises(ClusterError, match=r"expected local or an address.*distributed\.comm\.tls"):
        next(read_partitions([], address))


INTRUDER = """
import sys
from distributed import Client
if __name__ == "__main__":
    try:
        Client(sys.argv[1], timeout=5).submit(len, "x").result(5)
    except Exception as error:
        print(type(error).__name__)
    else:
        print("code was run")
"""


def test_nobody_else_runs_code_through_the_local_cluster(tmp_path, monkeypatch):
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    (tmp_path / "intruder.py").write_text(INTRUDER, encoding="utf-8")
    said = []

    def intrude(client, *_):
        address = client.scheduler.address
        assert address.startswith("tls://")
        for prefix in ("tls://", "tcp://"):
            command = [sys.executable, tmp_path / "intruder.py", address.replace("tls://", prefix)]
            said.append(
                subprocess.run(
                    command, capture_output=True, text=True, check=False, timeout=300
                ).stdout
            )
        yield from ()

    monkeypatch.setattr(pipelines.cluster, "_exchange", intrude)
    assert list(read_partitions([], "local", jobs=1)) == []
    assert all(said)
    assert "code was run\n" not in said


@pytest.mark.skipif(os.name != "posix", reason="SIGSTOP is of POSIX")
@pytest.mark.parametrize("frozen", ["worker", "scheduler"])
def test_who_is_frozen_is_named(start, scheduler, monkeypatch, frozen):
    address, worker = scheduler
    processes = {"worker": worker(), "scheduler": start.scheduler}
    monkeypatch.setattr(pipelines.cluster, "TIMEOUT", 60)
    client_of = pipelines.cluster._connect  # noqa: SLF001 - when the connection is there, one stops

    def connect(*arguments):
        client = client_of(*arguments)
        processes[frozen].send_signal(signal.SIGSTOP)
        monkeypatch.setattr(pipelines.cluster, "TIMEOUT", 3)
        monkeypatch.setattr(pipelines.cluster, "HEARTBEAT_TIMEOUT", 6)
        return client

    monkeypatch.setattr(pipelines.cluster, "_connect", connect)
    said = {"worker": "no heartbeat from worker", "scheduler": "has not responded"}[frozen]
    with pytest.raises(ClusterError, match=said):
        next(read_partitions([Paper("p", "T", "A.")], address))


def test_the_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'kg-abstracts\[cluster\]'"):
        next(read_partitions([], "local"))


def test_a_partition_is_bounded_in_papers_and_in_characters(monkeypatch):
    monkeypatch.setattr(pipelines.cluster, "PARTITION", 3)
    monkeypatch.setattr(pipelines.cluster, "CHARACTERS", 100)
    lengths = [10, 10, 10, 10, 120, 10]
    papers = [Paper(str(number), "t", "a" * length) for number, length in enumerate(lengths)]
    assert [
        [paper.id for paper in partition]
        for partition in pipelines.cluster._partitions(papers)  # noqa: SLF001 - the bound of memory
    ] == [["0", "1", "2"], ["3", "4"], ["5"]]
