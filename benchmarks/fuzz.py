"""Hostile input by the million: every reader, and the code that reads names out of text.

python benchmarks/fuzz.py [--cases N] [--seed N] [--only KIND…] [--keep FOLDER]

A case is a real-looking file of one format, changed at random: bits, cuts, repeats, splices, hostile tokens, other
encodings, packed and broken. What must hold: papers that are clean and bounded, or an error of kg; nothing else is raised,
no case takes more than ten seconds of a core, and the process stays within 4 GB. A case that fails is kept in FOLDER.
"""

# ruff: noqa: PLR2004 - the chances of changes are numbers

import argparse
import collections
import contextlib
import gzip
import io
import json
import multiprocessing
import random
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from pathlib import Path

import duckdb
import xlsxwriter
import zstandard

from kg.corpus import FORMATS, read_papers
from kg.corpus.fields import LONGEST_ABSTRACT, clean_text
from kg.errors import KGError
from kg.names.abbreviations import find_abbreviations
from kg.names.generic import is_generic
from kg.names.keys import digits, key, singular
from kg.resolution.thesaurus import read_thesaurus
from pipelines.components.sentences import split_sentences
from pipelines.known import fold_name
from pipelines.tokenizer import split_words

SECONDS, MEMORY = 10, 4 * 2**30
SHARES = {
    "jsonl": 160,
    "json": 80,
    "csv": 100,
    "tsv": 60,
    "bibtex": 20,
    "ris": 60,
    "endnote": 50,
    "medline": 50,
    "ovid": 50,
    "pubmed-text": 40,
    "refworks": 40,
    "wos": 50,
    "xml": 60,
    "text": 60,
    "excel": 1,
    "parquet": 2,
    "zip": 17,
    "thesaurus": 30,
    "names": 70,
}
"""How many of a thousand cases are of each kind; workbooks, Parquet and BibTeX are slow to read."""

