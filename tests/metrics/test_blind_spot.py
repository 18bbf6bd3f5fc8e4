"""The blind spot: who stands where, what became of those before them, and who is too few to be shown."""

from datetime import date

import duckdb
import pytest

from metrics.blind_spot import Cell, blind_spot, large_enough, risk_ratio
from metrics.definitions import Catalogue
from metrics.errors import UnknownName
from metrics.ground import ground_of
from metrics.selection import Period, Selection

NOW, BEFORE = date(2026, 10, 31), date(2026, 4, 30)
YEAR = Selection(Period(date(2025, 11, 1), date(2026, 11, 1)))
CELLS = [  # month end, quadrant, region, customers, revenue, mature, stopped, expected
    (NOW, "healthy", "north", 400, 40_000.0, 0, 0, None),
    (NOW, "healthy", "south", 300, 30_000.0, 0, 0, None),
    (NOW, "silent_risk", "north", 100, 10_000.0, 0, 0, None),
    (NOW, "known_risk", "south", 50, 500.0, 0, 0, None),
    (NOW, "unknown", "south", 60, 2_000.0, 0, 0, None),
    (BEFORE, "healthy", "north", 600, 55_000.0, 600, 90, 90.0),
    (BEFORE, "silent_risk", "north", 400, 18_000.0, 400, 260, 130.0),
    (date(2026, 5, 31), "healthy", "north", 500, 1.0, 499, 499, 499.0),
]


@pytest.fixture
def world():
    """A snapshot's relations, as far as the blind spot reads them."""
    connection = duckdb.connect()
    connection.execute(
        """
        create table setting as select timestamp '2026-11-01' as as_of, timestamp '2023-11-01' as data_from,
            10 as min_group, 5 as min_group_culture, 180 as second_purchase_days, 6 as stop_months,
            200 as activity_days, 50.0::double as crm_cut, 50.0::double as cem_cut;
        create table dim_segment as select 'c1' as customer_id, 'north' as region, 'top' as value_tier;
        create table cube_blind_spot_month (month_end date, quadrant varchar, region varchar,
            n_customers bigint, revenue_12m decimal(18, 2), n_mature bigint, n_stopped bigint, n_expected double);
        create table blind_spot_sample (point bigint, month_end date, quadrant varchar, crm_health double,
            cem_health double, region varchar, value_tier varchar);
        insert into blind_spot_sample values
            (1, '2026-10-31', 'healthy', 70, 80, 'north', 'top'), 
            (2, '2026-10-31', 'silent_risk', 70, 20, 'south', 'top'),
            (3, '2026-10-31', 'unknown', 70, null, 'south', 'top');
        """
    )
    connection.executemany("insert into cube_blind_spot_month values (?, ?, ?, ?, ?, ?, ?, ?)", CELLS)
    return connection, Catalogue({}, ground_of(connection))


def asked(world, **changes):
    connection, catalogue = world
    selection = Selection(**({"period": YEAR.period} | changes))
    return blind_spot(connection, catalogue, selection)


def test_quadrants_count_the_customers_and_money_of_the_last_month_end(world):
    spot = asked(world)
    counted = {q: (found.customers, found.revenue) for q, found in spot.quadrants.items()}
    assert spot.month_end == NOW
    assert counted == {
        "healthy": (700, 70_000.0),
        "silent_risk": (100, 10_000.0),
        "unseen_love": (0, 0.0),
        "known_risk": (50, 500.0),
        "unknown": (60, 2_000.0),
    }


def test_the_past_is_the_last_month_end_after_which_six_months_are_known(world):
    """31 May has customers whose following months are half known; six months after it end in November."""
    spot = asked(world)
    assert spot.past_month_end == BEFORE
    past = spot.quadrants["silent_risk"].past
    assert (past.stopped, past.n, past.value) == (260, 400, 0.65)
    assert past.low < 0.65 < past.high
    assert spot.quadrants["known_risk"].past is None


def test_nothing_after_the_period_is_used(world):
    spot = asked(world, period=Period(date(2025, 5, 1), date(2026, 5, 1)))
    assert (spot.month_end, spot.past_month_end, spot.risk) == (BEFORE, None, None)


