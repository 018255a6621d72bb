"""What only POSIX has is hidden, one call after the other, and a project is built, changed, exported and read all the same.

This is no run on Windows or macOS; docs/reliability.md says what was run where.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HIDDEN = """
import asyncio, os, pathlib, signal, ssl, sys
import duckdb, networkx, numpy, onnxruntime, orjson, rich, scipy, spacy, tokenizers, typer  # they see the system as it is
import concurrent.futures.process, multiprocessing.resource_tracker, subprocess, tempfile
for name in ("sched_getaffinity", "fork", "mkfifo", "geteuid", "fchmod"):
    delattr(os, name)
for name in ("pthread_sigmask", "alarm", "SIGALRM"):
    delattr(signal, name)
sys.modules["fcntl"] = sys.modules["resource"] = None
sys.platform = "win32"
replaced = pathlib.Path.replace

def replace(self, target):
    opened = {os.path.realpath(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")}
    if {os.path.realpath(self), os.path.realpath(target)} & opened:
        raise PermissionError(13, "The process cannot access the file because it is being used", str(self))
    return replaced(self, target)

pathlib.Path.replace = replace
from kg.__main__ import main
main()
"""


def run(*arguments, **environment):
    ran = subprocess.run(
        [sys.executable, "-c", HIDDEN, *map(str, arguments)],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"} | environment,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout.decode()


@pytest.mark.skipif(sys.platform != "linux", reason="looks for open files in /proc")
def test_without_what_only_posix_has_a_project_is_built_changed_exported_and_read(tmp_path):
    rows = [
        {"id": "a", "title": "BERT read", "abstract": "BERT, trained on SQuAD: naïve Łódź."},
        {"id": "A", "title": "BERT read again", "abstract": "We train RoBERTa and BERT on SQuAD."},
    ]
    lines = "\r\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "papers.jsonl").write_bytes(lines.encode())
    console = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    out = tmp_path / "out"
    assert run("build", tmp_path / "papers.jsonl", "-o", out, "--jobs", "1", **console).startswith(
        "2 papers"
    )
    for _ in range(2):
        run("export", out, "-o", tmp_path / "graph.csv", **console)
    run("remove", "a", "-p", out, **console)
    assert "SQuAD" in run("show", "BERT", "-p", out, **console)
    run("extract", tmp_path / "papers.jsonl", "-o", tmp_path / "mentions.jsonl", **console)
    assert not list(tmp_path.rglob("*.part"))