ROWS = [
    {
        "id": "2017.1",
        "title": "Attention is all",
        "abstract": "We propose the Transformer (T) network. It beats GPT-2 on GLUE and SQuAD 1.1 by 3%.",
        "year": 2017,
        "venue": "nips",
        "url": "https://example.org/1",
    },
    {
        "paperId": "x2",
        "title": "MAML: Model-Agnostic Meta-Learning",
        "summary": "A generative adversarial network (GAN), or <i>GAN</i> for short, &amp; C++.",
        "published": "2019-05-01T00:00:00Z",
        "externalIds": {"ArXiv": "1905.1", "DOI": None},
        "journal": {"name": "Ünïcode"},
    },
    {
        "id": "W3",
        "display_name": "Graphs",
        "publication_year": 2020,
        "abstract_inverted_index": {"We": [0], "study": [1, 4], "CIFAR-10/100": [2]},
        "primary_location": {"source": {"display_name": "J"}},
        "openAccessPdf": {"url": "https://example.org/3"},
    },
    {
        "paper": {
            "id": "h4",
            "title": "=1+1",
            "summary": "@SUM(A1) \t naïve Łódź 深度学习 🙂 'quoted' \"text\"; a,b;c.",
            "publishedAt": "2024-01-01",
        }
    },
]
FLAT = [
    {
        "id": f"f{n}",
        "title": str(row.get("title", "T")),
        "abstract": str(row.get("abstract", row.get("summary", "Some words."))),
        "year": 2000 + n,
        "venue": "v",
    }
    for n, row in enumerate(ROWS)
]
TAGGED = {
    "endnote": "%0 Journal Article\n%A B, A\n%T {title}\n%J Journal\n%D {year}\n%R 10.1234/{id}\n%X {abstract}\n",
    "medline": "PMID- 1234567{year}\nOWN - NLM\nDP  - {year} Jan\nTI  - {title}\nLID - 10.1234/{id} [doi]\nAB  - {abstract}\n      More.\nJT  - Journal\n",
    "ovid": "<1. >\nVN  - Ovid Technologies\nAN  - {id}\nTI  - {title}.  [Article]\nSO  - Journal. 12(3):1-9, {year} Jan.\nAB  - {abstract}\nDO  - 10.1234/{id}\n",
    "labels": "<1>\nScore\n  *****\nTitle\n  {title}\nSource\n  Journal. 12(3):1-9, {year} Jan.\nAbstract\n  {abstract}\nDOI Number\n  10.1234/{id}\n",
    "pubmed-text": "{n}. Journal. {year} Jan;1(2):3-4. doi: 10.1234/{id}.\n\n{title}\n\nSmith AB(1), Jones C(1).\n\nAuthor information:\n(1)Here.\n\n{abstract}\n\nPMID: 1234567{year} [Indexed for MEDLINE]\n",
    "refworks": "RT Journal Article\nSR Electronic(1)\nID {id}\nT1 {title}\nJF Journal\nYR {year}\nAB {abstract}\nDO 10.1234/{id}\n",
    "wos": "PT J\nAU A, B\n   C, D\nTI {title}\nSO Journal\nID ORDER; THINGS\nAB {abstract}\n   More.\nPY {year}\nDI 10.1234/{id}\nUT WOS:00012345678{year}\nER\n\n",
}
"""A record of each tagged format."""
MARKED = (
    ("<PubmedArticleSet>", "<PubmedArticle><MedlineCitation><PMID>1234567{year}</PMID><Article><Journal><JournalIssue><PubDate><Year>{year}</Year></PubDate></JournalIssue><Title>J</Title></Journal><ArticleTitle>{title}</ArticleTitle><Abstract><AbstractText Label='AIM'>{abstract}</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>", "</PubmedArticleSet>"),
    ("<pmc-articleset>", "<article><front><article-meta><article-id pub-id-type='doi'>10.1234/{id}</article-id><title-group><article-title>{title}</article-title></title-group><pub-date><year>{year}</year></pub-date><abstract><p>{abstract}</p></abstract></article-meta></front></article>", "</pmc-articleset>"),
    ("<xml><records>", "<record><titles><title><style>{title}</style></title></titles><dates><year>{year}</year></dates><abstract><style>{abstract}</style></abstract></record>", "</records></xml>"),
    ("<modsCollection xmlns='http://www.loc.gov/mods/v3'>", "<mods ID='{id}'><titleInfo><title>{title}</title></titleInfo><abstract>{abstract}</abstract><originInfo><dateIssued>{year}</dateIssued></originInfo></mods>", "</modsCollection>"),
)  # fmt: skip
"""Kinds of XML: what stands before the records, a record, and what stands after them."""
BOMBS = (
    "A-" * 60 + "A " + "(A5A5A5A5A5A5) " * 40,
    " ".join(f"name of {n} things (N{n}T)" for n in range(120)),
    "A5A5A5A5A5A5 is short for " + "A-A-A-A-A-A-A-A-A-A " * 8,
)
"""Texts that once took minutes: changed, they may find others."""
TOKENS = [
    b"\0", b"\r", b"\n", b"\r\n", b"\t", b'"', b"'", b",", b";", b"{", b"}", b"[", b"]", b"(", b")", b"<", b">", b"&", b"@", b"\\", b"\\u0000", b"\\ud800", b"\\udfff",
    b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\xcc\x80\xcc\x96", b"9" * 30, b"9" * 5000, b"-1", b"1e999", b"NaN", b"Infinity", b"null", b"true", b"[]", b"{}",
    b"&#" + b"9" * 5000 + b";", b"&#xd800;", b"&#0;", b"&amp;", b"&a;", b"<!DOCTYPE a [<!ENTITY a 'b'>]>", b"<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]>", b"PT J\n", b"PMID- ", b"%0 ", b"RT ", b"<1. >\n", b"PK\x03\x04", b"(A5A5A5) ", b"A-A-A-", b"<!ENTITY % x SYSTEM 'file:///etc/passwd'>", b"<![CDATA[", b"]]>", b"<?xml version='1.1' encoding='utf-7'?>",
    b"encoding='utf-16'", b"<p>", b"</i>", b"title", b"abstract", b"@article{", b"@string{a = ", b"@comment{", b'#"a"#', b"\\'{", b'{\\"', b"\\begin{", b"$", b"%", b"TY  - ", b"ER  - ", b"AB  - ", b"ID  - ",
    b"# ", b"[" * 2000, b"{" * 300, b'{"a":' * 1200, b"(" * 500, b"<a>" * 300, b" " * 2000, b"a" * 3000, b"A." * 500, b"\xcc\x80" * 200, b"merge", b"split", b"drop", b"retype", b"=cmd|' /C calc'!A0",
    b"GPT-4 (GPT)", b" or simply ", b" for short", b"\xe2\x80\xae", b"\xf0\x9f\x99\x82",
]  # fmt: skip


