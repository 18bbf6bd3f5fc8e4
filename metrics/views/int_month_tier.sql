-- int_month_tier: the margins of 12 months between which a customer stood in a value tier, at every month end
-- grain: one row per month and tier (month_index, value_tier)
-- stored: temp
-- units: company currency; above above_margin (null: from the lowest), up to and with up_to_margin
-- source: int_customer_month, setting_value_tier
-- keeps: months with a buyer whose margin is known; customers with equal margins stand in the same tier
with month as (
    select
        month_index,
        list(margin order by margin) as margins
    from int_customer_month
    where n_purchases > 0 and margin is not null
    group by month_index
)

select
    m.month_index,
    t.code as value_tier,
    m.margins[cast(ceil(round(t.low_share * len(m.margins), 6)) as integer)] as above_margin,
    m.margins[cast(ceil(round(t.high_share * len(m.margins), 6)) as integer)] as up_to_margin
from month as m
cross join setting_value_tier as t
