"""Differences against published numbers, second implementations and simulation."""

import numpy as np
import pytest
from scipy import stats

from metrics.stats.changes import Sample, nps_change, recovered, welch
from metrics.stats.intervals import wilson

RUNS = 4000


@pytest.mark.parametrize(
    ("now", "before", "low", "high"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((5, 56), (0, 29), -0.0381, 0.1926)],
)
def test_two_rates_give_the_numbers_of_newcombe_1998(now, before, low, high):
    """Newcombe 1998, Statistics in Medicine 17, 873-890, Table II, method 10."""
    found = recovered(wilson(*now), wilson(*before))
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def sample(promoters: int, passives: int, detractors: int, effect: float = 1.0) -> Sample:
    return Sample(promoters - detractors, promoters + detractors, promoters + passives + detractors, effect)


def test_a_change_of_nps_has_the_variance_of_the_documents():
    """p + d - (p - d)^2 over n, a side: 0.5 + 0.2 - 0.09 over 100 and 0.4 + 0.4 - 0 over 50."""
    found = nps_change(sample(50, 30, 20), sample(20, 10, 20))
    assert found.value == pytest.approx(0.3)
    assert found.high - found.value == pytest.approx(1.959964 * (0.61 / 100 + 0.8 / 50) ** 0.5, rel=1e-6)


def test_a_change_of_nps_covers_95_times_in_100():
    random = np.random.default_rng(1)
    now, before = (random.multinomial(150, shares, size=RUNS) for shares in ((0.5, 0.3, 0.2), (0.4, 0.3, 0.3)))
    found = [nps_change(sample(*a), sample(*b)) for a, b in zip(now, before, strict=True)]
    assert 0.93 <= np.mean([f.low <= 0.2 <= f.high for f in found]) <= 0.97


def test_without_a_change_about_one_in_twenty_is_called_a_signal():
    draws = np.random.default_rng(2).multinomial(150, (0.5, 0.3, 0.2), size=(RUNS, 2))
    share = np.mean([nps_change(sample(*a), sample(*b)).is_signal for a, b in draws])
    assert 0.035 <= share <= 0.065


def test_a_handful_that_all_say_ten_is_not_certain():
    found = nps_change(sample(4, 0, 0), sample(2, 1, 1))
    assert found.low < found.value < found.high
    assert found.is_signal is False


def test_an_nps_change_stays_within_what_is_possible():
    found = nps_change(sample(4, 0, 0), sample(0, 0, 4))
    assert found.high == 2


def test_answers_of_the_same_people_widen_the_interval():
    once, often = (nps_change(sample(50, 30, 20, e), sample(40, 30, 30, e)) for e in (1.0, 2.0))
    assert often.high - often.low == pytest.approx((once.high - once.low) * 2**0.5)


def test_two_means_against_scipy():
    a, b = np.array([3, 4, 5, 5, 2, 4.0]), np.array([1, 2, 5, 3, 3, 2, 2.0])
    expected = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    found = welch(*[Sample(x.sum(), (x**2).sum(), len(x)) for x in (a, b)])
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-5)


def test_two_means_of_one_row_each_have_no_interval():
    found = welch(Sample(3, 9, 1), Sample(4, 16, 1))
    assert (found.value, found.low, found.is_signal) == (-1, None, None)


@pytest.mark.parametrize("n", [40, 300])
def test_a_change_of_a_rate_covers_95_times_in_100(n):
    random = np.random.default_rng(4)
    rates = random.uniform(0.1, 0.9, (RUNS, 2))
    counts = random.binomial(n, rates)
    found = [recovered(wilson(a, n), wilson(b, n)) for a, b in counts]
    held = [f.low <= p - q <= f.high for f, (p, q) in zip(found, rates, strict=True)]
    assert 0.93 <= np.mean(held) <= 0.97


def test_p_and_interval_agree_on_what_is_a_signal():
    for count in range(20, 60):
        found = recovered(wilson(count, 100), wilson(40, 100))
        assert found.is_signal == (found.p < 0.05)
