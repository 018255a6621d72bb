"""The page in the Firefox that is installed, opened from disk: what researchers do, by script, keys and mouse."""

import os
import time

import pytest
from records import small_view

from exports.html import write_html

pytest.importorskip("websockets", reason="the client of browsers is not installed")
from browser.bidi import FIREFOX, Firefox

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        FIREFOX is None and not os.environ.get("CI"), reason="no Firefox is installed"
    ),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
GAN = "generative-adversarial-network"
ENTER, ESCAPE = "\ue007", "\ue00c"


@pytest.fixture(name="firefox", scope="module")
def _firefox():
    with Firefox() as firefox:
        yield firefox


@pytest.fixture(name="page")
def _page(firefox, tmp_path):
    """The page of the small view, drawn; any request and any error of the page fails the test."""
    path = tmp_path / "graph.html"
    write_html(small_view(), path)
    firefox.troubles.clear()
    firefox.open(path.as_uri())
    firefox.ask("kg.ready")
    yield firefox
    assert firefox.troubles == []


def soon(look, wanted):
    """Look until what is wanted is seen, or the last look."""
    until = time.monotonic() + 60
    while (seen := look()) != wanted and time.monotonic() < until:
        time.sleep(0.05)
    return seen


def heading(page):
    return page.ask("""document.querySelector('[data-kg="panel"] h2')?.innerText ?? null""")


def test_it_draws_every_node_and_link(page):
    ready = page.ask("kg.ready")
    assert (ready["nodes"], ready["links"]) == (5, 8)
    assert page.ask("""(() => { const canvas = document.querySelector('#scene canvas');
        return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((v) => v > 0); })()""")
    assert page.picture().startswith(b"\x89PNG")


def test_search_links_papers_and_paths_know_every_node(page):
    assert page.ask("kg.find('generative adv')") == [GAN]
    assert page.ask(f"kg.path('{GAN}', 'squad')") == [GAN, "bert", "squad"]
    assert {link["node"] for link in page.ask(f"kg.links('{GAN}')")} == {"bert", "glue", "roberta"}
    assert page.ask("kg.papers('bert')") == ["p3", "p2", "p1"]


def test_a_name_is_typed_and_its_sentences_are_read(page):
    page.press(f"/roberta{ENTER}")
    assert soon(lambda: heading(page), "RoBERTa") == "RoBERTa"
    page.ask("kg.opening()")
    marks = """[...document.querySelectorAll('[data-kg="panel"] mark.chosen')].map((one) => one.innerText)"""
    assert page.ask(marks) == ["RoBERTa", "RoBERTa"]
    page.press(ESCAPE)
    assert soon(lambda: heading(page), None) is None


def test_a_node_is_clicked_in_the_picture(page):
    spot = page.ask("""(() => { const box = document.getElementById('scene').getBoundingClientRect();
        const at = kg.network.canvasToDOM(kg.network.getPosition('bert')); return [box.x + at.x, box.y + at.y]; })()""")
    page.click(*spot)
    assert soon(lambda: heading(page), "BERT") == "BERT"


def test_filters_recount_what_they_leave(page):
    page.ask("""(() => { const year = document.querySelector('[data-kg="year-from"]');
        year.value = '2019'; year.dispatchEvent(new Event('input')); })()""")
    assert page.ask("kg.papers('bert')") == ["p3", "p2"]
    assert [link["papers"] for link in page.ask("kg.links('glue')")] == [1, 1, 1]
    assert page.ask("kg.shown().nodes.includes('squad')") is False
    page.ask("""document.querySelector('[data-kg="reset"]').click()""")


def test_corrections_are_made_undone_and_taken_away(page):
    page.ask("kg.correct({act: 'merge', node: 'roberta', into: 'bert'})")
    assert page.ask("kg.papers('bert').length") == 3
    assert "roberta" not in page.ask("kg.shown().nodes")
    assert page.ask("kg.thesaurus()") == "label,replace by,type\nRoBERTa,BERT,\n"
    page.ask("kg.undo()")
    assert "roberta" in page.ask("kg.shown().nodes")
