"""Commands that ask the whole graph: trends, communities, compare, gaps, report, evaluate."""

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import networkx as nx
import typer

from exports.records import write_records
from kg import project as steps
from kg.analysis.compare import Change, ChangeKind, Side, compare
from kg.analysis.gaps import Gap, back_test, find_gaps
from kg.analysis.matrix import KINDS, Cell, find_matrix
from kg.analysis.trends import Course, Trend, find_trends
from kg.cli.identity import duplicate_lines, methods_paragraph
from kg.cli.options import (
    DEFAULT,
    SHOWN,
    Folder,
    Jobs,
    Level,
    Number,
    Project,
    Records,
    Since,
    Types,
    Until,
    app,
    open_store,
    parse_types,
    say,
)
from kg.cli.render import bars, matrix_lines
from kg.corpus import read_papers
from kg.graph.assemble import place, read_graph
from kg.graph.communities import Community, describe_communities
from kg.graph.filters import Filters, filter_graph
from kg.resolution.interpretation import LeftOut
from pipelines import evaluate as evaluation

__all__ = [
    "communities_command",
    "compare_command",
    "evaluate_command",
    "gaps_command",
    "matrix_command",
    "report_command",
    "trends_command",
]
SHOWN_OF_COMMUNITIES = ("label", "type", "papers", "community", "community_name", "betweenness")
SHOWN_OF_MATRIX = ("label", "type", "papers", "evaluated", "uses")
"""The attributes that these commands read."""


@app.command(
    "trends",
    epilog="Examples: kg trends · kg trends kg-out --since 2015 --types method · kg trends kg-out -o trends.csv",
)
def trends_command(  # noqa: PLR0913, PLR0917 - one parameter an option
    folder: Folder = None,
    project: Project = DEFAULT,
    since: Since = None,
    until: Until = None,
    types: Types = None,
    min_papers: Annotated[
        int, typer.Option(min=1, help="Test nodes and links of at least so many papers.")
    ] = 5,
    level: Level = 0.05,
    number: Number = SHOWN,
    output: Records = None,
) -> None:
    """Show which nodes and links rise and fade, against the growth of the whole corpus."""
    with open_store(folder or project, output) as store:
        found = find_trends(
            store, since=since, until=until, min_papers=min_papers, types=parse_types(types)
        )
    if output is not None:
        write_records([*found.nodes, *found.links], Trend, output)
        say(f"{len(found.nodes):,} nodes, {len(found.links):,} links: {output}")
        return
    say(
        f"{sum(found.years.values()):,} papers, {min(found.years)}-{max(found.years)}; {len(found.nodes):,} nodes and {len(found.links):,} links of at least {min_papers} papers tested"
    )
    say(
        f"early: up to {found.middle}, late: after it, each in papers of a thousand; shown: q at most {level:g}"
    )
    for what, tested in (("nodes", found.nodes), ("links", found.links)):
        for kind in Course:
            chosen = [
                one
                for one in tested
                if one.kind is kind and (one.q <= level or kind is Course.PEAKED)
            ]
            by = "of highest growth of late" if kind is Course.RISING else "most significant"
            if kind is Course.RISING:
                chosen.sort(key=lambda one: -one.growth)
            say(
                f"\n{kind} {what}: {len(chosen)}"
                + (f", the {number} {by}" if len(chosen) > number else "")
            )
            if chosen:
                say("  papers    early     late        q  course")
            for one in chosen[:number]:
                say(
                    f"  {one.papers:>6} {one.early:>8.1f} {one.late:>8.1f} {one.q:>8.1g}  {bars(one.course):<10}  {one.label}"
                    + ("" if one.other else f" [{one.type}]")
                )


@app.command(
    "communities",
    epilog="Examples: kg communities · kg communities kg-out --backbone 0.05 · kg communities kg-out -o communities.csv",
)
def communities_command(
    folder: Folder = None,
    project: Project = DEFAULT,
    backbone: Annotated[
        float | None, typer.Option(min=0, max=1, help="Of the links with q at most this.")
    ] = None,
    number: Number = SHOWN,
    output: Records = None,
) -> None:
    """Show the communities, named by their strongest nodes, and the bridges between them: nodes that most shortest ways lead through."""
    with open_store(folder or project, output) as store:
        graph = read_graph(store, SHOWN_OF_COMMUNITIES if backbone is None else None)
    if backbone is not None:
        graph = place(filter_graph(graph, Filters(backbone=backbone, linked=True)))
    found = describe_communities(graph)
    if output is not None:
        write_records(found, Community, output)
        say(f"{len(found):,} communities: {output}")
        return
    alone = len(graph) - sum(one.nodes for one in found)
    say(
        f"{len(found):,} communities of two nodes or more, {alone:,} nodes alone"
        + (f"; the {number} largest:" if len(found) > number else ":")
    )
    say("    no   nodes  links  to others  name")
    for one in found[:number]:
        say(f"  {one.number:>4} {one.nodes:>7,} {one.links:>6,} {one.outside:>10,}  {one.name}")
    bridges = sorted(
        (node for node in graph if len(_joined(graph, node)) > 1),
        key=lambda node: (-graph.nodes[node]["betweenness"], node),
    )
    say("\nbridges, by the share of shortest ways that lead through them:")
    for node in bridges[:number]:
        say(
            f"  {graph.nodes[node]['betweenness']:>7.4f}  {graph.nodes[node]['label']} [{graph.nodes[node]['type']}]  joins communities {', '.join(_joined(graph, node)[:5])}"
        )


