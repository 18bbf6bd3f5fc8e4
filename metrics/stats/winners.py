"""Which comes first, and how surely, when many are compared: estimates shrunk to zero, ranks by simulation.

The largest of many is partly a winner of luck: estimates are pulled to zero by the part of their spread that noise
explains (empirical Bayes, the prior's variance by DerSimonian & Laird 1986, Controlled Clinical Trials 7, centred on
zero: nothing is taken to have an effect until it shows). Ranks are then those of draws from what is left to believe.
A lone large effect among nothing is pulled too far: its lower end errs on the safe side, its upper end does not hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metrics.stats.intervals import Z

DRAWS = 20_000
SEED = 5


@dataclass(frozen=True)
class Ranked:
    """An estimate after shrinking, its interval; how surely it is the largest, and between which ranks it lies."""

    value: float
    low: float
    high: float
    p_first: float
    best_rank: int
    worst_rank: int


def ranked(values: Sequence[float], errors: Sequence[float], weights: Sequence[float]) -> tuple[Ranked, ...]:
    """`values` and their standard errors are shrunk together; each is then multiplied by its `weight`, and ranked."""
    value, error, weight = (np.asarray(numbers, float) for numbers in (values, errors, weights))
    if not len(value):
        return ()
    kept = shrinkage(value, error)
    middle, spread = weight * kept * value, weight * np.sqrt(kept) * error
    draws = middle + spread * np.random.default_rng(SEED).standard_normal((DRAWS, len(value)))
    ranks = 1 + np.argsort(np.argsort(-draws, axis=1), axis=1)
    return tuple(
        Ranked(
            float(middle[i]),
            float(middle[i] - Z * spread[i]),
            float(middle[i] + Z * spread[i]),
            float(np.mean(ranks[:, i] == 1)),
            int(np.quantile(ranks[:, i], 0.025, method="lower")),
            int(np.quantile(ranks[:, i], 0.975, method="higher")),
        )
        for i in range(len(value))
    )


def shrinkage(value: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Part of each estimate that is kept, 0 to 1; also the part of its variance that remains.

    The prior is never taken for narrower than half a typical error: its width is an estimate too, and one of nothing
    would make everything certain.
    """
    precision = 1 / error**2
    between = float((precision * value**2).sum() - len(value)) / float(precision.sum())
    between = max(between, float(np.median(error)) ** 2 / 4)
    return between / (between + error**2)
