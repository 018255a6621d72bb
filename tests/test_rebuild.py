"""However papers came in, the files are those of one build from scratch, byte for byte."""

import gzip
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pipelines
from kg.graph.filters import Filters
from kg.names.abbreviations import find_abbreviations
from kg.project import Observer, build_project, export, remove
from kg.records import Entity, EntityType, Extraction, Mention, Paper
from kg.storage.store import Store
from pipelines.components.sentences import split_sentences

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples/papers.jsonl"
TEXTS = (
    ("BERT", "We train BERT on SQuAD and GLUE."),
    ("RoBERTa", "RoBERTa beats BERT on GLUE. A generative adversarial network (GAN) does not."),
    ("GANs", "A GAN on CIFAR-10 and CIFAR-100."),
    ("A ResNet", "ResNet-50 wins on ImageNet; the ResNets win on CIFAR-10 too."),
    ("Nothing", "No name is here."),
    ("A survey", "Graph attention networks (GAT) and the Transformer on the ImageNet dataset."),
)
"""Few words, so that the pipeline itself, and no stand-in, can read them hundreds of times."""
papers = st.builds(
    lambda number, text, year: {"id": f"p{number}", "title": text[0], "abstract": text[1], "year": year},
    st.integers(0, 7), st.sampled_from(TEXTS), st.none() | st.integers(2015, 2024),
)  # fmt: skip
batches = st.lists(papers, min_size=1, max_size=6, unique_by=lambda paper: paper["id"])
steps = st.lists(
    st.tuples(st.just("build"), batches)
    | st.tuples(st.just("remove"), st.lists(st.integers(0, 7), min_size=1, max_size=4)),
    min_size=1,
    max_size=6,
)


NAMES = (
    "generative adversarial network", "graph attention network", "graph attention networks", "GAN", "GANs", "GAT", "gat", "BERT", "bert", "BERT-base", "RoBERTa",
    "CIFAR-10", "CIFAR10", "CIFAR-100", "ImageNet", "Image Net", "SQuAD", "SQuAD 1.1", "SQuAD v2.0", "policy gradient", "proximal gradient", "PG", "A2C",
    "advantage actor critic", "ours", "Monte Carlo", "Monte Carlo method", "C++", "C",
)  # fmt: skip
DEFINED = (
    "generative adversarial network (GAN)", "graph attention network (GAN)", "graph attention networks (GAT)", "policy gradient (PG)", "proximal gradient (PG)",
    "advantage actor critic (A2C)", "generative adversarial nets (GANs)", "BERT", "CIFAR-10", "SQuAD", "ImageNet",
)  # fmt: skip
ANY_NAME = re.compile(
    "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(NAMES, key=len, reverse=True))
)


def some_papers(seed):
    """Papers that name and define a few things in every way, so that votes are close and change with each paper."""
    rng = random.Random(seed)
    rows = []
    for _ in range(rng.choice((1, 3, 20, 90))):
        said = [
            f"{rng.choice(DEFINED)} and {rng.choice(NAMES)} beat {rng.choice(NAMES)}."
            for _ in range(rng.randint(1, 3))
        ]
        rows.append(
            {
                "id": f"p{rng.randint(0, 200)}",
                "title": rng.choice(NAMES),
                "abstract": " ".join(said),
                "year": rng.choice((None, 2017, 2018, 2023)),
            }
        )
    return list({row["id"]: row for row in rows}.values())


def read_quickly(texts, **_):
    """What stands in for the pipeline: the same text gives the same, in any process and order."""
    for text in texts:
        sentences = tuple(split_sentences(text))
        spans = {}
        for found in ANY_NAME.finditer(text):
            spans.setdefault(found.group(), []).append(found.span())
        kinds = {surface: list(EntityType)[(len(surface) + len(text)) % 4] for surface in spans}
        entities = [
            Entity(
                kinds[surface],
                (surface,),
                tuple(Mention(start, end, kinds[surface], surface) for start, end in places),
            )
            for surface, places in spans.items()
        ]
        yield Extraction(
            tuple(sorted(entities, key=lambda one: one.mentions[0])),
            tuple(find_abbreviations(text, list(sentences))),
            sentences,
        )


@settings(
    max_examples=int(os.environ.get("KG_SEQUENCES", "8")),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    seeds=st.lists(
        st.tuples(st.sampled_from(["build", "build", "remove"]), st.integers(0, 10**6)),
        min_size=1,
        max_size=6,
    ),
    order=st.randoms(use_true_random=False),
)
def test_any_sequence_with_close_votes_gives_what_one_build_gives(seeds, order):
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory() as one,
        tempfile.TemporaryDirectory() as two,
    ):
        patch.setattr(pipelines, "extract", read_quickly)
        build(some_papers(0), Path(one))
        corpus = {row["id"]: row for row in some_papers(0)}
        for what, seed in seeds:
            rows = some_papers(seed)
            ids = {row["id"] for row in rows}
            if what == "build":
                build(rows, Path(one))
                corpus |= {row["id"]: row for row in rows}
            elif not corpus.keys() <= (gone := one_with(corpus, ids)):
                remove(Path(one) / "out", sorted(ids), Observer())
                corpus = {name: row for name, row in corpus.items() if name not in gone}
        rows = list(corpus.values())
        order.shuffle(rows)
        build(rows, Path(two))
        assert outputs(Path(one)) == outputs(Path(two))


