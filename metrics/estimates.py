"""Numbers from sums: the value with its interval, and the change with its own, by the method that the metric names."""

from dataclasses import dataclass

from metrics.bins import bin_edges
from metrics.cells import Sums
from metrics.definitions import Metric
from metrics.stats import intervals, jackknife
from metrics.stats.changes import Change, Sample, nps_change, recovered, welch
from metrics.stats.intervals import Estimate


@dataclass(frozen=True)
class Judged:
    """Sums of one number with the design effect of its period; `whole` gives a part of a whole its denominator."""

    sums: Sums
    design_effect: float = 1.0
    whole: Sums | None = None

    @property
    def numerator(self) -> float:
        return round(self.sums.numerator, 4)

    @property
    def denominator(self) -> float:
        return round((self.whole or self.sums).denominator, 4)

    def groups(self) -> list[tuple[float, float]]:
        """Numerator and denominator of each group of customers."""
        upper, lower = self.sums.buckets, (self.whole or self.sums).buckets
        if upper is None or lower is None:
            return [(0.0, 0.0)] * jackknife.GROUPS
        return list(zip(upper[0].tolist(), lower[1].tolist(), strict=True))


def estimated(metric: Metric, judged: Judged) -> Estimate | None:
    """Value and interval in the metric's unit; None where there is nothing to divide by."""
    found = raw_estimate(metric, judged)
    if found is None:
        return None
    scaled = [None if end is None else end * metric.scale for end in (found.value, found.low, found.high)]
    return Estimate(*scaled)


def raw_estimate(metric: Metric, judged: Judged) -> Estimate | None:
    """Before scaling."""
    sums, effect = judged.sums, judged.design_effect
    if metric.quantile is not None:
        ordered = [(*bin_edges(number), rows) for number, rows in sorted((sums.bins or {}).items())]
        return intervals.quantile_rank(ordered, metric.quantile, effect) if ordered else None
    if not metric.is_total and not judged.denominator:
        return None
    if metric.interval == "jackknife":
        return jackknife.estimate(judged.groups(), jackknife.total if metric.is_total else jackknife.ratio)
    numerator, denominator = judged.numerator, judged.denominator
    if metric.interval == "adjusted_wald":
        squares = sums.squares
        promoters, detractors = (squares + numerator) / 2, (squares - numerator) / 2
        return intervals.adjusted_wald(promoters, detractors, denominator, effect)
    if metric.interval in ("wilson", "wilson_clustered"):
        return intervals.wilson(numerator, denominator, effect if metric.interval == "wilson_clustered" else 1.0)
    if metric.interval == "mean_t":
        return intervals.mean_t(numerator, sums.squares, denominator, effect)
    if metric.interval == "poisson":
        return intervals.poisson(numerator, denominator)
    return Estimate(numerator if metric.is_total else numerator / denominator)


def changed(metric: Metric, now: Judged, before: Judged) -> Change | None:
    """Now minus before, in the metric's unit; None where a side has no value."""
    found = raw_change(metric, now, before)
    if found is None:
        return None
    value, low, high = (None if end is None else end * metric.scale for end in (found.value, found.low, found.high))
    return Change(value, low, high, found.p)


def raw_change(metric: Metric, now: Judged, before: Judged) -> Change | None:
    """Before scaling."""
    if metric.interval == "jackknife":
        return jackknife.change(now.groups(), before.groups(), jackknife.total if metric.is_total else jackknife.ratio)
    if metric.interval in ("adjusted_wald", "mean_t"):
        if not (now.denominator and before.denominator):
            return None
        difference = nps_change if metric.interval == "adjusted_wald" else welch
        return difference(sample(now), sample(before))
    sides = raw_estimate(metric, now), raw_estimate(metric, before)
    return None if None in sides else recovered(*sides)


def sample(judged: Judged) -> Sample:
    return Sample(judged.numerator, judged.sums.squares, judged.denominator, judged.design_effect)


def shown_fraction(metric: Metric, judged: Judged) -> tuple[float, float]:
    """Numerator and denominator as they are shown: a total is over 1; a quantile is the rank among the rows."""
    if metric.quantile is not None:
        return metric.quantile * judged.sums.n, float(judged.sums.n)
    return judged.numerator, 1.0 if metric.is_total else judged.denominator
