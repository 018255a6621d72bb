"""The page in a real Chromium, opened from disk."""

import csv
import io
import math
import os
import shutil
import time
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from importlib import resources
from itertools import combinations

import networkx as nx
import pytest
from records import dated, ring, small_view

from exports.html import Framed, render_html, write_html
from exports.palette import LIGHT
from kg.analysis.gaps import find_gaps
from kg.analysis.trends import find_trends
from kg.graph.assemble import place, read_graph
from kg.graph.filters import Filters, view
from kg.graph.strength import strongest_data_links, strongest_links
from kg.graph.view import GraphView
from kg.project import page_view
from kg.records import MarkedPaper, MarkedSentence, Paper

playwright = pytest.importorskip(
    "playwright.sync_api", reason="the driver of browsers is not installed"
)
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium is installed"
    ),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


GAN, LABEL = "generative-adversarial-network", "generative adversarial network"
"""A node of the small view, by id and label."""
PATIENCE = 120_000
"""Milliseconds that a machine with much other work may take for what takes one of a second."""
playwright.expect.set_options(timeout=PATIENCE)


@pytest.fixture(name="browser", scope="module")
def _browser():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(name="open_page")
def _open_page(browser, tmp_path):
    """Open the page of a view; any request beyond the file, any error in the page, fails the test."""
    pages, troubles = [], []

    def open_view(view, **settings):
        path = tmp_path / "graph.html"
        write_html(view, path)
        page = browser.new_page(
            viewport=settings.pop("viewport", {"width": 1280, "height": 800}), **settings
        )
        page.set_default_timeout(PATIENCE)
        page.on(
            "request",
            lambda request: (
                troubles.append(request.url)
                if not request.url.startswith(("file:", "data:", "blob:"))
                else None
            ),
        )
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console",
            lambda message: troubles.append(message.text) if message.type == "error" else None,
        )
        page.goto(path.as_uri())
        pages.append(page)
        return page, page.evaluate("window.kg.ready")

    yield open_view
    for page in pages:
        page.close()
    assert troubles == []


def test_it_draws_every_node_and_link_and_counts_them(open_page):
    page, ready = open_page(small_view())
    assert (ready["nodes"], ready["links"]) == (5, 8)
    assert page.locator('[data-kg="counts"]').inner_text() == "5 of 5 nodes, 8 of 8 links"
    painted = page.evaluate("""() => {
        const canvas = document.querySelector('#scene canvas');
        return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((v) => v > 0); }""")
    assert painted


def test_a_name_is_found_by_alias_and_opens_its_panel_with_marked_sentences(open_page):
    page, _ = open_page(small_view())
    page.keyboard.press("/")
    page.keyboard.type("generative adv")
    page.wait_for_selector('[data-kg="suggestions"] [data-id^="generative"]')
    page.keyboard.press("Enter")
    page.wait_for_selector('[data-kg="panel"] [data-kg="evidence"] mark')
    panel = page.locator('[data-kg="panel"]')
    assert "generative adversarial network" in panel.inner_text()
    assert panel.locator('[data-kg="neighbour"]').count() == 3
    assert panel.locator("mark.chosen").all_inner_texts() == [
        "GANs",
        "generative adversarial network",
        "GAN",
    ]


def test_a_link_opens_the_sentences_with_both_names_marked(open_page):
    page, _ = open_page(small_view())
    page.evaluate("window.kg.selectLink('bert', 'glue')")
    quotes = page.locator('[data-kg="panel"] [data-kg="evidence"]').all_inner_texts()
    assert quotes[0] == "RoBERTa beats BERT on GLUE."
    assert page.locator('[data-kg="panel"] blockquote').first.locator(
        "mark.chosen"
    ).all_inner_texts() == ["BERT", "GLUE"]
    assert "2 papers mention both" in page.locator('[data-kg="panel"]').inner_text()


def test_filters_hide_nodes_say_so_and_reset(open_page):
    page, _ = open_page(small_view())
    page.locator('[data-kg="type"][value="method"]').uncheck()
    assert sorted(page.evaluate("window.kg.shown().nodes")) == ["glue", "squad"]
    assert "3 nodes by type" in page.locator('[data-kg="hidden"]').inner_text()
    page.locator('[data-kg="reset"]').click()
    page.locator('[data-kg="year-from"]').fill("2020")
    assert sorted(page.evaluate("window.kg.shown().nodes")) == ["bert", GAN]
    page.locator('[data-kg="reset"]').click()
    assert len(page.evaluate("window.kg.shown().nodes")) == 5


def test_nodes_without_a_link_can_be_hidden(open_page):
    page, _ = open_page(small_view())
    page.locator('[data-kg="min-link"]').fill("2")
    assert len(page.evaluate("window.kg.shown().nodes")) == 5
    page.locator('[data-kg="linked"]').check()
    assert sorted(page.evaluate("window.kg.shown().nodes")) == ["bert", GAN, "glue"]
    assert "2 nodes by lack of links" in page.locator('[data-kg="hidden"]').inner_text()


def test_the_list_holds_the_shown_nodes_and_leads_to_them(open_page):
    page, _ = open_page(small_view())
    rows = page.locator('[data-kg="list"] tbody tr')
    assert rows.count() == 5
    show(page, "side-list")
    rows.locator("button", has_text="SQuAD").click()
    assert page.locator('[data-kg="panel"] h2').inner_text() == "SQuAD"


def test_the_address_brings_the_selection_back(open_page):
    page, _ = open_page(small_view())
    page.evaluate("window.kg.select('squad')")
    page.evaluate("window.kg.select('glue')")
    page.go_back()
    opened(page, "SQuAD")


