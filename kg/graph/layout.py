"""Positions: communities that can be seen, hubs inside, nothing on top of each other.

1. Each community is a disc of the sunflower kind (Vogel 1979), its strongest nodes in the middle.
2. The discs are placed one by one, largest first, each at the free place nearest to the discs that it is linked with.
3. ForceAtlas2 (Jacomy et al. 2014; the Rust port crategraph-forceatlas2) moves the nodes a little, links inside a community
   pulling harder.
4. Components are laid out each by itself with the same room a node, and packed around the largest.
5. Nodes that overlap or crowd are pushed apart, the smaller one further, and so are the labels of the largest nodes.

Each step sees nodes and links in sorted order, so the same graph has the same picture.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

try:
    import crategraph_forceatlas2 as forceatlas2
except (
    ImportError
):  # a young library with few wheels: without it the discs stay as they were placed
    forceatlas2 = None

__all__ = ["extent_of", "find_positions", "node_sizes"]

NARROWEST, WIDEST = 1400.0, 4900.0
"""Between these is the largest coordinate; Gephi takes none beyond 5000."""
NODE_EXTENT = 110.0
"""What the extent grows by with the root of the number of nodes."""
SMALLEST = 4.0
"""The least radius of the smallest node, and what Gephi scales it to."""
RANGE = 25.0
"""Radius of the largest node over that of the smallest. On import Gephi scales sizes to 4 to 100, and positions by the factor
between the ranges: only where their ratio is this one do both grow alike, so that the picture stays."""
VISIBLE = 424.0
"""The extent over the radius of the smallest node, which then is 3.3 pixels wide in a picture of 1,400."""
MANY = 10_000
"""From so many nodes on the smallest one shrinks, as there is no room for all."""
STRETCH = 4096
"""Spots that are looked at together."""
GOLDEN = math.pi * (3 - math.sqrt(5))
ITERATIONS = 100
MOVES = 10_000_000
"""Links times iterations, at most: more than 100,000 links are refined in fewer iterations, so that time stays bounded."""
SPOTS = 6400
SPIRAL = np.sqrt(np.arange(SPOTS))[:, None] * np.column_stack(
    [np.cos(np.arange(SPOTS) * GOLDEN), np.sin(np.arange(SPOTS) * GOLDEN)]
)
"""Spots around a place, the nearest first (Vogel 1979); the first is the place itself."""
INSIDE = 15.0
MARGIN = 20.0
"""Room around a node's disc where the smallest disc has the radius ``SMALLEST``."""
SPREAD = 1.6
"""Area of a component over the room that its nodes need."""
SMALL = 12
"""Components of so many nodes are a plain disc, twice as close, so that it is seen what belongs together."""
CROWD = 0.25
"""Radius that even the smallest node keeps clear, over the mean distance of nodes."""
LABELS, LETTER, LINE, LONGEST = 80, 43.0, 90.0, 40
"""The largest nodes keep their labels clear: width of a letter and height of a line at the widest extent (7 and 15 points of a
picture 1,600 points wide), and letters counted."""

Points = NDArray[np.float64]
Whole = NDArray[np.int64]


def extent_of(nodes: int) -> float:
    """Return the largest coordinate of a graph of so many nodes.

    >>> extent_of(10), extent_of(900), extent_of(100_000)
    (1400.0, 3300.0, 4900.0)
    """
    return min(WIDEST, max(NARROWEST, NODE_EXTENT * math.sqrt(nodes)))


def node_sizes(papers: Sequence[int]) -> Points:
    """Return the radius of each node in the units of positions, growing with the root of its number of papers.

    The largest is 25 times the smallest; where all are equal, all are the smallest.
    """
    nodes = len(papers)
    shrunk = math.sqrt(MANY / nodes) if nodes > MANY else 1.0
    smallest = max(SMALLEST, shrunk * extent_of(nodes) / VISIBLE)
    root = np.sqrt(np.asarray(papers, dtype=np.float64))
    low, high = root.min(initial=np.inf), root.max(initial=0.0)
    if high <= low:
        return np.full(nodes, smallest)
    sizes: Points = smallest * (1 + (RANGE - 1) * (root - low) / (high - low))
    return sizes


