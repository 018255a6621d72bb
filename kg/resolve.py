"""Mentions to nodes: decide which names mean one thing, and remember why.

Names with the same key are one thing. Keys are joined by definitions ("long form (SF)"), by the lexicon and by the
user's thesaurus, in this order, with union-find; each join keeps its reason. A short form that papers define
differently is resolved by each paper's own long form; where a paper gives none it means the long form that dominates,
or stays apart. A single definition never joins two names that many papers use on their own: that is how one
paper's odd abbreviation would chain two standing terms together. Numbers that differ are never joined.

The result does not depend on the order of papers.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from kg.generic import is_generic
from kg.model import Entity, EntityType, Extraction, Merge, Node, Term
from kg.names import key, numbers
from kg.thesaurus import Thesaurus

__all__ = ["NODE_TYPES", "Report", "Resolution", "resolve"]

NODE_TYPES = (EntityType.METHOD, EntityType.DATASET, EntityType.BENCHMARK)
DOMINANT_SHARE, DOMINANT_PAPERS = 0.8, 3
"""A short form means one long form everywhere if so many of its definitions say so."""
STANDING = 4
"""A name of so many papers stands on its own: one definition does not merge two such names."""
LEXICON_VOTE = 1.5
"""How many papers' vote the lexicon's type counts for."""
CLOSE_VOTE = 0.6


@dataclass(slots=True)
class _Name:
    """What the corpus says of all surfaces of one key."""

    surfaces: Counter[str] = field(default_factory=Counter)
    types: Counter[EntityType] = field(default_factory=Counter)
    papers: int = 0
    first_paper: str = ""

    def see(self, paper: str, kind: EntityType, surfaces: Iterable[str]) -> None:
        self.papers += 1
        self.types[kind] += 1
        self.surfaces.update(surfaces)
        self.first_paper = min(self.first_paper or paper, paper)


@dataclass(slots=True)
class _Definitions:
    """For a pair of keys: how many papers define it, and the first of them with its wording."""

    papers: int = 0
    first: tuple[str, str] = ("", "")

    def see(self, paper: str, wording: str) -> None:
        self.papers += 1
        self.first = min(self.first, (paper, wording)) if self.first[0] else (paper, wording)


@dataclass(frozen=True, slots=True)
class Report:
    """What a reader should check: see ``kg report``."""

    generic: tuple[tuple[str, int], ...]
    """Generic terms that became no node, with the number of papers, most first."""
    single: tuple[Merge, ...]
    """Merges that rest on one paper's definition alone."""
    close: tuple[tuple[str, tuple[tuple[EntityType, int], ...]], ...]
    """Nodes (ids) whose type got less than six tenths of the vote, with the votes."""
    unused: tuple[str, ...]
    """Thesaurus lines that match nothing."""


class Resolution:
    """The nodes of a corpus, the ledger of merges, and which node each entity of a paper is."""

    def __init__(self, nodes: Mapping[str, Node], root_of: Mapping[str, str], merges: Iterable[Merge], report: Report) -> None:
        """Take what ``resolve`` found: nodes by root key, the root of each key, the ledger."""
        self._by_root = nodes
        self._root_of = root_of
        self.nodes = tuple(sorted(nodes.values()))
        self.merges = tuple(sorted(merges))
        self.report = report

    def assign(self, paper: str, extraction: Extraction) -> tuple[str | None, ...]:  # noqa: ARG002 - the contract's signature
        """Return the node id of each entity of a paper; None where it is no node."""
        return tuple(self._node_of(entity, extraction) for entity in extraction.entities)

    def _node_of(self, entity: Entity, extraction: Extraction) -> str | None:
        """The long form that the paper itself gives decides; otherwise the entity's first name."""
        keys = [key(name) for name in entity.names]
        for _, long in _definitions_of(entity, extraction):
            keys.insert(0, long)
        roots = (self._root_of[name] for name in keys if name in self._root_of)
        return next((self._by_root[root].id for root in roots), None)


def _definitions_of(entity: Entity, extraction: Extraction) -> list[tuple[str, str]]:
    """Return the (short key, long key) pairs that the paper defines between names of the entity."""
    keys = {key(name) for name in entity.names}
    pairs = ((key(found.short), key(found.long)) for found in extraction.abbreviations)
    return sorted({(short, long) for short, long in pairs if short in keys and long in keys and short != long})


