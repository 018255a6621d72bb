"""Mentions to nodes: what is one thing, what is not, and that every merge has its reason."""

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records import assign
from small_papers import (
    BENCHMARK,
    DATASET,
    METHOD,
    METRIC,
    TASK,
    corpus,
    entity,
    ids_of,
    many,
    node_of,
    paper,
    resolve,
)

from kg.names.abbreviations import find_abbreviations
from kg.names.keys import digits, key
from kg.records import EntityType, Extraction, Judgement, Term
from kg.resolution.resolve import resolve as resolve_observed
from kg.resolution.standing import Standing
from kg.resolution.termness import LEAST_PAPERS
from kg.resolution.thesaurus import Line, Thesaurus
from kg.resolution.usage import Usage

TABLE = (Path(__file__).parents[1] / "name_pairs.tsv").read_text(encoding="utf-8").splitlines()
PAIRS = [row for row in csv.DictReader(TABLE, delimiter="\t") if row["kind"] != "synonym"]


def _judge(row):
    """Say whether two papers that use the names of a pair, and one that has its context, give one node."""
    first, second, context = row["one"], row["other"], row["context"]
    papers = [paper(entity(first)), paper(entity(second))]
    if context:
        found = find_abbreviations(context, [(0, len(context))])
        names = [name for one in found for name in (one.short, one.long)]
        papers.append(Extraction((entity(*names),) if names else (), found, ((0, len(context)),)))
    (one,), (other,), *_ = ids_of(corpus(*papers))
    return one == other


def test_pairs_of_names_are_told_apart():
    wrong = [
        (row["one"], row["other"]) for row in PAIRS if _judge(row) != (row["verdict"] == "same")
    ]
    assert len(PAIRS) >= 760
    assert 1 - len(wrong) / len(PAIRS) >= 0.97, wrong


def test_no_pair_with_differing_digits_becomes_one_node_but_by_a_definition_or_a_way_to_write_them():
    differing = [row for row in PAIRS if digits(row["one"]) != digits(row["other"])]
    assert len(differing) >= 50
    joined = [row for row in differing if _judge(row)]
    written = {"data", "version of .0"}
    assert [row["other"] for row in joined if row["kind"] not in written] == ["A2C", "T2I", "S4"]
    assert all(row["verdict"] == "same" for row in joined)


def test_surfaces_with_one_key_are_one_node_called_as_most_write_it():
    papers = corpus(
        paper(entity("GANs")), paper(entity("GAN")), paper(entity("GANs")), paper(entity("Gan"))
    )
    (node,) = resolve(papers).nodes
    assert (node.label, node.aliases, node.id) == ("GAN", ("GANs", "Gan"), "gan")


def test_a_definition_makes_the_short_form_another_name_of_the_long_one():
    papers = corpus(
        paper(entity("low-rank conversion", "LoCo"), defines=[("LoCo", "low-rank conversion")])
    )
    found = resolve(papers)
    assert [(node.label, node.aliases) for node in found.nodes] == [
        ("low-rank conversion", ("LoCo",))
    ]
    assert [(merge.surface, merge.rule, merge.paper, merge.detail) for merge in found.merges] == [
        ("LoCo", "abbreviation", "p0", "low-rank conversion (LoCo)")
    ]


def _sgd(count):
    return many(
        count,
        paper(
            entity("stochastic gradient descent", "SGD"),
            defines=[("SGD", "stochastic gradient descent")],
        ),
    )


def _dialogue():
    return paper(
        entity("Schema-Guided Dialogue", "SGD", kind=DATASET),
        defines=[("SGD", "Schema-Guided Dialogue")],
    )


def test_an_ambiguous_short_form_means_what_its_paper_says():
    papers = corpus(*_sgd(5), _dialogue(), paper(entity("SGD")), paper(entity("SGD", kind=DATASET)))
    *_, defined, used, used_as_data = ids_of(papers)
    optimiser, dataset = ids_of(papers)[0], ids_of(papers)[5]
    assert optimiser != dataset
    assert (defined, used, used_as_data) == (dataset, optimiser, dataset)


