"""Did an action work? How far units where it was done moved from others like them, against what moves by itself.

The outcome of each unit (a region, a team) by month. The gap between the acted on and the compared, after less before,
is a difference in differences; its error comes from how the gap scatters from month to month, widened where months
hang together (AR 1) and where the same calculation, at units and dates at which nothing was done, finds more than that
error allows (randomisation over units and start dates: Conley & Taber 2011, Review of Economics and Statistics 93(1);
Bertrand, Duflo & Mullainathan 2004, QJE 119(1)). Months in which the action was decided are in neither side: actions
follow bad months, and what recovers by itself would look like an effect.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from metrics.stats.intervals import Estimate, t_quantile

LEAST_BEFORE, LEAST_AFTER = 6, 3  # months with a value
LEAST_OTHERS = 3  # units besides those acted on, for chance to have shown what it does
LEAST_SHOWN = 3  # units that are compared when nobody chose them
SURE = 0.05
MOST_HANGING = 0.8
POWER_QUANTILE = 0.8416  # of the normal distribution: four real effects in five would be found


@dataclass(frozen=True)
class Windows:
    """Months compared, as half-open places in the series; what lies between them is left out."""

    before_from: int
    before_to: int
    after_from: int
    after_to: int

    @property
    def before(self) -> slice:
        return slice(self.before_from, self.before_to)

    @property
    def after(self) -> slice:
        return slice(self.after_from, self.after_to)


@dataclass(frozen=True)
class Shift:
    """A change of level with its standard error; months: on both sides together."""

    value: float
    error: float
    months: int

    @property
    def ratio(self) -> float:
        return self.value / self.error

    @property
    def interval(self) -> tuple[float, float]:
        spread = t_quantile(self.months - 2) * self.error
        return self.value - spread, self.value + spread


@dataclass(frozen=True)
class Effect:
    """value with its interval; levels before and after of both sides; what could have been found (80 % power).

    trend: of the gap before, a year, with its interval: 0 when both sides ran in parallel. spread: how many times more
    units without an action move than months explain. p: share of placebos (n_placebos, of n_units other units) that
    moved as far the same way. levels: before and after, of those acted on and of those compared.
    """

    value: Estimate
    detectable: float
    trend: Estimate
    spread: float
    p: float
    n_placebos: int
    n_units: int
    levels: tuple[float, float, float, float]

    @property
    def is_parallel(self) -> bool:
        return self.trend.low is None or self.trend.low <= 0 <= self.trend.high


def gap_of(
    y: np.ndarray, n: np.ndarray, acted: Sequence[int], compared: Sequence[int], before: slice
) -> tuple[np.ndarray, np.ndarray]:
    """The gap by month and its weight. y: unit x month, NaN where nothing is known; n: rows behind.

    Units weigh on their side as much as they had rows before, always the same, so that a change of mix moves nothing.
    """
    (left, left_spread), (right, right_spread) = (side(y, n, units, before) for units in (acted, compared))
    return left - right, 1 / (left_spread + right_spread)


def side(y: np.ndarray, n: np.ndarray, units: Sequence[int], before: slice) -> tuple[np.ndarray, np.ndarray]:
    """Level of some units by month, and what one over their rows comes to; NaN and infinite where none is known."""
    own, rows = y[list(units)], n[list(units)]
    weight = np.where(np.isnan(own), 0.0, rows[:, before].sum(axis=1, keepdims=True))
    total = weight.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        level = np.where(total > 0, (weight * np.nan_to_num(own)).sum(axis=0) / total, np.nan)
        spread = np.where(total > 0, (weight**2 / np.maximum(rows, 1)).sum(axis=0) / total**2, np.inf)
    return level, spread


def shift(gap: np.ndarray, weight: np.ndarray, windows: Windows) -> Shift | None:
    """Change of the weighted mean from before to after; None with too few months, or a gap that never moves."""
    sides = [(gap[part], weight[part]) for part in (windows.before, windows.after)]
    known = [(d[~np.isnan(d)], w[~np.isnan(d)]) for d, w in sides]
    months = [len(d) for d, _ in known]
    if months[0] < LEAST_BEFORE or months[1] < LEAST_AFTER:
        return None
    means = [float(w @ d / w.sum()) for d, w in known]
    rest = [np.sqrt(w) * (d - mean) for (d, w), mean in zip(known, means, strict=True)]
    squares = sum(float(r @ r) for r in rest)
    if squares <= 0:
        return None
    variance = squares / (sum(months) - 2) * sum(1 / w.sum() for _, w in known)
    return Shift(means[1] - means[0], float(variance * hanging(rest, squares)) ** 0.5, sum(months))


def hanging(rest: Sequence[np.ndarray], squares: float) -> float:
    """How many times larger the variance of a mean is, since a month resembles the one before it; at least 1."""
    months = sum(map(len, rest))
    found = sum(float(r[1:] @ r[:-1]) for r in rest) / squares + len(rest) / months
    alike = min(MOST_HANGING, max(0.0, found))
    return (1 + alike) / (1 - alike)


def trend(gap: np.ndarray, weight: np.ndarray, before: slice) -> Estimate | None:
    """Slope of the gap before, a year; 0 where both sides ran in parallel."""
    d, w = gap[before], weight[before]
    known = ~np.isnan(d)
    if known.sum() < LEAST_BEFORE:
        return None
    x, d, w = np.arange(len(d))[known] / 12, d[known], w[known]
    x = x - w @ x / w.sum()
    d = d - w @ d / w.sum()
    room = float(w @ x**2)
    slope = float(w * x @ d) / room
    rest = np.sqrt(w) * (d - slope * x)
    squares = float(rest @ rest)
    error = (squares / (len(d) - 2) / room * (hanging([rest], squares) if squares else 1.0)) ** 0.5
    spread = t_quantile(len(d) - 2) * error
    return Estimate(slope, slope - spread, slope + spread)


def nearest(y: np.ndarray, n: np.ndarray, acted: Sequence[int], others: Sequence[int], before: slice) -> list[int]:
    """Half of the others, at least LEAST_SHOWN: those that ran most alike before, whatever their level."""
    own = side(y, n, acted, before)[0][before]
    apart = []
    for unit in others:
        gap = own - y[unit, before]
        known = ~np.isnan(gap)
        apart.append(float(np.std(gap[known])) if known.sum() >= LEAST_BEFORE else np.inf)
    order = [others[place] for place in np.argsort(apart, kind="stable") if np.isfinite(apart[place])]
    return sorted(order[: max(LEAST_SHOWN, (len(order) + 1) // 2)])


def placebos(y: np.ndarray, n: np.ndarray, others: Sequence[int], windows: Windows) -> Iterator[float]:
    """Ratio of shift and error of every other unit against the rest, at every month from which both sides are known."""
    between, length = windows.after_from - windows.before_to, windows.after_to - windows.after_from
    most = windows.before_to - windows.before_from
    last = y.shape[1] - max(LEAST_AFTER, length // 2)
    for unit in others:
        rest = [other for other in others if other != unit]
        gap, weight = gap_of(y, n, [unit], rest, slice(None))
        for start in range(LEAST_BEFORE + between, last + 1):
            to = start - between
            found = shift(gap, weight, Windows(max(0, to - most), to, start, min(start + length, y.shape[1])))
            if found is not None:
                yield found.ratio


def effect(
    y: np.ndarray, n: np.ndarray, acted: Sequence[int], compared: Sequence[int], others: Sequence[int], windows: Windows
) -> Effect | None:
    """`others`: all units without the action, those compared included. None with too few months or other units."""
    gap, weight = gap_of(y, n, acted, compared, windows.before)
    found, before = shift(gap, weight, windows), trend(gap, weight, windows.before)
    if found is None or before is None or len(others) < LEAST_OTHERS:
        return None
    chance = np.fromiter(placebos(y, n, others, windows), float)
    if not len(chance):
        return None
    spread = max(1.0, float(np.sqrt(np.mean(chance**2))))
    width = t_quantile(found.months - 2) * found.error * spread
    as_far = int((chance * np.sign(found.value) >= abs(found.ratio)).sum())
    levels = [side(y, n, units, windows.before)[0] for units in (acted, compared)]
    return Effect(
        Estimate(found.value, found.value - width, found.value + width),
        width + POWER_QUANTILE * found.error * spread,
        before,
        spread,
        (1 + as_far) / (1 + len(chance)),
        len(chance),
        len(others),
        tuple(float(np.nanmean(level[part])) for level in levels for part in (windows.before, windows.after)),
    )
