"""How long each format takes to write a graph, how much memory beside the graph, and how large the file is (Linux).

python benchmarks/formats.py [NODES] [LINKS] [SUFFIX]...   (by default 10000 100000 and all formats)
python benchmarks/formats.py PROJECT [SUFFIX]...           (the graph of a folder that kg build has written)

Seconds are of the processor, so that other work on the machine does not count.
"""

import gc
import pickle
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory

from planted import placed_field

import exports
from kg.graph.assemble import read_graph
from kg.graph.filters import Filters, view
from kg.graph.view import GraphView
from kg.storage.store import Store

WORKER = "--measure"


def main(*given):
    project = given and Path(given[0]).is_dir()
    suffixes = given[1:] if project else given[2:]
    with TemporaryDirectory() as folder:
        held = Path(folder, "graph.pickle")
        held.write_bytes(pickle.dumps(of_project(given[0]) if project else planted(*given[:2])))
        print(f"{'format':<16} {'seconds':>8} {'MB beside the graph':>20} {'MB of file':>11}")
        for suffix in suffixes or sorted(exports.FORMATS):
            measured = subprocess.run(
                [sys.executable, __file__, WORKER, str(held), suffix],
                check=True,
                capture_output=True,
                text=True,
            )
            print(measured.stdout, end="", flush=True)


def planted(nodes="10000", links="100000"):
    graph, papers = placed_field(int(nodes), int(links))
    return graph, list(papers()), []


def of_project(folder):
    with Store(Path(folder, "kg.duckdb"), read_only=True) as store:
        shown = view(store, read_graph(store), Filters())
        return shown.graph, list(shown.papers()), list(shown.merges())


def measure(held, suffix):
    graph, papers, merges = pickle.loads(Path(held).read_bytes())  # noqa: S301 - written above
    links = graph.number_of_edges()
    shown = GraphView(graph, lambda: iter(papers), lambda: iter(merges), len(graph), links)
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from here
    before = peak()
    with TemporaryDirectory() as folder:
        path = Path(folder, f"graph{suffix}")
        began = time.process_time()
        exports.write(shown, path)
        took = time.process_time() - began
        grown = peak() - before
        size = sum(one.stat().st_size for one in exports.written_paths(path)) / 1e6
        tracemalloc.start()  # what Python takes from memory that it had already
        exports.write(shown, path)
        grown = max(grown, tracemalloc.get_traced_memory()[1] / 1e6)
    print(f"{suffix:<16} {took:>8.1f} {grown:>20.0f} {size:>11.1f}")


def peak():
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) * 1024 / 1e6


if __name__ == "__main__":
    if sys.argv[1:2] == [WORKER]:
        measure(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
