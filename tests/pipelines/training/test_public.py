"""Public annotations are read as spans of characters."""

import pytest

pytest.importorskip("torch", reason="training needs the extra train")
pytest.importorskip("transformers", reason="training needs the extra train")

import numpy as np

from pipelines.training.public import best_tags, read_tagged

LINES = "-DOCSTART- O\n\nWe O\nuse O\nword B-Method\nvectors I-Method\n\nBLEU B-Metric\n\n-DOCSTART- O\n\nEnd O\n"


@pytest.mark.parametrize(
    ("whole", "found"),
    [
        (True, [[("word vectors", "Method"), ("BLEU", "Metric")], []]),
        (False, [[("word vectors", "Method")], [("BLEU", "Metric")], []]),
    ],
)
def test_a_file_is_read_by_documents_or_by_sentences(tmp_path, whole, found):
    path = tmp_path / "train.txt"
    path.write_text(LINES, encoding="utf-8")
    units = read_tagged(path, whole_documents=whole)
    assert [[(u.text[a:b], kind) for a, b, kind in u.spans] for u in units] == found


def test_the_best_sequence_is_a_legal_one():
    legal = np.array([[True, True, False], [True, True, True], [True, True, True]])
    scores = np.log(np.array([[0.6, 0.4, 1e-9], [0.1, 0.1, 0.8]], dtype=np.float32))
    assert best_tags(scores, legal) == [1, 2]
