"""The graph for an assistant, asked by the protocol's own client."""

import asyncio
import json
import sys

import pytest
from records import fill

import kg
from kg.servers.mcp import MAX_ENTRIES, TOOLS, make_server
from kg.storage.store import Store

mcp = pytest.importorskip("mcp")


@pytest.fixture(name="project", scope="module")
def _project(tmp_path_factory):
    path = tmp_path_factory.mktemp("project") / "kg.duckdb"
    with Store(path) as store:
        fill(store)
    return kg.open_project(path)


def ask(server, *calls):
    """What each call, a tool's name with its arguments, answers."""

    async def conversation():
        async with mcp.Client(server) as client:
            tools = await client.list_tools()
            answers = [await client.call_tool(name, arguments) for name, arguments in calls]
            return tools.tools, answers

    return asyncio.run(conversation())


def content(answer):
    assert not answer.is_error, answer.content
    return json.loads(answer.content[0].text)


def test_every_tool_is_offered_as_read_only_with_a_description(project):
    tools, _ = ask(make_server(project))
    assert [tool.name for tool in tools] == [tool.__name__ for tool in TOOLS]
    assert all(tool.description and tool.annotations.read_only_hint for tool in tools)
    assert "project" not in str([tool.input_schema for tool in tools])


def test_a_node_its_links_and_its_evidence(project):
    link = max(project.links(), key=lambda row: row["sentences"])
    one, two = link["source"], link["target"]
    _, answers = ask(
        make_server(project),
        ("find_nodes", {"text": "bert"}),
        ("show_node", {"name": one}),
        ("show_evidence", {"name": one, "other": two}),
        ("list_papers", {"name": one, "limit": 1}),
        ("find_path", {"source": one, "target": two}),
    )
    found, node, evidence, papers, path = map(content, answers)
    assert found["nodes"][0]["label"] == "BERT"
    assert {row["id"] for row in node["links"]} == set(project.graph[one])
    assert all("q" in row for row in node["links"])
    assert evidence["q"] == link["q"]
    assert all(row["paper"] and row["sentence"] for row in evidence["sentences"])
    assert len(papers["papers"]) == 1 < papers["total"]
    assert [row["id"] for row in path["path"]] == [one, two]
    assert path["steps"][0]["sentences"]


def test_an_unknown_name_is_an_error_that_says_what_is_near(project):
    _, (answer,) = ask(make_server(project), ("show_node", {"name": "BERTT"}))
    assert answer.is_error
    assert "BERTT" in answer.content[0].text


def test_answers_are_bounded_whatever_is_asked(project):
    _, (answer,) = ask(make_server(project), ("find_nodes", {"text": "", "limit": 10**9}))
    assert len(content(answer)["nodes"]) <= MAX_ENTRIES


def test_the_command_answers_over_standard_input_and_output(project):
    server = mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "kg", "mcp", str(project.path)]
    )
    _, (answer,) = ask(server, ("find_nodes", {"text": "GLUE"}))
    assert content(answer)["total"] >= 1
