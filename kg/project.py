"""From papers to a graph: the steps composed. The only module that knows pipelines and exports.

corpus -> papers -> mentions -> nodes -> links -> graph -> exports
"""

import functools
import gc
import logging
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import networkx as nx

import exports
import pipelines
from exports.files import refuse_overwriting
from kg.analysis.gaps import find_gaps
from kg.corpus import Inputs, Note, Skipped, read_sources, warn_skipped
from kg.errors import CorpusError, ExportError, StoreError
from kg.graph import filters as kept
from kg.graph.assemble import assemble, keep, laying_out, place, read_graph, set_layout
from kg.graph.filters import Filters, page_rule, view
from kg.graph.strength import Ends, strongest_data_links, strongest_links
from kg.graph.view import EvidenceLength, Findings, GraphView
from kg.records import EntityType, Extraction, Paper
from kg.resolution.resolve import Report, Resolution, resolve
from kg.resolution.standing import Texts
from kg.resolution.termness import LEAST_PAPERS
from kg.resolution.thesaurus import Thesaurus, parse_thesaurus, read_thesaurus
from kg.resolution.usage import Usage
from kg.storage.record_tables import Changes, Duplicate, Tally
from kg.storage.store import Store
from pipelines.cluster import read_partitions

if TYPE_CHECKING:
    from exports.html import Framed

__all__ = [
    "GRAPHML",
    "PAGE",
    "STORE",
    "Built",
    "Health",
    "Observer",
    "Removed",
    "build_graph",
    "build_project",
    "export",
    "extract_papers",
    "open_store",
    "page",
    "page_view",
    "remove",
    "report",
]

T = TypeVar("T")
log = logging.getLogger("kg")
STORE, PAGE, GRAPHML = "kg.duckdb", "graph.html", "graph.graphml"
SAVED = 256
"""Papers in one transaction: what a killed run loses at most."""
STRONGEST = 10
"""So many of the strongest links are told after a build."""
ON_PAGE = 100
"""So many of the strongest links stand on the page."""
LISTED = 200
"""Records that are one with others in a report."""


class Observer:
    """Is told how a build goes on; the command line draws progress with it. This one writes to the log ``kg``."""

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step of so many papers (None: not known)."""
        log.info("%s%s", name, "" if total is None else f" of {total:,} papers")

    def advance(self, count: int = 1) -> None:
        """Count papers done."""

    def skipped(self, what: Skipped) -> None:
        """Hear of a record that was passed over."""
        log.debug("passed over %s: %s", what.location, what.reason)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made."""

    graph: nx.Graph
    papers: int
    extracted: int
    """Papers that had to be read by the pipeline; the others were known."""
    changes: Changes
    tally: Tally
    """How the records in the store became papers."""
    report: Report
    empty: int
    """Papers in which no node was found."""
    page_rule: str
    """What the page shows, in words; '' where it shows everything."""
    skipped: list[Skipped] = field(default_factory=list)
    thesaurus: int | None = None
    """How many lines the thesaurus has that the graph is built with; None for none."""
    noted: list[Note] = field(default_factory=list)
    """How files were understood: their formats, the columns taken, what their papers lack."""
    strongest: list[Ends] = field(default_factory=list)
    """The first of the strongest links."""


