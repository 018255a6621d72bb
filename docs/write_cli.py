"""Write docs/cli.md anew from what the commands say of themselves: ``python docs/write_cli.py``."""

from pathlib import Path

import typer

from kg.cli.main import app

PAGE = Path(__file__).with_name("cli.md")


def main() -> None:
    """Keep what stands above the first command's heading, and write a section for each command."""
    group = typer.main.get_command(app)
    head = PAGE.read_text(encoding="utf-8").split("\n## kg\n")[0]
    helps = {"kg": _help(group, "kg")}
    helps |= {f"kg {name}": _help(one, f"kg {name}") for name, one in group.commands.items()}
    sections = (f"## {name}\n\n```text\n{told}\n```\n" for name, told in helps.items())
    PAGE.write_text("\n".join([head, *sections]), encoding="utf-8")


def _help(command: typer.core.TyperCommand | typer.core.TyperGroup, name: str) -> str:
    context = typer.Context(command, info_name=name, terminal_width=80, max_content_width=80)
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


if __name__ == "__main__":
    main()
