"""What a broken promise is followed by: customers who lived one against matched customers whose promises were kept.

A promise is the fact of a pillar (metrics/promises.py), a rate of the catalogue over events of known customers: in a
month, a customer whose numerator falls short of the denominator (or is above zero, where down is good) lived a broken
one. Opinions are no facts: metrics of survey answers are left out.

Both sides had a promise due in the month and no broken one in the `stop_months` before, so a customer's windows never
overlap and amounts add up over customers. They are matched on what was known before the month: the month, promises
due, months since the last purchase, purchases and margin of 12 months, and the config's segments (never the value
tier, which later purchases make). Outcomes, over the `stop_months` after the month: `stopped`, no purchase; `margin`.

Tables, empty where nothing can be told:
  result_promise_case   one row per promise, month and config segments: customers with a promise due, with a broken
                        one, and for whom it was the first in stop_months (n_cases); every month; they add up
  result_promise_cost   one row per promise, outcome and group (column_name and code; '' = everyone)
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from metrics.definitions import Metric, load_catalogue
from metrics.promises import Fact, facts, refuse_unknown
from metrics.stats.jackknife import GROUPS
from metrics.stats.matching import Matched, matched
from metrics.sums import filters_of, quoted
from metrics.suppression import Size, hidden_cells

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "matched_jackknife"
OUTCOMES = ("stopped", "margin")
BANDS = ("month_index", "least(n_due, 3)", "frequency", "recency", "value_band")
COST = """
create table result_promise_cost (
    promise varchar, outcome varchar, column_name varchar, code varchar, value double, low double, high double,
    broken double, kept double, n_cases bigint, n bigint, n_kept bigint, first_on date, last_on date, method varchar
)
"""
INSERT = "insert into result_promise_cost values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
CASE = """
create table result_promise_case as
select
    promise, month{segments}, count(*) as n_exposed, count(*) filter (where is_broken) as n_broken,
    count(*) filter (where is_broken and not is_recent) as n_cases
from promise_exposure
group by all
order by all
"""
NO_EXPOSURE = """
create temp table promise_exposure (
    promise varchar, customer_id varchar, month date, month_index integer, is_broken boolean, n_due integer{segments},
    is_recent boolean
)
"""
EXPOSURE = """
insert into promise_exposure
with due as (
    select
        customer_id,
        cast(date_trunc('month', {date}) as date) as month,
        cast(12 * year({date}) + month({date}) as integer) as month_index,
        {numerator} as kept,
        {denominator} as due
        {segments}
    from {view}
    where customer_id is not null and ({where}){kept_events}
    group by all
)

select
    ? as promise, customer_id, month, month_index, {broken} as is_broken, cast(due as integer) as n_due{segments},
    coalesce(bool_or({broken}) over (
        partition by customer_id order by month_index range between {stop_months} preceding and 1 preceding
    ), false) as is_recent
from due
where due > 0
"""
PURCHASE = """
create temp table promise_purchase as
select
    customer_id,
    cast(12 * year(ordered_on) + month(ordered_on) as integer) as month_index,
    count(distinct ordered_on) filter (where is_sale) as n_purchases,
    sum(margin_amount) filter (where is_sale) as margin
from fct_order
where customer_id is not null
group by customer_id, month_index
"""
UNITS = """
with lived as (
    select
        e.* exclude (promise),
        bool_or(p.month_index <= e.month_index) as has_ordered,
        coalesce(sum(p.n_purchases) filter (where p.month_index < e.month_index), 0) as n_before,
        max(p.month_index) filter (where p.month_index < e.month_index and p.n_purchases > 0) as last_index,
        coalesce(sum(p.margin) filter (where p.month_index < e.month_index), 0) as margin_before,
        coalesce(sum(p.n_purchases) filter (where p.month_index > e.month_index), 0) as n_after,
        sum(p.margin) filter (where p.month_index > e.month_index) as margin_after
    from promise_exposure as e
    inner join promise_purchase as p
        on e.customer_id = p.customer_id and p.month_index between e.month_index - 12 and e.month_index + {stop_months}
    where e.promise = ? and not e.is_recent and e.month_index + {stop_months} <= ?
    group by all
),

banded as (
    select
        *,
        least(n_before, 3) as frequency,
        case
            when last_index is null then 0
            when month_index - last_index = 1 then 1
            when month_index - last_index <= 3 then 2
            when month_index - last_index <= 6 then 3
            else 4
        end as recency,
        case when margin_before > 0 then ntile(3) over value_order else 0 end as value_band
    from lived
    where has_ordered
    window value_order as (partition by margin_before > 0 order by margin_before, customer_id, month)
)

select
    is_broken,
    cast(n_after = 0 as double) as stopped,
    cast(coalesce(margin_after, 0) as double) as margin,
    cast(hash(customer_id) % {groups} as tinyint) as bucket,
    month,
    {levels}
    {segments}
