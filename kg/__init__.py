"""kg: from research abstracts to a knowledge graph of methods, datasets and benchmarks.

>>> import kg
>>> graph = kg.build_graph("papers.jsonl")  # doctest: +SKIP
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.build import build_graph

__all__ = ["build_graph"]


def __getattr__(name: str) -> object:
    """Load ``build_graph`` when it is first asked for: it needs the pipeline, which takes a second that readers of records need not wait."""
    if name == "build_graph":
        from kg.build import build_graph  # noqa: PLC0415 - see above

        return build_graph
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
