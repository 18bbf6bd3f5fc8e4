"""How readily customers answer, by what is known of all of them: is who answers like who does not?

Logistic regression on cells: customers alike in everything known are one row (exactly the fit of the single rows), so
its cost does not grow with their number. Own Newton steps rather than a library: the information matrix that the bias
correction needs comes with them, and refits without a group of customers start from the whole fit.

R-indicator of Schouten, Cobben & Bethlehem 2009 (Survey Methodology 35(1)): 1 - 2 S, S the standard deviation of the
propensities; 1: those who answer are like all, 0: as unlike as can be. Fitted propensities vary by chance too, which
makes S too large: corrected as in Shlomo, Skinner & Schouten 2012 (JSPI 142(1)) for all customers instead of a sample.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metrics.stats.intervals import Estimate, t_quantile
from metrics.stats.jackknife import error_of

STEPS = 40
CLOSE = 1e-8
RIDGE = 1e-4  # holds a level in which everybody or nobody answered


@dataclass(frozen=True)
class Propensity:
    """Fitted share that answers in each cell, the mean, and the corrected variance over customers (can be below 0)."""

    share: np.ndarray
    mean: float
    variance: float
    coefficients: np.ndarray

    @property
    def deviation(self) -> float:
        return max(0.0, self.variance) ** 0.5

    def most_bias(self, deviation_of_answers: float) -> float:
        """The bias of a mean of answers is at most this, as far as what is known tells who answers (Schouten 2009)."""
        return self.deviation / self.mean * deviation_of_answers


def design(levels: Sequence[np.ndarray]) -> np.ndarray:
    """Cells x (1 + levels less one for each variable): intercept and indicators; levels are codes from 0."""
    columns = [np.ones(len(levels[0]))] if len(levels) else []
    columns += [(codes == code).astype(float) for codes in levels for code in range(1, int(codes.max()) + 1)]
    return np.stack(columns, axis=1)


def propensity(x: np.ndarray, n: np.ndarray, heard: np.ndarray) -> Propensity:
    """x: design(); n customers and how many of them answered in each cell."""
    b = np.zeros(x.shape[1])
    for _ in range(STEPS):
        share = shares_of(x, b)
        step = np.linalg.solve(information(x, n, share), x.T @ (heard - n * share) - RIDGE * b)
        b = b + step
        if np.abs(step).max() < CLOSE:
            break
    share = shares_of(x, b)
    return with_variance(x, n, b, np.linalg.inv(information(x, n, share)))


def shares_of(x: np.ndarray, b: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x @ b, -30, 30)))


def information(x: np.ndarray, n: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Fisher's, with the ridge."""
    return x.T @ ((n * share * (1 - share))[:, None] * x) + RIDGE * np.eye(x.shape[1])


def with_variance(x: np.ndarray, n: np.ndarray, b: np.ndarray, inverse: np.ndarray) -> Propensity:
    """The fit with the variance of its propensities, less what chance adds to it; inverse: of the information."""
    share = shares_of(x, b)
    mean = float(np.average(share, weights=n))
    by_chance = (share * (1 - share)) ** 2 * ((x @ inverse) * x).sum(axis=1)
    return Propensity(share, mean, float(np.average((share - mean) ** 2 - by_chance, weights=n)), b)


def r_indicator(x: np.ndarray, n: np.ndarray, heard: np.ndarray) -> tuple[Propensity, Estimate]:
    """n, heard: cells x groups of customers. The interval leaves out groups in turn, on the scale of the variance.

    Without a group the fit moves by one Newton step from the whole fit (Pregibon 1981, Annals of Statistics 9(4)).
    """
    size, answered = n.sum(axis=1), heard.sum(axis=1)
    whole = propensity(x, size, answered)
    known, variances = information(x, size, whole.share), []
    for group in range(n.shape[1]):
        lost = n[:, group] > 0
        gone = (x[lost], n[lost, group], whole.share[lost])
        inverse = np.linalg.inv(known - information(*gone) + RIDGE * np.eye(x.shape[1]))
        step = inverse @ (gone[0].T @ (heard[lost, group] - gone[1] * gone[2]))
        variances.append(with_variance(x, size - n[:, group], whole.coefficients - step, inverse).variance)
    spread = t_quantile(n.shape[1] - 1) * error_of(variances)
    ends = (whole.variance + spread, whole.variance - spread)
    return whole, Estimate(*(1 - 2 * max(0.0, v) ** 0.5 for v in (whole.variance, *ends)))


def unconditional(share: np.ndarray, n: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Partial R-indicator of each level of a variable: below 0 it is heard less than all (Schouten et al. 2011).

    Schouten, Shlomo & Skinner 2011 (Journal of Official Statistics 27(2)): root of the level's share of customers times
    how far its mean propensity lies from that of all.
    """
    size, total = np.bincount(codes, n), np.bincount(codes, n * share)
    means = np.divide(total, size, out=np.zeros(len(size)), where=size > 0)
    return np.sqrt(size / n.sum()) * (means - np.average(share, weights=n))


def conditional(share: np.ndarray, n: np.ndarray, others: Sequence[np.ndarray]) -> float:
    """What a variable adds among customers alike in all `others`: the deviation of propensities inside those cells."""
    if not others:
        return float(np.sqrt(np.average((share - np.average(share, weights=n)) ** 2, weights=n)))
    _, cell = np.unique(np.stack(others), axis=1, return_inverse=True)
    cell = cell.ravel()
    means = np.bincount(cell, n * share) / np.bincount(cell, n)
    return float(np.sqrt(np.average((share - means[cell]) ** 2, weights=n)))
