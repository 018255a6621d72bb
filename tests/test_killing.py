"""A build that is killed at any moment goes on, and ends with the same bytes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[1] / "examples/papers.jsonl"
SMALL_BATCHES = "import kg.build; kg.build.SAVED = 4; import kg.cli; kg.cli.main()"
"""The command with a transaction for every four papers, so that there is much to be interrupted."""
OUTPUTS = ("graph.html", "graph.graphml")


def start(papers, folder, seed="0"):
    return subprocess.Popen(
        [sys.executable, "-c", SMALL_BATCHES, "build", str(papers), "-o", str(folder), "--jobs", "1"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONWARNINGS": "ignore"},
    )


def finish(process):
    _, said = process.communicate(timeout=600)
    assert process.returncode == 0, said.decode()


def files(folder):
    return [(folder / name).read_bytes() for name in OUTPUTS]


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is of POSIX")
def test_a_killed_build_goes_on_to_the_same_bytes(tmp_path):
    papers = tmp_path / "papers.jsonl"
    papers.write_text("\n".join(EXAMPLES.read_text(encoding="utf-8").splitlines()[:40]), encoding="utf-8")
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    began = time.monotonic()
    finish(start(papers, whole))
    lasted = time.monotonic() - began
    for share in (0.3, 0.45, 0.6, 0.75, 0.9):
        process = start(papers, broken, seed="1")
        try:
            process.wait(lasted * share)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate()
        assert all((broken / name).read_bytes() == (whole / name).read_bytes() for name in OUTPUTS if (broken / name).exists())
    finish(start(papers, broken, seed="2"))
    assert files(broken) == files(whole)


def test_more_papers_in_batches_give_what_one_build_gives(tmp_path):
    lines = EXAMPLES.read_text(encoding="utf-8").splitlines()[:24]
    for name, part in (("all", lines[::-1]), ("first", lines[:10]), ("rest", lines[10:])):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(part), encoding="utf-8")
    finish(start(tmp_path / "all.jsonl", tmp_path / "one", seed="3"))
    finish(start(tmp_path / "rest.jsonl", tmp_path / "two"))
    finish(start(tmp_path / "first.jsonl", tmp_path / "two"))
    assert files(tmp_path / "two") == files(tmp_path / "one")
