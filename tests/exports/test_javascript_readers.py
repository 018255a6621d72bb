"""The parsers that Gephi Lite uses (graphology) and Cytoscape.js read our files; they are packages of npm, installed or not."""

import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from graphs import nasty_view
from records import small_view

import exports
from exports.columns import unique_ids
from exports.files import one_line

FOLDER = Path(__file__).with_name("node")
NODE = shutil.which("node")
VIEWS = {"small": small_view, "nasty": nasty_view}


def read(kind, path):
    """What a JavaScript reader finds in a file."""
    done = subprocess.run(
        [NODE, "read.cjs", kind, str(path)],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return json.loads(done.stdout)


@pytest.fixture(name="readers", scope="module")
def _readers():
    """Skip, saying why, where node or a package is missing; in CI, where they are to be installed, KG_NODE_READERS makes that a failure."""
    needed = list(json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"])
    script = f"{json.dumps(needed)}.forEach((name) => require.resolve(name))"
    if NODE is None:
        reason = "node is not installed"
    elif subprocess.run(
        [NODE, "-e", script], cwd=FOLDER, capture_output=True, check=False
    ).returncode:
        reason = f"not all of {', '.join(needed)} are installed (npm install in {FOLDER.name}/)"
    else:
        return
    if os.environ.get("KG_NODE_READERS"):
        pytest.fail(reason)
    pytest.skip(reason)


def greatest_year(view, ends, data):
    """The papers of a link in its best year: Gephi Lite has no time, and takes this from GEXF for the weight."""
    years = Counter(marked.paper.year for marked in view.papers() if set(ends) <= set(marked.nodes))
    years.pop(None, None)
    return max(years.values(), default=data["weight"])


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kind", ["graphml", "gexf", "cyjs"])
@pytest.mark.usefixtures("readers")
def test_a_reader_of_others_finds_the_same_nodes_and_links(tmp_path, kind, view):
    given = VIEWS[view]()
    path = tmp_path / f"graph.{kind}"
    exports.write(given, path)
    found = read(kind, path)
    ids = dict(zip(given.graph, unique_ids(given.graph), strict=True))
    assert found["type"] == "undirected"
    for shown, (name, data) in zip(found["nodes"], given.graph.nodes(data=True), strict=True):
        assert shown["id"] == ids[name]
        assert shown["label"] == (one_line(data["label"]) or ids[name])
        assert (shown["type"], shown["papers"], shown["size"]) == (
            data["type"],
            data["papers"],
            data["size"],
        )
        assert (shown["x"], abs(shown["y"])) == (data["x"], abs(data["y"]))
    assert {
        frozenset((link["source"], link["target"])): (link["weight"], f"{link['npmi']:.4g}")
        for link in found["edges"]
    } == {
        frozenset(map(ids.get, ends)): (
            greatest_year(given, ends, data) if kind == "gexf" else data["weight"],
            f"{data['npmi']:.4g}",
        )
        for *ends, data in given.graph.edges(data=True)
    }


@pytest.mark.parametrize("kind", ["graphml", "gexf"])
@pytest.mark.usefixtures("readers")
def test_gephi_lite_sees_colours(tmp_path, kind):
    path = tmp_path / f"graph.{kind}"
    exports.write(small_view(), path)
    colours = {
        node["id"]: node["color"].replace(" ", "").lower() for node in read(kind, path)["nodes"]
    }
    assert colours["bert"] in {"#1895fc", "rgb(24,149,252)"}
