"""Nested arms: what adds is found, what does not never is; the one-step refit is a refit; scikit-learn agrees."""

from dataclasses import replace

import numpy as np
import pytest

from metrics.results.cem_lift import verdict_of
from metrics.stats import lift
from metrics.stats.lift import Fold, Rows
from metrics.stats.logistic import BLOCKS, Design, draws, fitted, probability
from metrics.stats.ranking import calibration, scores

WORTHWHILE = 0.01


def rows(rng: np.random.Generator, n: int, effect: float, noise: int = 6) -> Rows:
    """Who buys much is exposed much; bad experience is a matter of exposure, and makes people stop by `effect`."""
    base = rng.normal(size=(n, 4))
    exposure = rng.poisson(np.exp(0.4 * base[:, 0]))
    bad = rng.binomial(exposure, 0.25)
    y = rng.random(n) < probability(-0.4 - 0.8 * base[:, 0] + 0.4 * base[:, 1] + effect * (bad > 0))
    extra = np.column_stack([bad > 0, bad > 1, rng.normal(size=(n, noise))]).astype(float)
    shown = np.column_stack([base, *(exposure > k for k in range(4))]).astype(float)
    return Rows(shown, extra, y.astype(float), rng.integers(0, BLOCKS, n), np.minimum(exposure, 4))


def folds(rng: np.random.Generator, n: int, effect: float) -> list[Fold]:
    return [Fold(rows(rng, 2 * n, effect), rows(rng, n, effect)) for _ in range(2)]


def difference(found: list[Fold], replicates: int = 60):
    weights = draws(np.random.default_rng(1), replicates)
    return lift.compared(found, lift.together(lift.arms, found), weights).difference("auc")


def verdicts(worlds: int, n: int, effect: float, seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    return [verdict_of(difference(folds(rng, n, effect), 40), WORTHWHILE) for _ in range(worlds)]


def test_experience_that_matters_is_found():
    assert verdicts(12, 2000, 1.2, 2).count("adds") >= 10


def test_without_effect_nothing_ever_adds():
    assert "adds" not in verdicts(25, 1000, 0.0, 3)


@pytest.mark.soak
def test_400_small_worlds_of_each_kind():
    assert verdicts(400, 800, 0.0, 4).count("adds") <= 10
    assert verdicts(400, 2000, 1.2, 5).count("adds") >= 320


def test_experience_of_others_alike_in_exposure_removes_the_difference():
    rng = np.random.default_rng(6)
    known = folds(rng, 3000, 1.2)
    shuffled = [replace(f, train=f.train.shuffled(rng), test=f.test.shuffled(rng)) for f in known]
    assert difference(known).low > 0.01
    assert abs(difference(shuffled).value) < 0.005


def test_shuffling_keeps_strata_whole():
    stratum = np.random.default_rng(7).integers(0, 5, 400)
    places = lift.within(stratum, np.random.default_rng(8))
    assert sorted(places) == list(range(400))
    assert (stratum[places] == stratum).all()


def test_what_carried_it_is_named_and_noise_is_not():
    known = folds(np.random.default_rng(9), 3000, 1.2)
    weights = draws(np.random.default_rng(1), 40)
    fits = lift.together(lift.arms, known)
    found = lift.carried_by(known, fits, weights, {"bad": [0, 1], "noise": [2, 3]})
    assert found["bad"].low > 0.01
    assert abs(found["noise"].value) < 0.003


def test_one_newton_step_is_as_good_as_learning_again():
    rng = np.random.default_rng(10)
    known = rows(rng, 3000, 0.8)
    x = Design.of(known.base).matrix(known.base)
    weights = draws(rng, 5)
    model = fitted(x, known.y, known.block, 3.0)
    for line, quick in zip(weights, model.refitted(weights), strict=True):
        again = np.repeat(np.arange(len(known.y)), line[known.block].astype(int))
        full = fitted(x[again], known.y[again], known.block[again], 3.0).coefficients
        assert quick == pytest.approx(full, abs=0.02)


def test_the_fit_is_that_of_scikit_learn():
    linear = pytest.importorskip("sklearn.linear_model")
    known = rows(np.random.default_rng(11), 2000, 0.8)
    x = Design.of(known.base).matrix(known.base)
    theirs = linear.LogisticRegression(C=1 / 30, tol=1e-10, max_iter=1000).fit(x[:, 1:], known.y)
    ours = fitted(x, known.y, known.block, 30.0).coefficients
    assert ours == pytest.approx(np.append(theirs.intercept_, theirs.coef_), abs=1e-4)


def test_measures_by_hand():
    """Four customers, likeliest first: stopped, stayed, stopped, stayed; 3 of 4 pairs in order."""
    p, y = np.array([0.9, 0.6, 0.4, 0.1]), np.array([1.0, 0.0, 1.0, 0.0])
    found = scores(p, y, np.ones(4))
    assert found.auc == 0.75
    assert found.brier == pytest.approx((0.01 + 0.36 + 0.36 + 0.01) / 4)
    assert found.caught == 1
    assert found.lift == 2
    assert scores(np.full(4, 0.5), y, np.ones(4)).auc == 0.5
    assert scores(p, y, np.array([2.0, 1.0, 1.0, 1.0])).auc == pytest.approx(5 / 6)


def test_measures_are_those_of_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(12)
    p, weight = np.round(rng.random(500), 2), rng.integers(1, 4, 500).astype(float)
    y = (rng.random(500) < p).astype(float)
    found = scores(p, y, weight)
    assert found.auc == pytest.approx(metrics.roc_auc_score(y, p, sample_weight=weight))
    assert found.brier == pytest.approx(metrics.brier_score_loss(y, p, sample_weight=weight))


def test_calibration_counts_everybody_once():
    rng = np.random.default_rng(13)
    p = rng.random(1003)
    found = calibration(p, (rng.random(1003) < p).astype(float))
    assert sum(tenth.n for tenth in found) == 1003
    assert all(abs(tenth.predicted - tenth.observed) < 0.15 for tenth in found)
