"""What kg talks about: papers, mentions, entities, nodes, links and the sentences that prove them.

Every record is frozen, compared by value and sortable. Offsets are half-open character offsets into
``Paper.text`` unless a docstring says otherwise.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "Abbreviation",
    "Entity",
    "EntityType",
    "Extraction",
    "Judgement",
    "Link",
    "MarkedPaper",
    "MarkedSentence",
    "Mention",
    "Merge",
    "Node",
    "Paper",
    "Role",
    "Term",
]


class EntityType(StrEnum):
    """What kind of thing an entity is; the first three become nodes by default."""

    METHOD = "method"
    DATASET = "dataset"
    BENCHMARK = "benchmark"
    TASK = "task"
    METRIC = "metric"


class Role(StrEnum):
    """What a paper does with a method, dataset or benchmark that it mentions."""

    NEW = "new"
    EVALUATED = "evaluated"
    COMPARED = "compared"
    STUDIED = "studied"
    USED = "used"
    OTHER = "other"


@dataclass(frozen=True, slots=True, order=True)
class Paper:
    """One title and abstract. Equality is by value; ``id`` is unique in a corpus."""

    id: str
    title: str
    abstract: str
    year: int | None = None
    venue: str | None = None
    url: str | None = None
    doi: str | None = None
    """In lower case, without a prefix such as ``https://doi.org/``."""
    ids: tuple[str, ...] = ()
    """Every identifier that its record carries, with its namespace (``arxiv:1706.03762``), sorted."""
    language: str | None = None
    """The ISO 639-1 code of its language, where it was told."""

    @property
    def text(self) -> str:
        """The title, a line break, the abstract: what all offsets refer to."""
        return f"{self.title}\n{self.abstract}"

    @property
    def fingerprint(self) -> str:
        """A digest (32 hexadecimal digits) of the text; equal texts have equal fingerprints."""
        return hashlib.blake2b(
            self.text.encode("utf-8", "surrogatepass"), digest_size=16
        ).hexdigest()


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A span of one paper with its type; ``surface`` is the text between the offsets."""

    start: int
    end: int
    type: EntityType
    surface: str


@dataclass(frozen=True, slots=True, order=True)
class Abbreviation:
    """A short form and the long form that a paper defines for it, as written there."""

    short: str
    long: str
    start: int
    """Where the definition begins in the paper's text (the first character of either form)."""
    end: int
    """Where the definition ends."""


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """One thing as one paper mentions it: its names there (best first) and every mention, in order."""

    type: EntityType
    names: tuple[str, ...]
    mentions: tuple[Mention, ...]
    certainty: float = 1.0
    """The calibrated probability that the entity and its type are right, 0 to 1."""
    role: Role | None = None
    """What the paper does with it; None for tasks and metrics."""


@dataclass(frozen=True, slots=True, order=True)
class Extraction:
    """All that the pipeline found in one text: what the store keeps and resolution starts from."""

    entities: tuple[Entity, ...]
    """Sorted by first mention."""
    abbreviations: tuple[Abbreviation, ...]
    """Sorted by place."""
    sentences: tuple[tuple[int, int], ...]
    """Half-open offsets of the sentences, in order; the title is the first."""


@dataclass(frozen=True, slots=True, order=True)
class Merge:
    """One line of the ledger: why ``surface`` is a name of the node ``node``."""

    node: str
    surface: str
    rule: str
    """The rule's name: ``same key``, ``abbreviation``, ``lexicon``, ``type word``, ``same entity``, ``thesaurus``."""
    paper: str
    """The id of a paper that shows it ('' where no paper does, as for the lexicon)."""
    detail: str
    """What the rule saw: the other surface, the definition, or the line."""


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """One thing of the corpus, after resolution."""

    id: str
    label: str
    type: EntityType
    aliases: tuple[str, ...]
    """Every surface that means it, sorted, without the label."""
    kind_of: tuple[str, ...] = ()
    """The ids of its nearest broader nodes, sorted."""


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Two nodes that papers mention together; ``source < target``."""

    source: str
    target: str
    papers: int
    """How many papers mention both, counted once a paper."""
    sentences: int
    """In how many of these papers one sentence mentions both."""


@dataclass(frozen=True, slots=True, order=True)
class MarkedSentence:
    """A sentence of a paper and the nodes named in it."""

    start: int
    end: int
    spans: tuple[tuple[int, int, str], ...]
    """(start, end, node id), sorted; offsets into the paper's text, not into the sentence."""


@dataclass(frozen=True, slots=True, order=True)
class MarkedPaper:
    """A paper with those of its sentences that name a node: all evidence is read from these."""

    paper: Paper
    sentences: tuple[MarkedSentence, ...]
    roles: tuple[tuple[str, str], ...] = ()
    """(node id, what the paper does with it), sorted; nodes of which that is not known are left out."""

    @property
    def nodes(self) -> tuple[str, ...]:
        """The ids of the nodes that the paper mentions, sorted, each once."""
        return tuple(sorted({node for sentence in self.sentences for _, _, node in sentence.spans}))


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """A fact of the lexicon: a name that the field knows, what it is, and its other names."""

    label: str
    type: EntityType
    aliases: tuple[str, ...] = ()
    """Other names that mean it wherever they stand, sorted."""
    year: int | None = None
    """When it was first published, where that is known."""
    ambiguous: tuple[str, ...] = ()
    """Its names, the label perhaps among them, that often mean something else: they count only with evidence. Sorted."""
    kind_of: tuple[str, ...] = ()
    """Names of the nearest kinds that it is of, sorted."""


@dataclass(frozen=True, slots=True, order=True)
class Judgement:
    """A fact of the lexicon: what a name is that was found in papers and judged by itself."""

    name: str
    type: EntityType | None
    """None for what is no entity."""
    right: str = ""
    """The name that should have been found in its place; '' if it is right, or none."""
    sure: bool = True
    """Whether it is so beyond doubt."""
