"""What papers do with a node: who introduced it, what is evaluated on it or it on, what it is compared with, what uses it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kg.records import EntityType, Role
from kg.storage.graph_tables import Company
from kg.storage.store import Store

__all__ = ["DATA", "Said", "Section", "node_card"]

DATA = frozenset({EntityType.DATASET, EntityType.BENCHMARK})
NEW_OR_STUDIED = frozenset({Role.NEW, Role.STUDIED})


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """Another node of a section, with the papers that say so."""

    node: str
    label: str
    papers: tuple[tuple[int, str], ...]
    """Year (0 where unknown) and id of each, in order."""


@dataclass(frozen=True, slots=True)
class Section:
    """One thing that papers do with a node: its heading and the other nodes, those of most papers first."""

    heading: str
    nodes: tuple[Said, ...]

    def by_year(self) -> list[tuple[int, tuple[Said, ...]]]:
        """Return the nodes by the year of the first paper that says so, newest first; 0 is unknown."""
        years: dict[int, list[Said]] = {}
        for one in self.nodes:
            years.setdefault(one.papers[0][0], []).append(one)
        return [(year, tuple(nodes)) for year, nodes in sorted(years.items(), reverse=True)]


def node_card(
    store: Store, node: str, since: int | None = None, until: int | None = None
) -> tuple[Section, ...]:
    """Return what papers do with a node of a linked store, section by section; sections without a node are left out.

    For data: the methods evaluated on it, what else was compared there, what uses it. For a method: what it is evaluated on, what it
    is compared with (by its own papers and by others), what it uses, what uses it. With years, only papers of these count.
    """
    spanned = since is not None or until is not None
    rows = [
        row
        for row in store.graph.company(node)
        if not spanned
        or (row.year is not None and (since or row.year) <= row.year <= (until or row.year))
    ]
    sections = [Section(name, _nodes(filter(says, rows))) for name, says in SAYS.items()]
    return tuple(section for section in sections if section.nodes)


def _evaluated(method: Role | None, data: Role | None) -> bool:
    """Tell whether a paper with these roles evaluates the method on the data."""
    studied = method is Role.STUDIED and data is Role.NEW
    return studied or (method in NEW_OR_STUDIED and data is Role.EVALUATED)


def _methods(one: Company) -> bool:
    return one.type is one.other_type is EntityType.METHOD


def _method_on_data(one: Company) -> bool:
    return one.type is EntityType.METHOD and one.other_type in DATA


def _data_for_method(one: Company) -> bool:
    return one.type in DATA and one.other_type is EntityType.METHOD


SAYS: dict[str, Callable[[Company], bool]] = {
    "methods evaluated on it": lambda one: (
        _data_for_method(one) and _evaluated(one.other_role, one.role)
    ),
    "compared on it": lambda one: (
        _data_for_method(one)
        and one.other_role is Role.COMPARED
        and one.role in {Role.EVALUATED, Role.NEW}
    ),
    "evaluated on": lambda one: _method_on_data(one) and _evaluated(one.role, one.other_role),
    "compared with": lambda one: (
        _methods(one) and (one.role, one.other_role) == (Role.NEW, Role.COMPARED)
    ),
    "compared with by": lambda one: (
        _methods(one) and (one.role, one.other_role) == (Role.COMPARED, Role.NEW)
    ),
    "uses": lambda one: (one.role, one.other_role) == (Role.NEW, Role.USED),
    "used by": lambda one: (one.role, one.other_role) == (Role.USED, Role.NEW),
}
"""The sections of a card, and when a paper's words on a node and another belong there."""


def _nodes(rows: Iterable[Company]) -> tuple[Said, ...]:
    papers: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for row in rows:
        papers.setdefault((row.other, row.label), []).append((row.year or 0, row.paper))
    found = [Said(node, label, tuple(sorted(of))) for (node, label), of in papers.items()]
    return tuple(sorted(found, key=lambda one: (-len(one.papers), one.label, one.node)))
