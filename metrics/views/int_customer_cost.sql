-- int_customer_cost: what a customer cost and brought in the last 12 full months, by the value tier from before them
-- grain: one row per customer of these months (customer_id)
-- stored: temp
-- units: company currency; tier_before is that of the month end before the 12 months, 'new' when they had not bought by then
-- source: fct_contact, fct_order, fct_customer_month, dim_segment, setting
-- keeps: known customers who bought in the 12 months or the 12 before, or had a contact; contacts without a time cost nothing known
with span as (
    select
        last_day(cast(last_month_end - interval 12 month as date)) as before_on,
        last_month_end as until_on
    from setting
),

event as (
    select
        c.customer_id,
        c.handling_cost as cost,
        1 as n_contacts,
        cast(c.handling_cost is not null as integer) as n_timed,
        cast(null as decimal(18, 2)) as margin,
        cast(null as varchar) as tier_before
    from fct_contact as c
    cross join span
    where c.started_on > span.before_on and c.started_on <= span.until_on

    union all by name

    select
        o.customer_id,
        o.margin_amount as margin
    from fct_order as o
    cross join span
    where o.is_sale and o.ordered_on > span.before_on and o.ordered_on <= span.until_on

    union all by name

    select
        m.customer_id,
        m.value_tier as tier_before
    from fct_customer_month as m
    cross join span
    where m.month_end = span.before_on
),

added as (
    select
        customer_id,
        cast(coalesce(sum(cost), 0) as double) as cost,
        cast(coalesce(sum(n_contacts), 0) as integer) as n_contacts,
        cast(coalesce(sum(n_timed), 0) as integer) as n_timed,
        cast(coalesce(sum(margin), 0) as double) as margin,
        coalesce(max(tier_before), 'new') as tier_before,
        bool_or(tier_before is null or tier_before <> 'none') as is_present
    from event
    where customer_id is not null
    group by customer_id
)

select
    a.* exclude (is_present, customer_id),
    s.*
from added as a
inner join dim_segment as s on a.customer_id = s.customer_id
where a.is_present
