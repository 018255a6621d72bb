"""A gap is a pair with neighbours in common; the back-test counts what came."""

import pytest
from records import dated

from kg.analysis import gaps
from kg.analysis.gaps import back_test, find_auc, find_gaps
from kg.errors import CorpusError

KNOWN = [(2018, ["BERT", "SQuAD"]), (2018, ["BERT", "LSTM"]), (2018, ["ResNet", "ImageNet"])]


def test_a_pair_is_suggested_through_its_shared_neighbours_and_scored_by_them():
    with dated(KNOWN) as store:
        found = find_gaps(store, min_papers=1)
    assert [(one.method, one.resource, one.score, one.shared) for one in found] == [
        ("lstm", "squad", 0.166667, ("BERT",))
    ]


def test_the_back_test_counts_pairs_that_came_after_the_split():
    with dated([*KNOWN, (2019, ["LSTM", "SQuAD"])]) as store:
        test = back_test(store, split=2018, min_papers=1)
        assert find_gaps(store, min_papers=1) == ()
    assert (test.pairs, test.came, test.tried, test.hits, test.chance) == (4, 1, 1, 1, 0.25)
    assert (test.popular, test.lately) == (0, 0)


def test_what_is_old_counts_less():
    rows = [
        (2016, ["BERT", "SQuAD"]),
        (2016, ["BERT", "GAN"]),
        (2018, ["LSTM", "ImageNet"]),
        (2018, ["LSTM", "RoBERTa"]),
    ]
    with dated(rows) as store:
        found = find_gaps(store, min_papers=1)
    assert [(one.method, one.resource) for one in found] == [
        ("roberta", "imagenet"),
        ("gan", "squad"),
    ]
    assert found[1].score == round((1 / 2) ** 2 / (2 / 2 + 1) / (1 / 2 + 1), 6)


def test_what_nobody_mentioned_of_late_is_not_suggested():
    rows = [(2010, ["BERT", "SQuAD"]), (2010, ["BERT", "GAN"]), (2018, ["LSTM", "ImageNet"])]
    with dated(rows) as store:
        assert find_gaps(store, min_papers=1) == ()


def test_where_no_paper_has_a_year_all_weigh_the_same_and_one_without_a_year_still_links():
    with dated([(None, names) for _, names in KNOWN]) as store:
        assert [
            (one.method, one.resource, one.score) for one in find_gaps(store, min_papers=1)
        ] == [("lstm", "squad", 0.166667)]
    with dated([*KNOWN, (None, ["LSTM", "SQuAD"])]) as store:
        assert find_gaps(store, min_papers=1) == ()


def test_popularity_takes_the_largest_products_that_are_free():
    rows = (
        [(2018, ["BERT", "SQuAD"])] * 3
        + [(2018, ["LSTM", "ImageNet"])] * 2
        + [(2018, ["GAN", "GLUE"]), (2019, ["BERT", "ImageNet"]), (2019, ["GAN", "SQuAD"])]
    )
    rows += [(2018, ["BERT", "LSTM"])]
    with dated(rows) as store:
        test = back_test(store, split=2018, min_papers=1)
    assert (test.pairs, test.came, test.tried, test.hits, test.popular) == (6, 2, 2, 1, 1)


def test_without_years_on_both_sides_there_is_no_back_test():
    with dated(KNOWN) as store, pytest.raises(CorpusError, match="no years on both sides of 2018"):
        back_test(store)


def test_of_pairs_with_the_same_neighbours_what_fewer_mention_comes_first():
    rows = [
        (2018, ["BERT", "SQuAD"]),
        (2018, ["BERT", "LSTM"]),
        (2018, ["BERT", "XLNet"]),
        (2018, ["XLNet"]),
    ]
    with dated(rows) as store:
        assert [one.method for one in find_gaps(store, min_papers=1)] == ["lstm", "xlnet"]


def test_umbrella_terms_are_left_out(monkeypatch):
    monkeypatch.setattr(gaps, "KNOWN", (2, 0.0))
    rows = [*KNOWN, (2018, ["LSTM"]), (2018, ["LSTM"]), (2018, ["BERT", "GAN"])]
    with dated(rows) as store:
        assert [one.method for one in find_gaps(store, min_papers=1)] == ["gan"]


def test_who_has_tried_a_kind_of_a_method_has_tried_it(monkeypatch):
    rows = [*KNOWN, (2018, ["RoBERTa", "SQuAD"])]
    with dated(rows) as store:
        monkeypatch.setattr(store.graph, "broader", lambda: {"roberta": ["lstm"]})
        assert find_gaps(store, min_papers=1) == ()


def test_the_area_under_the_curve_is_of_all_pairs_and_of_the_years_ahead():
    later = [(2019, ["LSTM", "SQuAD"]), (2025, ["ResNet", "SQuAD"])]
    with dated([*KNOWN, *later]) as store:
        assert find_auc(store, split=2018, min_papers=1) == (1.0, pytest.approx(1 / 3))
        assert find_auc(store, split=2019, min_papers=1) is None
