"""A build that is killed at any moment goes on, and ends with the same bytes; so does one that found no room, or no right to write.

The default is one kill in each phase. More, at random points over all phases:

    KG_KILLS=60 python -m pytest tests/test_killing.py -k killed -s
"""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from records import fill, small_view

import exports
import pipelines
from kg.errors import ExportError, StoreError
from kg.storage.store import Store

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples/papers.jsonl"
PHASES = (
    "starting",
    "reading papers",
    "finding names",
    "resolving names",
    "linking",
    "laying out",
    "writing files",
    "ending",
)
KILLS = int(os.environ.get("KG_KILLS", str(len(PHASES))))
SMALL_BATCHES = """
import sys, kg.project, kg.cli.main, kg.graph.assemble, kg.cli.progress
kg.project.SAVED = 4
kg.graph.assemble.BESIDE = 0
step = kg.cli.progress.TerminalObserver.step
def told(self, name, total=None):
    print("phase", name, file=sys.stderr, flush=True)
    step(self, name, total)
kg.cli.progress.TerminalObserver.step = told
kg.cli.main.main()
"""
"""The command with a transaction for every four papers and a layout by a process of its own, so that there is much to be interrupted, saying what it does."""
OUTPUTS = ("graph.html", "graph.graphml")
posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits are of POSIX")


def start(papers, folder, *, seed="0", jobs="1", **options):
    return subprocess.Popen(
        [sys.executable, "-c", SMALL_BATCHES, "build", str(papers), "-o", str(folder), "--jobs", jobs],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONWARNINGS": "ignore"}, **options,
    )  # fmt: skip


def finish(process):
    """Wait for a build that must succeed; what it said."""
    out, said = process.communicate(timeout=600)
    assert process.returncode == 0, said
    return out


def refusal(process):
    """Wait for a build that must fail; its one line."""
    _, said = process.communicate(timeout=600)
    lines = [line for line in said.splitlines() if not line.startswith("phase ")]
    assert process.returncode == 1, said
    assert len(lines) == 1, said
    return lines[0]


def files(folder):
    return {name: (folder / name).read_bytes() for name in OUTPUTS}


def excerpt(folder, count, name="papers.jsonl"):
    path = folder / name
    path.write_text(
        "\n".join(EXAMPLES.read_text(encoding="utf-8").splitlines()[:count]), encoding="utf-8"
    )
    return path


def timed(papers, folder):
    """Build once, and return how long each phase lasted."""
    process, times = start(papers, folder), [("starting", time.monotonic())]
    times += (
        (line[6:].strip(), time.monotonic()) for line in process.stderr if line.startswith("phase ")
    )
    finish(process)
    ends = [when for _, when in times[1:]] + [time.monotonic()]
    return {name: end - began for (name, began), end in zip(times, ends, strict=True)} | {
        "ending": 0.1
    }


def killed(process, phase, delay):
    """Kill a build so long after a phase began; whether it was still alive."""
    if phase == "ending":
        phase, delay = "writing files", delay * 20
    for line in process.stderr if phase != "starting" else ():
        if line == f"phase {phase}\n":
            break
    time.sleep(delay)
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return alive and process.returncode == -signal.SIGKILL


@posix
def test_a_killed_build_goes_on_to_the_same_bytes(tmp_path):
    rng = random.Random(7)
    papers = excerpt(tmp_path, 40)
    lasted = timed(papers, tmp_path / "whole")
    whole, broken, counts = (
        files(tmp_path / "whole"),
        tmp_path / "broken 0",
        dict.fromkeys(PHASES, 0),
    )
    for number in range(KILLS):
        phase = PHASES[number % len(PHASES)]
        if number and rng.random() < 0.4:
            finish(start(papers, broken, seed=str(number)))
            check(broken, whole)
            broken = tmp_path / f"broken {number}"
        if phase in {"reading papers", "finding names"}:
            broken = tmp_path / f"broken {number}"
        counts[phase] += killed(
            start(papers, broken, seed=str(number)), phase, rng.random() * lasted[phase]
        )
        if (broken / "kg.duckdb").exists() and (broken / "kg.duckdb").stat().st_size:
            with Store(broken / "kg.duckdb") as store:
                assert store.count_papers() in {0, 40}
        assert all(
            (broken / name).read_bytes() == whole[name]
            for name in OUTPUTS
            if (broken / name).exists()
        )
    print("kills by phase:", counts)  # noqa: T201 - with -s
    out = finish(start(papers, broken, seed="2"))
    assert out.startswith("40 papers\n")
    check(broken, whole)
    assert sum(counts.values()) >= KILLS * 0.7


