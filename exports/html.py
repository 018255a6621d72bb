"""The page (.html): one file that shows the graph in a browser, offline, with every sentence that proves a link.

A pyvis ``Network`` is the model; our own template renders it, with the vis-network of pyvis, our styles and scripts, and the
data inside. A Content-Security-Policy forbids every request. Nodes come with their positions, so it draws at once.

The data are columns, not rows: ``graph`` as JSON, ``evidence`` deflated and in base64, read when a panel first needs it.
Evidence is the sentences of whole papers; where two nodes are linked, the page finds the papers that mention both.
To bound the file, papers are kept until each link has three of them and each node six.
"""

import base64
import html
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from markupsafe import Markup
from pyvis.network import Network

from exports.files import atomic_write, blanked, clean
from exports.palette import DARK, LIGHT
from kg.graph.view import GraphView
from kg.records import EntityType, MarkedPaper

__all__ = ["Framed", "render_html", "write_html"]

PAGE = Path(__file__).parent / "page"
SCRIPTS = (
    "data.js",
    "scene.js",
    "draw.js",
    "camera.js",
    "filters.js",
    "list.js",
    "panel.js",
    "walk.js",
    "hover.js",
    "trends.js",
    "legend.js",
    "takeaway.js",
    "address.js",
    "main.js",
)
VIS = "vis-9.1.2/vis-network.min.js"
PAPERS_A_LINK, PAPERS_A_NODE = 3, 6
RECENT_YEARS = 3
DIGITS = 6
"""Of numbers on the page: all of them would double its size."""
NODE_COLUMNS = (
    "label",
    "type",
    "aliases",
    "papers",
    "mentions",
    "first_year",
    "last_year",
    "community",
    "pagerank",
    "x",
    "y",
    "size",
)
LINK_COLUMNS = ("papers", "sentences", "association", "npmi", "q", "first_year", "last_year")


@dataclass(frozen=True, slots=True)
class Framed:
    """A page that a notebook shows where it is the value of a cell."""

    page: str
    height: int
    """In pixels."""

    def _repr_html_(self) -> str:
        """Return the page in a frame of its own: what is in it can neither read nor change the notebook."""
        allowed = "allow-scripts allow-downloads allow-popups"
        style = f"width: 100%; height: {self.height}px; border: 1px solid #8886"
        return f'<iframe srcdoc="{html.escape(self.page)}" sandbox="{allowed}" style="{style}" title="Knowledge graph"></iframe>'


def write_html(view: GraphView, path: Path) -> None:
    """Write the page to a file that appears whole or not at all."""
    page = render_html(view)
    with atomic_write(path) as stream:
        stream.write(page)


