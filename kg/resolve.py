"""Mentions to nodes: decide which names mean one thing, and remember why.

    every paper -> names as observed -> joins (variants, lexicon, one paper's names, thesaurus)
                -> what short forms mean -> nodes, ledger, report, and which node each observed entity is

Names with one key are one thing. A paper that defines a short form means its own long form by it. Elsewhere a short form means
what dominates among the papers that define it, or stands for itself (``kg.senses``). Long forms are joined with each other only
as variants of one sense, by the lexicon or by the thesaurus, so no odd definition can chain two standing names together. Names
whose numbers differ are never joined (``kg.joins``). Nothing depends on the order of papers.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.generic import is_generic
from kg.joins import Reason
from kg.labels import Named, ids_of, labels_of
from kg.meaning import Meanings
from kg.model import EntityType, Extraction, Merge, Node, Term
from kg.names import key, marks
from kg.observed import Group, Observed, Place, definitions_in, names_of, place_of
from kg.senses import Sense
from kg.thesaurus import Thesaurus

__all__ = ["NODE_TYPES", "Report", "Resolution", "resolve"]

NODE_TYPES = (EntityType.METHOD, EntityType.DATASET, EntityType.BENCHMARK)
CLOSE_VOTE = 0.6


@dataclass(frozen=True, slots=True)
class Report:
    """What a reader should check: see ``kg report``."""

    generic: tuple[tuple[str, int], ...]
    """Generic terms that became no node, with the number of papers, most first."""
    single: tuple[Merge, ...]
    """Merges across papers that rest on one paper's word, those that touch most papers first."""
    close: tuple[tuple[str, tuple[tuple[EntityType, int], ...]], ...]
    """Nodes (ids) of several papers whose type got less than six tenths of the vote, with the votes."""
    apart: tuple[tuple[str, tuple[str, ...]], ...]
    """Short forms that stand for themselves where no paper defines them, with the long forms that papers give, most papers first."""
    unused: tuple[str, ...]
    """Thesaurus lines that match nothing."""


class Resolution:
    """The nodes of a corpus, the ledger of merges, and which node each entity of a paper is."""

    def __init__(self, meanings: "Meanings", nodes: Mapping[str, Node], merges: Iterable[Merge], report: Report) -> None:
        """Take what ``resolve`` found: how names are understood, the nodes by root, the ledger."""
        self._meanings = meanings
        self._ids = {root: node.id for root, node in nodes.items()}
        self.nodes = tuple(sorted(nodes.values()))
        self.merges = tuple(sorted(merges))
        self.report = report

    def entities(self) -> Iterator[tuple[int, str]]:
        """Yield the number of each observed entity that is a node, as ``Observed.see`` gave it, and the node's id."""
        for (place, kind), number in self._meanings.observed.entities.items():
            node = self._node_of(place, kind)
            if node is not None:
                yield number, node

    def assign(self, extraction: Extraction) -> tuple[str | None, ...]:
        """Return the node id of each entity of a paper; None where it is no node."""
        defined = definitions_in(extraction)
        return tuple(self._node_of(place_of(entity, names_of(entity), defined), entity.type) for entity in extraction.entities)

    def _node_of(self, place: Place, kind: EntityType) -> str | None:
        root = self._meanings.root_of(place)
        return self._ids.get(root) if root and self._meanings.takes(root, kind) else None


def resolve(
    observed: Observed,
    *,
    known: Iterable[Term] = (),
    thesaurus: Thesaurus | None = None,
    types: Collection[EntityType] = NODE_TYPES,
) -> Resolution:
    """Decide what is one thing over a whole corpus.

    Args:
        observed: how the papers use names; what only the making of nodes needs is taken out of it.
        known: the facts of the lexicon.
        thesaurus: the user's decisions; they are the last word.
        types: what becomes a node.
    """
    facts = sorted(known, key=lambda term: (term.label, term.type, term.aliases))
    meanings = Meanings(observed, facts, thesaurus or Thesaurus(), frozenset(types))
    return _Nodes(meanings).resolution()


