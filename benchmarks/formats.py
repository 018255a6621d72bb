"""How long each format takes to write a graph, how much memory beside the graph, and how large the file is (Linux).

python benchmarks/formats.py [NODES] [LINKS]
"""

import gc
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory

from planted import placed_field

import exports
from kg.graph.view import GraphView


def main(nodes="10000", links="100000"):
    print(f"{'format':<16} {'seconds':>8} {'MB beside the graph':>20} {'MB of file':>11}")
    for suffix in sorted(exports.FORMATS):
        print(
            subprocess.run(
                [sys.executable, __file__, nodes, links, suffix],
                check=True,
                capture_output=True,
                text=True,
            ).stdout,
            end="",
            flush=True,
        )


def measure(nodes, links, suffix):
    graph, papers = placed_field(int(nodes), int(links))
    view = GraphView(graph, papers, lambda: iter(()), len(graph), graph.number_of_edges())
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from here
    before = peak()
    with TemporaryDirectory() as folder:
        path = Path(folder, f"graph{suffix}")
        began = time.perf_counter()
        exports.write(view, path)
        took = time.perf_counter() - began
        grown = peak() - before
        size = sum(one.stat().st_size for one in exports.written_paths(path)) / 1e6
        tracemalloc.start()  # what Python takes from memory that it had already
        exports.write(view, path)
        grown = max(grown, tracemalloc.get_traced_memory()[1] / 1e6)
    print(f"{suffix:<16} {took:>8.1f} {grown:>20.0f} {size:>11.1f}")


def peak():
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) * 1024 / 1e6


if __name__ == "__main__":
    (measure if len(sys.argv) > 3 else main)(*sys.argv[1:])  # noqa: PLR2004 - the third names the format
