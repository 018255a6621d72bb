"""The page in a real Chromium, opened from disk."""

import os
import shutil

import pytest
from records import ring, small_view

from exports.html import write_html
from kg.graph import place
from kg.model import MarkedPaper, MarkedSentence, Paper
from kg.view import GraphView

playwright = pytest.importorskip("playwright.sync_api", reason="the driver of browsers is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium is installed"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(name="browser", scope="module")
def _browser():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(name="open_page")
def _open_page(browser, tmp_path):
    """Open the page of a view; any request beyond the file, any error in the page, fails the test."""
    pages, troubles = [], []

    def open_view(view, **settings):
        path = tmp_path / "graph.html"
        write_html(view, path)
        page = browser.new_page(viewport=settings.pop("viewport", {"width": 1280, "height": 800}), **settings)
        page.on("request", lambda request: troubles.append(request.url) if not request.url.startswith(("file:", "data:", "blob:")) else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
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
    page.wait_for_selector('[data-kg="suggestions"] [data-id="gan"]')
    page.keyboard.press("Enter")
    page.wait_for_selector('[data-kg="panel"] [data-kg="evidence"] mark')
    panel = page.locator('[data-kg="panel"]')
    assert "generative adversarial network" in panel.inner_text()
    assert panel.locator('[data-kg="neighbour"]').count() == 3
    assert panel.locator("mark.chosen").all_inner_texts() == ["GANs", "generative adversarial network", "GAN", "GAN"]


def test_a_link_opens_the_sentences_with_both_names_marked(open_page):
    page, _ = open_page(small_view())
    page.evaluate("window.kg.selectLink('bert', 'glue')")
    quotes = page.locator('[data-kg="panel"] [data-kg="evidence"]').all_inner_texts()
    assert quotes[0] == "RoBERTa beats BERT on GLUE."
    assert page.locator('[data-kg="panel"] blockquote').first.locator("mark.chosen").all_inner_texts() == ["BERT", "GLUE"]
    assert "2 papers mention both" in page.locator('[data-kg="panel"]').inner_text()


def test_filters_hide_nodes_say_so_and_reset(open_page):
    page, _ = open_page(small_view())
    page.locator('[data-kg="type"][value="method"]').uncheck()
    assert sorted(page.evaluate("window.kg.shown().nodes")) == ["glue", "squad"]
    assert "3 nodes by type" in page.locator('[data-kg="hidden"]').inner_text()
    page.locator('[data-kg="reset"]').click()
    page.locator('[data-kg="year-from"]').fill("2020")
    assert sorted(page.evaluate("window.kg.shown().nodes")) == ["bert", "gan"]
    page.locator('[data-kg="reset"]').click()
    assert len(page.evaluate("window.kg.shown().nodes")) == 5


def test_the_list_holds_the_shown_nodes_and_leads_to_them(open_page):
    page, _ = open_page(small_view())
    rows = page.locator('[data-kg="list"] tbody tr')
    assert rows.count() == 5
    rows.locator("button", has_text="SQuAD").click()
    assert page.locator('[data-kg="panel"] h2').inner_text() == "SQuAD"


def test_the_address_brings_the_selection_back(open_page):
    page, _ = open_page(small_view())
    page.evaluate("window.kg.select('squad')")
    page.evaluate("window.kg.select('glue')")
    page.go_back()
    page.wait_for_function("document.querySelector('[data-kg=panel] h2')?.innerText === 'SQuAD'")


def test_names_and_addresses_are_shown_as_text_and_never_run(open_page):
    view = small_view()
    graph = view.graph.copy()
    nasty = "<img src=x onerror=\"document.title='run'\">"
    graph.nodes["bert"]["label"] = nasty
    text = f"{nasty} 🙂 BERT"
    paper = MarkedPaper(Paper("x", nasty, text, 2020, None, "javascript:document.title='run'"), (MarkedSentence(0, len(nasty), ((0, 4, "bert"),)),))
    page, _ = open_page(GraphView(graph, lambda: iter([paper]), lambda: iter(()), 5, 6))
    page.evaluate("window.kg.select('bert')")
    assert page.locator('[data-kg="panel"] h2').inner_text() == nasty
    assert page.locator('[data-kg="panel"] img').count() == 0
    assert page.locator('[data-kg="panel"] a').count() == 0
    assert page.title() == "Knowledge graph"


@pytest.mark.parametrize("size", [(360, 740), (2560, 1440)])
def test_it_fits_small_and_large_windows(open_page, size):
    page, _ = open_page(small_view(), viewport={"width": size[0], "height": size[1]}, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    box = page.locator("#scene").bounding_box()
    assert box["width"] > 200
    assert box["height"] > 200


def test_three_thousand_nodes_are_drawn_complete(open_page):
    graph = place(ring(3000))
    page, ready = open_page(GraphView(graph, lambda: iter(()), lambda: iter(()), 3000, 3000))
    assert ready["nodes"] == 3000
    assert page.locator('[data-kg="list"] tbody tr').count() == 501


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
    after = {node: at(page, node) for node in ("bert", "glue")}
    assert (round(after["bert"]["x"] - before["bert"]["x"]), round(after["bert"]["y"] - before["bert"]["y"])) == (60, 40)
    assert after["glue"] == before["glue"]


def test_dragging_the_ground_moves_the_picture(open_page):
    page, _ = open_page(small_view())
    before = {node: at(page, node) for node in ("bert", "glue")}
    drag(page, {"x": 1200, "y": 760}, 50, -30)
    for node, place_before in before.items():
        assert round(at(page, node)["x"] - place_before["x"]) == 50
