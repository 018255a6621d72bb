"""What summary and report say of records: read, skipped, one paper with others. The numbers add up."""

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
"""Papers that a report shows with their records."""


def parse_languages(text: str | None) -> tuple[str, ...] | None:
    """Return comma-separated codes of languages; None for none given, none at all for ``all``.

    Raises:
        BadParameter: if one is no code of ISO 639-1.
    """
    if text is None:
        return None
    if text.strip().lower() == "all":
        return ()
    codes = tuple(code.strip().lower() for code in text.split(","))
    if not all(re.fullmatch("[a-z]{2}", code) for code in codes):
        message = f"{text!r}: a language is given by its two letters (ISO 639-1), such as en or en,de; or all"
        raise typer.BadParameter(message)
    return codes


def record_lines(built: Built) -> list[str]:
    """Return how many papers there are, of how many records, and what was read: papers, duplicates and papers left out make the records."""
    changes, tally = built.changes, built.tally
    read = changes.added + changes.changed + changes.unchanged + len(built.skipped)
    lines = [
        paper_line(tally),
        f"{read:,} records read: {changes.added:,} new, {changes.changed:,} changed, {changes.unchanged:,} known, {len(built.skipped):,} skipped",
    ]
    if set(tally.languages) - {"en", ""}:
        lines.append(f"languages: {_spread(tally.languages)}")
    return lines


def paper_line(tally: Tally) -> str:
    """Return how many papers there are, of how many records."""
    parts = []
    if tally.duplicates:
        rules = ", ".join(f"{count:,} {RULES[rule]}" for rule, count in tally.duplicates.items())
        parts.append(f"{sum(tally.duplicates.values()):,} duplicates ({rules})")
    if tally.left_out:
        parts.append(f"{sum(tally.left_out.values()):,} left out ({_spread(tally.left_out)})")
    of = f" of {tally.records:,} records, less {' and '.join(parts)}" if parts else ""
    return f"{tally.papers:,} papers{of}"


def _spread(languages: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {language or 'not told'}" for language, count in languages.items())


def duplicate_lines(found: Health) -> list[str]:
    """Return what a report says of records: how they became papers, which are one and why, what was passed over."""
    lines = [paper_line(found.tally), f"papers without a year: {found.tally.undated:,}"]
    papers = [list(records) for _, records in groupby(found.duplicates, key=attrgetter("paper"))]
    for records in papers[:SHOWN]:
        lines += _paper_lines(records)
    several = len(papers) - SHOWN
    lines += [f"  … and {several:,} more"] if several > 0 else []
    lines.append(f"records passed over by the last build: {sum(dict(found.skipped).values()):,}")
    return [*lines, *(f"  {count:,} {reason}" for reason, count in found.skipped)]


def paper_card(store: Store, paper: Paper) -> list[str]:
    """Return what a paper is: its ids, the records that it was made of, the nodes that it mentions."""
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
    clash = f"  titles differ, though all have {first.clash}" if first.clash else ""
    return [
        f"  {first.title!r} [{first.paper}]{clash}",
        *(
            f"    = {one.title!r} [{one.id}]{f' in {PurePosixPath(one.source).name}' if one.source else ''}: {RULES[one.rule]}"
            for one in records
            if one.rule
        ),
    ]


def methods_paragraph(found: Health) -> str:
    """Return what a paper's methods section should say of how a graph was made."""
    tally = found.tally
    sources = ", ".join(
        f"{PurePosixPath(name).name or 'Python'} ({count:,})" for name, count in found.sources
    )
    skipped = "; ".join(f"{count:,} {reason}" for reason, count in found.skipped)
    nodes, links = found.counts
    types = ", ".join(f"{kind}s" for kind in found.types)
    thesaurus = f"a thesaurus of {found.thesaurus:,} lines" if found.thesaurus else "no thesaurus"
    return (
        f"The graph was made with kg {kg.__version__} (reader {pipelines.fingerprint()[:8]}) from {tally.records:,} records"
        f" of {len(found.sources):,} sources: {sources}. {_sentence(tally, skipped)}"
        f" Nodes are {types}, resolved over the corpus with {thesaurus}; a link counts the papers that mention both"
        f" of its ends, and q is its false discovery rate (Benjamini and Hochberg) against a bipartite null model."
        f" The graph has {nodes:,} nodes and {links:,} links; {found.empty:,} papers have no node."
    )


def _sentence(tally: Tally, skipped: str) -> str:
    duplicates = sum(tally.duplicates.values())
    passed = f"Passed over were {skipped}." if skipped else "None was passed over."
    return f"{passed} {duplicates:,} were duplicates, which left {tally.papers:,} papers, {tally.undated:,} of them without a year."
