"""The best sentence of a link follows one stated rule, whatever the order of the papers."""

import re
from dataclasses import replace

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.evidence import AROUND, LONGEST, best_evidence, link_key
from kg.graph.view import EvidenceLength
from kg.records import MarkedPaper, MarkedSentence, Paper


def marked(name, abstract, year=2020, title="T"):
    """A paper in which capital letters A to C are nodes, and full stops end sentences."""
    paper = Paper(name, title, abstract, year)
    sentences, start = [], len(title) + 1
    for part in abstract.split("."):
        end = start + len(part) + 1
        marks = tuple(
            (at, at + 1, paper.text[at].lower())
            for at in range(start, min(end, len(paper.text)))
            if paper.text[at] in "ABC"
        )
        if marks:
            sentences.append(MarkedSentence(start, min(end, len(paper.text)), marks))
        start = end
    return MarkedPaper(paper, tuple(sentences))


def best(*papers, links=("ab",)):
    graph = nx.Graph()
    graph.add_nodes_from("abc")
    graph.add_edges_from(map(tuple, links))
    found = best_evidence(graph, papers)
    return {
        link: found.get(link_key("abc".index(link[0]), "abc".index(link[1]), 3)) for link in links
    }


def said(*papers):
    return str(best(*papers)["ab"])


def test_one_sentence_that_names_both_is_better_than_two():
    assert (
        said(marked("1", "A x.B"), marked("2", "A and much, much more and then B."))
        == "A and much, much more and then B. — T (2020)"
    )


def test_the_shorter_way_between_the_names_is_better():
    assert said(marked("1", "A and also B."), marked("2", "A or B.")) == "A or B. — T (2020)"
    assert said(marked("1", "A and also B. B or A then A x B.")).startswith(" B or A then A x B.")


def test_a_sentence_that_shows_the_kind_of_the_link_is_better_than_a_shorter_one():
    graph = nx.Graph()
    graph.add_edge("a", "b", kind="compared")
    told = "A or B. In tests A is much faster than the old B."
    papers = [marked("1", "A B."), marked("2", told)]
    roles = (("a", "new"), ("b", "compared"))
    plain = best_evidence(graph, papers)
    shown = best_evidence(graph, [papers[0], replace(papers[1], roles=roles)])
    assert [str(one) for one in plain.values()] == ["A B. — T (2020)"]
    assert [str(one) for one in shown.values()] == [
        " In tests A is much faster than the old B. — T (2020)"
    ]


def test_then_the_earlier_paper_and_then_the_smaller_id():
    papers = [
        marked("3", "A B.", 2019),
        marked("2", "A B.", 2018),
        marked("1", "A B.", None),
        marked("0", "A B.", 2020),
    ]
    assert best(*papers)["ab"].paper == "2"
    assert best(*papers, marked("1b", "A B.", 2018))["ab"].paper == "1b"


def test_two_sentences_are_the_nearest_two_that_name_one_each():
    assert said(marked("1", "A is old. A is new. B follows.")) == " A is new. B follows. — T (2020)"
    assert said(marked("1", "A is new. x. B follows.")) == "A is new. […]  B follows. — T (2020)"


def test_a_paper_without_a_year_has_none_and_a_title_is_not_said_twice():
    paper = Paper("1", "A beats B", "Nothing.", None)
    title = MarkedPaper(paper, (MarkedSentence(0, 9, ((0, 1, "a"), (8, 9, "b"))),))
    assert said(title) == "A beats B"


def test_only_links_of_the_graph_have_evidence():
    found = best(marked("1", "A B C."), links=("ab", "bc"))
    assert found["ab"].texts is not None
    assert best_evidence(nx.Graph(), [marked("1", "A B C.")]) == {}


def test_of_a_very_long_sentence_what_is_near_the_names_is_kept():
    long = "x " * LONGEST
    evidence = best(marked("1", f"{long}A and B{long}."))["ab"]
    assert evidence.texts[0].count("A and B") == 1
    assert len(evidence.texts[0]) == 2 * AROUND + len("A and B")
    far = best(marked("1", f"{long}A{long}B{long}."))["ab"]
    assert [len(text) for text in far.texts] == [2 * AROUND + 1] * 2
    assert (far.sentences, far.distance) == (1, len(long))


@given(
    st.lists(
        st.tuples(st.text("AB x.", min_size=1, max_size=30), st.none() | st.integers(2018, 2020)),
        max_size=6,
    ),
    st.randoms(),
)
def test_the_order_of_the_papers_does_not_matter(texts, random):
    papers = [marked(str(number), text, year) for number, (text, year) in enumerate(texts)]
    shuffled = papers.copy()
    random.shuffle(shuffled)
    assert best(*papers) == best(*shuffled)


@given(st.text("AB x.", min_size=1, max_size=60))
def test_no_pair_of_marks_is_better_than_the_one_found(text):
    paper = marked("1", text)
    marks = [
        (start, end, node, sentence.start)
        for sentence in paper.sentences
        for start, end, node in sentence.spans
    ]
    ranks = [
        (1 if p == q else 2, max(0, b - c))
        for a, c, one, p in marks
        for b, _, other, q in marks
        if one != other and a <= b
    ]
    evidence = best(paper)["ab"]
    assert (None if evidence is None else (evidence.sentences, evidence.distance)) == min(
        ranks, default=None
    )


LONG = "word " * 60


@pytest.mark.parametrize("between", ["beats ", "word " * 10, "word " * 60])
def test_short_evidence_is_what_stands_around_the_names(between):
    text = f"{LONG}BERT {between}GLUE {LONG}".strip()
    paper = Paper("p1", "A title", f"{text}.", 2020)
    start = len(paper.title) + 1
    marks = tuple(
        (start + text.index(name), start + text.index(name) + 4, name.lower())
        for name in ("BERT", "GLUE")
    )
    marked = MarkedPaper(paper, (MarkedSentence(start, start + len(text) + 1, marks),))
    graph = nx.Graph([("bert", "glue")])
    (found,) = best_evidence(graph, [marked], EvidenceLength.SHORT).values()
    said, paper_id = str(found).rsplit(" — ", 1)
    assert paper_id == "p1"
    assert {"BERT", "GLUE"} <= set(re.findall(r"\w+", said))
    assert len(said) <= 170
    assert set(re.findall(r"\w+", said)) <= {"BERT", "GLUE", "beats", "word"}
    assert best_evidence(graph, [marked], EvidenceLength.NONE) == {}
