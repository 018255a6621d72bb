"""Every record is kept; papers are made of them anew each time, found by any id, and the numbers add up."""

import itertools
import random

import pytest

from kg.errors import StoreError
from kg.records import Paper
from kg.storage.record_tables import Changes
from kg.storage.store import Store

RIVERS = "Rain changes how a river carries sand. We follow one river for nine years and measure what each flood moves."
BREAD = "Bread rises by yeast. This note compares forty doughs from twelve bakeries by smell and by weight."
RECORDS = (
    ("a.bib", Paper("smith2019", "Floods", RIVERS, 2019, "arXiv", None, None, ("arxiv:1901.00001",), "en")),
    ("b.csv", Paper("1", "Floods", f"{RIVERS} More.", 2020, "Rivers", None, "10.1000/1", ("doi:10.1000/1",), "en")),
    ("c.csv", Paper("1", "Dough", BREAD, 2020, None, None, None, (), "en")),
    ("d.bib", Paper("smith2019", "Brot", "Brot geht durch Hefe auf.", 2018, None, None, None, ("pmid:31452104",), "de")),
    ("e.ris", Paper("x", "Flood", "", 2021, None, None, "10.1000/1", ("doi:10.1000/1",), None)),
)  # fmt: skip


def seen(store):
    return (
        list(store.papers()),
        store.records.tally(),
        list(store.records.duplicates()),
        store.records.sources(),
    )


def test_every_record_is_a_paper_or_a_duplicate_of_a_named_one():
    with Store() as store:
        assert store.records.add(RECORDS) == Changes(added=5)
        tally = store.records.tally()
        assert (tally.records, tally.papers, tally.duplicates) == (5, 3, {"doi": 1, "title": 1})
        assert tally.languages == {"en": 2, "de": 1}
        assert [(one.paper, one.id, one.source, one.rule) for one in store.records.duplicates()] == [
            ("1-" + next(p.fingerprint[:8] for p in store.papers() if p.doi), "1", "b.csv", ""),
            ("1-" + next(p.fingerprint[:8] for p in store.papers() if p.doi), "smith2019", "a.bib", "title"),
            ("1-" + next(p.fingerprint[:8] for p in store.papers() if p.doi), "x", "e.ris", "doi"),
        ]  # fmt: skip


def test_equal_names_of_different_papers_are_parted_the_same_way_in_any_order():
    found = []
    for order in itertools.islice(itertools.permutations(RECORDS), 0, None, 13):
        with Store() as store:
            for record in order:
                store.records.add([record])
            found.append(seen(store))
    assert all(one == found[0] for one in found)
    with Store() as store:
        store.records.add(RECORDS)
        assert seen(store) == found[0]
        assert len({paper.id for paper in store.papers()}) == store.count_papers() == 3


def test_many_random_records_give_the_same_papers_however_they_come():
    rng = random.Random(3)
    titles = ("Floods", "Dough", "How floods carry the sand of a small river", "Introduction")
    texts = (RIVERS, BREAD, f"{RIVERS} {BREAD}", "Short.")
    records = [
        (
            f"file {n % 3}",
            Paper(
                f"p{n % 40}", rng.choice(titles), rng.choice(texts), rng.choice((None, 2015, 2017, 2019, 2022)), None, None,
                None, tuple(sorted({f"wos:{rng.randint(0, 20)}", f"pmid:{rng.randint(0, 60)}"})),
            ),
        )
        for n in range(120)
    ]  # fmt: skip
    with Store() as store:
        store.records.add(records)
        whole = seen(store)
    assert whole[1].records == 120 == whole[1].papers + sum(whole[1].duplicates.values())
    parts = {}
    for record in records:  # the records of one name in one file come together
        parts.setdefault((record[0], record[1].id), []).append(record)
    for seed in range(3):
        several = list(parts.values())
        random.Random(seed).shuffle(several)
        with Store() as store:
            for chunk in (several[:30], several[30:31], several[31:]):
                store.records.add(itertools.chain.from_iterable(chunk))
            assert seen(store) == whole


def test_a_record_replaces_that_of_its_name_in_its_own_file_only():
    old, new = Paper("k", "Floods", RIVERS, 2019), Paper("k", "Dough", BREAD, 2019)
    with Store() as store:
        store.records.add([("a.bib", old), ("b.bib", old)])
        assert store.records.add([("a.bib", new)]) == Changes(changed=1)
        assert sorted(paper.title for paper in store.papers()) == ["Dough", "Floods"]
        assert store.records.add([("a.bib", new), ("b.bib", old)]) == Changes(unchanged=2)


def test_two_records_of_one_name_in_one_file_are_both_kept():
    with Store() as store:
        store.records.add(
            [("a.bib", Paper("k", "Floods", RIVERS)), ("a.bib", Paper("k", "Dough", BREAD))]
        )
        assert sorted(paper.title for paper in store.papers()) == ["Dough", "Floods"]


@pytest.mark.parametrize(
    "name", ["10.1000/1", "https://doi.org/10.1000/1", "arXiv:1901.00001v2", "1901.00001", "x"]
)
def test_a_paper_is_found_and_removed_by_any_id_of_its_records(name):
    with Store() as store:
        store.records.add(RECORDS)
        found = store.records.paper(name)
        assert found is not None
        assert found.doi == "10.1000/1"
        assert store.records.paper(found.id) == found
        assert store.records.remove([name, "no such"]) == (1, ("no such",))
        assert store.records.tally().records == 2
        assert store.records.paper(name) is None


def test_an_id_of_several_papers_names_them_and_removes_none():
    with Store() as store:
        store.records.add(RECORDS)
        with pytest.raises(StoreError, match=r"'1' is an id of 2 papers; expected one of '"):
            store.records.remove(["10.1000/1", "1"])
        assert store.count_papers() == 3


def test_papers_in_other_languages_are_left_out_counted_and_come_back():
    with Store() as store:
        store.records.add(RECORDS, languages=["en"])
        tally = store.records.tally()
        assert (tally.papers, tally.left_out) == (2, {"de": 1})
        assert tally.records == tally.papers + sum(tally.duplicates.values()) + sum(
            tally.left_out.values()
        )
        store.records.remove(["10.1000/1"])
        assert store.records.languages() == ("en",)
        assert store.records.tally().left_out == {"de": 1}
        assert store.records.add([]) == Changes()
        assert store.count_papers() == 1
        store.records.add([], languages=[])
        assert store.count_papers() == 2


def test_what_was_passed_over_is_counted_by_reason():
    with Store() as store:
        store.records.save_skipped(
            [("a:1", 'no "abstract"; found x'), ("a:2", 'no "abstract"; found y'), ("b", "broken")]
        )
        assert store.records.skipped() == {'no "abstract"': 2, "broken": 1}
