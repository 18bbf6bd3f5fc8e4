"""Of all active customers and of all revenue: who was asked, who was reached, who was heard in the last 12 months.

At the last month end, as coverage and silent_revenue count it: customers are the active ones, revenue is that of the 12
months of all identified customers; heard are those who answered any survey in them. Whoever was heard had been reached.

Table, empty without purchases or surveys:
  result_hearing_funnel  one row per group and step (active, asked, reached, heard); asked and reached only where the
                         data holds invitations that nobody answered: else who was invited is not known; a step that
                         fewer than min_group people lie under the one before is left out
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from metrics.results.hearing import hidden_groups
from metrics.results.rows import insert
from metrics.results.score_mix import each_group
from metrics.stats import jackknife
from metrics.stats.intervals import wilson
from metrics.sums import quoted

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "wilson_jackknife"
STEPS = ("asked", "reached", "heard")
TABLE = """
create table result_hearing_funnel (
    column_name varchar, code varchar, step varchar, n_active bigint, customers bigint,
    share double, low double, high double, revenue double,
    revenue_share double, revenue_low double, revenue_high double, month_end date, method varchar
)
"""
CUSTOMERS = """
with invited as (
    select
        customer_id,
        bool_or(is_delivered) as is_reached
    from fct_survey_invitation
    where invited_at >= date_trunc('month', $month_end - interval 11 month) and invited_at < $month_end + interval 1 day
    group by customer_id
)

select
    cast(hash(c.customer_id) % {groups} as integer) as bucket,
    {segments}
    case when c.is_heard_12m then 3 when i.is_reached then 2 when i.customer_id is not null then 1 else 0 end as far,
    count(*) filter (where c.is_active)::double as customers,
    coalesce(sum(c.revenue_12m), 0)::double as revenue
from fct_customer_month as c
left join invited as i on c.customer_id = i.customer_id
where c.month_end = $month_end
group by all
order by all
"""
KNOWN = "select count(*) > 0, count(*) filter (where not is_answered) > 0 from fct_survey_invitation"


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    connection.execute(TABLE)
    (month_end,) = connection.execute("select last_month_end from setting").fetchone()
    has_surveys, has_silent = connection.execute(KNOWN).fetchone()
    segments = settings.segment_columns
    named = "".join(f"c.{quoted(column)}, " for column in segments)
    sql = CUSTOMERS.format(groups=jackknife.GROUPS, segments=named)
    found = connection.execute(sql, {"month_end": month_end}).fetchnumpy()
    if has_surveys and found["customers"].sum():
        steps = STEPS if has_silent else STEPS[-1:]
        rows = funnels(found, segments, steps, settings.thresholds.min_group)
        insert(connection, "result_hearing_funnel", ((*row, month_end, METHOD) for row in rows))


def funnels(
    found: dict[str, np.ndarray], segments: Sequence[str], steps: Sequence[str], min_group: int
) -> Iterator[tuple]:
    """Rows of each group that has min_group people heard and as many who were not."""
    made: dict[str, dict[str, list[tuple]]] = {}
    people: dict[str, dict[str, float]] = {}
    for column, code, inside in each_group(found, segments):
        customers, revenue = (np.zeros((len(STEPS) + 1, jackknife.GROUPS)) for _ in range(2))
        np.add.at(customers, (found["far"][inside], found["bucket"][inside]), found["customers"][inside])
        np.add.at(revenue, (found["far"][inside], found["bucket"][inside]), found["revenue"][inside])
        people.setdefault(column, {})[code] = float(min(customers[:-1].sum(), customers[-1].sum()))
        made.setdefault(column, {})[code] = list(steps_of(customers, revenue, steps, min_group))
    for column, of_column in made.items():
        for code in of_column.keys() - hidden_groups(column, people[column], min_group):
            yield from ((column, code, *row) for row in of_column[code])


def steps_of(customers: np.ndarray, revenue: np.ndarray, steps: Sequence[str], min_group: int) -> Iterator[tuple]:
    """customers, revenue: how far each came (0 never asked to 3 heard) x groups of customers."""
    n, money, before = float(customers.sum()), float(revenue.sum()), float(customers.sum())
    if not n:
        return
    yield ("active", int(n), int(n), 1.0, 1.0, 1.0, money, 1.0, 1.0, 1.0)
    for step in steps:
        least = STEPS.index(step) + 1
        come = float(customers[least:].sum())
        if step != STEPS[-1] and 0 < before - come < min_group:
            continue
        before = come
        groups = list(zip(revenue[least:].sum(axis=0).tolist(), revenue.sum(axis=0).tolist(), strict=True))
        e, m = wilson(come, n), jackknife.estimate(groups, jackknife.ratio)
        ends = (None, None, None) if m is None else (m.value, max(0.0, m.low), min(1.0, m.high))
        yield (step, int(n), int(come), e.value, e.low, e.high, float(revenue[least:].sum()), *ends)
