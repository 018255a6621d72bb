"""The strongest links are those that papers explain; a thing with its own kind and hubs do not fill the list."""

import math
from dataclasses import replace

import pytest
from records import BENCHMARK, DATASET, METHOD, PIPELINE, entity, extraction

from kg.graph.assemble import assemble, keep, lay_out, set_layout
from kg.graph.schema import LinkKind
from kg.graph.strength import _Link, strongest_data_links, strongest_links, turns
from kg.records import Node, Paper, Role
from kg.resolution.resolve import resolve
from kg.resolution.usage import Usage
from kg.storage.store import Store

N, E, C, S, U, O = Role  # noqa: E741 - the codes of the roles
TYPES = {"ImageNet": DATASET, "Cifar": DATASET, "Glue": BENCHMARK}


@pytest.fixture
def links():
    """Make a store of papers given as (text, {name: role}), and give its strongest links."""
    stores = []

    def make(*papers, kinds=None, find=strongest_links, number=None):
        store = Store()
        stores.append(store)
        pairs = []
        for place, (text, roles) in enumerate(papers):
            paper = Paper(f"p{place:03}", f"Number {place}", text, 2020)
            found = [
                replace(entity(paper.text, TYPES.get(name, METHOD), name), role=role)
                for name, role in roles.items()
            ]
            pairs.append((paper, extraction(paper.text, *found)))
        store.add_papers(paper for paper, _ in pairs)
        usage = Usage()
        store.graph.note_spans((paper, one, usage.see(paper.id, one)) for paper, one in pairs)
        resolution = resolve(usage)
        resolution.nodes = tuple(with_kind(node, kinds or {}) for node in resolution.nodes)
        store.graph.link(resolution, PIPELINE)
        graph = assemble(store)
        set_layout(graph, lay_out(graph))
        keep(store, graph)
        labels = dict(graph.nodes(data="label"))
        return [tuple(labels[end] for end in ends) for ends in find(store, number)]

    yield make
    for store in stores:
        store.__exit__(None, None, None)


def with_kind(node: Node, kinds):
    return replace(node, kind_of=tuple(kinds.get(node.label, ())))


def mentions(*names):
    return " and ".join(names) + " are known.", dict.fromkeys(names, O)


def uses(one, other, text="{0} is built on {1}."):
    return text.format(one, other), {one: N, other: U}


def test_what_papers_explain_comes_before_what_they_only_mention(links):
    found = links(
        mentions("Alpha", "Beta"), mentions("Alpha", "Beta"), uses("Gamma", "Delta"), mentions("Zeta", "Eta")
    )  # fmt: skip
    assert found[0] == ("Delta", "Gamma")
    assert len(found) == 3


@pytest.mark.parametrize(
    ("kinds", "text"),
    [
        ({"Gamma": ["middle"], "Middle": ["delta"]}, "{0} is built on {1}."),
        ({}, "{0} is a fast {1} method."),
        ({}, "As an alternative to {1}, here is {0}."),
    ],
)
def test_a_kind_of_the_other_and_one_against_the_other_do_not_tell(links, kinds, text):
    found = links(
        uses("Gamma", "Delta", text), uses("Zeta", "Eta"), mentions("Middle", "Theta"), kinds=kinds
    )
    assert found[0] == ("Eta", "Zeta")
    assert ("Delta", "Gamma") in found[1:]


def test_a_name_inside_a_name_is_a_kind_of_it(links):
    found = links(
        uses("attention network", "graph attention network"),
        uses("attention network", "graph attention network"),
        uses("Zeta", "Eta"),
    )
    assert found == [("Eta", "Zeta"), ("attention network", "graph attention network")]


def test_a_use_said_in_one_sentence_is_stronger_than_one_of_names_apart(links):
    apart = "{0} is new. Also {1} is there."
    assert links(uses("Alpha", "Beta", apart), uses("Gamma", "Delta"))[0] == ("Delta", "Gamma")


def test_one_work_published_twice_counts_once(links):
    long = "{0} is built on {1} and does many things that nobody did before it came."
    other = "{0}, which extends {1}, wins."
    found = links(
        uses("Alpha", "Beta", long), uses("Alpha", "Beta", long),
        uses("Gamma", "Delta", long), uses("Gamma", "Delta", other),
    )  # fmt: skip
    assert found == [("Delta", "Gamma"), ("Alpha", "Beta")]


def test_data_use_no_method_and_an_attack_is_evaluated_on_nothing(links):
    found = links(
        uses("Cifar", "Alpha"),
        ("The black box attack is tested on ImageNet.", {"black box attack": N, "ImageNet": E}),
        ("The Beta is tested on Glue.", {"Beta": N, "Glue": E}),
    )
    assert found[0] == ("Beta", "Glue")


def test_two_data_sets_stand_apart(links):
    papers = (mentions("Cifar", "ImageNet"), mentions("Alpha", "ImageNet"))
    assert links(*papers) == [("Alpha", "ImageNet")]
    assert links(*papers, find=strongest_data_links) == [("Cifar", "ImageNet")]
    assert links(*papers, find=strongest_data_links, number=1) == [("Cifar", "ImageNet")]


def test_a_hub_comes_three_times_before_others_had_their_turn():
    hub = [("Hub", name) for name in "ABCDE"]
    assert turns([*hub, ("X", "Y")], 3) == dict(
        zip([*hub, ("X", "Y")], (0, 0, 0, 1, 1, 0), strict=True)
    )


def test_only_so_many_are_given(links):
    assert len(links(uses("Alpha", "Beta"), uses("Gamma", "Delta"), number=1)) == 1


def link_of(**more):
    """A link of usual counts."""
    usual = {"papers": 7, "lift": 12.0, "npmi": 0.5, "q": 0.001, "kind": LinkKind.USES, "said": 2}
    return _Link(source="B", target="A", **usual | more)


def test_strength_is_papers_that_say_so_and_a_fiftieth_of_the_others_by_lift():
    assert link_of().strength(1.5) == pytest.approx((1.5 + 0.02 * 5) * 3 * math.log(4) ** 2)
    assert link_of(lift=2.0).strength(2) == 0
    most = link_of(lift=30.0).strength(2)
    assert most == link_of(lift=300.0).strength(2) > link_of().strength(2)


def test_a_link_is_explained_where_one_in_thirty_papers_says_what_it_means():
    assert [link_of(papers=papers).explained for papers in (60, 61)] == [True, False]
    assert link_of().ends == ("A", "B")
