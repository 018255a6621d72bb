"""What a Python user calls on a built project."""

import subprocess
import sys
import types

import networkx as nx
import pytest
from records import fill

import kg
from kg.storage.store import Store


@pytest.fixture(name="project", scope="module")
def _project(tmp_path_factory):
    path = tmp_path_factory.mktemp("project") / "kg.duckdb"
    with Store(path) as store:
        fill(store)
    return kg.open_project(path.parent)


def test_the_public_names_are_sorted_and_all_there():
    assert dir(kg) == kg.__all__ == sorted(kg.__all__)
    for name in kg.__all__:
        assert getattr(kg, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'no_such_name'"):
        kg.no_such_name  # noqa: B018 - the look-up is what is tested


def test_a_project_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(kg.StoreError, match=r"kg\.duckdb: no such store; make one with"):
        kg.open_project(tmp_path)


def test_nodes_links_and_papers_are_rows_of_the_graph(project):
    graph = project.graph
    assert {row["id"] for row in project.nodes()} == set(graph)
    assert [row["papers"] for row in project.nodes()] == sorted(
        (papers for _, papers in graph.nodes(data="papers")), reverse=True
    )
    assert len(project.links()) == graph.number_of_edges()
    label = project.nodes()[0]["label"]
    assert {(row["source"], row["target"]) for row in project.links(label)} == {
        (min(pair), max(pair)) for pair in graph.edges(project.find(label))
    }
    assert len(project.papers(label)) == project.nodes()[0]["papers"]


def test_mentions_give_offsets_into_the_papers_text(project):
    texts = {row["id"]: f"{row['title']}\n{row['abstract']}" for row in project.papers()}
    mentions = project.mentions()
    assert len(mentions) == sum(row["mentions"] for row in project.nodes())
    for row in mentions:
        assert texts[row["paper"]][row["start"] : row["end"]] == row["surface"]


def test_evidence_of_a_link_names_both_ends(project):
    link = max(project.links(), key=lambda row: row["sentences"])
    rows = project.evidence(link["source"], link["target"])
    assert len({row["paper"] for row in rows}) == link["papers"]
    both = [
        row
        for row in rows
        if {node for *_, node in row["spans"]} == {link["source"], link["target"]}
    ]
    assert len({row["paper"] for row in both}) == link["sentences"]
    for row in rows:
        for start, end, _ in row["spans"]:
            assert 0 <= start < end <= len(row["sentence"])


def test_rows_become_data_frames(project, monkeypatch):
    pandas = pytest.importorskip("pandas")
    frame = project.nodes().to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame["id"]) == [row["id"] for row in project.nodes()]
    polars = pytest.importorskip("polars")
    assert project.nodes().to_polars().height == len(project.nodes())
    assert polars
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(kg.KGError, match="pandas is not installed"):
        project.nodes().to_pandas()


def test_a_filtered_graph_and_an_exported_file_hold_the_same(project, tmp_path):
    part = project.filter(min_papers=2)
    (written,) = project.export(tmp_path / "part.graphml", kg.Filters(min_papers=2))
    assert set(part)
    assert len(nx.read_graphml(written)) == len(part)


def test_networkx_writes_a_flattened_graph(project, tmp_path):
    nx.write_graphml(kg.flatten(project.graph), tmp_path / "graph.graphml")
    read = nx.read_graphml(tmp_path / "graph.graphml")
    aliases = {node: data["aliases"] for node, data in read.nodes(data=True)}
    assert aliases == {
        node: " | ".join(data["aliases"]) for node, data in project.graph.nodes(data=True)
    }
    assert all(isinstance(data["aliases"], list) for _, data in project.graph.nodes(data=True))


def test_extract_gives_each_paper_with_its_entities(tmp_path):
    (tmp_path / "a.jsonl").write_text(
        '{"id": "1", "title": "Reading with BERT", "abstract": "We evaluate BERT on SQuAD."}\n',
        "utf-8",
    )
    assert isinstance(kg.extract(tmp_path / "a.jsonl"), types.GeneratorType)
    ((paper, found),) = kg.extract(tmp_path / "a.jsonl")
    assert paper.id == "1"
    assert {name for entity in found.entities for name in entity.names} >= {"BERT", "SQuAD"}


@pytest.mark.parametrize("name", ["pipelines.py", "exports.py", "exports/__init__.py"])
def test_a_namesake_beside_the_script_is_named_in_the_error(name, tmp_path):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("", "utf-8")
    (tmp_path / "script.py").write_text("import kg", "utf-8")
    ran = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert f"{tmp_path / name} shadows kg's own package" in ran.stderr


def test_importing_kg_loads_neither_spacy_nor_pyvis():
    code = "import sys, kg; kg.Paper; print({'spacy', 'pyvis', 'duckdb'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
