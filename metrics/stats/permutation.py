"""The slope of one number on another over few units, judged by handing the first out again by lot.

No distribution is assumed: with few teams an asymptotic interval would be too sure. Units are exchanged only inside
their stratum. The interval holds every slope that the permutations do not reject (Fisher 1935; inversion: Garthwaite
1996, Biometrics 52(4)). With centred numbers the statistic at a slope b is A - b B as observed and A' - b B' permuted,
so each permutation overtakes at b = (A - A') / (B - B'), and the ends of the interval are quantiles of these places.
"""

from dataclasses import dataclass

import numpy as np

from metrics.stats.intervals import Estimate

DRAWS, SEED = 4_999, 1935
LEAST_UNITS = 8


@dataclass(frozen=True)
class Slope:
    """Of y on x within strata, two-sided p; n: units in strata of two or more."""

    estimate: Estimate
    p: float
    n: int


def slope(x: np.ndarray, y: np.ndarray, strata: np.ndarray, variance: np.ndarray) -> Slope | None:
    """`variance`: of the error of each y. Units weigh as much as they are known (random effects).

    None with fewer than LEAST_UNITS units to compare, or an x that is the same for all of a stratum.
    """
    _, place, sizes = np.unique(strata, return_inverse=True, return_counts=True)
    kept = sizes[place] > 1
    if kept.sum() < LEAST_UNITS:
        return None
    place = np.unique(place[kept], return_inverse=True)[1]
    weight = precision(y[kept], variance[kept], place)
    x, y = (centred(values[kept], weight, place) for values in (x, y))
    a, b = float(weight * x @ y), float(weight * x @ x)
    if np.isclose(b, 0):
        return None
    drawn = permuted(x, place)
    drawn_a, drawn_b = drawn @ (weight * y), drawn @ (weight * x)
    p = float((1 + (np.abs(drawn_a) >= abs(a) * (1 - 1e-12)).sum()) / (DRAWS + 1))
    moved = b - drawn_b > 1e-9 * b
    low, high = np.quantile((a - drawn_a[moved]) / (b - drawn_b[moved]), [0.025, 0.975])
    return Slope(Estimate(a / b, float(low), float(high)), p, int(kept.sum()))


def precision(y: np.ndarray, variance: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Inverse of the variance between units plus that of each (DerSimonian & Laird 1986)."""
    alone = 1 / variance
    q = float(alone @ centred(y, alone, place) ** 2)
    per_stratum = np.bincount(place, alone)
    usual = float(alone.sum() - (np.bincount(place, alone**2) / per_stratum).sum())
    between = max(0.0, (q - (len(y) - len(per_stratum))) / usual)
    return 1 / (between + variance)


def centred(values: np.ndarray, weight: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Less the weighted mean of their stratum; `place` counts the strata from 0 without a hole."""
    return values - (np.bincount(place, weight * values) / np.bincount(place, weight))[place]


def permuted(x: np.ndarray, place: np.ndarray) -> np.ndarray:
    """x handed out again inside each stratum, DRAWS times: one row a draw."""
    rng = np.random.default_rng(SEED)
    drawn = np.empty((DRAWS, len(x)))
    for stratum in range(place.max() + 1):
        inside = np.flatnonzero(place == stratum)
        drawn[:, inside] = rng.permuted(np.broadcast_to(x[inside], (DRAWS, len(inside))), axis=1)
    return drawn
