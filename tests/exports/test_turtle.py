"""Turtle, read back by rdflib."""

import networkx as nx
import pytest
import rdflib
from graphs import nasty_view, node, two_names, view_of, views
from hypothesis import given, settings
from rdflib.namespace import PROV, RDF, RDFS, SDO, XSD
from records import small_view

from exports.columns import unique_ids
from exports.files import one_line
from exports.turtle import generate_turtle, write_turtle

KG = rdflib.Namespace("urn:kg:vocabulary:")
NODE, LINK, PAPER = "urn:kg:node:", "urn:kg:link:", "urn:kg:paper:"


def read(view):
    return rdflib.Graph().parse(data="".join(generate_turtle(view)), format="turtle")


def iri(space, name):
    return rdflib.URIRef(space + name)


def test_nodes_links_and_papers_are_resources(tmp_path):
    view = small_view()
    write_turtle(view, tmp_path / "graph.ttl")
    found = rdflib.Graph().parse(tmp_path / "graph.ttl")
    gan = iri(NODE, "generative-adversarial-network")
    assert set(found.objects(gan, RDF.type)) == {KG.Node, KG.Method}
    assert found.value(gan, SDO.name).toPython() == "generative adversarial network"
    assert {one.toPython() for one in found.objects(gan, SDO.alternateName)} == {
        "GANs",
        "GAN",
    }
    assert found.value(gan, KG.firstYear) == rdflib.Literal("2019", datatype=XSD.integer)
    assert (
        found.value(gan, KG.pagerank).toPython()
        == view.graph.nodes["generative-adversarial-network"]["pagerank"]
    )
    link = iri(LINK, "bert:generative-adversarial-network")
    assert set(found.objects(link, KG.between)) == {gan, iri(NODE, "bert")}
    assert found.value(link, PROV.wasDerivedFrom) == iri(PAPER, "p3")
    assert found.value(link, KG.evidence).toPython() == "BERT and GANs. — A survey (2020)"
    assert (
        found.value(link, KG.npmi).toPython()
        == view.graph.edges["bert", "generative-adversarial-network"]["npmi"]
    )
    paper = iri(PAPER, "p1")
    assert found.value(paper, RDF.type) == SDO.ScholarlyArticle
    assert found.value(paper, SDO.datePublished) == rdflib.Literal("2018", datatype=XSD.gYear)
    assert found.value(paper, SDO.url) == rdflib.URIRef("https://example.org/1")
    assert set(found.objects(paper, SDO.mentions)) == {
        iri(NODE, name) for name in ("bert", "glue", "squad")
    }


def test_the_words_of_our_own_are_described():
    found = read(view_of(nx.Graph()))
    assert set(found.subjects(RDFS.subClassOf, KG.Node)) == {
        KG[name] for name in ("Method", "Dataset", "Benchmark", "Task", "Metric")
    }
    assert (KG.Dataset, RDFS.subClassOf, SDO.Dataset) in found
    assert found.value(KG.between, RDFS.range) == KG.Node


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://e.org/a b",
        "https://e.org/<x>",
        "http://[",
        "https://e.org/é",
        "\n",
    ],
)
def test_an_address_that_is_none_is_left_out(url):
    graph = nx.Graph()
    graph.add_nodes_from((name, node()) for name in "ab")
    marked = two_names("p", "x", "a", "b")
    paper = type(marked.paper)("p", "T", "A.", None, None, url)
    assert not list(read(view_of(graph, [type(marked)(paper, ())])).objects(None, SDO.url))


def test_links_whose_ids_run_together_stay_apart():
    graph = nx.Graph([("a", "b--c"), ("a--b", "c"), ("a:b", "c"), ("a", "b:c")])
    assert len(list(read(view_of(graph)).subjects(RDF.type, KG.CoMention))) == 4


@pytest.mark.parametrize("view", [small_view, nasty_view], ids=["small", "nasty"])
def test_as_many_of_each_as_the_graph_has(view):
    found = read(view())
    assert len(set(found.subjects(RDF.type, KG.Node))) == len(view().graph)
    assert len(set(found.subjects(RDF.type, KG.CoMention))) == view().graph.number_of_edges()
    assert len(set(found.subjects(RDF.type, SDO.ScholarlyArticle))) == len(
        {one_line(one.paper.id) for one in view().papers()}
    )


@settings(max_examples=25)
@given(views())
def test_any_text_comes_back_clean_and_on_one_line(view):
    found = read(view)
    for (name, data), ours in zip(view.graph.nodes(data=True), unique_ids(view.graph), strict=True):
        one = iri(NODE, ours.replace(":", "%3A"))
        assert found.value(one, SDO.name).toPython() == (one_line(data["label"]) or ours), name
        assert (one, RDF.type, KG[data["type"].capitalize()]) in found
    ids = dict(zip(view.graph, unique_ids(view.graph), strict=True))
    assert {
        (frozenset(found.objects(link, KG.between)), found.value(link, KG.papers).toPython())
        for link in found.subjects(RDF.type, KG.CoMention)
    } == {
        (frozenset(iri(NODE, ids[end].replace(":", "%3A")) for end in ends), papers)
        for *ends, papers in view.graph.edges(data="papers")
    }


def test_the_same_graph_gives_the_same_bytes():
    assert "".join(generate_turtle(nasty_view())) == "".join(generate_turtle(nasty_view()))
