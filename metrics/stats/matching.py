"""What happened next to those who lived something, against those like them who did not: matched on strata.

Each exposed unit is compared with the mean of the unexposed units of its own stratum, the finest one that holds enough
of them (coarsened exact matching: Iacus, King & Porro 2012, Political Analysis 20(1)); the average over the exposed is
the difference for them. It removes what the strata hold, and nothing else: an association, not a proven cause.
The interval leaves out groups of customers in turn, so that one customer's several units stand or fall together.
"""

from collections.abc import Mapping, Sequence
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
    is_exposed: np.ndarray, outcomes: Mapping[str, np.ndarray], strata: Sequence[np.ndarray], group: np.ndarray
) -> dict[str, Matched]:
    """Of each outcome. `strata`: a number from 0 of the stratum of each unit, finest level first; `group`: 0 to 19, the
    same for all of a customer.

    Empty when no exposed unit finds a stratum. No interval when leaving out a group leaves nothing to compare.
    """
    units = Units.of(is_exposed, np.column_stack(list(outcomes.values())).astype(float), strata, group)
    found = units.means()
    if found is None:
        return {}
    left_out = [units.means(without) for without in range(GROUPS)]
    n_exposed, n_reference = len(units.exposed), units.n_reference()
    told = {}
    for k, name in enumerate(outcomes):
        error = error_of([None if means is None else float(means.differences[k]) for means in left_out])
        value = float(found.differences[k])
        spread = None if error is None else t_quantile(GROUPS - 1) * error
        estimate = Estimate(value) if spread is None else Estimate(value, value - spread, value + spread)
        sides = float(found.exposed[k]), float(found.reference[k])
        told[name] = Matched(*sides, estimate, n_exposed, found.n, n_reference)
    return told


@dataclass(frozen=True)
class Means:
    """Of each outcome, over n exposed units."""

    exposed: np.ndarray
    reference: np.ndarray
    n: int

    @property
    def differences(self) -> np.ndarray:
        return self.exposed - self.reference


@dataclass(frozen=True)
class Level:
    """Strata of one level: of each exposed unit, of each unexposed one; units and outcomes of the unexposed in each."""

    exposed: np.ndarray
    unexposed: np.ndarray
    count: np.ndarray
    total: np.ndarray

    @classmethod
    def of(cls, codes: np.ndarray, is_exposed: np.ndarray, order: np.ndarray, values: np.ndarray) -> "Level":
        """`order`: the places of the unexposed units, in which `values` holds their outcomes."""
        dense = (np.cumsum(np.bincount(codes) > 0) - 1)[codes] if len(codes) else codes
        size, unexposed = int(dense.max(initial=-1)) + 1, dense[order]
        return cls(dense[is_exposed], unexposed, np.bincount(unexposed, minlength=size), sums(unexposed, values, size))

    def without(self, left_out: slice, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Count and total without some of the unexposed units."""
        codes, size = self.unexposed[left_out], len(self.count)
        return self.count - np.bincount(codes, minlength=size), self.total - sums(codes, values[left_out], size)


@dataclass(frozen=True)
class Units:
    """Exposed units one by one (outcomes, group); outcomes of the unexposed, group after group (`spans`)."""

    exposed: np.ndarray
    groups: np.ndarray
    unexposed: np.ndarray
    spans: tuple[slice, ...]
    levels: tuple[Level, ...]

    @classmethod
    def of(
        cls, is_exposed: np.ndarray, outcomes: np.ndarray, strata: Sequence[np.ndarray], group: np.ndarray
    ) -> "Units":
        others = np.flatnonzero(~is_exposed)
        order = others[np.argsort(group[others], kind="stable")]
        values, edges = outcomes[order], np.searchsorted(group[order], np.arange(GROUPS + 1))
        return cls(
            exposed=outcomes[is_exposed],
            groups=group[is_exposed],
            unexposed=values,
            spans=tuple(slice(*edge) for edge in pairwise(edges)),
            levels=tuple(Level.of(codes, is_exposed, order, values) for codes in strata),
        )

    def means(self, without: int | None = None) -> Means | None:
        """Of all customers, or of all but one group of them."""
        kept = np.ones(len(self.exposed), bool) if without is None else self.groups != without
        reference = self.references(without)
        found = kept & ~np.isnan(reference[:, 0])
        n = int(found.sum())
        return Means(self.exposed[found].mean(axis=0), reference[found].mean(axis=0), n) if n else None

    def references(self, without: int | None) -> np.ndarray:
        """Mean outcomes of the unexposed like each exposed unit, from the finest stratum that speaks; NaN without."""
        reference = np.full(self.exposed.shape, np.nan)
        for level in self.levels:
            count, total = level.count, level.total
            if without is not None:
                count, total = level.without(self.spans[without], self.unexposed)
            speaks = np.isnan(reference[:, 0]) & (count[level.exposed] >= LEAST_REFERENCE)
            codes = level.exposed[speaks]
            reference[speaks] = total[codes] / count[codes, None]
        return reference

    def n_reference(self) -> int:
        """Unexposed units that stand in for somebody, at whatever level."""
        used = np.zeros(len(self.unexposed), bool)
        unset = np.ones(len(self.exposed), bool)
        for level in self.levels:
            speaks = unset & (level.count[level.exposed] >= LEAST_REFERENCE)
            serves = np.zeros(len(level.count), bool)
            serves[level.exposed[speaks]] = True
            used |= serves[level.unexposed]
            unset &= ~speaks
        return int(used.sum())


def sums(codes: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """(size, outcomes): sum of each outcome over the rows of each code."""
    return np.stack([np.bincount(codes, column, minlength=size) for column in values.T], axis=1)
