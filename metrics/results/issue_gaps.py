"""How much hangs on windows.issue_gap_days: issues put together with other gaps, and without case numbers.

Table:
  result_issue_gap  one row per gap (days) and use of case numbers, over the whole data
    n        issues that identified customers opened     n_contacts   their contacts
    value, low, high    share of issues that used two channels or more, with Wilson's interval
    is_chosen           the company's own gap, with case numbers: what the pages show
"""

from typing import TYPE_CHECKING

from metrics.stats.intervals import wilson

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "wilson"
GAPS = (7, 14, 30)
TABLE = """
create table result_issue_gap (
    gap_days integer, has_case_numbers boolean, n bigint, n_contacts bigint, value double, low double, high double,
    is_chosen boolean, method varchar
)
"""
COUNTED = """
with followed as (
    select
        customer_id,
        contact_id,
        case_id,
        channel,
        coalesce(reason, 'unknown') as reason,
        started_at,
        lag(started_at) over (
            partition by customer_id, coalesce(reason, 'unknown') order by started_at, contact_id
        ) as previous_at
    from canonical.contacts
    where coalesce(direction, 'inbound') = 'inbound' and customer_id is not null
),

gap as (select unnest(?::integer[]) as gap_days),

chained as (
    select
        f.*,
        g.gap_days,
        count(*) filter (where f.previous_at is null or f.started_at > f.previous_at + to_days(g.gap_days)) over (
            partition by g.gap_days, f.customer_id, f.reason order by f.started_at, f.contact_id
            rows unbounded preceding
        ) as chain
    from followed as f
    cross join gap as g
),

named as (
    select
        *,
        coalesce(case_id, last_value(case_id ignore nulls) over (
            partition by gap_days, customer_id, reason, chain order by started_at, contact_id rows unbounded preceding
        )) as known_case
    from chained
),

used as (select unnest([true, false]) as has_case_numbers),

issue as (
    select
        n.gap_days,
        u.has_case_numbers,
        count(*) as n_contacts,
        count(distinct n.channel) as n_channels
    from named as n
    cross join used as u
    group by
        n.gap_days,
        u.has_case_numbers,
        case when u.has_case_numbers and n.known_case is not null then n.known_case end,
        case when not u.has_case_numbers or n.known_case is null then row(n.customer_id, n.reason, n.chain) end
)

select
    gap_days,
    has_case_numbers,
    count(*) as n,
    cast(sum(n_contacts) as bigint) as n_contacts,
    count(*) filter (where n_channels > 1) as n_switched
from issue
group by all
order by has_case_numbers desc, gap_days
"""


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    chosen = settings.windows.issue_gap_days
    connection.execute(TABLE)
    found = connection.execute(COUNTED, [sorted({*GAPS, chosen})]).fetchall()
    for gap, has_case_numbers, n, n_contacts, n_switched in found:
        share = wilson(n_switched, n)
        connection.execute(
            "insert into result_issue_gap values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [gap, has_case_numbers, n, n_contacts, share.value, share.low, share.high,
             has_case_numbers and gap == chosen, METHOD],
        )  # fmt: skip
