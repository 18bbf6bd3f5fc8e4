"""The customers of a selection, one by one: for readers who may see rows. Pseudonyms only, nothing that says who."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.errors import UnknownName
from metrics.selection import Selection
from metrics.sums import filters_of, quoted

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
    """State of a customer at a month end; *_12m over the 12 months that end there. codes: of the segment columns."""

    token: str
    quadrant: str
    revenue: float | None
    orders: int
    crm_health: float | None
    cem_health: float | None
    nps: float | None
    broken_promises: int
    repeat_contacts: int
    codes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Customers:
    """The first of `total` customers who had bought by `month_end`, those at most risk first."""

    month_end: date
    total: int
    found: tuple[Customer, ...]


def customers(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, limit: int = 100
) -> Customers | None:
    """Customers of a selection at its last month end; None when nobody had bought by then.

    Raises UnknownName when the selection filters by what is not a segment column.
    """
    segments = catalogue.ground.segments
    if unknown := {column for column, _ in (*selection.where, *selection.scope)}.difference(segments):
        raise UnknownName("segment", min(unknown), segments)
    month_end = cursor.execute(
        "select max(month_end) from fct_customer_month where month_end < ?", (selection.period.end,)
    ).fetchone()[0]
    filters, values = filters_of((*selection.where, *selection.scope))
    # Only names of our own and quoted columns stand in the text; every value is bound.
    source = f"from fct_customer_month inner join dim_customer_token using (customer_id) where month_end = ?{filters}"
    total = cursor.execute(f"select count(*) {source}", (month_end, *values)).fetchone()[0]  # noqa: S608
    if not total:
        return None
    columns = ", ".join([*COLUMNS, *map(quoted, segments)])
    query = f"select {columns} {source} order by {WORST_FIRST} limit ?"  # noqa: S608
    rows = cursor.execute(query, (month_end, *values, limit)).fetchall()
    return Customers(month_end, total, tuple(customer_of(row, segments) for row in rows))


def customer_of(row: tuple, segments: tuple[str, ...]) -> Customer:
    numbers = (None if value is None else float(value) for value in (row[2], row[4], row[5], row[6]))
    revenue, crm, cem, nps = numbers
    codes = tuple(zip(segments, row[len(COLUMNS) :], strict=True))
    return Customer(row[0], row[1], revenue, row[3], crm, cem, nps, row[7] or 0, row[8] or 0, codes)
