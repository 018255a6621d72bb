"""The page beside pyvis's defaults in one Chromium: first complete drawing, frames a second, a filter's answer, size (Linux).

Of each figure that other work on the machine spoils, the processor's time of the page's process is printed too.

python benchmarks/page.py [SIZE …] [--pyvis]    a SIZE is NODES/LINKS; needs the group dev and Chromium
python benchmarks/page.py PAGE.html [ROUNDS]    of a page that is there, such as that of a large build: how long until the first
                                                picture and until every name is known, a key in the search field, a panel with its
                                                sentences; the least and the median of so many rounds (5)
"""

import os
import random
import shutil
import statistics
import sys
import time
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx as nx
from planted import SEED, graph_of, papers_of_topics
from playwright.sync_api import sync_playwright
from pyvis.network import Network

from exports.html import write_html
from kg.graph.assemble import place
from kg.graph.view import GraphView
from kg.records import MarkedPaper, MarkedSentence, Paper

SIZES = ("1000/4000", "3000/12000", "10000/40000")
PYVIS_SIZE, PYVIS_LIMIT = "1000/4000", 1200
"""In seconds: how long pyvis's page may take."""
WORDS, WORDS_A_PAPER = 6000, 170
SECONDS = 2

ROUND = """(seconds) => new Promise((resolve) => {
    let frames = -1;
    const began = performance.now();
    const look = () => { frames++; performance.now() - began < seconds * 1000 ? requestAnimationFrame(look) : resolve(frames / (performance.now() - began) * 1000); };
    requestAnimationFrame(look); })"""
"""Frames a second over so many seconds."""
NEAR = """() => {
    const points = window.kg.network.getPositions();
    const all = Object.values(points);
    const middle = all.reduce((sum, {x, y}) => ({x: sum.x + x / all.length, y: sum.y + y / all.length}), {x: 0, y: 0});
    const far = all.map(({x, y}) => Math.max(Math.abs(x - middle.x), Math.abs(y - middle.y))).sort((a, b) => a - b);
    window.kg.network.moveTo({position: middle, scale: 400 / far[Math.min(300, far.length - 1)]}); }"""
"""A reading distance: about three hundred nodes in view."""
FILTER = """() => new Promise((resolve) => {
    const input = document.querySelector('[data-kg="min-papers"]');
    const began = performance.now();
    window.kg.network.once('afterDrawing', () => resolve(performance.now() - began));
    input.value = input.value === '2' ? '3' : '2';
    input.dispatchEvent(new Event('input', {bubbles: true})); })"""
FIRST = "new Promise((resolve) => network.once('afterDrawing', () => requestAnimationFrame(() => resolve(performance.now()))))"


ASKED = ("a", "tr", "tran", "transformer", "graph neural", "lerning reinforcement", "zqxj")
"""What is typed: short, long, in another order with a slip, and nothing that is there."""
KEY = """async (text) => {
    const box = document.querySelector('[data-kg="search"]');
    box.value = text;
    const began = performance.now();
    box.dispatchEvent(new Event('input', {bubbles: true}));
    const took = performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, 50));
    return took; }"""
PANEL = """async (id) => {
    const panel = document.querySelector('[data-kg="panel"]');
    panel.replaceChildren();
    const began = performance.now();
    const seen = new Promise((resolve) => new MutationObserver(() => {
        if (panel.querySelector('[data-kg="evidence"] mark')) resolve(performance.now() - began);
    }).observe(panel, {childList: true, subtree: true}));
    const opened = window.kg.select(id);
    const took = await seen;
    await opened;
    return took; }"""
LARGEST = "() => window.kg.shown().nodes.map((id) => [window.kg.papers(id).length, id]).sort((a, b) => b[0] - a[0]).map(([, id]) => id)"
PANELS = (0, 1, 2, 10, 50, 200)
"""Of which of the nodes, most papers first, a panel is opened."""


