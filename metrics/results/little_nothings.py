"""The little nothings, counted: after how many small things gone wrong in half a year more customers stop buying.

A little nothing is a delivery not on its day, or a contact that came back within 7 days, was handed on, asked again
what had been said, gave another answer, or was given up; one contact may hold several. They are counted over
LIVED_MONTHS, and customers with 1, 2, ... of them are matched (metrics/results/followed.py) with customers who had none
on as many occasions: issues opened and deliveries due. Without occasions nothing can go wrong: those are left out.
Month ends lie `stop_months` apart, so that no purchase is an outcome twice.

Table, empty where nothing can be told:
  result_little_nothing  one row per group (column_name and code; '' = everyone) and number of little nothings
    n, n_stopped                   customers at a month end with so many, and those who then stopped
    value, low, high               difference in the share that stopped from those without any, matched; null for none
    told_low                       lower end when all numbers are judged at once (Bonferroni)
    placebo, placebo_low, placebo_high   the same difference in the outcome before anything happened
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from metrics.results import followed
from metrics.results.moments import OUTCOME, groups_of, one_sided
from metrics.results.rows import insert
from metrics.stats.intervals import Estimate, t_quantile
from metrics.stats.jackknife import GROUPS
from metrics.sums import code_sql

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "matched_jackknife"
LIVED_MONTHS = 6
THING, NUMBER = "little_nothings", "n_little"
MOST = 5  # counted together with more
TABLE = """
create table result_little_nothing (
    column_name varchar, code varchar, n_little integer, n bigint, n_stopped bigint, stopped double, reference double,
    value double, low double, high double, told_low double, n_matched bigint, n_reference bigint,
    placebo double, placebo_low double, placebo_high double, first_on date, last_on date, method varchar
)
"""
LIVED = """
create temp table lived_month as
with happened as (
    select
        customer_id,
        due_on as happened_on,
        cast(not is_kept as integer) as n_little,
        1 as n_promises,
        0 as n_issues
    from fct_promise
    where kind = 'delivery' and customer_id is not null

    union all

    select
        customer_id,
        started_on,
        coalesce(is_repeat_of_earlier_7d, false)::integer + is_transferred::integer
        + coalesce(information_repeated, false)::integer + coalesce(is_conflicting, false)::integer
        + coalesce(is_abandoned, false)::integer,
        0,
        coalesce(is_first_of_issue, false)::integer
    from fct_contact
    where is_inbound and customer_id is not null
)

select
    customer_id,
    cast(12 * year(happened_on) + month(happened_on) as integer) as month_index,
    sum(n_little) as n_little,
    sum(n_promises) as n_promises,
    sum(n_issues) as n_issues
from happened
group by all
"""
EXPOSURE = """
insert into exposure
with span as (
    select
        12 * year(last_month_end) + month(last_month_end) as last_index,
        12 * year(data_from) + month(data_from) as first_index
    from setting
),

anchor as (
    select unnest(generate_series(
        last_index - {stop_months}, first_index + {lived_months} - 1, -{stop_months}
    )) as anchor
    from span
),

counted as (
    select
        l.customer_id,
        a.anchor as month_index,
        sum(l.n_little) as n_little,
        sum(l.n_promises) as n_promises,
        sum(l.n_issues) as n_issues
    from lived_month as l
    inner join anchor as a on l.month_index > a.anchor - {lived_months} and l.month_index <= a.anchor
    group by all
)

select
    '{thing}' as thing,
    c.customer_id,
    make_date((c.month_index - 1) // 12, (c.month_index - 1) % 12 + 1, 1) as month,
    c.month_index,
    c.n_little > 0 as is_exposed,
    cast(5 * least(c.n_issues, 4) + least(c.n_promises, 4) as integer) as alike
    {segments},
    cast(least(c.n_little, {most}) as varchar) as {number},
    false as is_recent
from counted as c
left join dim_segment as s on c.customer_id = s.customer_id
where c.n_issues + c.n_promises > 0
"""
Units = dict[str, np.ndarray]


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    segments, stop_months = settings.segment_columns, settings.windows.stop_months
    connection.execute(TABLE)
    followed.begin(connection, (*segments, NUMBER))
    connection.execute(LIVED)
    named = "".join(f", {code_sql(column, 's')}" for column in segments)
    names = {"thing": THING, "number": NUMBER, "segments": named}
    spans = {"stop_months": stop_months, "lived_months": LIVED_MONTHS, "most": MOST}
    connection.execute(EXPOSURE.format(**names, **spans))
    lived, before = (
        followed.units(connection, THING, segments, stop_months, is_placebo, LIVED_MONTHS, (NUMBER,))
        for is_placebo in (False, True)
    )
    rows = [row for column in ("", *segments) for row in rows_of(column, lived, before, settings.thresholds.min_group)]
    insert(connection, "result_little_nothing", rows)
    connection.execute("drop table lived_month")
    followed.end(connection)


def rows_of(column: str, lived: Units, before: Units, min_group: int) -> Iterator[tuple]:
    """Rows of the groups of one column, each group's numbers judged together."""
    told: dict[str, dict[int, tuple]] = {}
    groups = groups_of(lived, column)
    for number in range(1, MOST + 1):
        some, earlier = (only(units, number) for units in (lived, before))
        here = groups_of(some, column)
        matched = followed.differences(some, (OUTCOME,), here)[OUTCOME]
        placebos = followed.differences(earlier, (OUTCOME,), groups_of(earlier, column))[OUTCOME]
        hidden = followed.too_small(matched, min_group)
        unsure = followed.too_small(placebos, min_group)
        for code, result in matched.items():
            if code not in hidden and result.difference.low is not None and result.difference.half_width > 0:
                placebo = placebos[code].difference if code in placebos and code not in unsure else Estimate(None)
                told.setdefault(code, {})[number] = (result, placebo, counts(some, here[code], True))
    for code, numbers in told.items():
        yield from group_rows((column, code), numbers, lived, groups[code])


def group_rows(group: tuple[str, str], numbers: dict[int, tuple], lived: Units, inside: np.ndarray) -> Iterator[tuple]:
    """None first, then each number of little nothings."""
    months = lived["month"][inside]
    last = [*(edge.astype("datetime64[D]").item() for edge in (months.min(), months.max())), METHOD]
    n, stopped = counts(lived, inside, False)
    yield (*group, 0, n, stopped, stopped / n if n else None, *[None] * 10, *last)
    scale = one_sided(len(numbers)) / t_quantile(GROUPS - 1)
    for number, (m, placebo, (n, stopped)) in numbers.items():
        d = m.difference
        yield (
            *(*group, number, n, stopped, m.exposed, m.reference, d.value, d.low, d.high),
            *(d.value - scale * d.half_width, m.n_matched, m.n_reference),
            *(placebo.value, placebo.low, placebo.high, *last),
        )


def only(units: Units, number: int) -> Units:
    """Those with so many little nothings, and those without any."""
    chosen = np.isin(units[NUMBER], ("0", str(number)))
    return {name: values[chosen] for name, values in units.items()}


def counts(units: Units, inside: np.ndarray, is_exposed: bool) -> tuple[int, int]:
    """Customers of a group with little nothings, or without, and how many of them stopped."""
    chosen = inside & (units["is_exposed"].astype(bool) == is_exposed)
    return int(chosen.sum()), int(units[OUTCOME][chosen].sum())
