"""Nodes stand near what they are linked with, on top of nothing, and apart from what they have no way to."""

import random

import networkx as nx
import numpy as np
import pytest
from scipy.spatial import cKDTree

import kg.graph.layout
from kg.graph.communities import find_communities
from kg.graph.layout import LINE, WIDEST, extent_of, find_positions, node_sizes


def placed(graph, papers=None):
    """Positions and sizes of a graph's nodes, in sorted order."""
    nodes = sorted(graph)
    sizes = node_sizes(
        [graph.degree(node) ** 2 if graph.degree(node) > 4 else 1 for node in nodes]
        if papers is None
        else papers
    )
    found = find_positions(
        graph, find_communities(graph), dict(zip(nodes, sizes.tolist(), strict=True))
    )
    return np.array([found[node] for node in nodes]), sizes


def field():
    """Thirty groups of twenty nodes, a hub in each, with some links between groups; ten small components and thirty nodes alone."""
    chance = random.Random(3)
    graph = nx.relaxed_caveman_graph(30, 20, 0.1, seed=3)
    graph.remove_edges_from([link for link in graph.edges if chance.random() < 0.6])
    graph.add_edges_from(
        (20 * group, 20 * group + place) for group in range(30) for place in range(1, 20)
    )
    graph.add_edges_from((20 * group, 20 * ((group * 7 + 1) % 30)) for group in range(30))
    for part in range(10):
        graph.add_edges_from(
            (1000 + 10 * part, 1000 + 10 * part + place) for place in range(1, 2 + part % 4)
        )
    graph.add_nodes_from(range(2000, 2030))
    return nx.relabel_nodes(graph, "n{:05}".format)


@pytest.fixture(name="graph", scope="module")
def _graph():
    return field()


def test_sizes_grow_with_the_root_of_papers_and_the_largest_is_25_times_the_smallest():
    assert node_sizes([1, 4, 9]).tolist() == [4.0, 52.0, 100.0]
    assert node_sizes([7, 7]).tolist() == [4.0, 4.0]
    assert node_sizes([]).tolist() == []


@pytest.mark.parametrize("count", [2, 100, 350, 2000, 10_000, 90_000])
def test_the_extent_grows_with_the_nodes_and_the_smallest_stays_visible(count):
    sizes, extent = node_sizes([*range(1, count), 10**6]), extent_of(count)
    assert 1400 <= extent <= 4900
    assert sizes.max() == pytest.approx(25 * sizes.min())
    if count <= 10_000:
        assert 2 * sizes.min() / (2 * extent) * 1400 >= 3
    assert sizes.min() >= 4


def gephi_scaled(points, sizes):
    """Positions and sizes after the auto-scale of Gephi's import: sizes to 4 to 100, positions by the same factor, none beyond 5000."""
    points = points - points.mean(axis=0)
    smallest, largest = sizes.min(), sizes.max()
    ratio = 4 / smallest if smallest == largest else 96 / (largest - smallest)
    for bound in (points.min(), points.max()):
        if abs(bound) * ratio > 5000:
            ratio = 5000 / abs(bound)
    return points * ratio, (sizes - smallest) * ratio + 4


@pytest.mark.parametrize("count", [1, 2, 40, 900])
@pytest.mark.parametrize("same", [False, True])
def test_gephi_changes_nothing_but_the_unit(count, same):
    graph = nx.relabel_nodes(
        nx.barabasi_albert_graph(count, 1, seed=1) if count > 1 else nx.empty_graph(1),
        "n{:05}".format,
    )
    points, sizes = placed(graph, papers=[3] * count if same else None)
    moved, grown = gephi_scaled(points, sizes)
    unit = 4 / sizes.min()
    assert grown == pytest.approx(sizes * unit, rel=1e-6)
    assert moved == pytest.approx(points * unit, abs=1e-3)


def test_no_disc_overlaps_another(graph):
    points, sizes = placed(graph)
    pairs = cKDTree(points).query_pairs(2 * sizes.max(), output_type="ndarray")
    distance = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    assert (distance >= (sizes[pairs[:, 0]] + sizes[pairs[:, 1]]) * 0.999).all()


