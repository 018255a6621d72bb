"""How fast the pipeline reads: abstracts a second, start-up left out.

python benchmarks/extract.py PAPERS [COUNT] [JOBS]

The abstracts are an even sample of the file: those of different years differ in length.
"""

import os
import resource
import sys
import time
from pathlib import Path

import pipelines
from kg.corpus import read_papers

FIRST = 256
"""Abstracts left out: enough for each process to have started and loaded the model."""


def cpu_of_children():
    """Return the seconds of CPU time that this process and its children, alive ones too, have used (Linux)."""
    ticks = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if os.getpid() in {int(process.name), int(fields[1])}:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def main(path, count=5000, jobs=2):
    every, wanted = list(read_papers([path])), FIRST + int(count)
    papers = every[:: max(1, len(every) // wanted)][:wanted]
    del every
    launched = time.perf_counter()
    found = pipelines.extract((paper.text for paper in papers), jobs=int(jobs))
    for _ in range(FIRST):
        next(found)
    began, used = time.perf_counter(), cpu_of_children()
    read, took, busy = 0, 0.0, 0.0
    for _ in found:
        read += 1
        if read + FIRST == len(papers):  # the processes have not ended yet
            took, busy = time.perf_counter() - began, cpu_of_children() - used
    peaks = [
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    print(f"start-up and the first {FIRST} abstracts: {began - launched:.1f} s")
    print(
        f"{read} abstracts in {took:.1f} s: {read / took:.1f} a second, {1000 * busy / read:.1f} ms of CPU each"
    )
    print(f"peak memory: {peaks[0]:.0f} MB here, {peaks[1]:.0f} MB in the largest process")


if __name__ == "__main__":
    main(*sys.argv[1:])
