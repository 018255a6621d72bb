"""The Typer application, and the arguments that several commands share."""

import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from kg import project as steps
from kg.records import EntityType
from kg.storage.store import Store

__all__ = [
    "DEFAULT",
    "SHOWN",
    "Analysed",
    "InputFormat",
    "Inputs",
    "Jobs",
    "Level",
    "Number",
    "Project",
    "Records",
    "Since",
    "Types",
    "Until",
    "app",
    "open_store",
    "parse_numbers",
    "parse_types",
    "say",
]

app = typer.Typer(
    name="kg",
    help="From research abstracts to a knowledge graph of methods, datasets and benchmarks.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

DEFAULT = Path("kg-out")
SHOWN = 10
Inputs = Annotated[
    list[str], typer.Argument(metavar="INPUT...", help="Files, folders, or - for standard input.")
]
Project = Annotated[
    Path, typer.Option("--project", "-p", help="The output folder of a build, or its store.")
]
InputFormat = Annotated[
    str | None,
    typer.Option("--format", help="Format of the input where suffix and content do not tell it."),
]
Analysed = Annotated[
    Path,
    typer.Argument(metavar="[DIR_OR_STORE]", help="The output folder of a build, or its store."),
]
Since = Annotated[int | None, typer.Option(help="The first year that counts.")]
Until = Annotated[int | None, typer.Option(help="The last year that counts.")]
Types = Annotated[str | None, typer.Option(help="Types to test, commas between.")]
Level = Annotated[float, typer.Option(min=0, max=1, help="Show what has q at most this.")]
Number = Annotated[int, typer.Option("--number", "-n", min=1, help="Show so many of each kind.")]
Records = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write all that was tested to this .csv or .json instead."),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, help="Processes to read with [default: one a core]."),
]


def say(text: str = "") -> None:
    """Write a line of results to standard output."""
    sys.stdout.write(f"{text}\n")


def parse_types(text: str | None) -> frozenset[EntityType] | None:
    """Return comma-separated types; None for none given.

    Raises:
        BadParameter: if one is no type.
    """
    if text is None:
        return None
    try:
        return frozenset(EntityType(name.strip()) for name in text.split(","))
    except ValueError as error:
        message = f"{text!r}: a type is one of {', '.join(EntityType)}"
        raise typer.BadParameter(message) from error


def parse_numbers(text: str | None) -> frozenset[int] | None:
    """Return comma-separated community numbers; None for none given.

    Raises:
        BadParameter: if one is no number.
    """
    if text is None:
        return None
    if not re.fullmatch(r"\s*\d+\s*(,\s*\d+\s*)*", text):
        message = f"{text!r}: communities are given by number, commas between, such as 0,3"
        raise typer.BadParameter(message)
    return frozenset(map(int, text.split(",")))


def open_store(project: Path) -> Store:
    """Open the store of a project, given by its folder or by the file itself, for reading."""
    return Store(project / steps.STORE if project.is_dir() else project, read_only=True)
