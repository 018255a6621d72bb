"""What a document holds becomes records, and no more of it than a paper may cost."""

import spacy
from spacy.tokens import Span

from pipelines.components import one_sense
from pipelines.components.abbreviations import LONG_FORMS, SHORT_FORMS
from pipelines.extraction import MOST_ENTITIES, to_extraction


def test_of_a_text_that_is_a_list_of_names_the_first_hundred_count():
    assert one_sense.MENTIONS == "mentions"  # the component registers what a span says of itself
    doc = spacy.blank("en")(" ".join(f"Name{number}" for number in range(3 * MOST_ENTITIES)))
    doc[0].is_sent_start = True
    spans = [Span(doc, n, n + 1, label="method", span_id=n + 1) for n in range(len(doc))]
    for span in spans:
        span._.certainty = 0.9
    doc.spans["mentions"] = spans
    doc.spans[SHORT_FORMS] = doc.spans[LONG_FORMS] = []
    found = to_extraction(doc)
    assert [one.names for one in found.entities] == [(f"Name{n}",) for n in range(MOST_ENTITIES)]
