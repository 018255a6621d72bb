"""kg's spaCy pipeline, which finds the mentions in a text. The only package that imports spaCy.

texts -> tokenizer -> sentences -> span_finder -> abbreviations -> one_sense -> Extraction
"""

from typing import TYPE_CHECKING

from pipelines.run import extract, fingerprint, judged_names, known_terms

if TYPE_CHECKING:
    from pipelines.assemble import make_pipeline

__all__ = ["extract", "fingerprint", "judged_names", "known_terms", "make_pipeline"]


def __getattr__(name: str) -> object:
    """Load spaCy and onnxruntime only when the pipeline is needed."""
    if name == "make_pipeline":
        from pipelines.assemble import make_pipeline  # noqa: PLC0415 - see above

        return make_pipeline
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
