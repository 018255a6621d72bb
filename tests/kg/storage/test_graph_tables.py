"""What the roles of two nodes in one paper say of their link, and who introduced a node."""

from dataclasses import replace

import pytest
from records import BENCHMARK, DATASET, METHOD, PIPELINE, entity, extraction, fill

from kg.graph.assemble import assemble
from kg.records import EntityType, Paper, Role
from kg.resolution.resolve import resolve
from kg.resolution.usage import Usage
from kg.storage.store import Store

N, E, C, S, U, O = Role  # noqa: E741 - the codes of the roles
TYPES = {"Mone": METHOD, "Mtwo": METHOD, "Dset": DATASET, "Bench": BENCHMARK}


def graph_of(*papers):
    """The graph of papers given as (year, {name: role})."""
    pairs = []
    for number, (year, roles) in enumerate(papers):
        paper = Paper(f"p{number}", f"Paper {number}", " and ".join(roles) + ".", year)
        found = [
            replace(entity(paper.text, TYPES[name], name), role=role, certainty=0.5 + number / 100)
            for name, role in roles.items()
        ]
        pairs.append((paper, extraction(paper.text, *found)))
    return graph_of_pairs(pairs)


def graph_of_pairs(pairs):
    with Store() as store:
        store.add_papers(paper for paper, _ in pairs)
        usage = Usage()
        store.graph.note_spans((paper, one, usage.see(paper.id, one)) for paper, one in pairs)
        store.graph.link(resolve(usage), PIPELINE)
        return assemble(store)


def said(data):
    return {name: data[name] for name in ("evaluated", "compared", "uses") if data[name]}


@pytest.mark.parametrize(
    ("one", "other", "kind", "direction"),
    [
        (("Mone", N), ("Dset", E), "evaluated", 1),
        (("Mone", S), ("Bench", E), "evaluated", 1),
        (("Mone", S), ("Dset", N), "evaluated", 1),
        (("Mone", N), ("Mtwo", C), "compared", 1),
        (("Mone", C), ("Mtwo", N), "compared", -1),
        (("Mone", N), ("Mtwo", U), "uses", 1),
        (("Mone", N), ("Dset", U), "uses", 1),
        (("Dset", N), ("Mone", U), "uses", 1),
        (("Dset", N), ("Bench", U), "uses", 1),
        (("Mone", N), ("Dset", N), "mention", 0),
        (("Mone", S), ("Mtwo", C), "mention", 0),
        (("Mone", U), ("Dset", E), "mention", 0),
        (("Bench", N), ("Dset", E), "mention", 0),
        (("Mone", N), ("Mtwo", O), "mention", 0),
        (("Mone", None), ("Mtwo", None), "mention", 0),
    ],
)
def test_a_link_says_what_the_roles_of_its_ends_say(one, other, kind, direction):
    graph = graph_of((2020, dict([one, other])))
    ((source, _, data),) = graph.edges(data=True)
    if source != one[0].lower():
        direction = -direction
    assert (data["kind"], data["direction"]) == (kind, direction)
    assert said(data) == ({} if kind == "mention" else {kind: 1})


def test_the_kind_of_most_papers_counts_and_in_ties_the_first():
    uses, compares = {"Mone": N, "Mtwo": U}, {"Mone": N, "Mtwo": C}
    data = graph_of((2020, uses), (2020, uses), (2021, compares)).edges["mone", "mtwo"]
    assert (data["kind"], said(data)) == ("uses", {"uses": 2, "compared": 1})
    assert graph_of((2020, uses), (2020, compares)).edges["mone", "mtwo"]["kind"] == "compared"


def test_a_kind_that_goes_both_ways_has_no_direction():
    data = graph_of((2020, {"Mone": N, "Mtwo": C}), (2021, {"Mone": C, "Mtwo": N})).edges[
        "mone", "mtwo"
    ]
    assert (data["kind"], data["compared"], data["direction"]) == ("compared", 2, 0)


def test_a_node_knows_who_introduced_it_and_how_sure_its_surest_mention_is():
    graph = graph_of(
        (2021, {"Mone": N, "Dset": E}), (2019, {"Mone": N}), (2022, {"Mone": U, "Dset": E})
    )
    assert (graph.nodes["mone"]["introduced_by"], graph.nodes["mone"]["introduced"]) == ("p1", 2019)
    assert graph.nodes["mone"]["certainty"] == 0.52
    assert graph.nodes["dset"]["evaluated_in"] == 2
    assert "introduced_by" not in graph.nodes["dset"]
    assert "evaluated_in" not in graph.nodes["mone"]


def test_a_paper_that_comes_years_after_others_introduces_nothing():
    papers = [(2015, {"Mone": U})] * 2 + [(2020, {"Mone": N})]
    assert "introduced_by" not in graph_of(*papers).nodes["mone"]
    assert graph_of((2019, {"Mone": U}), papers[-1]).nodes["mone"]["introduced_by"] == "p1"


def test_of_the_roles_of_one_node_in_a_paper_the_first_in_the_list_counts():
    text = "On it\nA random walk of random walks with Dset."
    names = [
        replace(entity(text, METHOD, name), role=role)
        for name, role in {"random walk": O, "random walks": N}.items()
    ]
    found = extraction(text, *names, replace(entity(text, DATASET, "Dset"), role=E))
    graph = graph_of_pairs([(Paper("p", *text.split("\n"), 2020), found)])
    assert [kind for *_, kind in graph.edges(data="kind")] == ["evaluated"]


def test_fractional_weights_share_a_paper_among_its_pairs():
    with fill(Store()) as store:
        graph = assemble(store)
    assert graph.edges["bert", "glue"]["weight_fractional"] == pytest.approx(
        1 / 2 + 1 / 3, abs=1e-6
    )
    assert {kind.value for kind in EntityType} >= {kind for _, kind in graph.nodes(data="type")}


def test_the_rank_of_a_link_is_the_better_of_those_at_its_ends():
    graph = graph_of(
        *[(2020, {"Mone": None, "Mtwo": None})] * 3, *[(2020, {"Mtwo": None, "Dset": None})] * 2,
        (2020, {"Mone": None, "Dset": None}),
    )  # fmt: skip
    ranks = {frozenset(ends): data["rank"] for *ends, data in graph.edges(data=True)}
    assert ranks == {
        frozenset({"mone", "mtwo"}): 1, frozenset({"dset", "mtwo"}): 1, frozenset({"dset", "mone"}): 2,
    }  # fmt: skip
