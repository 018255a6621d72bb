"""What a file says of itself."""

from dataclasses import replace

import pytest
from records import small_view

from exports import FORMATS, write
from exports.provenance import provenance
from kg.graph.view import EvidenceLength

TEXTS = [
    ".cyjs",
    ".cypher",
    ".gexf",
    ".graphml",
    ".json",
    ".net",
    ".svg",
    ".ttl",
    ".vosviewer.json",
]


@pytest.fixture(name="view")
def _view():
    return replace(
        small_view(),
        rule="nodes of at least 1 paper",
        thesaurus="0ddba11",
        reader="c0ffee",
        evidence=EvidenceLength.SHORT,
    )


def test_it_tells_version_papers_filters_evidence_reader_and_thesaurus_but_no_time(view):
    told = provenance(view)
    assert list(told) == [
        "generator", "papers", "nodes", "links", "kept", "evidence", "reader", "thesaurus",
    ]  # fmt: skip
    assert told["generator"].startswith("kg")
    assert (told["reader"], told["thesaurus"]) == ("c0ffee", "0ddba11")


@pytest.mark.parametrize("suffix", TEXTS)
def test_a_file_carries_it(view, tmp_path, suffix):
    assert suffix in FORMATS
    path = tmp_path / f"graph{suffix}"
    write(view, path)
    text = path.read_text(encoding="utf-8")
    for fact in ("c0ffee", "0ddba11", "nodes of at least 1 paper"):
        assert fact in text
