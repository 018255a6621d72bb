"""PDF and PNG are drawn by matplotlib, the same bytes each time; without it, one line says what is missing."""

import sys

import networkx as nx
import pytest
from graphs import nasty_view, view_of
from records import small_view

import exports
from kg.errors import ExportError


@pytest.mark.parametrize(("name", "head"), [("a.pdf", b"%PDF"), ("a.png", b"\x89PNG")])
@pytest.mark.parametrize("view", [small_view, nasty_view, lambda: view_of(nx.Graph())])
def test_a_figure_is_drawn_the_same_each_time(tmp_path, name, head, view):
    pytest.importorskip("matplotlib")
    found = []
    for _ in range(2):
        exports.write(view(), tmp_path / name)
        found.append((tmp_path / name).read_bytes())
    assert found[0].startswith(head)
    assert found[0] == found[1]


def test_without_matplotlib_one_line_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ExportError, match=r"a\.pdf: \.pdf needs matplotlib .*the extra figures"):
        exports.write(small_view(), tmp_path / "a.pdf")
    assert list(tmp_path.iterdir()) == []
