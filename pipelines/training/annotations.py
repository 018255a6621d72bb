"""Annotated papers as training examples.

The annotations list names, not places. ``find_names`` marks every place of each name as the annotation
guidelines describe: longest first, plural s allowed, case as given for strings of up to five characters or
with an inner capital. Annotators miss some mentions: ``Gaps`` finds the names that other papers' annotators
usually mark and this paper's did not; such places are left out of the loss, or marked where hardly anybody
leaves them out.
"""

import functools
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from kg.records import EntityType, Paper
from pipelines.known import KnownNames, fold_name
from pipelines.tokenizer import split_words

__all__ = ["AnnotatedPaper", "Gaps", "Place", "find_names", "hold_out", "read_annotated", "read_more"]

TYPES = dict(zip("MDBTX", EntityType, strict=True))
MASKED_RATE, MARKED_RATE, MARKED_AGREEMENT = 0.35, 0.7, 0.8
LEAST_PAPERS = 3
RICH = 4
MORE = Path(__file__).with_name("more_gold.jsonl")


@dataclass(frozen=True, slots=True)
class AnnotatedPaper:
    """A paper and what its annotator listed: (type, names) of each entity."""

    paper: Paper
    entities: tuple[tuple[EntityType, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Half-open character offsets of a name; type None: leave it out of the loss."""

    start: int
    end: int
    type: EntityType | None


def read_annotated(folder: Path, split: str) -> list[AnnotatedPaper]:
    """Read ``<split>_papers.jsonl`` and ``<split>_gold.jsonl`` of a folder."""
    gold = {row["id"]: row["e"] for row in map(json.loads, (folder / f"{split}_gold.jsonl").open(encoding="utf-8"))}
    papers = map(json.loads, (folder / f"{split}_papers.jsonl").open(encoding="utf-8"))
    return [
        AnnotatedPaper(
            Paper(row["id"], row["title"], row["abstract"], row.get("year"), row.get("venue"), row.get("url")),
            tuple((TYPES[entity[0]], tuple(entity[1:])) for entity in gold[row["id"]]),
        )
        for row in papers
    ]


def read_more(raw: Path) -> list[AnnotatedPaper]:
    """Return the further papers that were annotated for kg (``more_gold.jsonl``); their texts are those of the raw papers."""
    gold = {row["id"]: row["e"] for row in map(json.loads, MORE.open(encoding="utf-8"))}
    with gzip.open(raw, "rt", encoding="utf-8") as lines:
        papers = [row for row in map(json.loads, lines) if row["id"] in gold]
    return [
        AnnotatedPaper(
            Paper(row["id"], row["title"], row["abstract"]),
            tuple((TYPES[entity[0]], tuple(entity[1:])) for entity in gold[row["id"]]),
        )
        for row in papers
    ]


@functools.lru_cache(maxsize=100_000)
def _pattern(name: str) -> re.Pattern[str]:
    as_given = len(name) <= 5 or any(map(str.isupper, name[1:]))  # noqa: PLR2004 - the guidelines' number
    body = r"\s+".join(map(re.escape, name.split()))
    return re.compile(rf"(?<![A-Za-z0-9]){body}(?:s|es)?(?![A-Za-z0-9])", 0 if as_given else re.IGNORECASE)


def find_names(text: str, entities: Iterable[tuple[EntityType, Sequence[str]]]) -> list[Place]:
    """Return the places of all names, longest first where they overlap, sorted."""
    found = [
        Place(match.start(), match.end(), kind)
        for kind, names in entities
        for name in names
        for match in _pattern(name).finditer(text)
    ]
    return choose_longest(found, len(text))


def choose_longest(found: Iterable[Place], length: int, taken: Iterable[Place] = ()) -> list[Place]:
    """Keep of overlapping places the longer, and none that overlaps a taken one; sorted."""
    used = bytearray(length)
    for place in taken:
        used[place.start : place.end] = b"\1" * (place.end - place.start)
    kept = []
    for place in sorted(found, key=lambda place: (place.start - place.end, place.start)):
        if not any(used[place.start : place.end]):
            used[place.start : place.end] = b"\1" * (place.end - place.start)
            kept.append(place)
    return sorted(kept, key=lambda place: (place.start, place.end))


def hold_out(papers: Sequence[AnnotatedPaper], any_kind: int = 300, rich: int = 120) -> tuple[set[str], set[str]]:
    """Choose papers to measure on, by a hash of their ids: of any kind, and such as name four or more datasets or benchmarks."""

    def order(paper: AnnotatedPaper) -> str:
        return sha256(paper.paper.id.encode()).hexdigest()

    ordered = sorted(papers, key=order)
    first = {paper.paper.id for paper in ordered[:any_kind]}
    many = [
        paper.paper.id
        for paper in ordered[any_kind:]
        if sum(kind in {EntityType.DATASET, EntityType.BENCHMARK} for kind, _ in paper.entities) >= RICH
    ]
    return first, set(many[:rich])


class Gaps:
    """Names that annotators usually mark, and where one paper's annotator did not."""

    def __init__(self, papers: Sequence[AnnotatedPaper]) -> None:
        """Count over the annotated papers how often each name occurs and how often it is marked, as what."""
        self.marked: dict[str, Counter[EntityType]] = defaultdict(Counter)
        for paper in papers:
            for kind, names in paper.entities:
                for name in {fold_name(name) for name in names} - {""}:
                    self.marked[name][kind] += 1
        self.names = KnownNames(dict.fromkeys((n for n, c in self.marked.items() if c.total() >= LEAST_PAPERS and len(n) > 2), 1))  # noqa: PLR2004
        self.occurring: Counter[str] = Counter()
        for paper in papers:
            words = [word for word, _, _ in split_words(paper.paper.text)]
            self.occurring.update({name for _, _, name in self.names.matches(words)})

    def find(self, paper: AnnotatedPaper, marked: Sequence[Place]) -> list[Place]:
        """Return the places of usual names that are not marked: with a type to mark, with None to leave out."""
        text = paper.paper.text
        words = split_words(text)
        found = []
        for first, last, name in self.names.matches([word for word, _, _ in words]):
            counts = self.marked[name]
            rate = counts.total() / max(1, self.occurring[name])
            kind, agreed = counts.most_common(1)[0]
            if rate >= MASKED_RATE:
                sure = rate >= MARKED_RATE and agreed >= MARKED_AGREEMENT * counts.total()
                found.append(Place(words[first][1], words[last - 1][2], kind if sure else None))
        return choose_longest(found, len(text), taken=marked)
