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
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from kg.graph.arrays import link_arrays, link_matrix

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
FULL = 0.7
"""Share of the picture that discs may cover; where they need more, some have to lie on others."""
TRIED = 25, 100, 400, 1600, SPOTS
"""So many of the spots are tried, before more are: for the first ones few nodes are near enough to matter."""
SPIRAL = np.sqrt(np.arange(SPOTS))[:, None] * np.column_stack(
    [np.cos(np.arange(SPOTS) * GOLDEN), np.sin(np.arange(SPOTS) * GOLDEN)]
)
"""Spots around a place, the nearest first (Vogel 1979); the first is the place itself."""
RING = np.column_stack([f(np.arange(24) * math.pi / 12) for f in (np.cos, np.sin)])
"""Directions in which a disc is tried beside another."""
LOOKED_AT = 64
"""Spots that are looked at together at first."""
BLOCKERS = 48
"""Discs that are looked at before the others."""
INSIDE = 15.0
SLOWED = 0.08
"""How much nodes are slowed down, times iterations: the fewer there are, the further each may move them."""
THETA, COARSE = 1.2, 1.8
"""How coarsely ForceAtlas2 sees what is far away: up to so ``MANY`` nodes, and beyond."""
MARGIN = 20.0
"""Room around a node's disc where the smallest disc has the radius ``SMALLEST``."""
APART = 18.0
"""Room around what stands apart from the rest, less than linked nodes have, so that the ring of it is narrow."""
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
    links = link_arrays(graph)
    nodes = links.nodes
    if not nodes:
        return {}
    size = np.array([sizes[node] for node in nodes])
    field = _Part(
        SMALLEST * size / size.min() + MARGIN,
        np.array([communities[node] for node in nodes], dtype=np.int64),
        np.column_stack([links.one, links.two]),
        links.weight,
    )
    letters = np.array(
        [min(LONGEST, len(str(graph.nodes[node].get("label", node)))) for node in nodes],
        dtype=np.float64,
    )
    _, component = connected_components(link_matrix(links, links.weight), directed=False)
    parts = [(own, _laid_out(part)) for own, part in _components(field, component)]
    placed = _spread(_packed(parts), size, letters)
    rounded = (np.round(placed, 3) + 0.0).tolist()
    return {node: (x, y) for node, (x, y) in zip(nodes, rounded, strict=True)}


class _Part(NamedTuple):
    """A graph whose nodes are numbers."""

    room: Points
    """The radius that each node needs."""
    community: Whole
    ends: Whole
    """A link a row, the smaller number first."""
    weight: Points


def _components(field: _Part, component: Whole) -> Iterator[tuple[Whole, _Part]]:
    """Yield the nodes of each component, sorted, and the component by itself; the largest first, of equal ones that of the first node."""
    nodes, links = (
        np.split(np.argsort(of, kind="stable"), np.cumsum(np.bincount(of, minlength=count))[:-1])
        for count in (component.max() + 1,)
        for of in (component, component[field.ends[:, 0]])
    )
    number = np.empty(len(component), dtype=np.int64)
    for own, between in sorted(
        zip(nodes, links, strict=True), key=lambda one: (-len(one[0]), one[0][0])
    ):
        number[own] = np.arange(len(own))
        yield (
            own,
            _Part(
                field.room[own],
                field.community[own],
                number[field.ends[between]],
                field.weight[between],
            ),
        )


def _laid_out(part: _Part) -> Points:
    """Return places of a component's nodes around 0, with the room that they need together."""
    small = len(part.room) <= SMALL
    places = _disc(part.room) if small else _refined(part, _sunflowers(part))
    places = places - places.mean(axis=0)
    needed = SPREAD / (2 if small else 1) * float((part.room**2).sum())
    scaled: Points = places * math.sqrt(
        needed / max(2 * float((places**2).sum(axis=1).mean()), 1e-9)
    )
    return scaled


def _disc(room: Points) -> Points:
    """Return sunflower places of nodes in the given order, each with the room that it needs."""
    area = np.cumsum(room**2) * 2.2
    distance = np.sqrt(area - area[0])
    angle = np.arange(len(room)) * GOLDEN
    return np.column_stack([distance * np.cos(angle), distance * np.sin(angle)])


