"""The Cypher script, read back by a parser of the Cypher language that we did not write."""

import json
import re

import networkx as nx
import pytest
from graphs import nasty_view, node, view_of, views
from hypothesis import Phase, given, settings
from records import small_view

from exports.columns import unique_ids
from exports.cypher import ROWS, generate_cypher, write_cypher
from exports.files import one_line

antlr4 = pytest.importorskip(
    "antlr4", reason="the parser of Cypher (antlr4-cypher) is not installed"
)
antlr4_cypher = pytest.importorskip(
    "antlr4_cypher", reason="the parser of Cypher (antlr4-cypher) is not installed"
)
ErrorListener = pytest.importorskip("antlr4.error.ErrorListener").ErrorListener


class Strict(ErrorListener):
    """Makes an error of what the parser only reports."""

    def syntaxError(self, recognizer, symbol, line, column, message, error):  # noqa: ARG002, D102, N802 - the parser's names
        pytest.fail(f"{line}:{column}: {message}")


def statements(view):
    return [one for one in "".join(generate_cypher(view)).splitlines() if one.startswith("UNWIND")]


def tree_of(statement):
    """The syntax tree of a statement."""
    lexer = antlr4_cypher.CypherLexer(antlr4.InputStream(statement.removesuffix(";")))
    parser = antlr4_cypher.CypherParser(antlr4.CommonTokenStream(lexer))
    for one in (lexer, parser):
        one.removeErrorListeners()
        one.addErrorListener(Strict())
    return parser.script()


def rows(statement):
    """The rows of an UNWIND statement as the parser sees them."""
    return value(tree_of(statement))


def value(tree):
    """The value that the first literal under a part of a syntax tree stands for."""
    kind = type(tree).__name__
    if kind == "ListLitContext":
        chain = tree.expressionChain()
        return [] if chain is None else [value(one) for one in chain.expression()]
    if kind == "MapLitContext":
        return {
            pair.name().getText().strip("`"): value(pair.expression()) for pair in tree.mapPair()
        }
    if kind == "StringLitContext":
        return re.sub(r"\\(.)", r"\1", tree.getText()[1:-1])
    if tree.getChildCount() == 0 or not set('[{"') & set(tree.getText()):
        return json.loads(tree.getText())
    return next(value(child) for child in tree.getChildren() if set('[{"') & set(child.getText()))


def read(view):
    """The rows of all nodes (with their label), links and papers."""
    nodes, links, papers = [], [], []
    for one in statements(view):
        if "MENTIONED_WITH" in one:
            links += rows(one)
        elif "(p:Paper" in one:
            papers += rows(one)
        else:
            nodes += [row | {"of": re.search(r"n:(\w+);$", one).group(1)} for row in rows(one)]
    return nodes, links, papers


def test_nodes_links_and_papers_are_merged(tmp_path):
    view = small_view()
    write_cypher(view, tmp_path / "graph.cypher")
    text = (tmp_path / "graph.cypher").read_text(encoding="utf-8")
    assert text.count(";\n") == text.count("\n") - 2
    nodes, links, papers = read(view)
    assert {row["id"]: {key: v for key, v in row.items() if key != "id"} for row in nodes} == {
        name: {k: v for k, v in data.items() if v != []} | {"of": data["type"].capitalize()}
        for name, data in view.graph.nodes(data=True)
    }
    assert links[0] == {
        "source": "bert", "target": "generative-adversarial-network",
        "values": view.graph.edges["bert", "generative-adversarial-network"] | {"evidence": "BERT and GANs. — A survey (2020)", "evidence_paper": "p3"},
    }  # fmt: skip
    assert papers[0] == {
        "id": "p1", "values": {"title": "BERT", "venue": "naacl", "url": "https://example.org/1", "year": 2018}, "nodes": ["bert", "glue", "squad"],
    }  # fmt: skip


def test_every_statement_is_cypher():
    for one in "".join(generate_cypher(nasty_view())).splitlines():
        if one.startswith("UNWIND"):
            tree_of(one)


def test_many_rows_are_several_statements():
    graph = nx.Graph()
    graph.add_nodes_from((f"n{number:04}", node()) for number in range(2 * ROWS + 1))
    assert [one.count("id: ") - 1 for one in statements(view_of(graph))] == [ROWS, ROWS, 1]


def test_a_node_of_another_type_is_other_and_an_odd_name_is_quoted():
    graph = nx.Graph()
    graph.add_node("a", label="A", type="law", **{"odd `name`": 1, "ok_1": True})
    (row,) = statements(view_of(graph))
    assert row.endswith("n:Other;")
    assert "`odd ``name```: 1" in row
    assert "ok_1: true" in row


@settings(max_examples=15, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(views())
def test_any_text_comes_back_clean_and_on_one_line(view):
    nodes, links, papers = read(view)
    ids = dict(zip(view.graph, unique_ids(view.graph), strict=True))
    assert {row["id"]: (row["label"], row["of"]) for row in nodes} == {
        ids[n]: (one_line(d["label"]) or ids[n], d["type"].capitalize())
        for n, d in view.graph.nodes(data=True)
    }
    assert {
        frozenset((row["source"], row["target"])): row["values"]["weight"] for row in links
    } == {
        frozenset(map(ids.get, ends)): weight for *ends, weight in view.graph.edges(data="weight")
    }
    assert [row["values"].get("title", "") for row in papers] == [
        one_line(one.paper.title) for one in view.papers()
    ]


def test_the_same_graph_gives_the_same_bytes():
    assert "".join(generate_cypher(nasty_view())) == "".join(generate_cypher(nasty_view()))
