"""Commands that look at a built graph: show, links, export."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from kg import project as steps
from kg.cli.options import DEFAULT, SHOWN, Project, app, open_store, parse_numbers, parse_types, say
from kg.graph.assemble import read_graph
from kg.graph.filters import Filters, find_node, has_backbone
from kg.records import MarkedPaper

__all__ = ["export_command", "links_command", "show_command"]


@app.command("show", epilog="Example: kg show BERT")
def show_command(
    node: Annotated[str, typer.Argument(help="A node's id, label or alias.")],
    project: Project = DEFAULT,
) -> None:
    """Show a node: its type, its names and why they are one thing, its links and its papers."""
    with open_store(project) as store:
        graph = read_graph(store)
        name = find_node(graph, node)
        data = graph.nodes[name]
        years = f", {data['first_year']}-{data['last_year']}" if "first_year" in data else ""
        say(
            f"{data['label']}  [{data['type']}]  {data['papers']} papers, {data['mentions']} mentions{years}, community {data['community']} ({data['community_name']})"
        )
        for merge in store.graph.merges({name}):
            because = f"{merge.rule}: {merge.detail}" + (f" [{merge.paper}]" if merge.paper else "")
            say(f"  also {merge.surface!r}  ({because})")
        near = sorted(
            graph[name].items(), key=lambda item: (-item[1]["papers"], item[1]["q"], item[0])
        )
        for other, link in near[:SHOWN]:
            say(
                f"  {link['papers']:>4}  {graph.nodes[other]['label']} [{graph.nodes[other]['type']}]  q {link['q']:.2g}"
            )
        for paper in _first(store.graph.marked_papers({name})):
            say(f"\n{paper.paper.title} ({paper.paper.year or 'no year'}) [{paper.paper.id}]")
            for sentence in paper.sentences[:2]:
                say(f"  {_marked(paper, sentence.start, sentence.end, sentence.spans)}")


@app.command("links", epilog="Examples: kg links BERT · kg links BERT SQuAD")
def links_command(
    node: Annotated[str, typer.Argument(help="A node's id, label or alias.")],
    other: Annotated[
        str | None, typer.Argument(help="A second node: show the sentences that link the two.")
    ] = None,
    project: Project = DEFAULT,
) -> None:
    """Show a node's links, or the evidence of one link."""
    with open_store(project) as store:
        graph = read_graph(store)
        one = find_node(graph, node)
        if other is None:
            for neighbour, link in sorted(
                graph[one].items(), key=lambda item: (-item[1]["papers"], item[1]["q"], item[0])
            ):
                data = graph.nodes[neighbour]
                say(
                    f"{link['papers']:>5} papers  {link['sentences']:>5} in one sentence  q {link['q']:<8.2g}  {data['label']} [{data['type']}]"
                )
            return
        two = find_node(graph, other)
        if not graph.has_edge(one, two):
            say(
                f"no paper mentions both {graph.nodes[one]['label']} and {graph.nodes[two]['label']}"
            )
            return
        link = graph[one][two]
        say(
            f"{graph.nodes[one]['label']} — {graph.nodes[two]['label']}: {link['papers']} papers, {link['sentences']} of them in one sentence"
        )
        say(
            f"association {link['association']:.2f} times what chance gives, npmi {link['npmi']:.2f}, q {link['q']:.2g}"
        )
        for paper in store.graph.marked_papers({one, two}):
            if len(paper.nodes) > 1:
                say(f"\n{paper.paper.title} ({paper.paper.year or 'no year'}) [{paper.paper.id}]")
                both = [
                    sentence
                    for sentence in paper.sentences
                    if len({mark[2] for mark in sentence.spans}) > 1
                ]
                for sentence in both or paper.sentences:
                    say(f"  {_marked(paper, sentence.start, sentence.end, sentence.spans)}")


def _first(papers: Iterator[MarkedPaper]) -> Iterator[MarkedPaper]:
    for _, paper in zip(range(SHOWN), papers, strict=False):
        yield paper


def _marked(
    paper: MarkedPaper, start: int, end: int, marks: tuple[tuple[int, int, str], ...]
) -> str:
    """Return a sentence with its marked names in brackets."""
    text, out, place = paper.paper.text, "", start
    for first, last, _ in marks:
        out += f"{text[place:first]}[{text[first:last]}]"
        place = last
    return " ".join((out + text[place:end]).split())


@app.command(
    "export",
    epilog="Examples: kg export kg-out -o part.graphml --types method,dataset · kg export kg-out -o bert.html --around BERT --hops 2",
)
def export_command(  # noqa: PLR0913, PLR0917 - one parameter an option
    project: Annotated[
        Path,
        typer.Argument(metavar="DIR_OR_STORE", help="The output folder of a build, or its store."),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The file; its suffix tells the format.")
    ],
    types: Annotated[str | None, typer.Option(help="Types to keep, commas between.")] = None,
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
        typer.Option(help="Communities to keep, by number, commas between (see kg communities)."),
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
    graph, written = steps.export(project, output, filters)
    if not has_backbone(graph, filters):
        sys.stderr.write(f"kg: no link has q at most {backbone:g}: all are kept\n")
    say(f"{len(graph):,} nodes, {graph.number_of_edges():,} links: {', '.join(map(str, written))}")
