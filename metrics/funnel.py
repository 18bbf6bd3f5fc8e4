"""A funnel instead of a league table: small teams stray further from the company's figure by chance alone.

Limits are where 95 % and 99.8 % of groups of a size would fall if they differed by chance, from the spread that the
groups' own intervals tell of, and by no more than groups of their kind differ anyway (stats/spread.py).
Source: Spiegelhalter 2005, Statistics in Medicine 24(8).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from metrics.query import Measurement
from metrics.stats.spread import between

INNER, OUTER = 1.959964, 3.090232  # normal quantiles of 95 % and 99.8 %
LEAST_GROUPS = 5
STEPS = 40


@dataclass(frozen=True)
class Funnel:
    """`center`: the company's value. `spread`: standard deviation of one row. `apart`: variance between groups beyond
    chance. `outside`: groups beyond 99.8 %."""

    center: float
    spread: float
    apart: float
    groups: tuple[Measurement, ...]
    outside: tuple[Measurement, ...]

    def limit(self, n: float, quantile: float) -> float:
        """Distance from the center within which groups of n rows stay."""
        return quantile * self.deviation(n)

    def deviation(self, n: float) -> float:
        """Standard deviation of groups of n rows."""
        return math.sqrt(self.spread**2 / n + self.apart)

    def curve(self, quantile: float) -> list[tuple[float, float]]:
        """(n, distance) along the sizes that occur, evenly on the scale of n."""
        least, most = min(g.n for g in self.groups), max(g.n for g in self.groups)
        sizes = [least + (most - least) * step / STEPS for step in range(STEPS + 1)] if most > least else [least]
        return [(n, self.limit(n, quantile)) for n in sizes]


def funnel(whole: Measurement, groups: Sequence[Measurement]) -> Funnel | None:
    """None for fewer than five groups with an interval, or without a value of the whole."""
    told = tuple(g for g in groups if g.value is not None and g.n and None not in (g.low, g.high) and g.high > g.low)
    if whole.value is None or len(told) < LEAST_GROUPS:
        return None
    spread = median((g.high - g.low) / (2 * INNER) * math.sqrt(g.n) for g in told)
    excess = np.array([g.value - whole.value for g in told])
    error = np.array([spread / math.sqrt(g.n) for g in told])
    found = Funnel(whole.value, spread, between(excess, error), told, ())
    outside = tuple(g for g in told if abs(g.value - whole.value) > found.limit(g.n, OUTER))
    return replace(found, outside=outside)
