"""What customers cost to serve, read from what metrics/results/cost_to_serve.py made at refresh; and what was learnt.

Of everyone or of the one group selected, over the last 12 full months.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from metrics.action_gap import NONE, state_on
from metrics.definitions import Catalogue
from metrics.promise_costs import group_of
from metrics.selection import Selection
from metrics.stats.intervals import Estimate

if TYPE_CHECKING:
    import duckdb

TIERS, TOP, REASONS = "result_cost_tier", "result_cost_concentration", "result_cost_reason"
ALL = ""
NEW, NOTHING = "new", "none"
LEARNT = """
select reason, title, started_on, done_on
from canonical.actions
where reason is not null and coalesce(status, '') <> 'dropped'
    and coalesce(opened_on, started_on, done_on, date '0001-01-01') < ?
order by coalesce(started_on, opened_on), action_id
"""


@dataclass(frozen=True)
class CostTier:
    """Customers of a value tier (of before the 12 months): what one cost and brought, a year; cost over margin."""

    code: str
    contacts: float
    cost: Estimate
    margin: Estimate
    share: Estimate | None
    n: int
    n_contacts: int
    n_timed: int


@dataclass(frozen=True)
class Concentration:
    """Share of the cost that the costliest `customer_share` bear, and what lot would make of it."""

    customer_share: float
    value: float
    low: float | None
    high: float | None
    by_lot: float
    customers: int
    n: int
    n_contacts: int
    total: float


@dataclass(frozen=True)
class Reason:
    """A reason's share of the cost of the costliest tenth, or of the others; repeats: share of its contacts."""

    share: Estimate
    cost: float
    repeats: float
    customers: int
    n: int


@dataclass(frozen=True)
class Costs:
    """`tiers`: all customers first. `reasons`: code -> (the costliest, the others), the dearest first."""

    tiers: tuple[CostTier, ...]
    top: tuple[Concentration, ...]
    reasons: Mapping[str, tuple[Reason | None, Reason | None]]
    first_on: date
    last_on: date

    @property
    def everyone(self) -> CostTier:
        return self.tiers[0]


@dataclass(frozen=True)
class Lesson:
    """What is being done about a reason: the state furthest on, and the action that got there."""

    state: str
    title: str
    started_on: date | None


def costs(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> Costs | None:
    """None when two limits are set at once, or when no contact has a time."""
    group = group_of(selection)
    if group is None or TIERS not in catalogue.ground.columns:
        return None
    rows = cursor.execute(
        "select c.value_tier, contacts, cost, cost_low, cost_high, margin, margin_low, margin_high, share, share_low, "  # noqa: S608
        f"share_high, n, n_contacts, n_timed, first_on, last_on from {TIERS} as c left join setting_value_tier as t "
        "on c.value_tier = t.code where column_name = ? and c.code = ? "
        "order by c.value_tier <> '', c.value_tier = 'new', t.rank nulls first",
        [*group],
    ).fetchall()
    if not rows:
        return None
    return Costs(
        tuple(tier_of(row) for row in rows), top_of(cursor, group), reasons_of(cursor, group), rows[0][14], rows[0][15]
    )


def tier_of(row: tuple) -> CostTier:
    share = None if row[8] is None else Estimate(*row[8:11])
    return CostTier(row[0], row[1], Estimate(*row[2:5]), Estimate(*row[5:8]), share, *row[11:14])


def top_of(cursor: "duckdb.DuckDBPyConnection", group: tuple[str, str]) -> tuple[Concentration, ...]:
    names = "customer_share, value, low, high, by_lot, customers, n, n_contacts, total"
    sql = f"select {names} from {TOP} where column_name = ? and code = ? order by customer_share"  # noqa: S608 constants
    return tuple(Concentration(*row) for row in cursor.execute(sql, [*group]).fetchall())


def reasons_of(
    cursor: "duckdb.DuckDBPyConnection", group: tuple[str, str]
) -> dict[str, tuple[Reason | None, Reason | None]]:
    rows = cursor.execute(
        "select reason, who = 'costliest', value, low, high, cost, repeats, customers, n "  # noqa: S608 constant
        f"from {REASONS} where column_name = ? and code = ? order by who, cost desc, reason",
        [*group],
    ).fetchall()
    found: dict[str, tuple[Reason | None, Reason | None]] = {}
    for code, is_costliest, value, low, high, *counts in rows:
        reason, known = Reason(Estimate(value, low, high), *counts), found.get(code, (None, None))
        found[code] = (reason, known[1]) if is_costliest else (known[0], reason)
    return found


def learnt(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> dict[str, Lesson] | None:
    """Reason -> what is being done about it on the last day of the selection; None without a register of actions."""
    if not cursor.execute("select count(*) from canonical.actions").fetchone()[0]:
        return None
    end, found = min(selection.period.end, catalogue.ground.as_of), {}
    for reason, title, started, done in cursor.execute(LEARNT, [end]).fetchall():
        state = state_on(end, started, done)
        if reason not in found or found[reason].state == NONE:
            found[reason] = Lesson(state, title, started)
    return found
