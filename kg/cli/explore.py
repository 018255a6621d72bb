"""Commands that look at a built graph: show, links, papers, export, mcp."""

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import networkx as nx
import typer

from exports.files import atomic_write
from exports.references import REFERENCES, references
from kg import project as steps
from kg.analysis.card import node_card
from kg.api import open_project
from kg.cli.identity import paper_card
from kg.cli.options import (
    DEFAULT,
    SHOWN,
    All,
    Folder,
    NodeName,
    Number,
    Project,
    Since,
    Until,
    app,
    open_store,
    parse_numbers,
    parse_types,
    say,
)
from kg.cli.render import (
    card_lines,
    cut,
    evidence_lines,
    kind_lines,
    link_lines,
    paper_line,
    rest_line,
    strong_lines,
)
from kg.cli.terminal import warn
from kg.errors import UnknownFormatError, UnknownNodeError
from kg.graph.assemble import read_around, read_links
from kg.graph.filters import Filters, find_stored, has_backbone
from kg.graph.strength import strongest_data_links, strongest_links
from kg.graph.view import EvidenceLength
from kg.records import Paper
from kg.storage.store import Store

__all__ = ["export_command", "links_command", "mcp_command", "papers_command", "show_command"]


@app.command(
    "show",
    epilog="Examples: kg show BERT · kg show KITTI --since 2020 --papers · kg show arXiv:1706.03762",
)
def show_command(  # noqa: PLR0913 - one parameter an option
    node: NodeName,
    project: Project = DEFAULT,
    number: Number = SHOWN,
    since: Since = None,
    until: Until = None,
    *,
    papers: Annotated[
        bool,
        typer.Option("--papers", help="With what is evaluated, compared or used, the papers."),
    ] = False,
    everything: All = False,
) -> None:
    """Show a node: its type, its names and why they are one thing, its links and its papers; or a paper, by any of its ids.

    With years, only what papers of these years evaluate on it, compare with it or use.
    """
    most = None if everything else number
    with open_store(project) as store:
        try:
            name = find_stored(store, node)
        except UnknownNodeError:
            if (found := store.records.paper(node)) is None:
                raise
            say("\n".join(paper_card(store, found)))
            return
        graph = read_around(store, name)
        say(_headline(graph.nodes[name]))
        for merge in store.graph.merges({name}):
            because = f"{merge.rule}: {merge.detail}" + (f" [{merge.paper}]" if merge.paper else "")
            say(f"  also {merge.surface!r}  ({because})")
        sections = node_card(store, name, since, until)
        said = {paper for part in sections for one in part.nodes for _, paper in one.papers}
        titles = {one.id: one for one in store.papers(said)} if papers else {}
        source = _introduced(store, graph.nodes[name])
        _say_all(card_lines(_kinds(store, graph.nodes[name]), sections, source, most, titles))
        if since is not None or until is not None:
            return
        links = _strongest(graph, name)
        _say_all(["", "links:", *link_lines(graph, cut(links, most))])
        _say_all(rest_line("links", len(links), most))
        for paper in islice(store.graph.marked_papers({name}), most):
            _say_all(evidence_lines(paper, paper.sentences[:2]))
        _say_all(rest_line("papers", graph.nodes[name]["papers"], most))


def _headline(data: Mapping[str, Any]) -> str:
    years = f", {data['first_year']}-{data['last_year']}" if "first_year" in data else ""
    counts = f"{data['papers']} papers, {data['mentions']} mentions{years}"
    community = f"community {data['community']} ({data['community_name']})"
    return f"{data['label']}  [{data['type']}]  {counts}, {community}"


def _kinds(store: Store, data: Mapping[str, Any]) -> list[str]:
    """Return the labels of the nearest broader nodes of a node."""
    return [label for _, label in store.graph.node_values(("label",), data.get("kind_of", ()))]


def _introduced(store: Store, data: Mapping[str, Any]) -> Paper | None:
    """Return the paper that introduces a node, if one does."""
    name = data.get("introduced_by")
    return None if name is None else next(store.papers([name]), None)