def seeds():
    """Real-looking files by kind."""
    names = list(FLAT[0])
    cells = [[str(row[name]) for name in names] for row in FLAT]
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells]
    bibtex = ["@string{v = {Venue}}\n"] + [
        f'@article{{{r["id"]},\n  title = {{{{{r["title"]}}} and {{\\"o}}}},\n  abstract = {{{r["abstract"]}}},\n  year = {r["year"]}, journal = v # " x"\n}}\n\n'
        for r in FLAT
    ]
    ris = [
        f"TY  - JOUR\nID  - {r['id']}\nTI  - {r['title']}\nAB  - {r['abstract']}\nPY  - {r['year']}\nAU  - A, B\nER  - \n\n"
        for r in FLAT
    ]
    safe = [
        {name: str(value).replace("&", "&amp;").replace("<", "&lt;") for name, value in row.items()}
        for row in FLAT
    ]
    atom = "".join(
        f"<entry><id>http://arxiv.org/abs/{r['id']}</id><published>{r['year']}-01-01</published><title>{r['title']}</title><summary>{r['abstract']}</summary></entry>"
        for r in safe
    )
    acl = "".join(
        f'<paper id="{n}"><title>A <fixed-case>{r["title"]}</fixed-case></title><abstract>{r["abstract"]}</abstract><url>P-{n}</url></paper>'
        for n, r in enumerate(safe)
    )
    tagged = {
        name: [form.format(n=n, **r) for n, r in enumerate(FLAT, 1)]
        for name, form in TAGGED.items()
    }
    prose = " ".join(["We study the BERT model (BM) in depth and report what we find."] * 5)
    return {
        "jsonl": ["".join(json.dumps(row) + "\n" for row in ROWS).encode(), "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in FLAT).encode()],
        "json": [json.dumps(ROWS).encode(), json.dumps({"results": FLAT}).encode(), json.dumps({row["id"]: row for row in FLAT}, indent=1).encode()],
        "csv": [("\n".join([",".join(names), *quoted]) + "\n").encode(), "\r\n".join([";".join(names), *(";".join(cell.replace(";", ".") for cell in row) for row in cells)]).encode("utf-16")],
        "tsv": ["\n".join(["\t".join(names), *("\t".join(cell.replace("\t", " ") for cell in row) for row in cells)]).encode()],
        "bibtex": ["".join(bibtex).encode()],
        "ris": ["".join(ris).encode()],
        "endnote": ["\n".join(tagged["endnote"]).encode()],
        "medline": ["\n".join(tagged["medline"]).encode()],
        "ovid": ["\n".join(tagged["ovid"]).encode(), "\n".join(tagged["labels"]).encode()],
        "pubmed-text": ["\n\n".join(tagged["pubmed-text"]).encode()],
        "refworks": ["\n".join(tagged["refworks"]).encode()],
        "wos": [f"FN Clarivate Analytics Web of Science\nVR 1.0\n{''.join(tagged['wos'])}EF\n".encode()],
        "excel": [_workbook()],
        "zip": [_archive({"a.ris": "".join(ris), "b/c.csv": "\n".join([",".join(names), *quoted])})],
        "xml": [f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">{atom}</feed>'.encode(),
                f'<collection id="P17"><volume id="1">{acl}</volume></collection>'.encode(),
                *(f"{before}{''.join(form.format(**r) for r in safe)}{after}".encode() for before, form, after in MARKED)],
        "text": [f"Menu\n\nA Study of Things\n\n{prose}\n\n12\n\n# Another: Study\n{prose}\n\nAbstract\n\n{prose}\n".encode()],
        "parquet": [_parquet()],
        "thesaurus": [b"merge\tBERT\tbert-base\tBERT model\nsplit\tGAN\tgan\nretype\tGLUE\tbenchmark\ndrop\tmodel\n# note\nbert-base\tBERT\n", b"label,replace by\nbert-base,BERT\nGANs,GAN\n"],
        "names": ["\n".join(f"{r['title']}\n{r['abstract']}" for r in FLAT).encode(), "the \u03b1-\u03b2 CIFAR-10/100 (CIFAR), \\textbf{R}$^2$ v1.1 mice's organisations".encode(),
                  *(text.encode() for text in BOMBS)],
    }  # fmt: skip


def _workbook():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([list(FLAT[0]), *(list(row.values()) for row in FLAT)]):
            sheet.write_row(number, 0, [str(cell) for cell in row])
    return stream.getvalue()


def _archive(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, text in members.items():
            packed.writestr(zipfile.ZipInfo(name), text)
    return stream.getvalue()


def _parquet():
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as db:
        path = Path(folder) / "a.parquet"
        db.execute(f"COPY (SELECT unnest(from_json(?, '[{{\"id\":\"VARCHAR\",\"title\":\"VARCHAR\",\"abstract\":\"VARCHAR\",\"year\":\"INTEGER\"}}]'), recursive := true)) TO '{path}' (FORMAT parquet)",
                   [json.dumps(FLAT)])  # fmt: skip
        return path.read_bytes()


def changed(rng, data, others):
    """Return the bytes after one to six changes."""
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        place = rng.randrange(len(data) + 1)
        end = min(len(data), place + int(2 ** rng.uniform(0, 9)))
        what = rng.randrange(9)
        if what == 0 and data:
            at = rng.randrange(len(data))
            data = data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
        elif what == 1:
            data = data[:place] + data[end:]
        elif what == 2:
            data = data[:end] + data[place:end] * rng.choice((1, 2, 5, 40)) + data[end:]
        elif what in {3, 4, 5}:
            data = data[:place] + rng.choice(TOKENS) * rng.choice((1, 1, 1, 2, 3)) + data[place:]
        elif what == 6:
            other = rng.choice(others)
            at = rng.randrange(len(other) + 1)
            data = data[:place] + other[at : at + rng.randrange(300)] + data[end:]
        elif what == 7:
            data = data[:place]
        else:
            data = data[:place] + rng.randbytes(end - place) + data[end:]
        data = data[:60_000]
    return data


def packed(rng, data):
    """Return the bytes as they are, in another encoding, or packed, now and then with a fault in the packing."""
    what = rng.randrange(24)
    if what == 0:
        return data.decode("utf-8", "replace").encode("utf-16")
    if what > 3:
        return data
    data = (
        gzip.compress(data, 1)
        if what == 1
        else zstandard.compress(data)
        if what == 2
        else gzip.compress(gzip.compress(data))
    )
    if rng.random() < 0.5 and data:
        at = rng.randrange(len(data))
        data = data[:at] + rng.randbytes(rng.randrange(4)) + data[at + rng.randrange(4) :]
    return data


def read_file(path, kind, rng):
    """Read a case as ``kg build`` would and check what comes."""
    wanted = None if rng.random() < 0.2 else kind
    try:
        for paper in read_papers([path], format=wanted, skipped=lambda _: None):
            texts = (paper.id, paper.title, paper.abstract, paper.venue or "", paper.url or "")
            for text in texts:
                text.encode()
                assert (
                    text == clean_text(text) or len(text) >= 300 or re.search("[&<]|]]>", text)
                ), text
            assert paper.id
            assert paper.title
            assert paper.abstract
            assert len(paper.id) <= 300
            assert len(paper.title) <= 2000
            assert len(paper.abstract) <= LONGEST_ABSTRACT
            assert paper.year is None or 1500 <= paper.year < 2200
    except KGError as error:
        str(error).encode("utf-8", "backslashreplace")


def read_names(path):
    """Run all that looks at text on a case."""
    text = clean_text(path.read_bytes().decode("utf-8", "replace"))[:20_000]
    sentences = list(split_sentences(text))
    assert all(0 <= start < end <= len(text) for start, end in sentences)
    for found in find_abbreviations(text, sentences):
        assert found.short in text[found.start : found.end]
        assert found.long in text[found.start : found.end]
    words = split_words(text)
    assert all(text[start:end] == word for word, start, end in words)
    for surface in (text, text[:60], *(word for word, _, _ in words[:20]), text[-200:]):
        name = key(surface)
        assert key(name) is not None
        digits(surface)
        singular(surface)
        is_generic(surface)
        fold_name(surface)


def read_names_file(path):
    """Read a thesaurus."""
    with contextlib.suppress(KGError):
        read_thesaurus(path)


def look(kind, path, rng):
    """Read a case; raise if it does what it must not."""
    if kind == "names":
        read_names(path)
    elif kind == "thesaurus":
        read_names_file(path)
    else:
        read_file(path, kind, rng)


class Hang(BaseException):
    """A case took too long."""


def _alarm(*_):
    raise Hang


def _limit(seconds):
    """Let a case have so many seconds of a core, and sixty times as many to wait; 0 ends the limit."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.alarm(60 * seconds)


def _place(error):
    """What was raised and where, so that one fault is told once."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [
        frame for frame in frames if {"kg", "pipelines"} & set(Path(frame.filename).parts)
    ] or frames
    return f"{type(error).__name__} at {Path(ours[-1].filename).name}:{ours[-1].lineno}"


def one_kind(kind, cases, seed, keep, results):
    """Run the cases of one kind in this process; put what was seen into the queue."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for one in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(one, _alarm)
    rng = random.Random(f"{seed} {kind}")
    own = seeds()[kind]
    others = [one for several in seeds().values() for one in several]
    path = keep / f"now-{kind}-{seed}"
    failures, slowest, began = collections.Counter(), 0.0, time.perf_counter()
    for number in range(cases):
        data = changed(rng, rng.choice(own), others)
        path.write_bytes(packed(rng, data) if kind in FORMATS else data)
        start = time.perf_counter()
        _limit(SECONDS)
        try:
            look(kind, path, rng)
        except (Exception, Hang) as error:  # noqa: BLE001 - this is what is looked for
            _limit(0)
            place = _place(error)
            failures[place] += 1
            if failures[place] == 1:
                path.replace(keep / f"{kind}-{seed}-{number}")
                print(
                    f"  {kind}: {place}: {str(error)[:80]!r}  (case {kind}-{seed}-{number})",
                    flush=True,
                )
        _limit(0)
        slowest = max(slowest, time.perf_counter() - start)
    path.unlink(missing_ok=True)
    results.put(
        (
            failures,
            slowest,
            time.perf_counter() - began,
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        )
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=list(SHARES))
    parser.add_argument("--keep", type=Path, default=Path("fuzz-cases"))
    options = parser.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    total = sum(SHARES[kind] for kind in options.only)
    context, bad, done = multiprocessing.get_context("fork"), 0, 0
    for kind in options.only:
        results = context.Queue()
        cases = -(-options.cases * SHARES[kind] // total)
        process = context.Process(
            target=one_kind, args=(kind, cases, options.seed, options.keep, results)
        )
        process.start()
        process.join()
        if process.exitcode:
            print(
                f"{kind}: the process died ({process.exitcode}) on {options.keep}/now-{kind}-{options.seed}"
            )
            bad += 1
            continue
        failures, slowest, took, memory = results.get()
        bad += sum(failures.values())
        done += cases
        print(
            f"{kind:<10}{cases:>9,} cases{cases / took:>8,.0f} a second  slowest {slowest * 1000:>7,.0f} ms  peak {memory:>5,} MB  {sum(failures.values())} failed",
            flush=True,
        )
    print(f"{done:,} cases, {bad:,} failed")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
