"""What names mean over a corpus: which are joined, what short forms mean, what becomes a node.

Four unions, in this order: the names of one fact of the lexicon; long forms that are variants of one sense; names that entities
have beside each other; what the user says. A short form is not joined with its long form: each use of it is looked at, so one
short form can mean different things in different papers.
"""

import functools
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.names.keys import key
from kg.records import EntityType, Judgement, Role, Term
from kg.resolution.homonyms import SMALL, Homonyms, Meant, name_of, told_by_texts
from kg.resolution.senses import Definition, Sense, Short, Uses, casing, kind_of, needed, senses_of
from kg.resolution.standing import Standing
from kg.resolution.termness import LEAST_PAPERS, Profile, Weights, shipped_weights
from kg.resolution.thesaurus import Thesaurus
from kg.resolution.union import (
    Reason,
    Unions,
    any_numbers,
    same_beginning,
    same_but_zero,
    same_numbers,
    same_or_no_numbers,
    same_up_to_century,
    same_version,
)
from kg.resolution.usage import (
    ORDER,
    THOUSAND,
    Group,
    Usage,
    UseKey,
    Votes,
    add_votes,
    most_voted,
    numbers_allow,
    share_of,
    votes_for,
)
from kg.resolution.variants import NUMERAL, ONE_NUMBER, YEAR, ZERO, Names, pairs_of

__all__ = ["GENERIC", "Interpretation", "Knowledge", "LeftOut", "interpret"]

STANDING = 5
"""A name of so many papers stands on its own: little evidence does not join two of them."""
VARIANT_SHARE, PARTNER_SHARE = 0.1, 0.5
"""What share of a standing name's papers must show that it is another one: as its variant; as another name of one entity."""
LEXICON_VOTE = 2
"""How many papers' vote on the type the lexicon counts for."""
PRETRAINED = "pretrained"
"""In a key: what was trained is not the training."""
MOSTLY, HALF, HARDLY = 0.9, 0.5, 0.1
"""A name so often found with a wanted type takes all its mentions; more often than not, those with a wanted type; else it is none."""
FITS = {
    NUMERAL: same_or_no_numbers,
    ONE_NUMBER: same_beginning,
    YEAR: same_up_to_century,
    ZERO: same_but_zero,
}
"""Rules by which numbers may differ, and how."""
LETTERS = re.compile(r"[^\W\d_]")
GENERIC, JUDGED, RARE, UNWANTED = "generic", "judged name", "rarely a name", "task or metric"


@dataclass(frozen=True, slots=True, order=True)
class LeftOut:
    """Something that papers name as a thing of a wanted type and that is no node, and why."""

    papers: int
    name: str
    rule: str
    """``generic``, ``judged name``, ``rarely a name`` or ``task or metric``."""
    detail: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known beside the papers' own use of names."""

    facts: Sequence[Term] = ()
    """The entries of the lexicon, in order."""
    judged: Sequence[Judgement] = ()
    standing: Mapping[str, Standing] | None = None
    """How names stand in the texts; None where these were not looked at."""
    weights: Weights | None = None
    """None for those that are shipped, where the corpus is large enough."""


def interpret(
    usage: Usage,
    known: Knowledge,
    thesaurus: Thesaurus,
    types: frozenset[EntityType],
) -> "Interpretation":
    """Find out how the names of a corpus are to be understood.

    Args:
        usage: how papers use the names.
        known: what is known beside that.
        thesaurus: the user's decisions.
        types: what may become a node.
    """
    found = Interpretation(usage, known, thesaurus, types)
    found.join()
    found.judge()
    return found


