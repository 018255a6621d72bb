"""The graph as rows that every format starts from: clean ids, clean text, one kind an attribute, nothing empty.

The attributes that kg documents come first, in a fixed order and with a fixed kind, also where a graph is empty.
Attributes that others have put on the graph follow, sorted by name; their kind is decided over the whole graph.
A value that is ``None``, empty, NaN or infinite is left out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from numbers import Integral, Real
from typing import NamedTuple

import networkx as nx

from exports.evidence import best_evidence, link_key
from exports.files import one_line
from kg.graph.schema import LINK_ATTRIBUTES, NODE_ATTRIBUTES
from kg.graph.schema import AttributeType as Kind
from kg.graph.view import GraphView

__all__ = [
    "Kind",
    "LinkRow",
    "NodeRow",
    "Value",
    "as_text",
    "link_columns",
    "link_rows",
    "node_columns",
    "node_rows",
    "unique_ids",
]

NO_TOKEN = re.compile(r"[^A-Za-z0-9_.:-]")

Value = bool | int | float | str | tuple[str, ...]


NODE_COLUMNS = {attribute.name: attribute.type for attribute in NODE_ATTRIBUTES}
LINK_COLUMNS = {attribute.name: attribute.type for attribute in LINK_ATTRIBUTES}
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
    return _columns(NODE_COLUMNS, (data for _, data in graph.nodes(data=True)))


def link_columns(graph: nx.Graph) -> dict[str, Kind]:
    """Return the attributes of links and their kinds; the last two are the sentence and the paper of the best evidence."""
    return (
        _columns(LINK_COLUMNS, (data for _, _, data in graph.edges(data=True))) | EVIDENCE_COLUMNS
    )


def node_rows(graph: nx.Graph, columns: Mapping[str, Kind]) -> Iterator[NodeRow]:
    """Yield the nodes in the graph's order. Each has a label: where it is empty, the id."""
    for node, name in zip(graph, unique_ids(graph), strict=True):
        values = _values(graph.nodes[node], columns)
        yield NodeRow(name, {"label": name} | values)


def link_rows(view: GraphView, columns: Mapping[str, Kind]) -> Iterator[LinkRow]:
    """Yield the links sorted by their ends, without self-loops; ends are as in ``node_rows``.

    A weight that is not above 0 is left out: Gephi drops a link of weight 0, and without a weight it is 1.
    """
    graph = view.graph
    ids = dict(zip(graph, unique_ids(graph), strict=True))
    place = {node: n for n, node in enumerate(graph)}
    best = best_evidence(graph, view.papers())
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


def _columns(known: Mapping[str, Kind], rows: Iterable[Mapping[str, object]]) -> dict[str, Kind]:
    seen: dict[str, set[type]] = {}
    for names, types in {(tuple(row), tuple(map(type, row.values()))) for row in rows}:
        for name, one in zip(names, types, strict=True):
            if one is not type(None):
                seen.setdefault(name, set()).add(one)
    columns = {name: _kind(seen.get(name, set()), kind) for name, kind in known.items()}
    return columns | {
        name: _kind(seen[name])
        for name in sorted(seen)
        if name not in known and name not in EVIDENCE_COLUMNS
    }


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
