-- fct_issue: a customer's problem over all its contacts: as the source knows it, else put together from the contacts
-- grain: one row per issue (issue_id)
-- stored: table
-- units: local times; a due_at at midnight is a day and is kept until its end; is_resolved_in_one_contact as in fct_contact;
--   is_conflicting as in int_contact_answer, null where no question was answered by two channels or teams
-- note: is_resolved: the source says when, or, put together from contacts, a known customer's last one was handled and nothing
--   came for issue_gap_days; null until 30 days after the opening
-- source: canonical.issues, int_issue_contacts, dim_segment, setting
-- keeps: every issue of the source; without any, every case or chain of contacts that a customer opened, unidentified ones too
with known as (
    select
        i.issue_id,
        i.customer_id,
        i.opened_at,
        i.due_at,
        coalesce(i.resolved_at, i.closed_at) as resolved_at,
        coalesce(i.channel, c.first_channel) as first_channel,
        coalesce(i.reason, c.reason) as reason,
        coalesce(i.team, c.team) as team,
        c.store,
        c.n_contacts,
        c.n_channels,
        c.is_conflicting,
        coalesce(cast(i.hand_off_count as integer), c.hand_off_count) as hand_off_count,
        cast(i.reopen_count as integer) as reopen_count,
        i.promise_kept,
        c.handling_cost,
        coalesce(i.resolved_at, i.closed_at) is not null as is_settled,
        c.is_resolved_in_one_contact,
        c.is_fcr_same_channel
    from canonical.issues as i
    left join int_issue_contacts as c on i.issue_id = c.issue_id
),

assembled as (
    select
        c.* exclude (is_opened_by_customer, last_contact_at, is_last_handled),
        c.customer_id is not null
        and c.is_last_handled
        and c.last_contact_at + to_days(cast(setting.issue_gap_days as integer)) < setting.as_of as is_settled
    from int_issue_contacts as c
    cross join setting
    where c.is_opened_by_customer and (select count(*) from canonical.issues) = 0
),

issue as (
    select * from known
    union all by name
    select * from assembled
),

dated as (
    select
        i.*,
        case
            when i.due_at = date_trunc('day', i.due_at) then i.due_at + interval 1 day
            when i.due_at is not null then i.due_at
            when i.promise_kept is not null then coalesce(i.resolved_at, i.opened_at)
        end as kept_until,
        cast(coalesce(i.due_at, case when i.promise_kept is not null then coalesce(i.resolved_at, i.opened_at) end) as date) as due_on
    from issue as i
)

select
    d.issue_id,
    d.customer_id,
    d.opened_at,
    cast(d.opened_at as date) as opened_on,
    d.due_at,
    d.due_on,
    d.resolved_at,
    coalesce(d.first_channel, 'unknown') as first_channel,
    coalesce(d.reason, 'unknown') as reason,
    coalesce(d.team, 'unknown') as team,
    coalesce(d.store, 'none') as store,
    d.n_contacts,
    d.n_channels,
    d.is_conflicting,
    d.hand_off_count,
    case when d.hand_off_count >= 4 then '4_or_more' else coalesce(cast(d.hand_off_count as varchar), 'unknown') end as hand_offs,
    d.reopen_count,
    d.customer_id is not null as is_identified,
    coalesce(d.kept_until <= setting.as_of, false) as is_promise_due,
    case
        when d.kept_until <= setting.as_of
            then coalesce(
                d.promise_kept,
                d.resolved_at < d.kept_until or (d.resolved_at = d.kept_until and d.due_at = d.kept_until),
                false
            )
    end as is_promise_kept,
    case when d.opened_at + interval 30 day < setting.as_of then d.is_settled end as is_resolved,
    date_diff('day', d.opened_at, d.resolved_at) as days_to_resolution,
    d.is_resolved_in_one_contact,
    d.is_fcr_same_channel,
    d.handling_cost,
    coalesce(columns(s.* exclude (customer_id)), 'unknown')
from dated as d
cross join setting
left join dim_segment as s on d.customer_id = s.customer_id
order by d.opened_at, d.issue_id
