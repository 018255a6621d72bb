"""Which names are terms: fits the weights of kg/resolution/termness.tsv, and says how far they carry.

python benchmarks/termness.py fit STORE NAMES [GOLD...]  fit, write the weights, report on names left out
python benchmarks/termness.py halves STORE NAMES         fit on one half of the papers, report on the other

STORE is a built project's store, NAMES the judged names (``pipelines/lexicon/judged_names.tsv``), GOLD
annotated papers of that corpus, from which names of one paper are learned. A fifth of the names, by
hash, is never fitted.
"""

import json
import sys
from collections import Counter, defaultdict
from hashlib import blake2b
from itertools import chain
from pathlib import Path

import duckdb
import numpy as np
from scipy import sparse
from scipy.optimize import minimize

import pipelines
from kg.names.generic import is_generic
from kg.names.keys import key
from kg.records import EntityType
from kg.resolution.interpretation import Knowledge, interpret
from kg.resolution.resolve import NODE_TYPES
from kg.resolution.standing import Texts
from kg.resolution.termness import WEIGHTS, Weights, features
from kg.resolution.thesaurus import Thesaurus
from kg.resolution.usage import Usage
from kg.storage.store import Store
from pipelines.lexicon import judged_names

RESOURCES = {EntityType.DATASET, EntityType.BENCHMARK}
CODES = dict(zip("MDBTX", EntityType, strict=True))
PENALTY, RAREST, KEPT, SMALLEST = 2.0, 4, 0.98, 0.02
"""The penalty on squared weights; names that must share a feature; the share of right names that is to be kept; the least weight that is written."""


def fold_of(text):
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest()) % 5


