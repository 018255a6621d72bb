"""SVG (.svg): the figure of a graph for print and for drawing programs; texts stay texts. Needs no other program.

Keeps the picture: nodes, the strongest links, labels that have room, a legend. Loses attributes and evidence.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from exports.figure import Disc, Figure, Line, Words, draw_figure
from exports.files import atomic_write
from kg.graph.view import GraphView

__all__ = ["generate_svg", "write_svg"]

FONT = "Helvetica, Arial, 'DejaVu Sans', sans-serif"


def write_svg(view: GraphView, path: Path) -> None:
    """Write the figure to a file that appears whole or not at all."""
    with atomic_write(path) as stream:
        stream.writelines(generate_svg(draw_figure(view)))


def generate_svg(figure: Figure) -> Iterator[str]:
    """Yield the lines of the file."""
    width, height = f"{figure.width:.2f}", f"{figure.height:.2f}"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}">\n'
    yield f"<title>Knowledge graph</title>\n<desc>{escape(figure.description)}</desc>\n"
    yield '<rect width="100%" height="100%" fill="#ffffff"/>\n<g stroke-opacity="0.35" fill="none">\n'
    yield from map(_line, figure.lines)
    yield '</g>\n<g stroke="#ffffff" stroke-width="0.4">\n'
    yield from map(_disc, figure.discs)
    yield f'</g>\n<g font-family="{FONT}" dominant-baseline="central" paint-order="stroke" stroke="#ffffff" stroke-width="1.6" stroke-linejoin="round">\n'
    yield from map(_words, figure.words)
    yield "</g>\n</svg>\n"


def _line(line: Line) -> str:
    (x, y), (x2, y2) = line.start, line.end
    return f'<path d="M{x:.2f} {y:.2f}L{x2:.2f} {y2:.2f}" stroke="{line.colour}" stroke-width="{line.width:.2f}"/>\n'


def _disc(disc: Disc) -> str:
    return f'<circle cx="{disc.x:.2f}" cy="{disc.y:.2f}" r="{disc.radius:.2f}" fill="{disc.colour}"/>\n'


def _words(words: Words) -> str:
    return f'<text x="{words.x:.2f}" y="{words.y:.2f}" font-size="{words.size:.2f}" text-anchor="{words.anchor}" fill="{words.colour}">{escape(words.text)}</text>\n'
