"""A linter of npm (installed or not) reads the page's scripts as the one script they become: no name unknown, unused or shadowed, no markup made of text."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from exports.html import PAGE, SCRIPTS

FOLDER = Path(__file__).with_name("node")
LINTER = FOLDER / "node_modules" / ".bin" / "eslint"


def linted(script):
    """What the linter says; '' if nothing."""
    if shutil.which("node") is None or not LINTER.exists():
        reason = f"eslint is not installed (npm install in {FOLDER.name}/)"
        pytest.fail(reason) if os.environ.get("KG_NODE_READERS") else pytest.skip(reason)
    command = [LINTER, "--stdin", "--stdin-filename", "page.js", "--max-warnings", "0"]
    return subprocess.run(
        command,
        cwd=FOLDER,
        input=script,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    ).stdout


def test_a_linter_has_nothing_to_say():
    assert linted("\n".join((PAGE / name).read_text(encoding="utf-8") for name in SCRIPTS)) == ""


def test_it_would_say_so_of_markup_made_of_text():
    assert "Text is shown as text" in linted("window.a = (e, t) => { e.innerHTML = t; };")
