"""Between an interrupted build or removal and the next one nobody reads a graph that is not that of the papers."""

import json

import pytest
from test_silence import COMMANDS
from typer.testing import CliRunner

import kg.api
import kg.project
from kg.cli.main import app
from kg.errors import StoreError
from kg.graph.filters import Filters
from kg.project import Observer, build_project, export, remove

NAMES = ("BERT", "RoBERTa", "ResNet-50", "SQuAD", "GLUE", "ImageNet")
ROWS = [
    {"id": f"p{n}", "title": one, "abstract": f"We train {one} on {other}.", "year": 2017 + n}
    for n, (one, other) in enumerate(zip(NAMES, NAMES[::-1], strict=True))
]
LATER = [{**ROWS[0], "abstract": "A longer text, in which BERT is trained on GLUE."}, *ROWS[1:], {**ROWS[3], "id": "p9", "abstract": "GLUE and BERT on SQuAD."}]  # fmt: skip
READERS = sorted(COMMANDS.keys() - {"build", "extract", "evaluate", "remove"})
"""The commands that look at a project."""


class Stops(Observer):
    """Stops what it watches at the beginning of a step, or when so many papers of it are done."""

    def __init__(self, step, papers=0):
        self.wanted, self.left, self.now = step, papers, None

    def step(self, name, total=None):  # noqa: ARG002 - an observer's signature
        """Stop here if this is the step."""
        self.now = name
        if name == self.wanted and not self.left:
            raise KeyboardInterrupt

    def advance(self, count=1):
        """Stop here if enough papers of the step are done."""
        if self.now == self.wanted:
            self.left -= count
            if self.left <= 0:
                raise KeyboardInterrupt


STEPS = {
    "before a paper is read": ("finding names", 0),
    "when one batch is saved": ("finding names", 1),
    "before names are resolved": ("resolving names", 0),
    "before the graph is written": ("linking", 0),
    "before its layout is found": ("laying out", 0),
}


def papers(folder, rows):
    path = folder / "papers.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return [path]


def outputs(folder):
    export(folder, folder.parent / "graph.json", Filters())
    files = [folder / "graph.html", folder / "graph.graphml", folder.parent / "graph.json"]
    return [path.read_bytes() for path in files]


@pytest.fixture(name="project")
def _project(tmp_path, monkeypatch):
    """A project of some papers, and what a build of others makes."""
    monkeypatch.setattr(kg.project, "SAVED", 1)
    build_project(papers(tmp_path, ROWS), tmp_path / "out", jobs=1)
    return tmp_path / "out"


@pytest.fixture(name="whole")
def _whole(tmp_path):
    def whole(rows):
        (tmp_path / "whole").mkdir()
        build_project(papers(tmp_path, rows), tmp_path / "whole/out", jobs=1)
        return outputs(tmp_path / "whole/out")

    return whole


def refused_everywhere(project):
    """Whether every command and the Python interface refuse to read, naming the command that mends it."""
    places = {"out": project, "folder": project.parent}
    for name in READERS:
        ran = CliRunner().invoke(app, [name, *(part.format(**places) for part in COMMANDS[name])])
        assert isinstance(ran.exception, StoreError), name
        assert f"run kg build -o {project} to finish it" in str(ran.exception)
        assert not ran.stdout
    with pytest.raises(StoreError, match="to finish it"):
        _ = kg.api.open_project(project).graph
    return True


@pytest.mark.parametrize("stop", STEPS.values(), ids=STEPS)
def test_after_an_interrupted_build_nobody_reads_until_it_is_finished(
    tmp_path, project, whole, stop
):
    with pytest.raises(KeyboardInterrupt):
        build_project(papers(tmp_path, LATER), project, jobs=1, observer=Stops(*stop))
    assert refused_everywhere(project)
    ran = CliRunner().invoke(app, ["build", "-o", str(project), "--jobs", "1"])
    assert ran.exit_code == 0, ran.output
    assert outputs(project) == whole(LATER)


@pytest.mark.parametrize("step", ["resolving names", "linking", "laying out"])
def test_after_an_interrupted_removal_nobody_reads_until_it_is_finished(project, whole, step):
    with pytest.raises(KeyboardInterrupt):
        remove(project, ["p0", "p3"], Stops(step))
    assert refused_everywhere(project)
    build_project([], project, jobs=1)
    assert outputs(project) == whole([row for row in ROWS if row["id"] not in {"p0", "p3"}])


@pytest.mark.parametrize("step", ["reading papers", "writing files"])
def test_before_a_change_and_after_its_graph_is_written_the_store_can_be_read(
    tmp_path, project, whole, step
):
    with pytest.raises(KeyboardInterrupt):
        build_project(papers(tmp_path, LATER), project, jobs=1, observer=Stops(step))
    export(project, tmp_path / "now.json", Filters())
    expected = whole(LATER if step == "writing files" else ROWS)
    assert (tmp_path / "now.json").read_bytes() == expected[2]


def test_without_an_input_the_thesaurus_of_the_last_build_is_kept_or_a_new_one_taken(tmp_path):
    names = tmp_path / "names.tsv"
    names.write_text("RoBERTa\tBERT\n", encoding="utf-8")
    build_project(papers(tmp_path, ROWS), tmp_path / "out", thesaurus=names, jobs=1)
    before = outputs(tmp_path / "out")
    build_project([], tmp_path / "out", jobs=1)
    assert outputs(tmp_path / "out") == before
    names.write_text("", encoding="utf-8")
    build_project([], tmp_path / "out", thesaurus=names, jobs=1)
    assert outputs(tmp_path / "out") != before


def test_a_store_that_another_kg_has_read_says_so_in_its_report(project, monkeypatch):
    before = CliRunner().invoke(app, ["report", "-p", str(project)]).stdout
    monkeypatch.setattr("pipelines.fingerprint", lambda: "another")
    after = CliRunner().invoke(app, ["report", "-p", str(project)]).stdout
    assert after.startswith("read by another version of kg or of its libraries")
    checks, paragraph = before.split("\nfor a methods section:")
    assert checks in after
    assert paragraph.split(" from ")[1] in after
