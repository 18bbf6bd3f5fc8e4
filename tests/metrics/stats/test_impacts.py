"""Impact of a theme on a score: against plain arithmetic, and its interval against many drawn worlds."""

import numpy as np
import pytest

from metrics.stats.impacts import Sums, impact_changes, impacts

GROUPS = 20


def sums(rng, share_on: float, cost: float, customers: int = 800) -> Sums:
    """Answers worth -1, 0, 1 of customers in groups, some of several answers; those on the theme are worth less."""
    who = np.repeat(np.arange(customers), rng.integers(1, 3, customers))
    on = rng.random(len(who)) < share_on
    mood = rng.normal(0, 0.5, customers)[who]
    worth = np.clip(np.round(mood + rng.normal(0.2, 0.6, len(who)) - cost * on), -1, 1)
    group = who % GROUPS
    tally = [
        np.bincount(group, weights, GROUPS) for weights in (worth, np.ones(len(who)), worth * on, on.astype(float))
    ]
    return Sums(tally[0], tally[1], tally[2][None], tally[3][None])


def test_it_is_the_score_of_all_less_that_of_the_others():
    found = impacts(Sums(np.array([6.0, 2.0]), np.array([10.0, 6.0]), np.array([[-3.0, -1.0]]), np.array([[3.0, 1.0]])))
    assert found.value[0] == pytest.approx(8 / 16 - 12 / 12)


def test_without_answers_on_the_theme_it_costs_nothing_and_without_others_it_cannot_be_told():
    none, all_of_them = np.zeros((1, 2)), np.array([[10.0, 6.0]])
    assert impacts(Sums(np.array([6.0, 2.0]), np.array([10.0, 6.0]), none, none)).value[0] == 0
    assert np.isnan(impacts(Sums(np.array([6.0, 2.0]), np.array([10.0, 6.0]), all_of_them, all_of_them)).value[0])


def test_the_interval_holds_the_true_impact_as_often_as_it_says():
    rng = np.random.default_rng(3)
    truth = np.mean([impacts(sums(rng, 0.08, 0.9)).value[0] for _ in range(600)])
    found = [impacts(sums(rng, 0.08, 0.9)) for _ in range(600)]
    held = np.mean([f.low[0] <= truth <= f.high[0] for f in found])
    assert 0.92 <= held <= 0.98
    assert np.mean([f.high[0] < 0 for f in found]) > 0.9


def test_a_theme_that_costs_nothing_is_seldom_said_to_cost():
    rng = np.random.default_rng(4)
    found = [impacts(sums(rng, 0.08, 0.0)) for _ in range(600)]
    assert np.mean([f.p[0] < 0.05 for f in found]) <= 0.07
    assert np.mean([f.low[0] > 0 or f.high[0] < 0 for f in found]) <= 0.07


def test_a_change_is_that_of_the_same_groups():
    rng = np.random.default_rng(5)
    now, before = sums(rng, 0.12, 0.9), sums(rng, 0.03, 0.9)
    change = impact_changes(now, before)
    assert change.value[0] == pytest.approx(impacts(now).value[0] - impacts(before).value[0])
    assert change.high[0] < 0
