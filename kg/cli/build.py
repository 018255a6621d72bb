"""Commands that read papers: build, extract."""

import sys
import webbrowser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import orjson
import typer

from exports.files import atomic_write, refuse_overwriting
from kg import project as steps
from kg.cli.identity import parse_languages, record_lines
from kg.cli.options import DEFAULT, InputFormat, Inputs, Jobs, app, parse_types, say
from kg.cli.progress import TerminalObserver
from kg.cli.render import strong_lines
from kg.cli.terminal import warn
from kg.corpus import Note, Skipped, read_papers
from kg.records import Extraction, Paper
from kg.resolution.resolve import Report

__all__ = ["build_command", "extract_command", "report_lines"]


@app.command(
    "build",
    epilog="Examples: kg build papers.jsonl · kg build abstracts/ more.bib.gz -o field --open · cat papers.jsonl | kg build -",
)
def build_command(  # noqa: PLR0913, PLR0917 - one parameter an option
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="INPUT...",
            help="Files, folders, or - for standard input [default: the project's own papers].",
        ),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Project folder.")] = DEFAULT,
    thesaurus: Annotated[
        Path | None,
        typer.Option("--thesaurus", help="File of names to merge, split, retype or drop."),
    ] = None,
    nodes: Annotated[
        str | None,
        typer.Option(
            help="Types that become nodes, comma-separated: method, dataset, benchmark, task, metric"
            " [default: those of the last build, or the first three]."
        ),
    ] = None,
    input_format: InputFormat = None,
    jobs: Jobs = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            help="Extract on a Dask cluster: a scheduler address such as tcp://host:8786, or local."
        ),
    ] = None,
    languages: Annotated[
        str | None,
        typer.Option(
            "--language",
            help="Keep only papers in these languages, such as en or en,de"
            " [default: those of the last build, or all].",
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(
            help="Name of the corpus, shown at the head of the page"
            " [default: that of the last build, or of the page's file or folder]."
        ),
    ] = None,
    *,
    no_thesaurus: Annotated[
        bool, typer.Option("--no-thesaurus", help="Drop the last build's thesaurus.")
    ] = False,
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the page in a browser when done.")
    ] = False,
) -> None:
    """Build a graph from papers; write graph.html, graph.graphml and the store kg.duckdb.

    Later builds with more input read only what is new or changed. Without input, kg build finishes
    what an interrupted run left undone.
    """
    with TerminalObserver() as watch:
        built = steps.build_project(
            inputs or [],
            output,
            thesaurus=thesaurus,
            forget_thesaurus=no_thesaurus,
            nodes=parse_types(nodes),
            jobs=jobs,
            cluster=cluster,
            input_format=input_format,
            languages=parse_languages(languages),
            title=title,
            observer=watch,
        )
    say(_summary(built, output))
    if open_page:
        webbrowser.open((output / steps.PAGE).resolve().as_uri())


def _summary(built: steps.Built, output: Path) -> str:
    graph = built.graph
    types = Counter(str(kind) for _, kind in graph.nodes(data="type"))
    lines = [
        *record_lines(built),
        f"{len(graph):,} nodes: "
        + ", ".join(
            f"{count:,} {kind}s"
            for kind, count in sorted(types.items(), key=lambda item: (-item[1], item[0]))
        ),
        f"{graph.number_of_edges():,} links",
    ]
    if built.strongest:
        lines += ["", "strongest links:", *strong_lines(graph, built.strongest)]
    if built.thesaurus is not None:
        lines += [
            "",
            f"thesaurus: {built.thesaurus:,} lines, kept for later builds (see --no-thesaurus)",
        ]
    lines += report_lines(built.report, built.empty)
    lines += _skipped_lines(built.skipped)
    lines += _noted_lines(built.noted)
    lines += [
        "",
        f"page      {output / steps.PAGE}" + (f"  ({built.page_rule})" if built.page_rule else ""),
    ]
    lines += [f"GraphML   {output / steps.GRAPHML}", f"store     {output / steps.STORE}"]
    return "\n".join(lines)


def report_lines(report: Report, empty: int) -> list[str]:
    """Return the summary's lines about dropped names and about what to check."""
    dropped = ", ".join(f"{one.name} ({one.papers})" for one in report.left_out[:5])
    unused = [f"thesaurus {line} matches nothing" for line in report.unused]
    counts = {
        "papers without a node": empty,
        "merges based on one paper": len(report.single),
        "nodes of uncertain type": len(report.close),
    }
    check = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
    lines = [
        *([f"names left out: {len(report.left_out):,}, such as {dropped}"] if dropped else []),
        *([f"to check with kg report: {check}"] if check else []),
        *unused,
    ]
    return ["", *lines] if lines else []


def _noted_lines(noted: list[Note]) -> list[str]:
    """Return the first few notes on how files were read."""
    if not noted:
        return []
    shown = [f"  {one.location}: {one.text}" for one in noted[:5]]
    return ["", "noted:", *shown, *(["  …"] if len(noted) > len(shown) else [])]


def _skipped_lines(skipped: list[Skipped]) -> list[str]:
    if not skipped:
        return []
    return [
        "",
        f"{len(skipped):,} skipped:",
        *(f"  {what.location}: {what.reason}" for what in skipped[:5]),
        *(["  …"] if len(skipped) > 5 else []),  # noqa: PLR2004 - the number shown
    ]


@app.command(
    "extract",
    epilog="Examples: kg extract papers.jsonl > mentions.jsonl · kg extract seed.txt -o mentions.jsonl",
)
def extract_command(
    inputs: Inputs,
    output: Annotated[
        str, typer.Option("--output", "-o", help="Output file, or - for standard output.")
    ] = "-",
    input_format: InputFormat = None,
    jobs: Jobs = None,
) -> None:
    """Write what each paper mentions, as one line of JSON per paper.

    Each entity has a type, names, spans (half-open character offsets), a certainty and a role.
    """
    skipped: list[Skipped] = []
    papers = read_papers(inputs, format=input_format, skipped=skipped.append)
    with TerminalObserver() as watch, _stream(output, inputs) as stream:
        watch.step("finding names")
        for paper, found in steps.extract_papers(papers, jobs=jobs):
            stream.write(_json_line(paper, found))
            watch.advance()
    for what in skipped:
        warn(f"skipped {what.location}: {what.reason}")


def _json_line(paper: Paper, found: Extraction) -> str:
    entities = [
        {
            "type": e.type,
            "names": e.names,
            "spans": [(m.start, m.end) for m in e.mentions],
            "certainty": e.certainty,
            "role": e.role,
        }
        for e in found.entities
    ]
    return orjson.dumps({"id": paper.id, "entities": entities}).decode() + "\n"


@contextmanager
def _stream(name: str, inputs: list[str]) -> Iterator[TextIO]:
    """Open the output: standard output, a device, or a file that appears only once complete."""
    path = Path(name)
    if name == "-":
        yield sys.stdout
    elif path.exists() and not path.is_file() and not path.is_dir():
        with path.open("w", encoding="utf-8") as stream:
            yield stream
    else:
        refuse_overwriting([path], inputs)
        with atomic_write(path) as stream:
            yield stream
