"""Which names are terms: what a corpus as a whole shows of a name, weighed by what was learned from judged names.

A word that the reader takes for a name in 32 of the 11,206 papers that have it is none. No one
threshold will do, so the share is weighed with how the name is written, what it ends in, how sure
the reader was, what papers do with it, and what it is part of. The weights are those of a logistic
regression (``benchmarks/termness.py`` fits them); they speak of classes of names and of endings.
"""

import functools
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg.names.generic import NAME
from kg.names.keys import singular
from kg.records import EntityType, Role
from kg.resolution.standing import Standing

__all__ = ["LEAST_PAPERS", "Profile", "Weights", "features", "shipped_weights"]

LEAST_PAPERS = 2000
"""A corpus of fewer papers tells too little of how names stand."""
WEIGHTS = Path(__file__).with_name("termness.tsv")
WORD = re.compile(r"[^\W_]+")
SHARES = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9)
SURE = (0.3, 0.5, 0.65, 0.8, 0.9, 0.97)
ODD = re.compile(r"[$\\^_{}=]")
MANY_CAPITALS = 6
LONG = 4
"""Words of a name from which on it is simply long."""


@dataclass(slots=True)
class Profile:
    """What a corpus shows of one thing."""

    surface: str
    """As most papers write it."""
    papers: int = 0
    standing: Standing = field(default_factory=Standing)
    votes: tuple[float, ...] = ()
    """Papers by type, in the order of ``EntityType``."""
    roles: Mapping[Role, int] = field(default_factory=dict)
    """Papers by what they do with it."""
    certainty: float = 1.0
    """The mean over the papers."""
    surest: float = 1.0
    short_forms: int = 0
    """Papers that define it as the long form of something."""
    long_forms: int = 0
    """Papers that define it as the short form of something."""
    names: int = 1
    known: str = ""
    """``sure`` if it is a fact of the lexicon, ``unsure`` if its name also means something else."""


def features(profile: Profile) -> Iterator[tuple[str, float]]:
    """Yield the features of a name with their values; a name that is not yielded has the value 0."""
    yield "always", 1.0
    size = math.log2(1 + profile.papers)
    yield "papers", size / 4
    yield f"papers={min(profile.papers, 4)}", 1.0
    yield from _standing(profile)
    total = sum(profile.votes) or 1.0
    for kind, papers in zip(EntityType, profile.votes, strict=False):
        if papers:
            yield f"type={kind.value}", papers / total
    done = sum(profile.roles.values())
    for role, papers in profile.roles.items():
        yield f"role={role.value}", papers / done
    yield from _steps("certainty", profile.certainty, SURE)
    yield from _steps("surest", profile.surest, SURE)
    yield "certainty", profile.certainty
    if profile.known:
        yield f"known={profile.known}", 1.0
    for name, count in (("short forms", profile.short_forms), ("long forms", profile.long_forms)):
        if count:
            yield name, 1.0
            yield f"{name}, share", min(1.0, count / profile.papers)
    yield "names", math.log2(profile.names)
    yield from _shape(profile.surface)


def _standing(profile: Profile) -> Iterator[tuple[str, float]]:
    standing = profile.standing
    marked = max(standing.marked, profile.papers)
    share = (marked + 0.5) / (marked + standing.bare + 1)
    yield "share", share
    yield "share, logit", math.log(share / (1 - share)) / 4
    yield from _steps("share", share, SHARES)
    yield "bare", math.log2(1 + standing.bare) / 4
    yield "inside", math.log2((1 + standing.inside) / (1 + marked)) / 4
    capital = standing.marked_capital / marked
    yield "capital", capital
    if standing.marked_capital:
        among = standing.marked_capital / (standing.marked_capital + standing.bare_capital)
        yield "capital, share", capital * among
    elif profile.papers > 1:
        yield "no capital", 1.0
        yield "no capital, share", share


def _steps(name: str, value: float, steps: tuple[float, ...]) -> Iterator[tuple[str, float]]:
    for step in steps:
        if value < step:
            yield f"{name}<{step}", 1.0


def _shape(surface: str) -> Iterator[tuple[str, float]]:
    words = WORD.findall(surface)
    if not words:
        yield "no word", 1.0
        return
    yield f"words={min(len(words), LONG)}", 1.0
    yield from _writing(surface, words)
    small = [word.lower() for word in words]
    last = singular(words[-1])
    kind = "alone" if len(words) == 1 else "last"
    if not NAME.search(words[-1]):
        yield f"{kind}={last}", 1.0
        for length in (2, 3, 4):
            if len(last) > length + 1:
                yield f"{kind} ends in {last[-length:]}", 1.0
    if len(words) > 1:
        yield f"first={small[0]}", 1.0
        yield f"first ends in {small[0][-3:]}", 1.0
        yield f"pair={small[-2]} {last}", 1.0


def _writing(surface: str, words: list[str]) -> Iterator[tuple[str, float]]:
    count = "one" if len(words) == 1 else "several"
    traits = {
        "small letters": surface.islower(),
        "capitals": surface.isupper(),
        "name": NAME.search(surface) is not None,
        "digit": any(map(str.isdigit, surface)),
        "capital": words[-1].istitle(),
        "hyphen": "-" in surface,
    }
    for name, has in traits.items():
        if has:
            yield f"{name}, {count}", 1.0
    if surface.isupper():
        yield f"capitals, {min(len(surface), MANY_CAPITALS)}", 1.0
    if ODD.search(surface):
        yield "formula", 1.0
    if "(" in surface or "/" in surface:
        yield "bracket or slash", 1.0


class Weights:
    """A logistic regression: the weight of each feature."""

    def __init__(self, weights: Mapping[str, float], least: float) -> None:
        """Take the weights, and the probability below which a name is no term."""
        self._weights = dict(weights)
        self.least = least

    def probability(self, profile: Profile) -> float:
        """Return how likely a name is a term."""
        total = sum(self._weights.get(name, 0.0) * value for name, value in features(profile))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@functools.cache
def shipped_weights() -> Weights:
    """Return the weights that are shipped."""
    first, *lines = WEIGHTS.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return Weights({name: float(weight) for name, weight in rows}, float(first.split("\t")[1]))
