"""Writes short and long forms, found by ``kg.names.abbreviations``, to the ``Doc``.

``doc.spans["short_forms"]`` and ``doc.spans["long_forms"]`` are parallel: their n-th spans belong
together.
"""

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.names.abbreviations import find_abbreviations
from pipelines.components.sentences import sentences_of
from pipelines.tokenizer import text_of, token_bounds

__all__ = ["LONG_FORMS", "SHORT_FORMS", "definitions_of", "mark_abbreviations"]

SHORT_FORMS, LONG_FORMS = "short_forms", "long_forms"


@Language.component("kg_abbreviations")
def mark_abbreviations(doc: Doc) -> Doc:
    """Find the definitions within sentences and write both forms of each."""
    sides: list[tuple[int, int]] = []
    text = text_of(doc)
    for found in find_abbreviations(text, sentences_of(doc)):
        places = [
            (text.find(form, found.start, found.end), len(form))
            for form in (found.short, found.long)
        ]
        if all(start >= 0 for start, _ in places):
            sides += [(start, start + length) for start, length in places]
    spans = [Span(doc, first, last) for first, last in token_bounds(doc, sides)]
    doc.spans[SHORT_FORMS] = spans[::2]
    doc.spans[LONG_FORMS] = spans[1::2]
    return doc


def definitions_of(doc: Doc) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return the half-open character offsets of the short and long form of each definition."""
    sides = zip(doc.spans[SHORT_FORMS], doc.spans[LONG_FORMS], strict=True)
    return [((a.start_char, a.end_char), (b.start_char, b.end_char)) for a, b in sides]
