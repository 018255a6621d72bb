"""The command line: arguments in, one call, text out. Results go to standard output, messages to standard error.

Exit codes: 0 done, 1 something is wrong with the input or the output (one line says what), 2 wrong usage.
"""

import re
import sys
import webbrowser
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, TextIO

import networkx as nx
import orjson
import typer

from exports.records import write_records
from kg import project as steps
from kg.analysis.compare import Change, ChangeKind, Side, compare
from kg.analysis.gaps import Gap, back_test, find_gaps
from kg.analysis.trends import Trend, find_trends
from kg.cli.progress import TerminalObserver
from kg.corpus import Skipped, read_papers
from kg.errors import ExportError, KGError
from kg.graph.assemble import place, read_graph
from kg.graph.communities import Community, describe_communities
from kg.graph.filters import Filters, filter_graph, find_node, has_backbone
from kg.records import EntityType, Extraction, MarkedPaper, Paper
from kg.resolution.resolve import Report
from kg.resolution.thesaurus import write_thesaurus
from kg.storage.store import Store
from pipelines import evaluate as evaluation

__all__ = ["app", "main"]

app = typer.Typer(
    name="kg",
    help="From research abstracts to a knowledge graph of methods, datasets and benchmarks.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
DEFAULT = Path("kg-out")
SHOWN = 10
Inputs = Annotated[
    list[str], typer.Argument(metavar="INPUT...", help="Files, folders, or - for standard input.")
]
Project = Annotated[
    Path, typer.Option("--project", "-p", help="The output folder of a build, or its store.")
]
InputFormat = Annotated[
    str | None,
    typer.Option("--format", help="Format of the input where suffix and content do not tell it."),
]
Analysed = Annotated[
    Path,
    typer.Argument(metavar="[DIR_OR_STORE]", help="The output folder of a build, or its store."),
]
Since = Annotated[int | None, typer.Option(help="The first year that counts.")]
Until = Annotated[int | None, typer.Option(help="The last year that counts.")]
Types = Annotated[str | None, typer.Option(help="Types to test, commas between.")]
Level = Annotated[float, typer.Option(min=0, max=1, help="Show what has q at most this.")]
Number = Annotated[int, typer.Option("--number", "-n", min=1, help="Show so many of each kind.")]
Records = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write all that was tested to this .csv or .json instead."),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, help="Processes to read with [default: one a core]."),
]


