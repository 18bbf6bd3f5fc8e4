"""The small line of a tile, read back from its path."""

import re

import pytest

from pages.ui.sparkline import WIDTH, sparkline


def lines(values) -> list[list[tuple[float, float]]]:
    """The places of each unbroken part of the path."""
    path = sparkline(tuple(values), "gray", "alt").path
    return [
        [tuple(map(float, place.split())) for place in re.split("L|h0", part) if place] for part in path.split("M")[1:]
    ]


def test_the_highest_value_is_on_top_and_the_lowest_at_the_bottom():
    ((first, second, third),) = lines([1.0, 3.0, 2.0])
    assert second[1] < third[1] < first[1]
    assert third[1] == pytest.approx((first[1] + second[1]) / 2)
    assert first[0] < second[0] < third[0]


def test_a_month_without_a_value_is_a_gap_and_one_alone_a_point():
    assert [len(part) for part in lines([1.0, 2.0, None, 3.0, None, 4.0, 5.0])] == [2, 1, 2]
    assert "h0" in sparkline((1.0, 2.0, None, 3.0), "gray", "alt").path.split("M")[-1]


def test_a_level_line_runs_through_the_middle():
    ((first, second),) = lines([7.0, 7.0])
    assert first[1] == second[1] == 22


def test_the_dot_stands_at_the_last_known_value():
    found = sparkline((1.0, 3.0, None), "gray", "alt")
    assert found.last == lines([1.0, 3.0, None])[-1][-1]
    assert 0 < found.last[0] < WIDTH


@pytest.mark.parametrize("values", [(), (1.0,), (None, 1.0, None)])
def test_fewer_than_two_known_values_draw_nothing(values):
    assert sparkline(values, "gray", "alt") is None
