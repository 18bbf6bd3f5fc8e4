"""Preferences ahead: shares add up to 1, digital goes on rising, noise is not foretold, few months are said."""

import numpy as np
import pytest

from metrics.mixes import mixes
from metrics.results import preferences as step
from tests.company import Company, last_year


def drawn(rng: np.random.Generator, months: int = 36, drift: float = 0.0) -> np.ndarray:
    """Shares of four codes, of 800 orders a month; one of them gains."""
    logs = np.array([0.6, 0.3, 0.0, -0.5])[:, None] + drift * np.outer([0, 0, 0, 1], np.arange(months))
    true = np.exp(logs) / np.exp(logs).sum(axis=0)
    return np.stack([rng.multinomial(800, p) for p in true.T], axis=1) / 800


def test_shares_ahead_add_up_to_one_and_go_on_where_they_went():
    shares = drawn(np.random.default_rng(1), drift=0.04)
    coming = step.ahead(shares)
    assert coming.sum(axis=0) == pytest.approx(np.ones(6))
    assert coming[3, -1] > shares[3, -1]


def test_a_drift_is_foretold_better_than_by_a_guess_and_noise_hardly_ever():
    rng = np.random.default_rng(2)
    drifts = [step.judged(drawn(rng, drift=0.05))[0].is_better for _ in range(15)]
    noise = [step.judged(drawn(rng))[0].is_better for _ in range(40)]
    assert np.mean(drifts) >= 0.8
    assert np.mean(noise) <= 0.1


def test_the_sample_sells_ever_more_by_its_app(planted):
    channels, categories = planted.ask(mixes, last_year())
    assert (channels.name, categories.name) == ("sales_channel", "category")
    assert channels.status == "published"
    app = next(course for course in channels.courses if course.code == "app")
    assert app.ahead[-1].value > app.facts[-12].value
    for mix in (channels, categories):
        for month in range(6):
            assert sum(course.ahead[month].value for course in mix.courses) == pytest.approx(1)
        assert all(m.low <= m.low_80 <= m.value <= m.high_80 <= m.high for c in mix.courses for m in c.ahead)


def test_few_months_are_said_and_nothing_is_foretold(olist_8k_snapshots):
    for mix in Company.of(olist_8k_snapshots).ask(mixes, last_year()):
        assert mix.status == "too_few"
        assert not any(course.ahead for course in mix.courses)
