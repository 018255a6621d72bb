"""Names that differ as language lets them, each rule by itself and over papers."""

import pytest
from small_papers import DATASET, METHOD, TASK, corpus, entity, ids_of, many, paper, resolve

from kg.records import Judgement
from kg.resolution.forms import folded, word_form
from kg.resolution.thesaurus import Line, Thesaurus
from kg.resolution.variants import without_type_word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("generative modeling", "generative model"),
        ("soft robotics", "soft robots"),
        ("impedance controller", "impedance control"),
        ("motion planners", "motion planning"),
        ("bipedal walker", "biped walking"),
        ("density estimator", "density estimation"),
        ("linear classifier", "linear classification"),
        ("vector quantizer", "vector quantization"),
        ("position encoding", "positional encoder"),
        ("hierarchic clustering", "hierarchical clusters"),
        ("majority vote", "majority voting"),
        ("compliant manipulator", "compliance manipulators"),
        ("geometric embedding", "geometry embeddings"),
        ("squared error loss", "square error loss"),
        ("denoising autoencoder", "denoising autoencoding"),
        ("tokenizer", "tokenization"),
    ],
)
def test_deed_doer_and_adjective_are_one_form(one, other):
    assert word_form(one) == word_form(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("distributed learning", "distributional learning"),
        ("general linear model", "generalized linear model"),
        ("wavelet transform", "wavelet transformer"),
        ("domain adapter", "domain adaptation"),
        ("factor analysis", "factorial analysis"),
        ("visual motor", "visual motion"),
        ("test setting", "test set"),
        ("partial observation", "particle observation"),
        ("graphical model", "graph model"),
        ("variance reduction", "variant reduction"),
    ],
)
def test_other_words_are_other_forms(one, other):
    assert word_form(one) != word_form(other)


@pytest.mark.parametrize("name", ["planner", "GPT-4 model", "modeling"])
def test_one_word_and_a_name_with_a_number_have_no_forms(name):
    assert word_form(name) == ""


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("Gaussian mixture model", "Gaussian mixture"),
        ("maximum likelihood estimation", "maximum likelihood"),
        ("PID controller", "PID"),
        ("BERT model", "BERT"),
        ("diffusion model", ""),
        ("latent variable model", ""),
        ("neural network", ""),
        ("cross-entropy method", ""),
        ("Face Normalization Model", ""),
        ("method", ""),
        ("maximum likelihood training", "maximum likelihood"),
        ("adversarial training", ""),
        ("balanced search tree algorithm", ""),
    ],
)
def test_a_type_word_goes_where_what_remains_is_a_name(name, base):
    assert without_type_word(name) == base


@pytest.mark.parametrize(
    ("rule", "one", "other"),
    [
        ("network", "deep convolutional nets", "deep convolutional neural network"),
        ("network", "gated ConvNet", "gated convolutional network"),
        ("network", "siamese architecture", "siamese neural networks"),
        ("learning and training", "weakly supervised training", "weakly supervised learning"),
        ("learning and training", "semi-supervised machine learning", "semi-supervised learning"),
        ("preposition", "learning via observation", "learning from observation"),
        ("preposition", "text and image matching", "text-image matching"),
        ("word order", "variational sparse GP", "sparse variational GP"),
        ("type word", "subspace-based method", "subspace approach"),
        ("type word", "gradient-free optimization", "gradient-free algorithm"),
    ],
)
def test_a_rule_makes_two_names_one_form(rule, one, other):
    papers = corpus(paper(entity(one)), paper(entity(other)))
    assert {merge.rule for merge in resolve(papers).merges} - {"same key"} == {rule}
    assert len(resolve(papers, thesaurus=Thesaurus.of([Line(f"rule: {rule}", "off", None, 1)])).nodes) == 2  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bayesian network", "Bayesian neural network"),
        ("adversarial training", "adversarial learning"),
        ("meta-training", "meta-learning"),
        ("approximation algorithm", "approximation method"),
        ("English-German translator", "German-English translator"),
        ("text-to-image diffusion", "image-to-text diffusion"),
        ("learning from errors", "learning with errors"),
    ],
)
def test_no_rule_makes_names_of_two_things_one_form(one, other):
    assert list(folded(one))[-1] != list(folded(other))[-1]


