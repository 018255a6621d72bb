"""What names mean over a corpus: which are joined, what short forms mean, what becomes a node.

Four unions, in this order: the names of one fact of the lexicon; long forms that are variants of one sense; names that entities
have beside each other; what the user says. A short form is not joined with its long form: each use of it is looked at, so one
short form can mean different things in different papers.
"""

import math
from collections import defaultdict
from collections.abc import Iterable

from kg.names.generic import NAME
from kg.names.keys import key
from kg.records import EntityType, Term
from kg.resolution.senses import Definition, Sense, Short, Uses, casing, kind_of, needed, senses_of
from kg.resolution.thesaurus import Thesaurus
from kg.resolution.union import Reason, Unions, same_or_no_numbers, same_up_to_century
from kg.resolution.usage import (
    ORDER,
    Group,
    Usage,
    UseKey,
    Votes,
    add_votes,
    numbers_allow,
    share_of,
    sort_of,
    votes_for,
)

__all__ = ["Interpretation"]

STANDING = 5
"""A name of so many papers stands on its own: little evidence does not join two of them."""
VARIANT_SHARE, PARTNER_SHARE = 0.1, 0.5
"""What share of a standing name's papers must show that it is another one: as its variant; as another name of one entity."""
LEXICON_VOTE = 2
"""How many papers' vote on the type the lexicon counts for."""
TYPE_WORDS = frozenset(
    word + ending
    for word in ("algorithm", "benchmark", "corpus", "database", "dataset", "method", "technique")
    for ending in ("", "s")
)
"""What may follow a name without being part of it."""
MOSTLY, HARDLY = 0.9, 0.1
"""A node mentioned so often with a wanted type takes all its mentions; so seldom, none; between, those with a wanted type."""


