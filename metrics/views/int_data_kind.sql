-- int_data_kind: how much was heard of each customer, by kind of data
-- grain: one row per kind of data and customer; the null customer stands for all rows without one (kind, customer_id)
-- stored: temp
-- source: canonical.orders, canonical.contacts, canonical.surveys, canonical.issues, canonical.offers, canonical.digital_sessions
-- keeps: rows without a moment; kinds without any row are not there
select
    'orders' as kind,
    customer_id,
    count(*) as n_rows,
    min(ordered_at) as first_at,
    max(ordered_at) as last_at
from canonical.orders
group by customer_id
union all
select
    'contacts' as kind,
    customer_id,
    count(*) as n_rows,
    min(started_at) as first_at,
    max(started_at) as last_at
from canonical.contacts
group by customer_id
union all
select
    'invitations' as kind,
    customer_id,
    count(*) as n_rows,
    min(coalesce(sent_at, answered_at)) as first_at,
    max(coalesce(sent_at, answered_at)) as last_at
from canonical.surveys
group by customer_id
union all
select
    'answers' as kind,
    customer_id,
    count(*) as n_rows,
    min(answered_at) as first_at,
    max(answered_at) as last_at
from canonical.surveys
where score is not null
group by customer_id
union all
select
    'issues' as kind,
    customer_id,
    count(*) as n_rows,
    min(opened_at) as first_at,
    max(opened_at) as last_at
from canonical.issues
group by customer_id
union all
select
    'offers' as kind,
    customer_id,
    count(*) as n_rows,
    min(offered_at) as first_at,
    max(offered_at) as last_at
from canonical.offers
group by customer_id
union all
select
    'digital_sessions' as kind,
    customer_id,
    count(*) as n_rows,
    min(started_at) as first_at,
    max(started_at) as last_at
from canonical.digital_sessions
group by customer_id
