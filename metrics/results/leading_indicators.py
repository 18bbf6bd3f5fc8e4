"""Leading indicators: which experience moves before which business result, and by how many months.

One company is one series of some 36 months, in which all that has a season agrees with all else: it can tell nothing.
So customers are parted by lot (a hash) into groups, as small as can be handled, since more of them tell more. What a
group lived in a month beyond what all did is laid against what it bought months later (metrics/stats/lags.py). What
went wrong counts beyond what usually does in as many occasions, that month, of customers who had bought as often in the
6 months before: who buys more has more deliveries, more of them late, and lower scores for it. An association, not a
cause.

Experience: occasions as in driver_occasions (1: all that could go wrong did), with the relational NPS. Results, a
month: purchases (days) after a customer's first, and their money. Of many customers a sample, by a hash.

Tables:
  result_leading_indicators          a row a measure, result and lag (months; below 0: the result before the measure):
                                     change a month per occasion gone wrong; interval for all tried at once
  result_leading_indicators_measure  a row a measure and result: mean change over the months after, interval for all
                                     measures at once; status told, noise, too_few, or before (the result moves first
                                     as well: no leading); lead: months until the result moves, 95 % by drawing
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from metrics.results import driver_occasions
from metrics.results.rows import insert
from metrics.stats.intervals import Estimate
from metrics.stats.lags import Relation, is_told, relations

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "prewhitened_panel_bootstrap"
MOST_CUSTOMERS = 50_000
A_GROUP, MOST_GROUPS = 10, 2_000  # customers, groups
LAGS = (*range(-6, 0), *range(9))
LEAST_MONTHS, LEAST_OCCASIONS, LEAST_CUSTOMERS = 24, 500, 1_000
BEFORE, MOST_BEFORE = 6, 6  # months, and purchases in them, that customers are alike in
MEASURES = ("delivery", "issue", "wait", "repeat", "transfer", "said_again", "emotion", "effort", "nps")
RESULTS = ("purchases", "revenue")
TABLES = """
create table result_leading_indicators (
    measure varchar, outcome varchar, lag integer, value double, low double, high double, is_told boolean, n bigint,
    method varchar
);
create table result_leading_indicators_measure (
    measure varchar, outcome varchar, status varchar, value double, low double, high double, before double,
    before_low double, before_high double, lead double, lead_low double, lead_high double, n bigint,
    n_customers bigint, n_groups integer, n_months integer, first_on date, last_on date, method varchar
)
"""
FOLLOWED = """
create or replace temp table leading_customer as
with followed as (
    select distinct customer_id
    from fct_order
    where is_sale and customer_id is not null
    order by hash(customer_id)
    limit {most}
)

