"""Laney's p' chart: calm series stay inside, a shift is seen, spread beyond counting is not called a signal."""

import numpy as np

from metrics.stats.limits import laney

JUDGED = [False] * 24 + [True] * 12


def series(rng, shift: float = 0.0, restless: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """36 months of about 300 texts, a tenth on the theme; `restless`: spread of the true share from month to month."""
    n = rng.integers(250, 350, 36)
    share = np.clip(0.1 + rng.normal(0, restless, 36) + shift * np.array(JUDGED), 0.001, 0.999)
    return rng.binomial(n, share), n


def alarmed(rng, **world: float) -> bool:
    return any(laney(*series(rng, **world), JUDGED).signals)


def test_a_calm_series_seldom_alarms_and_a_shift_does():
    rng = np.random.default_rng(1)
    assert np.mean([alarmed(rng) for _ in range(400)]) <= 0.12
    assert np.mean([alarmed(rng, shift=0.06) for _ in range(200)]) >= 0.95


def test_a_restless_series_widens_its_own_limits():
    rng = np.random.default_rng(2)
    assert np.mean([alarmed(rng, restless=0.04) for _ in range(400)]) <= 0.2


def test_few_steps_before_judge_nothing():
    n = np.full(12, 300)
    found = laney(np.array([30] * 11 + [150]), n, [False] * 6 + [True] * 6)
    assert found.is_provisional
    assert not any(found.signals)


def test_hidden_steps_are_passed_over_and_one_step_tells_nothing():
    counts, n = np.array([30.0, 0, 33, 28] * 6), np.array([300.0, 0, 300, 300] * 6)
    found = laney(counts, n, [False] * 24)
    assert abs(found.centre - 91 / 900) < 1e-9
    assert laney([3], [30], [False]) is None
