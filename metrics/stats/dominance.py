"""What each of several measures tells of an outcome: general dominance, and which of it is above chance.

A measure's share is what it adds to R^2, averaged over every order in which the measures may come in (LMG: Lindeman,
Merenda & Gold 1980; Budescu 1993, Psychological Bulletin 114(3); the Shapley value of R^2). The shares add up to R^2.
Of an outcome that is 0 or 1 this R^2 is Tjur's coefficient of discrimination (Tjur 2009, The American Statistician
63(4)). A share is never negative, so that no bootstrap of it holds zero: whether it is above chance is told by handing
the outcomes out again by lot (Freedman & Lane 1983 for the controls), judged together over the measures (Holm).

A value that was not asked for is NaN: covariances are those of the pairs that are known (planned missing items).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np

from metrics.stats.intervals import Estimate, Z
from metrics.stats.logistic import BLOCKS, draws
from metrics.stats.multiple import holm

REPLICATES, PERMUTATIONS, AT_ONCE = 200, 999, 111
SEED = 1993
ALPHA = 0.05
LEAST_PAIRS = 100  # people who gave both of two answers
RIDGE = 1e-6  # of a variance, so that measures that say the same share what they tell


@dataclass(frozen=True)
class Share:
    """A part of R^2 with its interval; p: of as much by chance; `is_told`: above chance, all judged at once."""

    estimate: Estimate
    p: float
    is_told: bool


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
    x: np.ndarray, y: np.ndarray, controls: np.ndarray, block: np.ndarray, kinds: Sequence[np.ndarray] = ()
) -> Dominance:
    """`x`: (people, measures), NaN where not asked. `controls`: (people, any), held constant. `block`: 0 to 199, which
    people are drawn together. `kinds`: none, or two masks of measures."""
    rest, x = residual(y, controls), np.column_stack([residual(column, controls) for column in x.T])
    left = float(rest @ rest / ((y - y.mean()) @ (y - y.mean())))
    known, filled = ~np.isnan(x), np.nan_to_num(x)
    columns, members = np.column_stack([filled, rest]), np.column_stack([known, np.ones(len(y))])
    products, counts = by_block(columns, block), by_block(members, block)
    drawn = draws(np.random.default_rng(SEED), REPLICATES)
    weights = np.vstack([np.ones(BLOCKS), drawn])
    covariance = covariances(products, counts, weights)
    found = left * spread(covariance, kinds)
    lots = left * by_lot(columns, covariance[0], members, kinds)
    measures = x.shape[1]
    shares = judged(found[:, :measures], lots[:, :measures])
    whole = judged(found[:, -1:], lots[:, -1:])[0]
    told = judged(found[:, measures:-1], lots[:, measures:-1])
    ways = tuple(int(sign) for sign in np.sign(covariance[0, -1, :-1]))
    difference = difference_of(found[:, measures:-1]) if told else None
    return Dominance(shares, ways, whole, 1 - left, told, difference)


def residual(values: np.ndarray, controls: np.ndarray) -> np.ndarray:
    """What a straight line through the controls leaves, among the known."""
    known = ~np.isnan(values)
    design = np.column_stack([np.ones(known.sum()), controls[known]])
    left = np.full(len(values), np.nan)
    left[known] = values[known] - design @ np.linalg.lstsq(design, values[known], rcond=None)[0]
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


def spread(covariance: np.ndarray, kinds: Sequence[np.ndarray]) -> np.ndarray:
    """(draws, measures + kinds + 1): the share of each measure, of each kind, and R^2 of all."""
    measures = covariance.shape[-1] - 1
    explained = explained_by_each_set(covariance)
    parts = [shares_of(measures) @ explained, shares_of_kinds(explained, kinds), explained[-1:]]
    return np.vstack(parts).T


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


def shares_of_kinds(explained: np.ndarray, kinds: Sequence[np.ndarray]) -> np.ndarray:
    """Two kinds of measures, each taken in as one: (2, draws); none without two."""
    if len(kinds) != 2 or not all(kind.any() for kind in kinds):
        return np.empty((0, explained.shape[1]))
    first, second = (explained[int((kind * 2 ** np.arange(len(kind))).sum())] for kind in kinds)
    both = explained[int(((kinds[0] | kinds[1]) * 2 ** np.arange(len(kinds[0]))).sum())]
    return np.stack([first + both - second, second + both - first]) / 2


def by_lot(columns: np.ndarray, covariance: np.ndarray, members: np.ndarray, kinds: Sequence[np.ndarray]) -> np.ndarray:
    """(PERMUTATIONS, ...): what `spread` finds when outcomes belong to anybody."""
    rng, rest = np.random.default_rng(SEED), columns[:, -1]
    pairs, found = members[:, :-1].sum(axis=0), []
    for _ in range(PERMUTATIONS // AT_ONCE):
        lots = rng.permuted(np.broadcast_to(rest, (AT_ONCE, len(rest))), axis=1)
        drawn = np.repeat(covariance[None], AT_ONCE, axis=0)
        drawn[:, -1, :-1] = drawn[:, :-1, -1] = lots @ columns[:, :-1] / pairs
        found.append(spread(drawn, kinds))
    return np.concatenate(found)


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
        Share(Estimate(float(v), float(low), float(high)), float(alone), joint <= ALPHA)
        for v, low, high, alone, joint in zip(value, *ends, p, together, strict=True)
    )


def difference_of(kinds: np.ndarray) -> Estimate:
    values = kinds[:, 0] - kinds[:, 1]
    wide = Z * values[1:].std(ddof=1)
    return Estimate(float(values[0]), float(values[0] - wide), float(values[0] + wide))
