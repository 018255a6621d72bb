"""Two things of one name are two nodes, with the sense beside the label."""

import random

import pytest
from small_papers import BENCHMARK, METHOD, entity, paper

from kg.records import Entity, Mention, Role, Term
from kg.resolution.resolve import resolve
from kg.resolution.standing import Standing
from kg.resolution.thesaurus import Line, Thesaurus
from kg.resolution.usage import Usage

TITLES = {
    "snake": "A robot that swims like snakes",
    "stocks": "Forecasting prices of stocks",
    "snakes": "Swimming robots: faster snakes at sea",
}


def new(name, kind=METHOD):
    return Entity(kind, (name,), (Mention(20, 20 + len(name), kind, name),), role=Role.NEW)


def used(name, kind=METHOD):
    return Entity(kind, (name,), (Mention(20, 20 + len(name), kind, name),), role=Role.USED)


def resolved(papers, **options):
    """What is found in papers of one entity each, given as (year, title, entity) with a venue behind it if wanted, and the node of each."""
    usage = Usage()
    numbers = [
        usage.see(f"p{place}", paper(one), year, title, *venue)[0]
        for place, (year, title, one, *venue) in enumerate(papers)
    ]
    found = resolve(usage, **options)
    node_of, nodes = dict(found.entities()), {node.id: node for node in found.nodes}
    return found, [nodes[node_of[number]] for number in numbers]


def labels(papers, **options):
    """The label of the one entity of each paper."""
    return [node.label for node in resolved(papers, **options)[1]]


def off(rule):
    return Thesaurus.of([Line(f"rule: {rule}", "off", None, 1)])


def test_each_paper_means_its_own_and_others_what_was_introduced_last():
    papers = [
        (2014, TITLES["snake"], new("MAMBA")),
        (2016, "Other", used("MAMBA")),
        (2023, TITLES["stocks"], new("MAMBA")),
        (2024, "Other", used("MAMBA")),
    ]
    assert labels(papers) == ["MAMBA (2014)", "MAMBA (2014)", "MAMBA (2023)", "MAMBA (2023)"]
    assert set(labels(papers, thesaurus=off("own name"))) == {"MAMBA"}
    kept = Thesaurus.of([Line("MAMBA", "MAMBA", None, 1)])
    assert set(labels(papers, thesaurus=kept)) == {"MAMBA"}


def test_titles_with_two_words_in_common_are_of_one_work():
    papers = [(2014, TITLES["snake"], new("MAMBA")), (2015, TITLES["snakes"], new("MAMBA"))]
    assert labels(papers) == ["MAMBA", "MAMBA"]


def test_the_type_tells_things_apart_where_it_can_and_the_well_known_one_needs_nothing():
    papers = [
        (2018, TITLES["snake"], new("Spider2D")),
        (2020, TITLES["stocks"], new("Spider2D", BENCHMARK)),
    ]
    assert labels(papers) == ["Spider2D (method)", "Spider2D (benchmark)"]
    known = [*papers, *[(2021, "Other", used("Spider2D", BENCHMARK))] * 4]
    assert labels(known)[:3] == ["Spider2D (method)", "Spider2D", "Spider2D"]


def test_a_use_before_the_birth_of_what_the_lexicon_knows_is_another_thing():
    papers = [(2010, "Old", used("BERT")), (2018, "New", used("BERT")), (None, "?", used("BERT"))]
    facts = [Term("BERT", METHOD, year=2018)]
    assert labels(papers, known=facts) == ["BERT (before 2018)", "BERT", "BERT"]
    unsure = [Term("BERT", METHOD, year=2018, ambiguous=("BERT",))]
    assert set(labels(papers, known=unsure)) == {"BERT"}
    assert set(labels(papers, known=facts, thesaurus=off("born later"))) == {"BERT"}


def test_what_definitions_or_small_letters_lead_to_is_no_older_than_the_lexicon_says():
    papers = [(2008, "Old", used("transformer")), (2018, "New", used("transformer"))]
    facts = [Term("Transformer", METHOD, year=2017)]
    assert labels(papers, known=facts) == ["transformer (before 2017)", "transformer"]


def test_what_is_used_in_far_fields_only_is_not_what_one_paper_introduces():
    papers = [
        (2014, TITLES["snake"], new("STAC"), "icra"),
        (2015, "Talking", used("STAC"), "acl"),
        (2016, "Speaking", used("STAC"), "acl"),
    ]
    assert labels(papers) == ["STAC (robotics, 2014)", "STAC (language)", "STAC (language)"]
    near = [(2014, TITLES["snake"], new("STAC"), "icra"), (2015, "Seeing", used("STAC"), "cvpr")]
    assert labels(near) == ["STAC", "STAC"]
    unknown = [(2014, TITLES["snake"], new("STAC")), (2015, "Seeing", used("STAC"))]
    assert labels(unknown) == ["STAC", "STAC"]


