"""The graph as rows that every format starts from: clean ids, clean text, one kind an attribute, nothing empty.

The attributes that kg documents come first, in a fixed order and with a fixed kind, also where a graph is empty.
Attributes that others have put on the graph follow, sorted by name; their kind is decided over the whole graph.
A value that is ``None``, empty, NaN or infinite is left out.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from math import isfinite
from numbers import Integral, Real
from typing import NamedTuple

import networkx as nx

from exports.evidence import best_evidence, link_key
from exports.files import one_line
from kg.graph.schema import LINK_ATTRIBUTES, NODE_ATTRIBUTES
from kg.graph.schema import AttributeType as Kind
from kg.graph.view import EvidenceLength, GraphView

__all__ = [
    "USUAL",
    "Kind",
    "LinkRow",
    "NodeRow",
    "Value",
    "as_text",
    "brief_evidence",
    "brief_values",
    "distinct_labels",
    "link_columns",
    "link_headers",
    "link_rows",
    "node_columns",
    "node_headers",
    "node_rows",
    "unique_ids",
]

NO_TOKEN = re.compile(r"[^A-Za-z0-9_.:-]")

Value = bool | int | float | str | tuple[str, ...]


NODE_COLUMNS = {attribute.name: attribute.type for attribute in NODE_ATTRIBUTES}
LINK_COLUMNS = {attribute.name: attribute.type for attribute in LINK_ATTRIBUTES}
NUMBERS = frozenset({Kind.LONG, Kind.DOUBLE})
EVIDENCE_LINKS = 100_000
USUAL: dict[str, Value] = {
    "direction": 0,
    "evaluated": 0,
    "compared": 0,
    "uses": 0,
    "sentences": 0,
    "q": 1.0,
}
"""What most links have, and what a filter for more (of q: for less) passes over as it passes over what is absent."""
EVIDENCE_COLUMNS = {"evidence": Kind.STRING, "evidence_paper": Kind.STRING}


class NodeRow(NamedTuple):
    """A node: its id and the values that it has."""

    id: str
    values: Mapping[str, Value]


class LinkRow(NamedTuple):
    """A link: its id (``e0`` …), its ends in order, and the values that it has, its best evidence among them."""

    id: str
    source: str
    target: str
    values: Mapping[str, Value]


def node_columns(graph: nx.Graph) -> dict[str, Kind]:
    """Return the attributes of nodes and their kinds.

    >>> list(node_columns(nx.Graph()))[:3]
    ['label', 'type', 'aliases']
    """
    return _columns(NODE_COLUMNS, lambda: (data for _, data in graph.nodes(data=True)))


def link_columns(
    graph: nx.Graph, evidence: EvidenceLength | None = EvidenceLength.FULL
) -> dict[str, Kind]:
    """Return the attributes of links and their kinds; the last two, if any is wanted, are the text and the paper of the best evidence."""
    columns = _columns(LINK_COLUMNS, lambda: (data for _, _, data in graph.edges(data=True)))
    return {name: columns[name] for name in columns if name not in EVIDENCE_COLUMNS} | (
        {} if evidence is EvidenceLength.NONE else EVIDENCE_COLUMNS
    )


def node_headers(
    columns: Iterable[str],
    taken: Iterable[str] = (),
    renamed: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return what a format calls each attribute of nodes: names that differ without regard to case.

    Args:
        columns: the attributes.
        taken: names that mean something of their own in the format or to its readers; an attribute that others have put on the
            graph is not called so but gets a number (``id_2``). Those that kg documents keep their names.
        renamed: other names that the format has for attributes that kg documents.

    >>> node_headers(["label", "papers", "Label", "id"], {"id"})
    {'label': 'label', 'papers': 'papers', 'Label': 'Label_2', 'id': 'id_2'}
    """
    return _headers(columns, NODE_COLUMNS.keys(), taken, renamed or {})