def read(store, keep=lambda _: True):
    """Return how the papers of a store are understood, without anything learned or judged."""
    with duckdb.connect(store, read_only=True) as db:
        pipeline = db.execute(
            "SELECT pipeline FROM extractions GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        ).fetchone()[0]
    usage, texts = Usage(), Texts()
    with Store(Path(store), read_only=True) as papers:
        for paper, found in papers.extractions(pipeline):
            if keep(paper.id):
                usage.see(paper.id, found, paper.year, paper.title)
                texts.see(paper, found)
    facts = sorted(pipelines.known_terms(), key=lambda term: (term.label, term.type, term.aliases))
    standing = texts.count(usage.uses)
    known = Knowledge(facts, (), standing, Weights({}, 0.0))
    return interpret(usage, known, Thesaurus(), frozenset(NODE_TYPES))


def cases(understood, judgements):
    """Yield (features, whether the name is right, its fold, its papers) of names that were judged."""
    judged = {key(one.name): one for one in judgements}
    for profile in understood.profiles.values():
        name = key(profile.surface)
        one = judged.get(name)
        kind = found_as(profile)
        if one and one.sure and kind and profile.papers > 1 and not is_generic(profile.surface):
            right = (one.type in RESOURCES) == (kind in RESOURCES) and one.type in NODE_TYPES
            yield dict(features(profile)), right, fold_of(name), profile.papers


def found_as(profile):
    """Return as what papers name a thing, None if mostly as no node."""
    votes = dict(zip(EntityType, profile.votes, strict=True))
    wanted = {kind: votes[kind] for kind in NODE_TYPES}
    best = max(wanted, key=wanted.get)
    return best if 2 * sum(wanted.values()) > sum(votes.values()) else None


def annotated_cases(understood, paths):
    """Yield the same of names of one paper which is annotated."""
    gold = {}
    lines = chain.from_iterable(Path(one).read_text(encoding="utf-8").splitlines() for one in paths)
    for row in map(json.loads, lines):
        gold[row["id"]] = {
            key(name): CODES[entity[0]]
            for entity in row["e"]
            for name in entity[1:]
            if len(name) > 1 or name not in "NECSUO-"
        }
    first = defaultdict(str)
    for use_key, group in understood.usage.groups.items():
        root = understood.root_of(use_key)
        first[root] = max(first[root], group.first)
    for root, profile in understood.profiles.items():
        kind = found_as(profile)
        names = gold.get(first[root])
        if profile.papers == 1 and names is not None and kind and not is_generic(profile.surface):
            is_one = names.get(key(profile.surface))
            right = is_one in NODE_TYPES and (is_one in RESOURCES) == (kind in RESOURCES)
            yield dict(features(profile)), right, fold_of(profile.surface), 1


def fit(rows):
    """Return the weights of a logistic regression on cases."""
    counts = Counter(name for row in rows for name in row[0])
    columns = {
        name: n for n, name in enumerate(sorted(n for n, c in counts.items() if c >= RAREST))
    }
    entries = [
        (number, columns[name], value)
        for number, row in enumerate(rows)
        for name, value in row[0].items()
        if name in columns
    ]
    places, column, values = zip(*entries, strict=True)
    matrix = sparse.csr_matrix((values, (places, column)), (len(rows), len(columns)))
    right = np.array([row[1] for row in rows], float)

    def loss(weights):
        scores = matrix @ weights
        chance = 1 / (1 + np.exp(-scores))
        value = np.sum(np.logaddexp(0, scores) - right * scores) + PENALTY / 2 * weights @ weights
        return value, matrix.T @ (chance - right) + PENALTY * weights

    best = minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B").x
    return dict(zip(columns, best.tolist(), strict=True))


def chances(weights, rows):
    scores = [sum(weights.get(n, 0.0) * v for n, v in row[0].items()) for row in rows]
    return 1 / (1 + np.exp(-np.array(scores)))


def threshold(weights, rows, share):
    """Return the probability above which so great a share of the right names lies."""
    right = np.sort(chances(weights, rows)[[row[1] for row in rows]])
    return float(right[int((1 - share) * len(right))])


def report(label, weights, rows, least):
    right = np.array([row[1] for row in rows])
    papers = np.array([row[3] for row in rows])
    kept = chances(weights, rows) >= least
    print(f"{label}, left out below {least:.2f}:")
    for low, high in ((1, 1), (2, 10**9), (2, 2), (3, 4), (5, 19), (20, 99), (100, 10**9)):
        here = (papers >= low) & (papers <= high)
        if (right & here).any():
            print(
                f"  {low}-{high} papers, {here.sum():,} names: right {right[here].mean():.3f} -> "
                f"{right[here & kept].mean():.3f}; kept of the right ones "
                f"{(right & here & kept).sum() / (right & here).sum():.3f}"
            )


def learned(rows):
    """Fit on four fifths of the names, choose the threshold by crossing them, and return both."""
    seen = [row for row in rows if row[2]]
    crossed, picked = [], []
    for fold in (1, 2, 3, 4):
        picked += (held := [row for row in seen if row[2] == fold])
        crossed += chances(fit([row for row in seen if row[2] != fold]), held).tolist()
    right = sorted(c for c, row in zip(crossed, picked, strict=True) if row[1] and row[3] > 1)
    return fit(seen), right[int((1 - KEPT) * len(right))]


def fit_and_write(store, _, *gold):
    understood = read(store)
    rows = [*cases(understood, judged_names()), *annotated_cases(understood, gold)]
    weights, least = learned(rows)
    report("names left out", weights, [row for row in rows if not row[2]], least)
    lines = [f"least\t{least:.3f}"]
    lines += [f"{name}\t{w:.3f}" for name, w in sorted(weights.items()) if abs(w) >= SMALLEST]
    WEIGHTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines) - 1:,} weights from {len(rows):,} names")


def halves(store, _):
    one = list(cases(read(store, lambda name: fold_of(name) % 2), judged_names()))
    weights, least = learned(one)
    other = list(cases(read(store, lambda name: not fold_of(name) % 2), judged_names()))
    report("other half, names left out", weights, [row for row in other if not row[2]], least)


if __name__ == "__main__":
    {"fit": fit_and_write, "halves": halves}[sys.argv[1]](*sys.argv[2:])
