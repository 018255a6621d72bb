"""How many records a second each reader gives, from bytes on disk to clean papers, on one core.

python benchmarks/readers.py [--records N] [--only FORMAT…]

The records are made up (the same in every format): a title of ten words, an abstract of 180 with an entity, an accent and a
notice of rights, a year, a journal, a DOI.
"""

import argparse
import json
import random
import tempfile
import time
import zipfile
from pathlib import Path

import duckdb

from kg.corpus import FORMATS, read_papers

WORDS = [
    "we",
    "study",
    "model",
    "data",
    "learning",
    "network",
    "graph",
    "training",
    "method",
    "results",
    "show",
    "that",
    "the",
    "of",
    "and",
    "for",
    "with",
    "on",
    "large",
    "language",
    "deep",
    "neural",
    "image",
    "text",
    "approach",
    "performance",
    "task",
    "tasks",
    "dataset",
    "benchmark",
    "accuracy",
    "new",
    "propose",
    "based",
    "using",
    "novel",
    "framework",
]


def rows(count):
    rng = random.Random("readers")
    for number in range(count):
        abstract = " ".join(
            f"{' '.join(rng.choices(WORDS, k=18)).capitalize()}." for _ in range(10)
        )
        yield {
            "title": f"{' '.join(rng.choices(WORDS, k=10)).capitalize()} {number}",
            "abstract": f"{abstract} It is 3% better & faster, by Müller. (C) 2020 Elsevier B.V. All rights reserved.",
            "year": 2000 + number % 25,
            "venue": f"Journal of Things {number % 40}",
            "doi": f"10.1234/bench.{number}",
        }


def tagged(template, head=""):
    def write(path, records):
        path.write_text(head + "".join(template.format(**r) for r in records), encoding="utf-8")

    return write


def table(separator):
    def write(path, records):
        lines = [separator.join(records[0])]
        lines += [separator.join(f'"{value}"' for value in r.values()) for r in records]
        path.write_text("\n".join(lines), encoding="utf-8")

    return write


def as_xml(template, head, end):
    def write(path, records):
        safe = [{k: str(v).replace("&", "&amp;") for k, v in r.items()} for r in records]
        path.write_text(head + "".join(template.format(**r) for r in safe) + end, encoding="utf-8")

    return write


def parquet(path, records):
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as db:
        lines = Path(folder) / "a.jsonl"
        lines.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
        db.execute(f"COPY (SELECT * FROM read_json('{lines}')) TO '{path}' (FORMAT parquet)")


def zipped(path, records):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.jsonl", "".join(json.dumps(r) + "\n" for r in records))


def excel(path, records):
    from openpyxl import Workbook  # noqa: PLC0415 - only this format needs it

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(records[0]))
    for record in records:
        sheet.append(list(record.values()))
    book.save(path)


WRITERS = {
    "bibtex": (".bib", tagged("@article{{k{doi},\n title = {{{title}}},\n abstract = {{{abstract}}},\n year = {{{year}}},\n journal = {{{venue}}},\n doi = {{{doi}}}\n}}\n\n")),
    "csv": (".csv", table(",")),
    "endnote": (".enw", tagged("%0 Journal Article\n%T {title}\n%X {abstract}\n%D {year}\n%J {venue}\n%R {doi}\n\n")),
    "excel": (".xlsx", excel),
    "json": (".json", lambda path, records: path.write_text(json.dumps(records), encoding="utf-8")),
    "jsonl": (".jsonl", lambda path, records: path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")),
    "medline": (".nbib", tagged("PMID- 1\nOWN - NLM\nDP  - {year}\nTI  - {title}\nAB  - {abstract}\nJT  - {venue}\nLID - {doi} [doi]\n\n")),
    "ovid": (".txt", tagged("<1. >\nVN  - Ovid Technologies\nTI  - {title}\nSO  - {venue}. 12(3):1-2, {year}.\nAB  - {abstract}\nDO  - {doi}\n\n")),
    "parquet": (".parquet", parquet),
    "refworks": (".txt", tagged("RT Journal Article\nT1 {title}\nJF {venue}\nYR {year}\nAB {abstract}\nDO {doi}\n\n")),
    "ris": (".ris", tagged("TY  - JOUR\nTI  - {title}\nAB  - {abstract}\nPY  - {year}\nJO  - {venue}\nDO  - {doi}\nER  - \n\n")),
    "text": (".txt", tagged("{title}\n\n{abstract}\n\n")),
    "tsv": (".tsv", table("\t")),
    "wos": (".ciw", tagged("PT J\nAU A, B\nTI {title}\nSO {venue}\nAB {abstract}\nPY {year}\nDI {doi}\nER\n\n", "FN Clarivate Analytics Web of Science\nVR 1.0\n")),
    "xml": (".xml", as_xml(
        "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><Journal><JournalIssue><PubDate><Year>{year}</Year></PubDate></JournalIssue><Title>{venue}</Title></Journal>"
        "<ArticleTitle>{title}</ArticleTitle><Abstract><AbstractText>{abstract}</AbstractText></Abstract>"
        '<ELocationID EIdType="doi">{doi}</ELocationID></Article></MedlineCitation></PubmedArticle>\n',
        "<PubmedArticleSet>", "</PubmedArticleSet>")),
    "zip": (".zip", zipped),
}  # fmt: skip


def pubmed_text(path, records):
    pieces = [
        f"{n}. {r['venue']}. {r['year']} Jan;1(2):3-4. doi: {r['doi']}.\n\n{r['title']}\n\nSmith AB(1), Jones C.\n\nAuthor information:\n(1)Here.\n\n{r['abstract']}\n\nPMID: {n + 10000}\n\n\n"
        for n, r in enumerate(records, 1)
    ]
    path.write_text("".join(pieces), encoding="utf-8")


WRITERS["pubmed-text"] = (".txt", pubmed_text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--only", nargs="*", default=sorted(FORMATS))
    args = parser.parse_args()
    records = list(rows(args.records))
    print(f"{'format':<12} {'MB':>6} {'papers':>7} {'seconds':>8} {'a second':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for name in args.only:
            suffix, write = WRITERS[name]
            path = Path(folder) / f"papers{suffix}"
            write(path, records)
            start = time.process_time()
            papers = sum(1 for _ in read_papers([path]))
            seconds = time.process_time() - start
            size = path.stat().st_size / 1e6
            print(f"{name:<12} {size:6.1f} {papers:7,} {seconds:8.1f} {papers / seconds:9,.0f}")
            path.unlink()


if __name__ == "__main__":
    main()
