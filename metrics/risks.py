"""Revenue at risk, read from what metrics/results/revenue_at_risk.py made at refresh: of everybody or one group.

It stands at the last month end of the data, whatever period is chosen. A difference observed in what customers did, not
an amount that could be recovered (STATISTICS 3).
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.promise_costs import EVERYBODY, group_of
from metrics.selection import Selection
from metrics.stats.intervals import Estimate

if TYPE_CHECKING:
    import duckdb

RISK, LEVELS = "result_revenue_at_risk", "result_revenue_at_risk_level"
COLUMNS = (
    "heard, value, low, high, excess, margin, n, n_active, n_learnt, month_end, first_on, last_on, column_name, code"
)


@dataclass(frozen=True)
class AtRisk:
    """`heard`: all, heard or never_heard. value: margin over the following months. excess: mean difference in the share
    that stops, of n customers who lived bad things, of n_active; margin: of one who stays. n_learnt: customers at past
    month ends, first_on to last_on."""

    heard: str
    value: Estimate
    excess: float | None
    margin: float | None
    n: int
    n_active: int
    n_learnt: int
    month_end: date
    first_on: date
    last_on: date
    group: tuple[str, str]

    @property
    def is_told(self) -> bool:
        return self.value.excludes_zero


@dataclass(frozen=True)
class Level:
    """Customers with so many bad things in 12 months (the last: or more): difference in the share that stopped."""

    level: int
    value: Estimate
    n: int


@dataclass(frozen=True)
class Risk:
    """Of everybody or the one group selected, by heard or not; `groups`: all of each, for who sees everybody."""

    parts: tuple[AtRisk, ...]
    levels: tuple[Level, ...]
    groups: tuple[AtRisk, ...]

    def of(self, heard: str) -> AtRisk:
        return next(part for part in self.parts if part.heard == heard)


def revenue_at_risk(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> Risk | None:
    """None when it could not be computed for whom is selected."""
    group = group_of(selection)
    if group is None or RISK not in catalogue.ground.columns:
        return None
    rows = [at_risk(row) for row in cursor.execute(f"select {COLUMNS} from {RISK}").fetchall()]  # noqa: S608
    parts = tuple(row for row in rows if row.group == group)
    if not parts:
        return None
    if group != EVERYBODY:
        return Risk(parts, (), ())
    told = cursor.execute(f"select level, value, low, high, n from {LEVELS} order by level").fetchall()  # noqa: S608
    levels = tuple(Level(level, Estimate(*numbers), n) for level, *numbers, n in told)
    others = (row for row in rows if row.group != EVERYBODY and row.heard == "all")
    return Risk(parts, levels, tuple(sorted(others, key=lambda row: -row.value.value)))


def at_risk(row: tuple) -> AtRisk:
    heard, value, low, high, *rest, column, code = row
    return AtRisk(heard, Estimate(value, low, high), *rest, (column, code))