def test_a_short_form_that_papers_define_differently_stays_apart():
    both = [
        *many(2, paper(entity("LDA", "latent allocation"), defines=[("LDA", "latent allocation")])),
        *_lda(2),
    ]
    papers = corpus(*both, paper(entity("LDA")))
    found = ids_of(papers)
    assert found[-1] not in found[:-1]
    assert resolve(papers).report.apart == (
        ("LDA", ("latent allocation", "linear discriminant analysis")),
    )


def _lda(count):
    return many(
        count,
        paper(
            entity("linear discriminant analysis", "LDA"),
            defines=[("LDA", "linear discriminant analysis")],
        ),
    )


def test_no_definition_chains_two_long_forms():
    odd = paper(
        entity("semantic guided decoding", "SGD"), defines=[("SGD", "semantic guided decoding")]
    )
    papers = corpus(*_sgd(9), odd, *many(9, paper(entity("semantic guided decoding"))))
    assert ids_of(papers)[0] != ids_of(papers)[9]
    assert ids_of(papers)[9] == ids_of(papers)[10]


def test_variants_of_a_long_form_are_one_node_and_say_why():
    variant = paper(
        entity("convolution neural network", "CNN"), defines=[("CNN", "convolution neural network")]
    )
    usual = paper(
        entity("convolutional neural networks", "CNN"),
        defines=[("CNN", "convolutional neural networks")],
    )
    found = resolve(corpus(variant, usual, usual))
    assert len(found.nodes) == 1
    (reason,) = [merge for merge in found.merges if merge.surface == "convolution neural network"]
    assert (reason.rule, reason.paper) == ("abbreviation", "p0")


def test_two_standing_names_are_no_variants_on_one_paper_s_word():
    standing = [
        *many(30, paper(entity("structured prediction"))),
        *many(30, paper(entity("structural prediction"))),
    ]
    one = paper(entity("structured prediction", "SP"), defines=[("SP", "structured prediction")])
    papers = corpus(
        *standing,
        one,
        *many(
            9,
            paper(entity("structural prediction", "SP"), defines=[("SP", "structural prediction")]),
        ),
    )
    assert ids_of(papers)[0] != ids_of(papers)[30]


def test_a_type_word_is_no_part_of_a_name_of_several_words():
    papers = corpus(
        *(
            paper(entity(name))
            for name in (
                "Monte Carlo",
                "Monte Carlo method",
                "cross-entropy",
                "cross-entropy method",
            )
        )
    )
    one, other, loss, optimiser = ids_of(papers)
    assert one == other
    assert loss != optimiser
    assert [(merge.rule, merge.detail) for merge in resolve(papers).merges] == [
        ("type word", "Monte Carlo")
    ]


def test_a_type_word_does_not_make_a_task_of_a_benchmark():
    papers = corpus(
        paper(entity("visual object tracking", kind=TASK)),
        paper(entity("visual object tracking benchmark", kind=BENCHMARK)),
    )
    assert ids_of(papers) == [(None,), ("visual-object-tracking-benchmark",)]


def test_versions_stay_apart_even_if_one_entity_has_both():
    papers = corpus(
        paper(entity("SQuAD", "SQuAD 2.0")), paper(entity("SQuAD")), paper(entity("SQuAD 1.1"))
    )
    found = resolve(papers)
    assert all(
        len({digits(name) for name in (node.label, *node.aliases)}) == 1 for node in found.nodes
    )


def test_the_lexicon_joins_the_names_of_a_fact_whatever_their_numbers_but_no_others():
    fact = Term("ImageNet-1K", DATASET, ("ILSVRC 2012",))
    papers = corpus(
        paper(entity("ImageNet-1k", kind=DATASET)),
        paper(entity("ILSVRC2012", kind=DATASET)),
        paper(entity("ILSVRC2010", kind=DATASET)),
    )
    one, other, version = ids_of(papers, known=[fact])
    assert one == other != version


def test_a_year_of_two_figures_is_the_same_year_if_the_lexicon_says_so():
    fact = Term("WMT14", BENCHMARK, ("WMT 2014", "WMT 2015"))
    one, other, later = ids_of(
        corpus(*(paper(entity(name)) for name in ("WMT14", "WMT 2014", "WMT 2015"))), known=[fact]
    )
    assert one == other != later


