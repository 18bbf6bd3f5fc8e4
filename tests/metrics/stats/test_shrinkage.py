"""Groups drawn towards each other: the published example, and who is told apart when nobody differs."""

import numpy as np
import pytest

from metrics.stats.shrinkage import draws_of

# Eight schools: effects and standard errors, and the posterior quantiles of table 5.3 of Bayesian Data Analysis.
EFFECTS = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
ERRORS = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
PUBLISHED = {0: (7, 10, 16), 1: (3, 8, 12), 2: (2, 7, 11), 3: (4, 8, 11), 4: (1, 5, 10), 5: (2, 6, 10), 6: (7, 10, 15)}


@pytest.mark.parametrize("school", PUBLISHED)
def test_the_eight_schools_come_out_as_published(school):
    """Published from 200 draws, so to about 1.5 points."""
    found = np.quantile(draws_of(EFFECTS, ERRORS)[:, school], (0.25, 0.5, 0.75))
    assert found == pytest.approx(PUBLISHED[school], abs=1.6)


def test_what_is_measured_without_noise_stays_and_noise_is_drawn_in():
    sure = draws_of(np.array([0.0, 1.0, 5.0]), np.full(3, 0.01))
    assert sure.mean(axis=0) == pytest.approx([0, 1, 5], abs=0.01)
    alike = draws_of(np.array([0.0, 0.1, 0.2, 3.0]), np.full(4, 3.0))
    assert np.ptp(alike.mean(axis=0)) < 1.5


def test_intervals_hold_what_is_true_as_often_as_they_say():
    rng = np.random.default_rng(1)
    inside = []
    for _ in range(60):
        true = rng.normal(0, 1, 12)
        errors = rng.uniform(0.3, 1.5, 12)
        low, high = np.quantile(draws_of(true + errors * rng.standard_normal(12), errors), (0.025, 0.975), axis=0)
        inside.append(((low <= true) & (true <= high)).mean())
    assert 0.92 <= np.mean(inside) <= 0.98
