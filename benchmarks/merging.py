"""How fast records become papers, and in how much memory: made-up records of which a third are one with others.

    python benchmarks/merging.py [RECORDS]

Titles and abstracts are random words, so that only records of one paper are alike; each third paper has two or three
records: with its DOI, with another database's id, as a preprint of the year before.
"""

import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from kg.records import Paper
from kg.storage.store import Store


def main(records="87000"):
    count = int(records)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder, "kg.duckdb")) as store:
        records = list(made_up(count))
        for what, came in (
            ("new", records),
            ("known", records),
            ("one more", [("more", Paper("more", "One more", "It is new."))]),
        ):
            wall, busy = time.perf_counter(), time.process_time()
            changes = store.records.add(came)
            wall, busy = time.perf_counter() - wall, time.process_time() - busy
            print(f"{what:>8}: {wall:6.1f} s, {busy:6.1f} s of processor  {changes}", flush=True)
        print(store.records.tally())
        size = Path(folder, "kg.duckdb").stat().st_size / 2**20
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{size:,.0f} MiB on disk, at most {peak:,.0f} MiB in memory")


def made_up(count):
    """Yield (source, record); the same ones each time."""
    rng = random.Random(1)
    words = [
        f"{a}{b}{c}"
        for a in ("ka", "mo", "ti", "ru")
        for b in ("lan", "ser", "vok", "dim")
        for c in ("e", "us", "ing", "or")
    ]
    number = made = 0
    while made < count:
        title = " ".join(rng.choices(words, k=9)) + f" {number}"
        abstract = " ".join(rng.choices(words, k=180))
        year, doi = 2000 + number % 24, f"10.1000/{number}"
        several = [
            (
                "a.bib",
                Paper(
                    f"k{number}", title, abstract, year, "Rivers", None, doi, (f"doi:{doi}",), "en"
                ),
            )
        ]
        if number % 3 == 0:
            several.append(
                (
                    "b.csv",
                    Paper(
                        f"{number}",
                        title.upper(),
                        f"{abstract} End.",
                        year,
                        "Rivers",
                        None,
                        doi,
                        (f"doi:{doi}",),
                        "en",
                    ),
                )
            )
        if number % 6 == 0:
            arxiv = (f"arxiv:{number % 10000:04}.{number // 10000:05}",)
            several.append(
                (
                    "c.xml",
                    Paper(arxiv[0], f"{title}.", abstract, year - 1, None, None, None, arxiv, "en"),
                )
            )
        yield from several
        number, made = number + 1, made + len(several)


if __name__ == "__main__":
    main(*sys.argv[1:])
