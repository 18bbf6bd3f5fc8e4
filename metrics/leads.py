"""Leading indicators, read from what metrics/results/leading_indicators.py made at refresh: of everybody or one group.

What units of customers lived in a month beyond what usually happens, and what they bought months later. Associations.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.promise_costs import EVERYBODY, group_of
from metrics.results.leading_panels import MEASURES
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
class Part:
    """A measure in one group: `after` and `status` as of a Lead; beyond: less the mean of the column's other groups,
    None without others."""

    group: tuple[str, str]
    measure: str
    status: str
    after: Estimate | None
    beyond: Estimate | None
    n: int

    @property
    def differs(self) -> bool:
        return self.beyond is not None and self.beyond.excludes_zero


@dataclass(frozen=True)
class Leads:
    """One result of one group, its measures the surest first; n_customers in n_groups by lot, n_months. `parts`: every
    group and measure, for who sees everybody."""

    outcome: str
    group: tuple[str, str]
    leads: tuple[Lead, ...]
    parts: tuple[Part, ...]
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
    """None for more than one group at once, or with too few customers, months or occasions to tell."""
    group = group_of(selection)
    if group is None or "column_name" not in catalogue.ground.columns.get(LEADS, ()):
        return None
    lags: dict[str, list[Lag]] = {}
    for measure, months, value, low, high, is_told, n in cursor.execute(
        f"select measure, lag, value, low, high, is_told, n from {LAGS} "  # noqa: S608
        "where outcome = ? and column_name = ? and code = ? order by measure, lag",
        [outcome, *group],
    ).fetchall():
        lags.setdefault(measure, []).append(Lag(months, per(value, low, high), is_told, n))
    rows = cursor.execute(
        "select measure, status, value, low, high, lead, lead_low, lead_high, n, n_customers, n_groups, "  # noqa: S608
        f"n_months, first_on, last_on from {LEADS} where outcome = ? and column_name = ? and code = ?",
        [outcome, *group],
    ).fetchall()
    if not lags:
        return None
    found = sorted((lead(row, tuple(lags.get(row[0], ()))) for row in rows), key=order)
    others = parts(cursor, outcome) if group == EVERYBODY else ()
    return Leads(outcome, group, tuple(found), others, *rows[0][9:])


def parts(cursor: "duckdb.DuckDBPyConnection", outcome: str) -> tuple[Part, ...]:
    """In the order of the columns and their codes."""
    rows = cursor.execute(
        "select column_name, code, measure, status, value, low, high, beyond, beyond_low, beyond_high, n "  # noqa: S608
        f"from {LEADS} where outcome = ? and column_name <> '' order by column_name, code",
        [outcome],
    ).fetchall()
    return tuple(
        Part(row[:2], *row[2:4], *(None if row[k] is None else per(*row[k : k + 3]) for k in (4, 7)), row[10])
        for row in rows
    )


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