def build_graph(  # noqa: PLR0913 - one parameter an option
    inputs: Inputs,
    *,
    output: str | Path | None = None,
    thesaurus: str | Path | None = None,
    nodes: Collection[EntityType] | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    languages: Collection[str] | None = None,
    skipped: Callable[[Skipped], None] | None = None,
) -> nx.Graph:
    """Build the graph of some papers.

    Args:
        inputs: a file, a folder, ``-`` for standard input, or several of them; mappings of fields to values; papers; a
            pandas or polars data frame.
        output: the project's folder, where the store, the page and the GraphML go; None keeps everything in memory.
        thesaurus: the user's file of names to merge, split, retype or drop; without one, that of the last build into ``output``.
        nodes: which types become nodes, by default methods, datasets and benchmarks.
        jobs: processes to read with, by default one per core.
        cluster: the address of a Dask scheduler whose workers read, or ``local``; needs the extra ``cluster``.
        languages: leave out papers that are told to be in another language than these (ISO 639-1), such as ``["en"]``; none
            at all leaves out none, and None keeps to the last build into ``output``.
        skipped: is told of every record or file that is passed over, with its place and the reason. Without it a warning
            tells how many there were.

    Returns:
        A plain ``networkx.Graph``; ``kg.graph.assemble`` documents its attributes.

    Raises:
        KGError: if the input, the thesaurus or the output is not what it should be.

    >>> graph = build_graph("examples/papers.jsonl")  # doctest: +SKIP
    """
    built = build_project(
        inputs,
        None if output is None else Path(output),
        thesaurus=thesaurus,
        nodes=nodes,
        jobs=jobs,
        cluster=cluster,
        languages=languages,
    )
    if skipped is None:
        warn_skipped(built.skipped)
    else:
        for what in built.skipped:
            skipped(what)
    return built.graph


def build_project(  # noqa: PLR0913 - one parameter an option
    inputs: Inputs,
    output: Path | None,
    *,
    thesaurus: str | Path | None = None,
    forget_thesaurus: bool = False,
    nodes: Collection[EntityType] | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    input_format: str | None = None,
    languages: Collection[str] | None = None,
    title: str | None = None,
    observer: Observer | None = None,
) -> Built:
    """Build a project's graph: as ``build_graph``, but tell an observer, and return all that a summary needs.

    Without inputs the papers are those that the project has. Without ``thesaurus`` that of the last build is kept, unless it is to
    be forgotten; so are the types of ``nodes`` and the ``title``, which the page shows as the name of the corpus ('' for none).
    """
    watch = observer or Observer()
    names = read_thesaurus(Path(thesaurus)) if thesaurus is not None else None
    skipped, noted = list[Skipped](), list[Note]()

    def skip(what: Skipped) -> None:
        skipped.append(what)
        watch.skipped(what)

    with Store(_store_path(output, new=not _is_nothing(inputs))) as store:
        watch.step("reading papers")
        changes = Changes()
        if not _is_nothing(inputs):
            came = read_sources(inputs, format=input_format, skipped=skip, noted=noted.append)
            changes = store.records.add(_counted(came, output, watch), languages=languages)
            store.records.save_skipped(
                (_as_text(what.location), _as_text(what.reason)) for what in skipped
            )
        elif languages is not None:
            store.records.add((), languages=languages)
        _refuse_none(store)
        if names is not None or forget_thesaurus:
            store.save_thesaurus(None if names is None else names.written)
        _keep_choices(store, nodes, title)
        extracted = extract_pending(store, watch, jobs, cluster)
        report = link(store, watch)
        graph, rule = _make_files(store, output, watch)
        papers = store.count_papers()
        return Built(
            graph,
            papers,
            extracted,
            changes,
            store.records.tally(),
            report,
            papers - len(store.graph.paper_sizes()),
            rule,
            skipped,
            None if (lines := store.thesaurus()) is None else len(lines),
            noted,
            strongest_links(store, STRONGEST),
        )


def _keep_choices(store: Store, nodes: Collection[EntityType] | None, title: str | None) -> None:
    """Keep what a build chose, for the builds after it; None keeps to the last one."""
    if nodes is not None:
        store.save_node_types(nodes)
    if title is not None:
        store.save_title(title)


def extract_papers(
    papers: Iterable[Paper], *, jobs: int | None = None
) -> Iterator[tuple[Paper, Extraction]]:
    """Yield each paper with what the pipeline finds in it, in order."""
    ahead: list[Paper] = []

    def texts() -> Iterator[str]:
        for paper in papers:
            ahead.append(paper)
            yield paper.text

    for found in pipelines.extract(texts(), jobs=jobs):
        yield ahead.pop(0), found


