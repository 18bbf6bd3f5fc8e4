-- fct_suggestion: what a customer said would be better, and whether anybody decided on it
-- grain: one row per suggestion (suggestion_id)
-- stored: table
-- units: local times; is_decided_90d: planned, done or refused within 90 days
-- source: canonical.suggestions, canonical.surveys, setting, dim_segment
-- keeps: every suggestion; the customer is the one whose invitation it came with. is_decided_90d is null until 90 days have
--   passed; a decision without its day counts as one in time
with asked as (
    select
        survey_id,
        min(customer_id) as customer_id,
        min(coalesce(answered_at, sent_at)) as answered_at
    from canonical.surveys
    group by survey_id
),

placed as (
    select
        g.suggestion_id,
        a.customer_id,
        coalesce(g.asked_at, a.answered_at) as asked_at,
        coalesce(g.status, 'open') as status,
        g.decided_on,
        coalesce(g.status in ('planned', 'done', 'refused') or g.decided_on is not null, false) as is_decided
    from canonical.suggestions as g
    left join asked as a on g.survey_id = a.survey_id
)

select
    p.suggestion_id,
    p.customer_id,
    p.asked_at,
    p.status,
    p.is_decided,
    case
        when p.asked_at + interval 90 day < setting.as_of
            then p.is_decided and coalesce(p.decided_on <= cast(p.asked_at as date) + 90, true)
    end as is_decided_90d,
    coalesce(columns(s.* exclude (customer_id)), 'unknown')
from placed as p
cross join setting
left join dim_segment as s on p.customer_id = s.customer_id
order by p.asked_at, p.suggestion_id
