"""The graph for an assistant: a read-only Model Context Protocol server over standard input/output.

Every answer carries its evidence: sentences, paper ids and q. Answers are bounded: a list holds at
most ``MAX_ENTRIES`` entries and gives the total, a sentence has at most ``MAX_SENTENCE``
characters. Needs the extra ``mcp``.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import networkx as nx

from kg import __version__
from kg.analysis.gaps import find_gaps
from kg.analysis.trends import find_trends
from kg.api import Project
from kg.errors import KGError
from kg.names.keys import key
from kg.storage.store import Store

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

__all__ = ["TOOLS", "make_server", "serve"]

MAX_ENTRIES, MAX_SENTENCE = 50, 600
INSTRUCTIONS = (
    "A knowledge graph of the methods, datasets and benchmarks mentioned in a corpus of research "
    "abstracts. A link means that papers mention both ends; q is its false discovery rate against "
    "chance. Quote sentences with their paper ids. Names may be ids, labels or aliases; find_nodes "
    "searches them."
)
Answer = dict[str, Any]


def find_nodes(project: Project, text: str, limit: int = 10) -> Answer:
    """Search for nodes whose label or alias contains a text; exact names first, then by papers."""
    wanted = key(text)
    found = []
    for node, data in project.graph.nodes(data=True):
        names = [key(name) for name in (data["label"], *data["aliases"])]
        if any(wanted in name for name in names):
            found.append((wanted not in names, -data["papers"], node))
    return _bounded(
        "nodes", (_named(project, node) for *_, node in sorted(found)), len(found), limit
    )


def show_node(project: Project, name: str, limit: int = 20) -> Answer:
    """Show a node: type, aliases, papers, years, community, and its links, sorted by papers."""
    node = project.find(name)
    links = sorted(
        project.graph[node].items(), key=lambda link: (-link[1]["papers"], link[1]["q"], link[0])
    )
    rows = ({**_named(project, other), **_link(data)} for other, data in links)
    data = dict(project.graph.nodes[node])
    for attribute in ("x", "y", "size"):
        data.pop(attribute, None)
    data["aliases"] = data["aliases"][:MAX_ENTRIES]
    return {"id": node, **data, **_bounded("links", rows, len(links), limit)}


def show_evidence(project: Project, name: str, other: str | None = None, limit: int = 10) -> Answer:
    """Show sentences that name a node, or link two nodes, with paper ids and the link's q."""
    rows = project.evidence(name, other)
    sentences = (
        {**row, "sentence": row["sentence"][:MAX_SENTENCE], "spans": row["spans"][:MAX_ENTRIES]}
        for row in rows
    )
    answer = _bounded("sentences", sentences, len(rows), limit)
    if other is None:
        return answer
    ends = project.find(name), project.find(other)
    data = project.graph.get_edge_data(*ends)
    return {"linked": data is not None, **(_link(data) if data else {}), **answer}


def list_papers(project: Project, name: str, limit: int = 20) -> Answer:
    """List the papers that mention a node: id, title, year, venue, DOI."""
    rows = project.papers(name)
    kept = (
        {
            field: row[field]
            for field in ("id", "title", "year", "venue", "doi", "url")
            if field in row
        }
        for row in rows
    )
    return _bounded("papers", kept, len(rows), limit)


def find_path(project: Project, source: str, target: str) -> Answer:
    """Find a shortest path between two nodes, with one sentence per step."""
    try:
        path = nx.shortest_path(project.graph, project.find(source), project.find(target))
    except nx.NetworkXNoPath:
        return {"path": [], "steps": []}
    steps = []
    for one, two in pairwise(path):
        proof = show_evidence(project, one, two, limit=1)
        steps.append({"from": one, "to": two, **proof})
    return {"path": [_named(project, node) for node in path], "steps": steps}


def list_trends(project: Project, limit: int = 20, level: float = 0.05) -> Answer:
    """List the nodes whose share of papers rises or falls over the years, with q."""
    with Store(project.path, read_only=True) as store:
        found = [one for one in find_trends(store).nodes if one.q <= level]
    rows = (
        {
            "id": one.id,
            "label": one.label,
            "papers": one.papers,
            "rises": one.rises,
            "q": one.q,
            "early": one.early,
            "late": one.late,
        }
        for one in found
    )
    return _bounded("trends", rows, len(found), limit)


def list_gaps(project: Project, limit: int = 20) -> Answer:
    """List likely pairs of a method and a dataset or benchmark that no paper mentions together."""
    with Store(project.path, read_only=True) as store:
        found = find_gaps(store, number=min(limit, MAX_ENTRIES))
    rows = (
        {
            "method": one.method,
            "data": one.resource,
            "score": one.score,
            "through": list(one.shared),
        }
        for one in found
    )
    return _bounded("gaps", rows, len(found), limit)


TOOLS: tuple[Callable[..., Answer], ...] = (
    find_nodes,
    show_node,
    show_evidence,
    list_papers,
    find_path,
    list_trends,
    list_gaps,
)


def make_server(project: Project) -> "MCPServer":
    """Return an MCP server whose tools read a project.

    Raises:
        KGError: if the package ``mcp`` is not installed.
    """
    try:
        from mcp.server.mcpserver import MCPServer  # noqa: PLC0415 - an extra
        from mcp.types import ToolAnnotations  # noqa: PLC0415 - an extra
    except ImportError as error:
        message = "the package mcp is not installed; install kg-abstracts[mcp]"
        raise KGError(message) from error
    server = MCPServer("kg", version=__version__, instructions=INSTRUCTIONS, log_level="ERROR")
    for tool in TOOLS:
        annotations = ToolAnnotations(read_only_hint=True, open_world_hint=False)
        server.tool(annotations=annotations)(_bind(tool, project))
    return server


def serve(project: Project) -> None:
    """Serve over standard input and output until the input ends."""
    make_server(project).run("stdio")


def _bind(tool: Callable[..., Answer], project: Project) -> Callable[..., Answer]:
    """Bind a tool to a project, keeping the function's name, docstring and other parameters."""
    signature = inspect.signature(tool)

    def call(*values: Any, **named: Any) -> Answer:  # noqa: ANN401 - the tool's own parameters
        from mcp.server.mcpserver.exceptions import ToolError  # noqa: PLC0415 - an extra

        try:
            return tool(project, *values, **named)
        except KGError as error:
            raise ToolError(str(error)) from error

    call.__name__, call.__doc__ = tool.__name__, tool.__doc__
    parameters = [one for name, one in signature.parameters.items() if name != "project"]
    call.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    call.__annotations__ = {
        name: kind for name, kind in tool.__annotations__.items() if name != "project"
    }
    return call


def _bounded(name: str, rows: Iterable[Mapping[str, Any]], total: int, limit: int) -> Answer:
    kept = [dict(row) for _, row in zip(range(max(0, min(limit, MAX_ENTRIES))), rows, strict=False)]
    return {name: kept, "total": total}


def _named(project: Project, node: str) -> Answer:
    data = project.graph.nodes[node]
    return {"id": node, "label": data["label"], "type": data["type"], "papers": data["papers"]}


def _link(data: Mapping[str, Any]) -> Answer:
    wanted = (
        "papers",
        "sentences",
        "association",
        "npmi",
        "q",
        "kind",
        "direction",
        "first_year",
        "last_year",
    )
    return {
        f"link_{name}" if name == "papers" else name: data[name] for name in wanted if name in data
    }