def main() -> None:
    """Run the command line; every error of kg is one line and exit code 1."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(
            errors="backslashreplace"
        )  # a file's name may be no text, a terminal may lack letters
    try:
        app()
    except KGError as error:
        _fail(str(error))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except KeyboardInterrupt:
        _fail("stopped; what was done is kept, the same command goes on from there")
    except OSError as error:
        _fail(f"{error.filename or 'input or output'}: {error.strerror or error}")


def _fail(message: str) -> None:
    sys.stderr.write(f"kg: {message}\n")
    sys.exit(1)


def _say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")


@app.command(
    "build",
    epilog="Examples: kg build papers.jsonl · kg build abstracts/ more.bib.gz -o field --open · cat papers.jsonl | kg build -",
)
def build_command(  # noqa: PLR0913 - one parameter an option
    inputs: Inputs,
    output: Annotated[Path, typer.Option("--output", "-o", help="The project's folder.")] = DEFAULT,
    thesaurus: Annotated[
        Path | None, typer.Option("--thesaurus", help="Names to merge, split, retype or drop.")
    ] = None,
    input_format: InputFormat = None,
    jobs: Jobs = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            help="Read on the Dask cluster of this scheduler, such as tcp://host:8786, or local."
        ),
    ] = None,
    *,
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the page when it is done.")
    ] = False,
) -> None:
    """Read papers, find what they mention, link it; write graph.html, graph.graphml and the store.

    Run again with more input, only what is new or changed is read.
    """
    with TerminalObserver() as watch:
        built = steps.build_project(
            inputs,
            output,
            thesaurus=thesaurus,
            jobs=jobs,
            cluster=cluster,
            input_format=input_format,
            observer=watch,
        )
    _say(_summary(built, output))
    if open_page:
        webbrowser.open((output / steps.PAGE).resolve().as_uri())


def _summary(built: steps.Built, output: Path) -> str:
    graph, changes = built.graph, built.changes
    types = Counter(str(kind) for _, kind in graph.nodes(data="type"))
    lines = [
        f"{built.papers:,} papers ({changes.added:,} new, {changes.changed:,} changed, {changes.unchanged:,} known"
        + (f", {changes.duplicates:,} twice and counted once)" if changes.duplicates else ")"),
        f"{len(graph):,} nodes: "
        + ", ".join(
            f"{count:,} {kind}s"
            for kind, count in sorted(types.items(), key=lambda item: (-item[1], item[0]))
        ),
        f"{graph.number_of_edges():,} links",
    ]
    links = sorted(
        graph.edges(data=True),
        key=lambda link: (-link[2]["papers"], link[2]["q"], link[0], link[1]),
    )[:SHOWN]
    if links:
        lines += ["", "strongest links:"]
        lines += [
            f"  {data['papers']:>5}  {graph.nodes[one]['label']} — {graph.nodes[two]['label']}"
            for one, two, data in links
        ]
    lines += report_lines(built.report, built.empty)
    lines += _skipped_lines(built.skipped)
    lines += [
        "",
        f"page      {output / steps.PAGE}"
        + (f"  (shows {built.page_rule})" if built.page_rule else ""),
    ]
    lines += [f"GraphML   {output / steps.GRAPHML}", f"store     {output / steps.STORE}"]
    return "\n".join(lines)


def report_lines(report: Report, empty: int) -> list[str]:
    dropped = ", ".join(f"{name} ({papers})" for name, papers in report.generic[:5])
    unused = [f"thesaurus {line} matches nothing" for line in report.unused]
    counts = {
        "papers without a node": empty,
        "merges on one paper's word": len(report.single),
        "nodes of unsure type": len(report.close),
    }
    check = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
    lines = [
        *(
            [f"generic terms left out: {len(report.generic):,}, such as {dropped}"]
            if dropped
            else []
        ),
        *([f"to check with kg report: {check}"] if check else []),
        *unused,
    ]
    return ["", *lines] if lines else []


def _skipped_lines(skipped: list[Skipped]) -> list[str]:
    if not skipped:
        return []
    return [
        "",
        f"{len(skipped):,} skipped:",
        *(f"  {what.place}: {what.reason}" for what in skipped[:5]),
        *(["  …"] if len(skipped) > 5 else []),  # noqa: PLR2004 - a few say enough
    ]


@app.command(
    "extract",
    epilog="Examples: kg extract papers.jsonl > mentions.jsonl · kg extract seed.txt -o mentions.jsonl",
)
def extract_command(
    inputs: Inputs,
    output: Annotated[
        str, typer.Option("--output", "-o", help="A file, or - for standard output.")
    ] = "-",
    input_format: InputFormat = None,
    jobs: Jobs = None,
) -> None:
    """Write what each paper mentions: one JSON line a paper, with types, names and half-open character offsets."""
    skipped: list[Skipped] = []
    papers = read_papers(inputs, format=input_format, skipped=skipped.append)
    with TerminalObserver() as watch, _stream(output) as stream:
        watch.step("finding names")
        for paper, found in steps.extract_papers(papers, jobs=jobs):
            stream.write(_json_line(paper, found))
            watch.advance()
    for what in skipped:
        sys.stderr.write(f"kg: skipped {what.place}: {what.reason}\n")


def _json_line(paper: Paper, found: Extraction) -> str:
    entities = [
        {"type": e.type, "names": e.names, "spans": [(m.start, m.end) for m in e.mentions]}
        for e in found.entities
    ]
    return orjson.dumps({"id": paper.id, "entities": entities}).decode() + "\n"


@contextmanager
def _stream(name: str) -> Iterator[TextIO]:
    if name == "-":
        yield sys.stdout
        return
    try:
        stream = Path(name).open("w", encoding="utf-8")  # noqa: SIM115 - closed below
    except OSError as error:
        message = f"{name}: cannot be written: {error.strerror or error}"
        raise ExportError(message) from error
    with stream:
        yield stream


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
        types=_types(types),
        min_papers=min_papers,
        min_link=min_link,
        since=since,
        until=until,
        around=around,
        hops=hops,
        backbone=backbone,
        communities=_numbers(communities),
        max_nodes=max_nodes,
        max_links=max_links,
        linked=linked,
    )
    graph, written = steps.export(project, output, filters)
    if not has_backbone(graph, filters):
        sys.stderr.write(f"kg: no link has q at most {backbone:g}: all are kept\n")
    _say(f"{len(graph):,} nodes, {graph.number_of_edges():,} links: {', '.join(map(str, written))}")


def _types(text: str | None) -> frozenset[EntityType] | None:
    if text is None:
        return None
    try:
        return frozenset(EntityType(name.strip()) for name in text.split(","))
    except ValueError as error:
        message = f"{text!r}: a type is one of {', '.join(EntityType)}"
        raise typer.BadParameter(message) from error


def _numbers(text: str | None) -> frozenset[int] | None:
    if text is None:
        return None
    if not re.fullmatch(r"\s*\d+\s*(,\s*\d+\s*)*", text):
        message = f"{text!r}: communities are given by number, commas between, such as 0,3"
        raise typer.BadParameter(message)
    return frozenset(map(int, text.split(",")))


@app.command("show", epilog="Example: kg show BERT")
def show_command(
    node: Annotated[str, typer.Argument(help="A node's id, label or alias.")],
    project: Project = DEFAULT,
) -> None:
    """Show a node: its type, its names and why they are one thing, its links and its papers."""
    with _open(project) as store:
        graph = read_graph(store)
        name = find_node(graph, node)
        data = graph.nodes[name]
        years = f", {data['first_year']}-{data['last_year']}" if "first_year" in data else ""
        _say(
            f"{data['label']}  [{data['type']}]  {data['papers']} papers, {data['mentions']} mentions{years}, community {data['community']} ({data['community_name']})"
        )
        for merge in store.merges({name}):
            because = f"{merge.rule}: {merge.detail}" + (f" [{merge.paper}]" if merge.paper else "")
            _say(f"  also {merge.surface!r}  ({because})")
        near = sorted(
            graph[name].items(), key=lambda item: (-item[1]["papers"], item[1]["q"], item[0])
        )
        for other, link in near[:SHOWN]:
            _say(
                f"  {link['papers']:>4}  {graph.nodes[other]['label']} [{graph.nodes[other]['type']}]  q {link['q']:.2g}"
            )
        for paper in _first(store.marked_papers({name})):
            _say(f"\n{paper.paper.title} ({paper.paper.year or 'no year'}) [{paper.paper.id}]")
            for sentence in paper.sentences[:2]:
                _say(f"  {_marked(paper, sentence.start, sentence.end, sentence.spans)}")


@app.command("links", epilog="Examples: kg links BERT · kg links BERT SQuAD")
def links_command(
    node: Annotated[str, typer.Argument(help="A node's id, label or alias.")],
    other: Annotated[
        str | None, typer.Argument(help="A second node: show the sentences that link the two.")
    ] = None,
    project: Project = DEFAULT,
) -> None:
    """Show a node's links, or the evidence of one link."""
    with _open(project) as store:
        graph = read_graph(store)
        one = find_node(graph, node)
        if other is None:
            for neighbour, link in sorted(
                graph[one].items(), key=lambda item: (-item[1]["papers"], item[1]["q"], item[0])
            ):
                data = graph.nodes[neighbour]
                _say(
                    f"{link['papers']:>5} papers  {link['sentences']:>5} in one sentence  q {link['q']:<8.2g}  {data['label']} [{data['type']}]"
                )
            return
        two = find_node(graph, other)
        if not graph.has_edge(one, two):
            _say(
                f"no paper mentions both {graph.nodes[one]['label']} and {graph.nodes[two]['label']}"
            )
            return
        link = graph[one][two]
        _say(
            f"{graph.nodes[one]['label']} — {graph.nodes[two]['label']}: {link['papers']} papers, {link['sentences']} of them in one sentence"
        )
        _say(
            f"association {link['association']:.2f} times what chance gives, npmi {link['npmi']:.2f}, q {link['q']:.2g}"
        )
        for paper in store.marked_papers({one, two}):
            if len(paper.nodes) > 1:
                _say(f"\n{paper.paper.title} ({paper.paper.year or 'no year'}) [{paper.paper.id}]")
                both = [
                    sentence
                    for sentence in paper.sentences
                    if len({mark[2] for mark in sentence.spans}) > 1
                ]
                for sentence in both or paper.sentences:
                    _say(f"  {_marked(paper, sentence.start, sentence.end, sentence.spans)}")


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


