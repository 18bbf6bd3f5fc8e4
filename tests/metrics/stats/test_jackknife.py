"""Delete-a-group jackknife: a known variance, a paired comparison, and coverage."""

import math

import numpy as np
import pytest

from metrics.stats.jackknife import GROUPS, change, error_of, estimate, ratio, total


def grouped(values: np.ndarray, groups: np.ndarray) -> list[tuple[float, float]]:
    """Sum and count of each group of customers."""
    return [(float(values[groups == g].sum()), float((groups == g).sum())) for g in range(GROUPS)]


def test_of_equal_groups_it_is_the_textbook_standard_error():
    """Twenty groups of one: the error of a mean is s / sqrt(20), that of a total 20 times as much."""
    values = np.random.default_rng(1).normal(100, 15, GROUPS)
    sums = [(float(v), 1.0) for v in values]
    error = values.std(ddof=1) / math.sqrt(GROUPS)
    spread = 2.0930240544 * error
    assert estimate(sums, ratio).half_width == pytest.approx(spread)
    assert estimate(sums, total).half_width == pytest.approx(GROUPS * spread)


def test_errors_are_those_of_the_replicates():
    assert error_of([1.0, 2.0, 3.0]) == pytest.approx(math.sqrt(2 / 3 * 2))
    assert error_of([1.0, None, 3.0]) is None


def test_a_mean_of_clustered_spending_covers_95_times_in_100():
    """Customers with several purchases each, skewed: coverage of the mean basket."""
    random, held = np.random.default_rng(8), []
    for _ in range(600):
        level = random.gamma(4, 25, 1000)
        purchases = random.poisson(2, 1000) + 1
        amounts = np.array([(level[i] * random.gamma(5, 0.2, purchases[i])).sum() for i in range(1000)])
        groups = random.integers(0, GROUPS, 1000)
        sums = [(float(amounts[groups == g].sum()), float(purchases[groups == g].sum())) for g in range(GROUPS)]
        found = estimate(sums, ratio)
        held.append(found.low <= 100 <= found.high)
    assert 0.93 <= np.mean(held) <= 0.97


def test_customers_who_weigh_in_both_periods_are_left_out_of_both():
    """Everybody buys 5 more: the change is certain although people differ widely."""
    random = np.random.default_rng(2)
    before = random.gamma(2, 500, 4000)
    groups = np.arange(4000) % GROUPS
    paired = change(grouped(before + 5, groups), grouped(before, groups), ratio)
    assert paired.value == pytest.approx(5)
    assert paired.high - paired.low < 0.01
    assert paired.is_signal


def test_what_has_no_value_has_no_estimate():
    assert estimate([(0.0, 0.0)] * GROUPS, ratio) is None
    assert change([(1.0, 1.0)] * GROUPS, [(0.0, 0.0)] * GROUPS, ratio) is None


def test_a_ratio_carried_by_one_group_of_customers_has_no_interval():
    """Without that group there is nothing left to divide by."""
    only = [(5.0, 2.0), *[(0.0, 0.0)] * (GROUPS - 1)]
    found = estimate(only, ratio)
    assert (found.value, found.low) == (2.5, None)
