"""Union-find with reasons: what may be joined, and why it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.joins import Joins, Reason, same_or_no_numbers, same_or_no_years
from kg.names import marks

WHY = Reason("test", "", "")


def test_joined_names_have_the_smallest_as_root():
    joins = Joins()
    assert joins.join("b", "c", WHY)
    assert joins.join("c", "a", WHY)
    assert [joins.root(name) for name in "abcd"] == ["a", "a", "a", "d"]


def test_names_with_differing_numbers_are_never_joined():
    joins = Joins()
    assert not joins.join("squad1.1", "squad2.0", WHY)
    assert not joins.join("c", "c++", WHY)
    assert joins.root("squad2.0") == "squad2.0"


def test_no_chain_leads_from_one_version_to_another():
    joins = Joins()
    assert joins.join("a2c", "advantageactorcritic", WHY, fit=same_or_no_numbers)
    assert joins.join("advantageactorcritic", "aac", WHY)
    assert not joins.join("aac", "a3c", WHY)


def test_a_year_may_be_short():
    joins = Joins()
    assert joins.join("wmt14", "wmt2014", WHY, fit=same_or_no_years)
    assert not joins.join("wmt14", "wmt2015", WHY, fit=same_or_no_years)
    assert not joins.join("otb50", "otb2013", WHY, fit=same_or_no_years)


def test_a_name_kept_apart_is_joined_by_force_only():
    joins = Joins(apart=["sgd"])
    assert not joins.join("sgd", "stochasticgradientdescent", WHY)
    assert joins.join("sgd", "stochasticgradientdescent", WHY, fit=None)


def test_every_joined_name_can_be_asked_for_its_reason():
    joins = Joins()
    first, second = Reason("lexicon", "", "one"), Reason("abbreviation", "p1", "two", 3)
    joins.join("a", "b", first)
    joins.join("b", "c", second)
    assert joins.explain("a", ["a", "b", "c", "d"]) == {"b": ("a", first), "c": ("b", second)}
    assert joins.explain("d", ["a"]) == {}


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c1", "d1", "e2", "f"]), st.sampled_from(["a", "b", "c1", "d1", "e2", "f"]))))
def test_joins_do_not_depend_on_their_order_where_no_number_stands_between(pairs):
    one, other = Joins(), Joins()
    for a, b in pairs:
        one.join(a, b, WHY)
    for a, b in reversed(pairs):
        other.join(b, a, WHY)
    names = ["a", "b", "c1", "d1", "e2", "f"]
    assert [one.root(name) for name in names] == [other.root(name) for name in names]
    assert all(marks(name) == marks(one.root(name)) for name in names)


@pytest.mark.parametrize(("one", "other", "expected"), [((), (), True), (("2",), (), True), (("2",), ("3",), False)])
def test_a_short_form_may_have_a_number_that_the_long_form_spells(one, other, expected):
    assert same_or_no_numbers(one, other) is expected
