"""Do unhappy customers who are called back recover, against customers as unhappy whom nobody called?

A call-back is a contact from the company that names the answer, within 48 hours of it, whether the customer was reached
or not: who can be reached differs from who cannot. Compared are unhappy answers that nobody called back about;
those called later are on neither side. Alike are instrument and score, then what they bought before, touchpoint and
quarter (metrics/stats/matching.py). It is an association: who calls may choose whom.

Table, empty where no contact names an answer:
  result_loop_recovery  one row per group (column_name and code; '' = everyone) and outcome
    next_score     points of 10 of the customer's next answer on the same instrument, within 6 months
    answered       share that answered it at all: where it differs, next_score is of other customers
    stopped        share that bought nothing in the stop_months after, of those who had bought in the year before
    former_score   points of the answer before: a negative control, nothing had been done yet
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from metrics.results import followed
from metrics.results.moments import groups_of
from metrics.results.rows import insert, unmasked
from metrics.stats.jackknife import GROUPS
from metrics.sums import quoted

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "matched_jackknife"
OUTCOMES = ("next_score", "answered", "stopped", "former_score")
LEVELS = (
    ("instrument", "score", "frequency", "recency", "touchpoint", "quarter"),
    ("instrument", "score", "frequency", "recency", "touchpoint"),
    ("instrument", "score", "frequency", "recency"),
    ("instrument", "score"),
)
TABLE = """
create table result_loop_recovery (
    column_name varchar, code varchar, outcome varchar, value double, low double, high double, called double,
    not_called double, n bigint, n_called bigint, n_not_called bigint, first_on date, last_on date, method varchar
)
"""
UNITS = """
with answer as (
    select
        *,
        round(10 * score_share, 2) as score,
        lead(answered_at) over each_next as next_at,
        lead(round(10 * score_share, 2)) over each_next as next_score,
        lag(round(10 * score_share, 2)) over each_next as former_score
    from (select distinct on (survey_id) * from fct_survey_answer where customer_id is not null)
    window each_next as (partition by customer_id, instrument order by answered_at, survey_id)
),

unhappy as (
    select a.*
    from answer as a
    cross join setting
    where
        a.is_called_back_48h is not null and (a.is_called_back_48h or a.called_back_at is null)
        and a.answered_at + interval 48 hour + interval 6 month < setting.as_of
),

bought as (
    select
        u.survey_id,
        count(*) filter (
            where o.ordered_at <= u.answered_at and o.ordered_at > u.answered_at - interval 12 month
        ) as n_before,
        max(o.ordered_at) filter (where o.ordered_at <= u.answered_at) as last_at,
        count(*) filter (
            where o.ordered_at > u.answered_at + interval 48 hour
            and o.ordered_at <= u.answered_at + interval 48 hour + to_months({stop_months})
        ) as n_after
    from unhappy as u
    inner join fct_order as o on u.customer_id = o.customer_id and o.is_sale
    group by u.survey_id
),

placed as (
    select
        u.*,
        least(coalesce(b.n_before, 0), 3) as frequency,
        case
            when b.last_at is null then 0
            when b.last_at > u.answered_at - interval 1 month then 1
            when b.last_at > u.answered_at - interval 3 month then 2
            when b.last_at > u.answered_at - interval 6 month then 3
            else 4
        end as recency,
        date_trunc('quarter', u.answered_at) as quarter,
        coalesce(u.next_at <= u.answered_at + interval 48 hour + interval 6 month, false) as is_answered_again,
        b.n_before,
        b.n_after,
        u.answered_at + interval 48 hour + to_months({stop_months}) < setting.as_of as is_followed
    from unhappy as u
    cross join setting
    left join bought as b on u.survey_id = b.survey_id
)

select
    is_called_back_48h as is_exposed,
    cast(answered_at as date) as day,
    cast(hash(customer_id) % {groups} as tinyint) as bucket,
    cast(case when is_answered_again then next_score end as double) as next_score,
    cast(is_answered_again as double) as answered,
    cast(case when is_followed and n_before > 0 then n_after = 0 end as double) as stopped,
    cast(former_score as double) as former_score,
    {levels}
    {segments}
from placed
order by answered_at, survey_id
"""


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    connection.execute(TABLE)
    segments = settings.segment_columns
    units = called_and_not(connection, segments, settings.windows.stop_months)
    if units["is_exposed"].any():
        rows = recoveries(units, segments, settings.thresholds.min_group)
        insert(connection, "result_loop_recovery", rows)


def called_and_not(
    connection: "duckdb.DuckDBPyConnection", segments: tuple[str, ...], stop_months: int
) -> dict[str, np.ndarray]:
    """Unhappy answers old enough to be followed, one entry each; outcomes are NaN where they are not known."""
    sql = UNITS.format(
        stop_months=stop_months,
        groups=GROUPS,
        levels=followed.levels_sql(LEVELS),
        segments="".join(f", {quoted(column)}" for column in segments),
    )
    found = connection.execute(sql).fetchnumpy()
    return followed.numbered({name: unmasked(column) for name, column in found.items()})


def recoveries(units: dict[str, np.ndarray], segments: tuple[str, ...], min_group: int) -> Iterator[tuple]:
    """Rows of result_loop_recovery; groups with too few customers on a side are left out, and neighbours with them."""
    for column in ("", *segments):
        groups = groups_of(units, column)
        for outcome in OUTCOMES:
            is_known = ~np.isnan(units[outcome])
            known = {code: inside & is_known for code, inside in groups.items()}
            found = followed.differences(units, (outcome,), known)[outcome]
            hidden = followed.too_small(found, min_group)
            for code, result in found.items():
                if code not in hidden and result.difference.low is not None:
                    span = units["day"][groups[code]]
                    days = (edge.astype("datetime64[D]").item() for edge in (span.min(), span.max()))
                    d = result.difference
                    levels = (d.value, d.low, d.high, result.exposed, result.reference)
                    sizes = (result.n_exposed, result.n_matched, result.n_reference)
                    yield column, code, outcome, *levels, *sizes, *days, METHOD