def _joined(graph: nx.Graph, node: str) -> list[str]:
    """Return the communities of a node's neighbours, each with its links, most first."""
    counts = Counter(graph.nodes[other]["community"] for other in graph[node])
    return [
        f"{community} ({links})"
        for community, links in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


PERIOD = re.compile(r"(\d{4})(?:(-)(\d{4})?)?")


@app.command(
    "compare",
    epilog="Examples: kg compare 2010-2015 2016-2020 · kg compare 2019 2020- -p kg-out · kg compare last-year/kg-out kg-out -o changes.csv",
)
def compare_command(  # noqa: PLR0913, PLR0917 - one parameter an option
    first: Annotated[
        str,
        typer.Argument(
            metavar="A", help="A folder or store, or years of the project: 2015, 2010-2015, 2016-."
        ),
    ],
    second: Annotated[
        str, typer.Argument(metavar="B", help="What to compare with it, of the same kind.")
    ],
    project: Project = DEFAULT,
    types: Types = None,
    min_papers: Annotated[
        int,
        typer.Option(
            min=1, help="Compare nodes and links of at least so many papers, both sides together."
        ),
    ] = 3,
    level: Level = 0.05,
    number: Number = SHOWN,
    output: Records = None,
) -> None:
    """Show which nodes and links are new, gone, grown or shrunk between two projects or two periods."""
    with ExitStack() as stack:
        found = compare(
            *_sides(stack, first, second, project, output),
            min_papers=min_papers,
            types=parse_types(types),
        )
    if output is not None:
        write_records([*found.nodes, *found.links], Change, output)
        say(f"{len(found.nodes):,} nodes, {len(found.links):,} links: {output}")
        return
    shared = found.after - found.own
    say(f"A: {found.before:,} papers, B: {found.after:,} papers" + _told_shared(found.own, shared))
    say(
        f"{len(found.nodes):,} nodes and {len(found.links):,} links of at least {min_papers} papers; grown and shrunk: q at most {level:g}"
    )
    for what, changes in (("nodes", found.nodes), ("links", found.links)):
        for kind in (ChangeKind.NEW, ChangeKind.GONE, ChangeKind.GROWN, ChangeKind.SHRUNK):
            certain = kind in {ChangeKind.NEW, ChangeKind.GONE} or not found.own
            chosen = [one for one in changes if one.kind is kind and (certain or one.q <= level)]
            say(
                f"\n{kind} {what}: {len(chosen):,}"
                + (f", the {number} most significant" if len(chosen) > number else "")
            )
            for one in chosen[:number]:
                say(
                    f"  {one.before:>6,} → {one.after:<6,} q {one.q:<8.2g} {one.label}"
                    + ("" if one.other else f" [{one.type}]")
                )


def _told_shared(own: int, shared: int) -> str:
    if not own:
        return ", all of A too: compared by counts, without a test"
    return f", {shared:,} of them of A too: tested is what the others mention" if shared else ""


def _sides(
    stack: ExitStack, first: str, second: str, project: Path, output: Path | None
) -> tuple[Side, Side]:
    """Open what two words of the command line name: two projects, or two periods of one."""
    periods = [None if Path(word).exists() else PERIOD.fullmatch(word) for word in (first, second)]
    if periods[0] is None or periods[1] is None:
        if periods[0] or periods[1]:
            message = (
                f"{first} and {second}: expected two projects or two periods such as 2010-2015"
            )
            raise typer.BadParameter(message)
        before, after = (
            stack.enter_context(open_store(Path(word), output)) for word in (first, second)
        )
        return Side(store=before), Side(store=after)
    store = stack.enter_context(open_store(project, output))
    spans = [
        (int(start), int(end) if end else None if dash else int(start))
        for start, dash, end in (period.groups() for period in periods if period)
    ]
    one, other = (Side(store=store, since=since, until=until) for since, until in spans)
    return one, other


@app.command(
    "gaps",
    epilog="Examples: kg gaps · kg gaps kg-out --split 2022 · kg gaps kg-out -n 200 -o gaps.csv",
)
def gaps_command(
    folder: Folder = None,
    project: Project = DEFAULT,
    split: Annotated[
        int | None, typer.Option(help="Back-test with what was known up to this year.")
    ] = None,
    min_papers: Annotated[
        int, typer.Option(min=1, help="Pair nodes of at least so many papers.")
    ] = 3,
    number: Number = 20,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write the pairs to this .csv or .json instead."),
    ] = None,
) -> None:
    """Show methods and datasets or benchmarks never mentioned together but likely, and how often such pairs came true."""
    with open_store(folder or project, output) as store:
        test = back_test(store, split=split, min_papers=min_papers)
        found = find_gaps(store, min_papers=min_papers, number=number)
    say(
        f"back-test: known up to {test.split}; of {test.pairs:,} pairs {test.came:,} were mentioned together later"
    )
    say(
        f"of the best {test.tried}: {test.hits} came; by popularity {test.popular}, by popularity of late {test.lately}, by chance {test.chance:.1f}"
    )
    if output is not None:
        write_records(found, Gap, output)
        say(f"{len(found):,} pairs: {output}")
        return
    for one in found:
        say(f"  {one.score:>7.3f}  {one.label} [{one.type}]  through {', '.join(one.shared)}")