select
    customer_id,
    cast(hash(customer_id, 'group') % greatest(1, least({groups}, n // {size})) as integer) as block
from followed
cross join (select count(*) as n from followed)
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
    c.block,
    o.customer_id,
    cast(date_diff('month', ?::date, o.ordered_on) as integer) as month,
    count(distinct o.ordered_on) as n,
    count(distinct o.ordered_on) filter (where not o.is_first_order) as n_repeat,
    coalesce(sum(o.net_amount) filter (where not o.is_first_order), 0)::double as revenue
from fct_order as o
inner join leading_customer as c on o.customer_id = c.customer_id
where o.is_sale and o.ordered_on <= ?
group by all
"""
LIVED = """
with occasion as (
    select
        c.block,
        h.customer_id,
        cast(date_diff('month', ?::date, h.at) as integer) as month,
        h.driver,
        1 - h.value as wrong
    from ({happened}) as h
    inner join leading_customer as c on h.customer_id = c.customer_id
    where h.value is not null and h.at >= ?::date and h.at < ?::date + interval 1 day
),

bought_before as (
    select
        customer_id,
        month + ahead as month,
        sum(n) as n
    from leading_purchase
    cross join unnest(range(1, {before} + 1)) as after(ahead)
    group by all
),

usual as (
    select
        o.*,
        avg(wrong) over (partition by driver, o.month, least(coalesce(b.n, 0), {most})) as usual
    from occasion as o
    left join bought_before as b on o.customer_id = b.customer_id and o.month = b.month
)

select
    block,
    month,
    driver,
    sum(wrong - usual) as beyond,
    count(*) as n
from usual
group by all
order by all
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
    block,
    month,
    sum(n_repeat)::double as purchases,
    sum(revenue) as revenue
from leading_purchase
where month >= 0
group by all
"""


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    for statement in TABLES.split(";"):
        connection.execute(statement)
    driver_occasions.begin(connection, settings)
    connection.execute(FOLLOWED.format(most=MOST_CUSTOMERS, size=A_GROUP, groups=MOST_GROUPS))
    customers, groups = connection.execute(
        "select count(*), coalesce(max(block), 0) + 1 from leading_customer"
    ).fetchone()
    first, last, months = connection.execute(MONTHS).fetchone()
    if customers >= LEAST_CUSTOMERS and months >= LEAST_MONTHS:
        shape = (groups, months)
        results = bought(connection, first, last, shape)
        beyond, occasions = lived(connection, settings, first, last, shape)
        sizes = (customers, groups, months, first, last, METHOD)
        for outcome in RESULTS:
            found = found_of(beyond, occasions, results[outcome])
            insert(connection, "result_leading_indicators", lag_rows(outcome, found))
            insert(connection, "result_leading_indicators_measure", verdicts(outcome, found, occasions, sizes))
        connection.execute("drop table leading_purchase")
    connection.execute("drop table leading_customer")
    driver_occasions.end(connection)


def bought(
    connection: "duckdb.DuckDBPyConnection", first: object, last: object, shape: tuple[int, int]
) -> dict[str, np.ndarray]:
    """(groups, months) of each result."""
    connection.execute(PURCHASES, [first, last])
    found = connection.execute(BOUGHT).fetchnumpy()
    filled = {name: np.zeros(shape) for name in RESULTS}
    for name, panel in filled.items():
        panel[found["block"], found["month"]] = found[name]
    return filled


def lived(
    connection: "duckdb.DuckDBPyConnection", settings: "Settings", first: object, last: object, shape: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """(measures, groups, months): what went wrong beyond what usually does; occasions of each measure."""
    happened = driver_occasions.happened("leading_customer") + ANSWERED
    asked = [first, settings.outlook.leaving_reasons, first, last]
    sql = LIVED.format(happened=happened, before=BEFORE, most=MOST_BEFORE)
    found = connection.execute(sql, asked).fetchnumpy()
    known = np.isin(found["driver"].astype(str), MEASURES)
    measure = np.array([MEASURES.index(name) for name in found["driver"][known]], int)
    beyond, occasions = np.zeros((len(MEASURES), *shape)), np.zeros(len(MEASURES), int)
    beyond[measure, found["block"][known], found["month"][known]] = found["beyond"][known]
    np.add.at(occasions, measure, found["n"][known])
    return beyond, occasions


def found_of(beyond: np.ndarray, occasions: np.ndarray, result: np.ndarray) -> dict[int, Relation]:
    """Of each measure with enough occasions, in enough months that something differed; judged together."""
    months = (beyond.std(axis=1) > 0).sum(axis=1)
    enough = np.flatnonzero((occasions >= LEAST_OCCASIONS) & (months >= LEAST_MONTHS))
    if not len(enough) or not result.any():
        return {}
    return dict(zip(map(int, enough), relations(beyond[enough], result, LAGS), strict=True))


def lag_rows(outcome: str, found: dict[int, Relation]) -> Iterator[tuple]:
    for measure, relation in found.items():
        for one in relation.lags:
            yield MEASURES[measure], outcome, one.lag, *ends(one.estimate), one.is_told, one.n, METHOD


def verdicts(outcome: str, found: dict[int, Relation], occasions: np.ndarray, sizes: tuple) -> Iterator[tuple]:
    for measure, name in enumerate(MEASURES):
        n, relation = int(occasions[measure]), found.get(measure)
        if relation is None:
            yield name, outcome, "too_few", *(None,) * 9, n, *sizes
            continue
        status = "noise" if not is_told(relation.after) else "before" if is_told(relation.before) else "told"
        parts = (*ends(relation.after), *ends(relation.before), *ends(relation.lead))
        yield name, outcome, status, *parts, n, *sizes


def ends(estimate: Estimate) -> tuple[float, float, float]:
    return estimate.value, estimate.low, estimate.high
