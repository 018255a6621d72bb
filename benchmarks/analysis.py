"""Whether significance means what it says, and how often suggested pairs come true, on a project of one's own.

python benchmarks/analysis.py PROJECT [ROUNDS]   (a folder of kg build; 20 rounds by default)

gaps     kg gaps' back-test for splits two years apart, each beside popularity and chance; AUC of all pairs three years ahead
trends   the years of the papers shuffled: nothing rises or fades, so what kg trends calls significant is a false alarm
links    the nodes dealt out anew between papers, every node and paper keeping its degree: no link is more than chance
"""

import random
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np

from kg.analysis.gaps import back_test, find_auc
from kg.analysis.trends import find_trends
from kg.errors import CorpusError
from kg.graph.statistics import expected_papers, false_discovery_rates, seen_upper_tail
from kg.storage.store import Store

LEVEL = 0.05
LEAST = 5


def main(project, rounds="20"):
    with Store(Path(project, "kg.duckdb"), read_only=True) as store:
        gaps(store)
        chance = random.Random(1)
        papers = [
            (paper.paper.venue or "", paper.paper.year, paper.nodes)
            for paper in store.graph.marked_papers()
        ]
        trends(store, papers, chance, int(rounds))
        links([set(nodes) for *_, nodes in papers], chance, int(rounds))


def gaps(store):
    print(
        f"{'known up to':>11} {'pairs':>10} {'came':>6} {'tried':>6} {'hits':>5} {'popular':>8} {'of late':>8} {'chance':>7} {'AUC':>6} {'of late':>8}"
    )
    for split in range(max(store.years()) - 9, max(store.years()), 2):
        try:
            test = back_test(store, split=split)
            auc = " ".join(f"{one:>7.3f}" for one in find_auc(store, split=split) or ())
        except CorpusError:
            continue
        print(
            f"{test.split:>11} {test.pairs:>10,} {test.came:>6,} {test.tried:>6} {test.hits:>5} {test.popular:>8} {test.lately:>8} {test.chance:>7.1f} {auc}",
            flush=True,
        )


class Shuffled:
    """What kg trends reads of a store, with the years of each venue's papers shuffled among them."""

    def __init__(self, store, papers, chance):
        self.path, self.years, self.strata, self.graph = store.path, store.years, store.strata, self
        self.node_rows = store.graph.node_rows
        years = {}
        for (venue, year), count in store.strata().items():
            years.setdefault(venue, []).extend([year] * count)
        for several in years.values():
            chance.shuffle(several)
        dated = [
            (venue, years[venue].pop(), nodes) for venue, old, nodes in papers if old is not None
        ]
        self._nodes = Counter((node, *place) for *place, nodes in dated for node in nodes)
        self._links = Counter(
            (*pair, *place) for *place, nodes in dated for pair in combinations(nodes, 2)
        )

    def node_strata(self):
        """Papers of each node, venue and year."""
        return ((*key, count) for key, count in sorted(self._nodes.items()))

    def link_strata(self, least):
        """Papers of each link of enough papers, venue and year."""
        total = Counter()
        for (one, other, *_), count in self._links.items():
            total[one, other] += count
        return (
            (*key, count) for key, count in sorted(self._links.items()) if total[key[:2]] >= least
        )


def trends(store, papers, chance, rounds):
    true = find_trends(store, min_papers=LEAST)
    print(f"\ntrends at q <= {LEVEL}: {told(true.nodes)} nodes, {told(true.links)} links")
    found = [find_trends(Shuffled(store, papers, chance), min_papers=LEAST) for _ in range(rounds)]
    for what in ("nodes", "links"):
        tested = [getattr(one, what) for one in found]
        below = sum(one.p <= LEVEL for several in tested for one in several) / max(
            1, sum(map(len, tested))
        )
        alarms = [sum(one.q <= LEVEL for one in several) for several in tested]
        print(
            f"  years shuffled {rounds} times, {what}: p <= {LEVEL} for a share of {below:.3f}; {sum(map(bool, alarms))} times a false alarm, {sum(alarms)} in all"
        )


def told(tested):
    return f"{sum(one.q <= LEVEL for one in tested)} of {len(tested)}"


def links(papers, chance, rounds):
    p, q = significance(papers)
    print(f"\nlinks at q <= {LEVEL}: {(q <= LEVEL).sum()} of {len(q)}")
    shares, alarms = [], []
    for _ in range(rounds):
        for _ in range(5 * len(papers)):
            one, two = chance.sample(range(len(papers)), 2)
            apart = sorted(papers[one] ^ papers[two])
            chance.shuffle(apart)
            both, left = papers[one] & papers[two], len(papers[one] - papers[two])
            papers[one], papers[two] = both | set(apart[:left]), both | set(apart[left:])
        p, q = significance(papers)
        shares.append(np.mean(p <= LEVEL))
        alarms.append(int((q <= LEVEL).sum()))
    print(
        f"  nodes dealt out {rounds} times: p <= {LEVEL} for a share of {np.mean(shares):.4f}; {sum(map(bool, alarms))} times a false alarm, {sum(alarms)} in all"
    )


def significance(papers):
    degree = Counter(node for paper in papers for node in paper)
    counts = Counter(pair for paper in papers for pair in combinations(sorted(paper), 2))
    source, target = (
        np.array([degree[pair[end]] for pair in counts], dtype=float) for end in (0, 1)
    )
    expected = expected_papers(source, target, [len(paper) for paper in papers])
    together = np.array(list(counts.values()), dtype=float)
    return seen_upper_tail(together, expected), false_discovery_rates(
        together, source, target, expected
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
