-- fct_lead: somebody who may buy, where they came from, and whether they were won within 90 days
-- grain: one row per lead (lead_id)
-- stored: table
-- units: local times; amount in company currency; days_to_win from the first sign to the sale
-- source: canonical.leads, setting, dim_segment
-- keeps: every lead. is_won_90d is null until 90 days have passed
-- note: only the won have become customers: by customer or segment one would see nobody but them, so a lead has neither
select
    l.lead_id,
    cast(null as varchar) as customer_id,
    l.created_at,
    coalesce(l.source, 'unknown') as source,
    coalesce(l.campaign, 'none') as campaign,
    case when l.referred_by is null then 'no' else 'yes' end as referred,
    coalesce(l.stage, 'unknown') as stage,
    case when l.created_at + interval 90 day < setting.as_of then coalesce(l.won_at <= l.created_at + interval 90 day, false) end
        as is_won_90d,
    date_diff('second', l.created_at, l.won_at) / 86400.0 as days_to_win,
    l.amount,
    coalesce(columns(s.* exclude (customer_id)), 'unknown')
from canonical.leads as l
cross join setting
left join dim_segment as s on s.customer_id is null
order by l.created_at, l.lead_id