def _strongest(graph: nx.Graph, node: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the links of a node, those of most papers first."""
    return sorted(graph[node].items(), key=lambda link: (-link[1]["papers"], link[1]["q"], link[0]))


def _say_all(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)


@app.command("links", epilog="Examples: kg links -n 200 · kg links BERT · kg links BERT SQuAD")
def links_command(
    node: Annotated[
        str | None, typer.Argument(help="A node's id, label or alias [default: all nodes].")
    ] = None,
    other: Annotated[
        str | None, typer.Argument(help="A second node: show the sentences that link the two.")
    ] = None,
    project: Project = DEFAULT,
    number: Annotated[
        int | None, typer.Option("--number", "-n", min=1, help="How many to show [default: all].")
    ] = None,
) -> None:
    """Show the strongest links of the whole graph, a node's links, or the evidence of one link."""
    with open_store(project) as store:
        if node is None:
            _show_strongest(store, number or SHOWN)
            return
        one = find_stored(store, node)
        if other is not None:
            _show_evidence(store, one, find_stored(store, other), number)
            return
        graph = read_around(store, one)
        links = _strongest(graph, one)
        _say_all([*link_lines(graph, cut(links, number)), *rest_line("links", len(links), number)])


def _show_strongest(store: Store, number: int) -> None:
    _, total = store.graph.size()
    for heading, links in (
        ("strongest links:", strongest_links(store, number)),
        ("datasets and benchmarks of the same papers:", strongest_data_links(store, SHOWN)),
    ):
        if links:
            _say_all([heading, *strong_lines(read_links(store, links), links), ""])
    say(f"of {total:,} links; -n sets how many are shown")


def _show_evidence(store: Store, one: str, two: str, number: int | None) -> None:
    graph = read_links(store, [(one, two)])
    labels = graph.nodes[one]["label"], graph.nodes[two]["label"]
    if not graph.has_edge(one, two):
        message = f"no paper mentions both {labels[0]} and {labels[1]}"
        raise UnknownNodeError(message)
    link = graph[one][two]
    say(
        f"{labels[0]} — {labels[1]}: {link['papers']} papers, {link['sentences']} of them in one sentence"
    )
    _say_all(kind_lines(graph, one, two))
    say(
        f"association {link['association']:.2f} times what chance gives, npmi {link['npmi']:.2f}, q {link['q']:.2g}"
    )
    papers = (paper for paper in store.graph.marked_papers({one, two}) if len(paper.nodes) > 1)
    for paper in islice(papers, number):
        both = [s for s in paper.sentences if len({node for *_, node in s.spans}) > 1]
        _say_all(evidence_lines(paper, both or paper.sentences))
    _say_all(rest_line("papers", link["papers"], number))


@app.command(
    "papers",
    epilog="Examples: kg papers BERT · kg papers BERT -o bert.bib · kg papers BERT -o bert.ris",
)
def papers_command(
    node: NodeName,
    project: Project = DEFAULT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a .bib, .ris or .csv file instead.")
    ] = None,
) -> None:
    """List the papers that mention a node, newest first, or write them as references."""
    with open_store(project, output) as store:
        found = [one.paper for one in store.graph.marked_papers({find_stored(store, node)})]
    found.sort(key=lambda paper: (-(paper.year or 0), paper.id))
    if output is None:
        _say_all(map(paper_line, found))
        return
    form = output.suffix.lower().lstrip(".")
    if form not in REFERENCES:
        message = f"unknown format {output.suffix!r}; one of .bib .ris .csv"
        raise UnknownFormatError(message)
    with atomic_write(output) as stream:
        stream.write(references(found, form))
    say(f"{len(found):,} papers: {output}")


@app.command(
    "export",
    epilog="Examples: kg export kg-out -o part.graphml --types method,dataset · kg export kg-out -o bert.html --around BERT --hops 2",
)
def export_command(  # noqa: PLR0913, PLR0917 - one parameter an option
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The file; its suffix tells the format.")
    ],
    folder: Folder = None,
    project: Project = DEFAULT,
    types: Annotated[str | None, typer.Option(help="Types to keep, comma-separated.")] = None,
    min_papers: Annotated[
        int, typer.Option(min=1, help="Keep nodes of at least so many papers.")
    ] = 1,
    min_link: Annotated[
        int, typer.Option(min=1, help="Keep links of at least so many papers.")
    ] = 1,
    since: Annotated[
        int | None, typer.Option(help="Keep what was mentioned in this year or later.")
    ] = None,
    until: Annotated[
        int | None, typer.Option(help="Keep what was mentioned in this year or before.")
    ] = None,
    around: Annotated[str | None, typer.Option(help="Keep the surroundings of this node.")] = None,
    hops: Annotated[int, typer.Option(min=1, help="How many links away, with --around.")] = 1,
    backbone: Annotated[
        float | None, typer.Option(min=0, max=1, help="Keep links with q at most this.")
    ] = None,
    communities: Annotated[
        str | None,
        typer.Option(help="Communities to keep, by number, comma-separated (see kg communities)."),
    ] = None,
    max_nodes: Annotated[
        int | None, typer.Option(min=1, help="Keep so many nodes, those of most papers.")
    ] = None,
    max_links: Annotated[
        int | None, typer.Option(min=1, help="Keep so many links, the most significant.")
    ] = None,
    *,
    linked: Annotated[
        bool, typer.Option("--linked", help="Leave out nodes without a link.")
    ] = False,
    evidence: Annotated[
        EvidenceLength | None,
        typer.Option(
            help="How much of the best evidence of each link: whole sentences, about 160 characters, or none [default: full; in .graphml and .gexf short up to 100,000 links, beyond none].",
            show_default=False,
        ),
    ] = None,
    cooccurrence: Annotated[
        bool,
        typer.Option(
            "--cooccurrence", help="Write the matrix of papers that mention both, a .csv."
        ),
    ] = False,
) -> None:
    """Write the graph of a project, or a part of it, in another format."""
    filters = Filters(
        types=parse_types(types),
        min_papers=min_papers,
        min_link=min_link,
        since=since,
        until=until,
        around=around,
        hops=hops,
        backbone=backbone,
        communities=parse_numbers(communities),
        max_nodes=max_nodes,
        max_links=max_links,
        linked=linked,
    )
    graph, written, cautions = steps.export(
        folder or project, output, filters, evidence=evidence, cooccurrence=cooccurrence
    )
    if not has_backbone(graph, filters):
        warn(f"no link has q at most {backbone:g}: all are kept")
    for caution in cautions:
        warn(caution)
    say(f"{len(graph):,} nodes, {graph.number_of_edges():,} links: {', '.join(map(str, written))}")


@app.command("mcp", epilog="Example: kg mcp kg-out")
def mcp_command(folder: Folder = None, project: Project = DEFAULT) -> None:
    """Answer an assistant's questions about the graph, by the Model Context Protocol over standard input and output."""
    from kg.servers.mcp import serve  # noqa: PLC0415 - an extra

    serve(open_project(folder or project))
