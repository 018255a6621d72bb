"""Texts are read in other processes; the one that waits for them stays small, and those that read do not grow."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from pipelines import assemble, lexicon, run

WAITING = """
import sys
import kg.project, pipelines
assert pipelines.fingerprint() and pipelines.known_terms()
print(sorted({"spacy", "onnxruntime", "tokenizers"} & sys.modules.keys()))
"""


def test_a_process_that_reads_no_text_loads_no_spacy():
    ended = subprocess.run(
        [sys.executable, "-c", WAITING], capture_output=True, text=True, check=True
    )
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


def test_another_version_of_a_library_that_decides_what_is_found_is_another_pipeline(monkeypatch):
    own = run.fingerprint.__wrapped__()
    assert run.fingerprint.__wrapped__() == own
    for name in ("numpy", "onnxruntime", "spacy", "tokenizers"):
        with monkeypatch.context() as patch:
            patch.setattr(
                run,
                "version",
                lambda asked, other=name: "0.0" if asked == other else version(asked),
            )
            assert run.fingerprint.__wrapped__() != own


def test_what_only_resolution_reads_makes_no_other_pipeline(monkeypatch):
    own, read = run.fingerprint.__wrapped__(), []
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path) or b"")
    assert run.fingerprint.__wrapped__() != own
    assert set(lexicon.groups()) < set(read)
    assert not {lexicon.JUDGED, lexicon.KINDS, lexicon.OTHER, lexicon.SYNONYMS} & set(read)


def test_the_pipeline_is_another_one_by_what_its_code_does_not_by_what_it_says():
    code = 'def f(x):\n    """Say."""\n    return x + 1  # why\n'
    assert run._meaning(code) == run._meaning("def f(x):\n    return x + 1\n")  # noqa: SLF001
    assert run._meaning(code) != run._meaning(code.replace("1", "2"))  # noqa: SLF001


def test_what_is_found_tells_how_sure_it_is_and_what_the_paper_does_with_it():
    text = "FooNet: a new network\nWe propose FooNet. It outperforms ResNet-50 on ImageNet in accuracy."
    (found,) = run.extract([text], jobs=1)
    roles = {entity.names[0]: entity.role for entity in found.entities}
    assert roles == {
        "FooNet": "new",
        "ResNet-50": "compared",
        "ImageNet": "evaluated",
        "accuracy": None,
    }
    assert all(0 < entity.certainty < 1 for entity in found.entities)
