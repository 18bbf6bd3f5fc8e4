"""Spearman inside strata against scipy, deciles of one mix, and the trap: difficulty behind both turns the sign."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from metrics.stats import ranked
from metrics.stats.ranked import BLOCKS, Ranked

WEIGHTS = ranked.draws_of_blocks()


def rows(seconds: np.ndarray, outcome: np.ndarray, stratum: np.ndarray, customer: np.ndarray) -> Ranked:
    block = customer * 2654435761 % BLOCKS
    return Ranked(ranked.ranks_within(seconds, stratum), outcome.astype(float), stratum, block)


def simulated(rng, slope: float, n: int = 3000) -> Ranked:
    customer, stratum = rng.integers(0, 2000, n), rng.integers(0, 4, n)
    seconds = rng.lognormal(5 + 0.4 * stratum, 0.5)
    rank = ranked.ranks_within(seconds, stratum)
    habit = rng.normal(0, 0.08, 2000)[customer]
    outcome = rng.random(n) < 0.2 + 0.1 * (stratum == 3) + slope * (rank - 0.5) + habit
    return rows(seconds, outcome, stratum, customer)


def test_in_one_stratum_it_is_scipy_s():
    rng = np.random.default_rng(1)
    seconds, outcome = rng.integers(20, 60, 500).astype(float), rng.random(500) < 0.3
    found = ranked.correlation(rows(seconds, outcome, np.zeros(500, int), np.arange(500)), WEIGHTS)
    assert found.value == pytest.approx(spearmanr(seconds, outcome).statistic, abs=1e-9)
    assert found.low < found.value < found.high


def test_a_mix_of_strata_makes_no_correlation():
    """Long contacts of one reason come back more than short ones of another; inside a reason nothing goes with time."""
    rng = np.random.default_rng(2)
    stratum = rng.integers(0, 2, 4000)
    seconds, outcome = rng.lognormal(5 + stratum, 0.3), rng.random(4000) < 0.1 + 0.3 * stratum
    assert spearmanr(seconds, outcome).statistic > 0.2
    found = ranked.correlation(rows(seconds, outcome, stratum, np.arange(4000)), WEIGHTS)
    assert found.low < 0 < found.high


def test_the_interval_holds_its_level_when_customers_cluster():
    rng = np.random.default_rng(3)
    held = [c.low <= 0 <= c.high for c in (ranked.correlation(simulated(rng, 0.0), WEIGHTS) for _ in range(120))]
    assert np.mean(held) >= 0.9
    assert np.mean([ranked.correlation(simulated(rng, -0.15), WEIGHTS).high < 0 for _ in range(30)]) >= 0.8


def test_deciles_hold_the_same_mix_and_their_rates_those_of_their_rows():
    rng = np.random.default_rng(4)
    some = simulated(rng, 0.2, 8000)
    found = ranked.rates_by_decile(some, WEIGHTS)
    decile = ranked.decile_of(some.rank)
    for i, (rate, n) in enumerate(found):
        inside = decile == i
        assert (n, rate.value) == (inside.sum(), pytest.approx(some.outcome[inside].mean()))
        assert rate.low < rate.value < rate.high
        assert np.bincount(some.stratum[inside]) / n == pytest.approx(np.bincount(some.stratum) / 8000, abs=0.01)
    assert found[9][0].low > found[0][0].high


def test_difficulty_behind_both_turns_the_sign_which_is_why_it_is_told_last():
    """Each second less truly adds returns, and yet longer contacts are followed by more of them."""
    rng = np.random.default_rng(5)
    hard = rng.normal(0, 1, 20_000)
    seconds = np.exp(5.5 + 0.3 * hard + rng.normal(0, 0.3, 20_000))
    outcome = rng.random(20_000) < 0.2 + 0.05 * hard - 0.0002 * (seconds - seconds.mean())
    found = ranked.correlation(rows(seconds, outcome, np.zeros(20_000, int), np.arange(20_000)), WEIGHTS)
    assert found.low > 0