def test_names_and_addresses_are_shown_as_text_and_never_run(open_page):
    view = small_view()
    graph = view.graph.copy()
    nasty = "<img src=x onerror=\"document.title='run'\">"
    graph.nodes["bert"]["label"] = nasty
    text = f"{nasty} 🙂 BERT"
    paper = MarkedPaper(
        Paper("x", nasty, text, 2020, None, "javascript:document.title='run'"),
        (MarkedSentence(0, len(nasty), ((0, 4, "bert"),)),),
    )
    page, _ = open_page(GraphView(graph, lambda: iter([paper]), lambda: iter(()), 5, 6))
    page.evaluate("window.kg.select('bert')")
    assert page.locator('[data-kg="panel"] h2').inner_text() == nasty
    assert page.locator('[data-kg="panel"] img').count() == 0
    assert page.locator('[data-kg="panel"] a').count() == 0
    assert page.title() == "Knowledge graph"


@pytest.mark.parametrize("size", [(360, 740), (2560, 1440)])
def test_it_fits_small_and_large_windows(open_page, size):
    page, _ = open_page(
        small_view(), viewport={"width": size[0], "height": size[1]}, color_scheme="dark"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    box = page.locator("#scene").bounding_box()
    assert box["width"] > 200
    assert box["height"] > 200


def test_three_thousand_nodes_are_drawn_complete(open_page):
    graph = ring(3000)
    for n, (_, data) in enumerate(graph.nodes(data=True)):
        angle = 2 * math.pi * n / 3000
        data.update(community=n // 100, pagerank=1 / 3000, betweenness=0.0, size=4.0)
        data.update(x=3000 * math.cos(angle), y=3000 * math.sin(angle))
    page, ready = open_page(GraphView(graph, lambda: iter(()), lambda: iter(()), 3000, 3000))
    assert ready["nodes"] == 3000
    rows = page.locator('[data-kg="list"] tbody tr')
    assert rows.count() == 101
    show(page, "side-list")
    page.locator('[data-kg="more"]').click()
    assert rows.count() == 501


def at(page, node):
    """Where a node is in the window."""
    return page.evaluate("""(id) => {
        const box = document.getElementById('scene').getBoundingClientRect();
        const spot = window.kg.network.canvasToDOM(window.kg.network.getPosition(id));
        return {x: box.x + spot.x, y: box.y + spot.y}; }""", node)  # fmt: skip


def drag(page, start, across, down):
    page.mouse.move(start["x"], start["y"])
    page.mouse.down()
    page.mouse.move(start["x"] + across / 2, start["y"] + down / 2)
    page.mouse.move(start["x"] + across, start["y"] + down)
    page.mouse.up()


def test_a_node_can_be_dragged_and_the_others_stay(open_page):
    page, _ = open_page(small_view())
    before = {node: at(page, node) for node in ("bert", "glue")}
    drag(page, before["bert"], 60, 40)
    wanted = pytest.approx((60, 40), abs=1)  # places of nodes are told in whole units
    assert soon(lambda: moved(page, "bert", before["bert"]), wanted) == wanted
    assert moved(page, "glue", before["glue"]) == (0, 0)


def test_dragging_the_ground_moves_the_picture(open_page):
    page, _ = open_page(small_view())
    before = {node: at(page, node) for node in ("bert", "glue")}
    drag(page, {"x": 1200, "y": 760}, 50, -30)
    for node, place_before in before.items():
        assert soon(lambda node=node, start=place_before: moved(page, node, start), (50, -30)) == (
            50,
            -30,
        )


def soon(look, wanted):
    """Look until what is wanted is seen, or the last look: input from a driver comes with the next frame."""
    until = time.monotonic() + PATIENCE / 1000
    while (seen := look()) != wanted and time.monotonic() < until:
        time.sleep(0.05)
    return seen


def moved(page, node, before):
    """How far a node has moved in the window, in whole pixels."""
    now = at(page, node)
    return round(now["x"] - before["x"]), round(now["y"] - before["y"])


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def show(page, part):
    """Choose a tab."""
    page.locator(f'[role="tab"][data-tab="{part}"]').click()


def opened(page, heading):
    """Wait until the panel shows something of this heading."""
    playwright.expect(page.locator('[data-kg="panel"] h2')).to_have_text(heading)


def settled(page):
    """Wait until the running move has ended. The page's policy forbids the strings that ``wait_for_function`` runs again and again."""
    page.evaluate("window.kg.settled()")


def saved(page, kind):
    """What a button of the menu saves."""
    page.locator('[data-kg="save"] summary').click()
    with page.expect_download() as download:
        page.locator(f'[data-kg="{kind}"]').click()
    return download.value.path().read_bytes()


def two_rings(one, other):
    """A view of two parts without a link between."""
    parts = [
        nx.relabel_nodes(ring(size), {f"n{n:05}": f"{name}{n}" for n in range(size)})
        for name, size in (("a", one), ("b", other))
    ]
    return GraphView(
        place(nx.union(*parts)), lambda: iter(()), lambda: iter(()), one + other, one + other
    )


def test_suggestions_are_walked_by_arrows_and_narrowed_to_a_type(open_page):
    page, _ = open_page(small_view())
    press(page, "/")
    page.keyboard.type("b")
    options = page.locator('[data-kg="suggestions"] [data-id]')
    assert options.evaluate_all("items => items.map((item) => item.dataset.id)") == [
        "bert",
        "roberta",
    ]
    press(page, "ArrowDown")
    assert page.locator('[data-kg="search"]').get_attribute("aria-activedescendant") == options.nth(
        1
    ).get_attribute("id")
    press(page, "Enter")
    opened(page, "RoBERTa")
    assert page.evaluate("window.kg.find('dataset:')") == ["squad"]
    assert page.evaluate("window.kg.find('benchmark: g')") == ["glue"]


def test_the_list_is_sorted_by_its_headings(open_page):
    page, _ = open_page(small_view())
    first = page.locator('[data-kg="list"] tbody td:first-child')
    assert first.all_inner_texts() == ["BERT", LABEL, "GLUE", "RoBERTa", "SQuAD"]
    show(page, "side-list")
    page.locator('[data-sort="label"]').click()
    page.locator('[data-sort="label"]').click()
    assert first.all_inner_texts() == ["SQuAD", "RoBERTa", "GLUE", LABEL, "BERT"]
    assert (
        page.locator("th", has=page.locator('[data-sort="label"]')).get_attribute("aria-sort")
        == "descending"
    )


def test_one_community_can_be_shown_alone_from_its_name(open_page):
    page, _ = open_page(two_rings(6, 5))
    assert page.locator('[data-kg="clusters"] li').count() >= 2
    page.evaluate("window.kg.select('a0')")
    show(page, "panel-about")
    page.locator('[data-kg="community-of"]').click()
    page.locator('[data-kg="community-alone"]').click()
    shown = page.evaluate("window.kg.shown().nodes")
    assert "a0" in shown
    assert all(node.startswith("a") for node in shown)
    assert "by community" in page.locator('[data-kg="hidden"]').inner_text()


def test_a_panel_says_why_names_are_one_and_draws_the_years(open_page):
    page, _ = open_page(small_view())
    page.evaluate(f"window.kg.select('{GAN}')")
    show(page, "panel-about")
    page.locator("details", has_text="Why these names are one").locator("summary").click()
    assert (
        "GAN: defined as “generative adversarial network (GAN)” (p3)"
        in page.locator('[data-kg="names"]').inner_text()
    )
    assert (
        page.locator('[data-kg="years"]').get_attribute("aria-label")
        == "Papers by year: 2019: 1, 2020: 1"
    )


def test_a_link_is_explained_in_words(open_page):
    page, _ = open_page(small_view())
    page.evaluate("window.kg.selectLink('bert', 'glue')")
    words = page.locator('[data-kg="panel"] .facts').inner_text()
    assert "2 papers mention both, 1 in one sentence. First in 2018, last in 2019." in words
    assert "times what chance gives" in words


def test_what_is_chosen_is_in_view_beside_the_panel(open_page):
    page, _ = open_page(small_view())
    page.evaluate("window.kg.network.moveTo({position: {x: 1e5, y: 0}})")
    page.evaluate("window.kg.selectLink('bert', 'glue')")
    settled(page)
    edge = page.locator('[data-kg="panel"]').bounding_box()["x"]
    assert all(300 < at(page, node)["x"] < edge for node in ("bert", "glue"))


def test_the_picture_stays_where_it_is_when_a_panel_opens(open_page):
    page, _ = open_page(GraphView(place(ring(12)), lambda: iter(()), lambda: iter(()), 12, 12))
    nodes = sorted(page.evaluate("window.kg.shown().nodes"), key=lambda node: at(page, node)["x"])
    before = {node: at(page, node) for node in nodes}
    page.mouse.click(before[nodes[0]]["x"], before[nodes[0]]["y"])
    page.wait_for_selector('[data-kg="panel"] h2')
    assert all(
        abs(at(page, node)["x"] - spot["x"]) + abs(at(page, node)["y"] - spot["y"]) < 1
        for node, spot in before.items()
    )


def test_two_moves_at_once_do_not_hold_the_picture(open_page):
    page, _ = open_page(small_view())
    page.evaluate("() => { kg.select('bert'); kg.fit(); kg.select('glue'); }")
    soon = page.evaluate("kg.viewSoon()")
    settled(page)
    assert page.evaluate("kg.view()") == pytest.approx(soon)
    page.evaluate("() => { kg.fit(); kg.network.moveTo({position: {x: 12, y: 34}, scale: 0.5}); }")
    page.evaluate("() => new Promise((resolve) => setTimeout(resolve, 400))")
    assert page.evaluate("kg.view()") == pytest.approx({"x": 12, "y": 34, "scale": 0.5})


def test_a_panel_leads_on_and_back_and_forward_work(open_page):
    page, _ = open_page(small_view())
    page.evaluate("window.kg.select('bert')")
    page.locator('[data-kg="panel"] [data-id="glue"]').click()
    opened(page, "GLUE")
    page.locator('[data-kg="panel"] mark.other').get_by_text("BERT", exact=True).first.click()
    opened(page, "BERT")
    page.go_back()
    opened(page, "GLUE")
    page.go_forward()
    opened(page, "BERT")


def test_a_double_click_shows_the_surroundings_alone_and_escape_leads_back(open_page):
    page, _ = open_page(GraphView(place(ring(12)), lambda: iter(()), lambda: iter(()), 12, 12))
    spot = at(page, "n00003")
    page.mouse.dblclick(spot["x"], spot["y"])
    three = ["n00002", "n00003", "n00004"]
    assert soon(lambda: page.evaluate("window.kg.shown().nodes"), three) == three
    page.locator('[data-kg="scope"]').get_by_text("Two steps").click()
    assert soon(lambda: len(page.evaluate("window.kg.shown().nodes")), 5) == 5
    assert "nodes by distance" in page.locator('[data-kg="hidden"]').inner_text()
    press(page, "Escape", "Escape")
    assert soon(lambda: len(page.evaluate("window.kg.shown().nodes")), 12) == 12


def test_a_path_between_two_nodes_is_the_shortest(open_page):
    page, _ = open_page(GraphView(place(ring(12)), lambda: iter(()), lambda: iter(()), 12, 12))
    page.evaluate("window.kg.select('n00002')")
    page.locator('[data-kg="path"]').click()
    page.keyboard.type("Node 11")
    press(page, "Enter")
    steps = page.locator('[data-kg="path-steps"] [data-kg="neighbour"]')
    steps.first.wait_for()
    assert steps.evaluate_all("items => items.map((item) => item.dataset.id)") == [
        "n00002",
        "n00001",
        "n00000",
        "n00011",
    ]


def test_where_no_path_leads_the_page_says_so(open_page):
    page, _ = open_page(two_rings(4, 4))
    page.evaluate("window.kg.selectPath('a0', 'b1')")
    assert "No path leads" in page.locator('[data-kg="panel"]').inner_text()


def test_the_trends_are_those_of_the_command(open_page):
    rows = [(2010 + n % 6, ["BERT", "SQuAD"]) for n in range(12)]
    rows += [(2020 + n % 3, ["GAN", "GLUE"]) for n in range(9)]
    rows += [(2010 + n, ["ResNet"]) for n in range(13)]
    store = dated(rows)
    found = find_trends(store)
    page, _ = open_page(view(store, read_graph(store), Filters()))
    page.locator('[data-kg="trends"]').click()
    page.evaluate("window.kg.opening()")
    names = page.locator('[data-kg="rising-nodes"] [data-kg="neighbour"]').all_inner_texts()
    rising = [one for one in found.nodes if one.rises and one.q <= 0.05]
    assert names == [one.label for one in rising]
    assert len(names) == 2
    tested = page.evaluate("window.kg.trends()")
    assert [one["p"] for one in tested["nodes"]] == pytest.approx(
        [one.p for one in found.nodes], rel=1e-5
    )
    assert [one["q"] for one in tested["links"]] == pytest.approx(
        [one.q for one in found.links], rel=1e-5
    )
    assert tested["middle"] == found.middle
    for what, told in (("nodes", found.nodes), ("links", found.links)):
        seen = [(one["kind"], one["growth"]) for one in tested[what]]
        assert seen == [(str(one.kind), pytest.approx(one.growth, abs=1e-3)) for one in told]
    assert page.locator('[data-kg="peaked-nodes"] [data-kg="neighbour"]').all_inner_texts() == [
        one.label for one in found.nodes if one.kind == "peaked"
    ]


def test_what_is_shown_can_be_taken_away_as_graphml_and_tables(open_page):
    page, _ = open_page(small_view())
    page.locator('[data-kg="type"][value="dataset"]').uncheck()
    shown = page.evaluate("window.kg.shown()")
    links = {frozenset(link) for link in shown["links"]}
    graph = nx.parse_graphml(saved(page, "graphml").decode())
    assert sorted(graph) == shown["nodes"] == ["bert", GAN, "glue", "roberta"]
    assert {frozenset(link) for link in graph.edges} == links
    assert (
        graph.nodes["bert"]["label"],
        graph.nodes["bert"]["papers"],
        graph.edges["bert", "glue"]["weight"],
    ) == ("BERT", 3, 2.0)
    assert [
        row["Id"] for row in csv.DictReader(io.StringIO(saved(page, "csv-nodes").decode()))
    ] == shown["nodes"]
    assert {
        frozenset((row["Source"], row["Target"]))
        for row in csv.DictReader(io.StringIO(saved(page, "csv-links").decode()))
    } == links


def test_the_view_can_be_taken_away_as_a_picture(open_page):
    page, _ = open_page(small_view())
    assert saved(page, "png").startswith(b"\x89PNG")
    picture = ET.fromstring(saved(page, "svg"))  # noqa: S314 - made by the page under test
    names = {"svg": "http://www.w3.org/2000/svg"}
    assert len(picture.findall(".//svg:path[svg:title]", names)) == 5
    assert len(picture.findall(".//svg:line", names)) == 8
    assert "BERT" in [text.text for text in picture.findall(".//svg:text", names)]


def test_the_address_holds_all_state(open_page):
    page, _ = open_page(small_view())
    page.locator('[data-kg="type"][value="dataset"]').uncheck()
    page.locator('[data-kg="year-to"]').fill("2019")
    page.locator('[data-kg="backbone"]').check()
    page.locator('[data-kg="theme"]').click()
    show(page, "side-list")
    page.locator('[data-sort="label"]').click()
    page.locator('input[name="colour"][value="type"]').check()
    page.evaluate("window.kg.select('glue')")
    page.evaluate("window.kg.surroundings('glue', 2)")
    state = page.evaluate("[window.kg.shown(), window.kg.state()]")
    page.evaluate("() => { location.hash = window.kg.state(); }")
    page.goto("about:blank")
    page.go_back()
    page.evaluate("window.kg.ready")
    shown, address = page.evaluate("[window.kg.shown(), window.kg.state()]")
    assert (shown, address.split("&view=")[0]) == (state[0], state[1].split("&view=")[0])
    opened(page, "GLUE")
    for name in (
        "node=glue",
        "around=glue",
        "steps=2",
        "without=dataset",
        "year-to=2019",
        "backbone=1",
        "theme=dark",
        "sort=label%2C1",
        "colour=type",
    ):
        assert name in state[1].split("&")


def test_everything_is_reached_by_keys(open_page):
    page, _ = open_page(small_view())
    page.locator("#scene").focus()
    press(page, "ArrowRight")
    opened(page, "BERT")
    before = page.evaluate("window.kg.network.getScale()")
    press(page, "+")
    assert page.evaluate("window.kg.network.getScale()") > before
    press(page, "0", "Shift+ArrowRight", "s")
    assert page.locator('[data-kg="scope"]').is_visible()
    press(page, "Enter")
    assert page.evaluate("document.activeElement.innerText") == "BERT"
    press(page, "Tab")
    assert page.evaluate("document.activeElement.dataset.kg") == "around"
    press(page, "Escape", "Escape")
    assert page.locator('[data-kg="panel"]').is_hidden()
    assert page.evaluate("document.activeElement.id") == "scene"
    assert len(page.evaluate("window.kg.shown().nodes")) == 5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_page, scheme):
    page, _ = open_page(small_view(), color_scheme=scheme)
    page.evaluate(
        resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    )
    for state in (
        "0",
        f"window.kg.select('{GAN}')",
        "window.kg.selectLink('bert', 'glue')",
        f"window.kg.selectPath('bert', '{GAN}')",
        f"window.kg.selectNodes(['bert', '{GAN}'])",
        "document.querySelector('[data-kg=trends]').click()",
        "document.querySelector('[data-kg=gaps]').click()",
        "document.querySelector('header [data-kg=matrix]').click()",
        "document.querySelector('[data-kg=about]').click()",
        "document.querySelector('[data-tab=side-clusters]').click()",
        "document.querySelector('[data-community]').click()",
        "document.querySelector('[data-tab=side-list]').click()",
        "window.kg.surroundings('bert')",
        "(box => { box.value = 'b'; box.dispatchEvent(new Event('input')); })(document.querySelector('[data-kg=search]'))",
        "document.querySelector('[data-kg=save]').open = true",
        "document.querySelector('[data-kg=keys]').showModal()",
    ):
        page.evaluate(f"async () => {{ await ({state}); await window.kg.opening(); }}")
        found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        assert [
            (state, one["id"], one["nodes"][0]["html"])
            for one in found
            if one["impact"] in {"serious", "critical"}
        ] == []


def test_with_reduced_motion_the_picture_jumps(open_page):
    page, _ = open_page(small_view(), reduced_motion="reduce")
    page.evaluate("window.kg.select('squad')")
    centre = page.evaluate(
        "(() => { const box = document.getElementById('scene').getBoundingClientRect(); return {x: box.x + box.width / 2, y: box.y + box.height / 2}; })()"
    )
    spot = at(page, "squad")
    assert (round(spot["x"] - centre["x"]), round(spot["y"] - centre["y"])) == (0, 0)


NASTY = [
    "</script><script>document.title='run'</script>",
    "<img src=x onerror=\"document.title='run'\">",
    "\u202egnp.exe",
    "مرحبا 🙂 שלום",
    "\x00\x07bell\u2028",
    '"><b>&amp;',
    "=1+1",
    "A" * 10_000,
    "${document.title='run'}",
    " ",
]


def test_no_name_runs_or_breaks_the_page_or_what_it_saves(open_page):
    graph = ring(len(NASTY))
    graph = nx.relabel_nodes(graph, {f"n{n:05}": f"{n}{text}" for n, text in enumerate(NASTY)})
    for n, (_, data) in enumerate(graph.nodes(data=True)):
        data.update(label=NASTY[n], aliases=[NASTY[n - 1]])
    graph = place(graph)
    papers = [
        MarkedPaper(
            Paper(text, text, f"{text} {text}", 2020, None, f"javascript:{text}"),
            (MarkedSentence(0, len(text), ((0, len(text), node),)),),
        )
        for text, node in zip(NASTY, sorted(graph), strict=True)
    ]
    page, ready = open_page(
        GraphView(
            graph, lambda: iter(papers), lambda: iter(()), len(graph), len(graph), rule=NASTY[0]
        )
    )
    assert ready["nodes"] == len(NASTY)
    for node in page.evaluate("window.kg.shown().nodes"):
        page.evaluate("(id) => window.kg.select(id)", node)
        page.evaluate(
            """(id) => { const box = document.querySelector('[data-kg="search"]'); box.value = id; box.dispatchEvent(new Event('input'));
                window.kg.surroundings(id); window.kg.surroundings(null); }""",
            node,
        )
    assert page.locator("img, main a, main b, main script").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert len(nx.parse_graphml(saved(page, "graphml").decode())) == len(NASTY)
    assert len(list(csv.DictReader(io.StringIO(saved(page, "csv-nodes").decode())))) == len(NASTY)
    assert ET.fromstring(saved(page, "svg")).tag.endswith("svg")  # noqa: S314 - made by the page under test
    assert page.title() == "Knowledge graph"


def test_what_can_be_done_on_a_small_screen(open_page):
    page, _ = open_page(small_view(), viewport={"width": 360, "height": 740}, has_touch=True)
    assert page.locator("#side").is_hidden()
    page.locator('[data-kg="side"]').click()
    assert page.locator('[data-kg="min-papers"]').is_visible()
    page.locator('[data-kg="side"]').click()
    settled(page)
    spot = at(page, "bert")
    page.touchscreen.tap(spot["x"], spot["y"])
    opened(page, "BERT")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_what_is_pointed_at_is_marked_with_its_links(open_page):
    page, _ = open_page(small_view())
    marked = """() => { const over = document.getElementById('over');
        return over.getContext('2d').getImageData(0, 0, over.width, over.height).data.some((v) => v > 0); }"""
    assert not page.evaluate(marked)
    show(page, "side-list")
    page.locator('[data-kg="list"] [data-id="glue"]').hover()
    assert soon(lambda: page.evaluate("window.kg.hovered()"), "glue") == "glue"
    assert page.evaluate(marked)
    page.locator('[data-kg="counts"]').hover()
    assert soon(lambda: page.evaluate(marked), wanted=False) is False


def test_nodes_are_coloured_by_community_type_or_year(open_page):
    page, _ = open_page(small_view())
    graph = small_view().graph
    communities = {community for _, community in graph.nodes(data="community")}
    assert len(set(page.evaluate("window.kg.paints()").values())) == len(communities)
    page.locator('input[name="colour"][value="type"]').check()
    by_type = page.evaluate("window.kg.paints()")
    assert by_type == {node: LIGHT[kind] for node, kind in graph.nodes(data="type")}
    page.locator('input[name="colour"][value="year"]').check()
    by_year = page.evaluate("window.kg.paints()")
    assert by_year["glue"] == by_year["squad"] != by_year[GAN]
    assert "2018" in page.locator('[data-kg="legend-items"]').inner_text()


def test_no_label_covers_another_and_the_foremost_nodes_have_theirs(open_page):
    page, _ = open_page(GraphView(place(ring(60)), lambda: iter(()), lambda: iter(()), 60, 60))
    labels = page.evaluate("window.kg.labels()")
    scale = labels[0]["scale"]
    boxes = [
        (one["x"] * scale, one["y"] * scale, one["width"] - 6, one["size"])
        for one in labels
        if one["node"]
    ]
    foremost = sorted(ring(60).nodes(data="papers"), key=lambda node: (-node[1], node[0]))[:30]
    assert {node for node, _ in foremost} <= {one["node"] for one in labels}
    for one, other in combinations(boxes, 2):
        (x1, y1, width1, size1), (x2, y2, width2, size2) = one, other
        assert abs(x1 - x2) >= (width1 + width2) / 2 or y1 + size1 <= y2 or y2 + size2 <= y1


def test_clusters_of_ten_nodes_are_named_on_the_map(open_page):
    page, _ = open_page(two_rings(12, 11))
    named = {one["community"] for one in page.evaluate("window.kg.labels()")} - {None}
    sizes = Counter(community for _, community in two_rings(12, 11).graph.nodes(data="community"))
    assert named == {community for community, size in sizes.items() if size >= 10}


def test_a_saved_picture_is_as_wide_and_fine_as_was_asked_for(open_page):
    page, _ = open_page(small_view())
    page.locator('[data-kg="save"] summary').click()
    page.locator('[data-kg="figure-mm"]').fill("127")
    page.locator('[data-kg="figure-dpi"]').fill("200")
    page.locator('[data-kg="save"] summary').click()
    picture = saved(page, "png")
    place_of = picture.index(b"pHYs") + 4
    assert int.from_bytes(picture[16:20], "big") == 1000
    assert int.from_bytes(picture[place_of : place_of + 4], "big") == round(200 / 0.0254)


def test_in_a_notebook_the_page_works_in_its_frame(browser):
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.set_content(Framed(render_html(small_view()), 500)._repr_html_())
    page.frames[1].evaluate("window.kg.ready")
    frame = page.frame_locator("iframe")
    frame.get_by_role("tab", name="List").click()
    frame.locator('[data-kg="list"] button', has_text="SQuAD").click()
    playwright.expect(frame.locator('[data-kg="panel"] h2')).to_have_text("SQuAD")
    page.close()


def test_one_tab_is_shown_at_a_time_and_arrow_keys_walk_along_them(open_page):
    page, _ = open_page(small_view())
    parts = ["side-filters", "side-list", "side-clusters"]

    def visible():
        return [one for one in parts if page.locator(f"#{one}").is_visible()]

    assert visible() == ["side-filters"]
    show(page, "side-clusters")
    assert visible() == ["side-clusters"]
    press(page, "ArrowRight")
    assert visible() == ["side-filters"]
    press(page, "ArrowRight")
    assert visible() == ["side-list"]
    assert page.evaluate("document.activeElement.getAttribute('aria-selected')") == "true"
    page.evaluate("window.kg.select('bert')")
    assert page.locator("#panel-links").is_visible()
    assert page.locator("#panel-papers").is_hidden()
    show(page, "panel-papers")
    playwright.expect(page.locator("#panel-papers article").first).to_be_visible()
    assert page.locator("#panel-papers article").count() == 3
    assert page.locator("#panel-links").is_hidden()


def field_store():
    """A store of papers that leave gaps, with links of several strengths and a node between two groups."""
    rows = [(2015 + n % 5, ["BERT", "SQuAD", "GLUE"]) for n in range(6)]
    rows += [(2016 + n % 4, ["RoBERTa", "SQuAD"]) for n in range(5)]
    rows += [(2016 + n % 4, ["ResNet", "ImageNet"]) for n in range(5)]
    rows += [(2018, ["ResNet", "GLUE"]), (2019, ["XLNet", "GLUE"]), (2019, ["XLNet", "GLUE"])]
    return dated(rows)


def test_strongest_links_bridges_and_gaps_are_those_of_the_commands(open_page):
    store = field_store()
    graph = read_graph(store)
    gaps = find_gaps(store)
    page, _ = open_page(page_view(store, graph, Filters()))
    found = page.evaluate("window.kg.findings()")
    ids = sorted(graph, key=lambda node: (-graph.nodes[node]["papers"], node))
    pairs = [tuple(sorted(ids[n] for n in pair)) for pair in found["strongest"]]
    assert pairs == strongest_links(store, 100)
    data = [tuple(sorted(ids[n] for n in pair)) for pair in found["data"]]
    assert data == strongest_data_links(store, 100) == [("glue", "squad")]
    assert [(ids[one], ids[other]) for one, other, *_ in found["gaps"]] == [
        (gap.method, gap.resource) for gap in gaps
    ]
    assert len(gaps) > 0
    page.locator('[data-kg="gaps"]').click()
    shown = page.locator('[data-kg="gap-list"] > li').first.locator('[data-kg="neighbour"]')
    assert shown.all_inner_texts() == gaps[0].label.split(" — ")
    page.locator('[data-kg="about"]').click()
    show(page, "panel-bridges")
    bridges = page.locator('[data-kg="bridges"] [data-kg="neighbour"]').all_inner_texts()
    between = dict(graph.nodes(data="betweenness"))
    expected = sorted((n for n in graph if between[n]), key=lambda n: (-between[n], n))
    assert bridges == [graph.nodes[n]["label"] for n in expected if n in {"glue", "resnet"}]
    show(page, "panel-links")
    first = page.locator('[data-kg="strongest-links"] > li').first.locator('[data-kg="neighbour"]')
    labels = {graph.nodes[n]["label"] for n in strongest_links(store, 1)[0]}
    assert set(first.all_inner_texts()) == labels


def many_clusters():
    """A view of twenty clusters of ten nodes in four areas."""
    graph = nx.Graph()
    for c in range(20):
        for k in range(10):
            x, y = 400 * (c % 5) + 30 * (k % 4), 400 * (c // 5) + 30 * (k // 4)
            label = f"node {c} of {k}"
            data = {"label": label, "type": "method", "aliases": [], "mentions": 1, "size": 8.0}
            data |= {"papers": 40 - k, "community": c, "community_name": f"{label} · another"}
            data |= {"area": c // 5, "area_name": f"area {c // 5} · what else is in it"}
            graph.add_node(f"{c:02}-{k}", **data, x=x, y=y, pagerank=0.005, betweenness=0.0)
            if k:
                graph.add_edge(f"{c:02}-0", f"{c:02}-{k}", papers=2, q=0.01)
    return GraphView(graph, lambda: iter(()), lambda: iter(()), 200, 180)


def covering(labels):
    """Pairs of labels one of which covers another."""
    scale = labels[0]["scale"]
    boxes = [
        (one["x"] * scale, one["y"] * scale, one["width"] - 6, one["size"], one["text"])
        for one in labels
    ]
    return [
        (one[4], other[4])
        for one, other in combinations(boxes, 2)
        if abs(one[0] - other[0]) < (one[2] + other[2]) / 2
        and one[1] + one[3] > other[1]
        and other[1] + other[3] > one[1]
    ]


@pytest.mark.parametrize("size", [(1600, 1000), (390, 844)])
def test_of_many_clusters_areas_are_named_and_coloured_first_and_no_name_covers_another(
    open_page, size
):
    page, _ = open_page(many_clusters(), viewport={"width": size[0], "height": size[1]})
    labels = page.evaluate("window.kg.labels()")
    groups = [one for one in labels if one["node"] is None]
    assert {one["area"] for one in groups} == {0, 1, 2, 3}
    assert [pair for pair in covering(labels) if any("area" in text for text in pair)] == []
    paints = page.evaluate("window.kg.paints()")
    assert len(set(paints.values())) == 4 * 3
    assert not any("area" in colour for colour in paints.values())


def test_clusters_are_named_once_one_zooms_in(open_page):
    page, _ = open_page(many_clusters())
    page.evaluate("""() => { const {x, y} = window.kg.network.getPosition('00-0');
        window.kg.network.moveTo({position: {x, y}, scale: 2.5 * window.kg.view().scale}); }""")
    named = [one for one in page.evaluate("window.kg.labels()") if one["node"] is None]
    assert 0 in {one["community"] for one in named}
    assert {one["area"] for one in named} == {None}


def test_the_head_names_the_corpus_or_else_the_file(open_page):
    page, _ = open_page(replace(small_view(), name="Question answering"))
    assert page.locator("h1").inner_text() == "Question answering"
    assert page.title() == "Question answering — knowledge graph"


def test_without_a_name_the_head_has_that_of_the_file_or_folder(browser, tmp_path):
    for path, name in (("kg-out/graph.html", "Knowledge graph"), ("über all/graph.html", "über all"), ("x/my field.html", "my field")):  # fmt: skip
        place_of = tmp_path / path
        place_of.parent.mkdir(exist_ok=True)
        write_html(small_view(), place_of)
        page = browser.new_page()
        page.goto(place_of.as_uri())
        page.evaluate("window.kg.ready")
        assert page.locator("h1").inner_text() == name
        page.close()


def lonely(nodes):
    """A view of so many nodes without a link."""
    graph = ring(max(3, nodes))
    graph.remove_nodes_from(sorted(graph)[nodes:])
    graph.remove_edges_from(list(graph.edges))
    placed = place(graph) if nodes else graph
    return GraphView(placed, lambda: iter(()), lambda: iter(()), nodes, 0)


@pytest.mark.parametrize(
    ("nodes", "words"),
    [(0, "No method, dataset or benchmark was found"), (1, "One node"), (3, "there are no links")],
)
def test_a_graph_of_next_to_nothing_says_what_it_is(open_page, nodes, words):
    page, ready = open_page(lonely(nodes))
    assert ready["nodes"] == nodes
    assert words in page.locator('[data-kg="empty"]').inner_text()
    for button in ("about", "gaps", "matrix"):
        page.locator(f'header [data-kg="{button}"]').click()
        page.evaluate("window.kg.opening()")
        assert page.locator('[data-kg="panel"] h2').is_visible()
    assert len(page.evaluate("window.kg.find('n')")) == nodes


def test_of_one_paper_the_page_says_that_all_comes_from_it(open_page):
    store = dated([(2020, ["BERT", "GLUE", "SQuAD"])])
    page, _ = open_page(page_view(store, read_graph(store), Filters()))
    assert "All comes from one paper" in page.locator('[data-kg="empty"]').inner_text()
    page.evaluate("window.kg.selectLink('bert', 'glue')")
    assert "1 paper mentions both" in page.locator('[data-kg="panel"]').inner_text()


def test_with_forced_colours_what_is_chosen_and_marked_is_told_apart(open_page):
    page, _ = open_page(small_view(), forced_colors="active")
    page.evaluate("window.kg.select('bert')")
    tab = page.locator('[role="tab"][data-tab="panel-links"]')
    other = page.locator('[role="tab"][data-tab="panel-papers"]')
    border = "(element) => getComputedStyle(element).borderBottomColor"
    assert tab.evaluate(border) != other.evaluate(border)
    mark = page.locator('[data-kg="panel"] mark').first
    ground = "(element) => getComputedStyle(element).backgroundColor"
    assert mark.evaluate(ground) != page.locator("body").evaluate(ground)
    swatch = page.locator('[data-kg="legend-items"] .swatch').first
    assert swatch.evaluate(ground) != page.locator("body").evaluate(ground)


def test_a_print_has_the_picture_the_legend_and_the_details_alone(open_page):
    page, _ = open_page(small_view())
    page.evaluate("window.kg.select('bert')")
    page.emulate_media(media="print")
    for gone in ('[data-kg="search"]', "#side", '[data-kg="zoom"]', "header .buttons"):
        assert page.locator(gone).first.is_hidden()
    for there in ("h1", "#scene", '[data-kg="legend"]', '[data-kg="panel"] h2'):
        assert page.locator(there).is_visible()
    assert page.pdf().startswith(b"%PDF")


def drag_along(page, corners, key=None):
    """Drag along corners in the window."""
    if key:
        page.keyboard.down(key)
    page.mouse.move(*corners[0])
    page.mouse.down()
    for x, y in corners[1:]:
        page.mouse.move(x, y, steps=4)
    page.mouse.up()
    if key:
        page.keyboard.up(key)


def test_a_lasso_drawn_by_hand_selects_what_is_within(open_page):
    page, _ = open_page(small_view())
    spots = [at(page, node) for node in ("bert", "glue", GAN, "roberta", "squad")]
    box = page.locator("#scene").bounding_box()
    left = max(box["x"] + 2, min(spot["x"] for spot in spots) - 40)
    right = min(box["x"] + box["width"] - 2, max(spot["x"] for spot in spots) + 40)
    top = max(box["y"] + 2, min(spot["y"] for spot in spots) - 40)
    bottom = min(box["y"] + box["height"] - 2, max(spot["y"] for spot in spots) + 40)
    drag_along(
        page, [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], "Shift"
    )
    opened(page, "5 nodes selected")
    assert page.locator('[data-kg="selected"] [data-kg="neighbour"]').count() == 5


def test_paths_are_asked_for_by_hand_and_the_next_best_follow(open_page):
    page, _ = open_page(GraphView(place(ring(12)), lambda: iter(()), lambda: iter(()), 12, 12))
    page.evaluate("window.kg.select('n00000')")
    page.locator('[data-kg="path"]').click()
    page.keyboard.type("Node 4")
    press(page, "Enter")
    steps = page.locator('[data-kg="path-steps"] [data-kg="neighbour"]')
    playwright.expect(steps).to_have_count(5)
    page.locator('[data-kg="more-paths"]').click()
    playwright.expect(page.locator('[data-kg="paths"] li')).to_have_count(2)
    page.locator('[data-kg="paths"] button').nth(1).click()
    playwright.expect(steps).to_have_count(9)


def test_surroundings_of_two_steps_are_laid_out_anew_and_put_back(open_page):
    page, _ = open_page(GraphView(place(ring(40)), lambda: iter(()), lambda: iter(()), 40, 40))
    before = page.evaluate("window.kg.network.getPositions()")
    page.evaluate("window.kg.select('n00000')")
    page.locator('[data-kg="around"]').click()
    assert len(page.evaluate("window.kg.shown().nodes")) == 3
    page.locator('[data-kg="scope"]').get_by_text("Two steps").click()
    shown = page.evaluate("window.kg.shown().nodes")
    assert shown == ["n00000", "n00001", "n00002", "n00038", "n00039"]
    now = page.evaluate("window.kg.network.getPositions()")
    moved_nodes = [node for node in shown if now[node] != before[node]]
    assert len(moved_nodes) >= 4
    page.locator('[data-kg="scope"]').get_by_text("Show all").click()
    after = page.evaluate("window.kg.network.getPositions()")
    assert all(after[node] == pytest.approx(before[node], abs=1) for node in before)


def test_on_a_phone_a_side_is_a_sheet_that_is_drawn_up_and_makes_room_for_the_other(open_page):
    page, _ = open_page(small_view(), viewport={"width": 390, "height": 844}, has_touch=True)
    page.locator('[data-kg="side"]').click()
    assert page.locator("#side").is_visible()
    page.evaluate("window.kg.select('bert')")
    panel = page.locator('[data-kg="panel"]')
    assert panel.is_visible()
    assert page.locator("#side").is_hidden()
    low = panel.bounding_box()["y"]
    panel.locator('[data-kg="sheet"]').click()
    assert panel.bounding_box()["y"] < low
    page.locator('[data-kg="side"]').click()
    assert panel.is_hidden()
    assert page.locator("#side").is_visible()
