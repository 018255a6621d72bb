"""Papers as references: BibTeX, RIS and CSV, as reference managers read them.

A field that is unknown is left out. BibTeX keys are the papers' ids, without what BibTeX forbids in keys; of two that
become alike the second gets a letter. Characters with a meaning in BibTeX are escaped, all others stay UTF-8.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from kg.records import Paper

__all__ = ["REFERENCES", "references"]

FORBIDDEN = re.compile(r"[^A-Za-z0-9:._/+-]+")
SPECIAL = re.compile(r"[\\{}%&#$_~^]")
ESCAPED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
COLUMNS = ("id", "title", "year", "venue", "doi", "url")
FORMULA = re.compile(r"[\s\ufeff]*[=+\-@\t\r]")


def references(papers: Iterable[Paper], form: str) -> str:
    """Return papers in one of the forms of ``REFERENCES``, in the order given."""
    return REFERENCES[form](papers)


def _bibtex(papers: Iterable[Paper]) -> str:
    return "\n".join(_entry(key, paper) for key, paper in _keyed(papers))


def _keyed(papers: Iterable[Paper]) -> Iterator[tuple[str, Paper]]:
    taken: dict[str, int] = {}
    for paper in papers:
        key = FORBIDDEN.sub("-", paper.id).strip("-") or "paper"
        count = taken[key] = taken.get(key, 0) + 1
        yield key if count == 1 else f"{key}-{count}", paper


def _entry(key: str, paper: Paper) -> str:
    values: Mapping[str, object] = {
        "title": f"{{{_escape(paper.title)}}}",
        "year": paper.year,
        "journal": paper.venue and _escape(paper.venue),
        "doi": paper.doi,
        "url": paper.url,
        "abstract": _escape(paper.abstract),
    }
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in values.items() if value)
    return f"@{'article' if paper.venue else 'misc'}{{{key},\n{fields}}}\n"


def _escape(text: str) -> str:
    return SPECIAL.sub(
        lambda found: ESCAPED.get(found.group(), f"\\{found.group()}"), " ".join(text.split())
    )


def _ris(papers: Iterable[Paper]) -> str:
    lines = []
    for paper in papers:
        values = {
            "TY": "JOUR" if paper.venue else "GEN",
            "ID": paper.id,
            "TI": paper.title,
            "PY": paper.year,
            "JO": paper.venue,
            "DO": paper.doi,
            "UR": paper.url,
            "AB": paper.abstract,
        }
        lines += [
            f"{tag}  - {' '.join(str(value).split())}" for tag, value in values.items() if value
        ]
        lines += ["ER  - ", ""]
    return "\n".join(lines)


def _csv(papers: Iterable[Paper]) -> str:
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    table.writerow(COLUMNS)
    for paper in papers:
        values = (getattr(paper, column) for column in COLUMNS)
        table.writerow(["" if value is None else _guard(value) for value in values])
    return stream.getvalue()


def _guard(value: object) -> object:
    """Return a value that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


REFERENCES: Mapping[str, Callable[[Iterable[Paper]], str]] = {
    "bib": _bibtex,
    "ris": _ris,
    "csv": _csv,
}
"""The forms by name."""
