"""One colour for each type, the same on the page and in every file.

Chosen by search so that any two differ by at least 28 (CIE 1976) for normal sight and for full protan-, deuter- and tritanopia
(simulated as in Machado, Oliveira and Fernandes 2009), and that each stands out from its background by at least 3 to 1
(the colours of files from white and from near-black: it is not known on which they will be seen).
"""

from kg.records import EntityType

__all__ = ["DARK", "LIGHT", "colour_of", "rgb"]

LIGHT = {
    EntityType.METHOD: "#4a90d9",
    EntityType.DATASET: "#cd5c11",
    EntityType.BENCHMARK: "#8d24f2",
    EntityType.TASK: "#a8755a",
    EntityType.METRIC: "#8f8d9b",
}
"""On white; also the colours in files for other programs."""
DARK = {
    EntityType.METHOD: "#6fb0f2",
    EntityType.DATASET: "#e26a1c",
    EntityType.BENCHMARK: "#a44dff",
    EntityType.TASK: "#c2906f",
    EntityType.METRIC: "#b4b2bf",
}
"""On near-black."""


def colour_of(kind: object) -> str:
    """Return the colour of a type in files; what is no type of kg is grey as a metric is.

    >>> colour_of("method")
    '#4a90d9'
    """
    return {one.value: colour for one, colour in LIGHT.items()}.get(
        str(kind), LIGHT[EntityType.METRIC]
    )


def rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue (0 to 255) of a colour such as ``#4a90d9``.

    >>> rgb("#4a90d9")
    (74, 144, 217)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