def _say_left_out(left_out: Sequence[LeftOut]) -> None:
    """Say what became no node, rule by rule, most papers first."""
    say(f"names left out: {len(left_out):,}")
    for rule in sorted({one.rule for one in left_out}):
        names = [one for one in left_out if one.rule == rule]
        say(f"  {rule}: {len(names):,}")
        for one in names[:20]:
            say(f"    {one.name} ({one.papers} papers)" + (f": {one.detail}" if one.detail else ""))


@app.command(
    "matrix",
    epilog="Examples: kg matrix · kg matrix --kind uses -n 20 · kg matrix kg-out -o matrix.csv",
)
def matrix_command(
    folder: Folder = None,
    project: Project = DEFAULT,
    kind: Annotated[
        str, typer.Option(help="What to count papers of: evaluated, uses, or papers (any).")
    ] = "evaluated",
    number: Number = SHOWN,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write every pair to this .csv or .json instead."),
    ] = None,
) -> None:
    """Show which methods are evaluated on which datasets and benchmarks, in how many papers."""
    if kind not in KINDS:
        message = f"{kind!r}: expected one of {', '.join(KINDS)}"
        raise typer.BadParameter(message)
    with open_store(folder or project, output) as store:
        found = find_matrix(read_graph(store, SHOWN_OF_MATRIX), kind=kind)
    if output is not None:
        write_records(found.cells, Cell, output)
        say(f"{len(found.cells):,} pairs of a method and data: {output}")
        return
    say(
        f"{len(found.methods):,} methods and {len(found.data):,} datasets and benchmarks; papers by {kind}"
    )
    for line in matrix_lines(found, number):
        say(line)


@app.command("report", epilog="Example: kg report")
def report_command(folder: Folder = None, project: Project = DEFAULT) -> None:
    """Say what a reader should check: dropped terms, doubtful merges, short forms left apart, nodes of uncertain type, papers without a node."""
    found = steps.report(folder or project)
    if not found.current:
        say(
            "read by another version of kg or of its libraries: kg build without an input reads the papers again"
        )
    say("\n".join(duplicate_lines(found)))
    say(f"papers without a node: {found.empty} of {found.papers}")
    _say_left_out(found.report.left_out)
    say(f"merges that rest on one paper's definition: {len(found.report.single)}")
    for merge in found.report.single[:40]:
        say(f"  {merge.node}: {merge.surface!r} by {merge.detail!r} [{merge.paper}]")
    say(f"short forms left apart where no paper defines them: {len(found.report.apart)}")
    for short, long_forms in found.report.apart[:40]:
        say(f"  {short}: {', '.join(long_forms[:5])}")
    say(f"nodes whose type vote was close: {len(found.report.close)}")
    for node, votes in found.report.close[:40]:
        say(f"  {node}: " + ", ".join(f"{kind} {papers}" for kind, papers in votes))
    say(f"\nfor a methods section:\n{methods_paragraph(found)}")


@app.command(
    "evaluate",
    epilog="Examples: kg evaluate gold.jsonl papers.jsonl · kg evaluate gold.jsonl --mentions mentions.jsonl",
)
def evaluate_command(
    gold: Annotated[
        Path,
        typer.Argument(
            help='Annotations, a JSON line a paper: {"id", "e": [["M", name, alias…], …]}, or with roles: ["M", "N", name, …].'
        ),
    ],
    inputs: Annotated[
        list[str] | None,
        typer.Argument(metavar="[INPUT]...", help="The annotated papers, to be read now."),
    ] = None,
    mentions: Annotated[
        Path | None, typer.Option(help="What kg extract wrote of them, instead.")
    ] = None,
    jobs: Jobs = None,
) -> None:
    """Score the names found against annotations: precision, recall and F1, together and by type; roles and certainty."""
    wanted = evaluation.read_gold(gold)
    if mentions is not None:
        found = evaluation.read_predicted(mentions)
    elif inputs:
        pairs = steps.extract_papers(read_papers(inputs), jobs=jobs)
        found = {paper.id: evaluation.named(extraction) for paper, extraction in pairs}
    else:
        message = "give the annotated papers, or --mentions"
        raise typer.BadParameter(message)
    say(evaluation.table(evaluation.evaluate(wanted, found)))
    if any(entity.roles for entities in wanted.values() for entity in entities):
        say(evaluation.roles_table(evaluation.figures(wanted, found)))
