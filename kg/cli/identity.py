"""The lines about records in summary and report: read, skipped or merged. The numbers add up."""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import PurePosixPath

import typer

import kg
import pipelines
from kg.corpus.identity import RULES
from kg.project import Built, Health
from kg.records import Paper
from kg.storage.record_tables import Duplicate, Tally
from kg.storage.store import Store

__all__ = [
    "duplicate_lines",
    "methods_paragraph",
    "paper_card",
    "parse_languages",
    "record_lines",
]

SHOWN = 20
"""Number of merged papers that a report lists with their records."""


def parse_languages(text: str | None) -> tuple[str, ...] | None:
    """Parse comma-separated language codes; None if not given, an empty tuple for ``all``.

    Raises:
        BadParameter: if one is not a two-letter code.
    """
    if text is None:
        return None
    if text.strip().lower() == "all":
        return ()
    codes = tuple(code.strip().lower() for code in text.split(","))
    if not all(re.fullmatch("[a-z]{2}", code) for code in codes):
        message = (
            f"{text!r}: expected two-letter language codes (ISO 639-1), such as en or en,de, or all"
        )
        raise typer.BadParameter(message)
    return codes


def record_lines(built: Built) -> list[str]:
    """Return the numbers of papers and of records read.

    Papers, duplicates and papers left out by language add up to the records.
    """
    changes, tally = built.changes, built.tally
    read = changes.added + changes.changed + changes.unchanged + len(built.skipped)
    lines = [
        paper_line(tally),
        (
            f"{read:,} records read: {changes.added:,} new, {changes.changed:,} changed, "
            f"{changes.unchanged:,} known, {len(built.skipped):,} skipped"
        ),
    ]
    if set(tally.languages) - {"en", ""}:
        lines.append(f"languages: {_spread(tally.languages)}")
    return lines


def paper_line(tally: Tally) -> str:
    """Return the number of papers, and how the records divide if they are not all papers."""
    parts = []
    if tally.duplicates:
        rules = ", ".join(f"{count:,} {RULES[rule]}" for rule, count in tally.duplicates.items())
        parts.append(f"{sum(tally.duplicates.values()):,} duplicates ({rules})")
    if tally.left_out:
        parts.append(f"{sum(tally.left_out.values()):,} left out ({_spread(tally.left_out)})")
    of = f" from {tally.records:,} records, minus {' and '.join(parts)}" if parts else ""
    return f"{tally.papers:,} papers{of}"


def _spread(languages: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {language or 'unknown'}" for language, count in languages.items())


def duplicate_lines(found: Health) -> list[str]:
    """Return the report's lines about records: how many became papers, merges, skipped records."""
    lines = [paper_line(found.tally), f"papers without a year: {found.tally.undated:,}"]
    papers = [list(records) for _, records in groupby(found.duplicates, key=attrgetter("paper"))]
    for records in papers[:SHOWN]:
        lines += _paper_lines(records)
    several = len(papers) - SHOWN
    lines += [f"  … and {several:,} more"] if several > 0 else []
    lines.append(f"records skipped by the last build: {sum(dict(found.skipped).values()):,}")
    return [*lines, *(f"  {count:,} {reason}" for reason, count in found.skipped)]


def paper_card(store: Store, paper: Paper) -> list[str]:
    """Return a paper's card: its ids, the records merged into it, the nodes that it mentions."""
    nodes, _ = store.graph.counts([paper.id])
    records = list(store.records.duplicates(paper.id))
    return [
        f"{paper.title} ({paper.year or 'no year'})",
        *([paper.venue] if paper.venue else []),
        f"ids: {', '.join([paper.id, *paper.ids])}",
        *([paper.url] if paper.url else []),
        *(["records:", *_paper_lines(records)] if records else []),
        "nodes:",
        *(
            f"  {label} [{kind}]"
            for _, label, kind in store.graph.node_values(("label", "type"), nodes)
        ),
    ]


def _paper_lines(records: Sequence[Duplicate]) -> list[str]:
    first = records[0]
    clash = f"  titles differ, but all have {first.clash}" if first.clash else ""
    return [
        f"  {first.title!r} [{first.paper}]{clash}",
        *(
            f"    = {one.title!r} [{one.id}]"
            f"{f' in {PurePosixPath(one.source).name}' if one.source else ''}: {RULES[one.rule]}"
            for one in records
            if one.rule
        ),
    ]


def methods_paragraph(found: Health) -> str:
    """Return a paragraph for a paper's methods section on how the graph was built."""
    tally = found.tally
    sources = ", ".join(
        f"{PurePosixPath(name).name or 'Python'} ({count:,})" for name, count in found.sources
    )
    skipped = "; ".join(f"{count:,} {reason}" for reason, count in found.skipped)
    nodes, links = found.counts
    types = ", ".join(f"{kind}s" for kind in found.types)
    thesaurus = f"a thesaurus of {found.thesaurus:,} lines" if found.thesaurus else "no thesaurus"
    return (
        f"The graph was built with kg {kg.__version__} (reader {pipelines.fingerprint()[:8]}) from"
        f" {tally.records:,} records of {len(found.sources):,} sources: {sources}."
        f" {_sentence(tally, skipped)} Nodes are {types}, resolved over the whole corpus with"
        f" {thesaurus}. A link counts the papers that mention both of its ends; q is its false"
        f" discovery rate (Benjamini and Hochberg) against a bipartite null model. The graph has"
        f" {nodes:,} nodes and {links:,} links; {found.empty:,} papers mention no node."
    )


def _sentence(tally: Tally, skipped: str) -> str:
    duplicates = sum(tally.duplicates.values())
    omitted = f"Skipped records: {skipped}." if skipped else "No record was skipped."
    return (
        f"{omitted} {duplicates:,} were duplicates, which left {tally.papers:,} papers,"
        f" {tally.undated:,} of them without a year."
    )
