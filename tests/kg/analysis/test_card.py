"""A node's card says what papers do with it; the matrix says which methods are evaluated on which data."""

from dataclasses import replace

import pytest
from records import DATASET, METHOD, PIPELINE, entity, extraction

from kg.analysis.card import node_card
from kg.analysis.matrix import find_matrix
from kg.cli.render import card_lines
from kg.graph.assemble import assemble
from kg.records import Paper, Role
from kg.resolution.resolve import resolve
from kg.resolution.usage import Usage
from kg.storage.store import Store

N, E, C, S, U = Role.NEW, Role.EVALUATED, Role.COMPARED, Role.STUDIED, Role.USED
PAPERS = (
    (2019, {"Mone": N, "Mtwo": C, "Dset": E, "Base": U}),
    (2021, {"Mtwo": S, "Dset": E}),
    (2022, {"Mnew": N, "Mone": U, "Dset": E}),
)


@pytest.fixture(name="store", scope="module")
def _store():
    pairs = []
    for number, (year, roles) in enumerate(PAPERS):
        paper = Paper(f"p{number}", f"Paper {number}", " and ".join(roles) + ".", year)
        found = [
            replace(entity(paper.text, DATASET if name == "Dset" else METHOD, name), role=role)
            for name, role in roles.items()
        ]
        pairs.append((paper, extraction(paper.text, *found)))
    with Store() as store:
        store.add_papers(paper for paper, _ in pairs)
        usage = Usage()
        store.graph.note_spans((paper, one, usage.see(paper.id, one)) for paper, one in pairs)
        store.graph.link(resolve(usage), PIPELINE)
        yield store


def told(store, node):
    return {one.heading: [said.label for said in one.nodes] for one in node_card(store, node)}


def test_data_tell_what_is_evaluated_and_compared_on_them(store):
    assert told(store, "dset") == {
        "methods evaluated on it": ["Mnew", "Mone", "Mtwo"],
        "compared on it": ["Mtwo"],
    }
    evaluated, _ = node_card(store, "dset")
    assert [(year, [one.label for one in nodes]) for year, nodes in evaluated.by_year()] == [
        (2022, ["Mnew"]), (2021, ["Mtwo"]), (2019, ["Mone"]),
    ]  # fmt: skip


def test_only_papers_of_given_years_count_and_are_listed(store):
    (section,) = node_card(store, "dset", 2020, 2021)
    assert [one.papers for one in section.nodes] == [((2021, "p1"),)]
    papers = {paper.id: paper for paper in store.papers()}
    lines = list(card_lines(["Kind"], [section], papers["p0"], 5, papers))
    assert lines[:2] == ["a kind of Kind", "introduced by Paper 0 (2019) [p0]"]
    assert lines[-3:] == ["  2021", "    Mtwo", "      Paper 1 (2021) [p1]"]


def test_what_is_not_shown_of_a_year_is_counted(store):
    (section, _) = node_card(store, "dset")
    everyone = replace(section, nodes=section.nodes * 2)
    papers = {paper.id: paper for paper in store.papers()}
    assert "  2022  Mnew, … 1 more" in card_lines([], [everyone], None, 1)
    assert "    … 1 more" in card_lines([], [everyone], None, 1, papers)


def test_methods_tell_what_they_are_evaluated_on_compared_with_and_used_by(store):
    assert told(store, "mone") == {
        "evaluated on": ["Dset"], "compared with": ["Mtwo"], "uses": ["Base"], "used by": ["Mnew"],
    }  # fmt: skip
    assert told(store, "mtwo") == {"evaluated on": ["Dset"], "compared with by": ["Mone"]}


def test_the_matrix_counts_papers_by_kind(store):
    matrix = find_matrix(assemble(store))
    assert matrix.counts == {("Mnew", "Dset"): 1, ("Mone", "Dset"): 1, ("Mtwo", "Dset"): 1}
    assert find_matrix(assemble(store), kind="papers").counts["Mtwo", "Dset"] == 2
    assert find_matrix(assemble(store), kind="uses").cells == ()
    with pytest.raises(ValueError, match="evaluated, uses, papers"):
        find_matrix(assemble(store), kind="compared")