def extract_pending(
    store: Store, watch: Observer, jobs: int | None = None, cluster: str | None = None
) -> int:
    """Read the papers that the pipeline has not read yet, and save what it finds batch by batch; return how many."""
    pipeline = pipelines.fingerprint()
    total = store.count_pending(pipeline)
    if not total:
        return 0
    watch.step("finding names", total)
    papers = store.pending(pipeline)
    for batch in (
        read_partitions(papers, cluster, jobs=jobs)
        if cluster
        else _batches(extract_papers(papers, jobs=jobs))
    ):
        store.save_extractions(pipeline, batch)
        watch.advance(len(batch))
    return total


def _batches(found: Iterator[tuple[Paper, Extraction]]) -> Iterator[list[tuple[Paper, Extraction]]]:
    while batch := list(islice(found, SAVED)):
        yield batch


def link(store: Store, watch: Observer) -> Report:
    """Resolve the names of all papers by the thesaurus that the store keeps, and count the links."""
    papers = store.count_papers()
    with paused_garbage_collection():
        watch.step("resolving names", papers)
        found = with_progress(store.extractions(pipelines.fingerprint()), watch)
        names = _Names(papers, _thesaurus(store))
        store.graph.note_spans(
            (paper, extraction, names.see(paper, extraction)) for paper, extraction in found
        )
        resolution = names.resolve(store.node_types())
        watch.step("linking")
        store.graph.link(resolution, pipelines.fingerprint())
        return resolution.report


class _Names:
    """The names of a corpus as its papers come: how they are used, and how they stand in the texts."""

    def __init__(self, papers: int, thesaurus: Thesaurus | None) -> None:
        """Begin with none of so many papers."""
        self._thesaurus = thesaurus
        self._usage = Usage(thesaurus.said if thesaurus else {})
        self._texts = Texts() if papers >= LEAST_PAPERS else None

    def see(self, paper: Paper, found: Extraction) -> list[int]:
        """Take in a paper, and return the number of each of its entities."""
        if self._texts is not None:
            self._texts.see(paper, found)
        return self._usage.see(paper.id, found, paper.year, paper.title, paper.venue)

    def resolve(self, types: Collection[EntityType]) -> Resolution:
        """Decide what is one thing."""
        return resolve(
            self._usage,
            known=pipelines.known_terms(),
            thesaurus=self._thesaurus,
            types=types,
            judged=pipelines.judged_names(),
            standing=None if self._texts is None else self._texts.count(self._usage.uses),
        )


