"""Whole builds as a corpus grows: time and memory of each phase, beside noun chunks, pairs counted in Python, and pyvis.

python benchmarks/scale.py papers.jsonl.gz --papers 1000 10000 87068 [--later 100] [--rival en_core_web_sm --rival-papers 1000 10000]

Each size is an even sample of the file, built by ``kg build`` in a new process; of the last one some papers can come later,
in a second build of the same project. Seconds are of the clock and of the
processor (the build and its workers together); memory is what the build and its workers hold at one time, pages that
they share counted once, looked at once a second. The rival is what one would write with spaCy, a ``Counter`` and
pyvis, in one process; its model is any installed English pipeline of spaCy that has a parser. It needs Linux.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import networkx as nx
import spacy
from pyvis.network import Network

from kg.corpus import read_papers

TELLING = """
import sys, kg.cli.main, kg.cli.progress
step = kg.cli.progress.TerminalObserver.step
def told(self, name, total=None):
    print("phase", name, file=sys.stderr, flush=True)
    step(self, name, total)
kg.cli.progress.TerminalObserver.step = told
if __name__ == "__main__":
    kg.cli.main.main()
"""
"""The command, saying when a phase begins."""
TICK = os.sysconf("SC_CLK_TCK")
SHOWN = 500
"""Noun chunks that the rival draws: those of most papers. pyvis compares each link with all before it, so more would never end."""


def family(top):
    """The processes of a build: its first one and all below it."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = [top]
    for one in found:
        found += [pid for pid, parent in parents.items() if parent == one]
    return found


def processor_seconds(pids):
    """What living processes and those that they waited for have used."""
    total = 0
    for pid in pids:
        try:
            total += sum(
                map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15])
            )
        except OSError:
            continue
    return total / TICK


