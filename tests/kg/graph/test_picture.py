"""What a picture of a large graph draws: the nodes of most papers, kept together."""

import networkx as nx
from records import ring

from kg.graph.assemble import place
from kg.graph.picture import picture, picture_nodes


def field(islets):
    """A hub of ten papers with forty neighbours of one paper, and pairs of nodes of one paper that only name each other."""
    graph = nx.Graph()
    graph.add_node("hub", papers=10)
    for n in range(40):
        graph.add_node(f"leaf{n:02}", papers=1)
        graph.add_edge("hub", f"leaf{n:02}", papers=1)
    for n in range(islets):
        for side in "ab":
            graph.add_node(f"islet{n:02}{side}", papers=1)
        graph.add_edge(f"islet{n:02}a", f"islet{n:02}b", papers=1)
    return graph


def test_of_equally_many_papers_those_linked_with_what_is_drawn_come_first():
    assert picture_nodes(field(30), 21) == ["hub", *(f"leaf{n:02}" for n in range(20))]


def test_islets_fill_what_room_the_main_part_leaves():
    kept = picture_nodes(field(30), 45)
    assert len([node for node in kept if node.startswith("leaf")]) == 40
    assert [node for node in kept if node.startswith("islet")] == [
        "islet00a", "islet00b", "islet01a", "islet01b",
    ]  # fmt: skip


def test_a_node_linked_with_nothing_drawn_gives_its_place_to_the_next():
    graph = field(0)
    graph.add_node("lonely", papers=5)
    graph.add_node("zfar", papers=1)
    graph.add_edge("lonely", "zfar", papers=1)
    assert "lonely" not in picture_nodes(graph, 10)
    assert "lonely" in picture_nodes(graph, 43)


def test_the_part_is_laid_out_anew_and_keeps_the_communities_of_the_whole():
    whole = place(ring(60))
    part = picture(whole, 30)
    assert len(part) == 30
    assert all(part.nodes[node]["community"] == whole.nodes[node]["community"] for node in part)
    assert any(part.nodes[node]["x"] != whole.nodes[node]["x"] for node in part)
    assert picture(whole, 30).nodes(data=True) == part.nodes(data=True)
