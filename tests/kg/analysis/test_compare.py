"""What changes between two sides is told, with the exact test of two counts."""

from math import comb

import numpy as np
import pytest
from records import DATASET, METHOD, dated

from kg.analysis.compare import ChangeKind, Side, _changes, compare
from kg.errors import CorpusError
from kg.records import EntityType, Node
from kg.storage.graph_tables import GraphTables

ROWS = (
    [(2018, ["BERT", "SQuAD"])] * 6
    + [(2018, ["LSTM"])] * 4
    + [(2019, ["BERT", "SQuAD"])] * 9
    + [(2019, ["GAN", "SQuAD"])] * 3
)


def told(changes):
    return {
        (one.id, one.other) if one.other else one.id: (one.kind, one.before, one.after)
        for one in changes
    }


def test_two_periods_of_a_store_are_compared():
    with dated(ROWS) as store:
        found = compare(Side(store=store, until=2018), Side(store=store, since=2019))
    assert (found.before, found.after, found.own) == (10, 12, 12)
    assert told(found.nodes) == {
        "lstm": (ChangeKind.GONE, 4, 0), "gan": (ChangeKind.NEW, 0, 3), "bert": (ChangeKind.GROWN, 6, 9), "squad": (ChangeKind.GROWN, 6, 12),
    }  # fmt: skip
    assert told(found.links) == {
        ("bert", "squad"): (ChangeKind.GROWN, 6, 9),
        ("gan", "squad"): (ChangeKind.NEW, 0, 3),
    }
    bert = next(one for one in found.nodes if one.id == "bert")
    assert (bert.before_share, bert.after_share, bert.label, bert.type) == (
        600.0,
        750.0,
        "BERT",
        "method",
    )


def test_p_is_that_of_so_many_coins_counted_out():
    with dated(ROWS) as store:
        found = compare(Side(store=store, until=2018), Side(store=store, since=2019))
    chance = 12 / 22
    for one in found.nodes:
        total = one.before + one.after
        tails = [
            sum(comb(total, k) * chance**k * (1 - chance) ** (total - k) for k in side)
            for side in (range(one.after + 1), range(one.after, total + 1))
        ]
        assert one.p == pytest.approx(min(1.0, 2 * min(tails)), rel=1e-5)


def test_a_store_that_has_grown_is_tested_by_what_came_to_it():
    with dated(ROWS[:10]) as first, dated(ROWS) as second:
        found = compare(Side(store=first), Side(store=second))
    assert (found.before, found.after, found.own) == (10, 22, 12)
    assert told(found.nodes) == {
        "lstm": (ChangeKind.SHRUNK, 4, 4),
        "gan": (ChangeKind.NEW, 0, 3),
        "bert": (ChangeKind.GROWN, 6, 15),
        "squad": (ChangeKind.GROWN, 6, 18),
    }


def test_without_papers_of_its_own_the_second_side_is_compared_by_counts():
    with dated(ROWS) as first, dated(ROWS[:16]) as second:
        found = compare(Side(store=first), Side(store=second))
    assert found.own == 0
    assert {one.p for one in found.nodes} == {1.0}
    assert told(found.nodes)["bert"] == (ChangeKind.SHRUNK, 15, 12)
    assert told(found.nodes)["lstm"] == (ChangeKind.SAME, 4, 4)
    assert told(found.nodes)["gan"] == (ChangeKind.GONE, 3, 0)


def test_nodes_of_two_stores_are_one_where_the_label_of_one_is_a_name_of_the_other():
    class Two(GraphTables):
        """A store whose SQuAD has another id and label, and the old one as an alias."""

        def node_rows(self):
            for row in super().node_rows():
                node = row.node
                yield type(row)(
                    Node("qa set", "QA set", DATASET, ("SQuAD",)) if node.id == "squad" else node,
                    row.papers,
                    row.mentions,
                    row.first_year,
                    row.last_year,
                )

        def counts(self, papers):
            nodes, links = super().counts(papers)
            named = {"squad": "qa set"}
            return (
                {named.get(n, n): c for n, c in nodes.items()},
                {tuple(sorted(named.get(n, n) for n in pair)): c for pair, c in links.items()},
            )

    with dated(ROWS) as first, dated(ROWS) as second:
        second.graph.__class__ = Two
        found = compare(Side(store=first), Side(store=second))
        back = compare(Side(store=second), Side(store=first))
    assert told(found.nodes)["qa set"] == (ChangeKind.SAME, 18, 18)
    assert told(back.nodes)["squad"] == (ChangeKind.SAME, 18, 18)
    assert told(found.links)["bert", "qa set"] == (ChangeKind.SAME, 15, 15)


def test_types_and_least_papers_bound_what_is_tested():
    with dated(ROWS) as store:
        sides = Side(store=store, until=2018), Side(store=store, since=2019)
        assert set(told(compare(*sides, types=frozenset({METHOD})).nodes)) == {
            "bert",
            "gan",
            "lstm",
        }
        assert compare(*sides, types=frozenset({EntityType.METHOD})).links == ()
        assert set(told(compare(*sides, min_papers=5).nodes)) == {"bert", "squad"}


def test_a_period_without_papers_is_refused():
    with (
        dated(ROWS) as store,
        pytest.raises(CorpusError, match="store in memory: no paper of the years 2020-"),
    ):
        compare(Side(store=store), Side(store=store, since=2020))


def test_where_nothing_changes_p_is_below_a_level_no_more_often_than_it_says():
    rng = np.random.default_rng(11)
    names = {f"n{n}": ("N", METHOD) for n in range(3000)}
    before, after = (
        {
            (name, ""): int(count)
            for name, count in zip(names, rng.binomial(papers, 0.02, len(names)), strict=True)
        }
        for papers in (600, 900)
    )
    changes = _changes([before, after, after], (600, 900), 1, names)
    for level in (0.01, 0.05, 0.2):
        assert np.mean([one.p <= level for one in changes]) <= level
    assert min(one.q for one in changes) > 0.05
