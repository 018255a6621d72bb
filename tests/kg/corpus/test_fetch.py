"""Papers are fetched page by page, each once, through every trouble that a service makes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from loopback import Services, serving

from kg.cli import fetch as command
from kg.corpus import read_papers
from kg.corpus.fetch import SERVICES, Query, client, fetch, services
from kg.errors import FetchError

ROOT = Path(__file__).resolve().parents[3]
RIVERS = Query(("rivers", "floods"), 2000, 2019)
WORDS = dict.fromkeys(SERVICES, RIVERS) | {"acl": Query(("emnlp",), 2019, 2020)}


@pytest.fixture(name="quick", autouse=True)
def _quick(monkeypatch):
    """Wait for nothing between requests and tries, but keep count of it."""
    waits = []
    monkeypatch.setattr(client.time, "sleep", waits.append)
    monkeypatch.setattr(client, "TIMEOUT", 0.5)
    return waits


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("name", SERVICES)
def test_every_page_of_each_service_becomes_papers_that_read_back(tmp_path, name):
    played = Services()
    with serving(played) as address:
        told = []
        found = fetch(
            name,
            WORDS[name],
            tmp_path / "p.jsonl",
            base_url=address,
            progress=lambda *a: told.append(a),
        )
    papers = list(read_papers(tmp_path / "p.jsonl"))
    if name == "acl":  # a file a venue and year, three papers in each
        assert (found.received, found.written, found.unreadable) == (6, 4, 2)
        assert {paper.year for paper in papers} == {2019, 2020}
        assert {i for paper in papers for i in paper.ids} == {
            "acl:2020.emnlp-1.1", "acl:2020.emnlp-1.2", "acl:d19-1001", "acl:d19-1002"
        }  # fmt: skip
        return
    assert (found.found, found.received, found.written, found.unreadable) == (7, 7, 6, 1)
    assert found.complete
    assert [paper.title for paper in papers] == [f"On river {n}" for n in (0, 1, 3, 4, 5, 6)]
    assert papers[1].abstract == "River 1 is measured at 1 places, and its floods are counted."
    assert papers[1].year == 2001
    space = {"openalex": "doi", "crossref": "doi", "s2": "doi", "arxiv": "arxiv", "pubmed": "pmid"}[
        name
    ]
    value = {"doi": "10.1000/river.1", "arxiv": "2001.00001", "pmid": "30000001"}[space]
    assert f"{space}:{value}" in papers[1].ids
    assert told[-1] == (7, 7)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.jsonl"]


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("trouble", [429, 500, 503, "cut", "half", "silence"])
def test_a_busy_silent_or_broken_service_is_asked_again(tmp_path, name, trouble):
    played = Services()
    with serving(played) as address:
        whole = fetch(name, WORDS[name], tmp_path / "whole.jsonl", base_url=address)
        played.troubles = [None, trouble, trouble, None, trouble]
        assert fetch(name, WORDS[name], tmp_path / "p.jsonl", base_url=address) == whole
    assert (tmp_path / "p.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_waits_double_and_a_service_may_ask_for_longer(tmp_path, quick):
    played = Services()
    with serving(played) as address:
        played.troubles = [
            500,
            500,
            (503, {"Retry-After": "77"}),
            (429, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
        ]
        fetch("crossref", RIVERS, tmp_path / "p.jsonl", base_url=address)
    assert [wait for wait in quick if wait >= 1] == [1, 2, 77, 8]


def test_requests_keep_the_distance_that_a_service_asks_for(tmp_path, monkeypatch, quick):
    played = Services()
    monkeypatch.setattr(
        client.time, "sleep", lambda wait: (quick.append(wait), clock.append(clock[-1] + wait))
    )
    clock = [100.0]
    monkeypatch.setattr(client.time, "monotonic", lambda: clock[-1])
    with serving(played) as address:
        fetch("arxiv", RIVERS, tmp_path / "p.jsonl", base_url=address)
    assert quick == [3.0, 3.0]


def test_a_service_that_stays_broken_is_given_up_and_gone_on_with(tmp_path):
    played, output = Services(), tmp_path / "p.jsonl"
    with serving(played) as address:
        whole = fetch("openalex", RIVERS, tmp_path / "whole.jsonl", base_url=address)
        played.troubles = [None, *[502] * client.MAX_ATTEMPTS]
        with pytest.raises(
            FetchError,
            match=r"/works: HTTP 502, 7 times; 2 papers are in \S+, run the same command again to continue",
        ):
            fetch("openalex", RIVERS, output, base_url=address)
        played.asked.clear()
        found = fetch("openalex", RIVERS, output, base_url=address)
        assert played.asked[0][2]["cursor"] == "cur/3"
    assert found.written == whole.written - 2
    assert output.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


@pytest.mark.parametrize("name", SERVICES)
def test_a_run_that_is_killed_anywhere_is_taken_up_and_no_paper_comes_twice(
    tmp_path, name, monkeypatch
):
    class Killed(BaseException):
        """Ends a run between two pages."""

    played, output = Services(), tmp_path / "p.jsonl"
    with serving(played) as address:
        fetch(name, WORDS[name], tmp_path / "whole.jsonl", base_url=address)
        for _ in range(8):
            with monkeypatch.context() as patch:
                patch.setattr(services, "PUBMED_LIMIT", 4)
                try:
                    fetch(
                        name,
                        WORDS[name],
                        output,
                        base_url=address,
                        progress=lambda *_: killed(Killed),
                    )
                except Killed:
                    with output.open("ab") as stream:
                        stream.write(b'{"id":"half a li')
                else:
                    break
        fetch(name, WORDS[name], output, base_url=address)
    assert sorted(row["id"] for row in lines(output)) == sorted(
        row["id"] for row in lines(tmp_path / "whole.jsonl")
    )


def killed(error):
    raise error


def test_a_search_of_too_many_for_pubmed_is_split_by_date(tmp_path, monkeypatch):
    monkeypatch.setattr(services, "PUBMED_LIMIT", 20)
    played = Services(count=100)
    with serving(played) as address:
        found = fetch("pubmed", RIVERS, tmp_path / "p.jsonl", base_url=address)
    assert (found.found, found.written) == (100, 99)
    assert len({row["id"] for row in lines(tmp_path / "p.jsonl")}) == 99


def test_the_most_is_kept_and_a_larger_one_goes_on(tmp_path):
    played, output = Services(), tmp_path / "p.jsonl"
    with serving(played) as address:
        first = fetch("s2", RIVERS, output, max_papers=4, base_url=address)
        assert (first.written, first.over_limit, first.complete) == (4, 1, False)
        again = fetch("s2", RIVERS, output, max_papers=4, base_url=address)
        assert (again.received, again.complete) == (0, False)
        rest = fetch("s2", RIVERS, output, max_papers=100, base_url=address)
        assert (rest.written, rest.known, rest.complete) == (2, 2, True)
    assert len(lines(output)) == 6


def test_another_query_adds_to_the_file_what_it_lacks(tmp_path):
    played, output = Services(), tmp_path / "p.jsonl"
    with serving(played) as address:
        fetch("openalex", RIVERS, output, base_url=address)
        found = fetch("crossref", RIVERS, output, base_url=address)
    assert (found.written, found.known) == (0, 6)


def test_years_contact_and_key_are_sent_as_each_service_wants_them(tmp_path):
    played = Services()
    with serving(played) as address:
        for name in SERVICES:
            fetch(
                name,
                WORDS[name],
                tmp_path / name,
                base_url=address,
                email="me@example.org",
                api_key="k3y",
            )
    sent = {}
    for _, path, query in played.asked:
        sent.setdefault("openalex" if "search" in query else path, query)
    assert sent["openalex"]["filter"] == (
        "has_abstract:true,from_publication_date:2000-01-01,to_publication_date:2019-12-31"
    )
    assert (sent["openalex"]["mailto"], sent["openalex"]["api_key"]) == ("me@example.org", "k3y")
    assert sent["/works"]["filter"] == "has-abstract:true,from-pub-date:2000,until-pub-date:2019"
    assert sent["/api/query"]["search_query"] == (
        "(all:rivers AND all:floods) AND submittedDate:[200001010000 TO 201912312359]"
    )
    assert sent["/graph/v1/paper/search/bulk"]["year"] == "2000-2019"
    assert any(headers.get("x-api-key") == "k3y" for headers in played.headers)
    search = sent["/entrez/eutils/esearch.fcgi"]
    assert (search["mindate"], search["maxdate"], search["email"]) == (
        "2000/01/01",
        "2019/12/31",
        "me@example.org",
    )
    assert all("mailto:me@example.org" in headers["User-Agent"] for headers in played.headers)


@pytest.mark.parametrize(
    ("name", "query", "troubles", "said"),
    [
        (
            "openalex",
            RIVERS,
            [(400, {})],
            r"/works: HTTP 400: Something is wrong with your query; 0 papers",
        ),
        ("s2", RIVERS, [(403, {})], "HTTP 403: Something is wrong"),
        (
            "crossref",
            RIVERS,
            [(429, {"Retry-After": "86400"})],
            r"HTTP 429; it asks to wait 86,400 seconds",
        ),
        (
            "acl",
            Query(("emnlp",)),
            [],
            r"acl: expected venues and years, as in: kg fetch acl emnlp",
        ),
        ("acl", Query(("nowhere",), 2020), [], r"acl: the Anthology has none of 2020\.nowhere"),
        (
            "scholar",
            RIVERS,
            [],
            "'scholar': no such service; expected one of openalex, arxiv, s2, pubmed, crossref, acl",
        ),
    ],
)
def test_what_cannot_be_mended_is_told_at_once(tmp_path, quick, name, query, troubles, said):
    played = Services()
    played.troubles = list(troubles)
    with serving(played) as address, pytest.raises(FetchError, match=said):
        fetch(name, query, tmp_path / "p.jsonl", base_url=address)
    assert max(quick, default=0) < 1


def test_no_server_is_told(tmp_path):
    with pytest.raises(FetchError, match=r"http://127\.0\.0\.1:9/works: .*refused.*, 7 times"):
        fetch("openalex", RIVERS, tmp_path / "p.jsonl", base_url="http://127.0.0.1:9")


def test_a_file_of_something_else_is_refused_and_kept(tmp_path):
    output = tmp_path / "thesis.txt"
    output.write_text("My thesis\n", encoding="utf-8")
    with pytest.raises(FetchError, match=r"thesis\.txt:1: not written by kg fetch"):
        fetch("openalex", RIVERS, output, base_url="http://127.0.0.1:9")
    assert output.read_text(encoding="utf-8") == "My thesis\n"


def test_an_empty_page_before_the_last_is_not_believed(tmp_path):
    played = Services()
    with serving(played) as address:
        played.troubles = [None, "empty page"]
        assert fetch("arxiv", RIVERS, tmp_path / "p.jsonl", base_url=address).written == 6


def test_the_command_names_every_service():
    assert f"One of {', '.join(SERVICES)}." in Path(command.__file__).read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_the_command_writes_papers_that_build_reads_and_tells_what_it_did(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with serving(Services()) as address:
        arguments = ["fetch", "openalex", "rivers", "--base-url", address, "-o", "p.jsonl"]
        run = [
            subprocess.run(
                [sys.executable, "-m", "kg", *arguments],
                cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
            ).stdout
            for _ in range(2)
        ]  # fmt: skip
    assert run[0].startswith(
        "7 records received of 7 found: 6 new papers, 0 known, 1 without an abstract, 0 beyond --max\n"
    )
    assert "0 new papers, 6 known" in run[1]
    assert "kg build p.jsonl" in run[0]


def test_nothing_else_calls_the_internet():
    """Only the package that fetches imports an HTTP client; ``kg.servers`` and Dask listen or join, they look nothing up."""
    callers = ("httpx", "requests", "urllib.request", "http.client", "aiohttp", "urllib3")
    found = [
        path.relative_to(ROOT).as_posix()
        for folder in ("kg", "pipelines", "exports")
        for path in (ROOT / folder).rglob("*.py")
        if any(
            line.split("#")[0].strip().startswith((f"import {name}", f"from {name} "))
            for line in path.read_text(encoding="utf-8").splitlines()
            for name in callers
        )
    ]
    assert found == ["kg/corpus/fetch/client.py"]


@pytest.mark.parametrize(
    "held",
    ["Things to do", '{"results": [{"id": "x"}]}', '{"id":"x","title":"T","abstract":"A."}', "[1, 2]", "7"],
)  # fmt: skip
def test_a_file_of_something_else_without_a_line_break_is_refused_and_kept(tmp_path, held):
    path = tmp_path / "notes.json"
    path.write_text(held, encoding="utf-8")
    with pytest.raises(FetchError, match=r"notes.json:1: not written by kg fetch"):
        fetch("openalex", RIVERS, path, base_url="http://127.0.0.1:9")
    assert path.read_text(encoding="utf-8") == held
