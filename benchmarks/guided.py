"""Hostile input led by coverage: atheris changes the files of ``fuzz.py`` and keeps those that reach new branches of the readers.

python benchmarks/guided.py [--seconds N] [--only KIND…] [--keep FOLDER]

It needs ``pip install atheris``. What must hold is what ``fuzz.py`` says; each kind of file is tried for N seconds by a process of
its own. A case that fails is kept in FOLDER and ends its kind.
"""

import argparse
import multiprocessing
import os
import random
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["kg", "pipelines"]):
    import fuzz

SIZE, WORD = 8_000, 64
"""Bytes of a case, and of a word of the dictionary, at most."""


def one_kind(kind, seconds, keep, log):
    """Try one kind of file; atheris ends the process."""
    with TemporaryDirectory() as folder:
        corpus, path = Path(folder) / "corpus", Path(folder) / "case"
        corpus.mkdir()
        for number, data in enumerate(fuzz.seeds()[kind]):
            (corpus / str(number)).write_bytes(data)
        words = Path(folder) / "words"
        escaped = [
            "".join(f"\\x{byte:02x}" for byte in token)
            for token in fuzz.TOKENS
            if len(token) <= WORD
        ]
        words.write_text("".join(f'"{token}"\n' for token in escaped))

        def case(data):
            path.write_bytes(data)
            fuzz.look(kind, path, random.Random(0))

        stream = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for standard in (1, 2):
            os.dup2(stream, standard)
        atheris.Setup(
            [sys.argv[0], f"-max_total_time={seconds}", f"-timeout={fuzz.SECONDS}", f"-rss_limit_mb={fuzz.MEMORY >> 20}", f"-max_len={SIZE}",
             f"-dict={words}", f"-artifact_prefix={keep}/{kind}-", "-print_final_stats=1", str(corpus)],
            case,
        )  # fmt: skip
        atheris.Fuzz()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--only", nargs="*", default=list(fuzz.SHARES))
    parser.add_argument("--keep", type=Path, default=Path("fuzz-cases"))
    options = parser.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    bad = total = 0
    for kind in options.only:
        log = options.keep / f"{kind}.log"
        process = multiprocessing.get_context("fork").Process(
            target=one_kind, args=(kind, options.seconds, options.keep, log)
        )
        process.start()
        process.join()
        said = log.read_text(errors="replace")
        cases = int((re.findall(r"number_of_executed_units: (\d+)", said) or ["0"])[-1])
        reached = [int(edges) for edges in re.findall(r" cov: (\d+) ", said)]
        failed = process.exitcode != 0
        bad, total = bad + failed, total + cases
        print(
            f"{kind:<10}{cases:>9,} cases  branches {reached[0] if reached else 0:,} at first, {reached[-1] if reached else 0:,} at last{f'  failed: {log}' if failed else ''}",
            flush=True,
        )
    print(f"{total:,} cases, {bad} kinds failed")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
