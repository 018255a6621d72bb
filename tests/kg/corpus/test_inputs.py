"""What Python gives to be read: mappings, papers, data frames, files, all mixed; what is passed over is warned of once."""

import json
import warnings

import pandas as pd
import polars as pl
import pytest

import kg
from kg.corpus import Skipped, read_papers, read_sources
from kg.errors import CorpusError
from kg.records import Paper

ROWS = [
    {"id": "a", "title": "BERT", "abstract": "We train BERT on SQuAD and GLUE.", "year": 2018},
    {"id": "b", "title": "RoBERTa", "abstract": "RoBERTa beats BERT on GLUE.", "year": None},
]


def read(given):
    return [(paper.id, paper.title, paper.year) for paper in read_papers(given)]


@pytest.mark.parametrize(
    "given",
    [
        ROWS,
        tuple(ROWS),
        iter(ROWS),
        pd.DataFrame(ROWS),
        pd.DataFrame(ROWS).convert_dtypes(),
        pl.DataFrame(ROWS),
        [Paper("a", "BERT", ROWS[0]["abstract"], 2018), ROWS[1]],
    ],
    ids=["list", "tuple", "iterator", "pandas", "pandas with NA", "polars", "papers and mappings"],
)
def test_records_in_memory_are_read_as_those_of_files_are(given):
    assert read(given) == [("a", "BERT", 2018), ("b", "RoBERTa", None)]


def test_one_mapping_one_paper_and_files_beside_records_are_read(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps(ROWS[0]), encoding="utf-8")
    assert read(ROWS[0]) == [("a", "BERT", 2018)]
    assert read(Paper("a", "BERT", "It is trained.", 2018)) == [("a", "BERT", 2018)]
    assert read([tmp_path / "a.jsonl", ROWS[1]]) == [("a", "BERT", 2018), ("b", "RoBERTa", None)]
    assert read(str(tmp_path / "a.jsonl")) == [("a", "BERT", 2018)]


def test_a_file_that_is_named_twice_is_read_once(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps(ROWS[0]), encoding="utf-8")
    assert read([tmp_path, tmp_path / "a.jsonl"]) == [("a", "BERT", 2018)]


def test_each_paper_comes_with_its_file(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(ROWS[0]), encoding="utf-8")
    found = [(source, paper.id) for source, paper in read_sources([path, ROWS[1]], skipped=print)]
    assert found == [(str(path), "a"), ("", "b")]


WRONG = [
    ROWS[0],
    {"title": "No abstract"},
    17,
    Paper("x", " ", "Text."),
]


def test_what_is_passed_over_is_one_warning_with_the_count_or_told_to_a_callback():
    with pytest.warns(UserWarning, match=r'^3 records skipped; record 2: no "abstract"') as told:
        assert len(list(read_papers(WRONG))) == 1
    assert len(told) == 1
    skipped = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(list(read_papers(WRONG, skipped=skipped.append))) == 1
    assert skipped[1:] == [
        Skipped("record 3", "expected a mapping or a Paper, found int"),
        Skipped("record 4", "a Paper with an empty \"title\": 'x'"),
    ]


@pytest.mark.parametrize("given", [17, None, 3.5])
def test_what_cannot_be_read_is_named(given):
    with pytest.raises(CorpusError, match=f"expected files, .* found {type(given).__name__}"):
        list(read_papers(given))


def test_a_graph_is_built_of_records_and_warns_of_what_is_passed_over():
    with pytest.warns(UserWarning, match="3 records skipped"):
        graph = kg.build_graph([*WRONG, ROWS[1]], jobs=1)
    labels = {label for _, label in graph.nodes(data="label")}
    assert "BERT" in labels
    skipped = []
    again = kg.build_graph([*WRONG, ROWS[1]], jobs=1, skipped=skipped.append)
    assert len(skipped) == 3
    assert set(again) == set(graph)
