"""What the documents show is run: the Python of docs/python.md and of the README, and links between pages."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PYTHON = os.environ.get("KG_PYTHON")
"""Another interpreter, with kg installed, to run the examples with: the built wheel is tested so."""
PAGES = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def python_of(page):
    return "\n".join(
        re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    )


@pytest.mark.parametrize("name", ["docs/python.md", "README.md"])
def test_the_python_of_a_page_runs_as_one_script(name, tmp_path):
    pytest.importorskip("pandas")
    lines = (ROOT / "examples/papers.jsonl").read_text("utf-8").splitlines(keepends=True)
    chosen = [line for line in lines if "BERT" in line][:12]
    (tmp_path / "papers.jsonl").write_text("".join(chosen), "utf-8")
    (tmp_path / "script.py").write_text(python_of(ROOT / name), "utf-8")
    tree = {} if PYTHON else {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [PYTHON or sys.executable, "script.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "ignore", **tree},
    )
    assert ran.returncode == 0, ran.stderr
    shutil.rmtree(tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    wanted = LINK.findall(page.read_text("utf-8"))
    assert [name for name in wanted if not (page.parent / name).exists()] == []


def test_every_page_is_reachable_from_the_readme():
    seen, border = set(), [ROOT / "README.md"]
    while border:
        page = border.pop()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        border += [(page.parent / name).resolve() for name in LINK.findall(page.read_text("utf-8"))]
    assert set(PAGES) - seen == set()
