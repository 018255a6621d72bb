"""Texts are read in other processes; the one that waits for them stays small."""

import subprocess
import sys

WAITING = """
import sys
import kg.build, pipelines
assert pipelines.fingerprint() and pipelines.known_terms()
print(sorted({"spacy", "onnxruntime", "tokenizers"} & sys.modules.keys()))
"""


def test_a_process_that_reads_no_text_loads_no_spacy():
    ended = subprocess.run([sys.executable, "-c", WAITING], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"
