"""Trends are those that were put in, and p is that of every possible course counted out."""

from dataclasses import replace
from itertools import product
from math import prod

import numpy as np
import pytest
from records import BENCHMARK, METHOD, PIPELINE, dated, entity, extraction

from kg.analysis.trends import EXACT, Course, find_trends, trend_p
from kg.errors import CorpusError
from kg.records import Paper

YEARS = {2018: 30, 2019: 10, 2021: 60}


@pytest.fixture(name="store", scope="module")
def _store():
    """A hundred papers a year for six years: BERT rises, LSTM fades, GLUE stays; BERT and GLUE rise together."""
    rows = []
    for year in range(2015, 2021):
        rise, fade = 2 + 8 * (year - 2015), 2 + 8 * (2020 - year)
        named = {"BERT": range(rise), "LSTM": range(100 - fade, 100), "GLUE": range(0, 100, 4)}
        rows += [
            (year, [name for name, papers in named.items() if n in papers]) for n in range(100)
        ]
    with dated(rows) as store:
        yield store


@pytest.mark.parametrize(
    "counts", [{2018: 3}, {2021: 4}, {2018: 1, 2019: 1, 2021: 2}, {2019: 1}, {2018: 1, 2021: 4}]
)
def test_p_is_that_of_all_courses_counted_out(counts):
    total = sum(counts.values())
    observed = sum(year * papers for year, papers in counts.items())
    at_least = at_most = 0.0
    for draw in product(YEARS, repeat=total):
        chance = prod(YEARS[year] / 100 for year in draw)
        at_least += chance * (sum(draw) >= observed)
        at_most += chance * (sum(draw) <= observed)
    p, rises = trend_p(counts, YEARS)
    assert p == pytest.approx(min(1.0, 2 * (at_least if rises else at_most)))
    assert rises == (observed > total * (2018 * 0.3 + 2019 * 0.1 + 2021 * 0.6))


def test_the_normal_distribution_takes_over_where_it_agrees_with_the_exact_one():
    few, many = {2018: 75, 2021: EXACT - 75}, {2018: 75, 2021: EXACT - 74}
    assert trend_p(few, YEARS)[0] == pytest.approx(trend_p(many, YEARS)[0], rel=0.3)


def test_where_there_is_no_trend_p_is_below_a_level_as_often_as_it_says():
    rng = np.random.default_rng(5)
    chances = np.array(list(YEARS.values())) / 100
    drawn = rng.multinomial(40, chances, size=4000)
    p = np.array([trend_p(dict(zip(YEARS, row.tolist(), strict=True)), YEARS)[0] for row in drawn])
    for level in (0.01, 0.05, 0.2):
        assert level / 2 < np.mean(p <= level) <= level + 3 * np.sqrt(level / len(p))


def test_what_rises_and_what_fades_is_told_and_what_stays_is_not(store):
    found = find_trends(store)
    assert {one.id: one.rises for one in found.nodes if one.q < 0.001} == {
        "bert": True,
        "lstm": False,
    }
    assert next(one.p for one in found.nodes if one.id == "glue") > 0.9
    bert = next(one for one in found.nodes if one.id == "bert")
    assert (bert.papers, bert.early, bert.late) == (2 + 10 + 18 + 26 + 34 + 42, 100.0, 340.0)
    assert bert.course == (0.02, 0.1, 0.18, 0.26, 0.34, 0.42)
    assert {(one.id, one.other): one.rises for one in found.links if one.q < 0.001} == {
        ("bert", "glue"): True,
        ("glue", "lstm"): False,
    }


def test_growth_of_the_whole_corpus_is_no_trend():
    rows = [
        (2010 + year, ["BERT"] if n % 2 else []) for year in range(8) for n in range(4 * 2**year)
    ]
    with dated(rows) as store:
        assert find_trends(store).nodes[0].p > 0.9


def test_period_types_and_least_papers_bound_what_is_tested(store):
    assert find_trends(store, since=2017, until=2018).years == {2017: 100, 2018: 100}
    assert {one.id for one in find_trends(store, types=frozenset({BENCHMARK})).nodes} == {"glue"}
    assert find_trends(store, types=frozenset({METHOD})).links == ()
    assert find_trends(store, min_papers=133).nodes[0].id == "glue"


def test_one_year_has_no_trend(store):
    with pytest.raises(CorpusError, match="papers of 1 year; a trend needs two or more"):
        find_trends(store, since=2020)


def test_papers_without_a_year_and_years_without_papers_count_for_nothing():
    with dated([(2000, ["BERT"]), (2010, ["BERT"])]) as store:
        text = "More\nBERT"
        store.add_papers([Paper("undated", "More", "BERT")])
        store.save_extractions(
            PIPELINE,
            [(Paper("undated", "More", "BERT"), extraction(text, entity(text, METHOD, "BERT")))],
        )
        found = find_trends(store, min_papers=1)
        assert found.years == {2000: 1, 2010: 1}
        assert found.nodes[0].papers == 2
        assert found.nodes[0].course[1:-1] == (None,) * 8


def test_a_venue_that_enters_the_corpus_is_no_trend_and_one_within_it_is():
    """Robotics joins in 2018 with its RRT; in the old venue BERT rises."""
    rows = []
    for year in range(2014, 2022):
        rows += [(year, "acl", ["BERT"] if n < 4 * (year - 2013) else []) for n in range(50)]
        if year >= 2018:
            rows += [(year, "icra", ["RRT"] if n % 2 else []) for n in range(50)]
    with dated([(year, names) for year, _, names in rows]) as store:
        venues = [replace(p, venue=v) for p, (_, v, _) in zip(store.papers(), rows, strict=True)]
        store.add_papers(venues)
        found = {one.id: one for one in find_trends(store).nodes}
    assert found["bert"].q < 0.001
    assert (found["bert"].kind, found["rrt"].p > 0.5) == (Course.RISING, True)
    assert found["bert"].growth > found["rrt"].growth


def test_what_had_its_peak_neither_rises_nor_fades():
    share = {2015: 5, 2016: 10, 2017: 60, 2018: 60, 2019: 12, 2020: 8}
    rows = [
        (year, ["CNN"] if n < papers else []) for year, papers in share.items() for n in range(100)
    ]
    with dated(rows) as store:
        assert find_trends(store).nodes[0].kind is Course.PEAKED


def test_what_is_new_has_grown_most():
    rows = [
        (2010 + year, [name for name, first in (("Mamba", 9), ("LoRA", 5)) if year >= first and n < 20])
        for year in range(12) for n in range(40)
    ]  # fmt: skip
    with dated(rows) as store:
        found = {one.id: one.growth for one in find_trends(store).nodes}
    assert found["mamba"] > found["lora"] > 1
