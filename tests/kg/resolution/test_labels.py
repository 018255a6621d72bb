"""What a node is called."""

import pytest
from small_papers import corpus, entity, many, node_of, paper, resolve

from kg.records import EntityType, Term
from kg.resolution.labels import best_surface

METHOD = EntityType.METHOD


@pytest.mark.parametrize(
    ("weights", "best"),
    [
        ({"GANs": 5, "GAN": 1, "Gan": 2}, "GAN"),
        ({"Cityscapes": 90, "Cityscape": 3}, "Cityscapes"),
        ({"least squares": 40, "Least Squares": 9, "least square": 2}, "least squares"),
        (
            {"Gaussian processes": 7, "Gaussian process": 3, "Gaussian Process": 2},
            "Gaussian process",
        ),
        ({"Markov Random Field": 30, "Markov random field": 20}, "Markov random field"),
        ({"Random Forest": 30, "random forest": 2}, "Random Forest"),
        ({"Transformer": 30, "transformer": 20}, "Transformer"),
        ({"BERT": 30, "bert": 20}, "BERT"),
        ({"$K$-means": 9, "K-means": 2, "k-means": 1}, "k-means"),
        ({"spiking neurons": 4}, "spiking neuron"),
        ({"integrated gradients": 4, "integrated gradient": 1}, "integrated gradients"),
        ({"policy gradient": 4, "policy gradients": 1}, "policy gradient"),
        ({"mixture of Gaussians": 4}, "mixture of Gaussians"),
        ({"hill-climbing": 5, "hill climbing": 4, "Hill climbing": 3}, "hill climbing"),
        ({"euclidean embedding": 4, "Euclidean embedding": 3}, "Euclidean embedding"),
        ({"Euler\u2019s method": 2, "Euler's method": 1}, "Euler's method"),
    ],
)
def test_a_label_is_as_most_write_it_singular_and_small_where_that_is_used(weights, best):
    assert best_surface(weights) == best


@pytest.mark.parametrize(
    ("weights", "best"),
    [
        ({"Open Images": 4, "Open Image": 3}, "Open Images"),
        ({"COCO-Stuff": 4, "COCO-stuff": 3}, "COCO-Stuff"),
        ({"Amazon reviews": 2, "Amazon Reviews": 3}, "Amazon Reviews"),
    ],
)
def test_data_is_called_as_most_papers_write_it(weights, best):
    assert best_surface(weights, data=True) == best


def test_a_name_is_written_as_the_lexicon_has_it_if_papers_do_so():
    papers = corpus(*many(3, paper(entity("Rrt-connect"))), paper(entity("RRT-Connect")))
    assert node_of(papers, "Rrt-connect").label == "Rrt-connect"
    for spelled, label in (("RRT-Connect", "RRT-Connect"), ("RRT-ConnecT", "Rrt-connect")):
        facts = [Term(spelled, METHOD)]
        assert [node.label for node in resolve(papers, known=facts).nodes] == [label]


def test_a_common_term_is_called_by_its_words_and_a_known_name_by_its_short_form():
    long = entity("non-maximum suppression")
    defined = paper(
        entity("non-maximum suppression", "NMS"), defines=[("NMS", "non-maximum suppression")]
    )
    papers = corpus(*many(3, defined), *many(9, paper(entity("NMS"))), paper(long))
    assert [node.label for node in resolve(papers).nodes] == ["non-maximum suppression"]
    facts = [Term("NMS", METHOD, ("non-maximum suppression",))]
    assert [node.label for node in resolve(papers, known=facts).nodes] == ["NMS"]


def test_an_adjective_alone_is_no_label_beside_its_noun():
    papers = corpus(
        *many(6, paper(entity("doubly robust"))), *many(3, paper(entity("doubly robust estimator")))
    )
    assert [node.label for node in resolve(papers).nodes] == ["doubly robust estimator"]


def test_a_known_short_name_comes_before_its_expansion_if_papers_use_it():
    defined = paper(
        entity("Contrastive Image Pre-training", "CLIP"),
        defines=[("CLIP", "Contrastive Image Pre-training")],
    )
    papers = corpus(*many(4, defined), *many(3, paper(entity("Contrastive Image Pre-training"))))
    facts = [Term("CLIP", METHOD, aliases=("Contrastive Image Pre-training",))]
    assert [node.label for node in resolve(papers).nodes] == ["Contrastive Image Pre-training"]
    assert [node.label for node in resolve(papers, known=facts).nodes] == ["CLIP"]


def test_one_paper_s_word_gives_no_alias_to_a_name_that_stands_elsewhere():
    odd = paper(entity("self-supervision", "semi-supervision"))
    papers = corpus(
        odd, *many(3, paper(entity("semi-supervision"))), paper(entity("self-supervision"))
    )
    assert node_of(papers, "self-supervision").aliases == ()
