"""Assembles the pipeline."""

from pathlib import Path

import spacy
from spacy.language import Language

from pipelines.components import abbreviations, one_sense, reader, sentences, span_finder
from pipelines.tokenizer import make_tokenizer

__all__ = ["make_pipeline"]

STEPS = (sentences, span_finder, abbreviations, one_sense, reader)
"""Imported to register their factories even if kg is not installed."""


def make_pipeline(threads: int = 1, model: Path | None = None) -> Language:
    """Return the spaCy pipeline.

    ``nlp(text).spans["mentions"]`` holds the mentions; mentions of one entity share a ``span.id``.
    """
    path = str(model or "")
    nlp = spacy.blank("en")
    nlp.tokenizer = make_tokenizer(nlp.vocab)
    nlp.add_pipe("kg_sentences")
    nlp.add_pipe("kg_span_finder", config={"path": path, "threads": threads})
    nlp.add_pipe("kg_abbreviations")
    nlp.add_pipe("kg_one_sense", config={"path": path})
    nlp.max_length = 10**8
    return nlp
