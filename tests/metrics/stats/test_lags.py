"""Lags: a planted delay is found with its size, shared seasonality is no relation, noise is seldom told."""

import numpy as np
import pytest

from metrics.stats.lags import relations

UNITS, MONTHS = 200, 36
LAGS = (*range(-6, 0), *range(9))
SEASON = np.sin(2 * np.pi * np.arange(MONTHS) / 12)


def world(rng: np.random.Generator, effect: float = 0.0, delay: int = 3, season: float = 3.0):
    """A measure and a result with one season, units that differ; from `delay` months on the result stays lower."""
    x = rng.standard_normal((UNITS, MONTHS))
    fallen = np.zeros_like(x)
    for month in range(delay, MONTHS):
        fallen[:, month] = x[:, max(0, month - 11) : month - delay + 1].sum(axis=1)
    y = 2 * rng.standard_normal((UNITS, MONTHS)) + rng.standard_normal((UNITS, 1)) + season * SEASON - effect * fallen
    return x + season * SEASON, y


def test_a_planted_delay_is_found_with_its_size():
    rng = np.random.default_rng(1)
    worlds = [world(rng, effect=0.15) for _ in range(20)]
    found = [relations(x[None], y, LAGS)[0] for x, y in worlds]
    assert np.mean([one.after.excludes_zero for one in found]) >= 0.8
    assert np.mean([one.lead.value for one in found]) == pytest.approx(3, abs=0.7)
    assert np.mean([one.lags[-3].estimate.value for one in found]) == pytest.approx(-0.15, abs=0.03)
    assert np.mean([one.before.excludes_zero for one in found]) <= 0.15


def test_shared_seasonality_is_the_trap_of_one_series_and_none_here():
    rng = np.random.default_rng(2)
    worlds = [world(rng) for _ in range(40)]
    as_one = [np.corrcoef(x.sum(axis=0), y.sum(axis=0))[0, 1] for x, y in worlds]
    assert np.min(as_one) > 0.8
    told = [relations(x[None], y, LAGS)[0].after.excludes_zero for x, y in worlds]
    assert np.mean(told) <= 0.13


def test_a_measure_that_forgets_slowly_is_no_relation_with_a_result_that_does_too():
    rng = np.random.default_rng(3)
    told = []
    for _ in range(40):
        x, y = rng.standard_normal((2, UNITS, MONTHS))
        for month in range(1, MONTHS):
            x[:, month] += 0.8 * x[:, month - 1]
            y[:, month] += 0.8 * y[:, month - 1]
        told.append(relations(x[None], y, LAGS)[0].after.excludes_zero)
    assert np.mean(told) <= 0.13


def test_what_a_unit_always_was_is_no_relation():
    rng = np.random.default_rng(4)
    told = []
    for _ in range(40):
        always = rng.standard_normal((UNITS, 1))
        x, y = (rng.standard_normal((UNITS, MONTHS)) + always for _ in range(2))
        told.append(relations(x[None], y, LAGS)[0].after.excludes_zero)
    assert np.mean(told) <= 0.13


@pytest.mark.soak
def test_four_hundred_worlds_without_relation_and_with_a_modest_one():
    """Nine measures at once, as the refresh judges them; the modest effect stands behind the first."""
    rng = np.random.default_rng(5)
    noise, power, placebo = [], [], []
    for _ in range(400):
        x, y = world(rng)
        others = rng.standard_normal((8, UNITS, MONTHS))
        found = relations(np.concatenate([x[None], others]), y, LAGS)
        noise.append(any(one.after.excludes_zero for one in found))
        x, y = world(rng, effect=0.2)
        found = relations(np.concatenate([x[None], others]), y, LAGS)
        power.append(found[0].after.excludes_zero)
        placebo.append(any(one.before.excludes_zero for one in found))
    assert np.mean(noise) <= 0.075
    assert np.mean(placebo) <= 0.075
    assert np.mean(power) >= 0.8


def test_sets_judged_together_are_as_wide_as_so_many_times_more_relations():
    x, y = world(np.random.default_rng(6), effect=0.2)
    alone, together = (relations(x[None], y, LAGS, sets)[0] for sets in (1, 15))
    assert together.after.value == alone.after.value
    assert together.after.half_width / alone.after.half_width == pytest.approx(2.935 / 1.960, rel=0.05)
    assert together.before == alone.before


@pytest.mark.soak
def test_of_fifteen_groups_of_few_customers_something_is_told_in_one_world_of_twenty():
    rng = np.random.default_rng(7)
    told = []
    for _ in range(200):
        found = []
        for _ in range(15):
            x = rng.poisson(0.15, (9, 100, MONTHS)) - 0.15 * rng.poisson(1, (9, 100, MONTHS))
            found += relations(x, rng.poisson(0.8, (100, MONTHS)).astype(float), LAGS, 15)
        told.append(any(one.after.excludes_zero for one in found))
    assert np.mean(told) <= 0.085
