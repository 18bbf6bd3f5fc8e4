"""What happened next to those who lived something, against those like them who did not: matched on strata.

Each exposed unit is compared with the mean of the unexposed units of its own stratum, the finest one that holds enough
of them (coarsened exact matching: Iacus, King & Porro 2012, Political Analysis 20(1)); the average over the exposed is
the difference for them. It removes what the strata hold, and nothing else: an association, not a proven cause.
The interval leaves out groups of customers in turn, so that one customer's several units stand or fall together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from metrics.stats.intervals import Estimate, t_quantile
from metrics.stats.jackknife import GROUPS, error_of

LEAST_REFERENCE = 3  # unexposed units that a stratum must hold to speak


@dataclass(frozen=True)
class Matched:
    """Mean outcome of the matched exposed units, of what they are compared with, and the difference with its interval.

    n_exposed: all exposed units; n_matched: those with a stratum that speaks; n_reference: unexposed units in use.
    """

    exposed: float
    reference: float
    difference: Estimate
    n_exposed: int
    n_matched: int
    n_reference: int


def matched(
    is_exposed: np.ndarray, outcome: np.ndarray, strata: Sequence[np.ndarray], group: np.ndarray
) -> Matched | None:
    """`strata`: the stratum's code of each unit, finest level first. `group`: 0 to 19, the same for all of a customer.

    None when no exposed unit finds a stratum. No interval when leaving out a group leaves nothing to compare.
    """
    units = Units.of(is_exposed, outcome, strata, group)
    found = units.means()
    if found is None:
        return None
    left_out = [units.means(without) for without in range(GROUPS)]
    error = error_of([None if means is None else means.difference for means in left_out])
    spread = None if error is None else t_quantile(GROUPS - 1) * error
    value = found.difference
    estimate = Estimate(value) if spread is None else Estimate(value, value - spread, value + spread)
    return Matched(found.exposed, found.reference, estimate, len(units.exposed), found.n, units.n_reference())


@dataclass(frozen=True)
class Means:
    exposed: float
    reference: float
    n: int

    @property
    def difference(self) -> float:
        return self.exposed - self.reference


@dataclass(frozen=True)
class Units:
    """Exposed units one by one (outcome, group, code at each level); unexposed ones summed by stratum and group too."""

    exposed: np.ndarray
    groups: np.ndarray
    codes: tuple[np.ndarray, ...]
    unexposed: tuple[np.ndarray, ...]
    counts: tuple[np.ndarray, ...]
    parts: tuple[tuple[tuple[np.ndarray, np.ndarray, np.ndarray], ...], ...]
    sums: tuple[np.ndarray, ...]

    @classmethod
    def of(
        cls, is_exposed: np.ndarray, outcome: np.ndarray, strata: Sequence[np.ndarray], group: np.ndarray
    ) -> "Units":
        value, member = outcome[~is_exposed].astype(float), group[~is_exposed]
        codes = [np.unique(level, return_inverse=True)[1] for level in strata]
        sizes = [int(code.max(initial=-1)) + 1 for code in codes]
        unexposed = [code[~is_exposed] for code in codes]
        return cls(
            exposed=outcome[is_exposed].astype(float),
            groups=group[is_exposed],
            codes=tuple(code[is_exposed] for code in codes),
            unexposed=tuple(unexposed),
            counts=tuple(np.bincount(u, minlength=size) for u, size in zip(unexposed, sizes, strict=True)),
            sums=tuple(np.bincount(u, value, minlength=size) for u, size in zip(unexposed, sizes, strict=True)),
            parts=tuple(parts_of(u, value, member, size) for u, size in zip(unexposed, sizes, strict=True)),
        )

    def means(self, without: int | None = None) -> Means | None:
        """Of all customers, or of all but one group of them."""
        kept = np.ones(len(self.exposed), bool) if without is None else self.groups != without
        reference = self.reference_of(without)
        found = kept & ~np.isnan(reference)
        n = int(found.sum())
        return Means(float(self.exposed[found].mean()), float(reference[found].mean()), n) if n else None

    def reference_of(self, without: int | None) -> np.ndarray:
        """Mean outcome of the unexposed like each exposed unit, from the finest stratum that speaks; NaN without."""
        reference = np.full(len(self.exposed), np.nan)
        for code, count, total, parts in zip(self.codes, self.counts, self.sums, self.parts, strict=True):
            if without is not None:
                count, total = count.copy(), total.copy()
                places, n, value = parts[without]
                count[places] -= n
                total[places] -= value
            speaks = np.isnan(reference) & (count[code] >= LEAST_REFERENCE)
            reference[speaks] = total[code[speaks]] / count[code[speaks]]
        return reference

    def n_reference(self) -> int:
        """Unexposed units that stand in for somebody, at whatever level."""
        used = np.zeros(len(self.unexposed[0]) if self.unexposed else 0, bool)
        unset = np.ones(len(self.exposed), bool)
        for code, count, unexposed in zip(self.codes, self.counts, self.unexposed, strict=True):
            speaks = unset & (count[code] >= LEAST_REFERENCE)
            serves = np.zeros(len(count), bool)
            serves[code[speaks]] = True
            used |= serves[unexposed]
            unset &= ~speaks
        return int(used.sum())


def parts_of(
    codes: np.ndarray, values: np.ndarray, member: np.ndarray, size: int
) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray], ...]:
    """Of each group of customers: its strata (codes below `size`), the units and the sum of outcomes in each."""
    keys, inverse = np.unique(member.astype(np.int64) * size + codes, return_inverse=True)
    n, total = np.bincount(inverse, minlength=len(keys)), np.bincount(inverse, values, minlength=len(keys))
    edges = np.searchsorted(keys, size * np.arange(GROUPS + 1))
    spans = [slice(start, end) for start, end in pairwise(edges)]
    return tuple((keys[span] - size * group, n[span], total[span]) for group, span in enumerate(spans))
