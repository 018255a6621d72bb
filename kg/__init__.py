"""kg: from research abstracts to a knowledge graph of methods, datasets and benchmarks.

>>> import kg
>>> graph = kg.build_graph("papers.jsonl")  # doctest: +SKIP
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.project import build_graph, page

__all__ = ["build_graph", "page"]


def __getattr__(name: str) -> object:
    """Load ``kg.project`` when something of it is first asked for: it needs the pipeline, which takes a second that readers of records need not wait."""
    if name in __all__:
        from kg import project  # noqa: PLC0415 - see above

        return getattr(project, name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
