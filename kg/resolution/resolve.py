"""Mentions to nodes: decide which names mean one thing, and remember why.

    every paper -> how names are used -> unions (variants, lexicon, one paper's names, thesaurus)
                -> what short forms mean -> nodes, ledger, report, and which node each usage entity is

Names with one key are one thing. A paper that defines a short form means its own long form by it. Elsewhere a short form means
what dominates among the papers that define it, or stands for itself (``kg.resolution.senses``). Long forms are joined with each other only
as variants of one sense, by the lexicon or by the thesaurus, so no odd definition can chain two standing names together. Names
whose numbers differ are never joined (``kg.resolution.union``). Nothing depends on the order of papers.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter

from kg.names.generic import is_generic
from kg.names.keys import key, numerals
from kg.records import EntityType, Judgement, Merge, Node, Term
from kg.resolution.interpretation import GENERIC, Interpretation, Knowledge, LeftOut, interpret
from kg.resolution.labels import Named, ids_of, labels_of, qualified
from kg.resolution.senses import Sense
from kg.resolution.standing import Standing
from kg.resolution.thesaurus import Thesaurus
from kg.resolution.union import Reason
from kg.resolution.usage import Group, Usage, UseKey

__all__ = ["NODE_TYPES", "Report", "Resolution", "resolve"]

NODE_TYPES = (EntityType.METHOD, EntityType.DATASET, EntityType.BENCHMARK)
CLOSE_VOTE = 0.6
NUMBERS = re.compile(r"\d+(?:\.\d+)*")
MINORITY = 5
"""Papers that define a short form otherwise, beside which one paper's definition is that paper's own."""
PARTNER_PAPERS = 2
"""How many papers must have names beside each other, where these also stand apart."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a reader should check: see ``kg report``."""

    left_out: tuple[LeftOut, ...]
    """What papers name and that became no node, and why, most papers first."""
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

    def __init__(
        self,
        interpretation: "Interpretation",
        nodes: Mapping[str, Node],
        merges: Iterable[Merge],
        report: Report,
    ) -> None:
        """Take what ``resolve`` found: how names are understood, the nodes by root, the ledger."""
        self._interpretation = interpretation
        self._ids = {root: node.id for root, node in nodes.items()}
        self.nodes = tuple(sorted(nodes.values(), key=attrgetter("id")))
        columns = attrgetter("node", "surface", "rule", "paper", "detail")
        self.merges = tuple(sorted(merges, key=columns))
        self.report = report

    def entities(self) -> Iterator[tuple[int, str]]:
        """Yield the number of each usage entity that is a node, as ``Usage.see`` gave it, and the node's id."""
        for (use_key, kind), number in self._interpretation.usage.entities.items():
            node = self.node_of(use_key, kind)
            if node is not None:
                yield number, node

    def node_of(self, use_key: UseKey, kind: EntityType) -> str | None:
        """Return the id of the node that an entity of this use and type is, None if it is none."""
        root = self._interpretation.root_of(use_key)
        return (
            self._ids.get(root) if root and self._interpretation.accepts_type(root, kind) else None
        )


def resolve(
    usage: Usage,
    *,
    known: Iterable[Term] = (),
    thesaurus: Thesaurus | None = None,
    types: Collection[EntityType] = NODE_TYPES,
    judged: Iterable[Judgement] = (),
    standing: Mapping[str, Standing] | None = None,
) -> Resolution:
    """Decide what is one thing over a whole corpus.

    Args:
        usage: how the papers use names.
        known: the facts of the lexicon.
        thesaurus: the user's decisions; they are the last word.
        types: what becomes a node.
        judged: names of which it is known what they are.
        standing: how the names stand in the texts; None where the texts were not looked at.
    """
    facts = sorted(known, key=lambda term: (term.label, term.type, term.aliases))
    knowledge = Knowledge(facts, tuple(judged), standing)
    interpretation = interpret(usage, knowledge, thesaurus or Thesaurus(), frozenset(types))
    return _Nodes(interpretation).resolution()


