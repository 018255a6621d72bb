"""The commands, from what a user types to what a user reads."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import duckdb
import networkx as nx
import pytest
import rdflib
import typer
from typer.testing import CliRunner

import exports
import kg
from exports.columns import unique_ids
from exports.node_link import read_node_link
from kg.cli.build import report_lines
from kg.cli.main import app
from kg.graph.assemble import read_graph
from kg.graph.filters import Filters, filter_graph
from kg.records import EntityType
from kg.resolution.interpretation import LeftOut
from kg.resolution.resolve import Report
from kg.storage.store import Store

EXAMPLES = Path(__file__).resolve().parents[3] / "examples/papers.jsonl"
DOCS = (Path(__file__).resolve().parents[3] / "docs/cli.md").read_text(encoding="utf-8")


def run(*arguments, stdin=None, cwd=None):
    ran = subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        input=stdin,
        cwd=cwd,
        encoding="utf-8",
        env={**os.environ, "PYTHONWARNINGS": "ignore", "COLUMNS": "100"},
    )
    assert "Traceback" not in ran.stderr + ran.stdout
    return ran


@pytest.fixture(name="few", scope="module")
def _few(tmp_path_factory):
    """Twelve example papers, built as a project."""
    folder = tmp_path_factory.mktemp("few")
    lines = EXAMPLES.read_text(encoding="utf-8").splitlines()
    chosen = [
        line
        for line in lines
        if any(
            name in line
            for name in (
                '"bert-2018"',
                '"roberta-2019"',
                '"resnet-2015"',
                '"attention-2017"',
                '"gpt-2018"',
                '"xlnet-2019"',
                '"albert-2019"',
                '"elmo-2018"',
            )
        )
    ]
    (folder / "papers.jsonl").write_text("\n".join([*chosen, "{broken"]), encoding="utf-8")
    built = run("build", folder / "papers.jsonl", "-o", folder / "out")
    assert built.returncode == 0, built.stderr
    return folder, built


def test_build_writes_page_graph_and_store_and_a_summary(few):
    folder, built = few
    assert {path.name for path in (folder / "out").iterdir()} == {
        "graph.html",
        "graph.graphml",
        "kg.duckdb",
    }
    assert built.stdout.startswith(
        "8 papers\n9 records read: 8 new, 0 changed, 0 known, 1 skipped\n"
    )
    assert "strongest links:" in built.stdout
    assert "1 skipped:" in built.stdout
    assert "papers.jsonl:9: broken JSON" in built.stdout
    assert str(folder / "out/graph.html") in built.stdout
    assert built.stderr == ""


def test_the_summary_counts_what_a_reader_should_check():
    report = Report(
        left_out=(LeftOut(7, "model", "generic", ""),),
        single=(),
        close=(("sgd", ((EntityType.METHOD, 2), (EntityType.DATASET, 2))),),
        apart=(),
        unused=("x",),
    )

    lines = report_lines(report, 3)

    assert lines == [
        "",
        "names left out: 1, such as model (7)",
        "to check with kg report: 3 papers without a node, 1 nodes of uncertain type",
        "thesaurus x matches nothing",
    ]


def test_the_graph_holds_what_the_papers_are_about(few):
    graph = nx.read_graphml(few[0] / "out/graph.graphml")
    labels = {data["label"]: data["type"] for _, data in graph.nodes(data=True)}
    assert labels["BERT"] == "method"
    assert labels["RoBERTa"] == "method"
    assert {"SQuAD", "GLUE"} & set(labels)


def test_from_python_it_is_one_call(few):
    with pytest.warns(UserWarning, match="1 records skipped"):
        graph = kg.build_graph(few[0] / "papers.jsonl")
    assert type(graph) is nx.Graph
    assert set(graph) == set(nx.read_graphml(few[0] / "out/graph.graphml"))


def test_a_second_run_reads_nothing_anew_and_gives_the_same_bytes(few):
    folder, _ = few
    before = [(folder / "out" / name).read_bytes() for name in ("graph.html", "graph.graphml")]
    again = run("build", folder / "papers.jsonl", "-o", folder / "out")
    assert "9 records read: 0 new, 0 changed, 8 known, 1 skipped" in again.stdout
    assert [
        (folder / "out" / name).read_bytes() for name in ("graph.html", "graph.graphml")
    ] == before


def test_extract_writes_a_line_a_paper_with_spans_of_the_text(few):
    ran = run("extract", few[0] / "papers.jsonl")
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    papers = {
        row["id"]: f"{row['title']}\n{row['abstract']}"
        for row in map(json.loads, EXAMPLES.read_text(encoding="utf-8").splitlines())
    }
    assert len(rows) == 8
    assert "skipped" in ran.stderr
    for row in rows:
        assert row["entities"]
        for entity in row["entities"]:
            assert {papers[row["id"]][start:end] for start, end in entity["spans"]} == set(
                entity["names"]
            )


def test_show_and_links_answer_with_evidence(few):
    shown = run("show", "BERT", "-p", few[0] / "out")
    assert shown.stdout.startswith("BERT  [method]")
    assert "[BERT]" in shown.stdout
    linked = run("links", "BERT", "RoBERTa", "-p", few[0] / "out")
    assert "[RoBERTa]" in linked.stdout
    assert "association" in linked.stdout
    assert len(run("links", "BERT", "-p", few[0] / "out").stdout.splitlines()) > 5


def test_links_without_a_node_and_the_matrix_are_of_the_whole_graph(few, tmp_path):
    shown = run("links", "-n", "3", "-p", few[0] / "out").stdout
    assert shown.startswith("strongest links:")
    assert "links; -n sets how many" in shown
    ran = run("matrix", few[0] / "out", "--kind", "papers", "-o", tmp_path / "matrix.csv")
    assert "pairs of a method and data" in ran.stdout
    assert "method_label" in (tmp_path / "matrix.csv").read_text(encoding="utf-8")
    assert run("matrix", few[0] / "out", "--kind", "papers").stdout.count("\n") > 5


def test_export_writes_a_part(few, tmp_path):
    ran = run(
        "export",
        few[0] / "out",
        "-o",
        tmp_path / "part.graphml",
        "--types",
        "method",
        "--min-papers",
        "2",
    )
    part = nx.read_graphml(tmp_path / "part.graphml")
    assert ran.stdout.startswith(f"{len(part)} nodes, ")
    assert {data["type"] for _, data in part.nodes(data=True)} == {"method"}
    assert min(data["papers"] for _, data in part.nodes(data=True)) == 2


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("a.json", ["a.json"]),
        ("a.csv", ["a.nodes.csv", "a.links.csv"]),
        ("a.parquet", ["a.nodes.parquet", "a.links.parquet"]),
    ],
)
def test_export_says_which_files_it_wrote(few, tmp_path, name, files):
    ran = run("export", few[0] / "out", "-o", tmp_path / name)
    assert ran.stdout.rstrip().split(" links: ")[1] == ", ".join(
        str(tmp_path / file) for file in files
    )
    assert {path.name for path in tmp_path.iterdir()} == set(files)


def page_of(path):
    found = json.loads(
        re.search(r'id="graph">(.*?)</script>', path.read_text(encoding="utf-8"), re.DOTALL)[1]
    )
    return found["ids"], found["links"]


def table_of(path):
    nodes, links = (
        [row[0] for row in duckdb.sql(f"SELECT id FROM '{one}'").fetchall()]
        for one in exports.written_paths(path)
    )
    return nodes, len(links)


def cytoscape_of(path):
    found = json.loads(path.read_text(encoding="utf-8"))["elements"]
    return [one["data"]["id"] for one in found["nodes"]], len(found["edges"])


def vosviewer_of(path):
    found = json.loads(path.read_text(encoding="utf-8"))["network"]
    return [one["label"] for one in found["items"]], len(found["links"])


def cypher_of(path):
    text = path.read_text(encoding="utf-8")
    nodes = [line for line in text.splitlines() if "MERGE (n:Node" in line]
    return [name for line in nodes for name in re.findall(r'\bid: "([^"]*)"', line)], text.count(
        "source: "
    )


def turtle_of(path):
    found = rdflib.Graph().parse(path)
    nodes = found.subjects(rdflib.RDF.type, rdflib.URIRef("urn:kg:vocabulary:Node"))
    return [unquote(str(node).removeprefix("urn:kg:node:")) for node in nodes], len(
        set(found.subjects(rdflib.RDF.type, rdflib.URIRef("urn:kg:vocabulary:CoMention")))
    )


def graph_of(read):
    return lambda path: (list(graph := read(path)), graph.number_of_edges())


READERS = {
    ".csv": table_of, ".cyjs": cytoscape_of, ".cypher": cypher_of, ".gexf": graph_of(nx.read_gexf), ".graphml": graph_of(nx.read_graphml), ".html": page_of,
    ".json": graph_of(lambda path: read_node_link(path).graph), ".parquet": table_of, ".ttl": turtle_of, ".vosviewer.json": vosviewer_of,
}  # fmt: skip


def test_every_format_has_a_reader_here():
    elsewhere = {".net", ".pdf", ".png", ".svg", ".vosviewer.txt", ".xlsx"}
    assert set(READERS) | elsewhere == set(exports.FORMATS)


@pytest.mark.parametrize(
    ("options", "filters"),
    [
        ([], Filters()),
        (
            ["--types", "method,dataset"],
            Filters(types=frozenset({EntityType.METHOD, EntityType.DATASET})),
        ),
        (["--min-papers", "2"], Filters(min_papers=2)),
        (["--min-link", "2"], Filters(min_link=2)),
        (["--since", "2019"], Filters(since=2019)),
        (["--until", "2017"], Filters(until=2017)),
        (["--around", "SQuAD", "--hops", "1"], Filters(around="SQuAD")),
        (["--communities", "1,0"], Filters(communities=frozenset({0, 1}))),
        (["--linked", "--min-link", "2"], Filters(linked=True, min_link=2)),
        (["--max-links", "5"], Filters(max_links=5)),
        (["--max-nodes", "4"], Filters(max_nodes=4)),
        (
            ["--types", "method", "--since", "2018", "--max-nodes", "3"],
            Filters(types=frozenset({EntityType.METHOD}), since=2018, max_nodes=3),
        ),
    ],
    ids=lambda given: " ".join(given) or "all" if isinstance(given, list) else "",
)
def test_each_filter_keeps_the_same_in_every_format(few, tmp_path, options, filters):
    with Store(few[0] / "out/kg.duckdb", read_only=True) as store:
        whole = read_graph(store)
    part = filter_graph(whole, filters)
    assert (len(part), part.number_of_edges()) != (
        len(whole),
        whole.number_of_edges(),
    ) or not options
    assert len(part) > 1
    for suffix, read in READERS.items():
        path = tmp_path / f"part{suffix}"
        ran = CliRunner().invoke(app, ["export", str(few[0] / "out"), "-o", str(path), *options])
        assert ran.output.startswith(f"{len(part)} nodes, {part.number_of_edges()} links: "), suffix
        names, links = read(path)
        wanted = (
            [label for _, label in part.nodes(data="label")]
            if suffix == ".vosviewer.json"
            else unique_ids(part)
        )
        assert (sorted(names), links) == (sorted(wanted), part.number_of_edges()), suffix


def test_where_no_link_is_significant_export_says_that_all_are_kept(few, tmp_path):
    ran = run("export", few[0] / "out", "-o", tmp_path / "part.gexf", "--backbone", "0.01")
    assert ran.stderr == "kg: no link has q at most 0.01: all are kept\n"
    assert "links with q at most 0.01 (all, as there is none)" in (
        tmp_path / "part.gexf"
    ).read_text(encoding="utf-8")


def test_report_and_thesaurus_speak_of_the_project(few):
    report = run("report", "-p", few[0] / "out").stdout
    assert "papers without a node: 0 of 8" in report
    assert re.search(
        r"for a methods section:\nThe graph was built with kg \S+ \(reader [0-9a-f]{8}\) from 8 records of 1 sources:"
        r" papers.jsonl \(8\). Skipped records: 1 .*\. 0 were duplicates, which left 8 papers",
        report,
    )
    assert run("thesaurus", "-p", few[0] / "out").stdout.startswith("label\treplace by\ttype\n")


def test_a_thesaurus_renames_without_reading_again(few, tmp_path):
    (tmp_path / "names.tsv").write_text(
        "label\treplace by\nRoBERTa\tBERT\nno such name\tx\n", encoding="utf-8"
    )
    ran = run(
        "build",
        few[0] / "papers.jsonl",
        "-o",
        tmp_path / "out",
        "--thesaurus",
        tmp_path / "names.tsv",
    )
    labels = {
        data["label"]
        for _, data in nx.read_graphml(tmp_path / "out/graph.graphml").nodes(data=True)
    }
    assert "RoBERTa" not in labels
    assert "no such name" in ran.stdout
    for option, kept in ((), True), (("--no-thesaurus",), False):
        ran = run("build", few[0] / "papers.jsonl", "-o", tmp_path / "out", *option)
        assert ("thesaurus: 2 lines" in ran.stdout) is kept
        graph = nx.read_graphml(tmp_path / "out/graph.graphml")
        assert ("RoBERTa" in {label for _, label in graph.nodes(data="label")}) is not kept


def test_tasks_and_metrics_become_nodes_on_request(few, tmp_path):
    ran = run("build", few[0] / "papers.jsonl", "-o", tmp_path / "out", "--nodes", "task,dataset")
    assert ran.returncode == 0, ran.stderr
    graph = nx.read_graphml(tmp_path / "out/graph.graphml")
    assert {kind for _, kind in graph.nodes(data="type")} == {"task", "dataset"}


def test_standard_input_is_read():
    ran = run(
        "extract",
        "-",
        stdin='{"id": "a", "title": "BERT", "abstract": "We fine-tune BERT on the SQuAD dataset."}\n',
    )
    assert json.loads(ran.stdout)["id"] == "a"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["build", "none.jsonl"], "kg: none.jsonl: no such file or folder"),
        (["build", "."], "kg: .: no paper found"),
        (["show", "BERT"], "kg: kg-out: no such store; make one with kg build"),
        (["export", "none", "-o", "x.graphml"], "no such store"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_1(tmp_path, arguments, said):
    ran = run(*arguments, cwd=tmp_path)
    assert ran.returncode == 1
    assert said in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert ran.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["extract"],
        ["export", "x", "-o", "y.html", "--hops", "0"],
        ["build", "x", "--jobs", "many"],
    ],
)
def test_wrong_usage_is_exit_code_2(arguments):
    assert run(*arguments).returncode == 2


def test_an_unknown_node_and_an_unknown_format_are_told(few, tmp_path):
    assert "no node is called 'zzz'" in run("show", "zzz", "-p", few[0] / "out").stderr
    ran = run("export", few[0] / "out", "-o", tmp_path / "x.dot")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "unknown format '.dot'" in ran.stderr


@pytest.mark.skipif(
    os.name != "posix" or not Path("/dev/full").exists(), reason="no /dev/full here"
)
def test_a_full_disk_is_told():
    ran = subprocess.run(
        f"{sys.executable} -m kg extract {EXAMPLES} > /dev/full",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in ran.stderr
    assert "No space left" in ran.stderr


def test_trends_shows_what_rises_and_writes_what_was_tested(few, tmp_path):
    ran = run("trends", few[0] / "out", "--min-papers", "3", "--level", "1", "--until", "2019")
    assert "7 papers, 2016-2019; " in ran.stdout
    assert re.search(r"rising nodes: \d+", ran.stdout)
    assert re.search(r"\d  [ ▁▂▃▄▅▆▇█·]{4} +BERT \[method\]", ran.stdout)
    wrote = run("trends", few[0] / "out", "--min-papers", "3", "-o", tmp_path / "t.json")
    assert str(tmp_path / "t.json") in wrote.stdout
    assert "bert" in {
        row["id"] for row in json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))
    }
    assert (
        "papers of 1 year; a trend needs two or more"
        in run("trends", few[0] / "out", "--since", "2019", "--until", "2019").stderr
    )


def test_gaps_come_with_their_back_test(few):
    ran = CliRunner().invoke(
        app, ["gaps", str(few[0] / "out"), "--split", "2018", "--min-papers", "1"]
    )
    assert re.match(
        r"back-test: known up to 2018; of [\d,]+ pairs \d+ were mentioned together later\nof the best \d+: \d+ came; by popularity \d+, by popularity of late \d+, by chance [\d.]+\n",
        ran.stdout,
    )
    assert " through " in ran.stdout


def test_communities_are_shown_with_their_names_and_bridges_and_written(few, tmp_path):
    with Store(few[0] / "out/kg.duckdb", read_only=True) as store:
        graph = read_graph(store)
    name = next(
        data["community_name"] for _, data in graph.nodes(data=True) if data["community"] == 0
    )
    ran = CliRunner().invoke(app, ["communities", str(few[0] / "out")])
    assert re.search(rf"^ +0 +\d+ +\d+ +\d+  {re.escape(name)}$", ran.stdout, re.MULTILINE)
    assert re.search(
        r"^ +0\.\d{4}  .+ \[\w+\]  joins communities \d+ \(\d+\), ", ran.stdout, re.MULTILINE
    )
    CliRunner().invoke(app, ["communities", str(few[0] / "out"), "-o", str(tmp_path / "c.json")])
    assert json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))[0]["name"] == name


def test_two_periods_or_two_projects_are_compared(few, tmp_path):
    out = str(few[0] / "out")
    ran = CliRunner().invoke(
        app, ["compare", "2017-2018", "2019-", "-p", out, "--min-papers", "1", "-n", "100"]
    )
    assert ran.stdout.startswith("A: 3 papers, B: 4 papers\n")
    assert re.search(
        r"^new nodes: \d+(.*\n)+? +0 → \d +q .*RoBERTa \[method\]$", ran.stdout, re.MULTILINE
    )
    assert re.search(r"^gone links: \d+", ran.stdout, re.MULTILINE)
    same = CliRunner().invoke(
        app, ["compare", out, out, "-o", str(tmp_path / "changes.json"), "--min-papers", "1"]
    )
    assert str(tmp_path / "changes.json") in same.stdout
    assert {
        row["kind"] for row in json.loads((tmp_path / "changes.json").read_text(encoding="utf-8"))
    } == {"same"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["compare", "2019", "none"], "expected two projects or two periods such as 2010-2015"),
        (["export", "none", "-o", "x.json", "--communities", "0;1"], "such as 0,3"),
        (["export", "none", "-o", "x.json", "--types", "thing"], "expected types from"),
    ],
)
def test_wrong_usage_says_what_was_expected(arguments, said):
    ran = CliRunner().invoke(app, arguments, terminal_width=200)
    assert ran.exit_code == 2
    assert said in " ".join(ran.stderr.replace("│", " ").split())


COMMANDS = typer.main.get_command(app).commands


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_with_an_example_and_stands_in_the_docs(name):
    command = COMMANDS[name]
    told = " ".join(DOCS.split(f"\n## kg {name}\n")[1].split("\n## ")[0].split())
    assert "Example" in command.epilog
    wanted = [
        command.help,
        command.epilog,
        *(param.help or "" for param in command.params),
        *(word for param in command.params for word in param.opts if word.startswith("-")),
    ]
    assert [words for words in wanted if " ".join(words.split()) not in told] == []
