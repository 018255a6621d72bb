"""The pipeline put together."""

from pathlib import Path

import spacy
from spacy.language import Language

from pipelines.components import abbreviations, one_sense, sentences, span_finder
from pipelines.tokenizer import make_tokenizer

__all__ = ["make_pipeline"]

MODEL = Path(__file__).parent / "model"
STEPS = (sentences, span_finder, abbreviations, one_sense)


def make_pipeline(threads: int = 1) -> Language:
    """Return the spaCy pipeline; ``nlp(text).spans["mentions"]`` holds its spans, ``span.id`` tells entities apart."""
    nlp = spacy.blank("en")
    nlp.tokenizer = make_tokenizer(nlp.vocab)
    nlp.add_pipe("sentences")
    nlp.add_pipe("kg_span_finder", name="span_finder", config={"path": str(MODEL), "threads": threads})
    nlp.add_pipe("abbreviations")
    nlp.add_pipe("one_sense")
    nlp.max_length = 10**8
    return nlp
