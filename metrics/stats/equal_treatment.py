"""Is everyone treated the same, whatever their level (a value tier), when like is compared with like?

Outcomes of events are compared within cells (same reason, channel, quarter), so that mix cannot make a difference up: a
regression on the levels with an effect for every cell, errors clustered by customer (Frisch & Waugh 1933; Cameron &
Miller 2015, Journal of Human Resources 50(2)). Each customer has one level.

The test of "no difference" is a permutation test: levels are dealt again among customers with as many events, and the
sums of what their events deviate from their cells are compared by the quadratic form of Strasser & Weber 1999
(Mathematical Methods of Statistics 8). Dealing stops early where the answer is clear (Besag & Clifford 1991,
Biometrika 78(2)).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from metrics.stats.intervals import Estimate, t_quantile

MOST_DEALS = 1999
ENOUGH = 20  # deals at least as uneven as what was observed, after which the answer is clear
AT_ONCE = 2_000_000  # numbers dealt at once
AS_MANY = (2, 3, 5, 9)  # customers with 1, 2, 3-4, 5-8, 9 or more events stand in strata of their own
LEAST_FREE = 20  # events beyond what cells and levels take up, below which nothing is compared
SEED = 27


@dataclass(frozen=True)
class Level:
    """A level's mean as if it had everybody's mix of cells, with its interval."""

    level: int
    mean: Estimate
    n: int
    customers: int


@dataclass(frozen=True)
class Treatment:
    """Levels in order, everybody's mean, the highest less the lowest level; p of "the same for all", from `deals`."""

    levels: tuple[Level, ...]
    whole: float
    gap: Estimate
    p: float
    deals: int
    n: int
    customers: int


@dataclass(frozen=True)
class Events:
    """Events in cells: outcome less its cell's mean, level (one column each but the lowest) less its cell's mean."""

    outcome: np.ndarray
    residual: np.ndarray
    shifts: np.ndarray
    customer: np.ndarray
    level: np.ndarray
    n_cells: int

    @property
    def free(self) -> int:
        """Degrees of freedom."""
        return len(self.outcome) - self.n_cells - self.shifts.shape[1]


def treatment(outcome: np.ndarray, cell: np.ndarray, customer: np.ndarray, level: np.ndarray) -> Treatment | None:
    """One entry an event; a customer has one `level`. None when the levels share hardly any cell."""
    known = np.unique(level)
    if len(known) < 2:
        return None
    events = in_cells(outcome.astype(float), dense(cell), dense(customer), np.searchsorted(known, level))
    products = events.shifts.T @ events.shifts
    if events.free < LEAST_FREE or np.linalg.matrix_rank(products) < len(known) - 1:
        return None
    inverse = np.linalg.inv(products)
    effects = inverse @ (events.shifts.T @ events.residual)
    influence = influences(events, inverse, effects)
    n_customers = np.bincount(events.level[first_places(events.customer)], minlength=len(known))
    p, deals = permutation_p(events)
    return Treatment(
        levels=tuple(levels(events, effects, influence, known, n_customers)),
        whole=float(events.outcome.mean()),
        gap=estimate(float(effects[-1]), influence[:, -1], min(n_customers[0], n_customers[-1])),
        p=p,
        deals=deals,
        n=len(outcome),
        customers=int(n_customers.sum()),
    )


def dense(codes: np.ndarray) -> np.ndarray:
    return np.unique(codes, return_inverse=True)[1]


def first_places(customer: np.ndarray) -> np.ndarray:
    return np.unique(customer, return_index=True)[1]


def in_cells(outcome: np.ndarray, cell: np.ndarray, customer: np.ndarray, level: np.ndarray) -> Events:
    sizes = np.bincount(cell)

    def within(values: np.ndarray) -> np.ndarray:
        return values - (np.bincount(cell, values) / sizes)[cell]

    shifts = np.column_stack([within((level == place).astype(float)) for place in range(1, level.max() + 1)])
    return Events(outcome, within(outcome), shifts, customer, level, len(sizes))


