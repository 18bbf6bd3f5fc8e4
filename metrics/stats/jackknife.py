"""Would it hold with other customers? Delete-a-group jackknife: each of G groups of customers is left out in turn.

Customers fall into groups by a hash, so all that one customer did is left out together, and a customer who weighs in
both periods is left out of both (the comparison is paired). Shao & Tu 1995, The Jackknife and Bootstrap, 2.3;
Kott 2001, Journal of Official Statistics 17(4).
"""

import math
from collections.abc import Callable, Sequence

from metrics.stats.changes import Change, p_value
from metrics.stats.intervals import Estimate, t_quantile

GROUPS = 20
Sums = tuple[float, float]  # numerator and denominator of one group of customers
Statistic = Callable[[float, float], float | None]


def estimate(groups: Sequence[Sums], statistic: Statistic) -> Estimate | None:
    """A statistic of the summed groups, with its interval; None where the statistic has no value."""
    value = statistic(*summed(groups))
    if value is None:
        return None
    error = error_of(without_each(groups, statistic))
    if error is None:
        return Estimate(value)
    spread = t_quantile(len(groups) - 1) * error
    return Estimate(value, value - spread, value + spread)


def change(now: Sequence[Sums], before: Sequence[Sums], statistic: Statistic) -> Change | None:
    """Difference of a statistic over the same groups in two periods, paired; None where a side has no value."""
    ends = statistic(*summed(now)), statistic(*summed(before))
    if None in ends:
        return None
    value = ends[0] - ends[1]
    pairs = zip(without_each(now, statistic), without_each(before, statistic), strict=True)
    error = error_of([None if None in pair else pair[0] - pair[1] for pair in pairs])
    if error is None:
        return Change(value)
    spread = t_quantile(len(now) - 1) * error
    return Change(value, value - spread, value + spread, p_value(value, error))


def ratio(numerator: float, denominator: float) -> float | None:
    return numerator / denominator if denominator else None


def total(numerator: float, denominator: float) -> float:  # noqa: ARG001 the same form as a ratio
    return numerator


def summed(groups: Sequence[Sums]) -> Sums:
    return sum(n for n, _ in groups), sum(d for _, d in groups)


def without_each(groups: Sequence[Sums], statistic: Statistic) -> list[float | None]:
    """The statistic without each group in turn; sums are scaled up to as many customers as before."""
    numerator, denominator = summed(groups)
    scale = len(groups) / (len(groups) - 1)
    return [statistic(scale * (numerator - n), scale * (denominator - d)) for n, d in groups]


def error_of(replicates: Sequence[float | None]) -> float | None:
    """Standard error from the values without each group; None when one of them does not exist."""
    known = [value for value in replicates if value is not None]
    if len(known) < len(replicates) or len(known) < 2:
        return None
    mean = math.fsum(known) / len(known)
    return math.sqrt((len(known) - 1) / len(known) * math.fsum((value - mean) ** 2 for value in known))
