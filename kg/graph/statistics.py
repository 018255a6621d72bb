"""How strong a link is, and whether chance explains it.

A co-mention graph is a projection of papers x nodes, so chance is the bipartite null: every mention of a node falls on a
paper with a probability that grows with the paper's number of nodes. With node degrees d, paper sizes k and
m = sum of k, the expected number of papers that mention both ends of a pair is, to first order,

    expected = d_i d_j (sum over papers of k (k - 1)) / m^2

and the count is nearly Poisson. ``association`` is usage over expected (association strength, van Eck and Waltman
2009), ``npmi`` the normalised pointwise mutual information (Bouma 2009). A link is there because at least one paper mentions both, so
its p is that of so many papers or more, given that there is one; ``q`` is p after Benjamini and Hochberg (1995) over all links that can
have two papers. Where one end has a single paper nothing can be told, whatever the papers say (Tarone 1990): q is 1.
Without that condition most links of a corpus in which chance alone puts names together would count as significant: almost every pair
is expected less than once, so that a single paper is a surprise, and the pairs that no paper mentions are not there to be counted.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc

__all__ = [
    "benjamini_hochberg",
    "better_ranks",
    "expected_papers",
    "false_discovery_rates",
    "npmi",
    "seen_upper_tail",
]

Floats = NDArray[np.float64]


def expected_papers(source: Floats, target: Floats, sizes: Sequence[int]) -> Floats:
    """Return the expected counts of pairs.

    Args:
        source: papers of one end, one number a pair.
        target: papers of the other end.
        sizes: how many nodes each paper mentions.
    """
    k = np.asarray(sizes, dtype=np.float64)
    factor = float((k * (k - 1)).sum() / k.sum() ** 2)
    return source * target * factor


def seen_upper_tail(usage: Floats, expected: Floats) -> Floats:
    """Return P(X >= usage given X >= 1) for Poisson variables; the regularised lower incomplete gamma function is the tail."""
    tail: Floats = np.minimum(1.0, gammainc(usage, expected) / -np.expm1(-expected))
    return tail


def false_discovery_rates(
    together: Floats, source: Floats, target: Floats, expected: Floats
) -> Floats:
    """Return the q of each link: of its papers, those of its ends, and those expected."""
    q = np.ones(len(together))
    can = np.minimum(source, target) > 1
    q[can] = benjamini_hochberg(seen_upper_tail(together[can], expected[can]))
    return q


def benjamini_hochberg(p: Floats) -> Floats:
    """Return the q of each p: the smallest false discovery rate at which it would be accepted."""
    if not len(p):
        return p
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty_like(p)
    q[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return q


def npmi(together: Floats, source: Floats, target: Floats, papers: int) -> Floats:
    """Return normalised pointwise mutual information, -1 to 1; 1 where the two are only ever together, in all papers too."""
    share = together / papers
    mutual = np.log(share * papers * papers / (source * target))
    weight = -np.log(share)
    return np.where(weight > 0, mutual / np.where(weight > 0, weight, 1.0), 1.0)


def better_ranks(
    source: NDArray[np.int64], target: NDArray[np.int64], strength: Floats
) -> NDArray[np.int64]:
    """Return the better of the two ranks of each link among the links of its ends, from 1.

    Args:
        source: the number of one end, one a link.
        target: the number of the other end.
        strength: a row a link; links are ordered by the first column, ties by the next ones, all from high to low, then by ends.
    """
    links = np.arange(len(source))
    end, link = np.concatenate([source, target]), np.concatenate([links, links])
    other = np.concatenate([target, source])
    order = np.lexsort([other, *(-strength[link].T)[::-1], end])
    starts = np.flatnonzero(np.diff(end[order], prepend=-1))
    place = np.arange(len(order)) - np.repeat(starts, np.diff(starts, append=len(order))) + 1
    best = np.full(len(source), len(order))
    np.minimum.at(best, link[order], place)
    return best
