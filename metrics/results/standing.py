"""Where customers stood at a cut-off, by what was known then, and whether they stopped buying afterwards.

A row is a customer who counts as active at the cut-off (a day, included). Nothing that became known later is used: an
order cancelled later still counts, amounts are those before refunds, a promise counts from its day on and is as late
as it was by then. Segments stand as they are today, since exports know them so. Contacts for a reason with which
customers announce that they leave (config, outlook.leaving_reasons) are no experience, and left out.
`stopped`: no purchase in the `stop_months` after the cut-off, or the contract ended in them.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from metrics.stats.logistic import BLOCKS
from metrics.sums import quoted

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

MOST_CUSTOMERS = 10_000
RECENT = 3  # months
ROUGH_WAIT = 300  # seconds, as in int_customer_month_event
CUTS = "create or replace temp table standing_cut (cut_on date)"
SAMPLED = """
create or replace temp table standing_customer as
select customer_id
from (select distinct customer_id from fct_order where is_sale and customer_id is not null)
order by hash(customer_id)
limit {most}
"""
BOUGHT = """
create or replace temp table standing_bought as
with amount as (
    select order_id, sum(net_amount) as amount
    from canonical.order_lines
    group by order_id
)

select
    o.customer_id,
    cast(o.ordered_at as date) as bought_on,
    cast(o.cancelled_at as date) as cancelled_on,
    coalesce(a.amount, 0) as amount,
    f.category,
    f.sales_channel_kind = 'digital' as is_digital
from canonical.orders as o
inner join standing_customer as c on o.customer_id = c.customer_id
inner join fct_order as f on o.order_id = f.order_id
left join amount as a on o.order_id = a.order_id
"""
STANDING = """
create or replace temp table standing as
select
    cut_on,
    b.customer_id,
    cut_on - max(bought_on) as recency_days,
    max(bought_on) - min(bought_on) as span_days,
    cut_on - min(bought_on) as tenure_days,
    count(distinct bought_on) as n_purchases,
    count(distinct bought_on) filter (where bought_on > cut_on - interval 12 month) as n_year,
    count(distinct bought_on) filter (where bought_on > cut_on - interval {recent} month) as n_recent,
    cast(coalesce(sum(amount) filter (where bought_on > cut_on - interval 12 month), 0) as double) as amount_year,
    count(distinct category) as n_categories,
    avg(is_digital::integer) as digital_share
from standing_bought as b
inner join standing_cut on bought_on <= cut_on and (cancelled_on is null or cancelled_on > cut_on)
left join canonical.customers as c on b.customer_id = c.customer_id
where c.contract_ended_on is null or c.contract_ended_on > cut_on
group by cut_on, b.customer_id
having max(bought_on) >= cut_on - (select activity_days from setting)
"""
PROMISED = """
create or replace temp table standing_promised as
select
    cut_on,
    p.customer_id,
    count(*) filter (where kind = 'delivery' and due_on > since_on) as deliveries_recent,
    count(*) filter (where kind = 'delivery' and due_on <= since_on) as deliveries_before,
    count(*) filter (where kind = 'issue' and due_on > since_on) as issues_recent,
    count(*) filter (where kind = 'issue' and due_on <= since_on) as issues_before,
    count(*) filter (where not is_kept and kind = 'delivery' and due_on > since_on) as late_recent,
    count(*) filter (where not is_kept and kind = 'delivery' and due_on <= since_on) as late_before,
    count(*) filter (where not is_kept and kind = 'issue' and due_on > since_on) as overdue_recent,
    count(*) filter (where not is_kept and kind = 'issue' and due_on <= since_on) as overdue_before,
    max(least(days_late, cut_on - due_on)) filter (where not is_kept and kind = 'delivery') as days_late
from fct_promise as p
inner join (select *, cut_on - interval {recent} month as since_on from standing_cut)
    on due_on <= cut_on and due_on > cut_on - interval 12 month
inner join standing_customer as c on p.customer_id = c.customer_id
group by all
"""
CONTACTED = """
create or replace temp table standing_contacted as
select
    cut_on,
    f.customer_id,
    count(*) filter (where started_on > since_on) as contacts_recent,
    count(*) filter (where started_on <= since_on) as contacts_before,
    count(*) filter (where is_repeat_of_earlier_7d and started_on > since_on) as repeats_recent,
    count(*) filter (where is_repeat_of_earlier_7d and started_on <= since_on) as repeats_before,
    count(*) filter (where is_rough and started_on > since_on) as rough_recent,
    count(*) filter (where is_rough and started_on <= since_on) as rough_before,
    count(*) filter (where information_repeated) as repeated_information,
    count(*) filter (where is_complaint) as complaints
