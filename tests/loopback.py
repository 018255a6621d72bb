"""A real HTTP server on loopback that plays the services papers are fetched from, in their documented shapes, and their troubles."""

import json
import re
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


def corpus(count):
    """So many made-up papers: the third has no abstract."""
    return [
        {
            "n": n,
            "title": f"On river {n}",
            "abstract": ""
            if n == 2
            else f"River {n} is measured at {n} places, and its floods are counted.",
            "year": 2000 + n % 20,
            "doi": f"10.1000/river.{n}",
            "arxiv": f"2001.{n:05}",
            "pmid": f"{30_000_000 + n}",
        }
        for n in range(count)
    ]


class Services:
    """What the server knows and does: ``troubles`` are played one a request, before answers come."""

    def __init__(self, count=7, size=3):
        self.papers, self.size = corpus(count), size
        self.troubles, self.asked, self.headers = [], [], []
        self.connections = 0

    def answer(self, path, query):
        """Return the body of a page."""
        plays = {
            "/works": self._openalex if "search" in query else self._crossref,
            "/api/query": self._arxiv,
            "/graph/v1/paper/search/bulk": self._s2,
            "/entrez/eutils/esearch.fcgi": self._esearch,
            "/entrez/eutils/efetch.fcgi": self._efetch,
        }
        return plays[path](query) if path in plays else self._acl(path)

    def _part(self, start):
        return self.papers[start : start + self.size]

    def _openalex(self, query):
        start = 0 if query["cursor"] == "*" else int(query["cursor"][4:])
        part = self._part(start)
        results = [
            {
                "id": f"https://openalex.org/W{1_000_000 + p['n']}",
                "doi": f"https://doi.org/{p['doi']}",
                "title": p["title"],
                "publication_year": p["year"],
                "abstract_inverted_index": index(p["abstract"]),
                "primary_location": {"source": {"display_name": "Rivers"}},
                "ids": {"openalex": f"https://openalex.org/W{1_000_000 + p['n']}", "doi": f"https://doi.org/{p['doi']}"},
                "language": "en",
            }
            for p in part
        ]  # fmt: skip
        following = f"cur/{start + self.size}" if part else None
        return json.dumps(
            {"meta": {"count": len(self.papers), "next_cursor": following}, "results": results}
        )

    def _crossref(self, query):
        start = 0 if query["cursor"] == "*" else int(query["cursor"][4:])
        items = [
            {
                "DOI": p["doi"].upper(),
                "title": [p["title"]],
                "abstract": f"<jats:p>{p['abstract']}</jats:p>" if p["abstract"] else "",
                "container-title": ["Rivers"],
                "issued": {"date-parts": [[p["year"], 3]]},
                "URL": f"https://doi.org/{p['doi']}",
            }
            for p in self._part(start)
        ]
        message = {
            "total-results": len(self.papers),
            "items": items,
            "next-cursor": f"cur/{start + self.size}",
        }
        return json.dumps({"status": "ok", "message-type": "work-list", "message": message})

    def _arxiv(self, query):
        start = int(query["start"])
        entries = "".join(
            f"<entry><id>http://arxiv.org/abs/{p['arxiv']}v2</id><published>{p['year']}-03-01T00:00:00Z</published>"
            f"<title>{p['title']}</title><summary> {p['abstract']}\n</summary></entry>"
            for p in self._part(start)
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>ArXiv Query</title>'
            f'<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">{len(self.papers)}'
            f"</opensearch:totalResults>{entries}</feed>\n"
        )

    def _s2(self, query):
        start = int(query.get("token", "tok0")[3:])
        part = self._part(start)
        data = [
            {
                "paperId": f"{p['n']:040x}",
                "title": p["title"],
                "abstract": p["abstract"] or None,
                "year": p["year"],
                "venue": "Rivers",
                "externalIds": {"DOI": p["doi"], "ArXiv": p["arxiv"]},
                "url": f"https://www.semanticscholar.org/paper/{p['n']:040x}",
            }
            for p in part
        ]
        found = {"total": len(self.papers), "data": data}
        if start + self.size < len(self.papers):
            found["token"] = f"tok{start + self.size}"
        return json.dumps(found)

    def _within(self, query):
        years = int(query["mindate"][:4]), int(query["maxdate"][:4])
        return [p for p in self.papers if years[0] <= p["year"] <= years[1]]

    def _esearch(self, query):
        self.searched = self._within(query)
        found = {
            "count": str(len(self.searched)),
            "retmax": "0",
            "idlist": [],
            "webenv": "MCID_1",
            "querykey": "1",
        }
        return json.dumps({"header": {"type": "esearch"}, "esearchresult": found})

    def _efetch(self, query):
        start = int(query["retstart"])
        articles = "".join(
            f"<PubmedArticle><MedlineCitation><PMID>{p['pmid']}</PMID><Article><Journal><JournalIssue><PubDate><Year>{p['year']}"
            f"</Year></PubDate></JournalIssue><Title>Rivers</Title></Journal><ArticleTitle>{p['title']}</ArticleTitle>"
            f"<Abstract><AbstractText>{p['abstract']}</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>"
            for p in self.searched[start : start + int(query["retmax"])]
        )
        return f'<?xml version="1.0" ?><PubmedArticleSet>{articles}</PubmedArticleSet>'

    def _acl(self, path):
        found = re.fullmatch(r".*/xml/(?:(2020)\.emnlp|D(19))\.xml", path)
        if not found:
            return None
        collection = "2020.emnlp" if found[1] else "D19"
        papers = "".join(
            f'<paper id="{p["n"] + 1}"><title>{p["title"]} in {collection}</title><abstract>{p["abstract"]}</abstract></paper>'
            for p in self._part(0)
        )
        meta = f"<meta><booktitle>Proceedings</booktitle><year>20{found[1][2:] if found[1] else found[2]}</year></meta>"
        return f'<?xml version="1.0"?><collection id="{collection}"><volume id="1">{meta}{papers}</volume></collection>'


def index(text):
    """Return the places of each word, as OpenAlex gives abstracts."""
    found = {}
    for place, word in enumerate(text.split()):
        found.setdefault(word, []).append(place)
    return found or None


class Handler(BaseHTTPRequestHandler):
    """Plays the next trouble, or answers."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """Answer a request."""
        services = self.server.services
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        services.asked.append((time.monotonic(), address.path, query))
        services.headers.append(dict(self.headers))
        trouble = services.troubles.pop(0) if services.troubles else None
        if trouble == "silence":
            time.sleep(1.5)
            self.close_connection = True
        elif isinstance(trouble, int):
            self._send(trouble, b"no", {"Retry-After": "0"} if trouble == 429 else {})
        elif isinstance(trouble, tuple):
            self._send(trouble[0], b"Something is wrong with\nyour query", trouble[1])
        else:
            self._answer(services.answer(address.path, query), trouble)

    def _answer(self, body, trouble):
        if body is None:
            self._send(404, b"404: Not Found", {})
            return
        content = body.encode()
        if trouble == "cut":  # says more than it sends
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True
        elif trouble == "half":  # well sent, but not whole
            self._send(200, content[: len(content) // 2], {})
        elif trouble == "empty page":
            self._send(200, re.sub(r"<entry>.*</entry>", "", body).encode(), {})
        else:
            self._send(200, content, {})

    def _send(self, status, content, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Counts who connects."""

    def get_request(self):
        """Take a connection."""
        self.services.connections += 1
        return super().get_request()


@contextmanager
def serving(services):
    """Give the address of a server that plays the services."""
    server = Server(("127.0.0.1", 0), Handler)
    server.services, server.daemon_threads = services, True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
