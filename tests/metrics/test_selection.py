"""Periods, their comparisons and their steps."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.errors import NotMeasurable
from metrics.selection import Period, Selection, choice, months_later

DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))
YEAR = Period.of_months("2025-11", "2026-10")


def test_months_are_named_included_and_kept_half_open():
    assert Period(date(2025, 11, 1), date(2026, 11, 1)) == YEAR


def test_the_previous_period_is_as_many_months_just_before():
    assert YEAR.previous() == Period.of_months("2024-11", "2025-10")
    assert Period.of_months("2026-03", "2026-03").previous() == Period.of_months("2026-02", "2026-02")


def test_the_previous_period_of_days_is_as_many_days():
    assert Period(date(2026, 3, 10), date(2026, 3, 17)).previous() == Period(date(2026, 3, 3), date(2026, 3, 10))


def test_a_year_before_is_the_same_months():
    assert Period.of_months("2026-02", "2026-02").year_before() == Period.of_months("2025-02", "2025-02")
    assert Period(date(2028, 2, 29), date(2028, 3, 1)).year_before() == Period(date(2027, 2, 28), date(2027, 3, 1))


def test_steps_are_whole_and_in_order():
    cut = Period(date(2026, 1, 15), date(2026, 8, 10))
    assert [s.start.month for s in cut.steps("month")] == [2, 3, 4, 5, 6, 7]
    assert cut.steps("quarter") == (Period(date(2026, 4, 1), date(2026, 7, 1)),)
    weeks = cut.steps("week")
    assert all(w.start.weekday() == 0 and (w.end - w.start).days == 7 for w in weeks)
    assert weeks[0].start == date(2026, 1, 19)
    assert weeks[-1].end <= cut.end


@given(
    st.dates(date(1990, 1, 1), date(2040, 12, 31)), st.integers(1, 2000), st.sampled_from(["month", "quarter", "week"])
)
def test_steps_follow_each_other_inside_the_period(start, days, every):
    period = Period(start, date.fromordinal(start.toordinal() + days))
    steps = period.steps(every)
    assert all(a.end == b.start for a, b in zip(steps, steps[1:], strict=False))
    assert all(period.start <= s.start < s.end <= period.end for s in steps)


@given(DAYS, st.integers(-200, 200))
def test_going_months_later_and_back_never_passes_the_day(day, months):
    there = months_later(day, months)
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months
    assert there.day == day.day or there.day >= 28


def test_a_period_holds_a_day():
    with pytest.raises(NotMeasurable, match="holds no day"):
        Period(date(2026, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize("text", ["2026", "2026-13", "26-x", "", "2026-10-01"])
def test_a_month_that_is_none_is_refused(text):
    with pytest.raises(NotMeasurable, match="YYYY-MM"):
        Period.of_months(text, "2026-10")


def test_equal_questions_are_equal_however_they_are_written():
    one = Selection(YEAR, where=(("region", ("south", "north")), ("persona", ("families",))))
    other = Selection(YEAR, where=(("persona", ("families",)), ("region", ("north", "south", "north"))))
    assert one == other
    assert hash(one) == hash(other)


def test_codes_of_a_column_named_twice_are_alternatives():
    assert choice([("region", ["north"]), ("region", ["south"])]) == (("region", ("north", "south")),)


def test_an_unknown_comparison_is_refused():
    with pytest.raises(NotMeasurable, match="previous"):
        Selection(YEAR, versus="last_year")
