-- fct_first_contact: the first contact of an issue: solved for its channel, solved for the customer, and what came after
-- grain: one row per issue that a customer opened (contact_id)
-- stored: table
-- units: follow_up_cost in company currency; by_chance = contacts that this customer would have opened on another channel for the
--   same reason within 7 days anyway: those opened 30 to 86 days before, divided by their 8 weeks
-- source: fct_contact, fct_survey_answer, setting, dim_segment
-- keeps: issues of unidentified customers, of which nothing after is known. came_elsewhere is null where is_fcr_same_channel is;
--   by_chance is null in the first 86 days of the data
with elsewhere as (
    select
        f.contact_id,
        count(*) as n_before
    from fct_contact as f
    inner join fct_contact as e
        on
            f.customer_id = e.customer_id
            and f.reason = e.reason
            and f.channel <> e.channel
            and e.is_first_of_issue
            and e.started_at >= f.started_at - interval 86 day
            and e.started_at < f.started_at - interval 30 day
    where f.is_first_of_issue
    group by f.contact_id
),

issue as (
    select
        issue_id,
        sum(handling_cost) as handling_cost,
        count(*) as n_contacts
    from fct_contact
    where issue_id is not null
    group by issue_id
),

answer as (
    select
        contact_id,
        arg_max(says_resolved, row(answered_at, survey_id)) as says_resolved
    from fct_survey_answer
    where contact_id is not null and says_resolved is not null
    group by contact_id
)

select
    f.contact_id,
    f.issue_id,
    f.customer_id,
    f.started_at,
    f.started_on,
    f.channel,
    f.channel_kind,
    f.reason,
    f.team,
    f.store,
    f.is_identified,
    f.is_fcr_same_channel,
    f.is_resolved_in_one_contact,
    f.is_fcr_same_channel and not f.is_resolved_in_one_contact as came_elsewhere,
    case when f.started_at >= setting.data_from + interval 86 day and f.is_identified then coalesce(e.n_before, 0) / 8.0 end as by_chance,
    cast(i.n_contacts - 1 as integer) as n_follow_ups,
    cast(coalesce(i.handling_cost - coalesce(f.handling_cost, 0), 0) as decimal(18, 4)) as follow_up_cost,
    a.says_resolved,
    coalesce(columns(s.* exclude (customer_id)), 'unknown')
from fct_contact as f
cross join setting
inner join issue as i on f.issue_id = i.issue_id
left join elsewhere as e on f.contact_id = e.contact_id
left join answer as a on f.contact_id = a.contact_id
left join dim_segment as s on f.customer_id = s.customer_id
where f.is_first_of_issue
order by f.started_at, f.contact_id
