-- fct_contact: a contact, whether it came back, the issue it belongs to, what it cost, and the segments of its customer
-- grain: one row per contact (contact_id)
-- stored: table
-- units: durations in seconds; handling_cost in company currency; within N days = N x 24 hours after the contact began
-- source: canonical.contacts, int_contact_sequence, int_contact_opening, int_contact_answer, int_team_cost, setting, setting_channel,
--   dim_segment
-- keeps: every contact. A flag that looks ahead is null when the contact is outbound, unidentified, or the window has not passed
with timed as (
    select
        c.*,
        cast(c.started_at as date) as started_on,
        coalesce(c.direction, 'inbound') = 'inbound' as is_inbound,
        case
            when c.talk_seconds is not null or c.hold_seconds is not null or c.wrap_seconds is not null
                then coalesce(c.talk_seconds, 0) + coalesce(c.hold_seconds, 0) + coalesce(c.wrap_seconds, 0)
        end as handle_seconds,
        c.started_at + interval 1 day < setting.as_of as is_mature_1d,
        c.started_at + interval 7 day < setting.as_of as is_mature_7d,
        c.started_at + interval 14 day < setting.as_of as is_mature_14d,
        c.started_at + interval 30 day < setting.as_of as is_mature_30d,
        setting.hourly_cost
    from canonical.contacts as c
    cross join setting
),

followed as (
    select
        t.*,
        coalesce(s.issue_id, t.case_id) as issue_id,
        t.is_inbound and t.customer_id is not null as is_followable,
        opening.contact_id is not null as is_first_of_issue,
        t.started_at - s.previous_same_reason_at as since_same_reason,
        s.next_same_reason_at - t.started_at as until_same_reason,
        s.next_same_channel_at - t.started_at as until_same_channel,
        s.next_any_reason_at - t.started_at as until_any_reason
    from timed as t
    left join int_contact_sequence as s on t.contact_id = s.contact_id
    left join int_contact_opening as opening on t.contact_id = opening.contact_id
),

flagged as (
    select
        *,
        case when is_followable and is_mature_1d then coalesce(until_same_reason <= interval 1 day, false) end as repeat_within_1d,
        case when is_followable and is_mature_7d then coalesce(until_same_reason <= interval 7 day, false) end as repeat_within_7d,
        case when is_followable and is_mature_14d then coalesce(until_same_reason <= interval 14 day, false) end as repeat_within_14d,
        case when is_followable and is_mature_30d then coalesce(until_same_reason <= interval 30 day, false) end as repeat_within_30d,
        case when is_followable and is_mature_7d then coalesce(until_any_reason <= interval 7 day, false) end
            as repeat_any_reason_within_7d,
        case when is_followable and is_mature_7d then coalesce(until_same_channel <= interval 7 day, false) end
            as same_channel_repeat_within_7d
    from followed
)

select
    f.contact_id,
    f.customer_id,
    f.issue_id,
    f.started_at,
    f.started_on,
    f.channel,
    coalesce(channel.kind, 'unknown') as channel_kind,
    coalesce(f.direction, 'inbound') as direction,
    coalesce(f.purpose, 'unknown') as purpose,
    coalesce(f.reason, 'unknown') as reason,
    coalesce(f.team, 'unknown') as team,
    coalesce(f.store, 'none') as store,
    f.wait_seconds,
    f.handle_seconds,
    coalesce(f.abandoned, false) = false as is_handled,
    f.abandoned as is_abandoned,
    f.transferred_to is not null as is_transferred,
    coalesce(f.transferred_to, 'none') as transferred_to,
    f.is_inbound,
    f.is_complaint,
    f.information_repeated,
    answer.is_conflicting,
    f.customer_id is not null as is_identified,
    f.is_first_of_issue,
    case when f.is_followable then coalesce(f.since_same_reason <= interval 7 day, false) end as is_repeat_of_earlier_7d,
    f.is_mature_1d,
    f.is_mature_7d,
    f.is_mature_14d,
    f.is_mature_30d,
    f.repeat_within_1d,
    f.repeat_within_7d,
    f.repeat_within_14d,
    f.repeat_within_30d,
    f.repeat_any_reason_within_7d,
    f.same_channel_repeat_within_7d,
    case
        when f.is_first_of_issue and f.repeat_within_7d is not null
            then not f.repeat_within_7d and coalesce(f.abandoned, false) = false
    end as is_resolved_in_one_contact,
    case
        when f.is_first_of_issue and f.repeat_within_7d is not null
            then not f.same_channel_repeat_within_7d and coalesce(f.abandoned, false) = false
    end as is_fcr_same_channel,
    cast(
        f.handle_seconds * coalesce(case when f.started_on <= cost.valid_to then cost.hourly_cost end, f.hourly_cost) / 3600
        as decimal(12, 4)
    ) as handling_cost,
    f.order_id,
    coalesce(columns(s.* exclude (customer_id)), 'unknown')
from flagged as f
asof left join int_team_cost as cost on f.team = cost.team and f.started_on >= cost.valid_from
left join int_contact_answer as answer on f.contact_id = answer.contact_id
left join setting_channel as channel on f.channel = channel.channel
left join dim_segment as s on f.customer_id = s.customer_id
order by f.started_at, f.contact_id
