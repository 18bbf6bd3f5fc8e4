"""How well a probability tells who will: ranking (AUC), exactness (Brier), and what calling the most likely catches.

Rows may carry weights, so that a bootstrap replicate is a line of weights. Ties share their ranks.
"""

from typing import NamedTuple

import numpy as np

TOP = 0.1


class Scores(NamedTuple):
    """auc: probability that a random one who did ranks above a random one who did not (Hanley & McNeil 1982).
    brier: mean squared error of the probability. caught: share who did among the TOP most likely; lift: the same over
    the share of all."""

    auc: float
    brier: float
    caught: float
    lift: float


def scores(p: np.ndarray, y: np.ndarray, weight: np.ndarray) -> Scores:
    order = np.argsort(-p)
    p, y, weight = p[order], y[order], weight[order]
    caught, whole = share_of_top(y, weight), float(weight @ y / weight.sum())
    return Scores(auc_of(p, y, weight), float(weight @ (p - y) ** 2 / weight.sum()), caught, caught / whole)


def auc_of(p: np.ndarray, y: np.ndarray, weight: np.ndarray) -> float:
    """`p` falling."""
    did = np.cumsum(weight * y)
    did_not = np.cumsum(weight * (1 - y))
    last = np.append(p[1:] != p[:-1], True)
    did, did_not = np.append(0.0, did[last]), np.append(0.0, did_not[last])
    area = np.sum(np.diff(did_not) * (did[1:] + did[:-1])) / 2
    return float(area / (did[-1] * did_not[-1]))


def share_of_top(y: np.ndarray, weight: np.ndarray) -> float:
    """Share who did among the first TOP of the weight; the row at the edge counts in part."""
    reached = np.cumsum(weight)
    inside = np.clip(reached[-1] * TOP - (reached - weight), 0, weight)
    return float(inside @ y / inside.sum())


class Decile(NamedTuple):
    predicted: float
    observed: float
    n: int


def calibration(p: np.ndarray, y: np.ndarray, groups: int = 10) -> list[Decile]:
    """Groups of equal size by predicted probability: mean predicted, share observed, rows."""
    parts = np.array_split(np.argsort(p, kind="stable"), groups)
    return [Decile(float(p[part].mean()), float(y[part].mean()), len(part)) for part in parts if len(part)]