def _spelling(facts: Iterable[Term]) -> dict[str, str]:
    """Return how the lexicon writes names that mean one thing, by key; labels before other names."""
    spelling: dict[str, str] = {}
    sure = [(one, {one.label, *one.aliases}.difference(one.ambiguous)) for one in facts]
    for term, names in sure:
        if term.label in names:
            spelling[key(term.label)] = term.label
    for _, names in sure:
        for surface in sorted(names):
            spelling.setdefault(key(surface), surface)
    return spelling


class _Nodes:
    """The nodes being made: groups of names by root."""

    def __init__(self, interpretation: Interpretation) -> None:
        self.interpretation = interpretation
        self.user_labels = interpretation.labels()
        self.spelling = _spelling(interpretation.known.facts)
        self.replaced = {name for name, one in interpretation.judged.items() if one.right}
        self.groups: dict[str, list[tuple[UseKey, Group]]] = defaultdict(list)
        for use_key, group in interpretation.usage.groups.items():
            root = interpretation.root_of(use_key)
            if (
                root not in interpretation.left_out
                and root
                and any(
                    interpretation.accepts_type(root, kind)
                    for kind, papers in zip(EntityType, group.votes, strict=True)
                    if papers
                )
            ):
                self.groups[root].append((use_key, group))

    def resolution(self) -> Resolution:
        """Name the nodes, write the ledger and the report."""
        named = {root: self._named(root, groups) for root, groups in sorted(self.groups.items())}
        labels = labels_of(named, self._known_labels())
        generic = [
            root for root, label in labels.items() if not named[root].label and is_generic(label)
        ]
        dropped = [LeftOut(named[root].papers, labels[root], GENERIC, "") for root in generic]
        dropped += self.interpretation.left_out.values()
        for root in generic:
            del labels[root]
        kinds = {root: self.interpretation.type_of(root) for root in labels}
        shown = qualified(labels, named, kinds, self.interpretation.sense_of)
        ids = ids_of(shown, named)
        nodes: dict[str, Node] = {}
        merges: list[Merge] = []
        single: list[tuple[int, Merge]] = []
        for root, label in labels.items():
            reasons = self._reasons(root, label)
            nodes[root] = Node(
                ids[root], shown[root], kinds[root], tuple(sorted(reasons.keys() - {shown[root]}))
            )
            merges += (
                Merge(ids[root], surface, one.rule, one.paper, one.detail)
                for surface, one in reasons.items()
                if surface != shown[root]
            )
            apart = self.interpretation.why_apart(root)
            if apart:
                merges.append(Merge(ids[root], shown[root], apart.rule, apart.paper, apart.detail))
            single += self._on_one_word(root, nodes[root])
        nodes = self._with_kinds(nodes)
        report = self._report(nodes, dropped, single)
        return Resolution(self.interpretation, nodes, merges, report)

    def _with_kinds(self, nodes: Mapping[str, Node]) -> dict[str, Node]:
        """Return the nodes with the kinds that they are of: those of the lexicon, and of a name of several words its longest head."""
        unions = self.interpretation.unions
        known: dict[str, set[str]] = defaultdict(set)
        for term in self.interpretation.known.facts:
            kinds = {unions.root(key(kind)) for kind in term.kind_of}
            known[unions.root(key(term.label))] |= kinds & nodes.keys()
        found: dict[str, Node] = {}
        for root, node in nodes.items():
            kinds = set(known.get(root, ()))
            if node.type is EntityType.METHOD:
                kinds |= {head for head in self._heads(node.label) if head in nodes}
            same = {nodes[kind].id for kind in kinds - {root} if nodes[kind].type is node.type}
            found[root] = replace(node, kind_of=tuple(sorted(same)))
        return found

    def _heads(self, label: str) -> Iterator[str]:
        """Yield the root of the longest end of a label that papers use by itself."""
        words = label.split()
        for start in range(1, len(words)):
            name = key(" ".join(words[start:]))
            if name in self.interpretation.usage.uses and name not in self.interpretation.shorts:
                yield self.interpretation.unions.root(name)
                return

    def _known_labels(self) -> dict[str, str]:
        """Return by root how the lexicon calls a thing that it has one name for."""
        unions = self.interpretation.unions
        found: dict[str, set[str]] = defaultdict(set)
        for term in self.interpretation.known.facts:
            if term.label not in term.ambiguous:
                found[unions.root(key(term.label))].add(key(term.label))
        return {root: min(names) for root, names in found.items() if len(names) == 1}

    def _named(self, root: str, groups: Iterable[tuple[UseKey, Group]]) -> Named:
        named = Named(
            label=self.user_labels.get(root, ""),
            data=self.interpretation.type_of(root) is not EntityType.METHOD,
            spelling=self.spelling,
        )
        own: set[str] = set()
        for use_key, group in groups:
            named.papers += group.papers
            own.update(
                name for name in use_key.names if self.interpretation.unions.root(name) == root
            )
            for surface, (papers, most, _) in group.surfaces.items():
                name = key(surface)
                if self._belongs(name, use_key, root):
                    named.add(surface, 0 if name in self.replaced else papers + most)
        named.own = frozenset(own)
        return named

    def _belongs(self, name: str, use_key: UseKey, root: str) -> bool:
        """Say whether a name of an entity is a name of its node too: not if only the entity says so, and the numbers differ."""
        main = self.interpretation.main(use_key.names)
        return (
            name == main
            or main in self.interpretation.said
            or self.interpretation.unions.root(name) == root
            or self._is_defined(name, main)
            or (numerals(name) == numerals(main) and self._are_partners(name, use_key))
        )

    def _is_defined(self, short: str, long: str) -> bool:
        """Say whether a short form is a name of what it is defined as: not if one paper alone says so of what is known as another thing."""
        claims = self.interpretation.definitions.get(short, {})
        claim = claims.get(long)
        if claim is None or claim.papers > 1 or claim.known:
            return claim is not None
        others = sum(one.papers for one in claims.values()) - claim.papers
        version = numerals(short) and long in self.interpretation.definitions.get(
            NUMBERS.sub("", short), {}
        )
        return not (short in self.interpretation.facts or others >= MINORITY or version)

    def _are_partners(self, name: str, use_key: UseKey) -> bool:
        """Say whether two papers have a name beside the others, or no paper has it elsewhere."""
        usage = self.interpretation.usage
        papers = usage.groups[use_key].papers if use_key in usage.groups else 0
        return papers >= PARTNER_PAPERS or usage.uses.get(name, 0) <= papers

    def _reasons(self, root: str, label: str) -> dict[str, Reason]:
        """Return for each surface of a node why it means the node."""
        wanted = key(label)
        groups = self.groups[root]
        if len(groups) == 1 and groups[0][1].surfaces.keys() == {label}:
            return {label: Reason("same key", groups[0][1].first, label)}
        joined = {
            name
            for use_key, _ in groups
            for name in use_key.names
            if self.interpretation.unions.root(name) == root
        }
        head = (
            wanted
            if self.interpretation.unions.root(wanted) == root
            else self.interpretation.main(tuple(sorted(joined)) or (root,))
        )
        path = self.interpretation.unions.explain(
            head, {key(surface) for _, group in groups for surface in group.surfaces}
        )
        found: dict[str, Reason] = {}
        for use_key, group in groups:
            for surface, (_, _, first) in group.surfaces.items():
                name = key(surface)
                if not self._belongs(name, use_key, root):
                    continue
                if name == wanted:
                    reason = Reason("same key", first, label)
                else:
                    reason = (
                        path[name][1]
                        if name in path
                        else self._definition(name, wanted, use_key, group, head)
                    )
                found[surface] = min(found.get(surface, reason), reason)
        return found

    def _definition(
        self, name: str, label: str, use_key: UseKey, group: Group, head: str
    ) -> Reason:
        """Return the reason of a name that is not joined with the node: a definition, or that an entity has it beside others."""
        main = self.interpretation.main(use_key.names)
        sense = self.interpretation.meaning(name, use_key) if name == main else None
        if sense:
            return self._sense(name, sense)
        for short, long in ((name, main), (name, head), (label, name), (label, head)):
            claim = self.interpretation.definitions.get(short, {}).get(long)
            if claim:
                return Reason(
                    "abbreviation",
                    claim.first[0],
                    f"{claim.first[2]} ({claim.first[1]})",
                    claim.papers,
                )
        if main in self.interpretation.said:
            return Reason("thesaurus", group.first, f"{label} in this paper")
        beside = min((surface for surface in group.surfaces if key(surface) != name), default=label)
        return Reason("same entity", group.first, f"beside {beside}", group.papers)

    def _sense(self, name: str, sense: Sense) -> Reason:
        """Return the reason why a short form that its paper does not define has a sense."""
        if not sense.papers:
            return Reason("lexicon", "", sense.example[2])
        total = sum(one.papers for one in self.interpretation.shorts[name].senses)
        detail = f"{sense.example[2]} ({sense.example[1]}), {sense.papers} of {total} definitions"
        return Reason("abbreviation", sense.example[0], detail, sense.papers)

    def _on_one_word(self, root: str, node: Node) -> Iterator[tuple[int, Merge]]:
        """Yield what one paper alone joined with the names of others, with the number of papers that it touches."""
        joined: dict[str, int] = defaultdict(int)
        for use_key, group in self.groups[root]:
            name = self.interpretation.main(use_key.names)
            sense = self.interpretation.meaning(name, use_key)
            if sense and sense.papers == 1:
                reason, surface = self._sense(name, sense), min(group.surfaces)
                yield (
                    group.papers,
                    Merge(node.id, surface, reason.rule, reason.paper, reason.detail),
                )
            elif not sense:
                joined[name] += group.papers
        for name, (_, reason) in self.interpretation.unions.explain(
            min(joined, default=root), joined
        ).items():
            if reason.papers == 1 and joined[name] > 1:
                yield joined[name], Merge(node.id, name, reason.rule, reason.paper, reason.detail)

    def _report(
        self,
        nodes: Mapping[str, Node],
        dropped: Iterable[LeftOut],
        single: Iterable[tuple[int, Merge]],
    ) -> Report:
        interpretation = self.interpretation
        close = []
        for root, node in nodes.items():
            votes = {
                kind: vote
                for kind, vote in zip(EntityType, interpretation.votes[root], strict=True)
                if vote and kind in interpretation.types
            }
            if sum(votes.values()) > 1 and max(votes.values()) < CLOSE_VOTE * sum(votes.values()):
                close.append(
                    (node.id, tuple(sorted(votes.items(), key=lambda pair: (-pair[1], pair[0]))))
                )
        apart = {
            name
            for root in nodes
            for use_key, _ in self.groups[root]
            if (name := self._left_apart(use_key))
        }
        lines = interpretation.thesaurus.unused(interpretation.names, interpretation.usage.said)
        return Report(
            tuple(sorted(dropped, key=lambda one: (-one.papers, one.name, one.rule))),
            tuple(merge for _, merge in sorted(single, key=lambda item: (-item[0], item[1]))),
            tuple(sorted(close)),
            tuple(
                sorted(
                    (
                        interpretation.shorts[name].senses[0].example[1],
                        interpretation.shorts[name].long_forms,
                    )
                    for name in apart
                )
            ),
            tuple(f"line {line.number}: {line.label}" for line in lines),
        )

    def _left_apart(self, use_key: UseKey) -> str:
        """Return the name of an entity if it is a short form that stands for itself though papers define it, else ''."""
        name, interpretation = self.interpretation.main(use_key.names), self.interpretation
        if (
            use_key.use is None
            or name not in interpretation.shorts
            or interpretation.meaning(name, use_key)
        ):
            return ""
        root = interpretation.unions.root(name)
        return (
            ""
            if any(
                interpretation.unions.root(sense.long) == root
                for sense in interpretation.shorts[name].senses
            )
            else name
        )
