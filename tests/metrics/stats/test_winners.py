"""Ranks by simulation: winners of luck are pulled back, real ones stay, and how sure a rank is can be trusted."""

import numpy as np
import pytest

from metrics.stats.winners import ranked, shrinkage


def test_of_nothing_but_noise_hardly_anything_is_left():
    rng = np.random.default_rng(1)
    told = []
    for _ in range(300):
        error = rng.uniform(5, 20, 12)
        told.append(any(one.low > 0 for one in ranked(rng.normal(0, error), error, np.full(12, 100))))
    assert np.mean(told) <= 0.05


def test_shrunk_values_are_nearer_to_the_truth_than_the_largest_of_many():
    rng = np.random.default_rng(2)
    raw, pulled = [], []
    for _ in range(200):
        truth = rng.normal(0, 10, 12)
        value = truth + rng.normal(0, 10, 12)
        best = int(np.argmax(value))
        raw.append(value[best] - truth[best])
        pulled.append(ranked(value, np.full(12, 10.0), np.ones(12))[best].value - truth[best])
    assert np.mean(raw) > 5
    assert abs(np.mean(pulled)) < 2.5


def test_a_clear_effect_is_kept_and_its_lower_end_holds():
    rng = np.random.default_rng(3)
    hits, first = [], []
    for _ in range(200):
        truth = np.array([60.0, 20.0, *np.zeros(10)])
        found = ranked(truth + rng.normal(0, 8, 12), np.full(12, 8.0), np.ones(12))
        hits.append(0 < found[0].low <= 60)
        first.append(found[0].p_first)
        assert sum(one.p_first for one in found) == pytest.approx(1)
    assert np.mean(hits) >= 0.97
    assert np.mean(first) > 0.95


def test_what_weighs_is_the_effect_times_its_cases():
    small, wide = ranked([10.0, 10.0], [1.0, 1.0], [1, 50])
    assert wide.value == pytest.approx(50 * small.value)
    assert (wide.p_first, wide.best_rank, wide.worst_rank, small.worst_rank) == (1.0, 1, 1, 2)
    assert ranked([], [], []) == ()


def test_an_unsure_estimate_is_pulled_back_more():
    sure, unsure = shrinkage(np.array([30.0, 30.0]), np.array([2.0, 20.0]))
    assert 0 < unsure < sure < 1


def test_where_effects_are_many_intervals_hold_over_all_of_them():
    rng = np.random.default_rng(6)
    hits = []
    for _ in range(200):
        truth = rng.normal(0, 15, 12)
        found = ranked(truth + rng.normal(0, 10, 12), np.full(12, 10.0), np.ones(12))
        hits += [one.low <= true <= one.high for one, true in zip(found, truth, strict=True)]
    assert np.mean(hits) >= 0.91
