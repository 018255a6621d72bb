"""Wherever Python code runs: a script without a guard, a thread, another pool, a bare notebook."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BUILD = "kg.build_graph({papers!r}, jobs={jobs})"
SCRIPTS = {
    "a script without a guard": "import kg\nprint('once')\nprint(len({build}))",
    "a thread": (
        "import threading, kg\n"
        "thread = threading.Thread(target=lambda: print(len({build})))\n"
        "thread.start(); thread.join()\nprint('once')"
    ),
    "a worker of another pool": (
        "import multiprocessing, kg\n"
        "def nodes(_):\n    return len({build})\n"
        "if __name__ == '__main__':\n"
        "    print('once')\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
        "        print(pool.map(nodes, [0])[0])"
    ),
}


@pytest.fixture(name="papers", scope="module")
def _papers(tmp_path_factory):
    """More papers than one batch holds, so that processes are started."""
    path = tmp_path_factory.mktemp("papers") / "papers.jsonl"
    rows = (
        f'{{"id": "p{n}", "title": "Paper {n}", "abstract": "We train BERT on SQuAD, run {n}."}}\n'
        for n in range(70)
    )
    path.write_text("".join(rows), encoding="utf-8")
    return str(path)


def environment():
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}


@pytest.mark.parametrize("where", sorted(SCRIPTS))
def test_a_graph_is_built_in(where, papers, tmp_path):
    jobs = None if "pool" in where else 2
    script = tmp_path / "script.py"
    script.write_text(SCRIPTS[where].format(build=BUILD.format(papers=papers, jobs=jobs)), "utf-8")
    ran = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, env=environment()
    )
    assert ran.returncode == 0, ran.stderr
    assert sorted(ran.stdout.split()) == ["2", "once"]


def test_a_worker_that_may_not_start_processes_says_so(papers, tmp_path):
    script = tmp_path / "script.py"
    build = BUILD.format(papers=papers, jobs=2)
    script.write_text(SCRIPTS["a worker of another pool"].format(build=build), "utf-8")
    ran = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, env=environment()
    )
    assert "and may not start processes; use jobs=1" in ran.stderr


def test_a_graph_is_built_in_a_notebook_without_widgets(papers, monkeypatch):
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    cells = [
        "import sys; sys.modules['ipywidgets'] = None",
        f"import kg; len({BUILD.format(papers=papers, jobs=1)})",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    assert notebook.cells[1].outputs[-1].data["text/plain"] == "2"
