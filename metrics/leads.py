"""Leading indicators, read from what metrics/results/leading_indicators.py made at refresh: of everybody only.

What a group of customers lived in a month beyond what usually happens, and what it bought months later. Associations.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.promise_costs import EVERYBODY, group_of
from metrics.results.leading_indicators import MEASURES
from metrics.selection import Selection
from metrics.stats.intervals import Estimate

if TYPE_CHECKING:
    import duckdb

PER = 100  # occasions gone wrong
LAGS, LEADS = "result_leading_indicators", "result_leading_indicators_measure"


@dataclass(frozen=True)
class Lag:
    """Change a month, `months` after PER occasions gone wrong (below 0: before it), against the months before."""

    months: int
    value: Estimate
    is_told: bool
    n: int


@dataclass(frozen=True)
class Lead:
    """A measure and a result. `status`: told, before (the result moves first), noise, too_few (then no numbers).

    after: mean change a month over the months after, for PER occasions; lead: months until the result moves; n:
    occasions.
    """

    measure: str
    status: str
    after: Estimate | None
    lead: Estimate | None
    n: int
    lags: tuple[Lag, ...]


@dataclass(frozen=True)
class Leads:
    """One result, its measures the surest first; n_customers in n_groups by lot, n_months."""

    outcome: str
    leads: tuple[Lead, ...]
    n_customers: int
    n_groups: int
    n_months: int
    first_on: date
    last_on: date

    @property
    def told(self) -> tuple[Lead, ...]:
        return tuple(lead for lead in self.leads if lead.status == "told")


def leads(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, outcome: str = "purchases"
) -> Leads | None:
    """None for less than everybody, or with too few customers, months or occasions to tell."""
    if group_of(selection) != EVERYBODY or LEADS not in catalogue.ground.columns:
        return None
    lags: dict[str, list[Lag]] = {}
    for measure, months, value, low, high, is_told, n in cursor.execute(
        f"select measure, lag, value, low, high, is_told, n from {LAGS} where outcome = ? order by measure, lag",  # noqa: S608
        [outcome],
    ).fetchall():
        lags.setdefault(measure, []).append(Lag(months, per(value, low, high), is_told, n))
    rows = cursor.execute(
        "select measure, status, value, low, high, lead, lead_low, lead_high, n, n_customers, n_groups, "  # noqa: S608
        f"n_months, first_on, last_on from {LEADS} where outcome = ?",
        [outcome],
    ).fetchall()
    if not lags:
        return None
    found = [lead(row, tuple(lags.get(row[0], ()))) for row in rows]
    return Leads(outcome, tuple(sorted(found, key=order)), *rows[0][9:])


def lead(row: tuple, lags: tuple[Lag, ...]) -> Lead:
    measure, status, *numbers = row[:8]
    after, until = (None, None) if status == "too_few" else (per(*numbers[:3]), Estimate(*numbers[3:]))
    return Lead(measure, status, after, until, row[8], lags)


def per(value: float, low: float, high: float) -> Estimate:
    return Estimate(PER * value, PER * low, PER * high)


def order(one: Lead) -> tuple[bool, float, int]:
    """How many half-widths from zero, the most first; those without numbers last."""
    if one.after is None:
        return True, 0.0, MEASURES.index(one.measure)
    return False, -abs(one.after.value) / max(one.after.half_width or 0.0, 1e-12), MEASURES.index(one.measure)
