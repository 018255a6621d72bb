"""Positions: communities that can be seen, hubs inside, nothing on top of each other.

1. Each community is a disc of the sunflower kind (Vogel 1979), its strongest nodes in the middle.
2. The discs are placed one by one, largest first, each at the free place nearest to the discs that it is linked with.
3. ForceAtlas2 (Jacomy et al. 2014; the Rust port crategraph-forceatlas2) moves the nodes a little, links inside a community
   pulling three times as hard.
4. Components apart from the largest, and nodes without a link, are packed around it.
5. Nodes that overlap are pushed apart.

Each step sees nodes and links in sorted order, so the same graph has the same picture.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

import crategraph_forceatlas2 as forceatlas2
import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

__all__ = ["EXTENT", "find_positions", "node_sizes"]

EXTENT = 4900.0
"""The largest coordinate, and with sizes from 4 to 100 and the centroid at 0 what Gephi leaves as it is."""
SMALLEST, LARGEST = 4.0, 100.0
GOLDEN = math.pi * (3 - math.sqrt(5))
ITERATIONS = 100
REFINED_LINKS = 200_000
INSIDE = 3.0

Points = NDArray[np.float64]


def node_sizes(papers: Sequence[int]) -> Points:
    """Return sizes from 4 to 100, growing with the root of the number of papers; both ends are reached."""
    root = np.sqrt(np.asarray(papers, dtype=np.float64))
    low, high = root.min(initial=np.inf), root.max(initial=0.0)
    if high <= low:
        return np.full(len(root), SMALLEST)
    sizes: Points = SMALLEST + (LARGEST - SMALLEST) * (root - low) / (high - low)
    return sizes


def find_positions(graph: nx.Graph, communities: Mapping[str, int], sizes: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Return x and y of each node, y upwards, the centroid at 0, no coordinate beyond ``EXTENT``."""
    nodes = sorted(graph)
    if not nodes:
        return {}
    radius = {node: sizes[node] / LARGEST + 0.35 for node in nodes}
    core, rest = _components(graph)
    points = _sunflowers(graph.subgraph(core), communities, radius)
    if len(core) > 2 and graph.number_of_edges() <= REFINED_LINKS:  # noqa: PLR2004
        points = _refined(graph.subgraph(core), communities, points)
    points |= _around(points, rest, radius)
    placed = _apart(np.array([points[node] for node in nodes]), np.array([radius[node] for node in nodes]))
    return {node: (float(x), float(y)) for node, (x, y) in zip(nodes, _fitted(placed), strict=True)}


def _components(graph: nx.Graph) -> tuple[list[str], list[list[str]]]:
    """Return the largest component and the others, each sorted, larger ones first."""
    parts = sorted((sorted(part) for part in nx.connected_components(graph)), key=lambda part: (-len(part), part[0]))
    return parts[0], parts[1:]


def _disc(nodes: Sequence[str], radius: Mapping[str, float]) -> Points:
    """Return sunflower places of nodes in the given order, each with the room that it needs."""
    area = np.cumsum([radius[node] ** 2 for node in nodes]) * 2.2
    distance = np.sqrt(area - area[0])
    angle = np.arange(len(nodes)) * GOLDEN
    return np.column_stack([distance * np.cos(angle), distance * np.sin(angle)])


def _sunflowers(graph: nx.Graph, communities: Mapping[str, int], radius: Mapping[str, float]) -> dict[str, Points]:
    members: dict[int, list[str]] = defaultdict(list)
    strength = dict(graph.degree(weight="weight"))
    for node in sorted(graph, key=lambda node: (-strength[node], node)):
        members[communities[node]].append(node)
    between: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for source, target, weight in graph.edges(data="weight", default=1.0):
        one, two = communities[source], communities[target]
        if one != two:
            between[one][two] += weight
            between[two][one] += weight
    discs = {community: _disc(nodes, radius) for community, nodes in sorted(members.items())}
    extents = {community: float(np.abs(disc).max(initial=0.0)) * 1.1 + 2.0 for community, disc in discs.items()}
    centres = _place_discs(extents, between)
    return {node: centres[c] + place for c, nodes in members.items() for node, place in zip(nodes, discs[c], strict=True)}


def _place_discs(extents: Mapping[int, float], between: Mapping[int, Mapping[int, float]]) -> dict[int, Points]:
    """Place discs one by one, largest first, where they touch none and are nearest to those they are linked with."""
    order = sorted(extents, key=lambda community: (-extents[community], community))
    centres: dict[int, Points] = {}
    for community in order:
        if not centres:
            centres[community] = np.zeros(2)
            continue
        placed = np.array(list(centres.values()))
        room = np.array([extents[other] for other in centres]) + extents[community]
        pull = np.array([between[community].get(other, 0.0) for other in centres])
        goal = (placed * pull[:, None]).sum(axis=0) / pull.sum() if pull.sum() else np.zeros(2)
        angles = np.linspace(0, 2 * math.pi, 24, endpoint=False)
        ring = (placed[:, None, :] + room[:, None, None] * np.stack([np.cos(angles), np.sin(angles)], axis=-1)[None]).reshape(-1, 2)
        free = cKDTree(placed).query_ball_point(ring, room.max())
        ok = [n for n, near in enumerate(free) if all(math.dist(ring[n], placed[m]) >= room[m] * 0.999 for m in near)]
        best = min(ok, key=lambda n: (round(math.dist(ring[n], goal), 6) + 0.3 * math.hypot(*ring[n]), n))
        centres[community] = ring[best]
    return centres


