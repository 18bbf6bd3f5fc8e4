"""Intervals against published numbers, second implementations and simulation."""

import math

import numpy as np
import pytest
from scipy import stats

from metrics.stats.intervals import (
    adjusted_wald,
    mean_t,
    poisson,
    quantile_rank,
    t_quantile,
    wilson,
)

RUNS = 4000


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_numbers_of_newcombe_1998(count, n, low, high):
    """Newcombe 1998, Statistics in Medicine 17, 857-872, Table I, method 3."""
    found = wilson(count, n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_wilson_at_the_ends_includes_the_end():
    assert wilson(0, 12).low == 0.0
    assert wilson(12, 12).high == 1.0


def test_clustered_rows_count_for_less():
    """A design effect of 2 is half the rows."""
    assert wilson(40, 100, design_effect=2.0).half_width == pytest.approx(wilson(20, 50).half_width)
    assert wilson(40, 100, design_effect=2.0).value == 0.4


def rocks_second(promoters: int, passives: int, detractors: int) -> tuple[float, float]:
    """The same interval a second way: mean and variance of imagined answers worth 1, 0 and -1, by numpy."""
    answers = np.array([1.0, 0.0, -1.0])
    weights = np.array([promoters + 0.75, passives + 1.5, detractors + 0.75])
    mean = np.average(answers, weights=weights)
    variance = np.average((answers - mean) ** 2, weights=weights)
    return tuple(mean + side * stats.norm.ppf(0.975) * math.sqrt(variance / weights.sum()) for side in (-1, 1))


@pytest.mark.parametrize("answers", [(10, 5, 5), (1, 0, 0), (400, 300, 300), (0, 7, 0), (50, 0, 50), (3, 20, 1)])
def test_the_interval_of_nps_against_a_second_implementation(answers):
    promoters, passives, detractors = answers
    found = adjusted_wald(promoters, detractors, sum(answers))
    low, high = rocks_second(promoters, passives, detractors)
    assert found.low == pytest.approx(max(-1, low), abs=1e-12)
    assert found.high == pytest.approx(min(1, high), abs=1e-12)
    assert found.value == pytest.approx((promoters - detractors) / sum(answers))


def covered(intervals, truth: float) -> float:
    """Share of intervals that hold the truth."""
    return float(np.mean([found.low <= truth <= found.high for found in intervals]))


@pytest.mark.parametrize("n", [30, 100, 400])
@pytest.mark.parametrize("shares", [(0.5, 0.3, 0.2), (0.3, 0.4, 0.3), (0.65, 0.25, 0.1)])
def test_the_interval_of_nps_covers_95_times_in_100(n, shares):
    draws = np.random.default_rng(20261031).multinomial(n, shares, size=RUNS)
    share = covered([adjusted_wald(p, d, n) for p, _, d in draws], shares[0] - shares[2])
    assert 0.93 <= share <= 0.97


@pytest.mark.parametrize("n", [30, 100, 400])
def test_the_interval_of_a_rate_covers_95_times_in_100(n):
    """Over rates between 5 % and 95 %: at one rate alone, whole numbers make the coverage jump."""
    random = np.random.default_rng(7)
    rates = random.uniform(0.05, 0.95, RUNS)
    counts = random.binomial(n, rates)
    held = [wilson(c, n).low <= p <= wilson(c, n).high for c, p in zip(counts, rates, strict=True)]
    assert 0.93 <= np.mean(held) <= 0.97


def clustered_rates(random, customers: int, spread: float) -> tuple[float, float, float]:
    """Customers with 1 to 6 events each, every customer with a rate of their own: count, n, design effect."""
    sizes = random.integers(1, 7, customers)
    own = random.beta(0.3 / spread, 0.7 / spread, customers)
    hits = random.binomial(sizes, own)
    n, p = sizes.sum(), hits.sum() / sizes.sum()
    return hits.sum(), n, float(((hits - p * sizes) ** 2).sum() / (n * p * (1 - p)))


def test_with_the_design_effect_clustered_rates_are_covered_and_without_it_they_are_not():
    random = np.random.default_rng(11)
    worlds = [clustered_rates(random, 200, 1.0) for _ in range(RUNS // 4)]
    assert 0.93 <= covered([wilson(c, n, effect) for c, n, effect in worlds], 0.3) <= 0.97
    assert covered([wilson(c, n) for c, n, _ in worlds], 0.3) < 0.90


@pytest.mark.parametrize("n", [30, 200])
def test_the_interval_of_a_mean_rating_covers_95_times_in_100(n):
    scores = np.random.default_rng(3).choice([1, 2, 3, 4, 5], size=(RUNS, n), p=[0.1, 0.1, 0.15, 0.3, 0.35])
    share = covered([mean_t(s.sum(), (s**2).sum(), n) for s in scores], 3.7)
    assert 0.93 <= share <= 0.97


def test_the_interval_of_a_mean_is_students():
    scores = np.array([3, 5, 4, 2, 5, 1, 4], float)
    low, high = stats.t.interval(0.95, 6, loc=scores.mean(), scale=stats.sem(scores))
    found = mean_t(scores.sum(), (scores**2).sum(), 7)
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-5)


def test_one_row_has_a_mean_and_no_interval():
    found = mean_t(4.0, 16.0, 1)
    assert (found.value, found.low, found.half_width) == (4.0, None, None)


@pytest.mark.parametrize("degrees", [2.5, 3, 4.7, 6, 10, 19, 60, 1000, 5000])
def test_student_quantiles_agree_with_scipy(degrees):
    assert t_quantile(degrees) == pytest.approx(stats.t.ppf(0.975, degrees), rel=1e-4)


def test_student_quantiles_of_few_degrees_are_never_too_narrow():
    for degrees in (1, 1.2, 1.7, 2):
        assert t_quantile(degrees) >= stats.t.ppf(0.975, degrees) * 0.9999


@pytest.mark.parametrize(("count", "low", "high"), [(0, 0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39)])
def test_counts_have_the_interval_of_garwood(count, low, high):
    """Garwood 1936; the values that tables of the exact Poisson interval print."""
    found = poisson(count, 1.0)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-3)


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_the_interval_of_a_quantile_covers_95_times_in_100(share):
    truth = stats.expon.ppf(share, scale=300)
    draws = np.sort(np.random.default_rng(5).exponential(300, size=(1000, 200)), axis=1)
    found = [quantile_rank([(x, x, 1) for x in row], share) for row in draws]
    assert 0.93 <= covered(found, truth) <= 0.97


def test_a_quantile_inside_a_bin_is_read_in_proportion():
    found = quantile_rank([(0, 0, 5), (100, 102, 10)], 0.5)
    assert found.value == pytest.approx(100.5)
