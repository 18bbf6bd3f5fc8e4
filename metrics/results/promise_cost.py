"""What a broken promise is followed by: customers who lived one against matched customers whose promises were kept.

A promise is the fact of a pillar (metrics/promises.py), a rate of the catalogue over events of known customers: in a
month, a customer whose numerator falls short of the denominator (or is above zero, where down is good) lived a broken
one. Opinions are no facts: metrics of survey answers are left out.

Both sides had a promise due in the month and no broken one in the `stop_months` before; amounts add up over customers.
How they are matched: metrics/results/followed.py; alike in each stratum are besides the promises due. Outcomes, over
the `stop_months` after the month: `stopped`, no purchase; `margin`.

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
from metrics.results import followed
from metrics.results.rows import insert
from metrics.sums import filters_of, quoted

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "matched_jackknife"
OUTCOMES = ("stopped", "margin")
COST = """
create table result_promise_cost (
    promise varchar, outcome varchar, column_name varchar, code varchar, value double, low double, high double,
    broken double, kept double, n_cases bigint, n bigint, n_kept bigint, first_on date, last_on date, method varchar
)
"""
CASE = """
create table result_promise_case as
select
    thing as promise, month{segments}, count(*) as n_exposed, count(*) filter (where is_exposed) as n_broken,
    count(*) filter (where is_exposed and not is_recent) as n_cases
from exposure
group by all
order by all
"""
EXPOSURE = """
insert into exposure
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
    ? as thing, customer_id, month, month_index, {broken} as is_exposed,
    cast(least(due, 3) as integer) as alike{segments},
    coalesce(bool_or({broken}) over (
        partition by customer_id order by month_index range between {stop_months} preceding and 1 preceding
    ), false) as is_recent
from due
where due > 0
"""


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    segments = settings.segment_columns
    stop_months = settings.windows.stop_months
    named = "".join(f", {quoted(column)}" for column in segments)
    connection.execute(COST)
    followed.begin(connection, segments)
    kept = promises(connection, settings)
    for fact, metric in kept:
        connection.execute(*exposure_sql(fact, metric, named, stop_months))
    connection.execute(CASE.format(segments=named))
    for fact, _ in kept:
        rows = costs(connection, fact.promise, segments, stop_months, settings.thresholds.min_group)
        insert(connection, "result_promise_cost", list(rows))
    followed.end(connection)


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
    units = followed.units(connection, promise, segments, stop_months)
    if not len(units["month"]):
        return
    has_margin = connection.execute("select count(margin_amount) > 0 from fct_order").fetchone()[0]
    outcomes = OUTCOMES if has_margin else OUTCOMES[:1]
    yield from estimates(units, promise, outcomes, "", {"": np.ones(len(units["month"]), bool)}, min_group)
    for column in segments:
        groups = {str(code): units[column] == code for code in np.unique(units[column])}
        yield from estimates(units, promise, outcomes, column, groups, min_group)


def estimates(
    units: dict[str, np.ndarray],
    promise: str,
    outcomes: Sequence[str],
    column: str,
    groups: dict[str, np.ndarray],
    min_group: int,
) -> Iterator[tuple]:
    """The differences in each group, those too small left out with enough of their neighbours."""
    for outcome, found in followed.differences(units, outcomes, groups).items():
        hidden = followed.too_small(found, min_group)
        for code, m in found.items():
            if code not in hidden and m.difference.low is not None:
                d, span = m.difference, units["month"][groups[code]]
                yield (
                    *(promise, outcome, column, code, d.value, d.low, d.high, m.exposed, m.reference),
                    *(m.n_exposed, m.n_matched, m.n_reference),
                    *(span.min().astype("datetime64[D]").item(), span.max().astype("datetime64[D]").item(), METHOD),
                )
