"""kg's records: papers, mentions, entities, nodes, links and the sentences that justify them.

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
    """The type of an entity; the first three become nodes by default."""

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
    """A title and an abstract. Equality is by value; ``id`` is unique within a corpus."""

    id: str
    title: str
    abstract: str
    year: int | None = None
    venue: str | None = None
    url: str | None = None
    doi: str | None = None
    """Lower case, without a prefix such as ``https://doi.org/``."""
    ids: tuple[str, ...] = ()
    """All identifiers of its record, each with its namespace (``arxiv:1706.03762``), sorted."""
    language: str | None = None
    """The ISO 639-1 code of its language, if detected."""

    @property
    def text(self) -> str:
        """The title, a line break and the abstract: the text that all offsets refer to."""
        return f"{self.title}\n{self.abstract}"

    @property
    def fingerprint(self) -> str:
        """A digest of the text (32 hexadecimal digits); equal texts have equal fingerprints."""
        return hashlib.blake2b(
            self.text.encode("utf-8", "surrogatepass"), digest_size=16
        ).hexdigest()


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A span of a paper with its type; ``surface`` is the text between the offsets."""

    start: int
    end: int
    type: EntityType
    surface: str


@dataclass(frozen=True, slots=True, order=True)
class Abbreviation:
    """A short form and its long form, as a paper defines and writes them."""

    short: str
    long: str
    start: int
    """Start of the definition in the paper's text (the first character of either form)."""
    end: int
    """End of the definition."""


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """One thing as one paper mentions it: its names there, best first, and all its mentions."""

    type: EntityType
    names: tuple[str, ...]
    mentions: tuple[Mention, ...]
    certainty: float = 1.0
    """The calibrated probability that the entity and its type are right, 0 to 1."""
    role: Role | None = None
    """What the paper does with it; None for tasks and metrics."""


@dataclass(frozen=True, slots=True, order=True)
class Extraction:
    """Everything the pipeline found in one text: the store's content and resolution's input."""

    entities: tuple[Entity, ...]
    """Sorted by first mention."""
    abbreviations: tuple[Abbreviation, ...]
    """Sorted by position."""
    sentences: tuple[tuple[int, int], ...]
    """Half-open offsets of the sentences, in order; the title is the first."""


@dataclass(frozen=True, slots=True, order=True)
class Merge:
    """One line of the ledger: why ``surface`` is a name of the node ``node``."""

    node: str
    surface: str
    rule: str
    """The rule's name, such as ``same key``, ``abbreviation``, ``lexicon`` or ``thesaurus``."""
    paper: str
    """The id of a paper that shows it; '' if none does, as for the lexicon."""
    detail: str
    """The rule's evidence: the other surface, the definition, or the thesaurus line."""


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """One thing across the whole corpus: the result of resolution."""

    id: str
    label: str
    type: EntityType
    aliases: tuple[str, ...]
    """All surfaces that refer to it except the label, sorted."""
    kind_of: tuple[str, ...] = ()
    """The ids of the nearest broader nodes, sorted."""


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Two nodes that papers mention together; ``source < target``."""

    source: str
    target: str
    papers: int
    """Number of papers that mention both; each paper counts once."""
    sentences: int
    """Number of these papers in which one sentence mentions both."""


@dataclass(frozen=True, slots=True, order=True)
class MarkedSentence:
    """A sentence of a paper, with the nodes that it names."""

    start: int
    end: int
    spans: tuple[tuple[int, int, str], ...]
    """(start, end, node id), sorted; the offsets are into the paper's text, not the sentence."""


@dataclass(frozen=True, slots=True, order=True)
class MarkedPaper:
    """A paper with the sentences that name a node; all evidence comes from these."""

    paper: Paper
    sentences: tuple[MarkedSentence, ...]
    roles: tuple[tuple[str, str], ...] = ()
    """(node id, role in this paper), sorted; nodes without a known role are omitted."""

    @property
    def nodes(self) -> tuple[str, ...]:
        """The ids of the nodes that the paper mentions, sorted and without duplicates."""
        return tuple(sorted({node for sentence in self.sentences for _, _, node in sentence.spans}))


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """A lexicon entry: a name that the field knows, its type and its other names."""

    label: str
    type: EntityType
    aliases: tuple[str, ...] = ()
    """Other names that always refer to it, sorted."""
    year: int | None = None
    """Year of first publication, if known."""
    ambiguous: tuple[str, ...] = ()
    """Names, possibly including the label, that often mean something else, sorted.

    They count only where other evidence supports them.
    """
    kind_of: tuple[str, ...] = ()
    """Names of the nearest broader kinds, sorted."""


@dataclass(frozen=True, slots=True, order=True)
class Judgement:
    """A lexicon fact: the verdict on a name found in papers, reached one name at a time."""

    name: str
    type: EntityType | None
    """The type of the entity; None if the name is not an entity."""
    right: str = ""
    """The name that should have been found instead; '' if the name is right or not an entity."""
    sure: bool = True
    """Whether the verdict is beyond doubt."""
