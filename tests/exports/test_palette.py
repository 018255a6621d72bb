"""Types can be told apart by everybody, on any background."""

import math
from itertools import combinations

import pytest

from exports.palette import COMMUNITIES, DARK, LIGHT, REST, colour_of, rgb
from kg.records import EntityType

WHITE, BLACK = "#ffffff", "#15171a"
SIGHTS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}  # the matrices of Machado, Oliveira and Fernandes 2009 for full severity


def linear(colour):
    return [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (one / 255 for one in rgb(colour))
    ]


def contrast(one, other):
    low, high = sorted(
        sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))
        for colour in (one, other)
    )
    return (high + 0.05) / (low + 0.05)


def seen(colour, sight):
    """The colour as that sight sees it, in CIE L*a*b*."""
    r, g, b = (
        min(1, max(0, sum(w * c for w, c in zip(row, linear(colour), strict=True))))
        for row in SIGHTS[sight]
    )
    x, y, z = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
    )
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def test_every_type_has_a_colour():
    assert set(LIGHT) == set(DARK) == set(EntityType)


def test_the_twelve_largest_communities_have_colours_of_their_own():
    assert len(set(COMMUNITIES)) == 12
    assert [colour_of(number) for number in (*range(12), 12, 500, -1, None)] == [
        *COMMUNITIES,
        *[REST] * 4,
    ]


@pytest.mark.parametrize("colour", [*COMMUNITIES, REST])
def test_the_colour_of_a_community_stands_out_from_white_and_from_near_black(colour):
    assert contrast(colour, WHITE) >= 3
    assert contrast(colour, BLACK) >= 3


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_communities_differ_for_every_sight(sight):
    least = min(
        math.dist(seen(one, sight), seen(other, sight))
        for one, other in combinations([*COMMUNITIES, REST], 2)
    )
    assert least >= (26 if sight == "normal" else 16)


@pytest.mark.parametrize("kind", EntityType)
def test_a_colour_stands_out_from_its_background(kind):
    assert contrast(LIGHT[kind], WHITE) >= 3
    assert contrast(LIGHT[kind], BLACK) >= 3
    assert contrast(DARK[kind], BLACK) >= 4


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_any_two_types_differ_for_every_sight(palette, sight):
    assert (
        min(
            math.dist(seen(one, sight), seen(other, sight))
            for one, other in combinations(palette.values(), 2)
        )
        >= 28
    )
