"""The table of known names: counted over annotated papers and over raw ones that a first model has read.

For every name: in how many papers it is marked, as what, and in how many it occurs at all. The rate of
the two is the name's strength. While the span finder trains, the counts leave its own paper's
annotations out; otherwise it would learn to believe the table blindly.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

from kg.records import EntityType, Term
from pipelines.known import KnownNames, code, fold_name

__all__ = ["NameTable", "Named"]

Named = tuple[list[str], Mapping[str, EntityType]]
"""The words of one paper, and the folded names marked in it with their types."""

LEAST_MARKED = 2
WEAK, FAIR = 0.3, 0.7


class NameTable:
    """Counts of names over papers."""

    def __init__(self, papers: Iterable[Named], terms: Iterable[Term]) -> None:
        """Count the names of the papers; ``terms`` are the facts of the lexicon."""
        papers = list(papers)
        self.marked: dict[str, Counter[EntityType]] = defaultdict(Counter)
        for _, names in papers:
            for name, kind in names.items():
                self.marked[name][kind] += 1
        self.facts = {fold_name(surface): term.type for term in terms for surface in (term.label, *term.aliases)}
        usual = {name for name, counts in self.marked.items() if counts.total() >= LEAST_MARKED}
        self.names = KnownNames(dict.fromkeys((name for name in usual | self.facts.keys() if len(name) > 1), 1))
        self.occurring: Counter[str] = Counter()
        for words, _ in papers:
            self.occurring.update({name for _, _, name in self.names.matches(words)})

    def code_of(self, name: str, own: EntityType | None = None, *, occurs: bool = False) -> int:
        """Return the code of a folded name.

        Args:
            name: the folded name.
            own: what it is in a paper that is to be left out of the counts, None where it is not marked there.
            occurs: whether there is a paper to be left out, in which the name occurs.
        """
        counts = self.marked.get(name, Counter())
        total = counts.total() - (own is not None)
        if total < LEAST_MARKED - 1 or not total:
            return code(self.facts[name], "lexicon") if name in self.facts else 0
        kinds = Counter(counts)
        if own is not None:
            kinds[own] -= 1
        kind = max(sorted(kinds), key=kinds.__getitem__)
        rate = total / max(1, self.occurring[name] - occurs)
        return code(kind, "weak" if rate < WEAK else "fair" if rate < FAIR else "strong")

    def without(self, names: Mapping[str, EntityType]) -> Callable[[str], int]:
        """Return the codes as they are without one paper that marks ``names``."""
        return lambda name: self.code_of(name, names.get(name), occurs=True)

    def codes(self) -> dict[str, int]:
        """Return the whole table, sorted by name."""
        found = ((name, self.code_of(name)) for name in sorted(self.names.codes))
        return {name: number for name, number in found if number}