def test_before_the_first_panel_month_there_is_no_blind_spot(world):
    assert asked(world, period=Period(date(2024, 1, 1), date(2024, 2, 1))) is None


def test_risk_compares_with_healthy_customers_of_the_same_recency_and_exposure(world):
    """65 % stopped against 15 % of the healthy; half of that comes from who they were, so twice as often."""
    risk = asked(world).risk
    assert risk.value == pytest.approx(2.0)
    assert risk.is_signal


def test_without_differences_to_standardise_it_is_the_textbook_relative_risk():
    """Heart attacks, 189 of 11,034 on placebo and 104 of 11,037 on aspirin: 1.82, 1.43 to 2.30 (Agresti 2002, 2.2)."""
    placebo = Cell((), "silent_risk", mature=11_034, stopped=189, expected=11_034 * 104 / 11_037)
    risk = risk_ratio(placebo, Cell((), "healthy", mature=11_037, stopped=104))
    assert (risk.value, risk.low, risk.high) == pytest.approx((1.82, 1.43, 2.30), abs=0.01)


@pytest.mark.parametrize(
    "cells",
    [
        (Cell((), "silent_risk", mature=50, stopped=0, expected=5), Cell((), "healthy", mature=50, stopped=5)),
        (Cell((), "silent_risk", mature=50, stopped=5, expected=0), Cell((), "healthy", mature=50, stopped=0)),
        (Cell((), "silent_risk"), Cell((), "healthy")),
    ],
)
def test_no_ratio_without_stopped_customers_on_both_sides(cells):
    assert risk_ratio(*cells) is None


def test_segments_and_scope_limit_who_is_counted(world):
    assert asked(world, where=(("region", ("south",)),)).quadrants["healthy"].customers == 300
    assert asked(world, scope=(("region", ("south",)),)).quadrants["healthy"].customers == 300
    both = asked(world, where=(("region", ("north",)),), scope=(("region", ("south",)),))
    assert both is None or both.customers == 0


def test_a_column_that_customers_do_not_have_is_refused(world):
    with pytest.raises(UnknownName):
        asked(world, where=(("reason", ("billing",)),))


def test_a_small_group_is_hidden_with_another_and_so_are_the_dots(world):
    connection, _ = world
    connection.execute("update cube_blind_spot_month set n_customers = 4 where quadrant = 'unknown'")
    spot = asked(world)
    hidden = {q for q, found in spot.quadrants.items() if found.customers is None}
    assert hidden == {"unknown", "known_risk"}
    assert spot.points == ()


def test_dots_are_scores_and_quadrants_only(world):
    assert asked(world).points == ((70.0, 80.0, "healthy"), (70.0, 20.0, "silent_risk"))
    assert asked(world, where=(("region", ("south",)),)).points == ((70.0, 20.0, "silent_risk"),)


def test_a_group_hidden_for_one_region_cannot_be_got_from_everybody_less_the_others(world):
    """Of the 60 unknown customers 4 are in the north: neither region may show its part."""
    connection, _ = world
    row = (NOW, "unknown", "north", 4, 100.0, 0, 0, None)
    connection.execute("insert into cube_blind_spot_month values (?, ?, ?, ?, ?, ?, ?, ?)", row)
    assert asked(world).quadrants["unknown"].customers == 64
    for region in ("north", "south"):
        assert asked(world, where=(("region", (region,)),)).quadrants["unknown"].customers is None


def test_a_past_too_small_to_be_shown_gives_no_share_and_no_ratio(world):
    connection, _ = world
    connection.execute("update cube_blind_spot_month set n_mature = 4, n_stopped = 1 where quadrant = 'silent_risk'")
    spot = asked(world)
    assert spot.quadrants["silent_risk"].past is None
    assert spot.quadrants["silent_risk"].is_past_hidden
    assert spot.risk is None


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"a": 50, "b": 20, "c": 30}, {"a", "b", "c"}),
        ({"a": 50, "b": 9, "c": 30}, {"a"}),
        ({"a": 0, "b": 30}, {"a", "b"}),
        ({"a": 3}, set()),
    ],
)
def test_which_groups_are_large_enough(sizes, shown):
    assert large_enough(sizes, 10) == shown