def influences(events: Events, inverse: np.ndarray, effects: np.ndarray) -> np.ndarray:
    """What each customer weighs in everybody's mean (first column) and in each effect; squares add up to variances."""
    n, n_customers = len(events.outcome), events.customer.max() + 1
    error = events.residual - events.shifts @ effects
    scores = np.column_stack([np.bincount(events.customer, column * error) for column in events.shifts.T])
    mean = np.bincount(events.customer, events.outcome - events.outcome.mean()) / n
    small = np.sqrt(n_customers / max(1, n_customers - 1) * (n - 1) / events.free)
    return np.column_stack([mean, scores @ inverse * small])


def levels(
    events: Events, effects: np.ndarray, influence: np.ndarray, known: np.ndarray, n_customers: np.ndarray
) -> Iterator[Level]:
    sizes = np.bincount(events.level, minlength=len(known))
    shares = sizes / sizes.sum()
    for place, level in enumerate(known):
        weights = (np.arange(len(known)) == place) - shares
        value = float(events.outcome.mean() + weights[1:] @ effects)
        own = influence[:, 0] + influence[:, 1:] @ weights[1:]
        yield Level(int(level), estimate(value, own, n_customers[place]), int(sizes[place]), int(n_customers[place]))


def estimate(value: float, influence: np.ndarray, customers: int) -> Estimate:
    if customers < 2:
        return Estimate(value)
    spread = t_quantile(customers - 1) * float(np.sqrt((influence**2).sum()))
    return Estimate(value, value - spread, value + spread)


def permutation_p(events: Events) -> tuple[float, int]:
    """Probability of levels at least as uneven, were they dealt by lot; and how many deals that rests on."""
    first = first_places(events.customer)
    level, total = events.level[first], np.bincount(events.customer, events.residual)
    stratum = np.digitize(np.bincount(events.customer), AS_MANY)
    strata = [(total[stratum == s], level[stratum == s]) for s in np.unique(stratum)]
    n_levels = int(level.max()) + 1
    expected, spread = moments(strata, n_levels)
    form = np.linalg.pinv(spread)

    def unevenness(sums: np.ndarray) -> np.ndarray:
        away = sums - expected
        return np.einsum("...i,ij,...j->...", away, form, away)

    observed = float(unevenness(np.bincount(level, total, minlength=n_levels)))
    return besag_clifford(unevenness, observed, strata, n_levels)


def moments(strata: list[tuple[np.ndarray, np.ndarray]], n_levels: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the levels' sums over all deals within the strata."""
    expected, spread = np.zeros(n_levels), np.zeros((n_levels, n_levels))
    for total, level in strata:
        n, counts = len(total), np.bincount(level, minlength=n_levels)
        expected += counts * total.mean()
        if n > 1:
            spread += total.var() / (n - 1) * (n * np.diag(counts) - np.outer(counts, counts))
    return expected, spread


def besag_clifford(
    unevenness: object, observed: float, strata: list[tuple[np.ndarray, np.ndarray]], n_levels: int
) -> tuple[float, int]:
    rng = np.random.default_rng(SEED)
    most = max(1, AT_ONCE // sum(len(total) for total, _ in strata))
    done = reached = 0
    while done < MOST_DEALS:
        count = min(max(2 * ENOUGH, done), most, MOST_DEALS - done)
        sums = sum(dealt(rng, total, level, n_levels, count) for total, level in strata)
        hits = np.cumsum(unevenness(sums) >= observed - 1e-9 * max(1.0, abs(observed)))
        if reached + hits[-1] >= ENOUGH:
            deals = done + int(np.searchsorted(hits, ENOUGH - reached)) + 1
            return ENOUGH / deals, deals
        done, reached = done + count, reached + int(hits[-1])
    return (reached + 1) / (MOST_DEALS + 1), MOST_DEALS


def dealt(rng: np.random.Generator, total: np.ndarray, level: np.ndarray, n_levels: int, count: int) -> np.ndarray:
    """Sums of each level in `count` deals of the levels among the customers of one stratum."""
    order = np.argsort(level, kind="stable")
    present, starts = np.unique(level[order], return_index=True)
    sums = np.zeros((count, n_levels))
    mixed = rng.permuted(np.broadcast_to(total, (count, len(total))), axis=1)
    sums[:, present] = np.add.reduceat(mixed, starts, axis=1)
    return sums