from banded
order by customer_id, month
"""


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    segments = settings.segment_columns
    stop_months = settings.windows.stop_months
    named = "".join(f", {quoted(column)}" for column in segments)
    connection.execute(COST)
    connection.execute(NO_EXPOSURE.format(segments="".join(f", {quoted(column)} varchar" for column in segments)))
    connection.execute(PURCHASE)
    followed = promises(connection, settings)
    for fact, metric in followed:
        connection.execute(*exposure_sql(fact, metric, named, stop_months))
    connection.execute(CASE.format(segments=named))
    for fact, _ in followed:
        rows = list(costs(connection, fact.promise, segments, stop_months, settings.thresholds.min_group))
        if rows:
            connection.executemany(INSERT, rows)
    connection.execute("drop table promise_exposure")
    connection.execute("drop table promise_purchase")


def promises(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> tuple[tuple[Fact, Metric], ...]:
    """The promises that can be followed: their metric is known, and counts facts of customers."""
    catalogue = load_catalogue()
    refuse_unknown(facts(settings), catalogue)
    listed = "select table_name, column_name from duckdb_columns() where schema_name = 'main'"
    columns = set(connection.execute(listed).fetchall())
    known = [(fact, catalogue.metric(fact.metric)) for fact in facts(settings)]
    return tuple(
        (fact, metric)
        for fact, metric in known
        if is_promise(metric) and columns >= {(metric.view, name) for name in ("customer_id", *dict(fact.where))}
    )


def is_promise(metric: Metric) -> bool:
    """A rate of events that happened, not of what people say."""
    return (
        metric.additivity == "ratio"
        and metric.unit == "share"
        and metric.direction in ("up", "down")
        and metric.denominator is not None
        and not metric.part_of_whole
        and not metric.view.startswith("fct_survey")
    )


def exposure_sql(fact: Fact, metric: Metric, segments: str, stop_months: int) -> tuple[str, list[str]]:
    """Customers with something due in a month. What is put in comes from catalogue and settings; codes are bound."""
    kept_events, codes = filters_of(fact.where)
    sql = EXPOSURE.format(
        date=quoted(metric.date),
        numerator=metric.numerator,
        denominator=metric.denominator,
        where=metric.where,
        kept_events=kept_events,
        view=quoted(metric.view),
        broken="kept < due" if metric.direction == "up" else "kept > 0",
        segments=segments,
        stop_months=stop_months,
    )
    return sql, [*codes, fact.promise]


def costs(
    connection: "duckdb.DuckDBPyConnection", promise: str, segments: Sequence[str], stop_months: int, min_group: int
) -> Iterator[tuple]:
    """Rows of result_promise_cost: everyone, then each group of each segment column that is large enough."""
    sql = UNITS.format(
        stop_months=stop_months,
        groups=GROUPS,
        levels=",\n    ".join(f"hash({', '.join(level)}) as level_{k}" for k, level in enumerate(levels(segments))),
        segments="".join(f", {quoted(column)}" for column in segments),
    )
    last = connection.execute("select 12 * year(last_month_end) + month(last_month_end) from setting").fetchone()[0]
    units = connection.execute(sql, [promise, last]).fetchnumpy()
    if not len(units["month"]):
        return
    has_margin = connection.execute("select count(margin_amount) > 0 from fct_order").fetchone()[0]
    everyone = np.ones(len(units["month"]), bool)
    for outcome in OUTCOMES if has_margin else OUTCOMES[:1]:
        yield from estimates(units, promise, outcome, "", {"": everyone}, min_group)
        for column in segments:
            codes = units[column]
            groups = {str(code): codes == code for code in np.unique(codes)}
            yield from estimates(units, promise, outcome, column, groups, min_group)


def levels(segments: Sequence[str]) -> list[tuple[str, ...]]:
    """What a stratum holds alike, finest first: every segment column, then one less each time; last without bands."""
    named = [(*BANDS, *map(quoted, segments[:count])) for count in range(len(segments), -1, -1)]
    return [*named, ("month_index", "least(n_due, 3)", "frequency")]


def estimates(
    units: dict[str, np.ndarray], promise: str, outcome: str, column: str, groups: dict[str, np.ndarray], min_group: int
) -> Iterator[tuple]:
    """The difference in each group, those too small left out with enough of their neighbours."""
    broken, months = units["is_broken"].astype(bool), units["month"]
    strata = [units[name] for name in sorted(name for name in units if name.startswith("level_"))]
    found: dict[str, Matched] = {}
    for code, inside in groups.items():
        levels = [level[inside] for level in strata]
        result = matched(broken[inside], units[outcome][inside], levels, units["bucket"][inside])
        if result is not None:
            found[code] = result
    sizes = {(code,): Size(n, n, n) for code, m in found.items() for n in [min(m.n_matched, m.n_reference)]}
    hidden = hidden_cells((column,), (column,), sizes, min_group).get((0,), frozenset())
    for code, m in found.items():
        if (code,) not in hidden and m.difference.low is not None:
            d, span = m.difference, months[groups[code]]
            yield (
                *(promise, outcome, column, code, d.value, d.low, d.high, m.exposed, m.reference),
                *(m.n_exposed, m.n_matched, m.n_reference),
                *(span.min().astype("datetime64[D]").item(), span.max().astype("datetime64[D]").item(), METHOD),
            )
