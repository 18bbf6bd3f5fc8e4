"""Many comparisons at once."""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from metrics.stats.intervals import Estimate, Z


def benjamini_hochberg(p_values: Sequence[float], false_discovery: float = 0.05) -> tuple[bool, ...]:
    """Which tests to believe so that at most `false_discovery` of those believed are false, on average.

    Benjamini & Hochberg 1995 (JRSS B 57(1)), for independent or positively dependent tests.
    """
    m = len(p_values)
    limit = max((p for rank, p in enumerate(sorted(p_values), 1) if p <= false_discovery * rank / m), default=-1.0)
    return tuple(p <= limit for p in p_values)


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """p-values that hold for all tests at once, whatever their dependence (Holm 1979, Scandinavian J. Statistics 6)."""
    m, least, found = len(p_values), 0.0, [1.0] * len(p_values)
    for rank, place in enumerate(sorted(range(m), key=lambda i: p_values[i])):
        least = max(least, min(1.0, (m - rank) * p_values[place]))
        found[place] = least
    return tuple(found)


def widened(found: Estimate, looks: int) -> Estimate:
    """The interval that holds for all of so many looked at (Bonferroni), by the half-widths of the single one."""
    times = NormalDist().inv_cdf(1 - 0.025 / max(1, looks)) / Z
    ends = (found.value - times * (found.value - found.low), found.value + times * (found.high - found.value))
    return Estimate(found.value, *ends)


def apart(values: np.ndarray, errors: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of groups without a member in common, each less the mean of the others by their sizes; its standard error."""
    shares = np.where(np.eye(len(values), dtype=bool), 0.0, sizes)
    shares = shares / shares.sum(axis=1, keepdims=True)
    return values - shares @ values, np.sqrt(errors**2 + shares**2 @ errors**2)