def build(rows, folder, name="papers"):
    """Build from rows, as JSON lines."""
    path = folder / f"{name}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    build_project([path], folder / "out", jobs=1)


def one_with(corpus, ids):
    """The ids of all records that are one paper with a record of these ids."""
    with Store() as store:
        store.add_papers(
            Paper(row["id"], row["title"], row["abstract"], row["year"]) for row in corpus.values()
        )
        papers = {}
        for record in store.records.duplicates():
            papers.setdefault(record.paper, set()).add(record.id)
    return ids.union(*(several for several in papers.values() if several & ids))


def outputs(folder):
    """The page, the GraphML and the JSON of a project."""
    export(folder / "out", folder / "graph.json", Filters())
    return [
        (folder / name).read_bytes()
        for name in ("out/graph.html", "out/graph.graphml", "graph.json")
    ]


@settings(
    max_examples=int(os.environ.get("KG_SEQUENCES", "8")),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(first=batches, after=steps, order=st.randoms(use_true_random=False))
def test_any_sequence_of_papers_added_changed_and_removed_gives_what_one_build_gives(
    first, after, order
):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        build(first, Path(one))
        corpus = {row["id"]: row for row in first}
        for what, rows in after:
            if what == "build":
                build(rows, Path(one))
                corpus |= {row["id"]: row for row in rows}
            elif not corpus.keys() <= (
                gone := one_with(corpus, ids := {f"p{number}" for number in rows})
            ):
                removed = remove(Path(one) / "out", sorted(ids), Observer())
                assert set(removed.missing) == ids - corpus.keys()
                corpus = {name: row for name, row in corpus.items() if name not in gone}
        rows = list(corpus.values())
        order.shuffle(rows)
        build(rows, Path(two))
        assert outputs(Path(one)) == outputs(Path(two))


def test_a_removal_after_a_killed_build_finds_what_that_had_not_read(tmp_path, monkeypatch):
    rows = [
        {"id": f"p{n}", "title": title, "abstract": abstract}
        for n, (title, abstract) in enumerate(TEXTS)
    ]
    with monkeypatch.context() as patch:
        patch.setattr("kg.project.extract_pending", interrupted)
        with pytest.raises(KeyboardInterrupt):
            build(rows, tmp_path)
    remove(tmp_path / "out", ["p0"], Observer())
    (tmp_path / "other").mkdir()
    build(rows[1:], tmp_path / "other")
    assert outputs(tmp_path) == outputs(tmp_path / "other")


def interrupted(*_):
    raise KeyboardInterrupt


def test_a_removal_keeps_to_the_thesaurus_of_the_last_build(tmp_path):
    rows = [
        {"id": f"p{n}", "title": title, "abstract": abstract}
        for n, (title, abstract) in enumerate(TEXTS)
    ]
    names = tmp_path / "names.tsv"
    names.write_text("RoBERTa\tBERT\n", encoding="utf-8")
    for name, part in (("one", rows), ("two", rows[1:])):
        (tmp_path / name).mkdir()
        (tmp_path / name / "papers.jsonl").write_text(
            "".join(json.dumps(row) + "\n" for row in part), encoding="utf-8"
        )
        build_project(
            [tmp_path / name / "papers.jsonl"], tmp_path / name / "out", thesaurus=names, jobs=1
        )
    names.unlink()
    remove(tmp_path / "one/out", ["p0"], Observer())
    assert outputs(tmp_path / "one") == outputs(tmp_path / "two")


VARIED = """
import sys, kg.project, kg.cli.main, kg.storage.database, pipelines.run
kg.project.SAVED, kg.storage.database.BATCH, pipelines.run.BATCH = map(int, sys.argv.pop(1).split(","))
kg.cli.main.main()
"""


def test_hash_seeds_processes_batches_and_the_order_of_files_change_no_byte(tmp_path):
    lines = EXAMPLES.read_text(encoding="utf-8").splitlines()[:70]
    random.Random(5).shuffle(lines)
    (tmp_path / "all.jsonl").write_text("\n".join(lines), encoding="utf-8")
    parts = tmp_path / "parts"
    parts.mkdir()
    (parts / "b.jsonl").write_text("\n".join(sorted(lines[30:])), encoding="utf-8")
    (parts / "c.jsonl").write_text("\n".join(sorted(lines[50:])), encoding="utf-8")
    (parts / "a.json.gz").write_bytes(gzip.compress(f"[{','.join(lines[:30])}]".encode()))
    runs = [
        ("0", "256,2000,64", "1", ["all.jsonl"]),
        ("1", "3,7,16", "2", ["parts"]),
        ("random", "1000,1,5", "3", ["parts/c.jsonl", "parts/b.jsonl", "parts/a.json.gz"]),
    ]
    found = []
    for number, (seed, sizes, jobs, inputs) in enumerate(runs):
        folder = tmp_path / f"out {number}"
        folder.mkdir()
        command = [
            sys.executable,
            "-c",
            VARIED,
            sizes,
            "build",
            *(str(tmp_path / name) for name in inputs),
            "-o",
            str(folder / "out"),
            "--jobs",
            jobs,
        ]
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        found.append(outputs(folder))
    assert found[1] == found[0]
    assert found[2] == found[0]