class Interpretation:
    """How the names of a corpus are understood."""

    def __init__(
        self, usage: Usage, known: Knowledge, thesaurus: Thesaurus, types: frozenset[EntityType]
    ) -> None:
        """Take the names as keys have them; ``interpret`` takes the steps."""
        self.usage, self.known = usage, known
        self.thesaurus, self.types = thesaurus, types
        self.definitions: dict[str, Mapping[str, Definition]] = dict(usage.definitions)
        """What papers and the lexicon say that short forms stand for."""
        self.unions = Unions(thesaurus.apart)
        self.facts: dict[str, EntityType] = {}
        self.shorts: dict[str, Short] = {}
        self.judged = {
            key(one.name): one
            for one in known.judged
            if JUDGED not in thesaurus.off and key(one.name) in usage.uses
        }
        self.votes: dict[str, Votes] = {}
        """By root: how many papers take it for what."""
        self.profiles: dict[str, Profile] = {}
        """By root: what the corpus shows of it, where the texts were looked at."""
        self.left_out: dict[str, LeftOut] = {}
        """By root: what is no node though papers take it for one."""
        self._decided = self._dropped = frozenset[str]()
        self._anchors: dict[str, str] = {}
        self._shares: dict[str, float] = {}
        self._verdicts: dict[str, Judgement] = {}
        self._types = self._find_types()
        self._fact_roots: dict[str, str] = {}
        self._born: dict[str, int] = {}
        """When what the lexicon knows was first published."""
        self._homonyms: Homonyms | None = None
        self._spelled: dict[str, str] = {}

    @functools.cached_property
    def said(self) -> frozenset[str]:
        """The keys of what the user says that names are in single papers."""
        return frozenset(map(key, self.thesaurus.said.values()))

    @property
    def names(self) -> frozenset[str]:
        """Every name that papers use or define."""
        return frozenset(self.usage.uses) | frozenset(self.usage.definitions)

    def join(self) -> None:
        """Find out which names are one thing."""
        self._join_facts(self.known.facts)
        self._understand_short_forms()
        self._fact_roots = {self.unions.root(name): name for name in self.facts}
        self._join_variants()
        self._join_partners()
        self._join_right_names()
        self._anchors = self._find_anchors()
        self._obey()

    def judge(self) -> None:
        """Find out what things are, and which of them are no nodes."""
        born: dict[str, int] = {}
        for name, year in sorted(self._born.items()):
            root = self.unions.root(name)
            born[root] = min(born.get(root, year), year)
        self._homonyms = Homonyms(
            self.usage,
            lambda name: born.get(self.unions.root(name), 0),
            self.known.standing or {},
            self.thesaurus.off,
        )
        self._verdicts = self._find_verdicts()
        self.votes = self._count_votes()
        wanted = votes_for(self.types, 1)
        self._shares = {root: share_of(vote, wanted) for root, vote in self.votes.items()}
        if self.known.standing is not None:
            self.profiles = dict(self._profiles(self.known.standing))
        self.left_out = dict(self._find_left_out())

    def _find_types(self) -> dict[str, EntityType]:
        """Return what most papers take each name for."""
        votes: dict[str, Votes] = {}
        for use_key, group in self.usage.groups.items():
            for name in use_key.names:
                votes[name] = add_votes(votes[name], group.votes) if name in votes else group.votes
        return {name: most_voted(vote) for name, vote in votes.items()}

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
            if sure and term.year:
                self._born[key(anchor)] = term.year
            for surface in surfaces:
                if surface in sure:
                    self.facts.setdefault(key(surface), term.type)
                    self._join_names(surface, anchor, Reason("lexicon", "", term.label))
                elif key(surface) != key(anchor) and numbers_allow(surface, anchor):
                    self._claim(surface, anchor, term.type)

    def _join_names(self, one: str, other: str, reason: Reason) -> None:
        first, second = key(one), key(other)
        alike = LETTERS.findall(first) == LETTERS.findall(second)
        self.unions.join(first, second, reason, fit=same_version if alike else any_numbers)

    def _is_contested(self, surface: str, names: Iterable[str]) -> bool:
        """Say whether papers mostly define a name as something that is none of the names."""
        claims = self.definitions.get(key(surface), {})
        theirs = {key(name) for name in names}
        others = sum(
            claim.papers for long, claim in claims.items() if long not in theirs and not claim.known
        )
        return others >= needed(key(surface)) and others > sum(
            claim.papers for long, claim in claims.items() if long in theirs
        )

    def _claim(self, short: str, long: str, kind: EntityType) -> None:
        """Let the lexicon name a sense that a short form can have."""
        claims = self.definitions.get(key(short), {})
        claim = claims.get(key(long), Definition())
        told = Definition(
            claim.papers,
            claim.first if claim.first[1] else ("", short, long),
            claim.casings | {casing(short)},
            claim.kinds | {kind_of(kind)},
            known=True,
        )
        self.definitions[key(short)] = {**claims, key(long): told}

    def _understand_short_forms(self) -> None:
        """Find the senses of every short form, and join the long forms that are variants of one sense."""
        used: dict[str, Uses] = defaultdict(Uses)
        for use_key, group in self.usage.groups.items():
            if use_key.use is not None and use_key.names[0] in self.definitions:
                used[use_key.names[0]].see(use_key.use, group.papers)
        for short, claims in sorted(self.definitions.items()):
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
                    self._join_long_form(sense, other, claims[other])

    def _join_long_form(self, sense: Sense, other: str, claim: Definition) -> None:
        if len({PRETRAINED in other, PRETRAINED in sense.long}) > 1:
            return
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

    def _join_variants(self) -> None:
        """Join names that differ as language lets them, if they are of one type."""
        self._spelled = self._find_spelled()
        first = self._first_papers()
        names = Names(
            self._spelled, self.usage.uses, self._type_of, self._is_known, self._expansions
        )
        off = self.thesaurus.off
        for pair in sorted(set(pairs_of(names, off))):
            name, other = self._dominant(pair.name), self._dominant(pair.other)
            alike = self._are_alike(pair.name, pair.other) and self._are_alike(name, other)
            if pair.rule not in off and alike:
                reason = Reason(pair.rule, first[pair.name], pair.detail)
                self.unions.join(name, other, reason, FITS.get(pair.rule, same_numbers))

    def _find_spelled(self) -> dict[str, str]:
        """Return each name that is no short form as most papers write it; a short form only where one sense dominates."""
        surfaces: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for use_key, group in self.usage.groups.items():
            for surface, (papers, _, _) in group.surfaces.items():
                name = key(surface)
                if name in use_key.names and (name not in self.shorts or self._dominant(name)):
                    surfaces[name][surface] += papers
        return {
            name: max(sorted(found), key=found.__getitem__)
            for name, found in sorted(surfaces.items())
        }

    def _first_papers(self) -> dict[str, str]:
        """Return for each name the smallest id of a paper that has it."""
        first: dict[str, str] = {}
        for use_key, group in self.usage.groups.items():
            for name in use_key.names:
                first[name] = min(first.get(name, group.first), group.first)
        return first

    def _dominant(self, name: str) -> str:
        """Return the long form that a short form means nearly everywhere, '' if there is none; any other name itself."""
        if name not in self.shorts:
            return name
        sense = self.shorts[name].dominant
        return sense.long if sense else ""

    def _expansions(self, word: str) -> list[str]:
        """Return the long forms of a short form that enough papers give."""
        name = key(word)
        if name in self.shorts:
            short = self.shorts[name]
            least = max(short.needed, HALF * sum(one.papers for one in short.senses))
            return [one.example[2] for one in short.senses if one.papers >= least]
        claims = self.definitions.get(name, {}).values()  # of a short form that never stands alone
        return [one.first[2] for one in claims if one.papers >= needed(name, self.usage.papers)]

    def _is_known(self, name: str) -> bool:
        """Say whether the lexicon or a judgement has a name as a method."""
        judged = self.judged.get(name)
        kind = judged.type if judged else self.facts.get(name)
        return kind is EntityType.METHOD

    def _are_alike(self, one: str, other: str) -> bool:
        """Say whether papers, the lexicon and judgements take two names for things of one type."""
        both = self.unions.root(one), self.unions.root(other)
        facts = {self._fact_roots[root] for root in both if root in self._fact_roots}
        return len(facts) < len(both) and self._type_of(one) == self._type_of(other)

    def _type_of(self, name: str) -> EntityType | None:
        """Return what a name is judged to be, or else what most papers take it for."""
        judged = self.judged.get(name)
        return judged.type if judged else self._types.get(name)

    def _join_partners(self) -> None:
        """Join names that entities have beside each other, where the rarer one is seldom seen alone."""
        together: dict[tuple[str, str], list[Group]] = defaultdict(list)
        for use_key, group in self.usage.groups.items():
            main = self.main(use_key.names)
            for name in use_key.names:
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

    def _join_right_names(self) -> None:
        """Join names with those that should have been found in their place."""
        for name, one in sorted(self.judged.items()):
            if one.right and name not in self.shorts:
                reason = Reason(JUDGED, "", f"{one.name} is {one.right}")
                self.unions.join(name, key(one.right), reason, fit=same_or_no_numbers)

    def _find_verdicts(self) -> dict[str, Judgement]:
        """Return by root what its names are judged to be: what the judged names of most papers are."""
        found: dict[str, dict[EntityType | None, int]] = defaultdict(lambda: defaultdict(int))
        best: dict[tuple[str, EntityType | None], tuple[int, str, Judgement]] = {}
        for name, one in self.judged.items():
            root = self.unions.root(name)
            if one.right and root == self.unions.root(key(one.right)):
                continue
            rank = (self.usage.uses[name], name, one)
            found[root][one.type] += rank[0]
            best[root, one.type] = max(best.get((root, one.type), rank), rank)
        return {
            root: best[root, max(votes, key=lambda kind: (votes[kind], kind or ""))][2]
            for root, votes in found.items()
        }

    def _profiles(self, standing: Mapping[str, Standing]) -> Iterator[tuple[str, Profile]]:
        """Yield for each root what the corpus shows of it."""
        by_long: dict[str, int] = defaultdict(int)
        for claims in self.definitions.values():
            for long, claim in claims.items():
                by_long[long] += claim.papers
        grouped: dict[str, list[tuple[UseKey, Group]]] = defaultdict(list)
        for use_key, group in self.usage.groups.items():
            root = self.root_of(use_key)
            if self._shares.get(root, 0.0) >= HALF:
                grouped[told_by_texts(root)].append((use_key, group))
        sure = {self.unions.root(name) for name in self.facts}
        for root, groups in grouped.items():
            profile, names = self._profile(root, groups)
            counts = [standing[name] for name in sorted(names) if name in standing]
            if counts:
                profile.standing = Standing(*map(sum, zip(*counts, strict=True)))
            if root.endswith(SMALL):
                profile.standing = profile.standing.small
            profile.known = "sure" if root in sure else ""
            profile.short_forms = sum(by_long.get(name, 0) for name in names)
            yield root, profile

    def _profile(
        self, root: str, groups: Iterable[tuple[UseKey, Group]]
    ) -> tuple[Profile, set[str]]:
        """Return what the papers show of a thing, and its own names."""
        surfaces: dict[str, int] = defaultdict(int)
        names: set[str] = set()
        roles: dict[Role, int] = defaultdict(int)
        papers = certainty = surest = 0
        votes = votes_for(frozenset(), 0)
        for use_key, group in groups:
            papers += group.papers
            votes = add_votes(votes, group.votes)
            certainty += group.certainty
            surest = max(surest, group.surest)
            names.update(name for name in use_key.names if self.unions.root(name) == name_of(root))
            for role, count in group.roles.items():
                roles[role] += count
            for surface, (seen, _, _) in group.surfaces.items():
                surfaces[surface] += seen
        profile = Profile(max(sorted(surfaces), key=surfaces.__getitem__), papers)
        profile.votes = self.votes.get(root) or votes
        profile.roles = roles
        profile.certainty, profile.surest = certainty / THOUSAND / papers, surest / THOUSAND
        profile.names = max(1, len(names))
        profile.long_forms = sum(
            claim.papers for name in names for claim in self.definitions.get(name, {}).values()
        )
        return profile, names

    def _find_left_out(self) -> Iterator[tuple[str, LeftOut]]:
        """Yield what is no node though papers take it for one, by root."""
        spared = {self.unions.root(name) for name in self._anchors.values()}
        weights = self._weights()
        for root in self.votes.keys() - spared:
            verdict = self._verdicts.get(root)
            if verdict is not None:
                if verdict.sure and verdict.type not in self.types and self._shares[root]:
                    detail = f"{verdict.name}: {verdict.type or 'no entity'}"
                    yield root, LeftOut(sum(self.votes[root]), verdict.name, JUDGED, detail)
            elif HARDLY < self._shares[root] < HALF:
                yield root, self._as_task(root)
            elif weights and told_by_texts(root) in self.profiles:
                profile = self.profiles[told_by_texts(root)]
                if weights.probability(profile) < weights.least:
                    yield root, LeftOut(profile.papers, profile.surface, RARE, _seen_in(profile))

    def _as_task(self, root: str) -> LeftOut:
        """Return why a thing is no node that more papers give as a task or a metric."""
        votes = self.votes[root]
        other = most_voted(votes)
        detail = f"{other} in {votes[ORDER[other]]} of {sum(votes)} papers"
        return LeftOut(
            sum(votes), self._spelled.get(name_of(root), name_of(root)), UNWANTED, detail
        )

    def _weights(self) -> Weights | None:
        if RARE in self.thesaurus.off or self.usage.papers < LEAST_PAPERS:
            return None
        return self.known.weights or shipped_weights()

    def _find_anchors(self) -> dict[str, str]:
        """Return for each name that the user speaks of the one that it means where papers do not say: itself, or one long form."""
        wanted = {
            name
            for line in self.thesaurus.lines.values()
            for name in (key(line.label), line.target)
        } | self.said
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
        if root in self._dropped:
            return ""
        if self._homonyms and name not in self._anchors:
            return self._homonyms.split(root, name, use_key, defined=sense is not None)
        return root

    def meaning(self, name: str, use_key: UseKey) -> Sense | None:
        """Return the sense of a short form that its paper does not define and the user does not decide."""
        short = self.shorts.get(name)
        if short is None or use_key.use is None or name in self._decided:
            return None
        return short.meaning(use_key.use)

    def sense_of(self, root: str) -> str:
        """Return what tells a thing from others of its name, '' for what its name means as a rule."""
        return self._homonyms.sense_of(root) if self._homonyms else ""

    def why_apart(self, root: str) -> Meant | None:
        """Return why a thing is not another one of its name, None if there is no other."""
        return self._homonyms.meant(root) if self._homonyms else None

    def labels(self) -> dict[str, str]:
        """Return the labels that the user gives, by root."""
        replacements = self.thesaurus.replacements
        return {
            self.unions.root(self._anchors.get(key(name), key(name))): name
            for name in sorted({*self.thesaurus.said.values(), *replacements.values()})
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
        for root, verdict in self._verdicts.items():
            judged = verdict.type
            if judged in self.types and root in votes and self._winner(votes[root]) is not judged:
                votes[root] = add_votes(votes[root], votes_for(judged, 1 + sum(votes[root])))
        for name, kind in self.thesaurus.types.items():
            root = self.unions.root(self._anchors.get(name, name))
            if root not in votes or self._winner(votes[root]) is not kind:
                votes[root] = votes_for(kind, 1)
        return votes

    def accepts_type(self, root: str, kind: EntityType) -> bool:
        """Say whether a mention of a type belongs to a node."""
        share = self._shares.get(root, 0.0)
        return share >= MOSTLY or (share >= HALF and kind in self.types)

    def type_of(self, root: str) -> EntityType:
        """Return the type that most papers give a node, among those that are wanted."""
        return self._winner(self.votes[root])

    def _winner(self, votes: Votes) -> EntityType:
        return max(
            (kind for kind in EntityType if kind in self.types), key=lambda kind: votes[ORDER[kind]]
        )


def _seen_in(profile: Profile) -> str:
    """Say in how many of the papers that have a name's words it was found."""
    standing = profile.standing
    return f"found in {standing.marked:,} of {standing.marked + standing.bare:,} papers with these words"
