-- fct_promise: a promise with a day, once that day has passed: deliveries, and issues with a due time
-- grain: one row per promise due (promise_id)
-- stored: table
-- units: days_late in local days, early is negative; of a promise still open it is the days so far, so a lower bound
-- source: fct_order, fct_issue, dim_segment, setting
-- keeps: undelivered and unresolved ones, as broken; not those cancelled before the day, nor delivered on an unknown day
with delivery as (
    select
        'delivery-' || order_id as promise_id,
        'delivery' as kind,
        customer_id,
        promised_on as due_on,
        is_promise_kept as is_kept,
        is_repromised,
        days_late_so_far as days_late,
        days_late is null as is_still_open,
        sales_channel as channel,
        'none' as reason,
        'none' as team,
        category,
        store,
        'none' as hand_offs
    from fct_order
    where is_promise_due
),

issue as (
    select
        'issue-' || i.issue_id as promise_id,
        'issue' as kind,
        i.customer_id,
        i.due_on,
        i.is_promise_kept as is_kept,
        cast(null as boolean) as is_repromised,
        cast(
            case when i.due_at is not null then coalesce(cast(i.resolved_at as date), cast(setting.as_of as date)) - i.due_on end as integer
        ) as days_late,
        i.resolved_at is null as is_still_open,
        i.first_channel as channel,
        i.reason,
        i.team,
        'none' as category,
        i.store,
        i.hand_offs
    from fct_issue as i
    cross join setting
    where i.is_promise_due
),

promise as (
    select * from delivery
    union all
    select * from issue
)

select
    p.*,
    coalesce(columns(s.* exclude (customer_id)), 'unknown')
from promise as p
left join dim_segment as s on p.customer_id = s.customer_id
order by p.due_on, p.promise_id
