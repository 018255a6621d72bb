"""The Typer application, and the arguments shared by several commands."""

import re
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import kg
from kg.cli.terminal import INTERRUPTED, fail, say
from kg.project import open_store
from kg.records import EntityType

__all__ = [
    "DEFAULT",
    "SHOWN",
    "All",
    "Folder",
    "InputFormat",
    "Inputs",
    "Jobs",
    "Level",
    "NodeName",
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


class _Commands(TyperGroup):
    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - its class has moved between versions of Typer
        """Run a command, and say so if it is interrupted; Typer would exit silently."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            fail(
                "stopped; a build's progress is saved, run the same command again to continue",
                INTERRUPTED,
            )


app = typer.Typer(
    name="kg",
    cls=_Commands,
    help="From research abstracts to a knowledge graph of methods, datasets and benchmarks.",
    suggest_commands=True,
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
    Path,
    typer.Option("--project", "-p", help="The project: a build's output folder, or its store."),
]
InputFormat = Annotated[
    str | None,
    typer.Option("--format", help="Input format [default: detected from content and suffix]."),
]
Folder = Annotated[
    Path | None, typer.Argument(metavar="[DIR]", help="The project; same as --project.")
]
NodeName = Annotated[str, typer.Argument(help="A node's id, label or alias.")]
Since = Annotated[int | None, typer.Option(help="First year to include.")]
Until = Annotated[int | None, typer.Option(help="Last year to include.")]
Types = Annotated[str | None, typer.Option(help="Types to test, comma-separated.")]
Level = Annotated[float, typer.Option(min=0, max=1, help="Maximum q of the results shown.")]
Number = Annotated[int, typer.Option("--number", "-n", min=1, help="Maximum rows per list.")]
All = Annotated[bool, typer.Option("--all", "-a", help="Show all rows.")]
Records = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", help="Write all results tested to this .csv or .json file instead."
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, help="Number of reader processes [default: one per core]."),
]


def _say_version(wanted: bool) -> None:  # noqa: FBT001 - Typer's callback signature
    if wanted:
        say(f"kg {kg.__version__}")
        raise typer.Exit


@app.callback()
def _about(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """From research abstracts to a knowledge graph of methods, datasets and benchmarks."""


def parse_types(text: str | None) -> frozenset[EntityType] | None:
    """Parse comma-separated types; None if the option was not given.

    Raises:
        BadParameter: if one is not a type.
    """
    if text is None:
        return None
    try:
        return frozenset(EntityType(name.strip().lower()) for name in text.split(","))
    except ValueError as error:
        meant = [get_close_matches(name.strip(), list(EntityType), 1) for name in text.split(",")]
        hint = f"; did you mean {','.join(*zip(*meant, strict=True))}?" if all(meant) else ""
        message = f"{text!r}: expected types from {', '.join(EntityType)}{hint}"
        raise typer.BadParameter(message) from error


def parse_numbers(text: str | None) -> frozenset[int] | None:
    """Parse comma-separated community numbers; None if the option was not given.

    Raises:
        BadParameter: if one is not a number.
    """
    if text is None:
        return None
    if not re.fullmatch(r"\s*\d+\s*(,\s*\d+\s*)*", text):
        message = f"{text!r}: expected comma-separated community numbers, such as 0,3"
        raise typer.BadParameter(message)
    return frozenset(map(int, text.split(",")))
