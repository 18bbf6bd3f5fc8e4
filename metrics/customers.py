"""The customers behind a number, one by one: for readers who may see rows. Pseudonyms only, nothing that says who."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from metrics.behind import where_sql
from metrics.definitions import Catalogue
from metrics.query import Status, measure
from metrics.question import question
from metrics.selection import Selection
from metrics.sums import quoted

if TYPE_CHECKING:
    import duckdb

COLUMNS = (
    *("customer_token", "quadrant", "revenue_12m", "n_orders_12m", "crm_health", "cem_health"),
    *("last_nps_12m", "n_broken_promises_12m", "n_repeat_contacts_12m"),
)
# Where the most is to be lost first: healthy in the CRM with a bad experience, by what they bought for.
WORST_FIRST = "quadrant = 'silent_risk' desc, quadrant = 'known_risk' desc, revenue_12m desc nulls last, customer_token"


@dataclass(frozen=True)
class Customer:
    """State of a customer at a month end; *_12m over the 12 months that end there. Nothing of who never bought."""

    token: str
    quadrant: str | None
    revenue: float | None
    orders: int | None
    crm_health: float | None
    cem_health: float | None
    nps: float | None
    broken_promises: int
    repeat_contacts: int


@dataclass(frozen=True)
class Customers:
    """The first of `total` known customers behind a number, as they stood at `month_end`, those at most risk first.

    status: of the number. Nobody is listed, and they are not counted, where it may not be shown.
    """

    status: Status
    month_end: date | None = None
    total: int = 0
    found: tuple[Customer, ...] = ()


def customers(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, metric: str, limit: int = 100
) -> Customers:
    """Customers of whom a metric of a selection counts something. Raises the errors of metrics.query.measure.

    They are those whom the small-number rules of the number count too: none is listed that the number would hide.
    """
    alone = replace(selection, versus="none")
    name = catalogue.metric(metric).change_of or metric
    status = measure(cursor, catalogue, name, alone)[0].status
    if status in ("private", "empty"):
        return Customers(status)
    asked = question(catalogue, catalogue.ground, name, alone)
    part = asked.metric.per or asked.metric
    where, values = where_sql(asked, part)
    # Only names of our own and quoted columns stand in the text; every value is bound.
    behind = f"""
        with behind as (
            select distinct {quoted(asked.metric.person)} as customer_id from {quoted(part.view)} where {where}
        ),
        last_state as (
            from fct_customer_month
            where month_end = (select max(month_end) from fct_customer_month where month_end < ?)
        )
        select {{columns}} from behind inner join dim_customer_token using (customer_id)
        left join last_state using (customer_id)"""  # noqa: S608
    values = [*values, selection.period.end]
    total, month_end = cursor.execute(behind.format(columns="count(*), max(month_end)"), values).fetchone()
    listed = f"{behind.format(columns=', '.join(COLUMNS))} order by {WORST_FIRST} limit ?"
    rows = cursor.execute(listed, [*values, limit]).fetchall()
    return Customers(status, month_end, total, tuple(customer_of(row) for row in rows))


def customer_of(row: tuple) -> Customer:
    revenue, crm, cem, nps = (None if value is None else float(value) for value in (row[2], row[4], row[5], row[6]))
    return Customer(row[0], row[1], revenue, row[3], crm, cem, nps, row[7] or 0, row[8] or 0)
