"""Dominance: the shares are those of every order, add up to R^2, are covered, and chance is told from more."""

from itertools import permutations

import numpy as np
import pytest

from metrics.stats import dominance as stats
from metrics.stats.dominance import dominance
from metrics.stats.logistic import BLOCKS


def told(x: np.ndarray, y: np.ndarray, kinds=(), controls: np.ndarray | None = None, seed: int = 0):
    held = np.empty((len(y), 0)) if controls is None else controls
    return dominance(x, y, held, np.random.default_rng(seed).integers(0, BLOCKS, len(y)), kinds)


def r_squared(x: np.ndarray, y: np.ndarray) -> float:
    design = np.column_stack([np.ones(len(y)), x])
    rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return 1 - rest @ rest / ((y - y.mean()) @ (y - y.mean()))


def correlated(rng: np.random.Generator, n: int, measures: int, rho: float = 0.3) -> np.ndarray:
    covariance = np.full((measures, measures), rho) + (1 - rho) * np.eye(measures)
    return rng.standard_normal((n, measures)) @ np.linalg.cholesky(covariance).T


def test_shares_are_the_mean_over_every_order_and_add_up_to_r_squared():
    rng = np.random.default_rng(1)
    x = correlated(rng, 400, 4)
    y = x @ [0.5, 0.3, 0.0, -0.6] + rng.standard_normal(400)
    by_order = np.zeros((24, 4))
    for row, order in zip(by_order, permutations(range(4)), strict=True):
        for k, measure in enumerate(order):
            row[measure] = r_squared(x[:, order[: k + 1]], y) - r_squared(x[:, order[:k]], y)
    found = told(x, y)
    assert [s.estimate.value for s in found.shares] == pytest.approx(by_order.mean(axis=0), abs=1e-5)
    assert found.whole.estimate.value == pytest.approx(r_squared(x, y), abs=1e-5)
    assert found.ways == (1, 1, found.ways[2], -1)


def test_controls_are_held_constant_and_their_part_is_said():
    rng = np.random.default_rng(2)
    z = rng.standard_normal((500, 2))
    x = z[:, :1] + rng.standard_normal((500, 2))
    y = z @ [1.0, 0.5] + x @ [0.5, 0.0] + rng.standard_normal(500)
    found = told(x, y, controls=z)
    assert found.controls == pytest.approx(r_squared(z, y))
    assert found.whole.estimate.value == pytest.approx(r_squared(np.hstack([z, x]), y) - r_squared(z, y), abs=1e-5)
    assert [s.is_told for s in found.shares] == [True, False]


def test_of_a_yes_or_no_r_squared_is_the_difference_of_the_mean_predictions():
    rng = np.random.default_rng(3)
    x = rng.standard_normal((600, 2))
    y = (x[:, 0] + rng.standard_normal(600) > 0).astype(float)
    design = np.column_stack([np.ones(600), x])
    fitted = design @ np.linalg.lstsq(design, y, rcond=None)[0]
    assert told(x, y).whole.estimate.value == pytest.approx(fitted[y == 1].mean() - fitted[y == 0].mean(), abs=1e-5)


def test_items_not_asked_of_everybody_have_the_shares_they_would_have():
    rng = np.random.default_rng(4)
    x = correlated(rng, 6000, 3)
    y = x @ [0.5, 0.3, 0.0] + rng.standard_normal(6000)
    asked = np.where(rng.random(x.shape) < 0.6, x, np.nan)
    whole, part = ([s.estimate.value for s in told(values, y).shares] for values in (x, asked))
    assert part == pytest.approx(whole, abs=0.02)


def test_two_kinds_are_shared_out_as_two_measures_however_many_each_has():
    rng = np.random.default_rng(5)
    x = rng.standard_normal((800, 4))
    y = x[:, 0] + x[:, 3] + rng.standard_normal(800)
    first = np.array([True, True, True, False])
    found = told(x, y, (first, ~first))
    assert sum(s.estimate.value for s in found.kinds) == pytest.approx(found.whole.estimate.value, abs=1e-6)
    assert found.difference.low < 0 < found.difference.high
    assert all(s.is_told for s in found.kinds)


