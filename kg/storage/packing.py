"""Records as rows: papers by their columns, an extraction as one JSON text.

In an extraction surfaces are not repeated, they are read from the paper's text by their offsets.
"""

from collections.abc import Sequence
from typing import Any

import orjson

from kg.records import Abbreviation, Entity, EntityType, Extraction, Mention, Paper, Role

__all__ = ["PAPER", "pack", "paper_of", "unpack"]

PAPER = "id, title, abstract, year, venue, url, doi, ids, language"
"""The columns that ``paper_of`` reads."""


def paper_of(row: Sequence[Any]) -> Paper:
    """Return the paper of a row of these columns."""
    name, title, abstract, year, venue, url, doi, ids, language = row
    return Paper(name, title, abstract, year, venue, url, doi, tuple(ids or ()), language)


def pack(found: Extraction) -> str:
    """Return an extraction as text."""
    entities = [
        [e.type, list(e.names), [[m.start, m.end] for m in e.mentions], e.certainty, e.role]
        for e in found.entities
    ]
    abbreviations = [[a.short, a.long, a.start, a.end] for a in found.abbreviations]
    return orjson.dumps([entities, abbreviations, found.sentences]).decode()


def unpack(packed: str, text: str) -> Extraction:
    """Return the extraction of a paper's text that ``pack`` made."""
    entities, abbreviations, sentences = orjson.loads(packed)
    return Extraction(
        tuple(_entity(row, text) for row in entities),
        tuple(Abbreviation(*row) for row in abbreviations),
        tuple((start, end) for start, end in sentences),
    )


def _entity(row: Sequence[Any], text: str) -> Entity:
    kind, names, spans, certainty, role = row
    own = EntityType(kind)
    mentions = tuple(Mention(start, end, own, text[start:end]) for start, end in spans)
    return Entity(own, tuple(names), mentions, certainty, Role(role) if role else None)
