-- int_contact_sequence: what an inbound contact was followed by, and the chain of contacts it belongs to
-- grain: one row per inbound contact (contact_id)
-- stored: temp
-- units: local times; a chain ends when nothing more comes for setting.issue_gap_days, reason 'unknown' is a reason like another
-- source: canonical.contacts, setting
-- keeps: every inbound contact; unidentified ones are followed by nothing known and stand in no chain
with inbound as (
    select
        contact_id,
        customer_id,
        case_id,
        started_at,
        channel,
        coalesce(reason, 'unknown') as reason
    from canonical.contacts
    where coalesce(direction, 'inbound') = 'inbound'
),

ordered as (
    select
        contact_id,
        customer_id,
        case_id,
        started_at,
        reason,
        lag(started_at) over same_reason as previous_same_reason_at,
        lead(started_at) over same_reason as next_same_reason_at,
        lead(started_at) over same_channel as next_same_channel_at,
        lead(started_at) over any_reason as next_any_reason_at
    from inbound
    where customer_id is not null
    window
        same_reason as (partition by customer_id, reason order by started_at, contact_id),
        same_channel as (partition by customer_id, reason, channel order by started_at, contact_id),
        any_reason as (partition by customer_id order by started_at, contact_id)
),

chained as (
    select
        o.*,
        sum(
            case
                when o.previous_same_reason_at is null then 1
                when o.started_at > o.previous_same_reason_at + to_days(cast(setting.issue_gap_days as integer)) then 1
                else 0
            end
        ) over (partition by o.customer_id, o.reason order by o.started_at, o.contact_id rows unbounded preceding) as chain
    from ordered as o
    cross join setting
)

select
    contact_id,
    previous_same_reason_at,
    next_same_reason_at,
    next_same_channel_at,
    next_any_reason_at,
    coalesce(case_id, last_value(case_id ignore nulls) over so_far, 'contact-' || first_value(contact_id) over so_far) as issue_id
from chained
window so_far as (partition by customer_id, reason, chain order by started_at, contact_id rows unbounded preceding)

union all by name

select
    contact_id,
    coalesce(case_id, 'contact-' || contact_id) as issue_id
from inbound
where customer_id is null
