"""From raw bytes, changed at random, to every export, and back: each file is read again with all nodes and links.

More cases: ``KG_CASES=200 python -m pytest tests/test_whole_way.py``.
"""

import csv
import json
import os
import random
import re

import duckdb
import networkx as nx
import pytest
import rdflib

import exports
from benchmarks import fuzz
from kg.errors import KGError
from kg.graph.filters import Filters
from kg.project import build_project, export

CASES = int(os.environ.get("KG_CASES", "3"))
NOT_COUNTED = {".cypher", ".net", ".pdf", ".png", ".svg", ".vosviewer.txt", ".xlsx"}
"""Formats whose nodes and links are counted by tests of their own."""
NAMES = "BERT beats RoBERTa on GLUE and SQuAD. A GAN on CIFAR-10, ImageNet and MNIST. "


def table(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return len(list(csv.DictReader(stream, strict=True)))


def rows(path):
    with duckdb.connect() as db:
        return db.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchone()[0]


def sizes(folder):
    """How many nodes and links each file holds, as its readers see it."""
    graphml, gexf = nx.read_graphml(folder / "a.graphml"), nx.read_gexf(folder / "a.gexf")
    node_link = exports.read_node_link(folder / "a.json").graph
    cytoscape = json.loads((folder / "a.cyjs").read_text(encoding="utf-8"))["elements"]
    network = json.loads((folder / "a.vosviewer.json").read_text(encoding="utf-8"))["network"]
    turtle = rdflib.Graph().parse(folder / "a.ttl")
    kinds = [str(kind) for kind in turtle.objects(None, rdflib.RDF.type)]
    page = re.search(
        r'<script type="[^"]+" id="graph">(.*?)</script>',
        (folder / "a.html").read_text(encoding="utf-8"),
        re.DOTALL,
    )
    data = json.loads(page[1])
    return {
        ".graphml": (len(graphml), graphml.number_of_edges()),
        ".gexf": (len(gexf), gexf.number_of_edges()),
        ".json": (len(node_link), node_link.number_of_edges()),
        ".cyjs": (len(cytoscape["nodes"]), len(cytoscape["edges"])),
        ".vosviewer.json": (len(network["items"]), len(network["links"])),
        ".ttl": (
            kinds.count("urn:kg:vocabulary:Node"),
            len(set(turtle.subjects(rdflib.URIRef("urn:kg:vocabulary:between")))),
        ),
        ".html": (len(data["ids"]), data["links"]),
        ".csv": (table(folder / "a.nodes.csv"), table(folder / "a.links.csv")),
        ".parquet": (rows(folder / "a.nodes.parquet"), rows(folder / "a.links.parquet")),
    }


@pytest.mark.parametrize("number", range(CASES))
def test_changed_bytes_become_files_that_are_read_again(tmp_path, number):
    rng = random.Random(number)
    kind = rng.choice(["jsonl", "json", "csv", "ris", "xml", "tsv", "bibtex"])
    seeds = [
        seed.replace(b"We ", NAMES.encode() + b"We ").replace(b"Some", NAMES.encode())
        for seed in fuzz.seeds()[kind]
    ]
    (tmp_path / "case").write_bytes(fuzz.changed(rng, rng.choice(seeds), seeds))
    try:
        build_project([tmp_path / "case"], tmp_path / "out", jobs=1, input_format=kind)
    except KGError:
        return
    for suffix in exports.FORMATS:
        graph, *_ = export(tmp_path / "out", tmp_path / f"a{suffix}", Filters())
    expected = (len(graph), graph.number_of_edges())
    assert sizes(tmp_path) == dict.fromkeys(exports.FORMATS.keys() - NOT_COUNTED, expected)
    assert (tmp_path / "a.cypher").read_text(encoding="utf-8").count("UNWIND") >= bool(expected[0])
