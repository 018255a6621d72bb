"""Which part of a graph is shown or written: one mechanism for the page and for every format.

A filter never changes a count: a link that stays has the statistics of the whole corpus. Years keep what was
mentioned between them: nodes and links whose first and last year overlap the span.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial

import networkx as nx

from kg.errors import UnknownNodeError
from kg.graph.picture import MOST_DRAWN, draws_all, picture
from kg.graph.view import GraphView
from kg.names.keys import key
from kg.records import EntityType
from kg.resolution.thesaurus import digest
from kg.storage.graph_tables import NameRow
from kg.storage.store import Store

__all__ = [
    "Filters",
    "filter_graph",
    "find_node",
    "find_stored",
    "has_backbone",
    "page_rule",
    "page_view",
    "view",
]

NEAR, MOST_SLIPS, LIKE = 5, 2, 0.7
"""How many names an error offers; how much longer or shorter than what was asked, and how like it (as difflib has it)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What to keep; the defaults keep everything."""

    types: frozenset[EntityType] | None = None
    min_papers: int = 1
    min_link: int = 1
    since: int | None = None
    until: int | None = None
    around: str | None = None
    """A node by id, label or alias: keep what is within ``hops`` links of it."""
    hops: int = 1
    backbone: float | None = None
    """Keep links whose q is at most this; where no link is significant, all stay."""
    communities: frozenset[int] | None = None
    """Keep these communities of the whole graph, by number."""
    linked: bool = False
    """Leave out nodes to which no link is left."""
    max_nodes: int | None = None
    """Keep so many nodes: most papers first, then highest pagerank, then by id."""
    max_links: int | None = None
    """Keep so many links: lowest q first, then most papers, then highest association, then by ids."""

    def rule(self, part: nx.Graph | None = None) -> str:
        """Return what is kept, in words; '' if everything is. Of a part that is kept, it tells where no link was significant."""
        none = "" if part is None or has_backbone(part, self) else " (all, as there is none)"
        parts = [
            self.types is not None and "types " + ", ".join(sorted(self.types)),
            self.min_papers > 1 and f"nodes of at least {self.min_papers} papers",
            self.min_link > 1 and f"links of at least {self.min_link} papers",
            self.since is not None and f"since {self.since}",
            self.until is not None and f"until {self.until}",
            self.around is not None and f"within {self.hops} links of {self.around}",
            self.backbone is not None and f"links with q at most {self.backbone:g}{none}",
            self.communities is not None
            and f"communities {', '.join(map(str, sorted(self.communities)))}",
            self.linked and "nodes with a link",
            self.max_nodes is not None and f"the {self.max_nodes} nodes of most papers",
            self.max_links is not None and f"their {self.max_links} most significant links",
        ]
        return "; ".join(part for part in parts if part)


def has_backbone(part: nx.Graph, filters: Filters) -> bool:
    """Tell whether a part that filters keep has a significant link, where the filters ask for such."""
    return filters.backbone is None or any(q <= filters.backbone for *_, q in part.edges(data="q"))


def find_node(graph: nx.Graph, name: str) -> str:
    """Return the id of the node of this id, label or alias.

    Raises:
        UnknownNodeError: if there is none; the message names the nearest labels.
    """
    if name in graph:
        return name
    rows = [(n, d["label"], d["aliases"], d["papers"]) for n, d in graph.nodes(data=True)]
    found = _named(rows, key(name))
    if found is None:
        raise _unknown(rows, name)
    return found


def find_stored(store: Store, name: str) -> str:
    """Return the id of the node of this id, label or alias in a linked store, without reading its graph.

    Raises:
        UnknownNodeError: if there is none; the message names the nearest labels.
    """
    wanted = key(name)
    rows = store.graph.names(wanted[:1]) if wanted else ()
    found = next((n for (n,) in store.graph.node_values((), [name])), None) or _named(rows, wanted)
    if found is None:
        raise _unknown(list(store.graph.names()), name)
    return found


def _named(rows: Iterable[NameRow], wanted: str) -> str | None:
    """Return the node with a name of this key: first by label, then that of most papers."""
    found = [
        (key(label) == wanted, papers, node)
        for node, label, aliases, papers in rows
        if wanted and wanted in map(key, (label, *aliases))
    ]
    return max(found)[-1] if found else None


def _unknown(rows: Iterable[NameRow], name: str) -> UnknownNodeError:
    near = _near(rows, key(name))
    return UnknownNodeError(
        f"no node is called {name!r}" + (f"; near it: {', '.join(near)}" if near else "")
    )


def _near(rows: Iterable[NameRow], wanted: str) -> list[str]:
    """Return up to five labels like a key: those of most papers that contain it, then those that differ by a slip."""
    if not wanted:
        return []
    by_key: dict[str, tuple[int, str]] = {}
    for _, label, _, papers in rows:
        name = key(label)
        by_key[name] = max(by_key.get(name, (0, "")), (papers, label))
    holding = sorted((-papers, label) for name, (papers, label) in by_key.items() if wanted in name)
    alike = [name for name in by_key if abs(len(name) - len(wanted)) <= MOST_SLIPS]
    slips = get_close_matches(wanted, sorted(alike), NEAR, LIKE)
    labels = [label for _, label in holding] + [by_key[name][1] for name in slips]
    return list(dict.fromkeys(labels))[:NEAR]


def filter_graph(graph: nx.Graph, filters: Filters) -> nx.Graph:
    """Return the part of a graph that the filters keep; the graph itself is not touched."""
    nodes = [node for node, data in graph.nodes(data=True) if _keeps_node(filters, data)]
    part = (
        graph if len(nodes) == len(graph) else graph.subgraph(nodes)
    )  # a subgraph asks of each link whether it has both ends
    links = [
        (s, t)
        for s, t, data in part.edges(data=True)
        if data["papers"] >= filters.min_link and _in_years(filters, data)
    ]
    if filters.backbone is not None:
        strong = [(s, t) for s, t in links if graph[s][t]["q"] <= filters.backbone]
        links = strong or links
    if filters.around is not None:
        middle = find_node(graph, filters.around)
        near = nx.Graph(links)
        near.add_node(middle)
        nodes = [node for node in nx.ego_graph(near, middle, radius=filters.hops) if node in graph]
    if filters.max_nodes is not None:
        nodes = sorted(
            nodes,
            key=lambda node: (-graph.nodes[node]["papers"], -graph.nodes[node]["pagerank"], node),
        )[: filters.max_nodes]
    kept = frozenset(nodes)
    links = [(s, t) for s, t in links if s in kept and t in kept]
    if filters.max_links is not None:
        links = sorted(links, key=lambda link: _strength(graph, link))[: filters.max_links]
    if filters.linked:
        kept = frozenset(end for link in links for end in link)
    return _copy(graph, sorted(kept), links)


def _strength(graph: nx.Graph, link: tuple[str, str]) -> tuple[float, int, float, str, str]:
    data = graph.edges[link]
    return data["q"], -data["papers"], -data["association"], min(link), max(link)


def _copy(graph: nx.Graph, nodes: list[str], links: list[tuple[str, str]]) -> nx.Graph:
    part = nx.Graph()
    part.add_nodes_from((node, dict(graph.nodes[node])) for node in nodes)
    part.add_edges_from(
        (*link, dict(graph.edges[link]))
        for link in sorted((min(link), max(link)) for link in links)
    )
    return part


def _keeps_node(filters: Filters, data: dict[str, object]) -> bool:
    papers = data["papers"]
    return (
        (filters.types is None or EntityType(str(data["type"])) in filters.types)
        and isinstance(papers, int)
        and papers >= filters.min_papers
        and (filters.communities is None or data["community"] in filters.communities)
        and _in_years(filters, data)
    )


def _in_years(filters: Filters, data: dict[str, object]) -> bool:
    if filters.since is None and filters.until is None:
        return True
    first, last = data.get("first_year"), data.get("last_year")
    if not isinstance(first, int) or not isinstance(last, int):
        return False
    return last >= (filters.since or first) and first <= (filters.until or last)


def view(
    store: Store,
    graph: nx.Graph,
    filters: Filters,
    place: Callable[[nx.Graph], nx.Graph] | None = None,
) -> GraphView:
    """Return what an exporter needs to write the part of a graph that the filters keep.

    Args:
        store: where papers and ledger are read from.
        graph: the whole graph.
        filters: what to keep.
        place: lays the part out anew; None keeps the positions of the whole.
    """
    part = graph if filters == Filters() else filter_graph(graph, filters)
    if place is not None:
        part = place(part)
    nodes = None if len(part) == len(graph) else frozenset(part)
    return GraphView(
        part,
        lambda: store.graph.marked_papers(nodes),
        lambda: store.graph.merges(nodes),
        len(graph),
        graph.number_of_edges(),
        filters.rule(part),
        store.count_papers(),
        digest(store.thesaurus() or ()),
        store.graph.pipeline,
        name=store.title(),
        strata=store.strata(),
    )


def page_view(store: Store, graph: nx.Graph, filters: Filters) -> GraphView:
    """Return what the page needs: all nodes that the filters keep, of which a picture draws the part that matters.

    The communities are those of the whole graph, as the commands tell them.
    """
    shown = view(store, graph, filters)
    if filters == Filters() and draws_all(graph):
        return shown
    most = MOST_DRAWN if filters.max_nodes is None else filters.max_nodes
    return replace(shown, draw=partial(picture, shown.graph, most))


PAGE_PAPERS = 100_000
"""The page holds the sentences of so many papers."""


def page_rule(graph: nx.Graph, papers: int) -> str:
    """Return, in words, what the page of a build draws and what it leaves out; '' where it draws and holds everything."""
    drawn = "" if draws_all(graph) else f"draws {MOST_DRAWN:,} of {len(graph):,} nodes at first"
    left = (
        ""
        if papers <= PAGE_PAPERS
        else f"holds the sentences of {PAGE_PAPERS:,} papers at most, kg serve shows all"
    )
    return "; ".join(part for part in (drawn, left) if part)