def link_headers(
    columns: Iterable[str],
    taken: Iterable[str] = (),
    renamed: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return what a format calls each attribute of links, as ``node_headers`` does of nodes."""
    return _headers(columns, {*LINK_COLUMNS, *EVIDENCE_COLUMNS}, taken, renamed or {})


def node_rows(graph: nx.Graph, columns: Mapping[str, Kind]) -> Iterator[NodeRow]:
    """Yield the nodes in the graph's order. Each has a label: where it is empty, the id."""
    for node, name in zip(graph, unique_ids(graph), strict=True):
        values = _values(graph.nodes[node], columns)
        yield NodeRow(name, {"label": name} | values)


def link_rows(
    view: GraphView, columns: Mapping[str, Kind], default: EvidenceLength = EvidenceLength.FULL
) -> Iterator[LinkRow]:
    """Yield the links sorted by their ends, without self-loops; ends are as in ``node_rows``.

    Where the view does not say how much evidence is wanted, the default does; without columns of evidence none is looked for.
    A weight that is not above 0 is left out: Gephi drops a link of weight 0, and without a weight it is 1.
    """
    graph = view.graph
    ids = dict(zip(graph, unique_ids(graph), strict=True))
    place = {node: n for n, node in enumerate(graph)}
    length = view.evidence or default if "evidence" in columns else EvidenceLength.NONE
    best = best_evidence(graph, view.papers(), length)
    for number, (source, target) in enumerate(
        sorted((min(link), max(link)) for link in graph.edges if link[0] != link[1])
    ):
        data = graph.edges[source, target]
        evidence = best.pop(link_key(place[source], place[target], len(place)), None)
        if evidence is not None:
            data = {**data, "evidence": str(evidence), "evidence_paper": evidence.paper}
        values = _values(data, columns)
        weight = values.get("weight")
        if isinstance(weight, float) and weight <= 0:
            del values["weight"]
        yield LinkRow(f"e{number}", ids[source], ids[target], values)


def brief_evidence(graph: nx.Graph) -> EvidenceLength:
    """Return how much evidence XML holds if nobody asks for more: little, and beyond 100,000 links none."""
    return (
        EvidenceLength.SHORT if graph.number_of_edges() <= EVIDENCE_LINKS else EvidenceLength.NONE
    )


def brief_values(values: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
    """Yield the values of a link but for what is usual (a count of 0, a q of 1) and a last year that is the first one too.

    >>> dict(brief_values({"papers": 1, "uses": 0, "first_year": 2020, "last_year": 2020}))
    {'papers': 1, 'first_year': 2020}
    """
    for name, value in values.items():
        repeated = name == "last_year" and value == values.get("first_year")
        if repeated or USUAL.get(name) == value:
            continue
        yield name, value


def as_text(value: Value) -> str:
    """Return a value for formats that know only text; a list is joined.

    >>> as_text(("LLaMA", "Llama")), as_text(0.5), as_text(True)
    ('LLaMA | Llama', '0.5', 'true')
    """
    if isinstance(value, tuple):
        return " | ".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)


def distinct_labels(rows: Sequence[NodeRow]) -> list[str]:
    """Return the label of each node, for formats in which labels stand for nodes: where several have it, with the id behind it."""
    labels = [as_text(row.values["label"]) for row in rows]
    counts = Counter(labels)
    return [
        label if counts[label] == 1 else f"{label} ({row.id})"
        for row, label in zip(rows, labels, strict=True)
    ]


def unique_ids(names: Iterable[str]) -> tuple[str, ...]:
    r"""Return an id for each name that every format takes: an XML name token, never empty, unique without case (Gephi compares so).

    White space becomes ``_``, any character but ASCII letters, digits, ``.``, ``-``, ``:`` and ``_`` its number.

    >>> unique_ids(["bert", "a b\n", "c++", "A b"])
    ('bert', 'a_b', 'c_x2B__x2B_', 'A_b_2')
    """
    taken: set[str] = set()
    ids = []
    for one in names:
        name = base = _token(one)
        number = 2
        while name.lower() in taken:
            name, number = f"{base}_{number}", number + 1
        taken.add(name.lower())
        ids.append(name)
    return tuple(ids)


def _token(name: object) -> str:
    return (
        NO_TOKEN.sub(lambda found: f"_x{ord(found[0]):X}_", one_line(str(name)).replace(" ", "_"))
        or "node"
    )


def _headers(
    columns: Iterable[str], known: Collection[str], taken: Iterable[str], renamed: Mapping[str, str]
) -> dict[str, str]:
    used = {name.lower() for name in taken}
    names = {}
    for column in columns:
        name = base = renamed.get(column, one_line(str(column)) or "attribute")
        number = 2
        while name.lower() in used and column not in known:
            name, number = f"{base}_{number}", number + 1
        used.add(name.lower())
        names[column] = name
    return names


def _columns(
    known: Mapping[str, Kind], rows: Callable[[], Iterable[Mapping[str, object]]]
) -> dict[str, Kind]:
    seen: dict[str, set[type]] = {}
    for names, types in {(tuple(row), tuple(map(type, row.values()))) for row in rows()}:
        for name, one in zip(names, types, strict=True):
            if one is not type(None):
                seen.setdefault(name, set()).add(one)
    columns = {name: _kind(seen.get(name, set()), kind) for name, kind in known.items()}
    columns |= {name: _kind(seen[name]) for name in sorted(seen, key=str) if name not in known}
    whole = [name for name in columns if columns[name] in NUMBERS and name not in known]
    return columns | dict.fromkeys(
        {name for row in rows() for name in whole if _is_too_large(row.get(name))}, Kind.STRING
    )


def _is_too_large(value: object) -> bool:
    """Tell whether a whole number does not fit the 64 bits that readers have for it: such are written as text."""
    return isinstance(value, Integral) and not -(2**63) <= int(value) < 2**63


def _kind(types: set[type], expected: Kind | None = None) -> Kind:
    """Return the kind of an attribute whose values have these types: the expected one where they allow it."""
    if not types:
        return expected or Kind.STRING
    if all(issubclass(one, list | tuple) for one in types):
        return Kind.STRINGS
    plain = Kind.STRING
    if all(one is bool for one in types):
        plain = Kind.BOOLEAN
    elif bool not in types and all(issubclass(one, Integral) for one in types):
        plain = Kind.LONG
    elif bool not in types and all(issubclass(one, Real) for one in types):
        plain = Kind.DOUBLE
    wider = {Kind.LONG: (Kind.INT, Kind.LONG, Kind.DOUBLE)}.get(plain, (plain,))
    return expected if expected is not None and expected in wider else plain


def _values(data: Mapping[str, object], columns: Mapping[str, Kind]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, kind in columns.items():
        raw = data.get(name)
        if raw is None:
            continue
        if (type(raw) is int and kind is Kind.INT) or (
            type(raw) is float and kind is Kind.DOUBLE and isfinite(raw)
        ):  # so are most
            found[name] = raw
        elif (value := _value(raw, kind)) is not None:
            found[name] = value
    return found


def _value(raw: object, kind: Kind) -> Value | None:
    if kind is Kind.STRING and type(raw) is str:
        return one_line(raw) or None
    if kind is Kind.STRINGS:
        return _texts(raw) or None
    if kind is Kind.STRING:
        return " | ".join(_texts(raw)) or None
    return _number(raw, kind)


def _texts(raw: object) -> tuple[str, ...]:
    several = raw if isinstance(raw, list | tuple) else (raw,)
    return tuple(filter(None, (one_line(str(one)) for one in several if one is not None)))


def _number(raw: object, kind: Kind) -> Value | None:
    if kind is Kind.BOOLEAN:
        return bool(raw)
    if kind is Kind.DOUBLE:
        return float(raw) if isinstance(raw, Real) and isfinite(raw) else None
    return int(raw) if isinstance(raw, Integral) else None
