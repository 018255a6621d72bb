"""The command that serves the page of a project."""

import webbrowser
from typing import Annotated

import typer

from kg.cli.options import DEFAULT, Folder, Project, app, say
from kg.errors import KGError

__all__ = ["serve_command"]


@app.command("serve", epilog="Examples: kg serve · kg serve kg-out --open · kg serve --port 8000")
def serve_command(
    folder: Folder = None,
    project: Project = DEFAULT,
    host: Annotated[
        str, typer.Option(help="Listen here; by default only this machine can ask.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 0,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page.")] = False,  # noqa: FBT002 - as typer has it
) -> None:
    """Serve the page with its data read from the store: for corpora too large for one file, and to apply corrections."""
    try:
        from kg.servers.serve import serve  # noqa: PLC0415 - an extra
    except ImportError as error:
        message = f"kg serve needs the extra serve: pip install 'kg[serve]' ({error})"
        raise KGError(message) from error

    def told(address: str) -> None:
        say(f"{address}  (Ctrl-C ends it)")
        if open_page:
            webbrowser.open(address)

    serve(folder or project, host=host, port=port, told=told)