def megabytes(pids):
    """What processes hold together, shared pages once."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


class Watch:
    """Follows a process: when its phases begin, what they use and hold."""

    def __init__(self, command):
        self.phases = [["starting", time.monotonic(), 0.0, 0.0]]
        self.process = subprocess.Popen(
            command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.used = 0.0

    def run(self):
        """Wait until it ends; what it printed."""
        reader = Thread(target=self._listen)
        reader.start()
        out = Thread(target=lambda: setattr(self, "out", self.process.stdout.read()))
        out.start()
        while reader.is_alive():
            self._look()
            reader.join(1)
        code = os.wait4(self.process.pid, 0)
        out.join()
        if code[1]:
            sys.exit(f"the build failed: {self.out}")
        self.used = code[2].ru_utime + code[2].ru_stime
        return self.out

    def _look(self):
        pids = family(self.process.pid)
        self.phases[-1][3] = max(self.phases[-1][3], megabytes(pids))

    def _listen(self):
        for line in self.process.stderr:
            if line.startswith("phase "):
                self.phases.append(
                    [
                        line[6:].strip(),
                        time.monotonic(),
                        processor_seconds(family(self.process.pid)),
                        0.0,
                    ]
                )
            else:
                sys.stderr.write(line)

    def table(self):
        """For each phase: clock, processor, memory."""
        ends = [(one[1], one[2]) for one in self.phases[1:]] + [(time.monotonic(), self.used)]
        return {
            name: (end - began, used - before, peak)
            for (name, began, before, peak), (end, used) in zip(self.phases, ends, strict=True)
        }


def sample(source, count, target, later=0):
    """Write an even sample of the papers as JSON lines; some of them, evenly spread too, to a second file; how many each has."""
    papers = list(read_papers([source]))
    step = max(1.0, len(papers) / count)
    chosen = [papers[int(n * step)] for n in range(min(count, len(papers)))]
    last = {n * len(chosen) // later for n in range(later)}
    write(target, [paper for n, paper in enumerate(chosen) if n not in last])
    write(target.with_name("later.jsonl"), [chosen[n] for n in sorted(last)])
    return len(chosen) - len(last), len(last)


def write(path, papers):
    rows = ({"id": p.id, "title": p.title, "abstract": p.abstract, "year": p.year} for p in papers)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def build(papers, folder, jobs):
    watch = Watch(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            TELLING,
            "build",
            str(papers),
            "-o",
            str(folder),
            *(["--jobs", str(jobs)] if jobs else []),
        ]
    )
    out = watch.run()
    return watch, out


def rival(papers, target, model):
    """Noun chunks, pairs counted, a page by pyvis; says what it did."""
    print("phase finding names", file=sys.stderr, flush=True)
    nlp = spacy.load(model)
    chunks, pairs = Counter(), Counter()
    texts = (paper.text for paper in read_papers([papers]))
    for doc in nlp.pipe(texts):
        found = sorted({chunk.text.lower() for chunk in doc.noun_chunks})
        chunks.update(found)
        pairs.update(itertools.combinations(found, 2))
    print("phase writing files", file=sys.stderr, flush=True)
    shown = {name for name, _ in chunks.most_common(SHOWN)}
    graph = nx.Graph()
    for (one, two), count in pairs.items():
        if count > 1 and one in shown and two in shown:
            graph.add_edge(one, two, value=count)
    network = Network()
    network.from_nx(graph)
    Path(target).write_text(
        network.generate_html(notebook=False), encoding="utf-8"
    )  # write_html copies pyvis's scripts to where it runs
    print(
        f"{len(chunks):,} chunks, {len(pairs):,} pairs; drawn: {len(graph):,} nodes, {graph.number_of_edges():,} links"
    )


def show(title, watch, table):
    print(f"\n{title}")
    for name, (clock, used, peak) in table.items():
        print(
            f"  {name:<20}{clock:>9,.1f} s of the clock {used:>9,.1f} s of processor {peak:>8,.0f} MB"
        )
    clock, used, peak = (
        sum(row[0] for row in table.values()),
        watch.used,
        max(row[2] for row in table.values()),
    )
    print(
        f"  {'together':<20}{clock:>9,.1f} s of the clock {used:>9,.1f} s of processor {peak:>8,.0f} MB",
        flush=True,
    )
    return clock, used, peak


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source")
    parser.add_argument("--papers", type=int, nargs="*", default=[1000, 10_000])
    parser.add_argument(
        "--later", type=int, default=0, help="papers of the last size that a second build adds"
    )
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--rival", help="an installed English pipeline of spaCy")
    parser.add_argument("--rival-papers", type=int, nargs="*", default=[1000])
    parser.add_argument("--keep", type=Path, help="keep the built projects in this folder")
    options = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        totals = {}
        papers = Path(temporary) / "papers.jsonl"
        for count in options.papers:
            number, later = sample(
                options.source, count, papers, options.later if count == options.papers[-1] else 0
            )
            watch, out = build(papers, folder / f"{count}", options.jobs)
            print(out)
            totals[number] = show(f"kg, {number:,} papers", watch, watch.table())
            if later:
                watch, out = build(
                    papers.with_name("later.jsonl"), folder / f"{count}", options.jobs
                )
                print(out)
                show(f"kg, {later:,} papers more", watch, watch.table())
        for count in options.rival_papers if options.rival else ():
            number, _ = sample(options.source, count, papers)
            code = "import sys; from benchmarks.scale import rival; rival(*sys.argv[1:])"
            watch = Watch(
                [
                    sys.executable,
                    "-W",
                    "ignore",
                    "-c",
                    code,
                    str(papers),
                    str(folder / "rival.html"),
                    options.rival,
                ]
            )
            print(watch.run())
            clock, used, peak = show(f"noun chunks, {number:,} papers", watch, watch.table())
            if number in totals:
                own = totals[number]
                print(
                    f"  times kg's: {clock / own[0]:.1f} of the clock, {used / own[1]:.1f} of processor, {peak / own[2]:.1f} of memory"
                )


if __name__ == "__main__":
    main()
