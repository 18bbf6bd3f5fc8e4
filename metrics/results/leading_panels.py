"""What customers lived and bought, month by month, and panels of it: units of customers parted by lot.

Experience: occasions as in driver_occasions (1: all that could go wrong did), with the relational NPS. What went wrong
counts beyond what usually does in as many occasions, that month, of those of the same group who had bought as often in
the 6 months before. Results, a month: purchases (days) after a customer's first, and their money. Of many customers a
sample, by a hash.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.results import driver_occasions
from metrics.sums import code_sql, quoted

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

MOST_CUSTOMERS = 50_000
A_UNIT, MOST_UNITS = 10, 2_000  # customers, units
BEFORE, MOST_BEFORE = 6, 6  # months, and purchases in them, that customers are alike in
MEASURES = ("delivery", "issue", "wait", "repeat", "transfer", "said_again", "emotion", "effort", "nps")
RESULTS = ("purchases", "revenue")
FOLLOWED = """
create or replace temp table leading_customer as
select
    customer_id,
    cast(row_number() over (order by hash(customer_id), customer_id) - 1 as integer) as place,
    hash(customer_id, 'group') as lot
    {segments}
from (select distinct customer_id from fct_order where is_sale and customer_id is not null)
left join dim_segment using (customer_id)
order by place
limit {most}
"""
MONTHS = """
select
    first_on,
    last_month_end,
    cast(greatest(date_diff('month', first_on, last_month_end) + 1, 0) as integer) as n_months
from (
    select
        date_trunc('month', data_from + interval 1 month - interval 1 day)::date as first_on,
        last_month_end
    from setting
)
"""
PURCHASES = """
create or replace temp table leading_purchase as
select
    c.place,
    o.customer_id,
    cast(date_diff('month', ?::date, o.ordered_on) as integer) as month,
    count(distinct o.ordered_on) as n,
    count(distinct o.ordered_on) filter (where not o.is_first_order) as purchases,
    coalesce(sum(o.net_amount) filter (where not o.is_first_order), 0)::double as revenue
from fct_order as o
inner join leading_customer as c on o.customer_id = c.customer_id
where o.is_sale and o.ordered_on <= ?
group by all
"""
LIVED = """
with occasion as (
    select
        c.place,
        h.customer_id,
        cast(date_diff('month', ?::date, h.at) as integer) as month,
        list_position({measures}, h.driver) - 1 as measure,
        sum(1 - h.value) as wrong,
        count(*) as n
    from ({happened}) as h
    inner join leading_customer as c on h.customer_id = c.customer_id
    where h.value is not null and h.at >= ?::date and h.at < ?::date + interval 1 day
    group by all
),

bought_before as (
    select
        customer_id,
        month + ahead as month,
        sum(n) as n
    from leading_purchase
    cross join unnest(range(1, {before} + 1)) as after(ahead)
    group by all
)

select
    o.place,
    o.month,
    o.measure,
    o.wrong,
    o.n,
    cast(least(coalesce(b.n, 0), {most}) as integer) as before
from occasion as o
left join bought_before as b on o.customer_id = b.customer_id and o.month = b.month
where o.measure is not null
order by o.place, o.month, o.measure
"""
ANSWERED = """
union all

select
    customer_id,
    answered_at as at,
    'nps' as driver,
    score_share::double as value
from fct_survey_answer
where instrument = 'nps' and kind = 'relational'
"""
BOUGHT = """
select
    place,
    month,
    purchases::double as purchases,
    revenue
from leading_purchase
where month >= 0
order by place, month
"""
Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class Followed:
    """`lot`: one a customer, `codes`: of each segment column. occasions: customer, month and measure a row (place,
    month, measure, wrong, n, before); bought: customer and month a row (place, month, RESULTS)."""

    lot: np.ndarray
    codes: Columns
    occasions: Columns
    bought: Columns
    months: int


@dataclass(frozen=True)
class Panel:
    """`beyond`: (measures, units, months), what went wrong beyond what usually does; `occasions`: (measures,); results:
    (units, months) each."""

    beyond: np.ndarray
    occasions: np.ndarray
    results: Columns
    customers: int

    @property
    def units(self) -> int:
        return self.beyond.shape[1]


def followed(
    connection: "duckdb.DuckDBPyConnection", settings: "Settings", first: object, last: object, months: int
) -> Followed:
    """`first`, `last`: days of whole months."""
    who = connection.execute("from leading_customer order by place").fetchnumpy()
    connection.execute(PURCHASES, [first, last])
    happened = driver_occasions.happened("leading_customer") + ANSWERED
    sql = LIVED.format(happened=happened, measures=list(MEASURES), before=BEFORE, most=MOST_BEFORE)
    asked = [first, settings.outlook.leaving_reasons, first, last]
    occasions, bought = connection.execute(sql, asked).fetchnumpy(), connection.execute(BOUGHT).fetchnumpy()
    connection.execute("drop table leading_purchase")
    codes = {column: who[column].astype(str) for column in settings.segment_columns}
    return Followed(who["lot"], codes, plain(occasions), plain(bought), months)


def choose(connection: "duckdb.DuckDBPyConnection", segments: Sequence[str]) -> int:
    """Choose whom to follow; how many they are."""
    named = "".join(f", {code_sql(column)} as {quoted(column)}" for column in segments)
    connection.execute(FOLLOWED.format(most=MOST_CUSTOMERS, segments=named))
    return connection.execute("select count(*) from leading_customer").fetchone()[0]


def plain(columns: Columns) -> Columns:
    return {name: np.ma.getdata(column) for name, column in columns.items()}


def panel(everybody: Followed, inside: np.ndarray | None = None) -> Panel:
    """Of all customers, or of those inside a mask, who are then compared with each other alone."""
    inside = np.ones(len(everybody.lot), bool) if inside is None else inside
    customers, months = int(inside.sum()), everybody.months
    units = max(1, min(MOST_UNITS, customers // A_UNIT))
    unit = (everybody.lot % np.uint64(units)).astype(int)
    lived, bought = (only(part, inside[part["place"]]) for part in (everybody.occasions, everybody.bought))
    alike = (lived["measure"] * months + lived["month"]) * (MOST_BEFORE + 1) + lived["before"]
    wrong, n = (np.bincount(alike, lived[name]) for name in ("wrong", "n"))
    beyond = lived["wrong"] - lived["n"] * (wrong / np.maximum(n, 1))[alike]
    cell = (lived["measure"] * units + unit[lived["place"]]) * months + lived["month"]
    shape = (len(MEASURES), units, months)
    occasions = np.bincount(lived["measure"], lived["n"], len(MEASURES)).astype(int)
    place = unit[bought["place"]] * months + bought["month"]
    results = {name: np.bincount(place, bought[name], units * months).reshape(units, months) for name in RESULTS}
    return Panel(np.bincount(cell, beyond, np.prod(shape)).reshape(shape), occasions, results, customers)


def only(columns: Columns, inside: np.ndarray) -> Columns:
    return {name: column[inside] for name, column in columns.items()}
