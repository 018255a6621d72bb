"""A made-up field: papers on topics, each naming a few things, most of them well-known things of its topic; seeds are fixed."""

import random
from collections import Counter
from itertools import accumulate, combinations

import networkx as nx

from kg.graph.assemble import place
from kg.records import MarkedPaper, MarkedSentence, Paper

SEED = 7
ALONE, ELSEWHERE = 0.15, 0.25
"""Share of papers that name only new things; share of known names that come from any topic: methods and datasets that all use."""


def papers_of_topics(nodes, links):
    """Return the topic of each node, and the nodes of each paper, until so many different pairs stand in one paper.

    A paper has up to four new nodes, which take its topic, and up to five known ones, older ones more often.
    """
    chance = random.Random(SEED)
    sizes = list(accumulate(1 / (rank + 5) for rank in range(max(4, nodes // 100))))
    everything, members, topics, pairs, papers = [], [[] for _ in sizes], {}, set(), []
    while len(pairs) < links or len(topics) < nodes:
        topic = chance.choices(range(len(sizes)), cum_weights=sizes)[0]
        new = [
            f"n{number:06}"
            for number in range(len(topics), min(nodes, len(topics) + chance.randint(0, 4)))
        ]
        topics |= dict.fromkeys(new, topic)
        found = set(new)
        if chance.random() >= ALONE:
            for _ in range(chance.randint(1, 5)):
                known = members[topic] if chance.random() >= ELSEWHERE else everything
                found |= {known[int(len(known) * chance.random() ** 3)]} if known else set()
        members[topic] += new
        everything += new
        papers.append(tuple(sorted(found)))
        pairs |= set(combinations(papers[-1], 2))
    return topics, papers


def graph_of(topics, papers):
    """Return the graph of the papers with the attributes that kg gives, not yet placed."""
    graph = nx.Graph()
    counted = Counter(name for paper in papers for name in paper)
    kinds = ("method", "dataset", "benchmark")
    for number, name in enumerate(topics):
        years = {"first_year": 2000 + number % 15, "last_year": 2016 + number % 9}
        graph.add_node(
            name,
            label=f"Node {number}",
            type=kinds[number % 3],
            aliases=[f"N{number}"],
            papers=counted[name],
            mentions=2 * counted[name],
            **years,
        )
    for (one, other), count in sorted(
        Counter(pair for paper in papers for pair in combinations(paper, 2)).items()
    ):
        graph.add_edge(
            one,
            other,
            papers=count,
            sentences=count,
            weight=count,
            association=1.5,
            npmi=0.25,
            q=0.01,
            first_year=2015,
            last_year=2024,
        )
    return graph


def placed_field(nodes, links):
    """Return the graph of a field as exporters get it, and a function that reads its papers anew."""
    topics, papers = papers_of_topics(nodes, links)
    return place(graph_of(topics, papers)), lambda: (
        marked(number, names) for number, names in enumerate(papers)
    )


def marked(number, names):
    """Return a paper of two hundred words or so whose third sentence names the nodes."""
    told = "We study a problem of the field and compare what is known about it with what we measure on many examples. "
    abstract = told * 2
    marks = []
    title = f"Paper {number} on its topic"
    for name in names:
        start = len(title) + 1 + len(abstract)
        abstract += f"{name}, "
        marks.append((start, start + len(name), name))
    start, end = len(title) + 1 + 2 * len(told), len(title) + len(abstract)
    paper = Paper(
        f"p{number:06}",
        title,
        abstract + told * 4,
        2015 + number % 10,
        "venue",
        f"https://example.org/{number}",
    )
    return MarkedPaper(paper, (MarkedSentence(start, end, tuple(marks)),))