def test_an_ambiguous_name_of_the_lexicon_counts_only_with_its_type():
    fact = Term("Scene UNderstanding", DATASET, (), None, ("SUN",))
    papers = corpus(
        paper(entity("SUN", kind=DATASET)),
        paper(entity("SUN")),
        paper(entity("Scene UNderstanding", kind=DATASET)),
    )
    as_data, as_method, long = ids_of(papers, known=[fact])
    assert as_data == long != as_method


def test_what_papers_define_counts_more_than_the_lexicon():
    fact = Term("Segment Anything Model", METHOD, ("SAM",))
    other = paper(
        entity("Sharpness-Aware Minimization", "SAM"),
        defines=[("SAM", "Sharpness-Aware Minimization")],
    )
    papers = corpus(*many(6, other), paper(entity("SAM")), paper(entity("Segment Anything Model")))
    assert ids_of(papers, known=[fact])[6] == ids_of(papers, known=[fact])[0]


def test_the_type_is_the_vote_of_the_papers_with_the_lexicon_as_two():
    papers = corpus(
        paper(entity("Foo", kind=DATASET)),
        paper(entity("Foo", kind=DATASET)),
        paper(entity("Foo", kind=BENCHMARK)),
    )
    assert node_of(papers, "Foo").type is DATASET
    assert node_of(papers, "Foo", known=[Term("Foo", BENCHMARK)]).type is BENCHMARK


def test_a_close_vote_is_reported():
    papers = corpus(paper(entity("Foo", kind=DATASET)), paper(entity("Foo", kind=BENCHMARK)))
    assert resolve(papers).report.close == (("foo", ((BENCHMARK, 1), (DATASET, 1))),)


def test_tasks_and_metrics_are_nodes_on_request_only():
    papers = corpus(
        paper(entity("machine translation", kind=TASK), entity("BLEU", kind=METRIC), entity("Foo"))
    )
    assert ids_of(papers) == [(None, None, "foo")]
    assert ids_of(papers, types=list(EntityType)) == [("machine-translation", "bleu", "foo")]


def test_what_more_papers_give_as_a_task_is_no_node_and_else_takes_its_mentions_as_a_method():
    mixed = [
        paper(entity("domain adaptation", kind=TASK)),
        *many(2, paper(entity("domain adaptation"))),
    ]
    assert ids_of(corpus(*mixed)) == [(None,), ("domain-adaptation",), ("domain-adaptation",)]
    mostly = [
        *many(2, paper(entity("domain adaptation", kind=TASK))),
        paper(entity("domain adaptation")),
    ]
    assert ids_of(corpus(*mostly))[-1] == (None,)
    hardly = [
        *many(12, paper(entity("domain adaptation"))),
        paper(entity("domain adaptation", kind=TASK)),
    ]
    assert ids_of(corpus(*hardly))[-1] == ("domain-adaptation",)


def test_generic_words_are_no_nodes_and_are_reported():
    papers = corpus(
        paper(entity("our model"), entity("SCORE")), paper(entity("models")), paper(entity("Model"))
    )
    found = resolve(papers)
    assert [node.label for node in found.nodes] == ["SCORE"]
    assert [(one.name, one.papers, one.rule) for one in found.report.left_out] == [
        ("Model", 2, "generic"),
        ("our model", 1, "generic"),
    ]
    assert assign(found, papers[1][1]) == (None,)


def test_a_judged_name_is_no_node_or_has_its_type_and_its_right_name():
    papers = corpus(
        paper(entity("Foo net"), entity("rope")), paper(entity("Foo"), entity("BarBench"))
    )
    judged = [
        Judgement("rope", None),
        Judgement("Foo net", None, "Foo"),
        Judgement("BarBench", BENCHMARK),
    ]
    found = resolve(papers, judged=judged)
    assert [(node.label, node.type) for node in found.nodes] == [
        ("BarBench", BENCHMARK),
        ("Foo", METHOD),
    ]
    assert [(one.name, one.rule) for one in found.report.left_out] == [("rope", "judged name")]
    assert [(one.surface, one.rule) for one in found.merges] == [("Foo net", "judged name")]
    off = Thesaurus.of([Line("rule: judged name", "off", None, 1)])
    assert len(resolve(papers, judged=judged, thesaurus=off).nodes) == 4


