"""The whole recipe on a hundred made-up papers and encoders of random weights: it runs, goes on, and makes a model."""

import json
import random
import shutil
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs the extra train")
pytest.importorskip("transformers", reason="training needs the extra train")
pytest.importorskip("onnx", reason="training needs the extra train")

from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel

from kg.records import EntityType, Role
from pipelines.assemble import make_pipeline
from pipelines.extraction import to_extraction
from pipelines.training.__main__ import main
from pipelines.training.annotations import Named, find_names, read_annotated

TOKENIZER = Path(__file__).parents[3] / "pipelines" / "model" / "tokenizer.json"
SMALL = {"hidden_size": 24, "num_attention_heads": 4, "intermediate_size": 48}
pytestmark = pytest.mark.filterwarnings("ignore")


def papers(count, seed):
    """Made-up papers that propose a net, compare it with another one and test it on a set."""
    rng = random.Random(seed)
    for number in range(count):
        net, other, data = (
            f"Foo{seed}x{number}Net",
            rng.choice(["BarNet", "BazNet"]),
            rng.choice(["QuuxSet", "ZipSet"]),
        )
        abstract = f"We propose {net}, a network. It outperforms {other} on {data}, a dataset, in accuracy."
        paper = {"id": f"{seed}-{number}", "title": f"{net} for all", "abstract": abstract}
        yield paper, [["M", "N", net], ["M", "C", other], ["D", "E", data], ["X", "-", "accuracy"]]


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    rows = list(papers(100, 0))
    write(tmp_path / "papers.jsonl", [paper for paper, _ in rows])
    write(
        tmp_path / "gold.jsonl",
        [{"id": p["id"], "e": e, "doubt": [["M", "network"]]} for p, e in rows],
    )
    write(tmp_path / "raw.jsonl", [paper for paper, _ in papers(20, 1)])
    BertModel(BertConfig(vocab_size=30522, num_hidden_layers=3, **SMALL)).save_pretrained(
        tmp_path / "bert"
    )
    mpnet = MPNetConfig(vocab_size=30527, num_hidden_layers=2, max_position_embeddings=514, **SMALL)
    MPNetModel(mpnet).save_pretrained(tmp_path / "mpnet")
    shutil.copyfile(TOKENIZER, tmp_path / "bert" / "tokenizer.json")
    return tmp_path


def train(folder, output):
    named = {
        "--raw": "raw.jsonl",
        "--encoder": "bert",
        "--teacher": "mpnet",
        "--work": "work",
        "-o": output,
    }
    paths = [part for option, name in named.items() for part in (option, str(folder / name))]
    numbers = [
        "--teachers",
        "1",
        "--teacher-epochs",
        "2",
        "--epochs",
        "2",
        "--device",
        "cpu",
        "--types",
        "method,dataset",
    ]
    main([str(folder / "papers.jsonl"), str(folder / "gold.jsonl"), *paths, *numbers])


def test_a_model_is_trained_on_a_hundred_papers_and_a_finished_run_is_gone_on_from(folder):
    train(folder, "model")
    assert {path.name for path in (folder / "model").iterdir()} == {
        "calibration.json",
        "config.json",
        "known_names.tsv",
        "model.onnx",
        "tokenizer.json",
        "verdicts.onnx",
    }
    table = (folder / "model" / "known_names.tsv").read_text(encoding="utf-8")
    assert "\nbarnet\t" in table
    found = to_extraction(make_pipeline(model=folder / "model")("BarNet wins\nBarNet on ZipSet."))
    assert all(0 <= entity.certainty <= 1 for entity in found.entities)
    train(folder, "again")
    assert (folder / "again" / "known_names.tsv").read_text(encoding="utf-8") == table
    assert (folder / "again" / "verdicts.onnx").read_bytes() == (
        folder / "model" / "verdicts.onnx"
    ).read_bytes()


def test_annotations_are_read_with_their_roles_doubts_and_types(tmp_path):
    row = {
        "id": "p",
        "e": [["M", "U/S", "BERT"], ["T", "-", "parsing"]],
        "tasks": False,
        "doubt": [["M", "net"]],
    }
    write(tmp_path / "gold.jsonl", [row, {"id": "other", "e": []}])
    (paper,) = read_annotated(
        tmp_path / "gold.jsonl", {"p": "BERT\nparsing net"}, [EntityType.METHOD]
    )
    assert paper.entities == (
        Named(EntityType.METHOD, Role.USED, ("BERT",)),
        Named(None, None, ("net",)),
    )
    assert not paper.has_tasks


def test_the_longer_of_two_names_over_one_another_is_marked():
    text = "A title\nSelf-attention, attention and GANs; gans are not."
    names = [
        Named(EntityType.METHOD, None, (name,)) for name in ("attention", "self-attention", "GAN")
    ]
    assert [(text[p.start : p.end], p.entity) for p in find_names(text, names)] == [
        ("Self-attention", 1),
        ("attention", 0),
        ("GANs", 2),
    ]
