"""The statistics of links agree with papers dealt out anew, all degrees kept (Strona et al. 2014), and raise no false alarm there."""

import math
from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from kg.graph.statistics import (
    benjamini_hochberg,
    expected_papers,
    false_discovery_rates,
    npmi,
    seen_upper_tail,
)

NODES, PAPERS = 60, 300


def dealt(papers, rng, trades):
    """Papers whose nodes are dealt out anew between two of them, many times: papers keep their sizes, nodes their papers."""
    papers = list(papers)
    for _ in range(trades):
        one, two = rng.choice(len(papers), 2, replace=False)
        apart = sorted(papers[one] ^ papers[two])
        rng.shuffle(apart)
        both, left = papers[one] & papers[two], len(papers[one] - papers[two])
        papers[one], papers[two] = both | set(apart[:left]), both | set(apart[left:])
    return papers


@pytest.fixture(name="corpora", scope="module")
def _corpora():
    """A hundred corpora of the same degrees in which nothing but chance puts names together."""
    rng = np.random.default_rng(7)
    popularity = 1 / np.arange(1, NODES + 1)
    papers = [
        set(rng.choice(NODES, size, replace=False, p=popularity / popularity.sum()).tolist())
        for size in rng.integers(1, 6, PAPERS)
    ]
    found = []
    for _ in range(100):
        papers = dealt(papers, rng, PAPERS)
        found.append(papers)
    return found


def pairs_of(papers):
    """The pairs of a corpus, their counts, the papers of their ends, and what is expected of them."""
    degree = Counter(node for paper in papers for node in paper)
    counts = Counter(pair for paper in papers for pair in combinations(sorted(paper), 2))
    source, target = (
        np.array([degree[pair[end]] for pair in counts], dtype=float) for end in (0, 1)
    )
    return (
        list(counts),
        np.array(list(counts.values()), dtype=float),
        source,
        target,
        expected_papers(source, target, [len(paper) for paper in papers]),
    )


def test_the_expected_count_agrees_with_papers_dealt_out_anew(corpora):
    total = Counter(
        pair for papers in corpora for paper in papers for pair in combinations(sorted(paper), 2)
    )
    expected = dict(zip(*(pairs_of(corpora[0])[place] for place in (0, 4)), strict=True))
    often = [pair for pair in expected if total[pair] >= 300]
    assert len(often) > 20
    assert [expected[pair] for pair in often] == pytest.approx(
        [total[pair] / len(corpora) for pair in often], rel=0.35
    )
    assert sum(expected[pair] for pair in often) == pytest.approx(
        sum(total[pair] for pair in often) / len(corpora), rel=0.1
    )


def test_where_chance_alone_puts_names_together_p_is_below_a_level_no_more_often_than_it_says(
    corpora,
):
    p = np.concatenate(
        [seen_upper_tail(counts, expected) for _, counts, _, _, expected in map(pairs_of, corpora)]
    )
    for level in (0.01, 0.05, 0.1):
        assert np.mean(p <= level) <= level


def test_where_chance_alone_puts_names_together_hardly_a_corpus_has_a_significant_link(corpora):
    alarms = [(false_discovery_rates(*pairs_of(papers)[1:]) <= 0.05).any() for papers in corpora]
    assert np.mean(alarms) <= 0.05


def test_what_belongs_together_is_found_among_chance(corpora):
    papers = [*corpora[0], *({30 + n, 45 + n} for n in range(5) for _ in range(7))]
    pairs, *numbers = pairs_of(papers)
    q = dict(zip(pairs, false_discovery_rates(*numbers), strict=True))
    assert {pair for pair, value in q.items() if value <= 0.05} == {
        (30 + n, 45 + n) for n in range(5)
    }


def test_q_is_the_adjusted_p_of_benjamini_and_hochberg():
    assert benjamini_hochberg(np.array([0.01, 0.04, 0.03, 0.5])).tolist() == pytest.approx(
        [0.04, 0.16 / 3, 0.16 / 3, 0.5]
    )
    assert len(benjamini_hochberg(np.array([]))) == 0


def test_the_tail_is_the_probability_of_at_least_so_many_given_one():
    more_than_none, two_or_more = 1 - math.exp(-2), 1 - math.exp(-2) * (1 + 2)
    assert seen_upper_tail(np.array([2.0, 1.0, 3.0]), np.array([2.0, 1e-9, 1e-9])) == pytest.approx(
        [two_or_more / more_than_none, 1.0, 1e-18 / 6], rel=1e-6
    )


def test_a_link_whose_end_has_one_paper_is_not_tested_and_does_not_count_among_the_tests():
    papers, expected = np.array([2.0, 1.0, 1.0]), np.array([0.01, 0.01, 0.01])
    q = false_discovery_rates(
        papers, np.array([2.0, 1.0, 9.0]), np.array([3.0, 4.0, 1.0]), expected
    )
    assert q.tolist() == [seen_upper_tail(papers, expected)[0], 1.0, 1.0]


def test_npmi_is_one_for_names_that_are_only_together_and_zero_for_independent_ones():
    assert npmi(
        np.array([10.0, 25.0]), np.array([10.0, 50.0]), np.array([10.0, 50.0]), 100
    ).tolist() == pytest.approx([1.0, 0.0])


def test_npmi_is_one_where_two_are_only_ever_together():
    together = np.array([10.0, 5.0, 2.0])
    assert npmi(together, together, together, 10) == pytest.approx([1, 1, 1])
    assert npmi(np.array([2.0]), np.array([4.0]), np.array([5.0]), 10) == pytest.approx([0.0])