@contextmanager
def paused_garbage_collection() -> Iterator[None]:
    """Keep the garbage collector from walking through millions of small records again and again: none of them is in a cycle."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def with_progress(items: Iterable[T], watch: Observer) -> Iterator[T]:
    """Yield the items, and tell of them hundred by hundred."""
    for number, item in enumerate(items, 1):
        yield item
        if not number % 100:
            watch.advance(100)


def _thesaurus(store: Store) -> Thesaurus | None:
    lines = store.thesaurus()
    return None if lines is None else Thesaurus.of(lines)


def _make_files(store: Store, output: Path | None, watch: Observer) -> tuple[nx.Graph, str]:
    """Derive the graph of a store whose links were counted, keep it there, and write its files, if there is a folder.

    Return the graph, and in words what the page draws if not all. While a large graph is laid out, the papers of its page are packed.
    """
    watch.step("laying out")
    with paused_garbage_collection():
        graph = assemble(store)
        settle = functools.partial(set_layout, graph, tasks=store.graph.node_tasks())
        with laying_out(graph) as layout:
            if output is not None:
                _write_page(store, graph, lambda: settle(layout()), output / PAGE)
            else:
                settle(layout())
                keep(store, graph)
        if output is None:
            return graph, ""
        watch.step("writing files")
        exports.write(view(store, graph, Filters()), output / GRAPHML)
        return graph, page_rule(graph, store.count_papers())


def _write_page(store: Store, graph: nx.Graph, settle: Callable[[], None], path: Path) -> None:
    """Write the page of a whole graph; the layout is waited for when the papers are packed."""
    shown = page_view(store, graph, Filters())
    draw = shown.draw

    def drawn() -> nx.Graph:
        settle()
        keep(store, graph)  # the store tells what the page says of the whole
        return graph if draw is None else draw()

    exports.write(replace(shown, draw=drawn), path)


def open_store(project: Path, *outputs: Path | None) -> Store:
    """Open the store of a project for reading, and see to it that nothing is written over it or the papers that it was built from.

    Args:
        project: the output folder of a build, or its store.
        outputs: the files that will be written; None stands for no file.

    Raises:
        ExportError: if one of them is the store, or a file that the store's records came from.
        StoreError: if the store cannot be read.
    """
    path = existing_store(project)
    written = [output for output in outputs if output is not None]
    refuse_overwriting(written, [path])
    store = Store(path, read_only=True)
    try:
        around = Path(os.path.abspath(path)).parent.parent  # noqa: PTH100 - as the names were made
        sources = (around / one for one in store.records.sources() if one)
        files = (one for one in sources if one.is_file())
        refuse_overwriting(written, files, "holds papers that the project was built from")
    except BaseException:
        store.close()
        raise
    return store


def page_view(store: Store, graph: nx.Graph, filters: Filters) -> GraphView:
    """Return what the page shows of a store and its graph: what the filters keep, and what the commands tell of the whole."""

    def findings() -> Findings:
        gaps = find_gaps(store)
        return Findings(
            strongest_links(store, ON_PAGE),
            strongest_data_links(store, ON_PAGE),
            [(gap.method, gap.resource, gap.score, gap.shared) for gap in gaps],
        )

    return replace(kept.page_view(store, graph, filters), findings=findings)


class Exported(NamedTuple):
    """What was written."""

    graph: nx.Graph
    paths: tuple[Path, ...]
    cautions: tuple[str, ...]
    """What a user should know of the files, a line each."""


def export(
    project: Path,
    target: Path,
    filters: Filters,
    *,
    evidence: EvidenceLength | None = None,
    cooccurrence: bool = False,
) -> Exported:
    """Write the part of a project's graph that the filters keep.

    Args:
        project: the output folder of a build, or its store.
        target: the file; its suffix tells the format.
        filters: what to keep.
        evidence: how much of the best evidence of a link to write; None leaves it to the format.
        cooccurrence: write the matrix of papers that mention both nodes instead, a .csv.
    """
    targets = (target,) if cooccurrence else exports.written_paths(target)
    with open_store(project, *targets) as store:
        graph = read_graph(store)
        if exports.format_of(target) == ".html":
            shown = page_view(store, graph, filters)
        else:
            shown = view(store, graph, filters, None if filters == Filters() else place)
        shown = replace(shown, evidence=evidence)
        if cooccurrence:
            exports.write_cooccurrence(shown, target)
            return Exported(shown.graph, targets, ())
        exports.write(shown, target)
        return Exported(shown.graph, targets, tuple(exports.cautions(shown, target)))


def page(project: str | Path, filters: Filters | None = None, *, height: int = 720) -> "Framed":
    """Return the page of a project, for a notebook: as the value of a cell it shows itself.

    Args:
        project: the output folder of a build, or its store.
        filters: what to keep; None keeps what the page of a build keeps.
        height: of the frame, in pixels.
    """
    from exports.html import Framed, render_html  # noqa: PLC0415 - loads pyvis, which takes half a second

    with Store(existing_store(Path(project)), read_only=True) as store:
        graph = read_graph(store)
        return Framed(render_html(page_view(store, graph, filters or Filters())), height)


def correct(project: Path, text: str, watch: Observer) -> None:
    """Add lines to the thesaurus of a project, and write its graph and files anew by it; of two lines about one name the new one stands.

    Raises:
        ThesaurusError: if a line is not understood; the project is then as it was.
    """
    added = parse_thesaurus(text, "corrections")
    with Store(existing_store(project)) as store:
        before = _thesaurus(store) or Thesaurus()
        store.save_thesaurus(before.with_lines_of(added).written)
        link(store, watch)
        _make_files(store, existing_store(project).parent, watch)


@dataclass(frozen=True, slots=True)
class Removed:
    """What a removal did."""

    papers: int
    missing: tuple[str, ...]
    """The ids of which there is no paper, in the order given."""


def remove(project: Path, ids: Sequence[str], watch: Observer) -> Removed:
    """Remove papers from a project by any of their ids, and write its files anew, as a build of the others would.

    Raises:
        StoreError: if there is no store, or an id is that of several papers; then nothing is removed.
    """
    path = existing_store(project)
    if not path.exists():
        message = f"{path}: no such store; make one with kg build"
        raise StoreError(message)
    with Store(path) as store:
        removed = Removed(*store.records.remove(ids))
        if removed.papers or not store.graph.linked:
            extract_pending(store, watch)
            link(store, watch)
            _make_files(store, path.parent, watch)
    return removed


@dataclass(frozen=True, slots=True)
class Health:
    """What a reader should check about a project."""

    report: Report
    papers: int
    empty: int
    """Papers in which no node was found."""
    current: bool
    """Whether the pipeline that read the papers is the one of this kg."""
    tally: Tally
    duplicates: tuple[Duplicate, ...]
    """The first records that are one with others."""
    skipped: tuple[tuple[str, int], ...]
    """Why the last build passed over records, and how many, most first."""
    sources: tuple[tuple[str, int], ...]
    """The files that gave records, and how many each."""
    counts: tuple[int, int]
    """How many nodes and links the graph has."""
    thesaurus: int
    """How many lines the thesaurus has; 0 for none."""
    types: tuple[EntityType, ...]
    """What becomes a node."""


def report(project: Path) -> Health:
    """Return what a reader should check about a project."""
    with Store(existing_store(project), read_only=True) as store:
        papers = store.count_papers()
        with paused_garbage_collection():
            names = _Names(papers, _thesaurus(store))
            for paper, found in store.extractions(store.graph.pipeline):
                names.see(paper, found)
            resolution = names.resolve(store.node_types())
        return Health(
            resolution.report,
            papers,
            papers - len(store.graph.paper_sizes()),
            store.graph.pipeline == pipelines.fingerprint(),
            store.records.tally(),
            tuple(islice(store.records.duplicates(), LISTED)),
            tuple(store.records.skipped().items()),
            tuple(store.records.sources().items()),
            store.graph.size(),
            len(store.thesaurus() or ()),
            store.node_types(),
        )


def existing_store(project: Path) -> Path:
    return project / STORE if project.is_dir() else project


def _store_path(output: Path | None, *, new: bool) -> Path | None:
    """Return where the store of a project is, or is to be made if it may be a new one."""
    if not new and not (output and (output / STORE).exists()):
        message = f"no input, and no store in {output}; expected files or folders of papers"
        raise CorpusError(message)
    if output is None:
        return None
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{output}: cannot be made: {error.strerror or error}; expected a folder that can be written to"
        raise ExportError(message) from error
    return output / STORE


def _is_nothing(inputs: Inputs) -> bool:
    """Say whether no input is given; a data frame, or what is read as it comes, is one."""
    return isinstance(inputs, list | tuple) and not inputs


def _counted(
    papers: Iterable[tuple[str, Paper]], output: Path | None, watch: Observer
) -> Iterator[tuple[str, Paper]]:
    """Count papers as they come, and name their files as they lie to the project: both may be moved together."""
    empty = True
    for source, paper in papers:
        empty = False
        watch.advance()
        yield _relative(source, output), paper
    if empty:
        message = "no paper in the input"
        raise CorpusError(message)


@functools.lru_cache(maxsize=1 << 10)
def _relative(source: str, output: Path | None) -> str:
    """Return a file's path as seen from a project's folder."""
    if source and output is not None:
        with suppress(ValueError):  # another drive
            source = Path(os.path.relpath(source, output.parent)).as_posix()
    return _as_text(source)


def _as_text(name: str) -> str:
    """Return a file's name with the bytes that are no text written out."""
    return name.encode("utf-8", "backslashreplace").decode()


def _refuse_none(store: Store) -> None:
    """Refuse to make files of no paper, where all are in languages not asked for."""
    if not store.count_papers():
        wanted = ", ".join(store.records.languages())
        found = ", ".join(
            f"{count:,} {one}" for one, count in store.records.tally().left_out.items()
        )
        message = f"no paper is in the language asked for ({wanted}); found {found}"
        raise CorpusError(message)