def _sunflowers(part: _Part) -> Points:
    """Return places of a component's nodes: each community a disc, its strongest nodes in the middle."""
    count = len(part.room)
    strength = np.bincount(part.ends.ravel(), np.repeat(part.weight, 2), count)
    _, community = np.unique(part.community, return_inverse=True)
    ranked = np.lexsort([np.arange(count), -strength, community])
    members = np.split(ranked, np.cumsum(np.bincount(community))[:-1])
    discs = [_disc(part.room[own]) for own in members]
    extents = np.array([np.abs(disc).max() * 1.1 + 2 * SMALLEST * RANGE for disc in discs])
    order = np.argsort(-extents, kind="stable")
    place = np.argsort(order)[community[part.ends]]
    between = csr_array((part.weight, place.T), shape=(len(order), len(order)))
    centres = _place_discs(extents[order], between + between.T)
    places = np.empty((count, 2))
    for number, centre in zip(order, centres, strict=True):
        places[members[number]] = centre + discs[number]
    return places


def _place_discs(extents: Points, between: csr_array) -> Points:
    """Place discs one by one, largest first, where they touch none and are nearest to those they are linked with."""
    centres = np.zeros((len(extents), 2))
    for n in range(1, len(extents)):
        placed, room = centres[:n], extents[:n] + extents[n]
        linked = slice(between.indptr[n], between.indptr[n + 1])
        pull = np.bincount(between.indices[linked], between.data[linked], len(extents))[:n]
        goal = (placed * pull[:, None]).sum(axis=0) / pull.sum() if pull.sum() else np.zeros(2)
        around = (placed[:, None] + room[:, None, None] * RING).reshape(-1, 2)
        cost = np.round(np.hypot(*(around - goal).T), 6) + 0.3 * np.hypot(*around.T)
        spots = around[np.argsort(cost, kind="stable")]
        near = np.argsort(np.hypot(*(placed - goal).T) - room, kind="stable")
        centres[n] = spots[_first_free(spots, placed[near], room[near] * 0.999)]
    return centres


def _first_free(spots: Points, placed: Points, room: Points) -> int:
    """Return the place of the first spot that keeps its room to all that is placed, those before the last at most.

    What is placed is looked at in its order: first should come what is in the way of most spots.
    """
    start, count = 0, LOOKED_AT
    while start < len(spots) - 1:
        left = np.arange(start, min(start + count, len(spots) - 1))
        for some in (slice(BLOCKERS), slice(BLOCKERS, None)):
            x, y = (spots[left, axis, None] - placed[some, axis] for axis in (0, 1))
            left = left[(x**2 + y**2 >= room[some] ** 2).all(axis=1)]
        if len(left):
            return int(left[0])
        start, count = start + count, 2 * count
    return len(spots) - 1