class _Nodes:
    """The nodes being made: groups of observed names by root."""

    def __init__(self, meanings: Meanings) -> None:
        self.meanings = meanings
        self.user_labels = meanings.labels()
        self.groups: dict[str, list[tuple[Place, Group]]] = defaultdict(list)
        for place, group in meanings.observed.groups.items():
            root = meanings.root_of(place)
            if root and any(meanings.takes(root, kind) for kind, papers in zip(EntityType, group.votes, strict=True) if papers):
                self.groups[root].append((place, group))

    def resolution(self) -> Resolution:
        """Name the nodes, write the ledger and the report."""
        named = {root: self._named(root, groups) for root, groups in sorted(self.groups.items())}
        labels = labels_of(named)
        generic = [root for root, label in labels.items() if not named[root].label and is_generic(label)]
        dropped = [(labels[root], named[root].papers) for root in generic]
        for root in generic:
            del labels[root]
        ids = ids_of(labels, named)
        nodes: dict[str, Node] = {}
        merges: list[Merge] = []
        single: list[tuple[int, Merge]] = []
        for root, label in labels.items():
            reasons = self._reasons(root, label)
            nodes[root] = Node(ids[root], label, self.meanings.type_of(root), tuple(sorted(reasons.keys() - {label})))
            merges += (Merge(ids[root], surface, one.rule, one.paper, one.detail) for surface, one in reasons.items() if surface != label)
            single += self._on_one_word(root, nodes[root])
        report = self._report(nodes, dropped, single)
        self.meanings.forget()
        return Resolution(self.meanings, nodes, merges, report)

    def _named(self, root: str, groups: Iterable[tuple[Place, Group]]) -> Named:
        named = Named(label=self.user_labels.get(root, ""))
        own: set[str] = set()
        for place, group in groups:
            named.papers += group.papers
            own.update(name for name in place[0] if self.meanings.joins.root(name) == root)
            for surface, (papers, most, _) in group.surfaces.items():
                if self._belongs(key(surface), place, root):
                    named.add(surface, papers + most)
        named.own = frozenset(own)
        return named

    def _belongs(self, name: str, place: Place, root: str) -> bool:
        """Say whether a name of an entity is a name of its node too: not if only the entity says so, and the numbers differ."""
        main = self.meanings.main(place[0])
        return (
            name == main
            or self.meanings.joins.root(name) == root
            or main in self.meanings.observed.definitions.get(name, {})
            or marks(name) == marks(main)
        )

    def _reasons(self, root: str, label: str) -> dict[str, Reason]:
        """Return for each surface of a node why it means the node."""
        wanted = key(label)
        groups = self.groups[root]
        if len(groups) == 1 and groups[0][1].surfaces.keys() == {label}:
            return {label: Reason("same key", groups[0][1].first, label)}
        joined = {name for (names, _), _ in groups for name in names if self.meanings.joins.root(name) == root}
        head = wanted if self.meanings.joins.root(wanted) == root else self.meanings.main(tuple(sorted(joined)) or (root,))
        path = self.meanings.joins.explain(head, {key(surface) for _, group in groups for surface in group.surfaces})
        found: dict[str, Reason] = {}
        for place, group in groups:
            for surface, (_, _, first) in group.surfaces.items():
                name = key(surface)
                if not self._belongs(name, place, root):
                    continue
                if name == wanted:
                    reason = Reason("same key", first, label)
                else:
                    reason = path[name][1] if name in path else self._definition(name, wanted, place, group, head)
                found[surface] = min(found.get(surface, reason), reason)
        return found

    def _definition(self, name: str, label: str, place: Place, group: Group, head: str) -> Reason:
        """Return the reason of a name that is not joined with the node: a definition, or that an entity has it beside others."""
        main = self.meanings.main(place[0])
        sense = self.meanings.meaning(name, place) if name == main else None
        if sense:
            return self._sense(name, sense)
        for short, long in ((name, main), (name, head), (label, name), (label, head)):
            claim = self.meanings.observed.definitions.get(short, {}).get(long)
            if claim:
                return Reason("abbreviation", claim.first[0], f"{claim.first[2]} ({claim.first[1]})", claim.papers)
        beside = min((surface for surface in group.surfaces if key(surface) != name), default=label)
        return Reason("same entity", group.first, f"beside {beside}", group.papers)

    def _sense(self, name: str, sense: Sense) -> Reason:
        """Return the reason why a short form that its paper does not define has a sense."""
        if not sense.papers:
            return Reason("lexicon", "", sense.example[2])
        total = sum(one.papers for one in self.meanings.shorts[name].senses)
        detail = f"{sense.example[2]} ({sense.example[1]}), {sense.papers} of {total} definitions"
        return Reason("abbreviation", sense.example[0], detail, sense.papers)

    def _on_one_word(self, root: str, node: Node) -> Iterator[tuple[int, Merge]]:
        """Yield what one paper alone joined with the names of others, with the number of papers that it touches."""
        joined: dict[str, int] = defaultdict(int)
        for place, group in self.groups[root]:
            name = self.meanings.main(place[0])
            sense = self.meanings.meaning(name, place)
            if sense and sense.papers == 1:
                reason, surface = self._sense(name, sense), min(group.surfaces)
                yield group.papers, Merge(node.id, surface, reason.rule, reason.paper, reason.detail)
            elif not sense:
                joined[name] += group.papers
        for name, (_, reason) in self.meanings.joins.explain(min(joined, default=root), joined).items():
            if reason.papers == 1 and joined[name] > 1:
                yield joined[name], Merge(node.id, name, reason.rule, reason.paper, reason.detail)

    def _report(self, nodes: Mapping[str, Node], dropped: Iterable[tuple[str, int]], single: Iterable[tuple[int, Merge]]) -> Report:
        meanings = self.meanings
        close = []
        for root, node in nodes.items():
            votes = {kind: vote for kind, vote in zip(EntityType, meanings.votes[root], strict=True) if vote and kind in meanings.types}
            if sum(votes.values()) > 1 and max(votes.values()) < CLOSE_VOTE * sum(votes.values()):
                close.append((node.id, tuple(sorted(votes.items(), key=lambda pair: (-pair[1], pair[0])))))
        apart = {name for root in nodes for place, _ in self.groups[root] if (name := self._left_apart(place))}
        lines = meanings.thesaurus.unused(meanings.names)
        return Report(
            tuple(sorted(dropped, key=lambda item: (-item[1], item[0]))),
            tuple(merge for _, merge in sorted(single, key=lambda item: (-item[0], item[1]))),
            tuple(sorted(close)),
            tuple(sorted((meanings.shorts[name].senses[0].example[1], meanings.shorts[name].long_forms) for name in apart)),
            tuple(f"line {line.number}: {line.label}" for line in lines),
        )

    def _left_apart(self, place: Place) -> str:
        """Return the name of an entity if it is a short form that stands for itself though papers define it, else ''."""
        name, meanings = self.meanings.main(place[0]), self.meanings
        if place[1] is None or name not in meanings.shorts or meanings.meaning(name, place):
            return ""
        root = meanings.joins.root(name)
        return "" if any(meanings.joins.root(sense.long) == root for sense in meanings.shorts[name].senses) else name
