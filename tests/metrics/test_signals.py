"""What a digest is told: the planted decline is among the signals, each metric once, its value outside its limits."""

from dataclasses import replace
from datetime import date

from metrics.funnel import Funnel
from metrics.query import Measurement, measure
from metrics.selection import Period, Selection
from metrics.signals import MOST, SERIES, Signal, badness, course_of, surest, unit_signal, watched

YEAR = Selection(Period(date(2025, 11, 1), date(2026, 11, 1)), "year_before")


def signal(metric: str, kind: str, is_bad: bool | None, distance: float) -> Signal:
    m = Measurement(metric, (), date(2026, 10, 1), date(2026, 11, 1))
    return Signal(kind, metric, "high", is_bad, m, 0.0, -1.0, 1.0, distance)


def test_bad_months_come_first_then_units_then_good_ones_and_a_metric_once():
    found = [
        signal("a", "outside", False, 9.0),
        signal("b", "unit", True, -8.0),
        signal("c", "run", True, 3.0),
        signal("b", "outside", True, -4.0),
        signal("d", "unit", True, 5.0),
    ]
    assert [(s.metric, s.kind) for s in surest(found)] == [("b", "outside"), ("c", "run"), ("d", "unit")]


def test_the_planted_decline_of_promises_is_told_and_nothing_twice(planted):
    found = watched(planted.cursor, planted.catalogue, YEAR)
    metrics = [s.metric for s in found.signals]
    assert "promise_kept" in metrics
    assert len(metrics) == len(set(metrics)) <= MOST
    assert all(s.is_bad for s in found.signals)
    assert not {m.metric for m in found.calm} & set(metrics)
    assert found.series >= 10
    assert found.month == date(2026, 10, 1)


def test_data_without_a_full_month_has_nothing_to_watch(planted):
    ground = replace(planted.catalogue.ground, data_from=date(2026, 10, 15), as_of=date(2026, 10, 31))
    days = replace(YEAR, period=Period(date(2026, 10, 15), date(2026, 10, 31)))
    found = watched(planted.cursor, replace(planted.catalogue, ground=ground), days)
    assert (found.signals, found.calm, found.series, found.month) == ((), (), 0, date(2026, 10, 1))


def test_a_signal_says_limits_that_its_value_left(planted):
    for s in watched(planted.cursor, planted.catalogue, YEAR).signals:
        assert s.low < s.expected < s.high
        if s.kind != "run":
            assert not s.low <= s.measurement.value <= s.high


def test_what_is_called_calm_was_inside_its_limits_in_all_eight_months(planted):
    """Also in a month after which the series came back."""
    came_back = []
    for month in range(3, 12):
        asked = replace(YEAR, period=Period(date(2025, month, 1), date(2026, month, 1)))
        calm = {m.metric for m in watched(planted.cursor, planted.catalogue, asked).calm}
        for name in (n for n in SERIES if n in planted.catalogue.metrics):
            months = replace(
                asked, period=Period(planted.catalogue.ground.whole.start, asked.period.end), versus="none"
            )
            steps = measure(planted.cursor, planted.catalogue, name, months, every="month")
            found = course_of(planted.catalogue.metrics[name], steps)
            marked = any(found.signals) if found else False
            assert not (marked and name in calm), (name, asked.period)
            came_back += [name] if marked and not found.signals[-1] else []
    assert came_back, "a series left its limits and came back"


def test_before_the_data_can_tell_a_season_there_is_no_signal_of_a_month(planted):
    early = replace(YEAR, period=Period(date(2025, 1, 1), date(2026, 1, 1)))
    found = watched(planted.cursor, planted.catalogue, early)
    assert all(s.kind == "unit" for s in found.signals)
    assert found.series == 0


def test_a_unit_is_bad_by_the_direction_of_its_metric(planted):
    kept, repeats = (planted.catalogue.metrics[n] for n in ("promise_kept", "repeat_contact_rate"))
    assert (badness(kept, "low"), badness(kept, "high"), badness(repeats, "high")) == (True, False, True)
    group = Measurement("promise_kept", (("store", "x"),), date(2026, 1, 1), date(2026, 2, 1), value=0.5, n=100)
    found = unit_signal(kept, Funnel(0.8, 0.4, 0.0, (group,), ()), group)
    assert (round(found.distance, 6), found.is_bad, found.group) == (-7.5, True, ("store", "x"))
