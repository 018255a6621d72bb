"""What ends a command early is one line, what a terminal would obey is shown, and no input is written over."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli.main import app
from kg.cli.terminal import escape_controls
from kg.errors import ExportError
from kg.project import build_project

ROOT = Path(__file__).resolve().parents[3]
LINE = json.dumps({"id": "x1", "title": "A title", "abstract": "We train BERT on Żółć."}) + "\n"
posix = pytest.mark.skipif(os.name != "posix", reason="devices, pipes and numbers are of POSIX")


def run(*arguments, code="from kg.__main__ import main; main()", **options):
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        check=False, cwd=options.pop("cwd", ROOT),
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"} | options.pop("env", {}),
        **{"stderr": subprocess.PIPE, "stdout": subprocess.PIPE} | options,
    )  # fmt: skip


def refusal(ran):
    """Return the one line of a command that refuses."""
    lines = ran.stderr.decode().splitlines()
    assert (ran.returncode, len(lines)) == (1, 1), ran.stderr.decode()
    return lines[0]


@pytest.fixture(name="papers")
def _papers(tmp_path):
    (tmp_path / "in").mkdir()
    path = tmp_path / "in/papers.jsonl"
    path.write_text(LINE, encoding="utf-8")
    return path


def other_names(papers, folder):
    """The same file by another path, by a link, and by the folder that is read."""
    (folder / "link.jsonl").symlink_to(papers)
    return [
        (papers, papers),
        (papers, papers.parent / "../in" / papers.name),
        (papers, folder / "link.jsonl"),
        (papers.parent, papers),
    ]


@posix
def test_no_input_is_written_over(tmp_path, papers):
    for one, output in other_names(papers, tmp_path):
        assert "is read by this command" in refusal(run("extract", one, "-o", output))
    with papers.open("rb") as stream:
        assert "is read by this command" in refusal(run("extract", "-", "-o", papers, stdin=stream))
    assert papers.read_text(encoding="utf-8") == LINE


def test_a_store_is_not_written_over_by_its_export(tmp_path, papers):
    assert run("build", papers, "-o", tmp_path / "out").returncode == 0
    store = (tmp_path / "out/kg.duckdb").rename(tmp_path / "store.json")
    before = store.read_bytes()
    assert "is read by this command" in refusal(run("export", store, "-o", store))
    assert store.read_bytes() == before


def test_an_extraction_that_fails_leaves_the_file_that_was_there(tmp_path, papers):
    output = tmp_path / "mentions.jsonl"
    output.write_text("old", encoding="utf-8")
    refusal(run("extract", papers, tmp_path / "none.jsonl", "-o", output))
    assert output.read_text(encoding="utf-8") == "old"
    assert run("extract", papers, "-o", output).returncode == 0
    assert json.loads(output.read_text(encoding="utf-8"))["id"] == "x1"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "mentions.jsonl"]


@posix
def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path, papers):
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE) as reader:
        assert run("extract", papers, "-o", tmp_path / "pipe").returncode == 0
        assert json.loads(reader.communicate()[0])["id"] == "x1"
    assert (tmp_path / "pipe").is_fifo()


def test_a_pipe_takes_utf_8_whatever_the_console_speaks(papers):
    ran = run("extract", papers, env={"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"})
    assert ran.returncode == 0, ran.stderr
    line = json.loads(ran.stdout.decode("utf-8"))
    assert any("Żółć" in name for one in line["entities"] for name in one["names"]) or line["id"]
    ran = run("show", "Żółć", "-p", papers, env={"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"})
    assert ran.returncode == 1
    assert b"Traceback" not in ran.stderr


@posix
@pytest.mark.parametrize("closed", ["1", "0<&- 2", "0<&- 1>&- 2"])
def test_a_closed_stream_is_told_or_done_without(tmp_path, papers, closed):
    command = f'"{sys.executable}" -m kg extract "{papers}" -o "{tmp_path}/a.jsonl" {closed}>&-'
    ran = run(code="import os, sys; sys.exit(os.system(sys.argv[1]) >> 8)", *[command])  # noqa: B026
    assert b"Traceback" not in ran.stderr
    if closed == "1":
        assert b"kg: standard output is closed" in ran.stderr
    assert ran.returncode == ("1" in closed)
    assert (tmp_path / "a.jsonl").exists() == ("1" not in closed)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_device_is_told(papers):
    with Path("/dev/full").open("w") as full:
        assert "No space left" in refusal(run("extract", papers, stdout=full))


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        ("MemoryError", 1, "not enough memory"),
        ("KeyboardInterrupt", 130, "stopped; a build's progress is saved"),
        ("BrokenPipeError", 1, ""),
    ],
)
def test_what_ends_a_command_from_outside_is_one_line(papers, error, code, said):
    script = (
        f"import kg.project\ndef fails(*_, **__): raise {error}\n"
        "kg.project.build_project = fails\nfrom kg.__main__ import main; main()"
    )
    ran = run("build", papers, code=script)
    assert ran.returncode == code
    assert len(ran.stderr.decode().splitlines()) == bool(said)
    assert said in ran.stderr.decode()


def test_ctrl_c_while_libraries_are_loaded_is_one_line():
    script = (
        "import builtins; load = builtins.__import__\n"
        "def fails(name, *rest):\n"
        "    if name == 'networkx': raise KeyboardInterrupt\n"
        "    return load(name, *rest)\n"
        "builtins.__import__ = fails\nfrom kg.__main__ import main; main()"
    )
    ran = run("--help", code=script)
    assert (ran.returncode, ran.stderr) == (130, b"kg: stopped\n")


def test_what_a_terminal_would_obey_is_shown():
    assert escape_controls("a\x1b]0;t\x07\r\x9b2J\u202eb\tc\nd é") == (
        r"a\x1b]0;t\x07\r\x9b2J\u202eb" + "\tc\nd é"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="such names are of POSIX")
def test_no_name_of_a_file_moves_the_terminal(tmp_path, papers):
    papers.rename(papers.with_name("\x1b[2J.jsonl"))
    (papers.parent / "a\x1b[2J.odd").touch()
    out = tmp_path / "o\x1b[2J"
    ran = run("build", papers.parent, tmp_path / "in/\x1b[2J.jsonl", "-o", out)
    assert ran.returncode == 0, ran.stderr
    assert b"\x1b" not in ran.stdout + ran.stderr
    assert rb"a\x1b[2J.odd" in ran.stdout
    for ran in (run("build", tmp_path / "\x1b[1m"), run("show", "\x1b[1m", "-p", out)):
        assert b"\x1b" not in refusal(ran).encode()


WRITERS = {
    "trends": [], "communities": [], "gaps": [], "matrix": [], "compare": ["2017", "2018-"],
    "papers": ["BERT"], "export": [], "export --cooccurrence": [], "thesaurus": [],
}  # fmt: skip


@pytest.fixture(name="project", scope="module")
def _project(tmp_path_factory):
    """A project, the papers that it was built from, and its store under the name of a table."""
    folder = tmp_path_factory.mktemp("project")
    papers = folder / "papers.csv"
    papers.write_text(
        'id,title,abstract,year\nx1,One,"We train BERT on SQuAD.",2017\n'
        'x2,Two,"BERT on GLUE.",2018\n',
        encoding="utf-8",
    )
    build_project([papers], folder / "out", jobs=1)
    (folder / "store.csv").symlink_to(folder / "out/kg.duckdb")
    return folder


@posix
@pytest.mark.parametrize("output", ["papers.csv", "store.csv", "out/kg.duckdb"])
@pytest.mark.parametrize("command", WRITERS)
def test_no_command_writes_over_the_store_or_the_papers_that_it_was_built_from(
    project, tmp_path, command, output
):
    held = [(project / name).read_bytes() for name in ("papers.csv", "out/kg.duckdb")]
    name, *options = command.split()
    written = project / output
    if command == "export":  # which writes two tables
        (tmp_path / "t.links.csv").symlink_to(written)
        written = tmp_path / "t.csv"
    rest = [*WRITERS[command], *options, "-p", str(project / "out"), "-o", str(written)]
    ran = CliRunner().invoke(app, [name, *rest])
    assert isinstance(ran.exception, ExportError), ran.output
    assert "expected another file to write to" in str(ran.exception)
    assert held == [(project / name).read_bytes() for name in ("papers.csv", "out/kg.duckdb")]
