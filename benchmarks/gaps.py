"""kg gaps' back-test on names of the lexicon, found word by word in a whole corpus: how its score was chosen.

python benchmarks/gaps.py CORPUS...   (any input of kg build)

AUC: how often a pair that came in the three years after was before one that did not, by the score and by popularity of late.
No pipeline reads the papers, so 87,000 take half a minute; names that the lexicon does not know, or that may mean something else, are not seen.
"""

import re
import sys
from collections import Counter
from itertools import combinations
from types import SimpleNamespace

import pipelines
from kg.analysis.gaps import RESOURCES, back_test, find_auc
from kg.corpus import read_papers
from kg.records import EntityType

WORD = re.compile(r"\w+|[^\w\s]")
SHORTEST = 3


class Incidence:
    """What the back-test reads of a store."""

    path = "corpus"

    def __init__(self, papers):
        self._years, self._nodes, self._links, self._types = Counter(), Counter(), Counter(), {}
        self.graph, names = self, known_names()
        for paper in papers:
            if paper.year is not None:
                found = dict(named(WORD.findall(paper.text), names))
                self._types |= found
                self._years[paper.year] += 1
                self._nodes.update((name, paper.year) for name in found)
                self._links.update((*pair, paper.year) for pair in combinations(sorted(found), 2))

    def years(self):
        """Papers of each year."""
        return dict(sorted(self._years.items()))

    def node_years(self):
        """Papers of each node and year."""
        return ((*key, count) for key, count in sorted(self._nodes.items()))

    def link_years(self):
        """Papers of each link and year."""
        return ((*key, count) for key, count in sorted(self._links.items()))

    def node_rows(self):
        """Ids and types of the nodes."""
        return (
            SimpleNamespace(node=SimpleNamespace(id=name, type=kind))
            for name, kind in self._types.items()
        )


def known_names():
    names = {}
    for term in pipelines.known_terms():
        for name in {term.label, *term.aliases} - set(term.ambiguous):
            if term.type in {EntityType.METHOD, *RESOURCES} and len(name) >= SHORTEST:
                names.setdefault(tuple(WORD.findall(name)), (term.label, term.type))
    return names


def named(words, names, longest=8):
    place = 0
    while place < len(words):
        length = next(
            (n for n in range(longest, 0, -1) if tuple(words[place : place + n]) in names), 0
        )
        if length:
            yield names[tuple(words[place : place + length])]
        place += length or 1


def main(*inputs):
    found = Incidence(read_papers(list(inputs)))
    print(
        f"{'known up to':>11} {'pairs':>10} {'came':>6} {'tried':>6} {'hits':>5} {'popular':>8} {'of late':>8} {'chance':>7} {'AUC':>6} {'of late':>8}"
    )
    for split in range(2012, max(found.years())):
        test = back_test(found, split=split)
        auc = " ".join(f"{one:>7.3f}" for one in find_auc(found, split=split) or ())
        print(
            f"{test.split:>11} {test.pairs:>10,} {test.came:>6,} {test.tried:>6} {test.hits:>5} {test.popular:>8} {test.lately:>8} {test.chance:>7.1f} {auc}",
            flush=True,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
