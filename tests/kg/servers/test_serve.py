"""The page read from the store: under a token, on this machine, with sentences on demand and corrections applied."""

import json
import zlib

import pytest
from records import fill

from kg.storage.store import Store

pytest.importorskip("starlette", reason="the extra serve is not installed")
pytest.importorskip("httpx", reason="starlette's client needs it")

from starlette.testclient import TestClient

from kg.servers.serve import Served, make_app


@pytest.fixture(name="client")
def _client(tmp_path):
    with Store(tmp_path / "kg.duckdb") as store:
        fill(store)
    return TestClient(make_app(Served(tmp_path), "secret"))


def inflated(answer):
    return json.loads(zlib.decompress(answer.content))


def test_the_page_is_served_under_its_token_alone(client):
    assert client.get("/").status_code == 404
    assert client.get("/other/").status_code == 404
    answer = client.get("/secret/")
    assert answer.status_code == 200
    assert "connect-src 'self'" in answer.text
    assert '"served":true' in answer.text
    assert "data-blob" not in answer.text.split("<body>")[1].split("<script>")[0]
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_other_names_of_the_machine_are_refused(client):
    assert client.get("/secret/", headers={"host": "evil.example"}).status_code == 400


def test_blobs_and_sentences_come_when_they_are_asked_for(client):
    nodes = inflated(client.get("/secret/blob/nodes"))
    assert "bert" in nodes["ids"]
    rows = inflated(client.get("/secret/blob/sentences-0"))
    marks = [
        (text[start:end], nodes["ids"][n])
        for row in rows
        for text, found in row
        for n, start, end in found
    ]
    assert ("GLUE", "glue") in marks
    assert client.get("/secret/blob/sentences-9").status_code == 404
    assert client.get("/secret/blob/nothing").status_code == 404


def test_corrections_that_are_not_understood_change_nothing(client):
    answer = client.post("/secret/thesaurus", content="label,replace by,type\nBERT,BERT,fish\n")
    assert answer.status_code == 400
    assert "corrections:2" in answer.text
    assert "bert" in inflated(client.get("/secret/blob/nodes"))["ids"]
