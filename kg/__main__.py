"""``python -m kg`` and the command ``kg``: the command line."""

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line; Ctrl-C prints one line even while libraries are still loading."""
    try:
        from kg.cli.main import main as run  # noqa: PLC0415 - see above
    except KeyboardInterrupt:
        sys.stderr.write("kg: stopped\n")
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
