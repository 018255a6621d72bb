"""Union-find with reasons: what may be joined, and why it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.names.keys import numerals
from kg.resolution.union import Reason, Unions, same_or_no_numbers, same_up_to_century

WHY = Reason("test", "", "")


def test_joined_names_have_the_smallest_as_root():
    unions = Unions()
    assert unions.join("b", "c", WHY)
    assert unions.join("c", "a", WHY)
    assert [unions.root(name) for name in "abcd"] == ["a", "a", "a", "d"]


def test_names_with_differing_numbers_are_never_joined():
    unions = Unions()
    assert not unions.join("squad1.1", "squad2.0", WHY)
    assert not unions.join("c", "c++", WHY)
    assert unions.root("squad2.0") == "squad2.0"


def test_no_chain_leads_from_one_version_to_another():
    unions = Unions()
    assert unions.join("a2c", "advantageactorcritic", WHY, fit=same_or_no_numbers)
    assert unions.join("advantageactorcritic", "aac", WHY)
    assert not unions.join("aac", "a3c", WHY)


def test_a_year_may_be_short():
    unions = Unions()
    assert unions.join("wmt14", "wmt2014", WHY, fit=same_up_to_century)
    assert not unions.join("wmt14", "wmt2015", WHY, fit=same_up_to_century)
    assert not unions.join("otb50", "otb2013", WHY, fit=same_up_to_century)


def test_a_name_kept_apart_is_joined_by_force_only():
    unions = Unions(apart=["sgd"])
    assert not unions.join("sgd", "stochasticgradientdescent", WHY)
    assert unions.join("sgd", "stochasticgradientdescent", WHY, fit=None)


def test_every_joined_name_can_be_asked_for_its_reason():
    unions = Unions()
    first, second = Reason("lexicon", "", "one"), Reason("abbreviation", "p1", "two", 3)
    unions.join("a", "b", first)
    unions.join("b", "c", second)
    assert unions.explain("a", ["a", "b", "c", "d"]) == {"b": ("a", first), "c": ("b", second)}
    assert unions.explain("d", ["a"]) == {}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c1", "d1", "e2", "f"]),
            st.sampled_from(["a", "b", "c1", "d1", "e2", "f"]),
        )
    )
)
def test_joins_do_not_depend_on_their_order_where_no_number_stands_between(pairs):
    one, other = Unions(), Unions()
    for a, b in pairs:
        one.join(a, b, WHY)
    for a, b in reversed(pairs):
        other.join(b, a, WHY)
    names = ["a", "b", "c1", "d1", "e2", "f"]
    assert [one.root(name) for name in names] == [other.root(name) for name in names]
    assert all(numerals(name) == numerals(one.root(name)) for name in names)


@pytest.mark.parametrize(
    ("one", "other", "expected"), [((), (), True), (("2",), (), True), (("2",), ("3",), False)]
)
def test_a_short_form_may_have_a_number_that_the_long_form_spells(one, other, expected):
    assert same_or_no_numbers(one, other) is expected
