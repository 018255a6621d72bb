"""How fast the pipeline reads: abstracts a second, start-up left out.

python benchmarks/extract.py PAPERS [COUNT] [JOBS]
"""

import resource
import sys
import time
from itertools import islice

import pipelines
from kg.corpus import read_papers


def main(path, count=5000, jobs=2):
    papers = list(islice(read_papers([path]), 64 + int(count)))
    found = pipelines.extract((paper.text for paper in papers), jobs=int(jobs))
    for _ in range(64):  # the processes have started and loaded the model
        next(found)
    began = time.perf_counter()
    read = sum(1 for _ in found)
    took = time.perf_counter() - began
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(f"{read} abstracts in {took:.1f} s: {read / took:.1f} a second; peak memory {peaks[0]:.0f} MB here, {peaks[1]:.0f} MB in the largest process")


if __name__ == "__main__":
    main(*sys.argv[1:])
