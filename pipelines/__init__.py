"""The spaCy pipeline of kg: text in, mentions out. The only package that imports spaCy.

texts -> tokenizer -> sentences -> span_finder -> abbreviations -> one_sense -> Extraction
"""

from typing import TYPE_CHECKING

from pipelines.run import extract, fingerprint, judged_names, known_terms

if TYPE_CHECKING:
    from pipelines.assemble import make_pipeline

__all__ = ["extract", "fingerprint", "judged_names", "known_terms", "make_pipeline"]


def __getattr__(name: str) -> object:
    """Load spaCy and onnxruntime when the pipeline is asked for: reading a graph, or waiting for other processes, needs neither."""
    if name == "make_pipeline":
        from pipelines.assemble import make_pipeline  # noqa: PLC0415 - see above

        return make_pipeline
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
