"""The lexicon's facts are well formed, and no surface says two things unless it is marked ambiguous."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from small_papers import corpus, entity, ids_of, paper

from kg.names.generic import is_generic
from kg.names.keys import digits, key
from kg.records import EntityType, Term
from pipelines.lexicon import (
    COLUMNS,
    SYNONYMS,
    Lexicon,
    facts,
    groups,
    judged_names,
    lexicon,
    load,
    other_things,
    read_group,
)

GROUPS = groups()
PAIRS = (
    (Path(__file__).parents[1] / "kg" / "name_pairs.tsv").read_text(encoding="utf-8").splitlines()
)
DOCS = Path(__file__).resolve().parents[2] / "docs" / "lexicon.md"
OFFICIALLY_TWO_NUMBERS = {
    "AMR 1.0",
    "AMR 2.0",
    "AMR 3.0",
    "ATOMIC 2020",
    "ChatGLM2",
    "E5-Mistral",
    "Human3.6M",
    "ImageNet-1K",
    "ImageNet-32",
    "ImageNet-64",
    "OTB-2015",
    "So2Sat LCZ42",
    "Zero-1-to-3",
    "i2b2 2010",
    "s1",
}
"""Things with two official names whose numbers differ, each checked by hand."""
HEAD = "# where from\n" + "\t".join(COLUMNS) + "\n"


@pytest.fixture
def group(tmp_path):
    def write(text):
        path = tmp_path / "group.tsv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("path", GROUPS, ids=lambda path: path.stem)
def test_each_group_is_sorted_and_says_where_it_comes_from(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    labels = [line.split("\t")[0] for line in lines[2:]]
    assert lines[0].endswith(".")
    assert labels == sorted(labels, key=lambda label: (label.casefold(), label))


def test_entries_are_sorted_and_there_are_many_of_each_type():
    counts = Counter(term.type for term in load())
    assert list(load()) == sorted(load())
    assert len(load()) >= 2500
    assert counts[EntityType.DATASET] + counts[EntityType.BENCHMARK] >= 1200
    assert counts[EntityType.TASK] >= 300
    assert counts[EntityType.METRIC] >= 150


def test_no_entry_is_a_generic_word():
    assert [term.label for term in load() if is_generic(term.label)] == []


def test_a_short_form_of_two_things_is_ambiguous():
    found = {term.label for term in lexicon().find("SGD")}
    assert found == {"Schema-Guided Dialogue", "stochastic gradient descent"}
    assert lexicon().is_ambiguous("SGD")
    assert not lexicon().is_ambiguous("stochastic gradient descent")


@pytest.mark.parametrize("surface", ["Adam", "Flamingo", "SUN", "MIND", "Atlas", "Reformer", "AIR"])
def test_everyday_words_and_short_acronyms_need_evidence(surface):
    assert lexicon().is_ambiguous(surface)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GPT-3", "GPT-4"),
        ("CIFAR-10", "CIFAR-100"),
        ("SQuAD 1.1", "SQuAD 2.0"),
        ("SQuAD", "SQuAD 1.1"),
        ("Llama 2", "Llama 3"),
    ],
)
def test_versions_are_entries_of_their_own(one, other):
    assert lexicon().by_surface[key(one)] != lexicon().by_surface[key(other)]


def test_a_label_of_one_thing_is_found_under_any_spelling():
    assert [term.label for term in lexicon().find("Knowledge-Distillations")] == [
        "knowledge distillation"
    ]
    assert lexicon().find("no such thing at all") == ()
    assert not lexicon().is_ambiguous("no such thing at all")


def test_names_of_one_entry_have_the_same_numbers():
    differing = {
        term.label
        for term in load()
        if len({_numbers(name) for name in (term.label, *term.aliases)} - {()}) > 1
    }
    assert differing == OFFICIALLY_TWO_NUMBERS


def _numbers(surface):
    """Return the numbers of a surface, a year as its last two digits, 2.0 as 2."""
    short = (re.sub(r"^(?:19|20)(\d\d)$", r"\1", number) for number in digits(surface).split())
    return tuple(re.sub(r"\.0$", "", number).lstrip("0") for number in short)


@pytest.mark.parametrize("path", GROUPS, ids=lambda path: path.stem)
def test_the_docs_count_each_group(path):
    entries = len(path.read_text(encoding="utf-8").splitlines()) - 2
    assert f"| `{path.stem}` | {entries:,} | " in DOCS.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", EntityType)
def test_the_docs_count_each_type(kind):
    entries = sum(term.type is kind for term in load())
    assert f"| {kind} | {entries:,} |" in DOCS.read_text(encoding="utf-8")


def test_a_surface_of_two_terms_is_refused():
    one = Term("mean reciprocal rank", EntityType.METRIC, ("MRR",))
    other = Term("Mr. R", EntityType.METHOD)
    with pytest.raises(ValueError, match=r"a name of both 'Mr\. R' and 'mean reciprocal rank'"):
        Lexicon([one, other])


def test_a_surface_is_ambiguous_for_all_or_for_none():
    one = Term("stochastic gradient descent", EntityType.METHOD, ("SGD",))
    other = Term("Schema-Guided Dialogue", EntityType.DATASET, (), None, ("SGD",))
    with pytest.raises(
        ValueError,
        match="'sgd' is ambiguous for 'Schema-Guided Dialogue' but not for 'stochastic gradient descent'",
    ):
        Lexicon([one, other])


def test_an_ambiguous_surface_has_every_term_that_it_may_mean():
    one = Term("stochastic gradient descent", EntityType.METHOD, (), 1951, ("SGD",))
    other = Term("Schema-Guided Dialogue", EntityType.DATASET, (), 2019, ("SGD",))
    assert Lexicon([one, other]).find("sgd") == (other, one)


def test_a_group_is_read_with_all_its_columns(group):
    path = group(
        HEAD
        + "Adam\tmethod\tadaptive moment estimation\tAdam\t2014\nBLEU\tmetric\tBleu score | bilingual evaluation understudy\t\t\n"
    )
    assert read_group(path) == [
        Term("Adam", EntityType.METHOD, ("adaptive moment estimation",), 2014, ("Adam",)),
        Term("BLEU", EntityType.METRIC, ("Bleu score", "bilingual evaluation understudy")),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("BERT\tmethod", "group.tsv:3: 2 columns, expected label, type, aliases, ambiguous, year"),
        ("BERT\tmodel\t\t\t", "group.tsv:3: 'model' is not a valid EntityType"),
        ("BERT\tmethod\t\t\t18", "group.tsv:3: year 18, expected 1900 to 2026"),
        ("BERT\tmethod\t...\t\t", "group.tsv:3: '...' is no surface"),
        (" BERT\tmethod\t\t\t", "group.tsv:3: ' BERT' is no surface"),
    ],
)
def test_a_line_that_is_no_entry_is_named(group, line, message):
    with pytest.raises(ValueError, match=message):
        read_group(group(HEAD + line + "\n"))


def test_a_group_without_source_is_refused(group):
    with pytest.raises(ValueError, match=r"group\.tsv:1: expected '# ' with the source"):
        read_group(group("\t".join(COLUMNS) + "\nBERT\tmethod\t\t\t\n"))


def test_judged_names_say_what_each_name_is_once():
    judged = judged_names()
    assert len({key(one.name) for one in judged}) == len(judged)
    assert all(key(one.name) != key(one.right) for one in judged)
    by_name = {one.name: one for one in judged}
    assert by_name["1-norm SVM"].type is EntityType.METHOD
    assert by_name["1D"].type is None


@pytest.mark.parametrize("line", ["BERT\tQ\t", "BERT\t\t"])
def test_a_verdict_that_is_none_is_refused_with_its_line(tmp_path, line):
    path = tmp_path / "judged.tsv"
    path.write_text(f"# from\nname\tverdict\tright name\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"judged\.tsv:3: verdict"):
        judged_names(path)


def test_things_are_of_kinds():
    kinds = {term.label: term.kind_of for term in load()}
    assert kinds["DQN" if "DQN" in kinds else "deep Q-network"] == ("deep reinforcement learning",)
    assert "large language model" in kinds["GPT-4"]
    assert kinds["ImageNet"] == ()


def test_synonyms_make_one_fact_of_the_entries_that_they_name():
    names = {surface: term for term in facts() for surface in (term.label, *term.aliases)}
    assert names["receding horizon control"] is names["model predictive control"]
    assert names["model ensembling"] is names["ensemble learning"]
    assert names["LoRA fine-tuning"].label == "LoRA"
    assert "receding horizon control" not in {name for term in load() for name in term.aliases}


def test_synonyms_are_one_node_and_what_is_near_is_another():
    rows = [row for row in csv.DictReader(PAIRS, delimiter="\t") if row["kind"] == "synonym"]
    data = {"CUB", "Cars196", "FaceForensics", "ILSVRC2012", "Oxford Flowers"}
    names = [(row["one"], row["other"]) for row in rows]
    papers = corpus(
        *(
            paper(entity(name, kind=EntityType.DATASET if pair[0] in data else EntityType.METHOD))
            for pair in names
            for name in pair
        )
    )
    ids = iter(ids_of(papers, known=facts()))
    same = [next(ids) == next(ids) for _ in names]
    assert same == [row["verdict"] == "same" for row in rows]
    assert len(rows) >= 30


def test_no_name_is_a_synonym_of_two_things_nor_of_another_type():
    lines = read_group(SYNONYMS)
    names = [key(name) for one in lines for name in {one.label, *one.aliases}]
    twice = {name for name, count in Counter(names).items() if count > 1}
    assert not twice
    Lexicon(facts())


def test_other_things_are_told_once_and_are_no_nodes():
    names = [key(one.name) for one in other_things()]
    assert {one.type for one in other_things()} <= {None, EntityType.TASK, EntityType.METRIC}
    assert len(names) == len(set(names)) > 200
