"""Converts a processed ``Doc`` into the core's records."""

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
"""Entities kept per paper, the first in its text.

Every two are linked, so this limits a paper to 4,950 links. None of 87,068 real papers has more
than 25 entities.
"""


def to_extraction(doc: Doc) -> Extraction:
    """Return a text's entities, sorted by first mention, its abbreviations and its sentences."""
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
    """Build one entity; its names are sorted by frequency in the paper, then by first position."""
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
