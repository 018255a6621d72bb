"""The colours of communities and of types, the same on the page and in every file.

Chosen by search, for normal sight and for full protan-, deuter- and tritanopia (simulated as in Machado, Oliveira and
Fernandes 2009). Any two types differ by at least 28 (CIE 1976); any two of the twelve communities, and each from the grey of the
rest, by at least 16, and by 27 for normal sight. Each stands out from white and from near-black by at least 3 to 1, since
it is not known on which a file will be seen.
"""

from kg.records import EntityType

__all__ = ["COMMUNITIES", "DARK", "LIGHT", "REST", "colour_of", "rgb"]

COMMUNITIES = (
    "#1895fc",
    "#ec6f02",
    "#7a27fe",
    "#676c3b",
    "#eb5ebf",
    "#815e06",
    "#b304aa",
    "#27725c",
    "#f42a75",
    "#d17f44",
    "#295bde",
    "#9f4d8a",
)
"""The colours of the twelve largest communities, the largest first."""
REST = "#929292"
"""The colour of all other communities."""
LIGHT = {
    EntityType.METHOD: "#4a90d9",
    EntityType.DATASET: "#cd5c11",
    EntityType.BENCHMARK: "#8d24f2",
    EntityType.TASK: "#a8755a",
    EntityType.METRIC: "#8f8d9b",
}
"""The colours of types on white."""
DARK = {
    EntityType.METHOD: "#6fb0f2",
    EntityType.DATASET: "#e26a1c",
    EntityType.BENCHMARK: "#a44dff",
    EntityType.TASK: "#c2906f",
    EntityType.METRIC: "#b4b2bf",
}
"""The colours of types on near-black."""


def colour_of(community: object) -> str:
    """Return the colour of a community, given by its number; grey if it is none of the twelve largest.

    >>> colour_of(0), colour_of(12), colour_of(None)
    ('#1895fc', '#929292', '#929292')
    """
    if isinstance(community, int) and 0 <= community < len(COMMUNITIES):
        return COMMUNITIES[community]
    return REST


def rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue (0 to 255) of a colour such as ``#4a90d9``.

    >>> rgb("#4a90d9")
    (74, 144, 217)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
