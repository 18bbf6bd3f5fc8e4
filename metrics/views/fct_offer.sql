-- fct_offer: an offer that the company made to a customer
-- grain: one row per offer (offer_id)
-- stored: table
-- units: local times; accepted as the source says, null where it does not
-- source: canonical.offers, dim_segment
-- keeps: every offer
select
    o.offer_id,
    o.customer_id,
    o.offered_at,
    coalesce(o.campaign, 'none') as campaign,
    coalesce(o.channel, 'unknown') as channel,
    o.accepted,
    coalesce(columns(s.* exclude (customer_id)), 'unknown')
from canonical.offers as o
left join dim_segment as s on o.customer_id = s.customer_id
order by o.offered_at, o.offer_id