def find_positions(
    graph: nx.Graph, communities: Mapping[str, int], sizes: Mapping[str, float]
) -> dict[str, tuple[float, float]]:
    """Return x and y of each node, y upwards, the centroid at 0, no coordinate beyond the extent."""
    nodes = sorted(graph)
    if not nodes:
        return {}
    smallest = min(sizes.values())
    room = {node: SMALLEST * sizes[node] / smallest + MARGIN for node in nodes}
    parts = sorted(
        (sorted(part) for part in nx.connected_components(graph)),
        key=lambda part: (-len(part), part[0]),
    )
    points = _packed([(part, _component(graph, part, communities, room)) for part in parts])
    letters = np.array(
        [min(LONGEST, len(str(graph.nodes[node].get("label", node)))) for node in nodes],
        dtype=np.float64,
    )
    placed = _spread(
        np.array([points[node] for node in nodes]),
        np.array([sizes[node] for node in nodes]),
        letters,
    )
    return {
        node: (float(x), float(y))
        for node, (x, y) in zip(nodes, np.round(placed, 3) + 0.0, strict=True)
    }


def _component(
    graph: nx.Graph, nodes: Sequence[str], communities: Mapping[str, int], room: Mapping[str, float]
) -> Points:
    """Return places of a component's nodes, sorted, around 0, with the room that they need together."""
    spread = SPREAD
    if len(nodes) <= SMALL:
        places, spread = _disc(nodes, room), SPREAD / 2
    else:
        points = _refined(graph, nodes, communities, _sunflowers(graph, nodes, communities, room))
        places = np.array([points[node] for node in nodes])
    places = places - places.mean(axis=0)
    needed = spread * sum(room[node] ** 2 for node in nodes)
    scaled: Points = places * math.sqrt(
        needed / max(2 * float((places**2).sum(axis=1).mean()), 1e-9)
    )
    return scaled


def _disc(nodes: Sequence[str], radius: Mapping[str, float]) -> Points:
    """Return sunflower places of nodes in the given order, each with the room that it needs."""
    area = np.cumsum([radius[node] ** 2 for node in nodes]) * 2.2
    distance = np.sqrt(area - area[0])
    angle = np.arange(len(nodes)) * GOLDEN
    return np.column_stack([distance * np.cos(angle), distance * np.sin(angle)])


def _sunflowers(
    graph: nx.Graph,
    nodes: Sequence[str],
    communities: Mapping[str, int],
    radius: Mapping[str, float],
) -> dict[str, Points]:
    members: dict[int, list[str]] = defaultdict(list)
    strength = dict(graph.degree(nodes, weight="weight"))
    for node in sorted(nodes, key=lambda node: (-strength[node], node)):
        members[communities[node]].append(node)
    between: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for source, target, weight in graph.edges(nodes, data="weight", default=1.0):
        one, two = communities[source], communities[target]
        if one != two:
            between[one][two] += weight
            between[two][one] += weight
    discs = {community: _disc(own, radius) for community, own in sorted(members.items())}
    extents = {
        community: float(np.abs(disc).max(initial=0.0)) * 1.1 + 2 * SMALLEST * RANGE
        for community, disc in discs.items()
    }
    centres = _place_discs(extents, between)
    return {
        node: centres[c] + place
        for c, own in members.items()
        for node, place in zip(own, discs[c], strict=True)
    }


def _place_discs(
    extents: Mapping[int, float], between: Mapping[int, Mapping[int, float]]
) -> dict[int, Points]:
    """UseKey discs one by one, largest first, where they touch none and are nearest to those they are linked with."""
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
        ring = (
            placed[:, None, :]
            + room[:, None, None] * np.stack([np.cos(angles), np.sin(angles)], axis=-1)[None]
        ).reshape(-1, 2)
        cost = np.round(np.hypot(*(ring - goal).T), 6) + 0.3 * np.hypot(*ring.T)
        nearest = (ring[n] for n in np.argsort(cost, kind="stable"))
        centres[community] = next(
            spot for spot in nearest if (np.hypot(*(placed - spot).T) >= room * 0.999).all()
        )
    return centres


