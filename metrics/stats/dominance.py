"""What each of several measures tells of an outcome: general dominance, and which of it is above chance.

A measure's share is what it adds to R^2, averaged over every order in which the measures may come in (LMG: Lindeman,
Merenda & Gold 1980; Budescu 1993, Psychological Bulletin 114(3); the Shapley value of R^2). The shares add up to R^2.
Of an outcome that is 0 or 1 this R^2 is Tjur's coefficient of discrimination (Tjur 2009, The American Statistician
63(4)). A share is never negative, so that no bootstrap of it holds zero: whether it is above chance is told by handing
the outcomes out again by lot (Freedman & Lane 1983 for the controls), judged together over the measures (Holm). What
they then covary with the measures is normal (Hoeffding 1951, Annals of Mathematical Statistics 22(4)), and a share is a
quadratic form of it: a sum of chi-squares, drawn instead of the lots (tests hold it against lots).

A value that was not asked for is NaN: covariances are those of the pairs that are known (planned missing items).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import factorial

import numpy as np

from metrics.stats.intervals import Estimate, Z
from metrics.stats.logistic import BLOCKS, draws
from metrics.stats.multiple import holm

REPLICATES, LOTS = 200, 19_999
SEED = 1993
ALPHA = 0.05
ALIKE = 1e-10  # of the largest variance: controls that differ by less are one
LEAST_LEFT = 1e-4  # of a deviation: a measure of which the controls leave less tells nothing of its own
LEAST_PAIRS = 100  # people who gave both of two answers
RIDGE = 1e-6  # of a variance, so that measures that say the same share what they tell


@dataclass(frozen=True)
class Share:
    """A part of R^2 with its interval; p: of as much by chance; `is_told`: above chance, all judged at once. error:
    standard error of its root by drawing others."""

    estimate: Estimate
    p: float
    is_told: bool
    error: float


@dataclass(frozen=True)
class Dominance:
    """`shares`: of each measure; `whole`: their sum; `controls`: R^2 of the controls alone, before all measures.

    `ways`: sign of each measure's own association with the outcome, the controls held constant.
    `kinds`: of measures of one kind together, two kinds shared out as if they were two measures; `difference`: of the
    first kind less the second; both empty and None unless there are two kinds.
    """

    shares: tuple[Share, ...]
    ways: tuple[int, ...]
    whole: Share
    controls: float
    kinds: tuple[Share, ...]
    difference: Estimate | None


def dominance(
    x: np.ndarray,
    y: np.ndarray,
    controls: np.ndarray,
    block: np.ndarray,
    kinds: Sequence[np.ndarray] = (),
    replicates: int = REPLICATES,
) -> Dominance:
    """`x`: (people, measures), NaN where not asked. `controls`: (people, any), held constant. `block`: 0 to 199, which
    people are drawn together. `kinds`: none, or two masks of measures."""
    rest, x = residual(y[:, None], controls)[:, 0], residual(x, controls)
    left = float(rest @ rest / ((y - y.mean()) @ (y - y.mean())))
    known, filled = ~np.isnan(x), np.nan_to_num(x)
    columns, members = np.column_stack([filled, rest]), np.column_stack([known, np.ones(len(y))])
    products, counts = by_block(columns, block), by_block(members, block)
    drawn = draws(np.random.default_rng(SEED), replicates)
    weights = np.vstack([np.ones(BLOCKS), drawn])
    covariance = covariances(products, counts, weights)
    measures = x.shape[1]
    sets = weights_of(measures, kinds)
    found = left * (sets @ explained_by_each_set(covariance)).T
    lots = left * by_lot(covariance[0], of_lots(products.sum(axis=0), counts.sum(axis=0), columns), sets)
    shares = judged(found[:, :measures], lots[:, :measures])
    whole = judged(found[:, -1:], lots[:, -1:])[0]
    told = judged(found[:, measures:-1], lots[:, measures:-1])
    ways = tuple(int(sign) for sign in np.sign(covariance[0, -1, :-1]))
    difference = difference_of(found[:, measures:-1]) if told else None
    return Dominance(shares, ways, whole, 1 - left, told, difference)


def residual(values: np.ndarray, controls: np.ndarray) -> np.ndarray:
    """(people, any): what straight lines through the controls leave of each column, among its known."""
    left, known = np.full(values.shape, np.nan), ~np.isnan(values)
    for rows in {column.tobytes(): column for column in known.T}.values():
        place = np.ix_(rows, (known == rows[:, None]).all(axis=0))
        design, own = controls[rows] - controls[rows].mean(axis=0), values[place] - values[place].mean(axis=0)
        design = design / np.maximum(np.sqrt((design**2).sum(axis=0)), 1e-300)
        slopes = np.linalg.pinv(design.T @ design, ALIKE, hermitian=True) @ (design.T @ own)
        rest = own - design @ slopes
        left[place] = np.where(rest.std(axis=0) > LEAST_LEFT * own.std(axis=0), rest, 0.0)
    return left


def by_block(columns: np.ndarray, block: np.ndarray) -> np.ndarray:
    """(BLOCKS, columns, columns): sums of products."""
    order = np.argsort(block, kind="stable")
    edges, ordered = np.searchsorted(block[order], np.arange(BLOCKS + 1)), columns[order].astype(float)
    parts = (ordered[first:last] for first, last in zip(edges[:-1], edges[1:], strict=True))
    return np.stack([part.T @ part for part in parts])


def covariances(products: np.ndarray, counts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(draws, columns, columns), each of the pairs known."""
    above, below = (np.tensordot(weights, part, axes=1) for part in (products, counts))
    found = above / np.maximum(below, 1)
    size = found.shape[-1]
    found[:, np.arange(size), np.arange(size)] *= 1 + RIDGE
    return found


