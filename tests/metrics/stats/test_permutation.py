"""A slope over few units: exact on paper, as sure as it says, silent where there is nothing."""

import numpy as np
import pytest

from metrics.stats.permutation import LEAST_UNITS, permuted, slope

RUNS = 150


def world(rng, units: int, effect: float):
    """Units of three strata with levels of their own, known with very different precision."""
    x, strata = rng.normal(size=units), np.arange(units) % 3
    variance = 1 / rng.integers(1, 60, units)
    error = 0.3 * rng.normal(size=units) + np.sqrt(variance / 2) * rng.standard_t(4, size=units)
    return x, effect * x + 3 * strata + error, strata, variance


def test_without_error_the_slope_is_found_exactly_whatever_the_levels_of_the_strata():
    x = np.arange(12.0)
    strata = np.arange(12) % 2
    found = slope(x, 2 * x + 50 * strata, strata, np.full(12, 1e-9))
    assert found.estimate.value == pytest.approx(2)
    assert found.n == 12
    assert found.p < 0.01


@pytest.mark.parametrize("units", [12, 40])
def test_the_interval_holds_the_truth_and_noise_is_called_a_link_as_often_as_it_says(units):
    rng = np.random.default_rng(units)
    hits = false = 0
    for _ in range(RUNS):
        x, y, strata, variance = world(rng, units, 0.5)
        found = slope(x, y, strata, variance).estimate
        hits += found.low <= 0.5 <= found.high
        false += slope(x, y - 0.5 * x, strata, variance).p <= 0.05
    assert hits / RUNS >= 0.90
    assert false / RUNS <= 0.10


def test_units_are_handed_out_again_inside_their_stratum_only():
    place = np.array([0, 0, 0, 1, 1, 1])
    x = np.array([1, 2, 3, 10, 20, 30.0])
    drawn = permuted(x, place)
    assert (np.sort(drawn[:, :3]) == [1, 2, 3]).all()
    assert (np.sort(drawn[:, 3:]) == [10, 20, 30]).all()


def test_too_few_units_strata_of_one_and_an_x_without_difference_tell_nothing():
    few = LEAST_UNITS - 1
    ones = np.ones(20)
    assert slope(np.arange(few), np.arange(few), np.zeros(few), np.ones(few)) is None
    assert slope(np.arange(20.0), np.arange(20.0), np.arange(20), ones) is None
    assert slope(ones, np.arange(20.0), np.zeros(20), ones) is None