from (
    select
        *,
        is_transferred or coalesce(is_abandoned, false) or coalesce(wait_seconds > {wait}, false) as is_rough
    from fct_contact
    where is_inbound and not list_contains(?, coalesce(reason, 'unknown'))
) as f
inner join (select *, cut_on - interval {recent} month as since_on from standing_cut)
    on started_on <= cut_on and started_on > cut_on - interval 12 month
inner join standing_customer as c on f.customer_id = c.customer_id
group by all
"""
ASKED = """
create or replace temp table standing_asked as
select
    cut_on,
    f.customer_id,
    count(*) as invitations,
    {answers}
from (
    select
        *,
        case instrument when 'rating' then 'csat' else instrument end as kind_asked,
        cast(answered_at as date) as answered_on
    from fct_survey_invitation
) as f
inner join standing_cut on cast(invited_at as date) <= cut_on and cast(invited_at as date) > cut_on - interval 12 month
inner join standing_customer as c on f.customer_id = c.customer_id
group by all
"""
ANSWER = (
    "count(*) filter (where kind_asked = '{kind}' and answered_on <= cut_on) as {kind}_answers, "
    "arg_max(score_share, row(answered_at, survey_id)) filter (where kind_asked = '{kind}' and answered_on <= cut_on) "
    "as {kind}_last"
)
KINDS = ("nps", "csat", "effort")
FOLLOWED = """
with later as (
    select distinct
        cut_on,
        customer_id
    from fct_order
    inner join standing_cut on ordered_on > cut_on and ordered_on <= last_day(cut_on + to_months({months}))
    where is_sale and customer_id is not null
)

select
    s.*,
    p.* exclude (cut_on, customer_id),
    c.* exclude (cut_on, customer_id),
    a.* exclude (cut_on, customer_id),
    {segments}
    h.crm_health::double as crm_health,
    h.cem_health::double as cem_health,
    cast(hash(s.customer_id) % {blocks} as integer) as block,
    cast(
        later.customer_id is null
        or coalesce(u.contract_ended_on <= last_day(s.cut_on + to_months({months})), false) as double
    ) as stopped
from standing as s
left join later on s.cut_on = later.cut_on and s.customer_id = later.customer_id
left join standing_promised as p on s.cut_on = p.cut_on and s.customer_id = p.customer_id
left join standing_contacted as c on s.cut_on = c.cut_on and s.customer_id = c.customer_id
left join standing_asked as a on s.cut_on = a.cut_on and s.customer_id = a.customer_id
left join dim_segment as d on s.customer_id = d.customer_id
left join fct_customer_month as h on s.cut_on = h.month_end and s.customer_id = h.customer_id
left join canonical.customers as u on s.customer_id = u.customer_id
order by s.cut_on, s.customer_id
"""
MADE = ("cut", "customer", "bought", "promised", "contacted", "asked")


def standing(
    connection: "duckdb.DuckDBPyConnection", settings: "Settings", cuts: Sequence[date], most: int = MOST_CUSTOMERS
) -> dict[str, np.ndarray]:
    """Columns of a row for each customer active at each cut-off; counts that nothing was known of are NaN.

    Of more than `most` customers a sample is taken, by a hash of who they are.
    """
    connection.execute(CUTS)
    if cuts:
        connection.executemany("insert into standing_cut values (?)", [(day,) for day in cuts])
    connection.execute(SAMPLED.format(most=most))
    connection.execute(BOUGHT)
    connection.execute(STANDING.format(recent=RECENT))
    connection.execute(PROMISED.format(recent=RECENT))
    connection.execute(CONTACTED.format(recent=RECENT, wait=ROUGH_WAIT), [settings.outlook.leaving_reasons])
    connection.execute(ASKED.format(answers=",\n    ".join(ANSWER.format(kind=kind) for kind in KINDS)))
    segments = "".join(f"d.{quoted(column)}, " for column in settings.segment_columns)
    found = connection.execute(
        FOLLOWED.format(months=settings.windows.stop_months, segments=segments, blocks=BLOCKS)
    ).fetchnumpy()
    for name in ("", *(f"_{part}" for part in MADE)):
        connection.execute(f"drop table standing{name}")
    return {name: unmasked(values) for name, values in found.items()}


def unmasked(values: np.ndarray) -> np.ndarray:
    """Numbers that are missing as NaN."""
    return values.astype(float).filled(np.nan) if np.ma.is_masked(values) else np.asarray(values)