def weights_of(measures: int, kinds: Sequence[np.ndarray]) -> np.ndarray:
    """(measures + kinds + 1, 2^measures): what turns R^2 of every set into the share of each measure, of each of two
    kinds taken in as one, and R^2 of all."""
    rows = [*shares_of(measures)]
    if len(kinds) == 2 and all(kind.any() for kind in kinds):
        first, second, both = (one_set(mask) for mask in (*kinds, kinds[0] | kinds[1]))
        rows += [(first + both - second) / 2, (second + both - first) / 2]
    return np.stack([*rows, one_set(np.ones(measures, bool))])


def one_set(mask: np.ndarray) -> np.ndarray:
    """(2^measures,): one for the set of the measures inside a mask."""
    row = np.zeros(2 ** len(mask))
    row[(mask * 2 ** np.arange(len(mask))).sum()] = 1.0
    return row


def explained_by_each_set(covariance: np.ndarray) -> np.ndarray:
    """(2^measures, draws): R^2 of every set of measures, the outcome being the last column; bit k: measure k is in it.

    One measure after the other is left out, or taken in by one step of Gaussian elimination.
    """
    total, left = covariance[:, -1, -1], covariance[None]
    for _ in range(covariance.shape[-1] - 1):
        pivot = left[..., :1, :1]
        ratio = np.divide(left[..., :1, 1:], pivot, out=np.zeros_like(left[..., :1, 1:]), where=pivot > 0)
        out = left[..., 1:, 1:]
        left = np.concatenate([out, out - left[..., 1:, :1] * ratio])
    return np.clip(1 - left[..., 0, 0] / np.maximum(total, 1e-300), 0, 1)


@lru_cache(maxsize=16)
def shares_of(measures: int) -> np.ndarray:
    """(measures, 2^measures): what turns R^2 of every set into the share of each measure."""
    sets = np.arange(2**measures)
    size = np.array([bin(each).count("1") for each in sets])
    orders = [factorial(k) * factorial(measures - k - 1) / factorial(measures) for k in range(measures)]
    weight = np.zeros((measures, len(sets)))
    for k in range(measures):
        inside = sets >> k & 1 == 1
        weight[k, inside] = np.take(orders, size[inside] - 1)
        weight[k, ~inside] = -np.take(orders, size[~inside])
    return weight


def of_lots(products: np.ndarray, counts: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """(measures, measures): how the covariances with an outcome vary that belongs to anybody."""
    n, sums, pairs = len(columns), columns[:, :-1].sum(axis=0), np.maximum(counts[-1, :-1], 1)
    return (products[:-1, :-1] - np.outer(sums, sums) / n) * products[-1, -1] / ((n - 1) * np.outer(pairs, pairs))


def by_lot(covariance: np.ndarray, varies: np.ndarray, sets: np.ndarray) -> np.ndarray:
    """(LOTS, ...): as much of R^2 as `sets` share out when outcomes belong to anybody."""
    measures = len(varies)
    forms = np.tensordot(sets, inverses(covariance[:-1, :-1]), axes=1) / max(covariance[-1, -1], 1e-300)
    size, turn = np.linalg.eigh(varies)
    root = turn * np.sqrt(np.maximum(size, 0))
    scales = np.linalg.eigvalsh(root.T @ forms @ root)
    return chi_squares(measures) @ scales.T


@lru_cache(maxsize=2)
def chi_squares(measures: int) -> np.ndarray:
    return np.random.default_rng(SEED).standard_normal((LOTS, measures)) ** 2


def inverses(covariance: np.ndarray) -> np.ndarray:
    """(2^measures, measures, measures): of the measures of each set, zero elsewhere."""
    measures = len(covariance)
    inside = np.arange(2**measures)[:, None] >> np.arange(measures) & 1 == 1
    inside &= covariance.diagonal() > 0
    both = inside[:, :, None] & inside[:, None, :]
    return np.where(both, np.linalg.inv(np.where(both, covariance, np.eye(measures))), 0.0)


def judged(found: np.ndarray, lots: np.ndarray) -> tuple[Share, ...]:
    """First line of `found`: the value; the others: bootstrap. The interval is the root's, which varies evenly."""
    if not found.shape[1]:
        return ()
    value, error = found[0], np.sqrt(np.maximum(found[1:], 0)).std(axis=0, ddof=1)
    p = (1 + (lots >= value * (1 - 1e-12)).sum(axis=0)) / (1 + len(lots))
    root = np.sqrt(np.maximum(value, 0))
    ends = [np.maximum(root + side * Z * error, 0) ** 2 for side in (-1, 1)]
    together = holm(list(map(float, p)))
    return tuple(
        Share(Estimate(float(v), float(low), float(high)), float(alone), joint <= ALPHA, float(own))
        for v, low, high, alone, joint, own in zip(value, *ends, p, together, error, strict=True)
    )


def difference_of(kinds: np.ndarray) -> Estimate:
    values = kinds[:, 0] - kinds[:, 1]
    wide = Z * values[1:].std(ddof=1)
    return Estimate(float(values[0]), float(values[0] - wide), float(values[0] + wide))
