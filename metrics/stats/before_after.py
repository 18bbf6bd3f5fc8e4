"""Difference in differences: what changed at one unit when something came, less what changed at others like it.

Rows lie in cells (reason and channel, say) so that a change of mix is not taken for an effect. In each cell the change
of the unit is compared with the mean change of the others, and the cells are weighted by the unit's rows afterwards.
The interval leaves out groups of customers in turn, and is widened where months scatter more than customers explain
(what happens to a whole unit in a month is in no single customer: Bertrand, Duflo & Mullainathan 2004, QJE 119(1)).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from metrics.stats.intervals import Estimate, t_quantile
from metrics.stats.jackknife import GROUPS, error_of

LEAST_IN_CELL = 5  # rows of a unit in a cell, before and after, for the cell to speak
LEAST_IN_MONTH = 10  # rows of either side in a month, for the month to tell how much months scatter
LEAST_MONTHS = 6


@dataclass(frozen=True)
class Panel:
    """Rows, one entry each. unit: 0 is the one it came to, 1.. the others. bucket: 0 to 19, one a customer."""

    unit: np.ndarray
    is_after: np.ndarray
    cell: np.ndarray
    month: np.ndarray
    bucket: np.ndarray

    def only(self, kept: np.ndarray, is_after: np.ndarray | None = None) -> "Panel":
        """Some of the rows, perhaps with another moment between before and after."""
        after = self.is_after if is_after is None else is_after
        return Panel(self.unit[kept], after[kept], self.cell[kept], self.month[kept], self.bucket[kept])

    @cached_property
    def shape(self) -> tuple[int, int, int, int]:
        return int(self.unit.max(initial=0)) + 1, 2, int(self.cell.max(initial=0)) + 1, GROUPS

    @cached_property
    def place(self) -> np.ndarray:
        """Where each row stands in an array of that shape, flat."""
        return np.ravel_multi_index((self.unit, self.is_after.astype(int), self.cell, self.bucket), self.shape)

    def sums(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows and sum of values by unit, side, cell and bucket; rows without a value (NaN) are left out."""
        known = ~np.isnan(values)
        size = int(np.prod(self.shape))
        n = np.bincount(self.place[known], minlength=size).astype(float)
        return n.reshape(self.shape), np.bincount(self.place[known], values[known], size).reshape(self.shape)


@dataclass(frozen=True)
class Levels:
    """Means in the unit's mix of cells: of the unit, and of the others with the unit's weights."""

    before: float
    after: float
    other_before: float
    other_after: float

    @property
    def difference(self) -> float:
        return (self.after - self.before) - (self.other_after - self.other_before)


@dataclass(frozen=True)
class Effect:
    """The difference with its interval; n: rows before and after, of the unit and of the others, in cells that speak.

    scatter: how many times more the months vary than customers explain (1 where they do not, or too few to tell).
    without: the difference without each group of customers in turn.
    """

    levels: Levels
    difference: Estimate
    n: tuple[int, int, int, int]
    scatter: float
    without: tuple[float | None, ...]


def effect(panel: Panel, values: np.ndarray) -> Effect | None:
    """None when no cell holds both sides before and after; no interval when leaving out a group empties a cell."""
    if not len(values):
        return None
    n, total = panel.sums(values)
    speaks = speaking(n.sum(axis=-1))
    found = levels(n.sum(axis=-1), total.sum(axis=-1), speaks)
    if found is None:
        return None
    scatter = scatter_of_months(panel, values)
    without = tuple(each.difference if each else None for each in left_out(n, total, speaks))
    inside = n.sum(axis=-1)[:, :, speaks].sum(axis=-1)
    counts = tuple(int(count) for count in (*inside[0], *inside[1:].sum(axis=0)))
    return Effect(found, estimated(found.difference, without, scatter), counts, scatter, without)


