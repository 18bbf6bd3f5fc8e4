"""Forecasts: noise never passes for knowledge, what can be foretold is, intervals cover, statsmodels agrees."""

import numpy as np
import pytest
from statsmodels.tsa.holtwinters import SimpleExpSmoothing

from metrics.stats.forecast import (
    BENCHMARKS,
    HORIZON,
    LEAST_POINTS,
    SEASON,
    SMOOTHING,
    benchmarks,
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


def series(kind: str, n: int, months: int, rng: np.random.Generator) -> np.ndarray:
    """(n, months) of a kind that the forecast does not know of."""
    at, noise = np.arange(months), rng.normal(size=(n, months))
    wave = np.sin(2 * np.pi * at / SEASON + rng.uniform(0, 6, (n, 1)))
    if kind == "persistent":
        for k in range(1, months):
            noise[:, k] += 0.6 * noise[:, k - 1]
    kinds = {
        "noise": noise,
        "season": 3 * wave + noise,
        "trend": 2 * wave + 0.1 * at + noise,
        "walk": noise.cumsum(axis=1),
        "persistent": 2 * wave + noise,
        "heavy tails": 2 * wave + rng.standard_t(3, (n, months)),
        "wandering season": 3 * wave + 0.4 * noise.cumsum(axis=1) + rng.normal(size=(n, months)),
        "shift": 2 * wave + noise + 2 * (at >= rng.integers(12, months - HORIZON, (n, 1))),
    }
    return kinds[kind]


def coverage(kind: str, n: int, months: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Share of the months ahead inside the 80 and 95 % intervals of what is drawn, and what the past says of it."""
    y = series(kind, n, months + HORIZON, rng)
    past, found = y[:, :months], judged(y[:, :months])
    ahead = {"forecast": forecast(past), **dict(zip(BENCHMARKS, benchmarks(past), strict=True))}
    drawn = np.stack([ahead["forecast" if each.is_better else each.best][k] for k, each in enumerate(found)])
    widths = np.array([spread(each.errors) for each in found])
    inside = (np.abs(y[:, months:] - drawn)[:, None] <= widths).mean(axis=(0, 2))
    return inside, np.mean([each.coverage for each in found], axis=0)


def test_intervals_hold_what_comes():
    rng = np.random.default_rng(33)
    inside, measured = np.mean([coverage(kind, 150, 48, rng) for kind in ("noise", "trend", "walk")], axis=0)
    assert inside == pytest.approx([0.80, 0.95], abs=0.03)
    assert measured == pytest.approx(inside, abs=0.05)


@pytest.mark.soak
@pytest.mark.parametrize("months", [36, 48, 60])
def test_intervals_hold_as_often_as_they_say(months):
    kinds = ("noise", "season", "trend", "walk", "persistent", "heavy tails", "wandering season", "shift")
    rng = np.random.default_rng(37)
    found = {kind: coverage(kind, 1000, months, rng)[0] for kind in kinds}
    assert np.mean(list(found.values()), axis=0) == pytest.approx([0.80, 0.95], abs=0.02)
    for kind, inside in found.items():
        is_hard = kind == "walk" and months == 36  # two errors six months ahead are independent, no more
        assert inside[0] == pytest.approx(0.80, abs=0.07 if is_hard else 0.05), kind
        assert inside[1] == pytest.approx(0.95, abs=0.05 if is_hard else 0.03), kind


def test_intervals_are_never_narrower_further_ahead_and_equal_where_distance_tells_nothing():
    falling = np.linspace(3, 1, HORIZON) * np.ones((8, 1))
    growing = falling[:, ::-1]
    assert np.ptp(spread(falling)[0]) == pytest.approx(0)
    assert (np.diff(spread(growing)[0]) > 0).all()
    assert (spread(growing)[1] > spread(growing)[0]).all()


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
