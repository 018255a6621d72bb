"""PDF and PNG (.pdf, .png): the figure of a graph, drawn by matplotlib, which the extra ``figures`` brings.

The PDF has the fonts inside and its texts can be searched; the PNG has 300 dots an inch. No clock is in either.

Keeps the picture: nodes, the strongest links, labels that have room, a legend. Loses attributes and evidence.
"""

import warnings
from pathlib import Path
from typing import BinaryIO

from exports.figure import Figure, draw_figure
from exports.files import atomic_write_all, written_bytes
from exports.provenance import GENERATOR
from kg.errors import ExportError
from kg.graph.view import GraphView

__all__ = ["write_drawing"]

INCH = 72.0
DOTS = 300
ANCHORS = {"start": "left", "middle": "center", "end": "right"}


def write_drawing(view: GraphView, path: Path) -> None:
    """Write the figure to a file that appears whole or not at all; its suffix tells the format.

    Raises:
        ExportError: if matplotlib is not installed, or the file cannot be written.
    """
    kind = "pdf" if ".pdf" in path.name.lower()[-7:] else "png"
    figure = draw_figure(view)
    with atomic_write_all(path) as (part,), written_bytes(part, path) as stream:
        try:
            _draw(figure, stream, kind)
        except ImportError as error:
            message = f"{path}: .{kind} needs matplotlib ({error}); install kg with the extra figures, or write .svg"
            raise ExportError(message) from error


def _draw(figure: Figure, stream: BinaryIO, kind: str) -> None:
    """Draw with matplotlib: slow to load, so only here."""
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.collections import EllipseCollection, LineCollection  # noqa: PLC0415
    from matplotlib.figure import Figure as Canvas  # noqa: PLC0415
    from matplotlib.patheffects import withStroke  # noqa: PLC0415

    canvas = Canvas(figsize=(figure.width / INCH, figure.height / INCH), dpi=DOTS)
    axes = canvas.add_axes((0, 0, 1, 1), xlim=(0, figure.width), ylim=(figure.height, 0))
    axes.axis("off")
    axes.add_collection(
        LineCollection(
            [(line.start, line.end) for line in figure.lines],
            linewidths=[line.width for line in figure.lines],
            colors=[line.colour for line in figure.lines],
            alpha=0.35,
        )
    )
    wide = [2 * disc.radius for disc in figure.discs]
    if wide:  # a collection of nothing cannot be written
        axes.add_collection(
            EllipseCollection(
                wide,
                wide,
                [0.0] * len(wide),
                units="x",
                offsets=[(disc.x, disc.y) for disc in figure.discs],
                offset_transform=axes.transData,
                facecolors=[disc.colour for disc in figure.discs],
                edgecolors="white",
                linewidths=0.4,
                zorder=2,
            )
        )
    halo = [withStroke(linewidth=1.6, foreground="white")]
    for words in figure.words:
        axes.text(
            words.x,
            words.y,
            words.text,
            fontsize=words.size,
            color=words.colour,
            ha=ANCHORS[words.anchor],
            va="center_baseline",
            path_effects=halo,
            parse_math=False,
            zorder=3,
        )
    about: dict[str, str | None] = {"Title": "Knowledge graph"}
    if kind == "pdf":
        about |= {"Subject": figure.description, "Creator": GENERATOR, "CreationDate": None}
    else:
        about |= {"Description": figure.description, "Software": GENERATOR}
    with mpl.rc_context({"pdf.fonttype": 42}), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a letter that the font lacks
        canvas.savefig(stream, format=kind, metadata=about)
