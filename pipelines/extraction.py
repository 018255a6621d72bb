"""From a ``Doc`` that the pipeline has read to the records of the core."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import islice

from spacy.tokens import Doc, Span

from kg.records import Abbreviation, Entity, EntityType, Extraction, Mention, Role
from pipelines.components.abbreviations import LONG_FORMS, SHORT_FORMS
from pipelines.components.one_sense import MENTIONS
from pipelines.components.sentences import sentences_of

__all__ = ["to_extraction"]

MOST_ENTITIES = 100
"""Entities of one paper, the first in its text: each is linked with each other, so that the bound is one of 4,950 links.
Of 87,068 real papers none has more than 25."""


def to_extraction(doc: Doc) -> Extraction:
    """Return the entities (by first mention), the definitions and the sentences of a text."""
    by_entity: dict[int, list[Span]] = defaultdict(list)
    for span in sorted(doc.spans[MENTIONS], key=lambda span: span.start):
        by_entity[span.id].append(span)
    entities = tuple(_entity(spans) for spans in islice(by_entity.values(), MOST_ENTITIES))
    pairs = zip(doc.spans[SHORT_FORMS], doc.spans[LONG_FORMS], strict=True)
    abbreviations = sorted(
        {
            Abbreviation(
                short.text,
                long.text,
                min(short.start_char, long.start_char),
                max(short.end_char, long.end_char),
            )
            for short, long in pairs
        },
        key=lambda found: (found.start, found),
    )
    return Extraction(entities, tuple(abbreviations), sentences_of(doc))


def _entity(spans: Sequence[Span]) -> Entity:
    """Join the mentions of one entity; its names are sorted by how often the paper writes them, then by first place."""
    kind = EntityType(spans[0].label_)
    mentions = tuple(Mention(span.start_char, span.end_char, kind, span.text) for span in spans)
    counts = Counter(mention.surface for mention in mentions)
    names = tuple(name for name, _ in counts.most_common())
    return Entity(
        kind,
        names,
        mentions,
        round(spans[0]._.certainty, 4),
        spans[0]._.role and Role(spans[0]._.role),
    )