def estimated(value: float, without: Sequence[float | None], scatter: float) -> Estimate:
    """A value with the interval of its values without each group of customers, widened by the scatter of months."""
    error = error_of(without)
    spread = None if error is None else t_quantile(GROUPS - 1) * error * scatter**0.5
    return Estimate(value) if spread is None else Estimate(value, value - spread, value + spread)


def median_effect(panel: Panel, values: np.ndarray, scatter: float) -> Effect | None:
    """The same of medians, over all cells at once: a change of mix that the others do not share shows in it."""
    known = ~np.isnan(values)
    panel, values = panel.only(known), values[known]
    side = (panel.unit > 0) * 2 + panel.is_after
    parts = [(values[side == s], panel.bucket[side == s]) for s in range(4)]
    if min(len(part) for part, _ in parts) < LEAST_IN_CELL:
        return None
    found = Levels(*(float(np.median(part)) for part, _ in parts))
    without = tuple(
        Levels(*(float(np.median(kept)) for kept in rest)).difference if all(map(len, rest)) else None
        for rest in ([part[bucket != g] for part, bucket in parts] for g in range(GROUPS))
    )
    n = tuple(len(part) for part, _ in parts)
    return Effect(found, estimated(found.difference, without, scatter), n, scatter, without)


def speaking(n: np.ndarray) -> np.ndarray:
    """Cells in which the unit and at least one other have rows enough before and after. n: by unit, side, cell."""
    enough = (n >= LEAST_IN_CELL).all(axis=1)
    return enough[0] & enough[1:].any(axis=0)


def left_out(n: np.ndarray, total: np.ndarray, speaks: np.ndarray) -> list[Levels | None]:
    """The levels without each group of customers in turn."""
    whole_n, whole_total = n.sum(axis=-1), total.sum(axis=-1)
    return [levels(whole_n - n[..., g], whole_total - total[..., g], speaks) for g in range(GROUPS)]


def levels(n: np.ndarray, total: np.ndarray, speaks: np.ndarray) -> Levels | None:
    """n, total: by unit, side and cell. Others weigh in a cell by how much their two sides can tell (1/(1/a + 1/b))."""
    n, total = n[:, :, speaks], total[:, :, speaks]
    if not n.shape[2] or not n[0].all():
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nan_to_num(total / n)
        pull = np.nan_to_num(1 / (1 / n[:, 0] + 1 / n[:, 1]))
    others = pull[1:] / np.maximum(pull[1:].sum(axis=0), 1e-12)
    if not pull[1:].sum(axis=0).all():
        return None
    weight = n[0, 1] / n[0, 1].sum()
    own = [float(weight @ mean[0, side]) for side in (0, 1)]
    theirs = [float(weight @ (others * mean[1:, side]).sum(axis=0)) for side in (0, 1)]
    return Levels(*own, *theirs)


def scatter_of_months(panel: Panel, values: np.ndarray) -> float:
    """Pearson's chi-square over its degrees of freedom of the monthly differences inside each side; at least 1."""
    n, total = (found.sum(axis=-1) for found in panel.sums(values))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / n
    rest = values - mean[panel.unit, panel.is_after.astype(int), panel.cell]
    known = ~np.isnan(rest)
    months, code = np.unique(panel.month[known], return_inverse=True)
    side = (panel.unit[known] > 0).astype(int)
    place, size = code * 2 + side, len(months) * 2
    rows = np.bincount(place, minlength=size).reshape(-1, 2)
    sums = np.bincount(place, rest[known], size).reshape(-1, 2)
    squares = np.bincount(side, rest[known] ** 2, 2) / np.maximum(np.bincount(side, minlength=2), 1)
    enough = (rows >= LEAST_IN_MONTH).all(axis=1)
    if enough.sum() < LEAST_MONTHS or not squares.all():
        return 1.0
    rows, sums = rows[enough], sums[enough]
    apart = sums[:, 0] / rows[:, 0] - sums[:, 1] / rows[:, 1]
    variance = squares[0] / rows[:, 0] + squares[1] / rows[:, 1]
    return max(1.0, float((apart**2 / variance).sum() / (enough.sum() - 2)))
