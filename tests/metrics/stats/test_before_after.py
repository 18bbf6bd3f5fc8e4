"""Difference in differences: worked by hand, right in level and error over simulated companies, deaf to the mix."""

import numpy as np
import pytest

from metrics.stats.before_after import Panel, effect, median_effect

CHANGE = 24  # month of 34 in which something comes to unit 0


def company(rng, added: float, shock: float = 0.0, others: int = 1, rows: int = 2000) -> tuple[Panel, np.ndarray]:
    """0/1 outcomes of customers with a habit of their own, a season, cells, shocks of a whole unit's month."""
    count = rows * (1 + others)
    unit, month = rng.integers(0, 1 + others, count), rng.integers(0, 34, count)
    cell = rng.choice(5, count, p=[0.5, 0.2, 0.1, 0.1, 0.1])
    customer = rng.integers(0, 3000, count)
    habit = rng.normal(0, 0.05, 3000)[customer]
    level = 0.2 + 0.02 * cell + 0.03 * np.sin(month * np.pi / 6) + 0.05 * (unit == 0) + habit
    level += rng.normal(0, shock, (1 + others, 34))[unit, month]
    is_after = month >= CHANGE
    outcome = rng.random(count) < level + added * (is_after & (unit == 0))
    return Panel(unit, is_after, cell, month, customer * 2654435761 % 20), outcome.astype(float)


def test_it_is_what_a_person_works_out():
    """Cell 0: (5 - 3) - (4 - 3) = 1; cell 1: (9 - 5) - (6 - 5) = 3; weights 10 and 30 since: (10 + 90) / 40 = 2.5."""
    means = {(0, 0): (3, 5), (0, 1): (5, 9), (1, 0): (3, 4), (1, 1): (5, 6)}  # unit, cell: before, after
    sizes = {(0, 0): (50, 10), (0, 1): (20, 30), (1, 0): (20, 20), (1, 1): (20, 20)}
    rows = [
        (unit, side, cell, means[unit, cell][side])
        for unit, cell in means
        for side in (0, 1)
        for _ in range(sizes[unit, cell][side])
    ]
    unit, side, cell, value = (np.array(column) for column in zip(*rows, strict=True))
    bucket = np.arange(len(rows)) % 20
    found = effect(Panel(unit, side == 1, cell, side, bucket), value.astype(float))
    assert found.difference.value == pytest.approx(2.5)
    assert found.n == (70, 40, 40, 40)
    assert found.levels.before == pytest.approx((10 * 3 + 30 * 5) / 40)


def test_a_change_of_mix_alone_is_no_effect():
    """The unit gets more of the long cell; in no cell anything changes."""
    rng = np.random.default_rng(1)
    n = 4000
    unit, is_after = rng.integers(0, 2, n), rng.random(n) < 0.5
    cell = (rng.random(n) < np.where((unit == 0) & is_after, 0.8, 0.2)).astype(int)
    seconds = 200.0 + 300 * cell + rng.normal(0, 20, n)
    found = effect(Panel(unit, is_after, cell, is_after.astype(int), np.arange(n) % 20), seconds)
    assert seconds[(unit == 0) & is_after].mean() > seconds[(unit == 0) & ~is_after].mean() + 100
    assert abs(found.difference.value) < 4


@pytest.mark.parametrize(("added", "shock", "others"), [(0.0, 0.0, 1), (0.08, 0.0, 1), (0.0, 0.08, 1), (0.08, 0.06, 3)])
def test_intervals_hold_what_was_planted(added, shock, others):
    """Also where whole months of a unit scatter, which leaving out customers alone does not see."""
    rng = np.random.default_rng(3)
    held = []
    for _ in range(150):
        panel, outcome = company(rng, added, shock, others)
        difference = effect(panel, outcome).difference
        held.append(difference.low <= added <= difference.high)
    assert 0.9 <= np.mean(held) <= 1


def test_it_is_found_when_it_is_there():
    rng = np.random.default_rng(4)
    found = [effect(*company(rng, 0.1)).difference.low > 0 for _ in range(60)]
    assert np.mean(found) >= 0.8


def test_months_that_scatter_widen_the_interval():
    rng = np.random.default_rng(5)
    calm, shaken = ([effect(*company(rng, 0.0, shock)).scatter for _ in range(20)] for shock in (0.0, 0.08))
    assert np.mean(calm) < 1.3
    assert np.mean(shaken) > 2


def test_nothing_is_said_without_anybody_to_compare_with():
    n = 100
    one = Panel(np.zeros(n, int), np.arange(n) % 2 == 1, np.zeros(n, int), np.zeros(n, int), np.arange(n) % 20)
    assert effect(one, np.ones(n)) is None


def test_medians_move_as_the_middle_does():
    rng = np.random.default_rng(6)
    n = 6000
    unit, is_after = rng.integers(0, 2, n), rng.random(n) < 0.5
    seconds = rng.lognormal(6, 0.5, n) * np.where((unit == 0) & is_after, 0.8, 1.0)
    panel = Panel(unit, is_after, np.zeros(n, int), is_after.astype(int), np.arange(n) % 20)
    found = median_effect(panel, seconds, scatter=1.0)
    assert found.difference.low <= -0.2 * np.exp(6) <= found.difference.high
    assert found.difference.high < 0