class Interpretation:
    """How the names of a corpus are understood."""

    def __init__(
        self,
        usage: Usage,
        facts: Iterable[Term],
        thesaurus: Thesaurus,
        types: frozenset[EntityType],
    ) -> None:
        """Take what was usage, the facts of the lexicon in order, the user's decisions, and what may become a node."""
        self.usage = usage
        self.thesaurus = thesaurus
        self.types = types
        self.names = frozenset(usage.uses) | frozenset(usage.definitions)
        self.unions = Unions(thesaurus.apart)
        self.facts: dict[str, EntityType] = {}
        self.shorts: dict[str, Short] = {}
        self._decided: frozenset[str] = frozenset()
        self._dropped: frozenset[str] = frozenset()
        self._sorts = self._find_sorts()
        self._join_facts(facts)
        self._understand_short_forms()
        self._join_type_words()
        self._join_partners()
        self._anchors = self._find_anchors()
        self._obey()
        self.votes = self._count_votes()
        """By root: how many papers take it for what."""
        wanted = votes_for(types, 1)
        self._shares = {root: share_of(vote, wanted) for root, vote in self.votes.items()}

    def _find_sorts(self) -> dict[str, str]:
        """Return what sort of thing most papers take each name for."""
        votes: dict[str, Votes] = {}
        for (names, _), group in self.usage.groups.items():
            for name in names:
                votes[name] = add_votes(votes[name], group.votes) if name in votes else group.votes
        return {name: sort_of(vote) for name, vote in votes.items()}

    def _join_facts(self, facts: Iterable[Term]) -> None:
        """Join the names of one fact; what often means something else is only one vote for a sense."""
        for term in facts:
            unsure = {key(surface) for surface in term.ambiguous}
            surfaces = sorted(
                {term.label, *term.aliases, *term.ambiguous},
                key=lambda surface: (surface != term.label, surface),
            )
            sure = [
                surface
                for surface in surfaces
                if key(surface) not in unsure and not self._is_contested(surface, surfaces)
            ]
            anchor = sure[0] if sure else term.label
            self.facts.setdefault(key(anchor), term.type)
            for surface in surfaces:
                if surface in sure:
                    self.facts.setdefault(key(surface), term.type)
                    self._join_names(surface, anchor, Reason("lexicon", "", term.label))
                elif key(surface) != key(anchor) and numbers_allow(surface, anchor):
                    self._claim(surface, anchor, term.type)

    def _join_names(self, one: str, other: str, reason: Reason) -> None:
        spelled = numbers_allow(one, other) or numbers_allow(other, one)
        self.unions.join(
            key(one), key(other), reason, fit=same_or_no_numbers if spelled else same_up_to_century
        )

    def _is_contested(self, surface: str, names: Iterable[str]) -> bool:
        """Say whether papers mostly define a name as something that is none of the names."""
        claims = self.usage.definitions.get(key(surface), {})
        theirs = {key(name) for name in names}
        others = sum(
            claim.papers for long, claim in claims.items() if long not in theirs and not claim.known
        )
        return others >= needed(key(surface)) and others > sum(
            claim.papers for long, claim in claims.items() if long in theirs
        )

    def _claim(self, short: str, long: str, kind: EntityType) -> None:
        """Let the lexicon name a sense that a short form can have."""
        claim = self.usage.definitions[key(short)][key(long)]
        claim.first = claim.first if claim.first[1] else ("", short, long)
        claim.casings.add(casing(short))
        claim.kinds.add(kind_of(kind))
        claim.known = True

    def _understand_short_forms(self) -> None:
        """Find the senses of every short form, and join the long forms that are variants of one sense."""
        used: dict[str, Uses] = defaultdict(Uses)
        for (names, use), group in self.usage.groups.items():
            if use is not None and names[0] in self.usage.definitions:
                used[names[0]].see(use, group.papers)
        for short, claims in sorted(self.usage.definitions.items()):
            if short not in self.usage.uses and len(claims) == 1:
                continue
            senses = senses_of(claims)
            known = short in self.facts
            self.shorts[short] = Short(
                short,
                senses,
                used[short],
                needed(short, math.inf if known else self.usage.papers),
                known,
            )
            for sense in senses:
                for other in sense.others:
                    self._join_variant(sense, other, claims[other])

    def _join_variant(self, sense: Sense, other: str, claim: Definition) -> None:
        uses = min(self.usage.uses.get(other, 0), self.usage.uses.get(sense.long, 0))
        if uses < STANDING or claim.papers >= VARIANT_SHARE * uses:
            paper, short, long = claim.first
            reason = Reason(
                "abbreviation",
                paper,
                f"{long} ({short}), as {sense.example[2]} ({sense.example[1]})",
                claim.papers,
            )
            self.unions.join(sense.long, other, reason)

    def _join_type_words(self) -> None:
        """Join "Monte Carlo method" with "Monte Carlo": names of several words or with capitals inside, and of one sort of thing."""
        found: dict[tuple[str, str], tuple[str, str]] = {}
        for (names, _), group in self.usage.groups.items():
            for surface, (_, _, first) in group.surfaces.items():
                base, _, last = surface.rpartition(" ")
                if (
                    last.lower() in TYPE_WORDS
                    and (" " in base or NAME.search(base))
                    and key(surface) == names[0]
                ):
                    pair = (names[0], key(base))
                    found[pair] = min(found.get(pair, (first, base)), (first, base))
        for (name, base), (paper, surface) in sorted(found.items()):
            if (
                base in self.usage.uses
                and base not in self.shorts
                and self._sorts[name] == self._sorts[base]
            ):
                self.unions.join(name, base, Reason("type word", paper, surface))

    def _join_partners(self) -> None:
        """Join names that entities have beside each other, where the rarer one is seldom seen alone."""
        together: dict[tuple[str, str], list[Group]] = defaultdict(list)
        for (names, _), group in self.usage.groups.items():
            main = self.main(names)
            for name in names:
                if name != main:
                    together[main, name].append(group)
        for (main, other), groups in sorted(together.items()):
            papers = sum(group.papers for group in groups)
            if papers > 1 and papers >= PARTNER_SHARE * self.usage.uses[other]:
                reason = Reason(
                    "same entity",
                    min(group.first for group in groups),
                    f"beside {main} in {papers} papers",
                    papers,
                )
                self.unions.join(main, other, reason)

    def _find_anchors(self) -> dict[str, str]:
        """Return for each name that the user speaks of the one that it means where papers do not say: itself, or one long form."""
        wanted = {
            name
            for line in self.thesaurus.lines.values()
            for name in (key(line.label), line.target)
        }
        meant: dict[str, set[str]] = defaultdict(set)
        for use_key, group in self.usage.groups.items():
            name = self.main(use_key.names)
            if name in wanted and group.papers:
                sense = self.meaning(name, use_key)
                meant[name].add(sense.long if sense else name)
        return {
            name: min(meant[name]) if len(meant[name]) == 1 else name for name in sorted(wanted)
        }

    def _obey(self) -> None:
        """Do what the user says."""
        lines = self.thesaurus.lines
        self._decided = frozenset(
            name
            for name, anchor in self._anchors.items()
            if name == anchor or name in self.thesaurus.apart
        )
        for name, replacement in self.thesaurus.replacements.items():
            target = self._anchors.get(key(replacement), key(replacement))
            reason = Reason(
                "thesaurus", "", f"line {lines[name].number}: {lines[name].label} is {replacement}"
            )
            self.unions.join(self._anchors[name], target, reason, fit=None)
        self._dropped = frozenset(
            self.unions.root(self._anchors[name]) for name in self.thesaurus.dropped
        )

    def main(self, names: tuple[str, ...]) -> str:
        """Return of the names of an entity the one that most papers use."""
        if len(names) == 1:
            return names[0]
        return max(names, key=lambda name: (self.usage.uses.get(name, 0), name))

    def root_of(self, use_key: UseKey) -> str:
        """Return the root of what an entity means, '' if it has no name or the user drops it."""
        if not use_key.names:
            return ""
        name = self.main(use_key.names)
        sense = self.meaning(name, use_key)
        root = self.unions.root(sense.long if sense else name)
        return "" if root in self._dropped else root

    def meaning(self, name: str, use_key: UseKey) -> Sense | None:
        """Return the sense of a short form that its paper does not define and the user does not decide."""
        short = self.shorts.get(name)
        if short is None or use_key.use is None or name in self._decided:
            return None
        return short.meaning(use_key.use)

    def forget(self) -> None:
        """Let go of what only the making of nodes needs; ``root_of`` and ``accepts_type`` go on."""
        self.usage.groups.clear()
        self.usage.definitions.clear()
        self.votes.clear()

    def labels(self) -> dict[str, str]:
        """Return the labels that the user gives, by root."""
        replacements = self.thesaurus.replacements
        return {
            self.unions.root(self._anchors.get(key(name), key(name))): name
            for name in sorted(replacements.values())
        }

    def _count_votes(self) -> dict[str, Votes]:
        votes: dict[str, Votes] = {}
        for use_key, group in self.usage.groups.items():
            root = self.root_of(use_key)
            if root:
                votes[root] = add_votes(votes[root], group.votes) if root in votes else group.votes
        voted = {
            (root, kind)
            for name, kind in self.facts.items()
            if (root := self.unions.root(name)) in votes
        }
        for root, kind in sorted(voted):
            votes[root] = add_votes(votes[root], votes_for(kind, LEXICON_VOTE))
        for name, kind in self.thesaurus.types.items():
            root = self.unions.root(self._anchors.get(name, name))
            if root not in votes or self._winner(votes[root]) is not kind:
                votes[root] = votes_for(kind, 1)
        return votes

    def accepts_type(self, root: str, kind: EntityType) -> bool:
        """Say whether a mention of a type belongs to a node."""
        share = self._shares.get(root, 0.0)
        return share >= MOSTLY or (share > HARDLY and kind in self.types)

    def type_of(self, root: str) -> EntityType:
        """Return the type that most papers give a node, among those that are wanted."""
        return self._winner(self.votes[root])

    def _winner(self, votes: Votes) -> EntityType:
        return max(
            (kind for kind in EntityType if kind in self.types), key=lambda kind: votes[ORDER[kind]]
        )
