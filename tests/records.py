"""Small made-up papers, extractions, stores and views that many tests start from."""

import re

import networkx as nx

from kg.graph.assemble import assemble, keep, lay_out, read_graph, set_layout
from kg.graph.filters import Filters, view
from kg.records import Abbreviation, Entity, EntityType, Extraction, Mention, Paper
from kg.resolution.resolve import resolve
from kg.resolution.usage import Usage, definitions_in, names_of, use_key_of
from kg.storage.store import Store

METHOD, DATASET, BENCHMARK = EntityType.METHOD, EntityType.DATASET, EntityType.BENCHMARK
PIPELINE = "made by hand"


def entity(text, kind, *names):
    """An entity with a mention at every place of its names."""
    places = sorted(
        (found.start(), name) for name in names for found in re.finditer(rf"\b{name}\b", text)
    )
    return Entity(
        kind, names, tuple(Mention(start, start + len(name), kind, name) for start, name in places)
    )


def extraction(text, *entities, abbreviations=()):
    """An extraction whose sentences are the lines and the stretches up to each full stop."""
    sentences, start = [], 0
    for place, char in enumerate(text):
        if char in "\n." or place == len(text) - 1:
            end = place + (char != "\n")
            if text[start:end].strip():
                sentences.append(
                    (start + len(text[start:end]) - len(text[start:end].lstrip()), end)
                )
            start = place + 1
    return Extraction(tuple(entities), tuple(abbreviations), tuple(sentences))


PAPERS = (
    Paper(
        "p1",
        "BERT",
        "We train BERT on SQuAD. It is also tested on GLUE.",
        2018,
        "naacl",
        "https://example.org/1",
    ),
    Paper("p2", "RoBERTa", "RoBERTa beats BERT on GLUE. A GAN does not.", 2019, "arxiv", None),
    Paper(
        "p3",
        "A survey",
        "BERT and GANs. A generative adversarial network (GAN) is a game.",
        2020,
        None,
        "javascript:alert(1)",
    ),
    Paper("p4", "Nothing", "No name is here.", None, None, None),
)


def extractions():
    """What a reader would find in the papers."""
    one, two, three, four = (paper.text for paper in PAPERS)
    long, short = "generative adversarial network", "GAN"
    place = three.index(long)
    gan = Entity(
        METHOD,
        ("GANs", long, short),
        tuple(Mention(three.index(n), three.index(n) + len(n), METHOD, n) for n in ("GANs", long)),
    )
    return [
        (
            PAPERS[0],
            extraction(
                one,
                entity(one, METHOD, "BERT"),
                entity(one, DATASET, "SQuAD"),
                entity(one, BENCHMARK, "GLUE"),
            ),
        ),
        (
            PAPERS[1],
            extraction(
                two,
                entity(two, METHOD, "RoBERTa"),
                entity(two, METHOD, "BERT"),
                entity(two, BENCHMARK, "GLUE"),
                entity(two, METHOD, "GAN"),
            ),
        ),
        (
            PAPERS[2],
            extraction(
                three,
                entity(three, METHOD, "BERT"),
                gan,
                abbreviations=[Abbreviation(short, long, place, place + len(long) + 6)],
            ),
        ),
        (PAPERS[3], extraction(four)),
    ]


def fill(store, pairs=None):
    """Put papers and extractions into a store and link it."""
    pairs = extractions() if pairs is None else pairs
    store.add_papers(paper for paper, _ in pairs)
    store.save_extractions(PIPELINE, pairs)
    usage = Usage()
    store.graph.note_spans(
        (paper, found, usage.see(paper.id, found)) for paper, found in store.extractions(PIPELINE)
    )
    store.graph.link(resolve(usage), PIPELINE)
    graph = assemble(store)
    set_layout(graph, lay_out(graph))
    keep(store, graph)
    return store


def small_view(filters=None):
    """A view of the graph of the papers above; its store stays open with it."""
    store = fill(Store())
    return view(store, read_graph(store), filters or Filters())


def ring(count, papers=2):
    """A graph of so many nodes in a ring, with all attributes that a store's graph has before it is placed."""
    graph = nx.Graph()
    for n in range(count):
        graph.add_node(
            f"n{n:05}",
            label=f"Node {n}",
            type="method",
            aliases=[],
            papers=papers + n % 5,
            mentions=papers + n % 5,
        )
    for n in range(count):
        graph.add_edge(
            f"n{n:05}",
            f"n{(n + 1) % count:05}",
            papers=papers,
            sentences=1,
            weight=papers,
            association=1.0,
            npmi=0.1,
            q=0.5,
        )
    return graph


KINDS = {"SQuAD": DATASET, "GLUE": BENCHMARK, "ImageNet": DATASET}


def dated(rows):
    """A store in memory of papers given as (year, names): each name is a node, a method but for the datasets and benchmarks above."""
    pairs = []
    for number, (year, names) in enumerate(rows):
        paper = Paper(f"p{number:05}", f"Paper {number}", " and ".join(names) or "Nothing.", year)
        pairs.append(
            (
                paper,
                extraction(
                    paper.text,
                    *(entity(paper.text, KINDS.get(name, METHOD), name) for name in names),
                ),
            )
        )
    return fill(Store(), pairs)


def assign(resolution, extraction):
    """The node id of each entity of a paper; None where it is no node."""
    defined = definitions_in(extraction)
    return tuple(
        resolution.node_of(use_key_of(entity, names_of(entity), defined), entity.type)
        for entity in extraction.entities
    )
