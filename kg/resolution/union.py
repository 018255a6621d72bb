"""Which names are one thing, and why: a union-find that keeps a reason for every join.

Names are comparison keys (``kg.names.keys.key``). A join is refused where the numbers of the two sides differ, taken over all
that was joined before, so that no chain of unions leads from one version to another.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from kg.names.keys import numerals

__all__ = [
    "Reason",
    "Unions",
    "any_numbers",
    "same_beginning",
    "same_but_zero",
    "same_numbers",
    "same_or_no_numbers",
    "same_up_to_century",
    "same_version",
]

Numbers = tuple[str, ...]
YEAR, SHORT_YEAR = 4, 2


class Reason(NamedTuple):
    """Why two names are one thing: a line of the ledger."""

    rule: str
    paper: str
    """A paper that shows it, '' if none does."""
    detail: str
    papers: int = 0
    """How many papers show it."""


def same_numbers(one: Numbers, other: Numbers) -> bool:
    """Say whether two names have the same numbers."""
    return one == other


def same_or_no_numbers(one: Numbers, other: Numbers) -> bool:
    """Say whether two names have the same numbers, or one of them has none: for A2C and "advantage actor-critic"."""
    return one == other or not one or not other


def any_numbers(_one: Numbers, _other: Numbers) -> bool:
    """Say yes: for two official names of one thing, ImageNet-1K and ILSVRC 2012."""
    return True


def same_beginning(one: Numbers, other: Numbers) -> bool:
    """Say whether the numbers of one name begin with those of the other: for CUB, CUB-200 and CUB-200-2011."""
    return one[: len(other)] == other[: len(one)]


def same_but_zero(one: Numbers, other: Numbers) -> bool:
    """Say whether two names have the same numbers, where 2 and 2.0 are one version."""
    return [number.removesuffix(".0") for number in one] == [
        number.removesuffix(".0") for number in other
    ]


def same_version(one: Numbers, other: Numbers) -> bool:
    """Say whether the numbers of a name are those of another of the same letters, however they are written."""
    return same_up_to_century(one, other) or same_beginning(one, other) or same_but_zero(one, other)


def same_up_to_century(one: Numbers, other: Numbers) -> bool:
    """Say whether two names have the same numbers, where 14 and 2014 are one year.

    >>> same_up_to_century(("14",), ("2014",)), same_up_to_century(("1",), ("2001",))
    (True, False)
    """
    return len(one) == len(other) and all(
        a == b or _one_year(a, b) or _one_year(b, a) for a, b in zip(one, other, strict=True)
    )


def _one_year(short: str, full: str) -> bool:
    return (
        len(short) == SHORT_YEAR
        and len(full) == YEAR
        and full[:2] in {"19", "20"}
        and full.endswith(short)
    )


class Unions:
    """Names and the unions between them. The root of a name is the smallest name that it is joined with."""

    def __init__(self, apart: Collection[str] = ()) -> None:
        """Take the names that nothing may be joined with."""
        self._apart = frozenset(apart)
        self._parent: dict[str, str] = {}
        self._numbers: dict[str, Numbers] = {}
        self._reasons: dict[str, dict[str, Reason]] = defaultdict(dict)

    def root(self, name: str) -> str:
        """Return the smallest name that a name is joined with, itself if there is none."""
        parent = self._parent
        top = name
        while top in parent:
            top = parent[top]
        while name != top:
            parent[name], name = top, parent[name]
        return top

    def join(
        self,
        one: str,
        other: str,
        reason: Reason,
        fit: Callable[[Numbers, Numbers], bool] | None = same_numbers,
    ) -> bool:
        """Join two names unless they must stay apart.

        Args:
            one: a name.
            other: another name.
            reason: why they are one thing.
            fit: whether the numbers of both sides allow it; None for any numbers, even of a name that stays apart.

        Returns:
            Whether they are one thing now.
        """
        first, second = sorted((self.root(one), self.root(other)))
        if first == second:
            return True
        mine, theirs = self._numbers_of(first), self._numbers_of(second)
        if fit is not None and (not self._apart.isdisjoint((one, other)) or not fit(mine, theirs)):
            return False
        self._parent[second] = first
        if mine != theirs:
            self._numbers[first] = (
                max(mine, theirs, key=lambda found: (len("".join(found)), found))
                if fit is same_up_to_century
                else min(mine, theirs, key=len)
            )
        self._reasons[one][other] = self._reasons[other][one] = reason
        return True

    def _numbers_of(self, root: str) -> Numbers:
        found = self._numbers.get(root)
        return numerals(root) if found is None else found

    def explain(self, start: str, names: Iterable[str]) -> dict[str, tuple[str, Reason]]:
        """Return for each of the names that is joined with ``start`` the next name on the way there, and why these two are one."""
        wanted = frozenset(names) - {start}
        found: dict[str, tuple[str, Reason]] = {}
        if not wanted:
            return found
        border = [start]
        seen = {start}
        while border:
            following = []
            for name in border:
                for neighbour, reason in sorted(self._reasons.get(name, {}).items()):
                    if neighbour not in seen:
                        seen.add(neighbour)
                        found[neighbour] = (name, reason)
                        following.append(neighbour)
            border = following
        return {name: found[name] for name in found if name in wanted}
