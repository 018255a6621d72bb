"""The spaCy pipeline of kg: text in, mentions out. The only package that imports spaCy.

texts -> tokenizer -> sentences -> span_finder -> abbreviations -> one_sense -> Extraction
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.assemble import extract, fingerprint, known_terms, make_pipeline

__all__ = ["extract", "fingerprint", "known_terms", "make_pipeline"]


def __getattr__(name: str) -> object:
    """Load spaCy and onnxruntime when the pipeline is first asked for: reading a graph needs neither."""
    if name in __all__:
        from pipelines import assemble  # noqa: PLC0415 - see above

        return getattr(assemble, name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