def test_what_many_took_up_near_it_is_the_same_in_far_fields():
    near = [(2015, "Seeing", used("STAC"), "cvpr")] * 3
    papers = [(2014, TITLES["snake"], new("STAC"), "icra"), *near, (2016, "T", used("STAC"), "acl")]
    assert set(labels(papers)) == {"STAC"}


def test_what_was_there_before_is_not_what_a_paper_introduces():
    papers = [(2010, "Old", used("RAAM"), "nips"), (2014, TITLES["stocks"], new("RAAM"), "nips")]
    assert labels(papers) == ["RAAM (learning)", "RAAM (learning, 2014)"]
    early = [(2013, "Old", used("RAAM"), "nips"), (2014, TITLES["stocks"], new("RAAM"), "nips")]
    assert labels(early) == ["RAAM", "RAAM"]


def test_a_rare_word_in_both_titles_makes_two_papers_speak_of_one_thing():
    others = [(2015, f"Word{place} alone", used(f"NAME{place}")) for place in range(9)]
    papers = [
        (2010, "Simulated childbirth with forceps", used("BIRTHSIM"), "iros"),
        (2015, "A haptic childbirth simulator", new("BIRTHSIM"), "iros"),
    ]
    assert labels([*papers, *others])[:2] == ["BIRTHSIM", "BIRTHSIM"]


def test_a_name_that_nobody_used_for_long_is_another_one():
    papers = [
        (1988, TITLES["stocks"], new("GEMINI"), "nips"),
        *[(2024, "Talking", used("GEMINI"), "icml")] * 2,
    ]
    assert labels(papers)[0] != labels(papers)[1]
    soon = [(1988, TITLES["stocks"], new("GEMINI")), (1995, "Talking", used("GEMINI"))]
    assert labels(soon) == ["GEMINI", "GEMINI"]


def test_what_the_reader_says_of_data_that_others_used_before_introduces_nothing():
    papers = [
        (2018, "Old", used("LRW", BENCHMARK), "cvpr"),
        (2022, TITLES["stocks"], new("LRW", BENCHMARK), "cvpr"),
    ]
    assert labels(papers) == ["LRW", "LRW"]


def test_data_that_a_paper_introduces_is_no_method_of_others():
    papers = [
        (2021, TITLES["stocks"], new("CLIP", BENCHMARK), "acl"),
        *[(2022, "Seeing", used("CLIP"), "acl")] * 4,
    ]
    assert labels(papers)[:2] == ["CLIP (benchmark)", "CLIP"]


def test_a_short_name_written_in_two_ways_for_two_kinds_is_two_things():
    papers = [(2014, "T", used("CORE", BENCHMARK)), (2024, "U", used("CoRe"))]
    assert labels(papers) == ["CORE", "CoRe"]
    assert len({node.id for node in resolved(papers)[1]}) == 2
    assert len({node.id for node in resolved(papers, thesaurus=off("other writing"))[1]}) == 1


def test_the_ledger_says_why_things_of_one_name_are_apart():
    papers = [
        (2014, TITLES["snake"], new("MAMBA")),
        (2023, TITLES["stocks"], new("MAMBA")),
    ]
    found, nodes = resolved(papers)
    why = {(one.node, one.surface, one.rule, one.paper) for one in found.merges}
    assert {(node.id, node.label, "own name", f"p{n}") for n, node in enumerate(nodes)} <= why


@pytest.mark.parametrize(("bare", "apart"), [(50, True), (1, False)])
def test_small_letters_are_a_word_where_texts_show_it(bare, apart):
    papers = [
        *[(2020, "T", used("SCAN", BENCHMARK))] * 3,
        (2020, "T", used("scan")),
        (2020, "T", used("scan")),
    ]
    standing = {"scan": Standing(marked=5, bare=bare, marked_capital=3)}
    found = labels(papers, standing=standing)
    assert (found[0] != found[-1]) is apart


def test_a_term_of_several_words_is_one_in_small_and_in_large_letters():
    papers = [
        *[(2020, "T", used("World Model"))] * 3,
        (2020, "T", used("world model")),
    ]
    standing = {"worldmodel": Standing(marked=4, bare=50, marked_capital=3)}
    found = labels(papers, standing=standing)
    assert found[0] == found[-1]


def test_what_is_told_apart_does_not_depend_on_the_order_of_papers():
    papers = [
        (2014, TITLES["snake"], new("MAMBA")),
        (2016, "Other", used("MAMBA")),
        (2023, TITLES["stocks"], new("MAMBA")),
        (2010, "Other", entity("MAMBA")),
    ]
    seen = [(f"p{n}", paper(one), year, title) for n, (year, title, one) in enumerate(papers)]
    found = []
    for seed in range(4):
        usage = Usage()
        for row in random.Random(seed).sample(seen, len(seen)):
            usage.see(*row)
        found.append(resolve(usage))
    assert len({one.nodes for one in found}) == len({one.merges for one in found}) == 1
