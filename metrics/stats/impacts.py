"""What the answers on a theme cost a rate: the rate of all answers minus that of the answers not on the theme.

Negative: with those answers the rate is lower. Thematic's rule (impact of a theme on NPS). Its interval leaves out
groups of customers in turn (delete-a-group jackknife, metrics/stats/jackknife.py), so that all answers of a customer,
on however many themes, move together, and the same customers in two periods are compared as pairs.
"""

from dataclasses import dataclass

import numpy as np

from metrics.stats.changes import p_value
from metrics.stats.intervals import Z, t_quantile


@dataclass(frozen=True)
class Sums:
    """By group of customers: of all answers (G,), of those on each theme (themes, G). `net` sums what is averaged."""

    net: np.ndarray
    n: np.ndarray
    net_on: np.ndarray
    n_on: np.ndarray


@dataclass(frozen=True)
class Impacts:
    """One number a theme, nan where there is none; `p` two-sided, of the value being zero."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p: np.ndarray


def impacts(sums: Sums) -> Impacts:
    """Of every theme at once."""
    return judged(*replicated(sums))


def impact_changes(now: Sums, before: Sums) -> Impacts:
    """Impact now minus impact before, over the same groups of customers."""
    (value, without), (former, former_without) = replicated(now), replicated(before)
    return judged(value - former, without - former_without)


def replicated(sums: Sums) -> tuple[np.ndarray, np.ndarray]:
    """The impacts (themes,), and those without each group in turn (themes, G)."""
    net, n, net_on, n_on = (part.astype(float) for part in (sums.net, sums.n, sums.net_on, sums.n_on))
    whole = impact(net.sum(), n.sum(), net_on.sum(axis=1), n_on.sum(axis=1))
    apart = [net.sum() - net, n.sum() - n, *(part.sum(axis=1, keepdims=True) - part for part in (net_on, n_on))]
    return whole, impact(*apart)


def impact(net: np.ndarray, n: np.ndarray, net_on: np.ndarray, n_on: np.ndarray) -> np.ndarray:
    """nan where nothing is left on a side."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = net / n - (net - net_on) / (n - n_on)
    return np.where((n > 0) & (n - n_on > 0), found, np.nan)


def judged(value: np.ndarray, without: np.ndarray) -> Impacts:
    groups = without.shape[1]
    spread = ((without - without.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    error = np.sqrt((groups - 1) / groups * spread)
    wide = t_quantile(groups - 1) * error
    as_normal = wide / Z  # so that p is below 0.05 where the interval leaves out 0
    p = np.array([p_value(v, e) if e > 0 else np.nan for v, e in zip(value, as_normal, strict=True)])
    return Impacts(value, value - wide, value + wide, p)
