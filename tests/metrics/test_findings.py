"""The sentence of the Overview: what is said when, and with which numbers."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from metrics.blind_spot import QUADRANTS, BlindSpot, Quadrant, Risk, Stopped
from metrics.findings import overview_findings
from metrics.query import Measurement
from metrics.risks import AtRisk
from metrics.stats.intervals import Estimate

PERIOD = {"group": (), "start": date(2025, 11, 1), "end": date(2026, 11, 1)}
NPS = SimpleNamespace(name="nps", unit="points")
KEPT = SimpleNamespace(name="promise_kept", unit="share")


def sales(change, low, high, is_signal, before=1_000.0):
    return Measurement(
        "revenue",
        value=before + change,
        n=50,
        status="shown",
        before=before,
        change=change,
        change_low=low,
        change_high=high,
        is_signal=is_signal,
        **PERIOD,
    )


def level(metric, value, **more):
    return Measurement(metric, value=value, low=value - 1, high=value + 1, n=400, status="shown", **PERIOD, **more)


def spot(risk, customers=1204, past=True):
    stopped = Stopped(30, 100, 0.3, 0.22, 0.4) if past else None
    quadrants = {q: Quadrant(customers, 2_100_000.0, stopped) for q in QUADRANTS}
    return BlindSpot(date(2026, 10, 31), date(2026, 4, 30), (50, 50), 6, quadrants, (), risk)


def keys(*found):
    return [f.key for f in overview_findings(*found)]


@pytest.mark.parametrize(
    ("change", "low", "high", "is_signal", "key", "said"),
    [
        (41, 10, 72, True, "up", [(0.041, "percent"), (0.01, "percent"), (0.072, "percent")]),
        (-41, -72, -10, True, "down", [(0.041, "percent"), (0.01, "percent"), (0.072, "percent")]),
        (41, -10, 92, False, "flat", [(0.041, "relative"), (-0.01, "relative"), (0.092, "relative")]),
        (41, 10, 72, None, "flat", [(0.041, "relative"), (0.01, "relative"), (0.072, "relative")]),
    ],
)
def test_sales_move_only_beyond_noise(change, low, high, is_signal, key, said):
    (found,) = overview_findings(sales(change, low, high, is_signal), None, [])
    assert found.key == f"finding.sales.{key}"
    assert [found.holes[name] for name in ("change", "low", "high")] == said


def test_sales_without_a_comparison_are_a_level_with_its_interval_and_n():
    (found,) = overview_findings(level("revenue", 14_200_000), None, [])
    assert found.key == "finding.sales.alone"
    assert found.holes == {
        "value": (14_200_000, "money"),
        "low": (14_199_999, "money"),
        "high": (14_200_001, "money"),
        "n": (400, "count"),
    }


def test_sales_without_an_interval_still_say_n():
    counted = Measurement("revenue", value=100.0, n=3, status="shown", **PERIOD)
    (found,) = overview_findings(counted, None, [])
    assert (found.key, found.holes["n"]) == ("finding.sales.counted", (3, "count"))


def test_sales_that_were_nothing_before_have_no_change_in_percent():
    assert keys(sales(41, 10, 72, True, before=0.0), None, []) == ["finding.sales.counted"]


@pytest.mark.parametrize(
    ("risk", "key"),
    [
        (Risk(2.6, 2.1, 3.2), "finding.spot.worse"),
        (Risk(0.6, 0.5, 0.8), "finding.spot.better"),
        (Risk(1.2, 0.9, 1.6), "finding.spot.same"),
        (None, "finding.spot.unproven"),
    ],
)
def test_the_blind_spot_says_what_its_past_proves(risk, key):
    (found,) = overview_findings(None, spot(risk), [])
    assert found.key == key
    assert found.holes["customers"] == (1204, "count")
    if risk:
        assert found.holes["n"] == (100, "count")
        assert found.holes["times"] == (risk.value, "times:1")


def test_money_at_risk_stands_with_a_silent_risk_that_stops_more_often_and_only_where_it_is_sure():
    def told(ratio: Risk, low: float) -> str:
        days, sizes = [date(2026, 10, 31)] * 3, (1849, 4071, 900)
        at_risk = AtRisk("all", Estimate(73_700.0, low, 81_700.0), 0.3, 120.0, *sizes, *days, ("", ""))
        (found,) = overview_findings(None, spot(ratio), [], at_risk)
        assert found.key != "finding.spot.worse_money" or found.holes["risk_n"] == (1849, "count")
        return found.key

    assert told(Risk(2.6, 2.1, 3.2), 65_600.0) == "finding.spot.worse_money"
    assert told(Risk(2.6, 2.1, 3.2), -5_000.0) == "finding.spot.worse"
    assert told(Risk(1.2, 0.9, 1.6), 65_600.0) == "finding.spot.same"


def test_a_silent_risk_too_small_to_be_shown_is_not_said():
    assert keys(None, spot(None, customers=None), [(NPS, level("nps", 19))]) == ["finding.lived.level"]


def test_where_nobody_s_experience_is_known_nobody_looks_healthy_and_lives_a_bad_one():
    nothing = spot(None, customers=0)
    known = {**nothing.quadrants, "unknown": Quadrant(900, 2_100_000.0, None)}
    assert keys(None, replace(nothing, quadrants=known), [(NPS, level("nps", 19))]) == ["finding.lived.level"]


def test_what_moved_is_said_before_what_did_not():
    still = level("nps", 19, before=18, change=1, is_signal=False)
    moved = level("promise_kept", 0.7, before=0.8, change=-0.1, is_signal=True)
    (found,) = overview_findings(None, None, [(NPS, still), (KEPT, moved)])
    assert (found.key, found.holes["metric"]) == ("finding.lived.moved", ("promise_kept", "metric"))
    assert found.holes["before"] == (0.8, "share")


def test_no_change_beyond_noise_is_said_so():
    still = level("nps", 19, before=18, change=1, is_signal=False)
    assert keys(None, None, [(NPS, still)]) == ["finding.lived.same"]


@pytest.mark.parametrize("status", ["private", "empty", "unreliable"])
def test_what_cannot_be_told_makes_no_sentence(status):
    hidden = Measurement("nps", status=status, **PERIOD)
    assert keys(hidden, None, [(NPS, hidden)]) == []


def test_there_are_two_sentences_at_most():
    lived = [(NPS, level("nps", 19))]
    assert len(overview_findings(sales(41, 10, 72, True), spot(Risk(2.6, 2.1, 3.2)), lived)) == 2
