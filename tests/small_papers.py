"""Extractions of made-up papers that need no text, and what resolution makes of them."""

from records import assign

from kg.records import Abbreviation, Entity, EntityType, Extraction, Mention
from kg.resolution.resolve import resolve as resolve_usage
from kg.resolution.usage import Usage

METHOD, DATASET, BENCHMARK, TASK, METRIC = EntityType


def entity(*names, kind=METHOD, start=10):
    """An entity whose names stand one after another; a text that begins with its own system's name has start 0."""
    mentions = []
    for name in names:
        mentions.append(Mention(start, start + len(name), kind, name))
        start += len(name) + 1
    return Entity(kind, tuple(names), tuple(mentions))


def paper(*entities, defines=()):
    abbreviations = tuple(
        Abbreviation(short, long, 0, len(short) + len(long) + 3) for short, long in defines
    )
    return Extraction(tuple(entities), abbreviations, ((0, 1000),))


def corpus(*extractions):
    return [(f"p{number}", extraction) for number, extraction in enumerate(extractions)]


def resolve(papers, **options):
    return resolve_usage(Usage.of(papers), **options)


def many(count, extraction):
    return [extraction] * count


def ids_of(papers, **options):
    found = resolve(papers, **options)
    return [assign(found, extraction) for _, extraction in papers]


def node_of(papers, label, **options):
    return next(node for node in resolve(papers, **options).nodes if node.label == label)
