"""The figure has every node on the page, labels that do not overlap, and a legend."""

from itertools import combinations

import networkx as nx
import pytest
from graphs import link, nasty_view, node, view_of
from records import ring, small_view

import exports.figure as figure_module
from exports.figure import LETTER, WIDTH, draw_figure
from exports.palette import COMMUNITIES, REST
from kg.graph.assemble import place


def box(words):
    width = LETTER * words.size * len(words.text)
    left = words.x - {"start": 0, "middle": width / 2, "end": width}[words.anchor]
    return left, words.y - words.size / 2, left + width, words.y + words.size / 2


@pytest.fixture(name="figure", scope="module")
def _figure():
    return draw_figure(view_of(place(ring(60))))


def test_every_node_is_a_disc_on_the_page(figure):
    discs = [disc for disc in figure.discs if disc.radius != 3.5]
    assert len(discs) == 60
    for disc in discs:
        assert disc.x - disc.radius >= 0
        assert disc.x + disc.radius <= WIDTH
        assert disc.y - disc.radius >= 0
        assert disc.y + disc.radius <= figure.height


def test_labels_do_not_overlap_and_are_large_enough_to_read(figure):
    boxes = [box(words) for words in figure.words]
    for one, other in combinations(boxes, 2):
        assert not (
            one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
        )
    assert min(words.size for words in figure.words) >= 6.5
    assert sum(words.text.startswith("Node ") for words in figure.words) >= 20


def test_the_legend_names_the_communities_that_have_colours(figure):
    named = [disc.colour for disc in figure.discs if disc.radius == 3.5]
    assert named == [*COMMUNITIES, REST][: len(named)]
    assert any("60 nodes, 60 links" in words.text for words in figure.words)


def test_links_take_the_mixed_colours_of_their_ends_and_the_strongest_are_drawn():
    graph = nx.Graph()
    for name, community in (("a", 0), ("b", 1), ("c", 0)):
        graph.add_node(name, **node(name, community=community, x=float(ord(name)), y=0.0))
    graph.add_edge("a", "b", **link(1))
    graph.add_edge("a", "c", **link(9))
    weak, strong = draw_figure(view_of(graph)).lines
    assert strong.colour == COMMUNITIES[0]
    assert weak.colour not in COMMUNITIES
    assert weak.width < strong.width


def test_of_many_links_the_strongest_are_drawn(monkeypatch):
    monkeypatch.setattr(figure_module, "MOST_LINKS", 8)
    graph = place(ring(30))
    figure = draw_figure(view_of(graph))
    assert len(figure.lines) == 8
    assert any("the 8 strongest of 30 links" in words.text for words in figure.words)


@pytest.mark.parametrize(
    "view", [small_view, nasty_view, lambda: view_of(nx.Graph()), lambda: view_of(nx.path_graph(2))]
)
def test_any_graph_is_drawn(view):
    assert draw_figure(view()).height > 0