def _refined(part: _Part, places: Points) -> Points:
    if forceatlas2 is None:
        return places
    weight = np.log1p(part.weight)
    own = part.community[part.ends]
    weight[own[:, 0] == own[:, 1]] *= INSIDE
    count = len(places)
    scale = 10.0 * math.sqrt(count) / max(1e-9, float(np.abs(places).max()))
    iterations = max(1, min(ITERATIONS, MOVES // len(part.ends)))
    moved = forceatlas2.layout(
        count,
        part.ends,
        init=places * scale,
        weights=weight,
        iterations=iterations,
        threads=1,
        strongGravityMode=False,
        gravity=1.0,
        scalingRatio=8.0,
        slowDown=SLOWED * iterations,
        barnesHutOptimize=count > 1000,  # noqa: PLR2004 - exact is quick enough below
        barnesHutTheta=THETA if count <= MANY else COARSE,
    )
    refined: Points = _squashed(np.asarray(moved)) / scale
    return refined


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


def _packed(parts: Sequence[tuple[Whole, Points]]) -> Points:
    """Put components together: the first in the middle, each other at the free spot nearest to it, but not inside it."""
    (first, places), *rest = parts
    points = np.empty((sum(len(nodes) for nodes, _ in parts), 2))
    points[first] = places
    if not rest:
        return points
    rest.sort(key=lambda part: -_radius(part[1]))
    radii = [_radius(others) for _, others in rest]
    reach = _radius(places) + 2 * radii[0] + 3 * math.hypot(*radii)
    inner = float(np.quantile(np.hypot(*places.T), 0.95))
    step = radii[-1]
    number = np.arange(int((inner / step) ** 2), int((reach / step) ** 2) + 1)
    spots = (
        step
        * np.sqrt(number)[:, None]
        * np.column_stack([np.cos(number * GOLDEN), np.sin(number * GOLDEN)])
    )
    free, tree = cKDTree(places).query(spots)[0] - MARGIN, cKDTree(spots)
    spot, last = 0, math.inf
    for (nodes, others), radius in zip(rest, radii, strict=True):
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
        points[nodes] = centre + others
    return points


def _radius(places: Points) -> float:
    return float(np.hypot(*places.T).max(initial=0.0)) + APART


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
        one, two, gap, lacking = neighbours.overlaps(points)
        if not len(one):
            break
        share = weight[two] / (weight[one] + weight[two])
        for axis in (0, 1):
            push = gap[axis] * lacking
            points[:, axis] += np.bincount(one, push * share, len(points))
            points[:, axis] -= np.bincount(two, push * (1 - share), len(points))
    return points


def _freed(points: Points, radius: Points, named: Whole) -> Points:
    """Move each disc that is still wedged in between others to the nearest free spot, the largest first, if there is room for all."""
    if math.pi * float((radius**2).sum()) > FULL * float(np.ptp(points, axis=0).prod()):
        return points
    points = points.copy()
    one, two, _, _ = _Neighbours(radius, named).overlaps(points)
    smaller = np.where(radius[one] < radius[two], one, two)
    for node in sorted(set(smaller.tolist()), key=lambda node: (-radius[node], node)):
        points[node] = _free_spot(points, radius, node)
    return points


def _free_spot(points: Points, radius: Points, node: int) -> Points:
    """Return the nearest spot to a node's own where its disc lies on no other; its own if there is none near."""
    step, own = radius[node] / 2, points[node : node + 1]
    distance = np.hypot(*(points - own).T) - radius
    spot: Points = points[node]
    for count in TRIED:
        near = np.flatnonzero(distance < radius[node] + step * math.sqrt(count))
        near = near[near != node]
        spots = np.concatenate([own + step * SPIRAL[:count], own])
        found = _first_free(spots, points[near], radius[node] + radius[near])
        if found < count:
            spot = spots[found]
            break
    return spot


class _Neighbours:
    """Pairs of nodes that may touch, kept until a node has gone half the slack (Verlet 1967)."""

    def __init__(self, radius: Points, named: Whole) -> None:
        self.radius = radius
        self.usual = self.slack = float(np.quantile(radius, 0.98))
        self.small = np.setdiff1d(np.flatnonzero(radius <= self.usual), named)
        self.rest = np.setdiff1d(np.arange(len(radius)), self.small)
        self.then: Points | None = None

    def overlaps(self, points: Points) -> tuple[Whole, Whole, tuple[Points, Points], Points]:
        """Return both numbers of each pair that overlaps, the direction from the second to the first (x and y), and by how much."""
        if (
            self.then is None
            or float(((points - self.then) ** 2).sum(axis=1).max()) > (self.slack / 2) ** 2
        ):
            self.then = points.copy()
            self.one, self.two = self._pairs(points)
            self.reach = self.radius[self.one] + self.radius[self.two]
        x, y = (values[self.one] - values[self.two] for values in np.ascontiguousarray(points.T))
        squared = x**2 + y**2
        close = np.flatnonzero(squared < (self.reach - 1e-6) ** 2)
        one, two, x, y = self.one[close], self.two[close], x[close], y[close]
        distance = np.sqrt(squared[close])
        same = distance < 1e-9  # noqa: PLR2004
        x[same], y[same] = np.cos(one[same] * GOLDEN), np.sin(one[same] * GOLDEN)
        length = np.where(same, 1.0, distance)
        return one, two, (x / length, y / length), self.reach[close] - distance

    def _pairs(self, points: Points) -> tuple[Whole, Whole]:
        """Return both numbers of each pair that may come to touch: of two usual nodes, of two others, of one of each."""
        here, others = cKDTree(points[self.small]), cKDTree(points[self.rest])
        usual = here.query_pairs(2 * self.usual + self.slack, output_type="ndarray")
        large = others.query_pairs(2 * float(self.radius.max()) + self.slack, output_type="ndarray")
        around = here.query_ball_point(
            points[self.rest], self.radius[self.rest] + self.usual + self.slack
        )
        mixed = np.column_stack(
            [
                np.repeat(self.rest, list(map(len, around))),
                self.small[np.fromiter(chain.from_iterable(around), np.int64)],
            ]
        )
        one, two = np.concatenate([self.small[usual], self.rest[large], mixed]).T
        return np.ascontiguousarray(one), np.ascontiguousarray(two)


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
