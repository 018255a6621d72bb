"""One colour for each type, the same on the page and in Gephi.

From the palette of Okabe and Ito (2008), which colour-blind readers can tell apart, darkened or lightened until each
has a contrast of at least 3 to 1 against its background.
"""

from kg.model import EntityType

__all__ = ["DARK", "LIGHT", "rgb"]

LIGHT = {
    EntityType.METHOD: "#0072b2",
    EntityType.DATASET: "#c75100",
    EntityType.BENCHMARK: "#00805f",
    EntityType.TASK: "#a8578a",
    EntityType.METRIC: "#6b6b6b",
}
"""On white; also the colours in files for other programs."""
DARK = {
    EntityType.METHOD: "#56b4e9",
    EntityType.DATASET: "#e8892b",
    EntityType.BENCHMARK: "#2fbf94",
    EntityType.TASK: "#dd8fc0",
    EntityType.METRIC: "#a3a3a3",
}
"""On near-black."""


def rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue (0 to 255) of a colour such as ``#0072b2``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
