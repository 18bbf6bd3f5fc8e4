"""95 % intervals of a difference between two independent samples: now minus before.

The same people asked twice, or a part against its whole, are not independent: where one customer weighs in both periods
these intervals are too wide (the two move together), never too narrow. metrics/stats/jackknife.py has the paired kind.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

from metrics.stats.intervals import Estimate, Z, t_quantile, variance_of

NORMAL = NormalDist()


@dataclass(frozen=True)
class Change:
    """A difference, its interval, and the two-sided p-value that decides when many are compared at once."""

    value: float
    low: float | None = None
    high: float | None = None
    p: float | None = None

    @property
    def is_signal(self) -> bool | None:
        """The interval excludes 0; None when there is no interval."""
        return None if self.low is None or self.high is None else self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Sample:
    """Sums over n rows: `total` of the values, `squares` of their squares."""

    total: float
    squares: float
    n: float
    design_effect: float = 1.0

    @property
    def mean(self) -> float:
        return self.total / self.n

    @property
    def effective(self) -> float:
        return self.n / self.design_effect


def nps_change(now: Sample, before: Sample) -> Change:
    """Difference of two Net Promoter Scores (-2 to 2) of answers worth 1, 0, -1.

    Variance (p + d - (p - d)^2) / n a side (METRICS nps_change; STATISTICS 11); p + d is the mean square, p - d the
    mean. A side on which everybody answered alike has variance 0: it gets that of the adjusted counts of Rocks 2016, so
    that a handful of answers never looks certain.
    """
    value = now.mean - before.mean
    return by_error(value, math.sqrt(sum(nps_variance(side) for side in (now, before))), -2, 2)


def nps_variance(side: Sample) -> float:
    spread, n = side.squares / side.n - side.mean**2, side.effective
    if spread <= 0:
        p_plus_d, difference = (side.squares / side.n * n + 1.5) / (n + 3), side.mean * n / (n + 3)
        return (p_plus_d - difference**2) / (n + 3)
    return spread / n


def welch(now: Sample, before: Sample) -> Change:
    """Difference of two means (Welch 1947, Biometrika 34; degrees of freedom by Satterthwaite); none below 2 rows."""
    value = now.mean - before.mean
    if min(now.effective, before.effective) < 2:
        return Change(value)
    parts = [(variance_of(s.total, s.squares, s.n) / s.effective, s.effective - 1) for s in (now, before)]
    error = math.sqrt(sum(part for part, _ in parts))
    if error == 0:
        return Change(value, value, value, 0.0 if value else 1.0)
    degrees = error**4 / sum(part**2 / df for part, df in parts)
    return by_error(value, error * t_quantile(degrees) / Z)


def recovered(now: Estimate, before: Estimate) -> Change:
    """Difference from the intervals of both sides (MOVER, Zou & Donner 2008, Statistics in Medicine 27).

    With Wilson intervals it is Newcombe's method 10 for two rates (1998, Statistics in Medicine 17).
    """
    value = now.value - before.value
    if None in (now.low, now.high, before.low, before.high):
        return Change(value)
    low = value - math.hypot(now.value - now.low, before.high - before.value)
    high = value + math.hypot(now.high - now.value, before.value - before.low)
    toward_zero = value - low if value > 0 else high - value
    return Change(value, low, high, p_value(value, toward_zero / Z))


def by_error(value: float, error: float, least: float = -math.inf, most: float = math.inf) -> Change:
    """Normal interval of a standard error, cut at what is possible."""
    return Change(value, max(least, value - Z * error), min(most, value + Z * error), p_value(value, error))


def p_value(value: float, error: float) -> float:
    """Two-sided, normal."""
    if error <= 0:
        return 0.0 if value else 1.0
    return 2 * NORMAL.cdf(-abs(value) / error)