def test_nearest_nodes_are_of_the_same_group(graph):
    points, _ = placed(graph)
    groups = [int(node[1:]) // 20 for node in sorted(graph)]
    _, closest = cKDTree(points).query(points[:600], k=6)
    same = [
        [groups[other] == groups[node] for other in others[1:]]
        for node, others in enumerate(closest)
    ]
    assert np.mean(same) > 0.8


def test_a_component_apart_stands_together_and_outside_the_middle(graph):
    points, _ = placed(graph)
    number = {node: n for n, node in enumerate(sorted(graph))}
    tree = cKDTree(points)
    middle = np.quantile(np.hypot(*points[:600].T), 0.5)
    together = []
    for part in nx.connected_components(graph):
        places = [number[node] for node in part]
        if len(part) < 600:
            assert np.hypot(*points[places].T).min() > middle
        if 1 < len(part) < 600:
            _, closest = tree.query(points[places], k=4)
            together += [len(set(near) & set(places)) > 1 for near in closest.tolist()]
    assert np.mean(together) > 0.85


def test_what_is_apart_is_packed_near_so_that_the_largest_component_fills_the_picture(graph):
    points, _ = placed(graph)
    assert np.abs(points).max() == pytest.approx(extent_of(len(graph)), abs=0.01)
    assert np.abs(points[:600]).max() > 0.7 * extent_of(len(graph))


def test_what_is_alone_makes_a_narrow_ring_around_the_rest():
    graph = field()
    graph.add_nodes_from(f"z{n:05}" for n in range(200))
    points, _ = placed(graph)
    distance = np.hypot(*points.T)
    linked, alone = distance[:600], distance[-200:]
    assert np.quantile(alone, 0.05) > 0.9 * np.quantile(linked, 0.9)
    assert alone.max() < 1.45 * linked.max()


def test_labels_of_the_largest_nodes_do_not_overlap(graph):
    graph = graph.copy()
    nx.set_node_attributes(graph, {node: f"A name of {node}" for node in graph}, "label")
    points, sizes = placed(graph)
    named = points[np.argsort(-sizes, kind="stable")[:80]]
    shrunk = extent_of(len(graph)) / WIDEST
    width = 43.0 * len("A name of n00000") * shrunk
    x, y = named.T
    meets = (np.abs(x[:, None] - x) < width) & (np.abs(y[:, None] - y) < LINE * shrunk * 0.9)
    assert meets.sum() == len(named)


def test_the_order_of_nodes_and_links_does_not_matter(graph):
    turned = nx.Graph()
    turned.add_nodes_from(reversed(list(graph)))
    turned.add_edges_from((two, one) for one, two in reversed(list(graph.edges)))
    assert placed(turned)[0].tolist() == placed(graph)[0].tolist()


def test_where_discs_need_more_room_than_there_is_they_are_left_on_each_other():
    graph = nx.relabel_nodes(nx.cycle_graph(900), "n{:03}".format)
    points, sizes = placed(graph, papers=[2] + [5] * 898 + [6])
    assert np.pi * (sizes**2).sum() > (2 * extent_of(900)) ** 2
    assert np.abs(points).max() <= extent_of(900) + 0.01


def test_nodes_on_one_spot_come_apart():
    points, _ = placed(nx.relabel_nodes(nx.complete_graph(30), "n{:02}".format), papers=[9] * 30)
    assert len(np.unique(points, axis=0)) == 30


def test_two_large_components_are_each_laid_out():
    graph = nx.relabel_nodes(
        nx.disjoint_union(nx.balanced_tree(3, 4), nx.cycle_graph(100)), "n{:03}".format
    )
    points, _ = placed(graph)
    number = {node: n for n, node in enumerate(sorted(graph))}
    one, two = (points[[number[node] for node in part]] for part in nx.connected_components(graph))
    assert np.hypot(*(one.mean(axis=0) - two.mean(axis=0))) > np.hypot(*one.std(axis=0))
    length = np.mean([np.hypot(*(points[number[a]] - points[number[b]])) for a, b in graph.edges])
    assert length < 0.2 * extent_of(len(graph))


def test_without_the_library_that_refines_them_groups_still_stand_together_and_apart(
    graph, monkeypatch
):
    monkeypatch.setattr(kg.graph.layout, "forceatlas2", None)
    points, sizes = placed(graph)
    assert np.isfinite(points).all()
    groups = points[:600].reshape(30, 20, 2)
    spread = np.median(np.hypot(*(groups - groups.mean(axis=1, keepdims=True)).T))
    middles = groups.mean(axis=1)
    apart, _ = cKDTree(middles).query(middles, k=2)
    assert spread < np.median(apart[:, 1])
    pairs = cKDTree(points).query_pairs(float(sizes.max()))
    assert all(np.hypot(*(points[a] - points[b])) > 0.49 * (sizes[a] + sizes[b]) for a, b in pairs)
