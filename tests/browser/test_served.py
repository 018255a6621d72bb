"""The page that ``kg serve`` serves, in Chromium and in Firefox: read from the store on demand, and corrections written back to it."""

import os
import shutil
import threading
import time
from contextlib import contextmanager

import pytest

pytest.importorskip("playwright.sync_api", reason="the driver of browsers is not installed")
pytest.importorskip("uvicorn", reason="the extra serve is not installed")
pytest.importorskip("websockets", reason="the client of browsers is not installed")
import uvicorn
from browser.bidi import FIREFOX, Firefox
from playwright import sync_api as playwright

from kg.project import build_project
from kg.records import Paper
from kg.servers.serve import Served, make_app
from kg.storage.store import Store

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
PATIENCE = 120_000
"""Milliseconds that a busy machine may take."""
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
]
PAPERS = [
    Paper("a", "BERT", "We introduce BERT. We evaluate BERT on SQuAD and on GLUE.", 2018),
    Paper("b", "RoBERTa", "We introduce RoBERTa. RoBERTa outperforms BERT on GLUE.", 2019),
    Paper("c", "XLNet", "XLNet outperforms BERT on SQuAD. XLNet is compared with RoBERTa.", 2019),
]


@pytest.fixture(name="built", scope="module")
def _built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    build_project(PAPERS, folder, jobs=1, title="Served")
    return folder


@pytest.fixture(name="project")
def _project(built, tmp_path):
    return shutil.copytree(built, tmp_path / "project")


@contextmanager
def serving(project):
    """The address at which a project is served."""
    app = make_app(Served(project), "secret")
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until = time.monotonic() + PATIENCE / 1000
        while not server.started and time.monotonic() < until:
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/secret/"
    finally:
        server.should_exit = True
        thread.join()


def found(page, name):
    """Whether a page that may be opening anew finds a name."""
    try:
        return page.ask(f"window.kg?.find('{name}').length ?? 0") > 0
    except RuntimeError:  # it was left while it was asked
        return False


def labels_in(project):
    with Store(project / "kg.duckdb", read_only=True) as store:
        return {row.node.label for row in store.graph.node_rows()}


@pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium")
def test_in_chromium_the_page_asks_its_server_alone_and_writes_corrections_back(project):
    asked, troubles = [], []
    with serving(project) as address, playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(address)
        page.evaluate("window.kg.ready")
        assert page.locator("h1").inner_text() == "Served"
        assert not [url for url in asked if "sentences" in url]
        page.evaluate("window.kg.select(window.kg.find('BERT')[0])")
        assert page.locator('[data-kg="evidence"] mark').count() > 0
        assert len([url for url in asked if url.endswith("blob/sentences-0")]) == 1
        page.locator('[data-kg="correct"]').click()
        page.locator('[data-kg="new-name"]').fill("The one with the pun")
        page.locator('[data-kg="rename"]').click()
        page.locator('[data-kg="corrections"]').click()
        with page.expect_navigation():
            page.locator('[data-kg="apply"]').click()
        page.evaluate("window.kg.ready")
        assert page.evaluate("window.kg.find('The one with the pun')") != []
        assert page.locator('[data-kg="corrections"]').is_hidden()
        browser.close()
    assert troubles == []
    assert all(url.startswith((address, "data:", "blob:")) for url in asked)
    assert "The one with the pun" in labels_in(project)


@pytest.mark.skipif(FIREFOX is None and not os.environ.get("CI"), reason="no Firefox")
def test_in_firefox_the_page_asks_its_server_alone_and_writes_corrections_back(project):
    with serving(project) as address, Firefox() as page:
        page.open(address)
        assert page.ask("kg.ready.then(({nodes}) => nodes)") == len(labels_in(project))
        page.ask("kg.select(kg.find('BERT')[0])")
        marks = """document.querySelectorAll('[data-kg="evidence"] mark').length"""
        assert page.ask(marks) > 0
        page.ask("kg.correct({act: 'rename', node: kg.find('BERT')[0], label: 'Renamed here'})")
        page.ask("""document.querySelector('[data-kg="corrections"]').click()""")
        page.ask("""document.querySelector('[data-kg="apply"]').click()""")
        until = time.monotonic() + PATIENCE / 1000
        while not found(page, "Renamed here") and time.monotonic() < until:
            time.sleep(0.1)
        assert [one for one in page.troubles if not one.startswith(address)] == []
    assert "Renamed here" in labels_in(project)