def main(*arguments):
    if arguments and arguments[0].endswith(".html"):
        there(Path(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 5)
        return
    sizes = [one for one in arguments if "/" in one] or SIZES
    print(f"{os.cpu_count()} cores; other work on the machine, as load: {os.getloadavg()[0]:.1f}")
    print(
        "frames a second while panning and zooming, at a reading distance and of the whole picture; in brackets the processor's ms a frame"
    )
    print(
        f"{'page':<16} {'MB':>5} {'drawn s':>14} {'filter ms':>12} {'near: pan':>12} {'zoom':>12} {'whole: pan':>12} {'zoom':>12}"
    )
    with sync_playwright() as driver, TemporaryDirectory() as folder:
        for size in sizes:
            ours(driver, Path(folder, "kg.html"), size)
        if "--pyvis" in arguments:
            pyvis_defaults(driver, Path(folder, "pyvis.html"))


def there(path, rounds):
    """Print how long a page that is there takes, with the least and the median of several rounds."""
    print(
        f"{path.stat().st_size / 1e6:.1f} MB, {rounds} rounds; {os.cpu_count()} cores; other work on the machine, as load: {os.getloadavg()[0]:.1f}"
    )
    times = {}
    with sync_playwright() as driver:
        for _ in range(rounds):
            for name, ms in one_round(driver, path):
                times.setdefault(name, []).append(ms)
    print(f"{'ms':<34} {'least':>8} {'median':>8}")
    for name, found in times.items():
        print(f"{name:<34} {min(found):>8.1f} {statistics.median(found):>8.1f}")


def one_round(driver, path):
    """Yield what was done in a fresh browser, and how many milliseconds it took."""
    browser, page = opened(driver)
    page.goto(path.resolve().as_uri())
    yield "first picture", page.evaluate("window.kg.ready")["ms"]
    yield "every name known", page.evaluate("performance.now()")
    page.wait_for_timeout(3000)  # as a reader, who first looks
    for text in ASKED:
        yield f"search: {text}", page.evaluate(KEY, text)
    page.evaluate(KEY, "")
    ranked = page.evaluate(LARGEST)
    for place_of in PANELS:
        if place_of < len(ranked):
            yield f"panel: node {place_of + 1} by papers", page.evaluate(PANEL, ranked[place_of])
    browser.close()


def field(size):
    """Return a placed graph of so many nodes and at most so many links, the least mentioned left out, and its papers."""
    nodes, links = map(int, size.split("/"))
    topics, papers = papers_of_topics(nodes, links)
    graph = graph_of(topics, papers)
    ranked = sorted(graph.edges(data="papers"), key=lambda edge: (-edge[2], edge[0], edge[1]))
    graph.remove_edges_from([edge[:2] for edge in ranked[links:]])
    return place(graph), papers


def told(papers):
    """Yield papers whose sentences are words of the made-up language, frequent and rare as in a real one, and names among them."""
    chance = random.Random(SEED)
    letters = [consonant + vowel for consonant in "bcdfghklmnprstv" for vowel in "aeiou"]
    words = ["".join(chance.choices(letters, k=chance.randint(1, 4))) for _ in range(WORDS)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(WORDS)))
    for number, names in enumerate(papers):
        title = " ".join(chance.choices(words, cum_weights=weights, k=9)).capitalize()
        text, sentences = "", []
        for place_of, chosen in enumerate(
            [names[: len(names) // 2], names, names[len(names) // 2 :], (), (), (), ()]
        ):
            start, marks = len(title) + 1 + len(text), []
            for name in chosen:
                text += " ".join(chance.choices(words, cum_weights=weights, k=3)) + " "
                marks.append(
                    (len(title) + 1 + len(text), len(title) + 1 + len(text) + len(name), name)
                )
                text += name + " "
            text += (
                " ".join(
                    chance.choices(
                        words,
                        cum_weights=weights,
                        k=WORDS_A_PAPER // 7 - 4 * len(chosen) * (place_of < 1),
                    )
                )
                + ". "
            )
            sentences.append(MarkedSentence(start, len(title) + len(text), tuple(marks)))
        paper = Paper(
            f"p{number:06}",
            title,
            text.strip(),
            2015 + number % 10,
            "venue",
            f"https://example.org/{number}",
        )
        yield MarkedPaper(paper, tuple(sentences))


def ours(driver, path, size):
    graph, papers = field(size)
    write_html(
        GraphView(
            graph, lambda: told(papers), lambda: iter(()), len(graph), graph.number_of_edges()
        ),
        path,
    )
    browser, page = opened(driver)
    page.goto(path.as_uri())
    drawn, used = page.evaluate("window.kg.ready")["ms"] / 1000, worked(page)
    before = worked(page)
    filtered = sorted(page.evaluate(FILTER) for _ in range(9))[4]
    filtering = (worked(page) - before) / 9
    page.evaluate("document.querySelector('[data-kg=\"reset\"]').click()")
    whole = moving(page)
    page.evaluate(NEAR)
    near = moving(page)
    browser.close()
    row(
        f"kg {size}",
        path,
        f"{drawn:.2f} ({used:.2f})",
        f"{filtered:.0f} ({1000 * filtering:.0f})",
        *near,
        *whole,
    )


def row(name, path, drawn, *figures):
    print(
        f"{name:<16} {path.stat().st_size / 1e6:>5.2f} {drawn:>14}",
        *(f"{figure:>12}" for figure in figures),
        flush=True,
    )


def worked(page):
    """Return the seconds that the page's process has worked."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    metrics = session.send("Performance.getMetrics")["metrics"]
    session.detach()
    return next(one["value"] for one in metrics if one["name"] == "ProcessTime")


def opened(driver):
    """Return a browser without network and its page."""
    browser = driver.chromium.launch(
        executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
    )
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    context.set_default_timeout(PYVIS_LIMIT * 1000)
    return browser, context.new_page()


def moving(page):
    """Return the frames a second while a hand drags the picture, and while a wheel zooms it in and out, each with the processor's time a frame."""
    box = page.locator("#scene canvas, #mynetwork canvas").first.bounding_box()
    x, y = box["x"] + box["width"] - 30, box["y"] + box["height"] - 30
    page.mouse.move(x, y)
    page.mouse.down()
    pan = frames(
        page, lambda step: page.mouse.move(x + 60 * ((step % 20) - 10) / 10, y - 2 * (step % 20))
    )
    page.mouse.up()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    zoom = frames(page, lambda step: page.mouse.wheel(0, 40 if step // 4 % 2 else -40))
    return pan, zoom


def frames(page, act):
    before = worked(page)
    page.evaluate(f"() => {{ window.counted = ({ROUND})({SECONDS}); }}")
    began, step = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS:
        act(step)
        step += 1
    rate = page.evaluate("() => window.counted")
    return f"{rate:.0f} ({1000 * (worked(page) - before) / (rate * SECONDS):.0f})"


def pyvis_defaults(driver, path):
    graph, _ = field(PYVIS_SIZE)
    network = Network(
        cdn_resources="in_line"
    )  # by default it loads vis-network from the network, and without one draws nothing
    network.from_nx(nx.Graph(graph.edges))
    path.write_text(network.generate_html(), encoding="utf-8")
    browser, page = opened(driver)
    page.goto(path.as_uri(), wait_until="commit")
    until = time.monotonic() + PYVIS_LIMIT
    page.evaluate(
        f"() => {{ const watch = () => window.network ? {FIRST}.then((ms) => {{ window.drawnAt = ms; }}) : setTimeout(watch, 5); watch(); }}"
    )
    drawn = None
    while drawn is None and time.monotonic() < until:
        time.sleep(1)
        drawn = page.evaluate("() => window.drawnAt ?? null")
    took = f">{PYVIS_LIMIT}" if drawn is None else f"{drawn / 1000:.1f}"
    row(f"pyvis {PYVIS_SIZE}", path, f"{took} ({worked(page):.2f})")
    browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