def test_what_is_not_surely_judged_and_what_the_user_names_stay():
    papers = corpus(paper(entity("rope"), entity("knot")))
    judged = [Judgement("rope", None, sure=False), Judgement("knot", None)]
    assert ids_of(papers, judged=judged) == [("rope", None)]
    kept = Thesaurus.of([Line("knot", "knot", None, 1)])
    assert ids_of(papers, judged=judged, thesaurus=kept) == [("rope", "knot")]


def test_a_name_that_few_papers_take_for_one_is_left_out_of_a_large_corpus_only():
    unsure = replace(entity("robotic"), certainty=0.5)
    papers = corpus(*many(30, paper(entity("BERT"), unsure)))
    standing = {"bert": Standing(marked=30), "robotic": Standing(marked=30, bare=3000)}
    assert len(resolve(papers, standing=standing).nodes) == 2
    large = corpus(*many(30, papers[0][1]), *many(LEAST_PAPERS, paper()))
    found = resolve(large, standing=standing)
    assert [node.label for node in found.nodes] == ["BERT"]
    assert [(one.name, one.rule) for one in found.report.left_out] == [("robotic", "rarely a name")]
    off = Thesaurus.of([Line("rule: rarely a name", "off", None, 1)])
    assert len(resolve(large, standing=standing, thesaurus=off).nodes) == 2


def test_a_node_is_of_the_kinds_that_the_lexicon_and_its_head_say():
    papers = corpus(
        paper(entity("graph attention network"), entity("attention network"), entity("Foo7")),
        paper(entity("deep graph attention network"), entity("language model"), entity("GPT-4")),
    )
    facts = [Term("GPT-4", METHOD, kind_of=("language model", "no such node"))]
    kinds = {node.label: node.kind_of for node in resolve(papers, known=facts).nodes}
    assert kinds == {
        "Foo7": (),
        "GPT-4": ("language-model",),
        "attention network": (),
        "deep graph attention network": ("graph-attention-network",),
        "graph attention network": ("attention-network",),
        "language model": (),
    }


def test_homonyms_have_readable_ids_that_differ_without_case():
    def data():
        return paper(
            entity("GLUE", "General Language Understanding Evaluation", kind=BENCHMARK),
            defines=[("GLUE", "General Language Understanding Evaluation")],
        )

    def loss():
        return paper(
            entity("GLUE", "graph loss under evaluation"),
            defines=[("GLUE", "graph loss under evaluation")],
        )

    nodes = resolve(corpus(*many(3, data()), loss())).nodes
    assert sorted(node.id for node in nodes) == ["glue", "graph-loss-under-evaluation"]


def test_a_single_definition_that_reaches_other_papers_is_reported():
    papers = corpus(
        paper(
            entity("POMCP", "Partially Observable Monte Carlo Planning"),
            defines=[("POMCP", "Partially Observable Monte Carlo Planning")],
        ),
        paper(entity("POMCP")),
    )
    found = resolve(papers)
    assert len(found.nodes) == 1
    assert [(merge.surface, merge.paper) for merge in found.report.single] == [("POMCP", "p0")]


def test_another_system_of_the_same_name_stays_apart():
    papers = corpus(
        paper(
            entity("FALCON", "Fair Adaptation Through Local Normalization"),
            defines=[("FALCON", "Fair Adaptation Through Local Normalization")],
        ),
        paper(entity("FALCON", start=0)),
    )
    assert ids_of(papers)[0] != ids_of(papers)[1]


def _thesaurus(*lines):
    return Thesaurus(
        {
            key(label): Line(label, replacement, kind, number)
            for number, (label, replacement, kind) in enumerate(lines, 2)
        }
    )


