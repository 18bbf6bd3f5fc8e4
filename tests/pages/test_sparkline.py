"""The small line of a tile, read back from its image."""

import re
from base64 import b64decode
from xml.etree import ElementTree

import pytest

from pages.ui.sparkline import COLOURS, sparkline

SVG = "{http://www.w3.org/2000/svg}"


def picture(markdown: str) -> ElementTree.Element:
    found = re.fullmatch(r"!\[(.*)\]\(data:image/svg\+xml;base64,(.*)\)", markdown)
    return ElementTree.fromstring(b64decode(found[2]))  # noqa: S314 our own picture


def lines(values) -> list[list[tuple[float, float]]]:
    drawn = picture(sparkline(values, "gray", "alt")).iter(f"{SVG}polyline")
    return [[tuple(map(float, place.split(","))) for place in one.get("points").split()] for one in drawn]


def test_the_highest_value_is_on_top_and_the_lowest_at_the_bottom():
    ((first, second, third),) = lines([1.0, 3.0, 2.0])
    assert second[1] < third[1] < first[1]
    assert third[1] == pytest.approx((first[1] + second[1]) / 2)
    assert first[0] < second[0] < third[0]


def test_a_month_without_a_value_is_a_gap_and_one_alone_a_point():
    assert [len(part) for part in lines([1.0, 2.0, None, 3.0, None, 4.0, 5.0])] == [2, 2, 2]


def test_a_level_line_runs_through_the_middle():
    ((first, second),) = lines([7.0, 7.0])
    assert first[1] == second[1] == 22


@pytest.mark.parametrize("values", [[], [1.0], [None, 1.0, None]])
def test_fewer_than_two_known_values_draw_nothing(values):
    assert sparkline(values, "gray", "alt") == ""


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("ground", ["#FFFFFF", "#16181B"])
def test_colours_stand_out_on_light_and_dark(colour, ground):
    """3 : 1 at least, as WCAG 1.4.11 asks of graphics."""
    one, other = sorted(map(luminance, (COLOURS[colour], ground)))
    assert (other + 0.05) / (one + 0.05) >= 3


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
