"""The SVG is well-formed, has the texts as texts, and says where it comes from."""

from pathlib import Path

import networkx as nx
import pytest
from graphs import nasty_view, view_of
from lxml import etree
from records import small_view

import exports

SPACE = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("view", [small_view, nasty_view, lambda: view_of(nx.Graph())])
def test_the_file_is_an_svg_with_a_disc_for_each_node(tmp_path, view):
    exports.write(view(), tmp_path / "graph.svg")
    root = etree.parse(tmp_path / "graph.svg").getroot()
    assert root.tag == f"{SPACE}svg"
    assert len(root.findall(f".//{SPACE}circle")) >= len(view().graph)
    assert root.findtext(f"{SPACE}desc").startswith("generator: kg")


def test_texts_are_texts_and_the_same_graph_gives_the_same_bytes(tmp_path):
    one, other = tmp_path / "one.svg", Path(tmp_path, "other.svg")
    for path in (one, other):
        exports.write(small_view(), path)
    assert ">generative adversarial network</text>" in one.read_text(encoding="utf-8")
    assert one.read_bytes() == other.read_bytes()
