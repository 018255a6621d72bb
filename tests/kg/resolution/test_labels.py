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
    ],
)
def test_a_label_is_as_most_write_it_singular_and_small_where_that_is_used(weights, best):
    assert best_surface(weights) == best


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
