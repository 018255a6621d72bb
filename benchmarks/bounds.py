"""What one file, paper or name costs at each bound that docs/reliability.md states: seconds and peak memory.

python benchmarks/bounds.py [CASE…]

Each case runs in a process of its own; the first row is one that does nothing but load kg.
"""

import argparse
import gzip
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from itertools import product
from pathlib import Path

import duckdb
import xlsxwriter

import pipelines
from kg.corpus import read_papers
from kg.corpus.fields import clean_text
from kg.names.abbreviations import find_abbreviations
from kg.records import Abbreviation, Entity, EntityType, Extraction, Mention
from kg.resolution.resolve import resolve
from kg.resolution.usage import Usage

WORDS = "We study how words of a sentence tell what papers do with data and with models of it. "
MB = 2**20
ROW = {"title": "A study", "abstract": WORDS, "year": 2020}


def read(name, content, folder):
    """Read a file, and say what came of it."""
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with path.open("w", encoding="utf-8") as stream:
            stream.writelines(content)
    return read_at(path)


def read_at(path):
    skipped, count = [], 0
    began = time.perf_counter()
    try:
        for _ in read_papers([path], skipped=skipped.append):
            count += 1
    except ValueError:
        skipped = skipped or ["refused"]
    return time.perf_counter() - began, f"{count:,} papers, {len(skipped):,} passed over"


def timed(function, *arguments):
    """Call a function, and return the seconds with the length of what it gives."""
    began = time.perf_counter()
    found = function(*arguments)
    return time.perf_counter() - began, f"{len(found):,} found"


def nothing(_folder):
    return 0.0, ""


def a_line(folder):
    text = json.dumps(ROW | {"abstract": WORDS * (19 * MB // len(WORDS))})
    return read("a.jsonl", [text + "\n"], folder)


def a_record_of_xml(folder):
    body = WORDS * (19 * MB // len(WORDS))
    text = f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>T</title><summary>{body}</summary></entry></feed>"
    return read("a.xml", [text], folder)


def a_whole_json_file(folder):
    row = json.dumps(ROW | {"abstract": WORDS * 200, "id": "a" * 12})
    rows = (f"{',' * bool(number)}{row[:-14]}{number:012}{row[-2:]}" for number in range(511 * MB // (len(row) + 1)))  # fmt: skip
    return read("a.json", ("".join(part) for part in (["["], rows, ["]"])), folder)


def a_bibtex_entry(folder):
    body = WORDS * (249_000 // len(WORDS))
    return read("a.bib", [f"@article{{a, title={{T}}, abstract={{{body}}}}}\n"], folder)


def a_packed_file(folder):
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as stream:
        for _ in range(100):
            stream.write(b"\n" * MB)
    return read("a.jsonl.gz", packed.getvalue(), folder)


def a_parquet_file(folder):
    path = folder / "a.parquet"
    with duckdb.connect() as db:
        db.execute(f"COPY (SELECT 'T' AS title, 'Some words.' AS abstract FROM range(50000000)) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 10000000)")  # fmt: skip
    return read_at(path)


def a_workbook(folder):
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["title", "abstract"])
        sheet.write(1_048_575, 16_383, "far")
    return read_at(path)


def marks(_folder):
    return timed(clean_text, "a" + "\u0334\u0316" * 10_000_000)


def an_abstract(_folder):
    text = "A study\n" + (WORDS * 300)[:20_000]
    list(pipelines.extract(["Short."], jobs=1))
    return timed(lambda: list(pipelines.extract([text], jobs=1)))


def brackets(_folder):
    list(pipelines.extract(["Short."], jobs=1))
    return timed(lambda: list(pipelines.extract(["A study\n" + "(" * 20_000], jobs=1)))


def definitions(_folder):
    text = ("A-" * 60 + "A " + "(A5A5A5A5A5A5) " * 40) * 25
    return timed(find_abbreviations, text[:20_000], [(0, min(len(text), 20_000))])


def entity(number, place):
    name = f"Name{number}x"
    return Entity(EntityType.METHOD, (name,), (Mention(place, place + len(name), EntityType.METHOD, name),))  # fmt: skip


def entities(_folder):
    papers = (
        (f"p{paper}", Extraction(tuple(entity(paper * 100 + n, 20 * n) for n in range(100)), (), ((0, 2000),)))
        for paper in range(100)
    )  # fmt: skip
    usage = Usage.of(papers)
    return timed(lambda: resolve(usage).nodes)


def meanings(_folder):
    letters = "abcdefghijklmnopqrst"
    papers = []
    for number, (a, b, c) in enumerate(product(letters, repeat=3)):
        if number == 4000:  # noqa: PLR2004 - as the documents say
            break
        long = f"s{a}{b}tic g{b}{c}dient d{c}{a}cent"
        names = ("SGD", long)
        mentions = tuple(Mention(9 * n, 9 * n + len(name), EntityType.METHOD, name) for n, name in enumerate(names))  # fmt: skip
        papers.append((f"p{number}", Extraction((Entity(EntityType.METHOD, names, mentions),), (Abbreviation("SGD", long, 0, 40),), ((0, 99),))))  # fmt: skip
    usage = Usage.of(papers)
    return timed(lambda: resolve(usage).nodes)


CASES = {
    "nothing but kg loaded": nothing,
    "a line of 19 MB": a_line,
    "a record of XML of 19 MB": a_record_of_xml,
    "a JSON file of 511 MB": a_whole_json_file,
    "a BibTeX entry of 249,000 characters": a_bibtex_entry,
    "a packed file, 100 MB of line breaks": a_packed_file,
    "a Parquet file of 50 million rows": a_parquet_file,
    "a workbook with a cell in the last place": a_workbook,
    "20 million combining marks": marks,
    "an abstract of 20,000 characters": an_abstract,
    "20,000 brackets": brackets,
    "definitions without end": definitions,
    "100 papers of 100 names each": entities,
    "4,000 meanings of one short form": meanings,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(CASES))
    options = parser.parse_args()
    if options.one:
        with tempfile.TemporaryDirectory() as folder:
            seconds, said = CASES[options.one](Path(folder))
        peak = max(
            resource.getrusage(who).ru_maxrss
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        print(f"| {options.one} | {seconds:,.1f} s | {peak // 1024:,} MB | {said} |")
        return
    print("| at the bound | time | peak memory | what came of it |\n|---|---|---|---|", flush=True)
    for name in options.cases or CASES:
        subprocess.run([sys.executable, __file__, "--one", name], check=False)


if __name__ == "__main__":
    main()
