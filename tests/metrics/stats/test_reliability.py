"""Cronbach's alpha and intraclass correlations: worked by hand, and against another way to compute them."""

import numpy as np
import pytest

from metrics.stats.reliability import LEAST_PEOPLE, agreement, cronbach_alpha

HAND = np.array([[1, 2], [2, 1], [3, 4], [4, 3], [5, 5]] * 2, float)
# Each item has the same ten answers: variance 20/9. The sums are 3, 3, 7, 7, 10, twice each: mean 6, variance 72/9 = 8.
# alpha = 2 (1 - (40/9) / 8) = 8/9.


def test_alpha_as_worked_by_hand():
    found = cronbach_alpha(HAND)
    assert found.estimate.value == pytest.approx(8 / 9)
    assert (found.n_items, found.n_people) == (2, 10)


def test_alpha_is_that_of_the_covariances():
    rng = np.random.default_rng(1951)
    scores = rng.normal(size=(80, 1)) + rng.normal(size=(80, 5))
    covariance = np.cov(scores.T)
    by_covariances = 5 / 4 * (1 - np.trace(covariance) / covariance.sum())
    assert cronbach_alpha(scores).estimate.value == pytest.approx(by_covariances)


def test_a_person_who_left_an_item_out_is_left_out():
    missing = np.vstack([HAND, [np.nan, 5]])
    assert cronbach_alpha(missing) == cronbach_alpha(HAND)


@pytest.mark.parametrize("scores", [HAND[: LEAST_PEOPLE - 1], HAND[:, :1], np.ones((20, 3))], ids=str)
def test_too_few_people_one_item_or_no_variance_tell_nothing(scores):
    assert cronbach_alpha(scores).estimate is None


def test_the_interval_of_alpha_holds_the_true_one_as_often_as_it_says():
    rng = np.random.default_rng(1965)
    truth, hits, runs = 4 * 0.5 / (1 + 3 * 0.5), 0, 500  # items that share half of their variance: Spearman-Brown
    for _ in range(runs):
        found = cronbach_alpha(rng.normal(size=(60, 1)) + rng.normal(size=(60, 4))).estimate
        hits += found.low <= truth <= found.high
    assert 0.93 <= hits / runs <= 0.97


def test_agreement_as_worked_by_hand():
    # Means 2 and 5: between = 2 x (1.5^2 + 1.5^2) / 1 = 9, within = (1 + 1 + 1 + 1) / 2 = 2: each group has two people.
    found = agreement(np.array([1, 3, 4, 6.0]), np.array(["a", "a", "b", "b"]))
    assert found.icc1 == pytest.approx((9 - 2) / (9 + 2))
    assert found.icc2 == pytest.approx(1 - 2 / 9)
    assert (found.n_groups, found.n_people) == (2, 4)


def test_people_who_differ_at_random_do_not_agree_by_team():
    rng = np.random.default_rng(3)
    ps = [agreement(rng.normal(size=60), np.repeat(np.arange(10), 6)).p for _ in range(300)]
    assert 0.02 < np.mean(np.array(ps) < 0.05) < 0.09


@pytest.mark.parametrize("groups", [["a"] * 4, ["a", "b", "c", "d"]])
def test_one_group_or_nobody_beside_another_tells_nothing(groups):
    assert agreement(np.array([1, 2, 3, 4.0]), np.array(groups)) is None
