"""Cells by what events carry: those of the facts, and only what pages open with."""

from dataclasses import replace

import pytest

from metrics.event_cubes import OPENED, is_cut_further
from metrics.query import measure
from metrics.question import question
from metrics.selection import Period, Selection
from metrics.slices import Kept

YEAR = Period.of_months("2025-11", "2026-10")
NORTH = (("region", ("north",)),)
CUTS = [(metric, names) for names, metrics in OPENED.items() for metric in metrics]


def answers(world, metric, selection, by, every=None):
    """From the cube, and from the facts."""
    catalogue = world.catalogue
    assert question(catalogue, catalogue.ground, metric, selection, by, every).is_in_cube
    facts = replace(catalogue, ground=catalogue.ground.without_cubes())
    fresh = replace(catalogue, ground=replace(catalogue.ground, kept=Kept()))
    return [measure(world.cursor, known, metric, selection, by, every) for known in (fresh, facts)]


@pytest.mark.parametrize(("metric", "names"), CUTS)
def test_what_pages_open_with_by_event_is_that_of_the_facts(planted, metric, names):
    for where in ((), NORTH) if is_cut_further(planted.catalogue.metric(metric), names) else ((),):
        cube, facts = answers(planted, metric, Selection(YEAR, "year_before", where), names)
        assert [m.group for m in cube] == [m.group for m in facts]
        assert where or any(m.n for m in cube)
        for a, b in zip(cube, facts, strict=True):
            assert (a.status, a.n, a.start, a.is_signal) == (b.status, b.n, b.start, b.is_signal)
            assert (a.value, a.low, a.change) == (pytest.approx(b.value), pytest.approx(b.low), pytest.approx(b.change))


def test_one_value_of_an_events_column_has_its_months(planted):
    cube, facts = answers(
        planted, "touchpoint_bad", Selection(YEAR, "none", (("touchpoint", ("delivery",)),)), (), "month"
    )
    assert len(cube) == len(YEAR.steps("month"))
    assert [(m.start, m.value, m.n) for m in cube] == [(m.start, m.value, m.n) for m in facts]


def test_other_columns_and_parts_of_months_are_asked_of_the_facts(planted):
    ground = planted.catalogue.ground

    def is_in_cube(selection, by):
        return question(planted.catalogue, ground, "hand_off_bad", selection, by).is_in_cube

    assert is_in_cube(Selection(YEAR), ("seam",))
    assert not is_in_cube(Selection(YEAR), ("team_seam",))
    assert not is_in_cube(Selection(YEAR, "none", NORTH), ("seam", "persona"))
    assert not is_in_cube(Selection(replace(YEAR, start=YEAR.start.replace(day=2))), ("seam",))
