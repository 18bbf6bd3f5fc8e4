-- fct_digital_session: a visit to self-service, what the site says of it, and whether the customer had to get in touch after all
-- grain: one row per session (session_id)
-- stored: table
-- units: local times; within 7 days = 7 x 24 hours after the visit began
-- source: canonical.digital_sessions, fct_contact, setting, dim_segment
-- keeps: every session. is_contained_7d: no agent stepped in and no contact followed within 7 days for the same reason (for any
--   reason where the session has none); null for unidentified visitors, and until 7 days have passed
with came as (
    select
        customer_id,
        reason,
        started_at
    from fct_contact
    where is_inbound and customer_id is not null
),

followed as (
    select
        v.*,
        case when v.reason is null then anything.started_at else same.started_at end as came_at
    from canonical.digital_sessions as v
    asof left join came as same
        on v.customer_id = same.customer_id and v.reason = same.reason and v.started_at < same.started_at
    asof left join came as anything
        on v.customer_id = anything.customer_id and v.started_at < anything.started_at
)

select
    f.session_id,
    f.customer_id,
    f.started_at,
    coalesce(f.purpose, 'unknown') as purpose,
    coalesce(f.reason, 'unknown') as reason,
    coalesce(f.outcome, 'unknown') as outcome,
    f.agent_involved,
    case
        when f.outcome is not null or f.agent_involved is not null
            then coalesce(f.outcome = 'resolved', true) and not coalesce(f.agent_involved, false)
    end as is_claimed_resolved,
    case
        when f.customer_id is not null and f.started_at + interval 7 day < setting.as_of
            then not coalesce(f.agent_involved, false) and coalesce(f.came_at > f.started_at + interval 7 day, true)
    end as is_contained_7d,
    coalesce(columns(s.* exclude (customer_id)), 'unknown')
from followed as f
cross join setting
left join dim_segment as s on f.customer_id = s.customer_id
order by f.started_at, f.session_id
