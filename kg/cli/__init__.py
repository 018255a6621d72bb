"""The command line."""

from kg.cli.main import main

__all__ = ["main"]
