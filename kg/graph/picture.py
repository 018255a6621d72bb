"""What a picture of a graph draws at first, and where: the part that matters, kept together.

The nodes that most papers mention come first; of equally many papers, those that are linked most with what is drawn already. So
what remains of the room goes to the main connected part, not to islets that one paper made. A node that is linked with nothing
drawn gives its place to the next one. Their strongest links are what they are laid out by.
"""

import heapq
from collections.abc import Iterable, Iterator

import networkx as nx

from kg.graph.layout import find_positions, node_sizes

__all__ = ["MOST_DRAWN", "draws_all", "picture", "picture_nodes"]

MOST_DRAWN = 2000
LINKS_A_NODE = 4
"""The layout follows so many of a node's strongest links: by all of them, everything would be near everything."""


def draws_all(graph: nx.Graph, most: int = MOST_DRAWN) -> bool:
    """Tell whether a picture draws all nodes."""
    return len(graph) <= most


def picture(graph: nx.Graph, most: int = MOST_DRAWN) -> nx.Graph:
    """Return the part that is drawn of a placed graph, laid out by itself; communities, and all counts, stay those of the whole."""
    nodes = sorted(graph) if draws_all(graph, most) else picture_nodes(graph, most)
    part = nx.Graph()
    part.add_nodes_from((node, dict(graph.nodes[node])) for node in nodes)
    part.add_edges_from(
        (one, other, dict(graph.edges[one, other])) for one, other in _strongest(graph, nodes)
    )
    sizes = dict(
        zip(
            part,
            node_sizes([papers for _, papers in part.nodes(data="papers")]).tolist(),
            strict=True,
        )
    )
    positions = find_positions(part, dict(part.nodes(data="community")), sizes)
    for node, data in part.nodes(data=True):
        data["x"], data["y"] = positions[node]
        data["size"] = round(sizes[node], 3)
    return part


def picture_nodes(graph: nx.Graph, most: int = MOST_DRAWN) -> list[str]:
    """Return the ids of the nodes that a picture draws, sorted."""
    chosen: dict[str, int] = {}
    waiting = _waiting(graph, chosen)
    for node in waiting:
        chosen[node] = len(chosen)
        if len(chosen) >= most:
            break
    alone = [node for node in chosen if not any(other in chosen for other in graph[node])]
    for node in alone:
        del chosen[node]
    for node in waiting:
        if len(chosen) >= most:
            break
        if node not in alone and any(other in chosen for other in graph[node]):
            chosen[node] = len(chosen)
    chosen.update(dict.fromkeys(alone[: most - len(chosen)], 0))
    return sorted(chosen)


def _waiting(graph: nx.Graph, chosen: dict[str, int]) -> Iterator[str]:
    """Yield the nodes, most papers first; of equally many, always the one most linked with what is chosen by then."""
    by_papers: dict[int, list[str]] = {}
    for node, papers in sorted(graph.nodes(data="papers")):
        by_papers.setdefault(papers, []).append(node)
    for papers in sorted(by_papers, reverse=True):
        left = set(by_papers[papers])
        heap = [(-_linked(graph, node, chosen), node) for node in by_papers[papers]]
        heapq.heapify(heap)
        while heap:
            _, node = heapq.heappop(heap)
            if node not in left:
                continue
            left.remove(node)
            yield node
            for other in graph[node]:
                if other in left:
                    heapq.heappush(heap, (-_linked(graph, other, chosen), other))


def _linked(graph: nx.Graph, node: str, chosen: dict[str, int]) -> int:
    """Return in how many papers a node is with nodes that are chosen, summed over these."""
    return sum(data["papers"] for other, data in graph[node].items() if other in chosen)


def _strongest(graph: nx.Graph, nodes: Iterable[str]) -> list[tuple[str, str]]:
    """Return the strongest links of each of some nodes to others of them: most papers, of equal ones what chance explains least."""
    inside = set(nodes)
    kept = set()
    for node in inside:
        links = (
            (-data["papers"], -data.get("association", 0.0), other)
            for other, data in graph[node].items()
            if other in inside
        )
        for _, _, other in heapq.nsmallest(LINKS_A_NODE, links):
            kept.add((min(node, other), max(node, other)))
    return sorted(kept)