def resolve(
    extractions: Iterable[tuple[str, Extraction]],
    *,
    known: Iterable[Term] = (),
    thesaurus: Thesaurus | None = None,
    types: Collection[EntityType] = NODE_TYPES,
) -> Resolution:
    """Decide what is one thing over a whole corpus.

    Args:
        extractions: (paper id, what the pipeline found), each paper once, in any order.
        known: the facts of the lexicon.
        thesaurus: the user's decisions; they are the last word.
        types: what becomes a node.
    """
    resolver = _Resolver(thesaurus or Thesaurus())
    for paper, extraction in extractions:
        resolver.see(paper, extraction)
    resolver.join_definitions()
    resolver.join_lexicon(known)
    resolver.join_thesaurus()
    return resolver.resolution(frozenset(types))


class _Resolver:
    def __init__(self, thesaurus: Thesaurus) -> None:
        self.thesaurus = thesaurus
        self.names: dict[str, _Name] = defaultdict(_Name)
        self.definitions: dict[tuple[str, str], _Definitions] = defaultdict(_Definitions)
        self.parent: dict[str, str] = {}
        self.reasons: dict[str, tuple[str, str, str]] = {}
        self.facts: dict[str, EntityType] = {}
        self.labels: dict[str, str] = {}

    def see(self, paper: str, extraction: Extraction) -> None:
        """Count one paper."""
        for entity in extraction.entities:
            surfaces: dict[str, list[str]] = defaultdict(list)
            for name in entity.names:
                surfaces[key(name)].append(name)
            for name, written in surfaces.items():
                if name:
                    self.names[name].see(paper, entity.type, written)
            for short, long in _definitions_of(entity, extraction):
                wording = f"{surfaces[long][0]} ({surfaces[short][0]})"
                self.definitions[short, long].see(paper, wording)

    def join_definitions(self) -> None:
        """Join short forms with their long forms."""
        claims: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for (short, long), seen in self.definitions.items():
            if not _numbers_differ(short, long):
                claims[short].append((seen.papers, long))
        for short, longs in sorted(claims.items()):
            dominant = self._dominant(longs)
            if dominant:
                seen = self.definitions[short, dominant]
                if seen.papers > 1 or min(self.names[short].papers, self.names[dominant].papers) < STANDING:
                    self._join(short, dominant, ("abbreviation", *seen.first))

    def _dominant(self, longs: list[tuple[int, str]]) -> str | None:
        """Return the long form that a short form means everywhere, None if papers differ too much."""
        papers, best = max(longs, key=lambda claim: (claim[0], claim[1]))
        total = sum(count for count, _ in longs)
        alone = len(longs) == 1 or (papers >= DOMINANT_PAPERS and papers >= DOMINANT_SHARE * total)
        return best if alone else None

    def join_lexicon(self, known: Iterable[Term]) -> None:
        """Join the names of one fact; a short form that papers define as something else stays with them."""
        defined = {short for short, _ in self.definitions}
        for term in sorted(known, key=lambda term: (term.label, term.type)):
            label = key(term.label)
            keys = [name for name in dict.fromkeys([label, *map(key, term.aliases)]) if name in self.names]
            for name in keys:
                self.facts.setdefault(name, term.type)
            free = [name for name in keys if name == label or name not in defined or self._root(name) == self._root(label)]
            for name in free[1:]:
                if not _numbers_differ(free[0], name):
                    self._join(name, free[0], ("lexicon", "", term.label))

    def join_thesaurus(self) -> None:
        """Join what the user joins."""
        for name, replacement in sorted(self.thesaurus.replacements.items()):
            target = key(replacement)
            if name in self.names and target:
                self.names[target].first_paper = self.names[target].first_paper or self.names[name].first_paper
                self._join(name, target, ("thesaurus", "", replacement))
                self.labels[self._root(target)] = replacement

    def _root(self, name: str) -> str:
        while name in self.parent:
            name = self.parent[name]
        return name

    def _join(self, name: str, other: str, reason: tuple[str, str, str]) -> None:
        apart = self.thesaurus.apart
        one, two = self._root(name), self._root(other)
        if one == two or (reason[0] != "thesaurus" and (name in apart or other in apart)):
            return
        first, second = sorted((one, two), key=lambda root: (-self.names[root].papers, root))
        self.parent[second] = first
        self.reasons.setdefault(name if name not in self.reasons else other, reason)
        if second in self.labels:
            self.labels.setdefault(first, self.labels[second])

    def resolution(self, types: frozenset[EntityType]) -> Resolution:
        """Name, type and number the nodes and write the ledger."""
        members: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self.names):
            members[self._root(name)].append(name)
        votes = {root: self._votes(root, names) for root, names in members.items()}
        kept, generic = {}, []
        for root, names in members.items():
            label = self.labels.get(root) or self._label(names)
            papers = sum(self.names[name].papers for name in names)
            if root not in self.labels and (is_generic(label) or self.thesaurus.dropped & set(names)):
                generic.append((label, papers))
            elif max(sorted(votes[root]), key=votes[root].__getitem__) in types:
                kept[root] = label
        ids = _ids(kept)
        nodes = {root: self._node(ids[root], label, members[root], votes[root]) for root, label in kept.items()}
        merges = [merge for root, node in nodes.items() for merge in self._ledger(node, members[root])]
        root_of = {name: root for root in nodes for name in members[root]}
        return Resolution(nodes, root_of, merges, self._report(nodes, votes, merges, generic))

    def _votes(self, root: str, names: Iterable[str]) -> dict[EntityType, float]:
        total: dict[EntityType, float] = defaultdict(float)
        for name in names:
            for kind, papers in self.names[name].types.items():
                total[kind] += papers
            if name in self.facts:
                total[self.facts[name]] += LEXICON_VOTE
        given = self.thesaurus.types.get(key(self.labels.get(root, ""))) if root in self.labels else None
        return {given: 1.0} if given else dict(total) or {EntityType.METHOD: 0.0}

    def _label(self, names: Iterable[str]) -> str:
        """Return the surface of the key that most papers use, written as most write it; the singular of two forms."""
        best = max(names, key=lambda name: (self.names[name].papers, len(name), name))
        surfaces = self.names[best].surfaces
        singular = [surface for surface in surfaces if not surface.endswith("s")] or list(surfaces)
        return max(singular, key=lambda surface: (surfaces[surface], surface)) if singular else best

    def _node(self, identifier: str, label: str, names: Iterable[str], votes: Mapping[EntityType, float]) -> Node:
        surfaces = {surface for name in names for surface in self.names[name].surfaces}
        return Node(identifier, label, max(sorted(votes), key=votes.__getitem__), tuple(sorted(surfaces - {label})))

    def _ledger(self, node: Node, names: Iterable[str]) -> Iterable[Merge]:
        main = key(node.label)
        for name in names:
            same = ("same key", self.names[name].first_paper, node.label)
            rule, paper, detail = same if name == main else self.reasons.get(name) or self.reasons.get(main) or same
            for surface in self.names[name].surfaces:
                if surface != node.label:
                    yield Merge(node.id, surface, rule, paper, detail)

    def _report(
        self,
        nodes: Mapping[str, Node],
        votes: Mapping[str, Mapping[EntityType, float]],
        merges: Iterable[Merge],
        generic: Iterable[tuple[str, int]],
    ) -> Report:
        single = {(seen.first[0], seen.first[1]) for seen in self.definitions.values() if seen.papers == 1}
        close = [
            (node.id, tuple(sorted(((kind, int(vote)) for kind, vote in votes[root].items()), key=lambda pair: -pair[1])))
            for root, node in nodes.items()
            if max(votes[root].values()) < CLOSE_VOTE * sum(votes[root].values())
        ]
        unused = self.thesaurus.unused(self.names)
        return Report(
            tuple(sorted(generic, key=lambda item: (-item[1], item[0]))),
            tuple(sorted(merge for merge in merges if merge.rule == "abbreviation" and (merge.paper, merge.detail) in single)),
            tuple(sorted(close)),
            tuple(f"line {line.number}: {line.label}" for line in unused),
        )


def _numbers_differ(one: str, other: str) -> bool:
    """Say whether both keys have numbers, and not the same."""
    first, second = numbers(one), numbers(other)
    return bool(first and second and first != second)


def _ids(labels: Mapping[str, str]) -> dict[str, str]:
    """Return a readable id for each root: the label in small letters, a number behind where two would be the same."""
    taken: Counter[str] = Counter()
    ids = {}
    for root in sorted(labels):
        slug = re.sub(r"[^\w+#.*]+", "-", labels[root].casefold()).strip("-.") or "node"
        slug = slug[:80]
        taken[slug] += 1
        while taken[slug] > 1:
            slug = f"{slug}-{taken[slug]}"
            taken[slug] += 1
        ids[root] = slug
    return ids
