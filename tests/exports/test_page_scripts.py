"""The page's scripts without a browser: their own tests, what a linter of npm says of each, and the one module that the exporter makes of them."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from exports.html import PAGE, bundle

FOLDER = Path(__file__).with_name("node")
LINTER = FOLDER / "node_modules" / ".bin" / "eslint"
NAMES = sorted(path.stem for path in PAGE.glob("*.js"))


def missing(reason):
    pytest.fail(reason) if os.environ.get("KG_NODE_READERS") else pytest.skip(reason)


def linted(*files, script=None):
    """What the linter says of files, or of a script; '' if nothing."""
    if shutil.which("node") is None or not LINTER.exists():
        missing(f"eslint is not installed (npm install in {FOLDER.name}/)")
    names = ["--stdin", "--stdin-filename", "page.js"] if script else []
    return subprocess.run(
        [LINTER, "--max-warnings", "0", *names, *files],
        cwd=FOLDER,
        input=script,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    ).stdout


def test_a_linter_has_nothing_to_say_of_any_module():
    assert "".join(linted(script=(PAGE / f"{name}.js").read_text("utf-8")) for name in NAMES) == ""


def test_it_would_say_so_of_markup_made_of_text():
    assert "Text is shown as text" in linted(
        script="export const a = (e, t) => { e.innerHTML = t; };"
    )


def test_the_modules_pass_their_own_tests():
    if shutil.which("node") is None:
        missing("node is not installed")
    done = subprocess.run(
        ["node", "--test", FOLDER / "page.test.mjs"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_bundle_holds_every_module_after_those_it_needs_and_nothing_global():
    text = bundle()
    order = re.findall(r"^const (\w+)_module = \(\(\) => \{$", text, re.MULTILINE)
    assert sorted(order) == [name.replace("-", "_") for name in NAMES]
    for name in NAMES:
        source = (PAGE / f"{name}.js").read_text("utf-8")
        needed = re.findall(r'from "\./([\w-]+)\.js"', source)
        assert all(order.index(other) < order.index(name) for other in needed)
    assert not re.search(r"^\s*(?:import|export) ", text, re.MULTILINE)


def test_every_name_that_a_module_imports_is_exported_where_it_is_imported_from():
    exported = {
        name: set(
            re.findall(
                r"^export (?:async )?(?:function\*?|const|class) (\w+)",
                (PAGE / f"{name}.js").read_text("utf-8"),
                re.MULTILINE,
            )
        )
        for name in NAMES
    }
    for name in NAMES:
        source = (PAGE / f"{name}.js").read_text("utf-8")
        for names, other in re.findall(
            r'^import \{([^}]*)\} from "\./([\w-]+)\.js";', source, re.MULTILINE
        ):
            wanted = {one.split(" as ")[0].strip() for one in names.split(",")}
            assert wanted <= exported[other], f"{name} from {other}"