def check(folder, whole):
    """What a build must leave, however often it was killed before: the same bytes, nothing else, no paper lost or twice."""
    assert files(folder) == whole
    assert sorted(path.name for path in folder.iterdir()) == [
        "graph.graphml",
        "graph.html",
        "kg.duckdb",
    ]
    with Store(folder / "kg.duckdb", read_only=True) as store:
        assert store.count_papers() == 40
        assert store.count_pending(pipelines.fingerprint()) == 0
        assert len(list(store.extractions(pipelines.fingerprint()))) == 40


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see processes")
@pytest.mark.parametrize(("phase", "count"), [("finding names", 2), ("laying out", 1)])
def test_the_workers_of_a_killed_build_end(tmp_path, phase, count):
    process = start(excerpt(tmp_path, 129), tmp_path / "out", jobs="2")
    for line in process.stderr:
        if line == f"phase {phase}\n":
            break
    workers = []
    while len(workers) < count and process.poll() is None:
        time.sleep(0.05)
        workers = [
            pid
            for pid in children(process.pid)
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]
    assert len(workers) == count
    process.kill()
    process.communicate()
    for _ in range(600):
        if not any(Path(f"/proc/{pid}").exists() for pid in workers):
            return
        time.sleep(0.1)
    pytest.fail(f"still alive: {workers}")


def children(parent):
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            ppid = path.read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if int(ppid) == parent:
            found.append(int(path.parent.name))
    return found


@posix
@pytest.mark.parametrize("phase", ["finding names", "laying out"])
def test_ctrl_c_ends_a_build_and_its_processes_with_one_line(tmp_path, phase):
    process = start(excerpt(tmp_path, 129), tmp_path / "out", jobs="2", start_new_session=True)
    for line in process.stderr:
        if line == f"phase {phase}\n":
            break
    time.sleep(1)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=600)
    lines = [line for line in said.splitlines() if not line.startswith("phase ")]
    assert process.returncode == 130, said
    assert len(lines) == 1, said
    assert lines[0].startswith("kg: stopped; a build's progress is saved")
    for _ in range(600):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("a process of the build is still alive")


@posix
@pytest.mark.parametrize("room", [100_000, 700_000])
def test_a_build_without_room_says_so_and_goes_on_when_there_is(tmp_path, room):
    import resource  # noqa: PLC0415 - of POSIX

    papers = excerpt(tmp_path, 40)
    finish(start(papers, tmp_path / "whole"))
    said = refusal(
        start(
            papers,
            tmp_path / "out",
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
        )
    )
    assert re.search(r"out/(kg\.duckdb: no room on the disk|graph\.\w+: cannot be written)", said)
    finish(start(papers, tmp_path / "out"))
    assert files(tmp_path / "out") == files(tmp_path / "whole")


@posix
def test_a_folder_that_must_not_be_written_is_told_and_left_as_it_was(monkeypatch):
    folder = Path(tempfile.mkdtemp())  # pytest's own is closed to other users
    with fill(Store(folder / "kg.duckdb")) as store:
        papers = list(store.papers())
    (folder / "kg.duckdb").chmod(0o444)
    folder.chmod(0o555)
    before = (folder / "kg.duckdb").read_bytes()
    monkeypatch.chdir(folder)
    root = os.geteuid() == 0
    if root:  # who may write anywhere
        os.seteuid(65534)
    try:
        with pytest.raises(
            StoreError,
            match=r"kg\.duckdb: cannot be written; expected a folder and a file that can be written to",
        ):
            Store(Path("kg.duckdb"))
        with pytest.raises(ExportError, match="cannot be written"):
            exports.write(small_view(), Path("graph.graphml"))
        with Store(Path("kg.duckdb"), read_only=True) as store:
            assert list(store.papers()) == papers
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)
    assert (folder / "kg.duckdb").read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["kg.duckdb"]
    shutil.rmtree(folder)


def test_a_second_build_of_one_project_is_told_to_wait(tmp_path):
    papers = excerpt(tmp_path, 20)
    first = start(papers, tmp_path / "out")
    for line in first.stderr:
        if line == "phase finding names\n":
            break
    second = refusal(start(papers, tmp_path / "out"))
    assert (
        second
        == f"kg: {tmp_path / 'out/kg.duckdb'}: another process uses it; wait until it is done"
    )
    finish(first)


@posix
def test_a_store_that_another_process_begins_is_not_removed(tmp_path):
    path = tmp_path / "kg.duckdb"
    beginning = "import fcntl,sys; f=open(sys.argv[1],'w+b'); fcntl.lockf(f, fcntl.LOCK_EX); print('locked', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", beginning, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        other.stdout.readline()
        ended = subprocess.run(
            [
                sys.executable,
                "-c",
                f"from kg.storage.store import Store; Store(__import__('pathlib').Path({str(path)!r}))",
            ],
            capture_output=True,
            check=False,
            cwd=ROOT,
        )
        assert b"StoreError" in ended.stderr
        assert path.exists()
        other.stdin.close()
