"""Does time itself bring customers back? Agents' habitual pace as a lot drawn for the customer (an instrument).

A contact's own time tells little, since difficulty lengthens it and brings the customer back. The pace of the agent
who happens to answer is no such thing, where contacts are handed out without looking: then the customers of quick and
of slow agents are alike. Each agent's pace is the mean time of their other contacts (those of other customers), less
the mean of the same team, reason, channel and half-year: leave-one-out, so that no contact explains itself (jackknife
instrumental variables: Angrist, Imbens & Krueger 1999, J. Applied Econometrics 14; examiners: Kling 2006, AER 96).
What agents differ in besides their pace (skill) is inside the answer: it compares agents, not one agent told to hurry.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from metrics.stats import jackknife
from metrics.stats.intervals import Estimate
from metrics.stats.jackknife import GROUPS

LEAST_IN_CELL = 20  # contacts of a cell, for its mean to speak
LEAST_AGENTS = 40  # two in each group that is left out in turn
MOST_EXPLAINED = 0.01  # share of what contacts are that agents may explain, for routing to count as near random


@dataclass(frozen=True)
class Contacts:
    """Rows. agent, cell: codes from 0. bucket: 0 to 19, one a customer."""

    agent: np.ndarray
    cell: np.ndarray
    bucket: np.ndarray

    @cached_property
    def n_cells(self) -> int:
        return int(self.cell.max(initial=-1)) + 1

    @cached_property
    def n_agents(self) -> int:
        return int(self.agent.max(initial=-1)) + 1

    def centred(self, values: np.ndarray) -> np.ndarray:
        """Values less the mean of their cell."""
        n = np.bincount(self.cell, minlength=self.n_cells)
        return values - (np.bincount(self.cell, values, self.n_cells) / np.maximum(n, 1))[self.cell]

    def pace(self, values: np.ndarray) -> np.ndarray:
        """For each row the agent's mean over other customers' rows, less the cells' means over these; NaN without."""
        pairs, pair = np.unique(self.agent * self.n_cells + self.cell, return_inverse=True)
        agent, cell = np.divmod(pairs, self.n_cells)
        n, total = self.without_each(pair, len(pairs), values)
        n_cell, total_cell = self.without_each(self.cell, self.n_cells, values)
        above = total - n * (total_cell / np.maximum(n_cell, 1))[cell]
        own, n_own = np.zeros((self.n_agents, GROUPS)), np.zeros((self.n_agents, GROUPS))
        np.add.at(own, agent, above)
        np.add.at(n_own, agent, n)
        with np.errstate(invalid="ignore", divide="ignore"):
            return (own / n_own)[self.agent, self.bucket]

    def without_each(self, place: np.ndarray, size: int, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows and sums of a place without each bucket: arrays of place x bucket."""
        flat = place * GROUPS + self.bucket
        n = np.bincount(flat, minlength=size * GROUPS).reshape(size, GROUPS)
        total = np.bincount(flat, values, size * GROUPS).reshape(size, GROUPS)
        return n.sum(axis=1, keepdims=True) - n, total.sum(axis=1, keepdims=True) - total


def enough(cell: np.ndarray) -> np.ndarray:
    """Rows of cells that hold enough of them."""
    return np.bincount(cell)[cell] >= LEAST_IN_CELL


def slope(rows: Contacts, time: np.ndarray, outcome: np.ndarray) -> tuple[Estimate | None, Estimate]:
    """Change of the outcome for one second more of time; and the covariance of pace and time that it rests on.

    Intervals leave out groups of agents in turn. No slope where pace does not tell time apart (lower end below 0).
    """
    pace = rows.pace(time)
    known = ~np.isnan(pace)
    pace, group = pace[known], rows.agent[known] % GROUPS
    moved = np.bincount(group, pace * rows.centred(time)[known], GROUPS)
    back = np.bincount(group, pace * rows.centred(outcome)[known], GROUPS)
    first = jackknife.estimate([(float(m), float(known.sum())) for m in moved], jackknife.ratio)
    if first is None or first.low is None or first.low <= 0 or rows.n_agents < LEAST_AGENTS:
        return None, first or Estimate(0.0)
    return jackknife.estimate(list(zip(back.tolist(), moved.tolist(), strict=True)), jackknife.ratio), first


def explained(rows: Contacts, values: np.ndarray) -> float:
    """Share of the variance inside cells that agents explain, chance taken off (omega squared); 0 when random."""
    rest = rows.centred(values)
    n = np.bincount(rows.agent, minlength=rows.n_agents)
    total = np.bincount(rows.agent, rest, rows.n_agents)
    between = float((total**2 / np.maximum(n, 1)).sum())
    whole = float((rest**2).sum())
    free, spare = int((n > 0).sum()) - 1, len(rest) - rows.n_cells - int((n > 0).sum())
    if not whole or spare <= 0:
        return 0.0
    noise = (whole - between) / spare
    return (between - free * noise) / (whole + noise)


def expected(features: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """The outcome to be expected from what was known before: least squares on 0/1 features (rows x features)."""
    sums = features.T @ features + 1e-6 * np.eye(features.shape[1])
    return features @ np.linalg.solve(sums, features.T @ outcome)
