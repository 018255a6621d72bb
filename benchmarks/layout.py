"""How long positions and communities take, and how good they are, beside what one would use instead (igraph and networkx).

python benchmarks/layout.py [NODES]... [PROJECT]   (by default 1000 3000 10000 50000; a project is a folder of kg build)

seconds   of the processor, so that other work on the machine does not count
near      share of a node's d neighbours that are among the d nodes nearest to it, the mean over nodes with links (more is better)
topic     share of the ten nearest nodes that are of the same planted topic (more is better)
overlap   share of nodes whose disc overlaps another, as they are drawn in Gephi (less is better)
first     share of the hundred nodes of highest betweenness that are so by igraph, which takes every node as a source (more is better)
labels    share of the eighty largest nodes whose label overlaps another's in a picture 1,600 points wide, in letters of 12 points (less)
"""

import random
import sys
import time
from pathlib import Path

import igraph
import networkx as nx
import numpy as np
from planted import graph_of, papers_of_topics
from scipy.spatial import cKDTree

from kg.graph.assemble import read_graph
from kg.graph.betweenness import find_betweenness
from kg.graph.communities import find_communities
from kg.graph.layout import extent_of, find_positions, node_sizes
from kg.storage.store import Store

SEED = 7


def main(*given):
    for one in given or ("1000", "3000", "10000", "50000"):
        topics = None
        if one.isdigit():
            topics, papers = papers_of_topics(int(one), 3 * int(one))
            graph = graph_of(topics, papers)
        else:
            with Store(Path(one, "kg.duckdb"), read_only=True) as store:
                graph = read_graph(store)
        print(f"\n{one}: {len(graph):,} nodes, {graph.number_of_edges():,} links")
        communities(graph, topics)
        bridges(graph)
        layouts(graph, topics)


def communities(graph, topics):
    print(f"  {'communities':<22} {'seconds':>8} {'modularity':>11} {'NMI':>6} {'number':>7}")
    flat = as_igraph(graph)
    candidates = {
        "kg (Leiden)": lambda: list(map(find_communities(graph).get, graph)),
        "igraph Leiden": lambda: (
            flat.community_leiden("modularity", weights="weight", n_iterations=-1).membership
        ),
        "igraph Louvain": lambda: flat.community_multilevel(weights="weight").membership,
        "networkx Louvain": lambda: numbered(
            graph, nx.community.louvain_communities(graph, seed=SEED)
        ),
    }
    for name, find in candidates.items():
        random.seed(SEED)  # igraph draws from it
        began = time.process_time()
        found = find()
        took = time.process_time() - began
        told = (
            ""
            if topics is None
            else f"{igraph.compare_communities(found, list(map(topics.get, graph)), method='nmi'):.3f}"
        )
        print(
            f"  {name:<22} {took:>8.2f} {flat.modularity(found, weights='weight'):>11.4f} {told:>6} {len(set(found)):>7}",
            flush=True,
        )


def bridges(graph):
    print(f"  {'betweenness':<22} {'seconds':>8} {'first':>6}")
    exact = None
    for name, find in {
        "igraph": lambda: as_igraph(graph).betweenness(),
        "kg": lambda: list(map(find_betweenness(graph).get, graph)),
    }.items():
        if name == "igraph" and len(graph) > 10_000:  # noqa: PLR2004 - minutes
            continue
        began = time.process_time()
        found = np.argsort(-np.array(find()), kind="stable")[:100].tolist()
        took = time.process_time() - began
        exact = exact or (found if name == "igraph" else None)
        print(
            f"  {name:<22} {took:>8.2f} "
            + (f"{len(set(found) & set(exact)) / len(exact):>6.2f}" if exact else ""),
            flush=True,
        )


def numbered(graph, parts):
    number = {node: n for n, part in enumerate(parts) for node in part}
    return [number[node] for node in graph]


def layouts(graph, topics):
    print(
        f"  {'positions':<22} {'seconds':>8} {'near':>6} {'topic':>6} {'overlap':>8} {'labels':>7}"
    )
    sizes = dict(
        zip(
            graph,
            node_sizes([papers for _, papers in graph.nodes(data="papers")]).tolist(),
            strict=True,
        )
    )
    found = find_communities(graph)
    flat = as_igraph(graph)
    candidates = {
        "kg": lambda: list(map(find_positions(graph, found, sizes).get, graph)),
        "igraph DrL": lambda: (
            flat.layout_drl(weights="weight").coords if len(graph) <= 10_000 else None  # noqa: PLR2004
        ),
        "igraph Fruchterman": lambda: (
            flat.layout_fruchterman_reingold(weights="weight", niter=500, grid=True).coords
        ),
        "networkx spring": lambda: (
            list(map(nx.spring_layout(graph, seed=SEED).get, graph)) if len(graph) <= 3000 else None  # noqa: PLR2004
        ),
    }
    for name, find in candidates.items():
        random.seed(SEED)
        began = time.process_time()
        points = find()
        took = time.process_time() - began
        if points is None:
            continue
        points = np.array(points)
        points -= points.mean(axis=0)
        points *= extent_of(len(graph)) / np.abs(points).max()
        radius = np.array([sizes[node] for node in graph])
        told = (
            "" if topics is None else f"{same_topic(points, [topics[node] for node in graph]):.3f}"
        )
        print(
            f"  {name:<22} {took:>8.2f} {near(graph, points):>6.3f} {told:>6} {overlapping(points, radius):>8.3f} {labels(graph, points, radius):>7.3f}",
            flush=True,
        )


def as_igraph(graph):
    number = {node: n for n, node in enumerate(graph)}
    flat = igraph.Graph(len(graph), [(number[one], number[other]) for one, other in graph.edges])
    flat.es["weight"] = [float(weight) for *_, weight in graph.edges(data="weight")]
    return flat


def near(graph, points):
    number = {node: n for n, node in enumerate(graph)}
    tree = cKDTree(points)
    shares = []
    for node in graph:
        neighbours = {number[other] for other in graph[node]}
        if neighbours:
            _, closest = tree.query(points[number[node]], k=len(neighbours) + 1)
            shares.append(len(neighbours & set(closest.tolist())) / len(neighbours))
    return float(np.mean(shares))


def same_topic(points, topics):
    topics = np.array(topics)
    _, closest = cKDTree(points).query(points, k=11)
    return float((topics[closest[:, 1:]] == topics[:, None]).mean())


def overlapping(points, radius):
    pairs = cKDTree(points).query_pairs(2 * radius.max(), output_type="ndarray")
    one, other = pairs.T
    close = np.hypot(*(points[one] - points[other]).T) < (radius[one] + radius[other]) * 0.99
    return len(set(pairs[close].ravel().tolist())) / len(points)


def labels(graph, points, radius):
    largest = np.argsort(-radius, kind="stable")[:80]
    names = [graph.nodes[node]["label"] for node in graph]
    scale = 1600 / np.ptp(points[:, 0])
    width, height = np.array([7.0 * len(names[n]) for n in largest]), 14.0
    x, y = points[largest].T * scale
    across = np.abs(x[:, None] - x) < (width[:, None] + width) / 2
    meets = across & (np.abs(y[:, None] - y) < height)
    np.fill_diagonal(meets, val=False)
    return float(meets.any(axis=1).mean())


if __name__ == "__main__":
    main(*sys.argv[1:])
