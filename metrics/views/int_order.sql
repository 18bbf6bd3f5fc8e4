-- int_order: an order with its money and what became of its promised day, before segments are joined
-- grain: one row per order (order_id)
-- stored: temp
-- units: company currency; days are local calendar days
-- source: canonical.orders, int_order_amount, setting
-- keeps: every order, anonymous and cancelled ones too; cancelled on an unknown day counts as cancelled before the promised day
with dated as (
    select
        o.*,
        cast(o.ordered_at as date) as ordered_on,
        cast(o.delivered_at as date) as delivered_on,
        cast(setting.as_of as date) as as_of_on,
        coalesce(o.status = 'cancelled', false) or o.cancelled_at is not null as is_cancelled
    from canonical.orders as o
    cross join setting
),

judged as (
    select
        *,
        case
            when promised_on is null then 'no_promise'
            when delivered_on <= promised_on then 'kept'
            when delivered_on > promised_on then 'late'
            when is_cancelled and coalesce(cast(cancelled_at as date) < promised_on, true) then 'cancelled'
            when status in ('delivered', 'returned') then 'unknown'
            when promised_on < as_of_on then 'undelivered'
            else 'not_due'
        end as delivery_promise
    from dated
)

select
    j.order_id,
    j.customer_id,
    j.ordered_at,
    j.ordered_on,
    coalesce(j.status, 'unknown') as status,
    not j.is_cancelled and coalesce(j.status <> 'unavailable', true) as is_sale,
    a.net_amount,
    a.margin_amount,
    cast(coalesce(a.n_lines, 0) as integer) as n_lines,
    coalesce(a.category, 'unknown') as category,
    coalesce(j.sales_channel, 'unknown') as sales_channel,
    coalesce(j.store, 'none') as store,
    coalesce(j.campaign, 'none') as campaign,
    j.promised_on,
    j.repromised_on,
    j.delivered_at,
    j.delivered_on,
    j.delivery_promise,
    coalesce(j.promised_on < j.as_of_on, false) and j.delivery_promise in ('kept', 'late', 'undelivered') as is_promise_due,
    case when j.promised_on < j.as_of_on and j.delivery_promise in ('kept', 'late', 'undelivered') then j.delivery_promise = 'kept' end
        as is_promise_kept,
    coalesce(j.repromised_on <> j.promised_on, false) as is_repromised,
    cast(j.delivered_on - j.promised_on as integer) as days_late,
    cast(case when j.delivery_promise = 'undelivered' then j.as_of_on - j.promised_on else j.delivered_on - j.promised_on end as integer)
        as days_late_so_far
from judged as j
left join int_order_amount as a on j.order_id = a.order_id
