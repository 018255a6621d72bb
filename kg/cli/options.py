"""The Typer application, and the arguments that several commands share."""

import re
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import kg
from kg.cli.terminal import STOPPED, fail, say
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
        """Run a command; Typer would end a stopped one without a word."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            fail(
                "stopped; what a build has saved is kept, the same command goes on from there",
                STOPPED,
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
    Path, typer.Option("--project", "-p", help="The output folder of a build, or its store.")
]
InputFormat = Annotated[
    str | None,
    typer.Option("--format", help="Format of the input where suffix and content do not tell it."),
]
Folder = Annotated[
    Path | None, typer.Argument(metavar="[DIR]", help="The project, as with --project.")
]
NodeName = Annotated[str, typer.Argument(help="A node's id, label or alias.")]
Since = Annotated[int | None, typer.Option(help="The first year that counts.")]
Until = Annotated[int | None, typer.Option(help="The last year that counts.")]
Types = Annotated[str | None, typer.Option(help="Types to test, comma-separated.")]
Level = Annotated[float, typer.Option(min=0, max=1, help="Show what has q at most this.")]
Number = Annotated[
    int, typer.Option("--number", "-n", min=1, help="How many of each kind to show.")
]
All = Annotated[bool, typer.Option("--all", "-a", help="Show all of them.")]
Records = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write all that was tested to this .csv or .json instead."),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, help="Processes to read with [default: one per core]."),
]


def _say_version(wanted: bool) -> None:  # noqa: FBT001 - as Typer calls it
    if wanted:
        say(f"kg {kg.__version__}")
        raise typer.Exit


@app.callback()
def _about(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Say which version this is."
        ),
    ] = False,
) -> None:
    """From research abstracts to a knowledge graph of methods, datasets and benchmarks."""


def parse_types(text: str | None) -> frozenset[EntityType] | None:
    """Return comma-separated types; None for none given.

    Raises:
        BadParameter: if one is no type.
    """
    if text is None:
        return None
    try:
        return frozenset(EntityType(name.strip().lower()) for name in text.split(","))
    except ValueError as error:
        meant = [get_close_matches(name.strip(), list(EntityType), 1) for name in text.split(",")]
        hint = f"; did you mean {','.join(*zip(*meant, strict=True))}?" if all(meant) else ""
        message = f"{text!r}: a type is one of {', '.join(EntityType)}{hint}"
        raise typer.BadParameter(message) from error


def parse_numbers(text: str | None) -> frozenset[int] | None:
    """Return comma-separated community numbers; None for none given.

    Raises:
        BadParameter: if one is no number.
    """
    if text is None:
        return None
    if not re.fullmatch(r"\s*\d+\s*(,\s*\d+\s*)*", text):
        message = f"{text!r}: communities are given by number, comma-separated, such as 0,3"
        raise typer.BadParameter(message)
    return frozenset(map(int, text.split(",")))
