"""Answers weighted until they stand for all customers: raking to the margins of what is known of everybody.

Deming & Stephan 1940 (Annals of Mathematical Statistics 11(4)). It puts right who answers as far as the margins tell
it, and nothing else: within a margin's level, those who do not answer are taken to be like those who do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metrics.stats.intervals import Estimate, around, t_quantile
from metrics.stats.jackknife import error_of

ROUNDS = 200
CLOSE = 1e-6  # of all answers, in any level
LEAST_ANSWERS = 20  # a level with fewer is put together with the next smallest of its variable


@dataclass(frozen=True)
class Raked:
    """Means of answers, raw and weighted, and the weighted less the raw; all by leaving out groups of customers."""

    raw: Estimate
    weighted: Estimate
    shift: Estimate
    design_effect: float
    is_converged: bool


def collapsed(codes: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Codes of a variable with its small levels put together, smallest first, until each has enough answers."""
    codes = codes.copy()
    while True:
        counts = np.bincount(codes, answers, minlength=int(codes.max()) + 1)
        present = np.unique(codes)
        order = present[np.argsort(counts[present], kind="stable")]
        if len(order) < 2 or counts[order[0]] >= LEAST_ANSWERS:
            return np.unique(codes, return_inverse=True)[1]
        codes[codes == order[0]] = order[1]


def weights(
    answers: np.ndarray, goals: Sequence[np.ndarray], levels: Sequence[np.ndarray], start: np.ndarray
) -> tuple[np.ndarray, bool]:
    """Weight of an answer in each cell, mean 1 over answers, and whether every margin was met.

    goals: share of customers in each level; a level without answers keeps none. Begins from the weights `start`.
    """
    w, total = start, answers.sum()
    for _ in range(ROUNDS):
        furthest = 0.0
        for codes, goal in zip(levels, goals, strict=True):
            now = np.bincount(codes, answers * w, minlength=len(goal)) / total
            factor = np.divide(goal, now, out=np.ones(len(goal)), where=now > 0)
            furthest = max(furthest, float(np.abs(now * (factor - 1)).max()))
            w = w * factor[codes]
        w = w * total / (answers @ w)
        if furthest < CLOSE:
            return w, True
    return w, False


def raked(answers: np.ndarray, total: np.ndarray, customers: np.ndarray, levels: Sequence[np.ndarray]) -> Raked:
    """answers, sum of their values: cells x groups of customers; customers: all of each cell, answered or not."""
    n, worth = answers.sum(axis=1), total.sum(axis=1)
    levels = [collapsed(codes, n) for codes in levels]
    goals = [np.bincount(codes, customers) / customers.sum() for codes in levels]
    spoken = n > 0
    n, worth, answers, total = n[spoken], worth[spoken], answers[spoken], total[spoken]
    levels = [codes[spoken] for codes in levels]
    w, is_converged = weights(n, goals, levels, np.ones(len(n)))
    whole, without = means(n, worth, w), []
    for group in range(answers.shape[1]):
        kept = n - answers[:, group]
        without.append(means(kept, worth - total[:, group], weights(kept, goals, levels, w)[0]))
    spread = t_quantile(answers.shape[1] - 1)
    raw, weighted, shift = (
        around(value, spread * error_of([values[place] for values in without])) for place, value in enumerate(whole)
    )
    return Raked(raw, weighted, shift, float(n.sum() * (n @ w**2) / (n @ w) ** 2), is_converged)


def means(answers: np.ndarray, total: np.ndarray, w: np.ndarray) -> tuple[float, float, float]:
    raw, weighted = float(total.sum() / answers.sum()), float((total * w).sum() / (answers * w).sum())
    return raw, weighted, weighted - raw