def test_what_is_known_as_a_method_needs_no_type_word():
    known = [Judgement("encoder-decoder", METHOD), Judgement("pooling", METHOD)]
    same = corpus(
        *(
            paper(entity(name))
            for name in ("encoder-decoder", "encoder-decoder network", "pooling", "pooling layer")
        )
    )
    assert len(resolve(same, judged=known).nodes) == 2
    assert len(resolve(same).nodes) == 4


def test_what_is_made_by_a_deed_is_not_the_deed():
    papers = corpus(
        *many(6, paper(entity("masked region pre-training"))),
        paper(entity("masked region pre-training model")),
    )
    assert len(resolve(papers).nodes) == 2


@pytest.mark.parametrize(
    ("names", "nodes"),
    [
        (["VOX", "VOX90"], 1),
        (["VOX", "VOX90", "VOX400"], 3),
        (["VOX", "VOX2"], 2),
        (["VOX", "VOX 2015"], 2),
        (["VOX-90", "VOX-90-2011", "VOX"], 1),
        (["VQB v2", "VQB 2.0"], 1),
        (["VQB v2", "VQB 2.1"], 2),
    ],
)
def test_a_bare_name_of_data_is_its_only_numbered_form(names, nodes):
    papers = corpus(*(one for name in names for one in many(5, paper(entity(name, kind=DATASET)))))
    assert len(resolve(papers).nodes) == nodes


def test_a_short_form_is_not_the_data_that_begins_with_it():
    logic = paper(
        entity("signal temporal logic", "STL"), defines=[("STL", "signal temporal logic")]
    )
    papers = corpus(
        *many(4, logic),
        *many(5, paper(entity("STL-10", kind=DATASET))),
        *many(2, paper(entity("STL", kind=DATASET))),
    )
    labels = [node.label for node in resolve(papers).nodes]
    assert "signal temporal logic" in labels
    assert "STL-10" in labels


def test_names_of_one_form_are_one_node_if_they_are_of_one_type():
    papers = corpus(
        *many(2, paper(entity("soft robot"))),
        paper(entity("soft robotics")),
        paper(entity("motion planner"), entity("motion planning", kind=TASK)),
    )
    found = resolve(papers)
    assert [node.label for node in found.nodes] == ["motion planner", "soft robot"]
    assert [(one.surface, one.rule) for one in found.merges] == [("soft robotics", "word form")]
    off = Thesaurus.of([Line("rule: word form", "off", None, 1)])
    assert len(resolve(papers, thesaurus=off).nodes) == 3


def test_names_that_are_judged_differently_are_not_joined():
    papers = corpus(paper(entity("pseudo-labeling"), entity("pseudo-label")))
    judged = [Judgement("pseudo-label", None), Judgement("pseudo-labeling", METHOD)]
    assert ids_of(papers, judged=judged) == [("pseudo-labeling", None)]


def test_a_short_form_inside_a_name_stands_for_its_long_form():
    defined = paper(entity("Gaussian process", "GP"), defines=[("GP", "Gaussian process")])
    papers = corpus(
        *many(3, defined),
        paper(entity("GP regression")),
        paper(entity("Gaussian process regression")),
    )
    found = resolve(papers)
    assert len(found.nodes) == 2
    assert ("GP regression", "short form inside") in {(m.surface, m.rule) for m in found.merges} | {
        ("GP regression", m.rule)
        for m in found.merges
        if m.surface == "Gaussian process regression"
    }


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("GTA-V", "GTA5", True),
        ("ICDAR 2015", "ICDAR15", True),
        ("VOC 2007", "VOC 2012", False),
        ("Type V", "Type 5", True),
        ("ImageNet-21K", "ImageNet", False),
        ("SVHN 50", "SVHN 2050", True),
    ],
)
def test_numerals_and_years_of_data(one, other, same):
    papers = corpus(paper(entity(one, kind=DATASET)), paper(entity(other, kind=DATASET)))
    assert (len(resolve(papers).nodes) == 1) is same


def test_a_slip_of_one_paper_is_the_well_known_name():
    papers = corpus(
        *many(10, paper(entity("latent Dirichlet allocation"), entity("image deblurring"))),
        paper(entity("latent Dirichelet allocation"), entity("image reblurring")),
    )
    found = resolve(papers)
    assert [node.label for node in found.nodes] == [
        "image deblurring",
        "image reblurring",
        "latent Dirichlet allocation",
    ]
    assert [one.rule for one in found.merges] == ["slip"]