def _open(project: Path) -> Store:
    return Store(project / steps.STORE if project.is_dir() else project, read_only=True)


@app.command(
    "trends",
    epilog="Examples: kg trends · kg trends kg-out --since 2015 --types method · kg trends kg-out -o trends.csv",
)
def trends_command(  # noqa: PLR0913, PLR0917 - one parameter an option
    project: Analysed = DEFAULT,
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
    with _open(project) as store:
        found = find_trends(
            store, since=since, until=until, min_papers=min_papers, types=_types(types)
        )
    if output is not None:
        write_records([*found.nodes, *found.links], Trend, output)
        _say(f"{len(found.nodes):,} nodes, {len(found.links):,} links: {output}")
        return
    _say(
        f"{sum(found.years.values()):,} papers, {min(found.years)}-{max(found.years)}; {len(found.nodes):,} nodes and {len(found.links):,} links of at least {min_papers} papers tested"
    )
    _say(
        f"early: up to {found.middle}, late: after it, each in papers of a thousand; shown: q at most {level:g}"
    )
    for what, tested in (("nodes", found.nodes), ("links", found.links)):
        for word, rises in (("rising", True), ("fading", False)):
            chosen = [one for one in tested if one.rises is rises and one.q <= level]
            _say(
                f"\n{word} {what}: {len(chosen)}"
                + (f", the {number} most significant" if len(chosen) > number else "")
            )
            if chosen:
                _say("  papers    early     late        q  course")
            for one in chosen[:number]:
                _say(
                    f"  {one.papers:>6} {one.early:>8.1f} {one.late:>8.1f} {one.q:>8.1g}  {_bars(one.course):<10}  {one.label}"
                    + ("" if one.other else f" [{one.type}]")
                )


def _bars(course: tuple[float | None, ...]) -> str:
    """Return a course as a row of bars; a dot where the corpus has no paper."""
    top = max((share for share in course if share is not None), default=0.0) or 1.0
    return "".join(
        "·" if share is None else " ▁▂▃▄▅▆▇█"[round(8 * share / top)] for share in course
    )


@app.command(
    "communities",
    epilog="Examples: kg communities · kg communities kg-out --backbone 0.05 · kg communities kg-out -o communities.csv",
)
def communities_command(
    project: Analysed = DEFAULT,
    backbone: Annotated[
        float | None, typer.Option(min=0, max=1, help="Of the links with q at most this.")
    ] = None,
    number: Number = SHOWN,
    output: Records = None,
) -> None:
    """Show the communities, named by their strongest nodes, and the bridges between them: nodes that most shortest ways lead through."""
    with _open(project) as store:
        graph = read_graph(store)
    if backbone is not None:
        graph = place(filter_graph(graph, Filters(backbone=backbone, linked=True)))
    found = describe_communities(graph)
    if output is not None:
        write_records(found, Community, output)
        _say(f"{len(found):,} communities: {output}")
        return
    alone = len(graph) - sum(one.nodes for one in found)
    _say(
        f"{len(found):,} communities of two nodes or more, {alone:,} nodes alone"
        + (f"; the {number} largest:" if len(found) > number else ":")
    )
    _say("    no   nodes  links  to others  name")
    for one in found[:number]:
        _say(f"  {one.number:>4} {one.nodes:>7,} {one.links:>6,} {one.outside:>10,}  {one.name}")
    bridges = sorted(
        (node for node in graph if len(_joined(graph, node)) > 1),
        key=lambda node: (-graph.nodes[node]["betweenness"], node),
    )
    _say("\nbridges, by the share of shortest ways that lead through them:")
    for node in bridges[:number]:
        _say(
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
            *_sides(stack, first, second, project), min_papers=min_papers, types=_types(types)
        )
    if output is not None:
        write_records([*found.nodes, *found.links], Change, output)
        _say(f"{len(found.nodes):,} nodes, {len(found.links):,} links: {output}")
        return
    shared = found.after - found.own
    _say(f"A: {found.before:,} papers, B: {found.after:,} papers" + _told_shared(found.own, shared))
    _say(
        f"{len(found.nodes):,} nodes and {len(found.links):,} links of at least {min_papers} papers; grown and shrunk: q at most {level:g}"
    )
    for what, changes in (("nodes", found.nodes), ("links", found.links)):
        for kind in (ChangeKind.NEW, ChangeKind.GONE, ChangeKind.GROWN, ChangeKind.SHRUNK):
            certain = kind in {ChangeKind.NEW, ChangeKind.GONE} or not found.own
            chosen = [one for one in changes if one.kind is kind and (certain or one.q <= level)]
            _say(
                f"\n{kind} {what}: {len(chosen):,}"
                + (f", the {number} most significant" if len(chosen) > number else "")
            )
            for one in chosen[:number]:
                _say(
                    f"  {one.before:>6,} → {one.after:<6,} q {one.q:<8.2g} {one.label}"
                    + ("" if one.other else f" [{one.type}]")
                )


def _told_shared(own: int, shared: int) -> str:
    if not own:
        return ", all of A too: compared by counts, without a test"
    return f", {shared:,} of them of A too: tested is what the others mention" if shared else ""


def _sides(stack: ExitStack, first: str, second: str, project: Path) -> tuple[Side, Side]:
    """Open what two words of the command line name: two projects, or two periods of one."""
    periods = [None if Path(word).exists() else PERIOD.fullmatch(word) for word in (first, second)]
    if periods[0] is None or periods[1] is None:
        if periods[0] or periods[1]:
            message = (
                f"{first} and {second}: expected two projects or two periods such as 2010-2015"
            )
            raise typer.BadParameter(message)
        return Side(store=stack.enter_context(_open(Path(first)))), Side(
            store=stack.enter_context(_open(Path(second)))
        )
    store = stack.enter_context(_open(project))
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
    project: Analysed = DEFAULT,
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
    with _open(project) as store:
        test = back_test(store, split=split, min_papers=min_papers)
        found = find_gaps(store, min_papers=min_papers, number=number)
    _say(
        f"back-test: known up to {test.split}; of {test.pairs:,} pairs {test.came:,} were mentioned together later"
    )
    _say(
        f"of the best {test.tried}: {test.hits} came; by popularity {test.popular}, by popularity of late {test.lately}, by chance {test.chance:.1f}"
    )
    if output is not None:
        write_records(found, Gap, output)
        _say(f"{len(found):,} pairs: {output}")
        return
    for one in found:
        _say(f"  {one.score:>7.3f}  {one.label} [{one.type}]  through {', '.join(one.shared)}")


@app.command("thesaurus", epilog="Example: kg thesaurus > names.tsv")
def thesaurus_command(project: Project = DEFAULT) -> None:
    """Write every alias with its label, as a start for a thesaurus of one's own (see kg build --thesaurus)."""
    with _open(project) as store:
        write_thesaurus((row.node for row in store.node_rows()), sys.stdout)


@app.command("remove", epilog="Example: kg remove paper-17 paper-18")
def remove_command(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of papers.")],
    project: Project = DEFAULT,
) -> None:
    """Remove papers from a project and write its files anew, with the thesaurus of the last build."""
    with TerminalObserver() as watch:
        removed = steps.remove(project, ids, watch)
    _say(f"{removed} of {len(ids)} papers removed")


@app.command("report", epilog="Example: kg report")
def report_command(project: Project = DEFAULT) -> None:
    """Say what a reader should check: dropped terms, doubtful merges, short forms left apart, nodes of unsure type, papers without a node."""
    found = steps.report(project)
    _say(f"papers without a node: {found.empty} of {found.papers}")
    _say(
        "generic terms left out: "
        + (", ".join(f"{name} ({papers})" for name, papers in found.report.generic[:40]) or "none")
    )
    _say(f"merges that rest on one paper's definition: {len(found.report.single)}")
    for merge in found.report.single[:40]:
        _say(f"  {merge.node}: {merge.surface!r} by {merge.detail!r} [{merge.paper}]")
    _say(f"short forms left apart where no paper defines them: {len(found.report.apart)}")
    for short, long_forms in found.report.apart[:40]:
        _say(f"  {short}: {', '.join(long_forms[:5])}")
    _say(f"nodes whose type vote was close: {len(found.report.close)}")
    for node, votes in found.report.close[:40]:
        _say(f"  {node}: " + ", ".join(f"{kind} {papers}" for kind, papers in votes))


@app.command(
    "evaluate",
    epilog="Examples: kg evaluate gold.jsonl papers.jsonl · kg evaluate gold.jsonl --mentions mentions.jsonl",
)
def evaluate_command(
    gold: Annotated[
        Path,
        typer.Argument(
            help='Annotations, a JSON line a paper: {"id", "e": [["M", name, alias…], …]}.'
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
    """Score the names found against annotations: precision, recall and F1, together and by type."""
    wanted = evaluation.read_gold(gold)
    if mentions is not None:
        found = evaluation.read_predicted(mentions)
    elif inputs:
        pairs = steps.extract_papers(read_papers(inputs), jobs=jobs)
        found = {paper.id: evaluation.named(extraction) for paper, extraction in pairs}
    else:
        message = "give the annotated papers, or --mentions"
        raise typer.BadParameter(message)
    _say(evaluation.table(evaluation.evaluate(wanted, found)))
