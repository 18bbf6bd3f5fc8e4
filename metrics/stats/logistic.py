"""Logistic regression with a ridge, by Newton's method, and what it becomes when other customers are drawn.

A customer belongs to one of BLOCKS groups. The gradient and the curvature of the likelihood are kept for each group, so
a bootstrap over groups refits by one Newton step from the full fit, with the replicate's own gradient and curvature
(the one-step bootstrap: Davidson & MacKinnon 1999, International Economic Review 40(2)). Tests compare it with a full
refit, and the full fit with scikit-learn.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

BLOCKS = 200
STEPS = 25
CLOSE = 1e-5


@dataclass(frozen=True)
class Design:
    """Columns brought to mean 0 and deviation 1 as they are in training, with a constant first."""

    mean: np.ndarray
    deviation: np.ndarray

    @classmethod
    def of(cls, columns: np.ndarray) -> "Design":
        deviation = columns.std(axis=0)
        return cls(columns.mean(axis=0), np.where(deviation > 0, deviation, np.inf))

    def matrix(self, columns: np.ndarray) -> np.ndarray:
        scaled = (columns - self.mean) / self.deviation
        return np.column_stack([np.ones(len(columns)), scaled])


@dataclass(frozen=True)
class Fitted:
    """Coefficients of standardised columns, constant first; `gradients` and `curvatures`: one of each group."""

    coefficients: np.ndarray
    penalty: np.ndarray
    gradients: np.ndarray
    curvatures: np.ndarray

    def refitted(self, weights: np.ndarray) -> np.ndarray:
        """One line of coefficients for each line of weights (how often each group was drawn)."""
        size = len(self.penalty)
        curvature = (weights @ self.curvatures.reshape(len(self.curvatures), -1)).reshape(-1, size, size)
        gradient = weights @ self.gradients - self.penalty * self.coefficients
        step = np.linalg.solve(curvature + np.diag(self.penalty), gradient[:, :, None])[:, :, 0]
        return self.coefficients + step


def fitted(x: np.ndarray, y: np.ndarray, block: np.ndarray, ridge: float) -> Fitted:
    """`x`: a constant, then standardised columns. `ridge`: weight of the squared coefficients, the constant's left out.

    The curvature is computed in single precision (it only leads the way), the gradient in double.
    """
    penalty = np.full(x.shape[1], float(ridge))
    penalty[0] = 1e-9
    order = np.argsort(block, kind="stable")
    x, y, block = x[order], y[order], block[order]
    single, coefficients = x.astype(np.float32), np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = probability(x @ coefficients)
        curvature = curvature_of(single, p) + np.diag(penalty)
        step = np.linalg.solve(curvature, x.T @ (y - p) - penalty * coefficients)
        coefficients = coefficients + step
        if np.abs(step).max() < CLOSE:
            break
    p = probability(x @ coefficients)
    edges = np.searchsorted(block, np.arange(BLOCKS + 1))
    parts = [slice(first, last) for first, last in pairwise(edges)]
    gradients = np.stack([(y - p)[part] @ x[part] for part in parts])
    return Fitted(coefficients, penalty, gradients, np.stack([curvature_of(single[part], p[part]) for part in parts]))


def curvature_of(x: np.ndarray, p: np.ndarray) -> np.ndarray:
    weighted = x * np.sqrt(p * (1 - p)).astype(np.float32)[:, None]
    return weighted.T @ weighted


def probability(score: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(score, -30, 30)))


def draws(rng: np.random.Generator, replicates: int) -> np.ndarray:
    """How often each group is drawn in each replicate, as many groups as there are."""
    return rng.multinomial(BLOCKS, np.full(BLOCKS, 1 / BLOCKS), replicates).astype(float)
