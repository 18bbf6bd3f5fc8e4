"""An effect is found where there is one, and hardly ever where there is none, whatever triggered the action."""

import numpy as np
import pytest

from metrics.stats.action_effect import Effect, Windows, effect, gap_of, nearest, shift, trend

MONTHS, UNITS = 36, 6
WINDOWS = Windows(0, 15, 20, 32)


def still(units: int = UNITS) -> tuple[np.ndarray, np.ndarray]:
    """Units that only share a season, each at its own level, with noise of 1."""
    rng = np.random.default_rng(7)
    season = 5 * np.sin(2 * np.pi * np.arange(MONTHS) / 12)
    return season + 10 * np.arange(units)[:, None] + rng.normal(0, 1, (units, MONTHS)), np.full((units, MONTHS), 100.0)


def judged(y: np.ndarray, n: np.ndarray, acted: int = 0, windows: Windows = WINDOWS) -> Effect | None:
    others = [unit for unit in range(len(y)) if unit != acted]
    return effect(y, n, [acted], nearest(y, n, [acted], others, windows.before), others, windows)


def is_worked(found: Effect | None) -> bool:
    """The rule of metrics/results/action_effects.py for an outcome of which less is good."""
    return found is not None and found.is_parallel and found.value.high < 0 and found.p <= 0.05


def test_what_all_units_share_is_no_effect_and_what_one_gains_is():
    y, n = still()
    assert judged(y, n).value.low < 0 < judged(y, n).value.high
    moved = y.copy()
    moved[0, 20:] -= 4
    found = judged(moved, n)
    assert found.value.value == pytest.approx(judged(y, n).value.value - 4)
    assert is_worked(found)
    before, after, other_before, other_after = found.levels
    assert after - before - (other_after - other_before) == pytest.approx(found.value.value, abs=0.3)


def test_without_autocorrelation_the_error_is_that_of_two_means():
    rng = np.random.default_rng(3)
    gap = rng.normal(0, 1, 40)
    gap[1::2] = -gap[::2]  # months that never resemble the one before
    weight = np.ones(40)
    found = shift(gap, weight, Windows(0, 20, 20, 40))
    sides = gap[:20], gap[20:]
    pooled = sum(((side - side.mean()) ** 2).sum() for side in sides) / 38
    assert found.value == pytest.approx(sides[1].mean() - sides[0].mean())
    assert found.error == pytest.approx((pooled * (1 / 20 + 1 / 20)) ** 0.5)


def test_months_that_hang_together_widen_the_interval():
    rng = np.random.default_rng(5)
    noise = rng.normal(0, 1, (2, 200))
    for month in range(1, 200):
        noise[1, month] += 0.6 * noise[1, month - 1]
    free, hanging = (shift(row / row.std(), np.ones(200), Windows(0, 100, 100, 200)).error for row in noise)
    assert hanging > 1.5 * free


def test_the_months_left_out_do_not_matter():
    y, n = still()
    spoilt = y.copy()
    spoilt[0, 15:20] += 50
    assert judged(spoilt, n).value == judged(y, n).value


def test_a_gap_that_was_closing_before_is_seen():
    y, n = still()
    y[0, :] -= 0.4 * np.arange(MONTHS)
    found = judged(y, n)
    assert found.trend.value == pytest.approx(-4.8, abs=1)
    assert not found.is_parallel


def test_too_few_months_or_units_tell_nothing():
    y, n = still()
    assert judged(y, n, windows=Windows(0, 5, 20, 32)) is None
    assert judged(y, n, windows=Windows(0, 15, 20, 22)) is None
    assert judged(y[:3], n[:3]) is None
    assert trend(np.zeros(4), np.ones(4), slice(0, 4)) is None


def test_the_units_most_alike_before_are_chosen_whatever_their_level():
    y, n = still(8)
    y[1:5] += np.linspace(0, 30, MONTHS)[None, :]
    assert nearest(y, n, [0], list(range(1, 8)), slice(0, 15))[-3:] == [5, 6, 7]


def test_a_month_without_rows_is_left_out_and_a_unit_that_lacks_it_does_not_move_the_level():
    y, n = still(3)
    y[1, 4] = np.nan
    gap, weight = gap_of(y, n, [0], [1, 2], slice(0, 15))
    assert np.isfinite(gap).all()
    y[0, 7] = np.nan
    gap, weight = gap_of(y, n, [0], [1, 2], slice(0, 15))
    assert np.isnan(gap[7])
    assert weight[7] == 0


def simulated(rng: np.random.Generator, kind: str, units: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Rates of about 25 % on 250 rows a month; hang: units with good and bad spells; step: some move for good."""
    n = rng.poisson(250 * rng.uniform(0.6, 1.4, (units, 1)), (units, MONTHS)) + 1
    base = 0.25 + rng.normal(0, 0.02, (units, 1)) + 0.03 * np.sin(2 * np.pi * np.arange(MONTHS) / 12)
    if kind == "hang":
        spell = rng.normal(0, 0.02, (units, MONTHS))
        for month in range(1, MONTHS):
            spell[:, month] = 0.4 * spell[:, month - 1] + 0.917 * spell[:, month]
        base = base + spell
    if kind == "step":
        for unit in np.flatnonzero(rng.random(units) < 0.3):
            base[unit, rng.integers(6, MONTHS - 3) :] += rng.normal(0, 0.05)
    return rng.binomial(n, np.clip(base, 0.02, 0.9)) / n, n.astype(float)


def placebo(rng: np.random.Generator, kind: str, is_after_bad: bool, real: float = 0.0) -> bool:
    """Whether an action that brings `real` less is found to have worked; decided after a bad month or any."""
    y, n = simulated(rng, kind)
    opened = int(rng.integers(15, 25))
    worst = int(np.argmax(y[:, opened - 1] - y[:, : opened - 1].mean(axis=1)))
    unit = worst if is_after_bad else int(rng.integers(len(y)))
    start = opened + int(rng.integers(0, 4))
    y[unit, start:] -= real
    return is_worked(judged(y, n, unit, Windows(max(0, opened - 27), opened - 3, start, min(MONTHS, start + 12))))


def test_of_placebos_at_most_five_in_a_hundred_work():
    rng = np.random.default_rng(11)
    kinds = ("white", "hang", "step")
    assert sum(placebo(rng, kinds[i % 3], is_after_bad=i % 2 == 0) for i in range(120)) <= 6


def test_a_real_effect_is_mostly_found():
    rng = np.random.default_rng(12)
    assert sum(placebo(rng, "white", is_after_bad=True, real=0.06) for _ in range(25)) >= 18


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["white", "hang", "step"])
def test_of_a_thousand_placebos_at_most_five_in_a_hundred_work(kind):
    rng = np.random.default_rng(1_000)
    worked = sum(placebo(rng, kind, is_after_bad=i % 2 == 0) for i in range(1_000))
    assert worked <= 50


@pytest.mark.soak
def test_four_real_effects_in_five_are_found():
    rng = np.random.default_rng(2_000)
    assert sum(placebo(rng, "white", is_after_bad=i % 2 == 0, real=0.06) for i in range(500)) >= 400
