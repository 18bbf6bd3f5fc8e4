"""Spearman's correlation inside strata, and a rate by decile of rank, with bootstrap intervals by customer.

Ranks are taken inside each stratum (reason and channel, say), so that neither the correlation nor the deciles can
come from a mix of strata. Customers fall into BLOCKS by a hash and whole blocks are drawn again (the cluster bootstrap:
Davison & Hinkley 1997, 3.8); with hundreds of blocks it says the same as drawing customers one by one.
"""

from dataclasses import dataclass

import numpy as np

from metrics.stats.intervals import Estimate

BLOCKS = 400
DRAWS = 500
DECILES = 10
SEED = 7
LEAST = 30  # rows, for a correlation


@dataclass(frozen=True)
class Ranked:
    """Rows with their rank inside the stratum (0 to 1, ties share it), the 0/1 outcome, stratum and block."""

    rank: np.ndarray
    outcome: np.ndarray
    stratum: np.ndarray
    block: np.ndarray

    def only(self, kept: np.ndarray) -> "Ranked":
        return Ranked(self.rank[kept], self.outcome[kept], self.stratum[kept], self.block[kept])


def ranks_within(values: np.ndarray, stratum: np.ndarray) -> np.ndarray:
    """Mid-ranks inside each stratum, from just above 0 to just below 1."""
    from scipy.stats import rankdata

    ranks = np.empty(len(values))
    order = np.argsort(stratum, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(stratum[order])) + 1):
        if len(part):
            ranks[part] = (rankdata(values[part]) - 0.5) / len(part)
    return ranks


def draws_of_blocks(seed: int = SEED) -> np.ndarray:
    """How often each block is drawn, by draw."""
    return np.random.default_rng(seed).multinomial(BLOCKS, np.full(BLOCKS, 1 / BLOCKS), DRAWS).astype(float)


def correlation(rows: Ranked, weights: np.ndarray) -> Estimate | None:
    """Spearman's rho of rank and outcome, pooled inside strata; None with too few rows or nothing that varies."""
    if len(rows.rank) < LEAST:
        return None
    _, stratum = np.unique(rows.stratum, return_inverse=True)
    size = int(stratum.max()) + 1
    x, y = rows.rank, rows.outcome
    place = stratum * BLOCKS + rows.block
    sums = [
        np.bincount(place, value, size * BLOCKS).reshape(size, BLOCKS)
        for value in (np.ones_like(x), x, y, x * x, x * y, y * y)
    ]
    value = float(pooled([part.sum(axis=1)[:, None] for part in sums])[0])
    if np.isnan(value):
        return None
    drawn = pooled([part @ weights.T for part in sums])
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return Estimate(value, float(low), float(high))


def pooled(sums: list[np.ndarray]) -> np.ndarray:
    """Correlation inside strata, for each draw. sums: n, x, y, xx, xy, yy, each by stratum and draw."""
    n, x, y, xx, xy, yy = sums
    n = np.maximum(n, 1e-9)
    with np.errstate(invalid="ignore", divide="ignore"):
        together = (xy - x * y / n).sum(axis=0)
        return together / np.sqrt((xx - x * x / n).sum(axis=0) * (yy - y * y / n).sum(axis=0))


def rates_by_decile(rows: Ranked, weights: np.ndarray) -> list[tuple[Estimate, int]]:
    """Rate and n of each tenth of the ranks, the lowest first; an empty tenth has a rate of NaN."""
    decile = decile_of(rows.rank)
    place = decile * BLOCKS + rows.block
    n = np.bincount(place, minlength=DECILES * BLOCKS).reshape(DECILES, BLOCKS)
    hits = np.bincount(place, rows.outcome, DECILES * BLOCKS).reshape(DECILES, BLOCKS)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = hits.sum(axis=1) / n.sum(axis=1)
        drawn = (hits @ weights.T) / (n @ weights.T)
    ends = np.nanquantile(drawn, [0.025, 0.975], axis=1) if len(rows.rank) else np.full((2, DECILES), np.nan)
    return [
        (Estimate(float(v), float(low), float(high)), int(count))
        for v, low, high, count in zip(value, *ends, n.sum(axis=1), strict=True)
    ]


def decile_of(rank: np.ndarray) -> np.ndarray:
    """0 to 9."""
    return np.minimum((rank * DECILES).astype(int), DECILES - 1)
