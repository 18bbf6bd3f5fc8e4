"""Signal or noise in a monthly series: Shewhart's chart of single values (XmR), Laney's p' for rates.

The season is taken off; the baseline is frozen on the months before those that are judged.

The season: means of the months of the year, over two years or more of baseline, pulled together by the part of their
spread that noise explains (F ratio; Efron & Morris 1973), so that a series without a season loses nothing but a little
width. What it costs to have estimated season and centre widens the limits. Rules as in stats/limits.py: a point beyond
three, or the last of eight on one side. Sources: Wheeler & Chambers 1992; Laney 2002, Quality Engineering 14(4).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metrics.stats.limits import SPREAD, signals

YEAR = 12
SEASONAL_FROM = 24  # months of baseline that can tell a season
BEYOND = 0.99865  # of a normal distribution lies below three standard deviations


@dataclass(frozen=True)
class Course:
    """Of each month: what was to be expected, its limits, 'high', 'low' or '', and the distance in standard deviations.

    `is_provisional`: too few months before those judged to know the season, so that nothing is called a signal.
    """

    expected: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    signals: tuple[str, ...]
    distances: tuple[float, ...]
    is_provisional: bool


def course(
    values: Sequence[float], months: Sequence[int], judged: Sequence[bool], n: Sequence[float] | None = None
) -> Course | None:
    """`values`: one a month, not a number where none is shown. `months`: of the year, 1 to 12. `n`: of rates.

    None without two months of anything before those judged.
    """
    y, month, is_judged = np.asarray(values, float), np.asarray(months), np.asarray(judged, bool)
    known = np.isfinite(y)
    base = known & ~is_judged
    if base.sum() < 2:
        return None
    effects, kept = season(y, month, base)
    left = y - effects
    size = np.ones(len(y)) if n is None else np.maximum(np.asarray(n, float), 1.0)
    weights = np.where(base, size, 0.0)
    centre = float(np.nansum(np.where(base, left, 0.0) * weights) / weights.sum())
    by_chance = np.ones(len(y)) if n is None else np.sqrt(max(centre * (1 - centre), 1e-12) / size)
    z = (left - centre) / by_chance
    spread = np.abs(np.diff(z[base])).mean() / SPREAD
    spread = spread / np.sqrt(max(0.2, 1 - kept * (YEAR - 1) / base.sum()))
    spread = max(1.0, spread) if n is not None else spread
    width = wider(int(base.sum())) * spread * np.sqrt(1 + 1 / base.sum() + kept**2 / years(month, base))
    if not np.all(width > 0):
        return None
    z = z / width
    is_provisional = bool(base.sum() < SEASONAL_FROM)
    found = [""] * len(y) if is_provisional else signals(np.nan_to_num(z), is_judged & known)
    half = 3 * width * by_chance
    parts = [centre + effects, centre + effects - half, centre + effects + half]
    expected, low, high = (tuple(part.tolist()) for part in parts)
    return Course(expected, low, high, tuple(found), tuple(z.tolist()), is_provisional)


def wider(count: int) -> float:
    """By how much three standard deviations grow when they are themselves estimated, from moving ranges.

    Student's quantile at the 0.62 (count - 1) degrees of freedom of a mean moving range (Wheeler 1995, table 3).
    """
    from scipy.special import stdtrit  # not at the start of a server: few pages need it

    return float(stdtrit(max(2.0, 0.62 * (count - 1)), BEYOND) / 3)


def season(y: np.ndarray, month: np.ndarray, base: np.ndarray) -> tuple[np.ndarray, float]:
    """Effect of each month of the year, and how much of the raw effects was kept (0 to 1)."""
    groups = [y[base & (month == m)] for m in range(1, YEAR + 1)]
    repeated = [g for g in groups if len(g) > 1]
    free = sum(len(g) - 1 for g in repeated)
    if base.sum() < SEASONAL_FROM or len(repeated) < YEAR or not free:
        return np.zeros(len(y)), 0.0
    means = np.array([g.mean() for g in groups])
    counts = np.array([len(g) for g in groups])
    grand = float((means * counts).sum() / counts.sum())
    between = float((counts * (means - grand) ** 2).sum() / (YEAR - 1))
    within = float(sum(((g - g.mean()) ** 2).sum() for g in repeated) / free)
    kept = max(0.0, 1 - within / between) if between > 0 else 0.0
    return (kept * (means - grand))[month - 1], kept


def years(month: np.ndarray, base: np.ndarray) -> np.ndarray:
    """How many months of the baseline each month's season rests on, at least one."""
    counts = np.array([np.sum(base & (month == m)) for m in range(1, YEAR + 1)])
    return np.maximum(counts[month - 1], 1)
