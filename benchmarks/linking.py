"""What linking takes over growing parts of a project's store: seconds of one core, peak memory, bytes of the store.

python benchmarks/linking.py kg-out/kg.duckdb 1000 2000 4000
"""

import multiprocessing
import resource
import sys
import time
from itertools import islice, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pipelines
from kg.graph import read_graph
from kg.observed import Observed
from kg.resolve import resolve
from kg.store import Store


def copy(source, target, count):
    with Store(Path(source), read_only=True) as store, Store(target) as part:
        pipeline = store._db.execute("SELECT min(pipeline) FROM extractions").fetchone()[0]  # noqa: SLF001 - whichever there is
        found = list(islice(store.extractions(pipeline), count))
        part.add_papers(paper for paper, _ in found)
        part.save_extractions(pipeline, found)


def measure(path, count):
    known = pipelines.known_terms()
    with Store(path) as store:
        pipeline = store._db.execute("SELECT min(pipeline) FROM extractions").fetchone()[0]  # noqa: SLF001 - whichever there is
        times, peaks = [time.process_time()], [memory()]
        observed = Observed()
        store.note_marks((paper, extraction, observed.see(paper.id, extraction)) for paper, extraction in store.extractions(pipeline))
        resolution = resolve(observed, known=known)
        times.append(time.process_time())
        peaks.append(memory())
        store.link(resolution)
        times.append(time.process_time())
        peaks.append(memory())
        graph = read_graph(store)
        times.append(time.process_time())
        peaks.append(memory())
    seconds = "  ".join(f"{after - before:8.1f}" for before, after in pairwise(times))
    megabytes = "  ".join(f"{peak:7,.0f}" for peak in peaks)
    print(f"{count:>8,}  {len(graph):>7,}  {graph.number_of_edges():>8,}  {seconds}   {megabytes}  {path.stat().st_size / 1e6:8.1f}", flush=True)


def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    source, counts = sys.argv[1], map(int, sys.argv[2:])
    print("  papers    nodes     links   resolve      link     graph   MB peak: start, resolve, link, graph     MB store")
    context = multiprocessing.get_context("spawn")
    for count in counts:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "kg.duckdb"
            for task, arguments in ((copy, (source, path, count)), (measure, (path, count))):
                process = context.Process(target=task, args=arguments)
                process.start()
                process.join()


if __name__ == "__main__":
    main()
