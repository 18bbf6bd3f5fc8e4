-- fct_first_order: a customer's first order, the discount it was won with, and what we did and they did in the days after
-- grain: one row per customer whose first purchase is known (customer_id)
-- stored: table
-- units: amounts in company currency; days after = setting.second_purchase_days, the day of the order left out
-- source: fct_order, canonical.order_lines, canonical.contacts, canonical.offers, setting, dim_segment
-- keeps: first orders of known customers; what came after is null until those days have passed, ours also where no contact of
--   ours and no offer is in the data. A contact of ours is outbound and no call-back of an unhappy answer
with first_order as (
    select
        o.order_id,
        o.customer_id,
        o.ordered_at,
        o.ordered_on,
        o.is_second_order_mature,
        o.has_second_order_180d,
        o.sales_channel,
        o.sales_channel_kind,
        o.store,
        o.campaign,
        o.category,
        o.ordered_on + setting.second_purchase_days as until_on
    from fct_order as o
    cross join setting
    where o.is_first_order
),

line as (
    select
        f.order_id,
        sum(l.discount) as discount_amount,
        sum(l.net_amount) + sum(l.discount) as full_amount
    from canonical.order_lines as l
    inner join first_order as f on l.order_id = f.order_id
    group by f.order_id
),

ours as (
    select
        customer_id,
        cast(started_at as date) as happened_on,
        false as is_offer
    from canonical.contacts
    where direction = 'outbound' and survey_id is null

    union all

    select
        customer_id,
        cast(offered_at as date) as happened_on,
        true as is_offer
    from canonical.offers
),

after as (
    select
        f.order_id,
        count(*) filter (where u.is_offer) as n_offers,
        count(*) filter (where not u.is_offer) as n_contacts
    from first_order as f
    inner join ours as u on f.customer_id = u.customer_id and f.ordered_on < u.happened_on and f.until_on >= u.happened_on
    group by f.order_id
)

select
    f.order_id,
    f.customer_id,
    f.ordered_at,
    f.has_second_order_180d,
    case when f.is_second_order_mature and (select count(*) from ours) > 0 then coalesce(a.n_offers, 0) end as n_offers_after,
    case when f.is_second_order_mature and (select count(*) from ours) > 0 then coalesce(a.n_contacts, 0) end as n_contacts_after,
    line.discount_amount,
    line.full_amount,
    f.sales_channel,
    f.sales_channel_kind,
    f.store,
    f.campaign,
    f.category,
    coalesce(columns(s.* exclude (customer_id)), 'unknown')
from first_order as f
left join line on f.order_id = line.order_id
left join after as a on f.order_id = a.order_id
left join dim_segment as s on f.customer_id = s.customer_id
order by f.ordered_at, f.order_id
