"""A gap is a pair with neighbours in common; the back-test counts what came."""

import pytest
from records import dated

from kg.errors import CorpusError
from kg.gaps import back_test, find_gaps

KNOWN = [(2018, ["BERT", "SQuAD"]), (2018, ["BERT", "LSTM"]), (2018, ["ResNet", "ImageNet"])]


def test_a_pair_is_suggested_through_its_shared_neighbours_and_scored_by_them():
    with dated(KNOWN) as store:
        found = find_gaps(store, min_papers=1)
    assert [(one.method, one.resource, one.score, one.shared) for one in found] == [("lstm", "squad", 0.5, ("BERT",))]


def test_the_back_test_counts_pairs_that_came_after_the_split():
    with dated([*KNOWN, (2019, ["LSTM", "SQuAD"])]) as store:
        test = back_test(store, split=2018, min_papers=1)
        assert find_gaps(store, min_papers=1) == ()
    assert (test.pairs, test.came, test.tried, test.hits, test.chance) == (4, 1, 1, 1, 0.25)
    assert test.popular == 0


def test_without_years_on_both_sides_there_is_no_back_test():
    with dated(KNOWN) as store, pytest.raises(CorpusError, match="no years on both sides of 2018"):
        back_test(store)