def shuffled(x: np.ndarray, y: np.ndarray, kinds=(), times: int = 2000) -> np.ndarray:
    """(times, measures + kinds + 1): shares when the outcomes are handed out again one by one."""
    rng = np.random.default_rng(8)
    known, rest = ~np.isnan(x), y - y.mean()
    filled = np.nan_to_num(x - np.nanmean(x, axis=0))
    pairs = known.T.astype(float) @ known
    covariance = np.zeros((times, *(x.shape[1] + 1,) * 2))
    covariance[:, :-1, :-1] = filled.T @ filled / pairs
    covariance[:, -1, -1] = rest @ rest / len(y)
    lots = rng.permuted(np.broadcast_to(rest, (times, len(rest))), axis=1)
    covariance[:, -1, :-1] = covariance[:, :-1, -1] = lots @ filled / known.sum(axis=0)
    return (stats.weights_of(x.shape[1], kinds) @ stats.explained_by_each_set(covariance)).T


@pytest.mark.parametrize("is_asked_of_all", [True, False])
def test_the_shares_of_lots_are_those_of_outcomes_handed_out_again(is_asked_of_all):
    """Of few people, with a rare outcome and a measure that is rare too."""
    rng = np.random.default_rng(9)
    x, y = correlated(rng, 300, 4), (rng.random(300) < 0.15).astype(float)
    x[:, 1] = x[:, 1] > 1.3
    x = x if is_asked_of_all else np.where(rng.random(x.shape) < 0.7, x, np.nan)
    kinds = (np.array([True, True, False, False]), np.array([False, False, True, True]))
    found, lots = told(x, y, kinds), shuffled(x, y, kinds)
    shares = (*found.shares, *found.kinds, found.whole)
    assert [s.p for s in shares] == pytest.approx((lots >= [s.estimate.value for s in shares]).mean(axis=0), abs=0.04)


def test_what_the_controls_leave_nothing_of_has_no_share():
    rng = np.random.default_rng(10)
    z = rng.standard_normal((300, 1))
    found = told(np.column_stack([z, rng.standard_normal(300)]), z[:, 0] + rng.standard_normal(300), controls=z)
    assert found.shares[0].estimate.value == 0
    assert found.shares[0].p == 1


def test_noise_is_seldom_told_and_a_modest_driver_nearly_always():
    rng = np.random.default_rng(6)
    noise, modest = [], []
    for seed in range(60):
        x, y = correlated(rng, 400, 3), rng.standard_normal(400)
        noise.append(any(s.is_told for s in told(x, y, seed=seed).shares))
        modest.append(told(x, y + 0.2 * x[:, 0], seed=seed).shares[0].is_told)
    assert np.mean(noise) <= 0.12
    assert np.mean(modest) >= 0.8


@pytest.mark.soak
def test_noise_is_told_in_at_most_five_of_a_hundred_and_intervals_cover():
    rng = np.random.default_rng(7)
    beta = np.array([0.3, 0.2, 0.0])
    s = np.full((3, 3), 0.3) + 0.7 * np.eye(3)
    whole = np.zeros((4, 4))
    whole[:3, :3], whole[3, :3], whole[:3, 3], whole[3, 3] = s, s @ beta, s @ beta, beta @ s @ beta + 1
    true = (stats.weights_of(3, ()) @ stats.explained_by_each_set(whole[None]))[:, 0]
    noise, hits = [], []
    for seed in range(500):
        x, y = correlated(rng, 600, 3), rng.standard_normal(600)
        noise.append(any(s.is_told for s in told(x, y, seed=seed).shares))
        found = told(x, x @ beta + y, seed=seed)
        hits.append(
            [s.estimate.low <= t <= s.estimate.high for s, t in zip((*found.shares, found.whole), true, strict=True)]
        )
    assert np.mean(noise) <= 0.07
    assert 0.92 <= np.min(np.mean(hits, axis=0)) <= np.max(np.mean(hits, axis=0)) <= 0.98
