"""Short and long forms, found by ``kg.abbreviations`` and written to the ``Doc``.

``doc.spans["short_forms"]`` and ``doc.spans["long_forms"]`` run side by side: the n-th of one belongs to the n-th of the other.
"""

from spacy.language import Language
from spacy.tokens import Doc

from kg.abbreviations import find_abbreviations

__all__ = ["LONG_FORMS", "SHORT_FORMS", "mark_abbreviations"]

SHORT_FORMS, LONG_FORMS = "short_forms", "long_forms"


@Language.component("abbreviations")
def mark_abbreviations(doc: Doc) -> Doc:
    """Find the definitions inside the sentences and write both sides of each."""
    sentences = [(sentence.start_char, sentence.end_char) for sentence in doc.sents]
    short_forms, long_forms = [], []
    for found in find_abbreviations(doc.text, sentences):
        sides = []
        for form in (found.short, found.long):
            start = doc.text.find(form, found.start, found.end)
            sides.append(doc.char_span(start, start + len(form), alignment_mode="expand") if start >= 0 else None)
        short, long = sides
        if short is not None and long is not None:
            short_forms.append(short)
            long_forms.append(long)
    doc.spans[SHORT_FORMS] = short_forms
    doc.spans[LONG_FORMS] = long_forms
    return doc
