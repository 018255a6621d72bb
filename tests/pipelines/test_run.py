"""Texts are read in other processes; the one that waits for them stays small, and those that read do not grow."""

import subprocess
import sys

from pipelines import assemble, run

WAITING = """
import sys
import kg.project, pipelines
assert pipelines.fingerprint() and pipelines.known_terms()
print(sorted({"spacy", "onnxruntime", "tokenizers"} & sys.modules.keys()))
"""


def test_a_process_that_reads_no_text_loads_no_spacy():
    ended = subprocess.run([sys.executable, "-c", WAITING], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


def test_words_of_a_batch_are_forgotten(monkeypatch):
    nlp = assemble.make_pipeline()
    monkeypatch.setattr(assemble, "make_pipeline", lambda: nlp)
    read = run._reader.__wrapped__()  # noqa: SLF001 - one that nobody has used
    (first,) = read(["A title\nWe train BERT on SQuAD."])
    kept = len(nlp.vocab.strings)
    read([f"A title\nWe train word{number} on SQuAD." for number in range(50)])
    assert len(nlp.vocab.strings) == kept
    assert [entity.names for entity in first.entities] == [("BERT",), ("SQuAD",)]