def _refined(graph: nx.Graph, communities: Mapping[str, int], points: Mapping[str, Points]) -> dict[str, Points]:
    nodes = sorted(graph)
    number = {node: n for n, node in enumerate(nodes)}
    edges, weights = [], []
    for source, target in sorted(tuple(sorted(edge)) for edge in graph.edges()):
        inside = INSIDE if communities[source] == communities[target] else 1.0
        edges.append((number[source], number[target]))
        weights.append(inside * math.log1p(graph[source][target].get("weight", 1.0)))
    start = np.array([points[node] for node in nodes])
    scale = 10.0 * math.sqrt(len(nodes)) / max(1e-9, float(np.abs(start).max()))
    moved = forceatlas2.layout(
        len(nodes), edges, init=start * scale, weights=weights, iterations=ITERATIONS, threads=1,
        strongGravityMode=False, gravity=1.0, scalingRatio=8.0, slowDown=8.0, barnesHutOptimize=len(nodes) > 1000, barnesHutTheta=1.2,  # noqa: PLR2004
    )
    return dict(zip(nodes, _squashed(np.asarray(moved)) / scale, strict=True))


def _squashed(points: Points) -> Points:
    """Draw in what flew out: distances beyond the 97th percentile grow ever more slowly."""
    centred = points - np.median(points, axis=0)
    distance = np.hypot(*centred.T)
    limit = max(float(np.quantile(distance, 0.97)), 1e-9)
    drawn = np.where(distance > limit, limit * (1 + 0.25 * np.tanh((distance / limit - 1) / 0.5)), distance)
    squashed: Points = centred * (drawn / np.maximum(distance, 1e-12))[:, None]
    return squashed


def _around(points: Mapping[str, Points], parts: Sequence[Sequence[str]], radius: Mapping[str, float]) -> dict[str, Points]:
    """Pack the other components in rings around what is placed, and nodes without a link in an even band around all."""
    alone = [part[0] for part in parts if len(part) == 1]
    parts = [part for part in parts if len(part) > 1]
    ring = max((float(np.hypot(*place)) for place in points.values()), default=0.0)
    placed: dict[str, Points] = {}
    angle, thickness = 0.0, 0.0
    for part in parts:
        disc = _disc(part, radius)
        extent = float(np.abs(disc).max(initial=0.0)) + max(radius[node] for node in part) + 0.3
        if not thickness or angle + 2 * extent / (ring + thickness) > 2 * math.pi:
            ring, angle, thickness = ring + thickness, 0.0, 2 * extent
        middle = ring + thickness / 2
        step = 2 * extent / middle
        centre = middle * np.array([math.cos(angle + step / 2), math.sin(angle + step / 2)])
        angle += step
        placed |= {node: centre + place for node, place in zip(part, disc, strict=True)}
    area = (ring + thickness + 1.0) ** 2 + np.cumsum([4 * radius[node] ** 2 for node in alone])
    angles = np.arange(len(alone)) * GOLDEN
    band = np.sqrt(area)[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
    return placed | dict(zip(alone, band, strict=True))


def _apart(points: Points, radius: Points, rounds: int = 30) -> Points:
    """Push overlapping nodes apart, each by half of the overlap, a number of rounds."""
    points = points.copy()
    if len(points) < 2:  # noqa: PLR2004
        return points
    for _ in range(rounds):
        pairs = cKDTree(points).query_pairs(2 * float(np.quantile(radius, 0.99)), output_type="ndarray")
        one, two = pairs[np.lexsort(pairs.T[::-1])].T if len(pairs) else (np.array([], int), np.array([], int))
        gap = points[one] - points[two]
        distance = np.hypot(*gap.T)
        overlap = radius[one] + radius[two] - distance
        close = overlap > 0
        if not close.any():
            break
        one, two, gap, distance, overlap = one[close], two[close], gap[close], distance[close], overlap[close]
        same = distance < 1e-9  # noqa: PLR2004
        gap[same] = np.column_stack([np.cos(one[same] * GOLDEN), np.sin(one[same] * GOLDEN)])
        push = gap / np.maximum(distance, 1e-9)[:, None] * (overlap / 2)[:, None]
        np.add.at(points, one, push)
        np.subtract.at(points, two, push)
    return points


def _fitted(points: Points) -> Points:
    """Move the centroid to 0 and scale so that the largest coordinate is ``EXTENT``; three decimals."""
    points = points - points.mean(axis=0)
    scale = EXTENT / max(float(np.abs(points).max()), 1e-9) if len(points) > 1 else 1.0
    fitted: Points = np.round(points * scale, 3) + 0.0
    return fitted
