"""The list of attributes is one: no name twice, each with a meaning."""

from kg.graph.schema import LINK_ATTRIBUTES, NODE_ATTRIBUTES, attribute_table


def test_no_attribute_is_listed_twice_and_each_has_a_meaning():
    for attributes in (NODE_ATTRIBUTES, LINK_ATTRIBUTES):
        assert len({attribute.name for attribute in attributes}) == len(attributes)
        assert all(attribute.meaning for attribute in attributes)


def test_the_table_for_the_docs_has_a_row_an_attribute():
    assert len(attribute_table(LINK_ATTRIBUTES).splitlines()) == len(LINK_ATTRIBUTES) + 2