def test_the_thesaurus_merges_renames_and_retypes():
    papers = corpus(paper(entity("Winograd")), paper(entity("WSC")), paper(entity("Foo")))
    thesaurus = _thesaurus(
        ("Winograd", "Winograd Schema Challenge", BENCHMARK),
        ("wsc", "Winograd Schema Challenge", None),
        ("foo", "Foo", DATASET),
    )
    found = resolve(papers, thesaurus=thesaurus)
    assert [(node.id, node.label, node.type, node.aliases) for node in found.nodes] == [
        ("foo", "Foo", DATASET, ()),
        ("winograd-schema-challenge", "Winograd Schema Challenge", BENCHMARK, ("WSC", "Winograd")),
    ]
    assert {(merge.surface, merge.rule, merge.detail) for merge in found.merges} == {
        ("WSC", "thesaurus", "line 3: wsc is Winograd Schema Challenge"),
        ("Winograd", "thesaurus", "line 2: Winograd is Winograd Schema Challenge"),
    }


def test_the_thesaurus_may_merge_what_no_rule_would():
    papers = corpus(paper(entity("GPT-3")), paper(entity("GPT-3.5")))
    assert len(set(ids_of(papers, thesaurus=_thesaurus(("GPT-3.5", "GPT-3", None))))) == 1


def test_the_thesaurus_drops_what_a_name_means():
    papers = corpus(*_sgd(5), paper(entity("SGD")), paper(entity("Foo")))
    assert ids_of(papers, thesaurus=_thesaurus(("SGD", "", None)))[4:] == [
        (None,),
        (None,),
        ("foo",),
    ]


def test_the_thesaurus_keeps_a_name_apart():
    fact = Term("COCO", DATASET, ("MS COCO",))
    papers = corpus(paper(entity("COCO")), paper(entity("MS COCO")))
    assert len(set(ids_of(papers, known=[fact]))) == 1
    assert len(set(ids_of(papers, known=[fact], thesaurus=_thesaurus(("MS COCO", "=", None))))) == 2


def test_a_line_that_matches_nothing_is_reported():
    found = resolve(
        corpus(paper(entity("Foo"))),
        thesaurus=_thesaurus(("Bar", "Foo", None), ("foo", "Foo", None)),
    )
    assert found.report.unused == ("line 2: Bar",)


def test_a_retyped_short_form_keeps_its_long_form():
    papers = corpus(*_sgd(5), paper(entity("SGD")))
    found = resolve(papers, thesaurus=_thesaurus(("SGD", "SGD", DATASET)))
    assert [(node.label, node.type) for node in found.nodes] == [("SGD", DATASET)]


NAMES = [
    "SGD",
    "SGDs",
    "stochastic gradient descent",
    "Schema-Guided Dialogue",
    "GPT-3",
    "GPT 3",
    "GPT-4",
    "GPT",
    "C",
    "C++",
    "model",
    "deep",
    "DEEP",
    "A2C",
]
LONG = {
    "SGD": ["stochastic gradient descent", "Schema-Guided Dialogue"],
    "A2C": ["advantage actor-critic"],
    "GPT-3": ["GPT"],
    "DEEP": ["deep model"],
}
ENTITIES = st.builds(
    lambda names, kind, start: entity(*names, kind=kind, start=start),
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True),
    st.sampled_from(list(EntityType)),
    st.sampled_from([0, 10]),
)
DEFINITIONS = st.lists(
    st.sampled_from(sorted(LONG)).flatmap(
        lambda short: st.tuples(st.just(short), st.sampled_from(LONG[short]))
    ),
    max_size=2,
)
PAPERS = st.lists(
    st.builds(
        lambda entities, defines: paper(*entities, defines=defines),
        st.lists(ENTITIES, max_size=4),
        DEFINITIONS,
    ),
    max_size=8,
)
FACTS = [
    Term("SGD", METHOD, ("stochastic gradient descent",)),
    Term("Schema-Guided Dialogue", DATASET, (), None, ("SGD",)),
    Term("GPT-3", METHOD, ("GPT-4",)),
]
WORDS = _thesaurus(("GPT", "Generative Transformer", METHOD), ("C", "=", None), ("deep", "", None))
OPTIONS = st.sampled_from(
    [{}, {"known": FACTS}, {"known": FACTS, "thesaurus": WORDS}, {"types": list(EntityType)}]
)


