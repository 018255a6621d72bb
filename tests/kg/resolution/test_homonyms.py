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


def labels(papers, **options):
    """The label of the one entity of each paper, given as (year, title, entity)."""
    usage = Usage()
    numbers = [
        usage.see(f"p{place}", paper(one), year, title)[0]
        for place, (year, title, one) in enumerate(papers)
    ]
    found = resolve(usage, **options)
    node_of, label_of = dict(found.entities()), {node.id: node.label for node in found.nodes}
    return [label_of[node_of[number]] for number in numbers]


def test_each_paper_means_its_own_and_others_what_was_introduced_last():
    papers = [
        (2014, TITLES["snake"], new("MAMBA")),
        (2016, "Other", used("MAMBA")),
        (2023, TITLES["stocks"], new("MAMBA")),
        (2024, "Other", used("MAMBA")),
    ]
    assert labels(papers) == ["MAMBA (2014)", "MAMBA (2014)", "MAMBA (2023)", "MAMBA (2023)"]
    off = Thesaurus.of([Line("rule: own name", "off", None, 1)])
    assert set(labels(papers, thesaurus=off)) == {"MAMBA"}
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
    off = Thesaurus.of([Line("rule: born later", "off", None, 1)])
    assert set(labels(papers, known=facts, thesaurus=off)) == {"BERT"}


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
