"""Facts about the field: names of datasets, benchmarks, methods, tasks and metrics that its papers publish.

Each ``*.tsv`` beside this file is one group; its first line says where the names come from. Columns: label, type,
aliases (`` | `` between), year (empty where not sure).
"""

import functools
from pathlib import Path

from kg.model import EntityType, Term

__all__ = ["load"]


@functools.cache
def load() -> tuple[Term, ...]:
    """Return all entries, sorted."""
    return tuple(sorted(term for path in sorted(Path(__file__).parent.glob("*.tsv")) for term in _read(path)))


def _read(path: Path) -> list[Term]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_term(line, path, number) for number, line in enumerate(lines, 1) if line and not line.startswith("#")]


def _term(line: str, path: Path, number: int) -> Term:
    cells = line.split("\t")
    if len(cells) != 4:  # noqa: PLR2004
        message = f"{path.name}:{number}: {len(cells)} columns, expected label, type, aliases, year"
        raise ValueError(message)
    label, kind, aliases, year = cells
    return Term(label, EntityType(kind), tuple(sorted(filter(None, aliases.split(" | ")))), int(year) if year else None)
