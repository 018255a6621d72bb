"""The example corpus keeps the rules that its README states."""

import json
import re
from collections import Counter
from pathlib import Path

PAPERS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "examples/papers.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
FIELDS = {"id", "title", "abstract", "year", "venue", "url"}


def test_there_are_at_least_120_papers_with_all_fields():
    assert len(PAPERS) >= 120
    assert all(set(paper) == FIELDS and all(paper.values()) for paper in PAPERS)


def test_ids_and_titles_are_unique():
    for field in ("id", "title"):
        assert max(Counter(paper[field] for paper in PAPERS).values()) == 1


def test_abstracts_have_80_to_200_words():
    assert {
        paper["id"] for paper in PAPERS if not 80 <= len(paper["abstract"].split()) <= 200
    } == set()


def test_years_and_addresses_are_well_formed():
    assert {paper["id"] for paper in PAPERS if not 2012 <= paper["year"] <= 2026} == set()
    address = re.compile(r"https://(arxiv\.org/abs/\d{4}\.\d{4,5}|(?!arxiv)[\w./-]+)")
    assert {paper["id"] for paper in PAPERS if not address.fullmatch(paper["url"])} == set()


def test_no_two_abstracts_share_eight_words_in_a_row():
    seen = {}
    for paper in PAPERS:
        words = re.findall(r"\w+", paper["abstract"].lower())
        for start in range(len(words) - 7):
            run = " ".join(words[start : start + 8])
            assert seen.setdefault(run, paper["id"]) == paper["id"], run
