"""Equal treatment: against a regression written out by hand, and by simulation: error rate, power, coverage, mix."""

import numpy as np
import pytest

from metrics.stats import equal_treatment
from metrics.stats.equal_treatment import dealt, moments, treatment


def world(rng, effect: float = 0.0, customers: int = 300, mix: float = 0.0) -> tuple[np.ndarray, ...]:
    """Outcome, cell, customer, level. `mix`: how much more often high levels call for what takes long, anyway."""
    level = rng.choice(4, customers, p=(0.5, 0.3, 0.15, 0.05))
    who = np.repeat(np.arange(customers), 1 + rng.poisson(0.6 + 0.4 * level))
    cell = rng.random(len(who)) < 0.3 + mix * level[who]
    own = rng.normal(0, 0.5, customers)
    outcome = 2.0 * cell + own[who] + rng.gamma(2, 1, len(who)) + effect * (level[who] == 3)
    return outcome, cell.astype(int), who, level[who]


def by_hand(outcome, cell, customer, level) -> tuple[float, float]:
    """Top less bottom and its clustered error, from the whole design matrix with a column for every cell."""
    cells, levels = np.unique(cell), np.unique(level)
    x = np.column_stack([cell == c for c in cells] + [level == v for v in levels[1:]]).astype(float)
    bread = np.linalg.inv(x.T @ x)
    effects = bread @ x.T @ outcome
    error = outcome - x @ effects
    scores = np.array([(x[customer == who] * error[customer == who, None]).sum(0) for who in np.unique(customer)])
    n, k, g = len(outcome), x.shape[1], len(scores)
    cov = bread @ (scores.T @ scores) @ bread * g / (g - 1) * (n - 1) / (n - k)
    return effects[-1], np.sqrt(cov[-1, -1])


def test_the_difference_and_its_error_are_those_of_a_regression_with_a_column_for_every_cell():
    given = world(np.random.default_rng(1), 0.5)
    found, (value, error) = treatment(*given), by_hand(*given)
    top = len(np.unique(given[2][given[3] == 3]))
    assert found.gap.value == pytest.approx(value)
    assert found.gap.half_width == pytest.approx(equal_treatment.t_quantile(top - 1) * error, rel=1e-6)


def test_levels_are_means_with_everybodys_mix_and_add_up_to_the_whole():
    found = treatment(*world(np.random.default_rng(2), 0.5))
    sizes = [level.n for level in found.levels]
    assert np.average([level.mean.value for level in found.levels], weights=sizes) == pytest.approx(found.whole)
    assert sum(sizes) == found.n
    assert sum(level.customers for level in found.levels) == found.customers


def test_mean_and_covariance_of_the_deals_are_those_of_many_deals():
    rng = np.random.default_rng(3)
    total, level = rng.normal(0, 1, 40), rng.choice(3, 40, p=(0.5, 0.3, 0.2))
    sums = dealt(rng, total, level, 3, 20_000)
    expected, spread = moments([(total, level)], 3)
    assert sums.mean(axis=0) == pytest.approx(expected, abs=0.06)
    assert np.cov(sums.T) == pytest.approx(spread, abs=0.4)


def test_where_all_are_treated_alike_few_are_told_otherwise_and_intervals_hold():
    rng = np.random.default_rng(4)
    found = [treatment(*world(rng, mix=0.1)) for _ in range(250)]
    assert np.mean([f.p < 0.05 for f in found]) <= 0.09
    assert np.mean([f.p < 0.5 for f in found]) == pytest.approx(0.5, abs=0.1)
    assert np.mean([f.gap.low <= 0 <= f.gap.high for f in found]) >= 0.9


def test_better_treatment_of_the_top_is_found_and_its_interval_holds():
    rng = np.random.default_rng(5)
    found = [treatment(*world(rng, effect=1.5, mix=0.1)) for _ in range(100)]
    assert np.mean([f.p < 0.05 for f in found]) >= 0.8
    assert np.mean([f.gap.low <= 1.5 <= f.gap.high for f in found]) >= 0.88


def test_what_only_mix_makes_is_no_difference_of_treatment():
    outcome, cell, customer, level = world(np.random.default_rng(6), customers=4000, mix=0.2)
    apart = outcome[level == 3].mean() - outcome[level == 0].mean()
    found = treatment(outcome, cell, customer, level)
    assert apart > 0.8
    assert abs(found.gap.value) < 0.3
    assert treatment(outcome, np.zeros_like(cell), customer, level).p < 0.05 < found.p


def test_levels_that_share_no_cell_cannot_be_compared():
    who = np.arange(40)
    assert treatment(np.ones(40), who % 2, who, who % 2) is None
    assert treatment(np.ones(40), who % 2, who, np.zeros(40, int)) is None


def test_nearly_as_many_cells_as_events_tell_nothing():
    rng = np.random.default_rng(7)
    who = np.arange(60)
    assert treatment(rng.normal(size=60), who // 2 * (who < 50), who, who % 2) is not None
    assert treatment(rng.normal(size=60), who // 1.4, who, who % 2) is None
