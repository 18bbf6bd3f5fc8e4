"""Control charts of months: calm series stay inside whatever their season, shifts show, few months judge nothing."""

from functools import partial

import numpy as np
import pytest

from metrics.stats.control import SEASONAL_FROM, course, wider
from metrics.stats.limits import RUN

MONTHS = np.arange(36) % 12 + 1
WANDERING = np.resize([9.0, 11.0, 10.0, 12.0, 8.0], 28)  # in steps of five, which no year repeats
JUDGED = np.arange(36) >= 36 - RUN


def level(rng, season: float, shift: float) -> np.ndarray:
    """Spread 1, a wave over the year, and the last month moved by so many spreads."""
    values = season * np.sin(2 * np.pi * MONTHS / 12) + rng.normal(size=36)
    values[-1] += shift
    return values


def rate(rng, season: float, shift: float, n: int = 500) -> np.ndarray:
    """Around 30 %, restless by a point beyond counting."""
    true = 0.3 + 0.01 * (season * np.sin(2 * np.pi * MONTHS / 12) + rng.normal(size=36))
    true[-1] += 0.02 * shift
    return rng.binomial(n, np.clip(true, 0, 1)) / n


def marked(draw, season: float, shift: float, runs: int, n=None) -> float:
    rng = np.random.default_rng(7)
    return float(np.mean([bool(course(draw(rng, season, shift), MONTHS, JUDGED, n).signals[-1]) for _ in range(runs)]))


@pytest.mark.parametrize("season", [0, 5])
def test_a_calm_series_is_seldom_marked_and_a_shift_is_whatever_the_season(season):
    assert marked(level, season, 0, 500) <= 0.03
    assert marked(level, season, 6, 200) >= 0.80
    n = np.full(36, 500)
    assert marked(rate, season, 0, 500, n) <= 0.03
    assert marked(rate, season, 6, 200, n) >= 0.80


def test_without_a_season_to_take_off_the_limits_are_those_of_wheeler_widened_for_what_was_estimated():
    found = course(np.append(WANDERING, [10.0] * RUN), MONTHS, JUDGED)
    half = 2.66 * np.abs(np.diff(WANDERING)).mean() * wider(28) * np.sqrt(1 + 1 / 28)
    assert found.expected[-1] == pytest.approx(WANDERING.mean())
    assert found.high[-1] - WANDERING.mean() == pytest.approx(half, rel=1e-3)
    assert wider(28) == pytest.approx(1.19, abs=0.02)
    assert wider(100_000) == pytest.approx(1.0, abs=1e-3)


def test_eight_months_on_one_side_are_a_signal_and_seven_are_not():
    assert course(np.append(WANDERING, [10.9] * 8), MONTHS, JUDGED).signals[-1] == "high"
    assert course(np.append(WANDERING, [9.5] + [10.9] * 7), MONTHS, JUDGED).signals[-1] == ""


def test_too_few_months_to_know_the_season_judge_nothing():
    months = np.arange(SEASONAL_FROM - 1 + RUN) % 12 + 1
    judged = np.arange(len(months)) >= SEASONAL_FROM - 1
    values = np.append(np.tile([1.0, 2.0], 20)[: SEASONAL_FROM - 1], [50.0] * RUN)
    found = course(values, months, judged)
    assert found.is_provisional
    assert not any(found.signals)


def test_months_that_are_hidden_are_passed_over_and_one_tells_nothing():
    values = np.append(WANDERING, [10.0] * 7 + [30.0])
    values[3] = np.nan
    assert course(values, MONTHS, JUDGED).signals[-1] == "high"
    assert course([1.0], [1], [False]) is None


def test_months_that_vary_more_than_counting_explains_are_no_news():
    """At 20,000 contacts a month a plain p chart would call every calm series restless."""
    many = np.full(36, 20_000)
    assert marked(partial(rate, n=20_000), 0, 0, 500, many) <= 0.03
    assert marked(partial(rate, n=20_000), 0, 6, 200, many) >= 0.80
