"""What a file says of itself: which kg wrote it, from how many papers, by which reader, with which thesaurus, and what it keeps. No clock."""

from importlib.metadata import PackageNotFoundError, version

from exports.files import one_line
from kg.graph.view import GraphView

__all__ = ["provenance", "provenance_line"]

try:
    GENERATOR = f"kg {version('kg-abstracts')}"
except PackageNotFoundError:  # run from a folder that was not installed
    GENERATOR = "kg"


def provenance(view: GraphView) -> dict[str, str | int]:
    """Return the facts by name, in a fixed order; what is not known is left out."""
    links = view.graph.number_of_edges()
    facts: dict[str, str | int] = {
        "generator": GENERATOR,
        "papers": view.corpus_papers,
        "nodes": f"{len(view.graph)} of {view.all_nodes}",
        "links": f"{links} of {view.all_links}",
        "kept": one_line(view.rule),
        "evidence": view.evidence or "",
        "reader": view.reader,
        "thesaurus": view.thesaurus,
    }
    return {name: fact for name, fact in facts.items() if fact}


def provenance_line(view: GraphView) -> str:
    """Return the facts in one line, such as ``generator: kg 1.0; papers: 300``."""
    return "; ".join(f"{name}: {fact}" for name, fact in provenance(view).items())
