"""The matrix has the papers of each pair, and of each node on its diagonal."""

import networkx as nx
import pandas as pd
import pytest
from graphs import link, node, view_of
from records import small_view

from exports.cooccurrence import MOST_NODES, write_cooccurrence
from kg.errors import ExportError


def test_pandas_reads_a_symmetric_matrix_of_papers(tmp_path):
    view = small_view()
    write_cooccurrence(view, tmp_path / "matrix.csv")
    matrix = pd.read_csv(tmp_path / "matrix.csv", index_col=0)
    assert list(matrix.index) == list(matrix.columns)
    assert (matrix.to_numpy() == matrix.to_numpy().T).all()
    assert (
        matrix.loc["generative adversarial network", "generative adversarial network"]
        == view.graph.nodes["generative-adversarial-network"]["papers"]
    )
    assert matrix.loc["BERT", "GLUE"] == view.graph.edges["bert", "glue"]["papers"]
    off = matrix.to_numpy().sum() - sum(papers for _, papers in view.graph.nodes(data="papers"))
    assert off == 2 * sum(papers for *_, papers in view.graph.edges(data="papers"))


def test_the_first_cell_is_empty_and_labels_differ(tmp_path):
    graph = nx.Graph()
    graph.add_node("gan", **node("GAN"))
    graph.add_node("gan-2", **node("GAN"))
    graph.add_edge("gan", "gan-2", **link(3))
    write_cooccurrence(view_of(graph), tmp_path / "matrix.csv")
    assert (tmp_path / "matrix.csv").read_text(encoding="utf-8-sig") == (
        ',"GAN (gan)","GAN (gan-2)"\n"GAN (gan)",1,3\n"GAN (gan-2)",3,1\n'
    )


def test_another_suffix_and_too_many_nodes_are_refused(tmp_path):
    with pytest.raises(ExportError, match=r"a co-occurrence matrix is a \.csv"):
        write_cooccurrence(small_view(), tmp_path / "matrix.xlsx")
    graph = nx.empty_graph(MOST_NODES + 1)
    with pytest.raises(ExportError, match=r"5,001 nodes; a matrix holds 5,000 at most"):
        write_cooccurrence(view_of(graph), tmp_path / "matrix.csv")
    assert list(tmp_path.iterdir()) == []