@settings(max_examples=150, deadline=None)
@given(PAPERS, OPTIONS, st.randoms(use_true_random=False))
def test_resolution_does_not_depend_on_the_order_of_papers(extractions, options, random):
    papers = corpus(*extractions)
    shuffled = random.sample(papers, len(papers))
    one, other = resolve(papers, **options), resolve(shuffled, **options)
    assert (one.nodes, one.merges, one.report) == (other.nodes, other.merges, other.report)
    assert [assign(one, found) for _, found in papers] == [
        assign(other, found) for _, found in papers
    ]


@settings(max_examples=150, deadline=None)
@given(PAPERS, OPTIONS)
def test_nodes_are_a_partition_with_a_reason_for_every_name(extractions, options):
    papers = corpus(*extractions)
    found = resolve(papers, **options)
    nodes = {node.id: node for node in found.nodes}
    assert len({node.id.casefold() for node in found.nodes}) == len(found.nodes)
    assert all(
        re.fullmatch(r"[\w+#.*-]+", node.id) and node.label not in node.aliases
        for node in found.nodes
    )
    used = set()
    for _, extraction in papers:
        assigned = assign(found, extraction)
        assert len(assigned) == len(extraction.entities)
        for one, node in zip(extraction.entities, assigned, strict=True):
            if node is not None:
                used.add(node)
                names = {nodes[node].label, *nodes[node].aliases}
                assert names & set(one.names)
    assert used == set(nodes)
    assert sorted({(merge.node, merge.surface) for merge in found.merges}) == sorted(
        (node.id, name) for node in found.nodes for name in node.aliases
    )


@settings(max_examples=150, deadline=None)
@given(PAPERS, st.sampled_from([{}, {"known": FACTS}]))
def test_no_node_has_names_of_two_versions(extractions, options):
    for node in resolve(corpus(*extractions), **options).nodes:
        numbers = {digits(name) for name in (node.label, *node.aliases)}
        assert (
            numbers <= {"", "2"}
            if "A2C" in node.aliases or node.label == "A2C"
            else len(numbers) == 1
        )


@pytest.mark.parametrize("options", [{}, {"known": FACTS}])
def test_no_paper_gives_no_node(options):
    found = resolve([], **options)
    assert (found.nodes, found.merges) == ((), ())
    assert assign(found, paper(entity("Foo"))) == (None,)


@settings(max_examples=150, deadline=None)
@given(PAPERS, OPTIONS)
def test_the_number_of_an_entity_leads_to_its_node(extractions, options):
    usage = Usage()
    numbers = [usage.see(name, extraction) for name, extraction in corpus(*extractions)]
    found = resolve_observed(usage, **options)
    nodes = dict(found.entities())
    assert [tuple(map(nodes.get, several)) for several in numbers] == [
        assign(found, extraction) for extraction in extractions
    ]


def _cnn(long, count):
    return many(count, paper(entity(long, "CNN"), defines=[("CNN", long)]))


def test_a_variant_that_one_paper_joins_is_reported_if_others_use_it():
    usual, variant = "convolutional neural network", "convolution neural network"
    often = [*_cnn(usual, 5), *_cnn(variant, 2), paper(entity(variant))]
    once = [*_cnn(usual, 5), *_cnn(variant, 1), paper(entity(variant))]
    unused = [*_cnn(usual, 5), *_cnn(variant, 1)]
    for papers, said in ((often, []), (once, [key(variant)]), (unused, [])):
        found = resolve(corpus(*papers))
        assert len(found.nodes) == 1
        assert [merge.surface for merge in found.report.single] == said


def test_as_many_papers_as_a_sense_needs_outvote_the_lexicon():
    fact = Term("Segment Anything Model", METHOD, ("SAM",))
    long = "Sharpness-Aware Minimization"
    other = paper(entity(long, "SAM"), defines=[("SAM", long)])
    for count in (2, 3):
        papers = corpus(*many(count, other), paper(entity("SAM")), paper(entity(fact.label)))
        found = ids_of(papers, known=[fact])
        assert (found[-2] == found[-1]) is (count == 2)
