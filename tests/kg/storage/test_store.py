"""The store keeps papers and what was found, whatever the order, and says clearly what is wrong."""

import random

import pytest
from records import PAPERS, PIPELINE, extractions, fill

from kg.errors import StoreError
from kg.records import EntityType, Paper
from kg.resolution.thesaurus import Line
from kg.storage.record_tables import Changes
from kg.storage.store import Store

GAN = "generative-adversarial-network"


def rows(store):
    return (
        list(store.graph.node_rows()),
        list(store.graph.link_rows()),
        list(store.graph.merges()),
        list(store.graph.marked_papers()),
        store.graph.paper_sizes(),
        store.count_papers(),
    )


def test_papers_are_added_changed_known_and_counted_once():
    with Store() as store:
        assert store.add_papers(PAPERS) == Changes(added=4)
        changed = Paper("p2", "RoBERTa", "Other text.", 2019)
        again = Paper("p9", PAPERS[0].title, PAPERS[0].abstract, 2018)
        assert store.add_papers([changed, PAPERS[0], again]) == Changes(
            added=1, changed=1, unchanged=1
        )
        assert store.count_papers() == 4
        assert [paper.id for paper in store.papers()] == ["p1", "p2", "p3", "p4"]


def test_an_id_that_comes_twice_in_one_call_keeps_the_longer_abstract_in_any_order():
    short, long = Paper("x", "T", "Short."), Paper("x", "T", "A longer abstract.")
    for papers in ([short, long], [long, short]):
        with Store() as store:
            store.add_papers(papers)
            assert list(store.papers()) == [long]


def test_only_what_is_new_or_changed_is_pending_and_a_paper_that_returns_is_known():
    with fill(Store()) as store:
        assert store.count_pending(PIPELINE) == 0
        assert store.count_pending("another pipeline") == 4
        store.add_papers([Paper("p2", "RoBERTa", "Other text.", 2019)])
        assert [paper.id for paper in store.pending(PIPELINE)] == ["p2"]
        assert store.records.remove(["p1", "unknown"]) == (1, ("unknown",))
        store.add_papers([PAPERS[0]])
        assert [paper.id for paper in store.pending(PIPELINE)] == ["p2"]


def test_extractions_come_back_as_they_were_saved():
    with fill(Store()) as store:
        assert list(store.extractions(PIPELINE)) == extractions()


def test_links_count_papers_once_and_sentences_that_name_both():
    with fill(Store()) as store:
        links = {
            (row.link.source, row.link.target): (
                row.link.papers,
                row.link.sentences,
                row.first_year,
                row.last_year,
            )
            for row in store.graph.link_rows()
        }
    assert links == {
        ("bert", GAN): (2, 1, 2019, 2020),
        ("bert", "glue"): (2, 1, 2018, 2019),
        ("bert", "roberta"): (1, 1, 2019, 2019),
        ("bert", "squad"): (1, 1, 2018, 2018),
        (GAN, "glue"): (1, 0, 2019, 2019),
        (GAN, "roberta"): (1, 0, 2019, 2019),
        ("glue", "roberta"): (1, 1, 2019, 2019),
        ("glue", "squad"): (1, 0, 2018, 2018),
    }


def test_marks_stand_where_the_names_are():
    with fill(Store()) as store:
        for paper in store.graph.marked_papers():
            for sentence in paper.sentences:
                for start, end, node in sentence.spans:
                    assert sentence.start <= start < end <= sentence.end
                    assert paper.paper.text[start:end].lower()[:3] == node[:3] or node == GAN, node


def test_batches_in_any_order_give_the_same_store_as_one_batch():
    with fill(Store()) as store:
        whole = rows(store)
    pairs = extractions()
    for seed in range(5):
        random.Random(seed).shuffle(pairs)
        with Store() as store:
            for pair in pairs:
                fill(store, [pair])
            assert rows(store) == whole


def test_a_store_is_read_again_from_its_file(tmp_path):
    with fill(Store(tmp_path / "kg.duckdb")) as store:
        before = rows(store)
    with Store(tmp_path / "kg.duckdb", read_only=True) as store:
        assert rows(store) == before


@pytest.mark.parametrize("content", [b"not a database at all", b""])
def test_a_file_that_is_no_store_is_refused(tmp_path, content):
    path = tmp_path / "kg.duckdb"
    path.write_bytes(content)
    if content:
        with pytest.raises(StoreError, match=r"kg\.duckdb"), Store(path):
            pass
    else:
        with Store(path) as store:
            assert store.count_papers() == 0


def test_a_missing_store_is_named(tmp_path):
    with pytest.raises(StoreError, match="no such store; make one with kg build"):
        Store(tmp_path / "none.duckdb", read_only=True)


def test_an_error_in_a_transaction_leaves_what_was_there():
    with fill(Store()) as store:
        before = rows(store)

        def broken():
            yield Paper("p9", "T", "A.")
            raise KeyError

        with pytest.raises(KeyError):
            store.add_papers(broken())
        assert rows(store) == before


def test_the_thesaurus_of_the_last_build_is_kept(tmp_path):
    lines = (
        Line("CIFAR10", "CIFAR-10", None, 2),
        Line("our model", "", None, 4),
        Line("Winograd", "WSC", EntityType.BENCHMARK, 3),
    )
    with Store(tmp_path / "kg.duckdb") as store:
        assert store.node_types() == tuple(EntityType)[:3]
        store.save_node_types({EntityType.TASK, EntityType.METHOD})
        assert store.node_types() == (EntityType.METHOD, EntityType.TASK)
        assert store.thesaurus() is None
        store.save_thesaurus(lines)
    with Store(tmp_path / "kg.duckdb") as store:
        assert store.thesaurus() == (lines[0], lines[2], lines[1])
        store.save_thesaurus(None)
        assert store.thesaurus() is None


CHANGES = {
    "a new paper": lambda store: store.add_papers([Paper("p9", "T", "A.")]),
    "a changed paper": lambda store: store.add_papers([Paper("p1", "T", "A.")]),
    "a removed paper": lambda store: store.records.remove(["p1"]),
    "an extraction": lambda store: store.save_extractions("another", extractions()[:1]),
    "a thesaurus": lambda store: store.save_thesaurus([Line("BERT", "", None, 1)]),
    "other types of node": lambda store: store.save_node_types({EntityType.TASK}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_who_only_reads_is_told_that_a_change_is_not_linked_yet(tmp_path, change):
    path = tmp_path / "kg.duckdb"
    with fill(Store(path)) as store:
        assert store.graph.linked
        assert store.graph.pipeline == PIPELINE
        change(store)
        assert not store.graph.linked
    with pytest.raises(StoreError, match=f"was stopped; run kg build -o {tmp_path} to finish it"):
        Store(path, read_only=True)


def test_what_changes_nothing_leaves_the_graph_linked():
    with fill(Store()) as store:
        store.add_papers(PAPERS)
        store.records.remove(["unknown"])
        store.save_thesaurus(None)
        store.save_node_types(set(EntityType) - {EntityType.TASK, EntityType.METRIC})
        assert store.graph.linked


def test_the_name_of_the_corpus_is_kept_as_plain_text(tmp_path):
    path = tmp_path / "kg.duckdb"
    with Store(path) as store:
        assert store.title() == ""
        store.save_title("It's a\n 'field'; --")
    with Store(path) as store:
        assert store.title() == "It's a 'field'; --"
        store.save_title("")
        assert store.title() == ""
