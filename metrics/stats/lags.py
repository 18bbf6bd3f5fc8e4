"""What moves before what, and by how many months: lagged relations over many units, prewhitened.

Units, parted by lot, are compared with each other in the same months: what all share (season, prices, trend) cannot
make a relation. Before a measure is laid against a result, both go through the filter that makes the measure forget its
own past (Box & Jenkins 1976, 11.2), else two slow series agree whatever they are. Slopes count from those of the months
before the measure, which takes away what a unit always was. The interval draws other units, and holds for all measures
and lags tried at once (the largest |t| of a draw: Romano & Wolf 2005, Econometrica 73(4)); of several sets of units
judged together, for as many times more relations (Bonferroni). A result that already moved in the months just before is
a negative control: it should not be told, and is judged within its own set.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from metrics.stats.intervals import Estimate

ORDER = 2  # months that the filter looks back
REPLICATES, SEED = 499, 1976
SURER = 1.05  # by simulation, draws of 200 units are a little too sure: 9 measures of noise, one told in 9 % of worlds


@dataclass(frozen=True)
class Lagged:
    """Change of the result `lag` months after a unit more of a measure; the interval holds for all tried at once."""

    lag: int
    estimate: Estimate
    n: int

    @property
    def is_told(self) -> bool:
        return self.estimate.excludes_zero


@dataclass(frozen=True)
class Relation:
    """A measure: its lags; `after`: the mean over lags above zero; `before`: of the later half of the lags below zero
    less the earlier half; intervals for all measures at once; lead: months until the result moves, by the step that
    fits the lags best (0: it does not wait). error: standard error of `after`."""

    lags: tuple[Lagged, ...]
    after: Estimate
    before: Estimate
    lead: Estimate
    error: float


def relations(x: np.ndarray, y: np.ndarray, lags: Sequence[int], sets: int = 1) -> list[Relation]:
    """`x`: (measures, units, months), `y`: (units, months), without a gap. Slopes of y on each measure at each lag,
    which start well below zero. `sets`: how many sets of units are judged together."""
    whitened = [filtered(centred(each), centred(y)) for each in x]
    pairs = [[sums(*both, lag) for lag in lags] for both in whitened]
    above, below = (np.array([[pair[part] for pair in row] for row in pairs]) for part in (0, 1))
    weights, place = drawn(y.shape[0]), np.array(lags)
    slopes = np.tensordot(weights, above, (1, 2)) / np.tensordot(weights, below, (1, 2))
    slopes = slopes - slopes[..., place < 0].mean(axis=2, keepdims=True)
    later = slopes[..., place > 0].mean(axis=2)
    each, after = together(slopes.reshape(len(slopes), -1), sets), together(later, sets)
    near = (place < 0) & (place >= place[place < 0].mean())
    before = together(2 * slopes[..., near].mean(axis=2))
    leads, errors = months_until(slopes, lags), SURER * (later[1:] - later[0]).std(axis=0, ddof=1)
    found = []
    for k, row in enumerate(pairs):
        own = each[k * len(lags) : (k + 1) * len(lags)]
        of_lags = tuple(Lagged(lag, one, pair[2]) for lag, one, pair in zip(lags, own, row, strict=True))
        low, high = np.quantile(leads[1:, k], [0.025, 0.975])
        lead = Estimate(float(leads[0, k]), float(low), float(high))
        found.append(Relation(of_lags, after[k], before[k], lead, float(errors[k])))
    return found


@lru_cache(maxsize=1)
def drawn(units: int) -> np.ndarray:
    """(1 + REPLICATES, units): every unit once; then how often each is drawn."""
    rng = np.random.default_rng(SEED)
    return np.vstack([np.ones(units), rng.multinomial(units, np.full(units, 1 / units), REPLICATES)])


def together(found: np.ndarray, sets: int = 1) -> list[Estimate]:
    """First line of `found`: values; the others: draws. Intervals hold for all columns of all the sets at once."""
    value, spread = found[0], found[1:] - found[0]
    errors = np.maximum(spread.std(axis=0, ddof=1), 1e-300)
    wide = SURER * errors * for_sets(float(np.quantile(np.abs(spread / errors).max(axis=1), 0.95)), sets)
    return [Estimate(float(v), float(v - w), float(v + w)) for v, w in zip(value, wide, strict=True)]


def for_sets(most: float, sets: int) -> float:
    """`most`: errors that hold for one set at 95 %; how many hold for all of them."""
    return -NormalDist().inv_cdf(NormalDist().cdf(-most) / sets) if sets > 1 else most


def months_until(slopes: np.ndarray, lags: Sequence[int]) -> np.ndarray:
    """(draws, measures): the lag from which on one level, and nothing before it, comes nearest to the slopes."""
    starts = [lag for lag in lags if lag >= 0]
    gains = [
        slopes[..., np.array(lags) >= lag].sum(axis=2) ** 2 / sum(other >= lag for other in lags) for lag in starts
    ]
    return np.take(starts, np.argmax(gains, axis=0))


def centred(values: np.ndarray) -> np.ndarray:
    """Less the mean of the month. Not of the unit: what lasts would then seem to have begun before."""
    return values - values.mean(axis=0)


def filtered(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both through the autoregression of x that is common to all units."""
    months = x.shape[1]
    past = np.stack([x[:, ORDER - k : months - k].ravel() for k in range(1, ORDER + 1)])
    weight = np.linalg.lstsq(past @ past.T, past @ x[:, ORDER:].ravel(), rcond=None)[0]
    x, y = (
        part[:, ORDER:] - sum(w * part[:, ORDER - k : months - k] for k, w in enumerate(weight, 1)) for part in (x, y)
    )
    return centred(x), centred(y)


def sums(x: np.ndarray, y: np.ndarray, lag: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Of each unit, products with the result `lag` months later and squares; how many pairs there are."""
    months = x.shape[1] - abs(lag)
    earlier, later = (x[:, :months], y[:, lag:]) if lag >= 0 else (x[:, -lag:], y[:, :months])
    return np.einsum("um,um->u", earlier, later), np.einsum("um,um->u", earlier, earlier), earlier.size