def render_html(view: GraphView) -> str:
    """Return the page as text."""
    network = _network(view)
    network.set_template_dir(str(PAGE), "template.html")
    network.templateEnv.autoescape = True
    network.templateEnv.globals.update(
        script=_script(),
        style=Markup((PAGE / "style.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
        evidence=_packed(_evidence(view)),
    )
    network.templateEnv.filters["graph_data"] = lambda nodes, edges: _json(
        _columns(view, nodes, edges)
    )
    page: str = network.generate_html()
    return page


def _network(view: GraphView) -> Network:
    """Return the pyvis model. Its lists are filled directly: ``add_edge`` compares each link with all before it."""
    network = Network(width="100%", height="100%")
    network.toggle_physics(status=False)
    network.nodes = [{"id": node, **data} for node, data in view.graph.nodes(data=True)]
    network.edges = [
        {"from": min(link), "to": max(link), **view.graph.edges[link]} for link in view.graph.edges
    ]
    network.edges.sort(key=lambda edge: (edge["from"], edge["to"]))
    return network


def _script() -> Markup:
    vis = Path(Network.__init__.__globals__["__file__"]).parent / "lib" / VIS
    parts = [vis, *(PAGE / name for name in SCRIPTS)]
    return Markup(  # noqa: S704 - our own scripts
        "\n".join(
            part.read_text(encoding="utf-8").replace("</script", "<\\/script") for part in parts
        )
    )


def _columns(
    view: GraphView, nodes: Sequence[dict[str, object]], edges: Sequence[dict[str, object]]
) -> dict[str, object]:
    number = {str(node["id"]): n for n, node in enumerate(nodes)}
    return {
        "ids": [clean(node) for node in number],
        "nodes": {name: [_value(node.get(name)) for node in nodes] for name in NODE_COLUMNS},
        "sources": [number[str(edge["from"])] for edge in edges],
        "targets": [number[str(edge["to"])] for edge in edges],
        "links": {name: [_value(edge.get(name)) for edge in edges] for name in LINK_COLUMNS},
        "types": [kind.value for kind in EntityType],
        "colours": {
            "light": [LIGHT[kind] for kind in EntityType],
            "dark": [DARK[kind] for kind in EntityType],
        },
        "all": [view.all_nodes, view.all_links],
        "rule": view.rule,
    }


def _value(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    return [clean(str(item)) for item in value] if isinstance(value, list | tuple) else value


def _evidence(view: GraphView) -> dict[str, object]:
    """Return what panels read.

    ``papers``: the kept ones as id, title, year, url, and the sentences with marks (node number, start, end). ``names``: why a name is
    its node's, as node number, name, rule, paper, detail. ``years``: for each node year, count, year, count, ... over all its papers.
    ``recent``: since which year papers are recent, how many of the dated papers are, and of each link.
    """
    number = {node: n for n, node in enumerate(view.graph)}
    time = _Time(view)
    papers = [_paper(paper, number) for paper in _kept(time.counted(view.papers()), view)]
    names = [
        [number[one.node], clean(one.surface), one.rule, clean(one.paper), clean(one.detail)]
        for one in view.merges()
        if one.node in number
    ]
    return {"papers": papers, "names": names, "years": time.years(), "recent": time.recent()}


class _Time:
    """Counts the papers of nodes by year, and the recent ones of links, while they pass."""

    def __init__(self, view: GraphView) -> None:
        lasts = [year for _, year in view.graph.nodes(data="last_year") if year is not None]
        self.since = max(lasts, default=0) - RECENT_YEARS + 1
        self._papers: Counter[int] = Counter()
        self._nodes: dict[str, Counter[int]] = {node: Counter() for node in view.graph}
        self._links: Counter[frozenset[str]] = Counter(
            {frozenset(link): 0 for link in sorted(view.graph.edges)}
        )

    def counted(self, papers: Iterable[MarkedPaper]) -> Iterator[MarkedPaper]:
        """Yield the papers, counting those that have a year."""
        for paper in papers:
            if (year := paper.paper.year) is not None:
                self._count(year, [node for node in paper.nodes if node in self._nodes])
            yield paper

    def _count(self, year: int, named: Sequence[str]) -> None:
        self._papers[year] += 1
        for node in named:
            self._nodes[node][year] += 1
        if year >= self.since:
            self._links.update(
                pair for one in combinations(named, 2) if (pair := frozenset(one)) in self._links
            )

    def years(self) -> list[list[int]]:
        """Return year, count, year, count, ... for each node."""
        return [
            [number for pair in sorted(counts.items()) for number in pair]
            for counts in self._nodes.values()
        ]

    def recent(self) -> dict[str, object]:
        """Return the figures of the last years, the links in the page's order."""
        ends = sorted((min(link), max(link)) for link in self._links)
        papers = sum(count for year, count in self._papers.items() if year >= self.since)
        return {
            "since": self.since,
            "papers": papers,
            "dated": self._papers.total(),
            "links": [self._links[frozenset(link)] for link in ends],
        }


def _kept(papers: Iterable[MarkedPaper], view: GraphView) -> Iterable[MarkedPaper]:
    """Yield papers until each link has its share, and each node."""
    links: Counter[tuple[str, str]] = Counter()
    nodes: Counter[str] = Counter()
    for paper in papers:
        named = [node for node in paper.nodes if node in view.graph]
        pairs = [pair for pair in combinations(named, 2) if view.graph.has_edge(*pair)]
        if any(nodes[node] < PAPERS_A_NODE for node in named) or any(
            links[pair] < PAPERS_A_LINK for pair in pairs
        ):
            nodes.update(named)
            links.update(pairs)
            yield paper


def _paper(paper: MarkedPaper, number: dict[str, int]) -> list[object]:
    text = paper.paper.text
    sentences = []
    for sentence in paper.sentences:
        marks = [
            [number[node], start - sentence.start, end - sentence.start]
            for start, end, node in sentence.spans
            if node in number
        ]
        if marks:
            sentences.append([blanked(text[sentence.start : sentence.end]), marks])
    return [
        clean(paper.paper.id),
        clean(paper.paper.title),
        paper.paper.year,
        paper.paper.url,
        sentences,
    ]


def _packed(value: object) -> Markup:
    raw = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
    return Markup(base64.b64encode(zlib.compress(raw, 9)).decode())  # noqa: S704 - base64 has no markup


def _json(value: object) -> Markup:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(  # noqa: S704 - no tag can end it
        text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    )