def _refined(
    graph: nx.Graph,
    nodes: Sequence[str],
    communities: Mapping[str, int],
    points: Mapping[str, Points],
) -> dict[str, Points]:
    if forceatlas2 is None:
        return dict(points)
    number = {node: n for n, node in enumerate(nodes)}
    links = (
        (number[source], number[target], weight)
        for source, target, weight in graph.edges(nodes, data="weight", default=1.0)
    )
    one, two, weight = np.fromiter(chain.from_iterable(links), np.float64).reshape(-1, 3).T
    ends = np.column_stack([np.minimum(one, two), np.maximum(one, two)]).astype(np.int64)
    order = np.lexsort(ends.T[::-1])
    ends, weight = ends[order], np.log1p(weight[order])
    own = np.array([communities[node] for node in nodes])[ends]
    weight[own[:, 0] == own[:, 1]] *= INSIDE
    start = np.array([points[node] for node in nodes])
    scale = 10.0 * math.sqrt(len(nodes)) / max(1e-9, float(np.abs(start).max()))
    moved = forceatlas2.layout(
        len(nodes),
        ends,
        init=start * scale,
        weights=weight,
        iterations=max(1, min(ITERATIONS, MOVES // len(ends))),
        threads=1,
        strongGravityMode=False,
        gravity=1.0,
        scalingRatio=8.0,
        slowDown=8.0,
        barnesHutOptimize=len(nodes) > 1000,  # noqa: PLR2004 - exact is quick enough below
        barnesHutTheta=1.2,
    )
    return dict(zip(nodes, _squashed(np.asarray(moved)) / scale, strict=True))


def _squashed(points: Points) -> Points:
    """Draw in what flew out: distances beyond the 97th percentile grow ever more slowly."""
    centred = points - np.median(points, axis=0)
    distance = np.hypot(*centred.T)
    limit = max(float(np.quantile(distance, 0.97)), 1e-9)
    drawn = np.where(
        distance > limit, limit * (1 + 0.25 * np.tanh((distance / limit - 1) / 0.5)), distance
    )
    squashed: Points = centred * (drawn / np.maximum(distance, 1e-12))[:, None]
    return squashed


def _packed(parts: Sequence[tuple[Sequence[str], Points]]) -> dict[str, Points]:
    """Put components together: the first in the middle, each other at the free spot nearest to it, but not inside it."""
    (first, places), *rest = parts
    points = dict(zip(first, places, strict=True))
    if not rest:
        return points
    rest.sort(key=lambda part: -_radius(part[1]))
    radii = [_radius(others) for _, others in rest]
    reach = _radius(places) + 2 * radii[0] + 3 * math.hypot(*radii)
    inner = float(np.quantile(np.hypot(*places.T), 0.8))
    step = radii[-1]
    number = np.arange(int((inner / step) ** 2), int((reach / step) ** 2) + 1)
    spots = (
        step
        * np.sqrt(number)[:, None]
        * np.column_stack([np.cos(number * GOLDEN), np.sin(number * GOLDEN)])
    )
    free, tree = cKDTree(places).query(spots)[0] - MARGIN, cKDTree(spots)
    spot, last = 0, math.inf
    for (part, others), radius in zip(rest, radii, strict=True):
        if radius < last:  # else no spot before the last one is free: room only shrinks
            spot, last = 0, radius
        spot = next(
            (
                n
                for n in range(spot, len(spots), STRETCH)
                if (free[n : n + STRETCH] >= radius).any()
            ),
            0,
        )
        spot += int(np.argmax(free[spot : spot + STRETCH] >= radius))
        centre = spots[spot]
        taken = tree.query_ball_point(centre, 2 * radius)
        free[taken] = np.minimum(free[taken], np.hypot(*(spots[taken] - centre).T) - radius)
        points |= dict(zip(part, centre + others, strict=True))
    return points


def _radius(places: Points) -> float:
    return float(np.hypot(*places.T).max(initial=0.0)) + 1.5 * MARGIN


class _Labels(NamedTuple):
    """The labels that are kept clear, drawn at their nodes."""

    nodes: Whole
    width: Points
    line: float


def _spread(points: Points, sizes: Points, letters: Points) -> Points:
    """Return the points within the extent of so many nodes: first with room around discs and labels, then at least with no disc on another."""
    extent = extent_of(len(points))
    shrunk = extent / WIDEST
    named = np.lexsort((np.arange(len(sizes)), -sizes))[:LABELS]
    labels = _Labels(named, letters[named] * (LETTER * shrunk), LINE * shrunk)
    points = _fitted(points, extent)
    spacing = math.sqrt(2 * math.pi * float((points**2).sum(axis=1).mean()) / len(points))
    roomy = np.maximum(sizes * 1.1, CROWD * spacing)
    inner = 0.98 * extent  # what is left is for moving the centroid back
    points = _fitted(_apart(points, roomy, labels, rounds=60), inner)
    points = _apart(points, sizes * 1.02, labels, rounds=80, bound=inner)
    return _fitted(_freed(points, sizes * 1.01, labels.nodes), extent)


def _apart(
    points: Points, radius: Points, labels: _Labels, *, rounds: int, bound: float = math.inf
) -> Points:
    """Push discs apart that overlap, and labels, until none does or for a number of rounds; no coordinate passes the bound."""
    points = points.copy()
    weight = radius**2
    weight[labels.nodes] *= 25.0
    neighbours = _Neighbours(radius, labels.nodes)
    for _ in range(rounds):
        points[labels.nodes, 1] += _label_push(points[labels.nodes], labels)
        points = np.clip(points, -bound, bound)
        one, two = neighbours.pairs(points)
        gap = points[one] - points[two]
        distance = np.hypot(*gap.T)
        close = distance < radius[one] + radius[two] - 1e-6
        if not close.any():
            break
        one, two, gap, distance = one[close], two[close], gap[close], distance[close]
        same = distance < 1e-9  # noqa: PLR2004
        gap[same] = np.column_stack([np.cos(one[same] * GOLDEN), np.sin(one[same] * GOLDEN)])
        push = (
            gap
            / np.where(same, 1.0, distance)[:, None]
            * (radius[one] + radius[two] - distance)[:, None]
        )
        share = (weight[two] / (weight[one] + weight[two]))[:, None]
        for axis in (0, 1):
            points[:, axis] += np.bincount(one, (push * share)[:, axis], len(points)) - np.bincount(
                two, (push * (1 - share))[:, axis], len(points)
            )
    return points


def _freed(points: Points, radius: Points, named: Whole) -> Points:
    """Move each disc that is still wedged in between others to the nearest free spot, the largest first."""
    points = points.copy()
    one, two = _Neighbours(radius, named).pairs(points)
    wedged = np.hypot(*(points[one] - points[two]).T) < radius[one] + radius[two] - 1e-6
    smaller = np.where(radius[one] < radius[two], one, two)[wedged]
    for node in sorted(set(smaller.tolist()), key=lambda node: (-radius[node], node)):
        points[node] = _free_spot(points, radius, node)
    return points


def _free_spot(points: Points, radius: Points, node: int) -> Points:
    """Return the nearest spot to a node's own where its disc lies on no other; its own if there is none near."""
    step = radius[node] / 2
    own: Points = points[node]
    distance = np.hypot(*(points - own).T) - radius
    for count in (SPOTS // 64, SPOTS // 8, SPOTS):
        near = np.flatnonzero(distance < radius[node] + step * math.sqrt(count))
        near = near[near != node]
        spots = own + step * SPIRAL[:count]
        apart = np.hypot(*(spots[:, None] - points[near]).transpose(2, 0, 1))
        free = (apart >= radius[node] + radius[near]).all(axis=1)
        if free.any():
            found: Points = spots[int(np.argmax(free))]
            return found
    return own


class _Neighbours:
    """Pairs of nodes that may touch. What is known of usual nodes is kept until one of them has gone half the slack (Verlet 1967)."""

    def __init__(self, radius: Points, named: Whole) -> None:
        self.usual, self.largest = float(np.quantile(radius, 0.98)), float(radius.max())
        self.slack = self.usual
        self.small = np.setdiff1d(np.flatnonzero(radius <= self.usual), named)
        self.rest = np.setdiff1d(np.arange(len(radius)), self.small)
        self.reach = radius[self.rest] + self.usual + self.slack / 2
        self.then: Points | None = None

    def pairs(self, points: Points) -> tuple[Whole, Whole]:
        """Return both numbers of each pair: of two usual nodes, of two others, of one of each."""
        here, others = points[self.small], points[self.rest]
        if (
            self.then is None
            or float(((here - self.then) ** 2).sum(axis=1).max(initial=0.0)) > (self.slack / 2) ** 2
        ):
            self.then, self.tree = here, cKDTree(here)
            self.usual_pairs = self.small[
                self.tree.query_pairs(2 * self.usual + self.slack, output_type="ndarray")
            ]
        large_pairs = self.rest[
            cKDTree(others).query_pairs(2 * self.largest, output_type="ndarray")
        ]
        around = self.tree.query_ball_point(others, self.reach)
        one, two = (
            np.repeat(self.rest, list(map(len, around))),
            self.small[np.fromiter(chain.from_iterable(around), np.int64)],
        )
        mixed = np.column_stack([one, two])
        first, second = np.concatenate([self.usual_pairs, large_pairs, mixed]).T
        return first, second


def _label_push(points: Points, labels: _Labels) -> Points:
    """Return how far up each of the labelled nodes goes so that labels clear each other."""
    x, y = points.T
    meets = np.abs(x[:, None] - x) < (labels.width[:, None] + labels.width) / 2
    np.fill_diagonal(meets, val=False)
    below = y[:, None] - y
    upwards = np.where(
        below == 0, np.sign(np.arange(len(y))[:, None] - np.arange(len(y))), np.sign(below)
    )
    pushed: Points = (
        np.where(meets, np.clip(labels.line - np.abs(below), 0, None) * upwards, 0.0).sum(axis=1)
        / 2
    )
    return pushed


def _fitted(points: Points, extent: float) -> Points:
    """Move the centroid to 0 and scale so that the largest coordinate is the extent; a single point stays at 0."""
    points = points - points.mean(axis=0)
    fitted: Points = points * (
        extent / max(float(np.abs(points).max()), 1e-9) if len(points) > 1 else 1.0
    )
    return fitted
