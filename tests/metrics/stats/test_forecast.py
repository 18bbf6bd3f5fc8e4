"""Forecasts: noise never passes for knowledge, what can be foretold is, intervals cover, statsmodels agrees."""

import numpy as np
import pytest
from statsmodels.tsa.holtwinters import SimpleExpSmoothing

from metrics.stats.forecast import (
    HORIZON,
    LEAST_POINTS,
    SEASON,
    SMOOTHING,
    forecast,
    judged,
    seasonal,
    smoothed,
    spread,
    theta,
)

MONTHS = np.arange(60)


def published(y: np.ndarray) -> float:
    return float(np.mean([found.is_better for found in judged(y)]))


@pytest.mark.parametrize("months", [36, 60])
def test_on_noise_and_on_a_random_walk_next_to_nothing_is_published(months):
    """A flat mean passes MASE < 1 on nine noise series of ten; here the best simple guess is what must be beaten."""
    rng = np.random.default_rng(31)
    noise = rng.normal(10, 1, (400, months))
    assert published(noise) <= 0.05
    assert published(rng.normal(size=(400, months)).cumsum(axis=1)) <= 0.05


def test_a_trend_and_a_season_with_growth_are_published():
    rng = np.random.default_rng(32)
    wave = 3 * np.sin(2 * np.pi * MONTHS / SEASON)
    assert published(0.5 * MONTHS[:36] + rng.normal(size=(100, 36))) >= 0.4
    assert published(wave + 0.25 * MONTHS + rng.normal(size=(100, 60))) >= 0.95


def test_intervals_hold_what_comes():
    rng = np.random.default_rng(33)
    wave = 3 * np.sin(2 * np.pi * np.arange(66) / SEASON)
    y = wave + rng.normal(size=(300, 66))
    found, missed = judged(y[:, :60]), np.abs(y[:, 60:] - forecast(y[:, :60]))
    widths = [spread(each.errors) for each in found]
    inside = [np.mean([m <= width[k] for m, width in zip(missed, widths, strict=True)]) for k in (0, 1)]
    assert 0.75 <= inside[0] <= 0.92
    assert 0.92 <= inside[1] <= 0.995
    measured = np.mean([each.coverage for each in found], axis=0)
    assert measured == pytest.approx(inside, abs=0.08)


def test_a_season_is_kept_when_it_is_there_and_dropped_when_it_is_not():
    rng = np.random.default_rng(34)
    wave = 3 * np.sin(2 * np.pi * MONTHS[:36] / SEASON)
    assert np.abs(seasonal(wave + rng.normal(0, 0.3, (1, 36)))).max() > 2.5
    assert np.abs(seasonal(rng.normal(size=(50, 36)))).mean() < 0.2
    assert not seasonal(rng.normal(size=(1, 20))).any()


def test_the_smoothed_level_is_that_of_statsmodels():
    y = np.random.default_rng(35).normal(10, 1, 40).cumsum()
    level, weight = smoothed(y[None])
    assert weight[0] in SMOOTHING
    model = SimpleExpSmoothing(y, initialization_method="known", initial_level=y[0])
    assert model.fit(smoothing_level=weight[0], optimized=False).forecast(1)[0] == pytest.approx(level[0])


def test_theta_follows_half_the_slope_of_a_line():
    y = 2.0 * MONTHS[None, :40] + 5
    assert np.diff(theta(y)[0]) == pytest.approx(np.ones(HORIZON - 1), abs=1e-6)


def test_the_shortest_series_that_is_judged_has_six_origins():
    (found,) = judged(np.random.default_rng(36).normal(size=(1, LEAST_POINTS)))
    assert found.n_origins == 6
    assert found.errors.shape == (6, HORIZON)
