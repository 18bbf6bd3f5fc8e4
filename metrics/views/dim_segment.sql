-- dim_segment: the company's own segment columns of a customer, and the value tier
-- grain: one row per customer (customer_id)
-- stored: table
-- units: value_tier from the margin of the 12 months before as_of, cut at shares of the buyers; 'none' = bought nothing in them
-- source: setting_segment, int_order, setting, setting_value_tier
-- keeps: every customer; a segment that is not given is 'unknown', so is the tier of a buyer whose margin is not known
with margin as (
    select
        o.customer_id,
        sum(o.margin_amount) as margin_12m
    from int_order as o
    cross join setting
    where o.is_sale and o.customer_id is not null and o.ordered_at >= setting.as_of - interval 12 month and o.ordered_at < setting.as_of
    group by o.customer_id
),

ranked as (
    select
        customer_id,
        margin_12m,
        (rank() over (order by margin_12m) - 1) / nullif(count(*) over (), 0) as share_below
    from margin
    where margin_12m is not null
),

tiered as (
    select
        r.customer_id,
        t.code as value_tier
    from ranked as r
    inner join setting_value_tier as t on r.share_below >= t.low_share and (r.share_below < t.high_share or t.high_share >= 1)
),

customer as (
    select coalesce(columns(*), 'unknown')
    from setting_segment
)

select
    customer.*,
    case when margin.customer_id is null then 'none' else coalesce(tiered.value_tier, 'unknown') end as value_tier
from customer
left join margin on customer.customer_id = margin.customer_id
left join tiered on customer.customer_id = tiered.customer_id
order by customer.customer_id
