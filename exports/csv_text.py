r"""CSV that Gephi, spreadsheets, pandas, DuckDB and R read alike: how a cell, a line and the name of a column are written.

UTF-8 with a byte order mark, for without it Excel takes the letters for those of another alphabet, and all others pass it over.
Commas between, every text in quotes, numbers without, nothing at all for what is absent. Of texts:

* One that a reader would take for something else (a number, a date, a truth value, a missing value, a formula) has an
  apostrophe before it; so has one with an apostrophe before such a text, so that taking one away always gives the text.
* A formula is guarded after a semicolon in the text too, since a spreadsheet may split there: ``; '=1+1``.
* A backslash becomes the sign U+2216, which looks like it: Gephi takes it for the escape of what follows, and so loses the ends of cells.
"""

import re
from collections.abc import Iterable
from typing import TypeAlias

__all__ = ["BOM", "csv_line"]

Cell: TypeAlias = "bool | int | float | str | list[object] | tuple[object, ...] | None"
BOM = "\ufeff"
BACKSLASH, INSTEAD = "\\", "\u2216"
SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
"""What a formula begins with; the last four are the wide forms of the first."""
FORMULA = f"[{SIGNS}]"
NUMBER = r"[-+(.]*[$€£¥]?[\d.,:/_' -]*\d[\d.,:/_' -]*([eE][-+]?\d+)?[dDfFlL]?%?\)?|0x[\da-f.]+(p[-+]?\d+)?"
"""Also dates, times, amounts, and what Java takes for a number (``3D``)."""
DATE = r"(\d{1,2}[-/. ]?)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}[-/., ]*\d{1,4}|\d{1,2}[-/. ](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
WORD = r"true|false|yes|no|null|none|nan|na|n/a|inf|infinity|<na>|#(n/?a.*|[a-z/0]*[!?])"
INTERVAL = r"[<\[({][\d.,;:<>\[\]() -]*[>\])}]"
"""What Gephi takes for a time."""
MISREAD = re.compile(f"'*({FORMULA}|({NUMBER}|{DATE}|{WORD}|{INTERVAL})$)", re.IGNORECASE)
SPLIT = re.compile(f";(?=[\\s\"']*{FORMULA})")


def csv_line(cells: Iterable[Cell]) -> str:
    r"""Return a line of a table; of lists, the items are joined by " | ".

    >>> csv_line(["BERT", 3, 0.5, None, "1706.00120", True, ("a", "b")])
    '"BERT",3,0.5,,"\'1706.00120",true,"a | b"\n'
    """
    return ",".join(map(_cell, cells)) + "\n"


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = value if isinstance(value, str) else " | ".join(map(_item, value))
    return _quoted(text) if text else ""


def _item(value: object) -> str:
    return "" if value is None else str(value)


def _quoted(text: str) -> str:
    text = SPLIT.sub(";'", text.replace(BACKSLASH, INSTEAD))
    if MISREAD.match(text):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"'
