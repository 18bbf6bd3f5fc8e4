-- fct_hand_off: an issue that passes from one channel or team to another, and what the customer lost on the way
-- grain: one row per hand-off (hand_off_id)
-- stored: table
-- units: local times; minutes_lost is what the customer spent waiting, talking and on hold in the contact that took over;
--   effort_score from 1 to 7, high is easy; handling_cost of that contact, in company currency
-- source: fct_contact, canonical.contacts, fct_survey_answer, int_team_unit, dim_segment
-- keeps: hand-offs of unidentified customers too. Between two contacts of an issue that follow each other, in or out, there is
--   one when the channel differs, or the team when both are known: 'passed_on' by the company (to the team it named, within 24 h),
--   'came_back' when the customer came elsewhere, 'taken_over' when the company did. A contact passed on during the call has
--   no contact of its own that took over ('passed_live'): what was lost is not known, what came after is the contact's own
-- note: is_bad = the customer had to say it again, got another answer, or gave up; null when nothing says so
with step as (
    select
        c.*,
        r.transferred_to as passed_to,
        (coalesce(r.wait_seconds, 0) + coalesce(r.talk_seconds, 0) + coalesce(r.hold_seconds, 0)) / 60.0 as minutes_spent,
        r.wait_seconds is not null or r.talk_seconds is not null as is_timed,
        lag(c.contact_id) over issue_order as before_id,
        lag(c.channel) over issue_order as before_channel,
        lag(c.team) over issue_order as before_team,
        lag(c.reason) over issue_order as before_reason,
        lag(c.started_at) over issue_order as before_at,
        lag(r.transferred_to) over issue_order as before_passed_to,
        lead(c.team) over issue_order as after_team,
        lead(c.started_at) over issue_order as after_at
    from fct_contact as c
    inner join canonical.contacts as r on c.contact_id = r.contact_id
    where c.issue_id is not null
    window issue_order as (partition by c.issue_id order by c.started_at, c.contact_id)
),

arrived as (
    select
        *,
        coalesce(before_passed_to, before_team) as left_team,
        coalesce(before_passed_to = team and started_at <= before_at + interval 24 hour, false) as is_passed_on
    from step
    where before_id is not null
),

hand_off as (
    select
        'to-' || contact_id as hand_off_id,
        issue_id,
        customer_id,
        before_id as from_contact_id,
        contact_id as to_contact_id,
        started_at as happened_at,
        case when is_passed_on then 'passed_on' when is_inbound then 'came_back' else 'taken_over' end as handed_how,
        before_channel as from_channel,
        channel as to_channel,
        case when is_passed_on then before_team else left_team end as from_team,
        team as to_team,
        before_reason as reason,
        case when is_handled then information_repeated end as information_repeated,
        case when is_handled then is_conflicting end as conflicting,
        case when is_inbound then is_abandoned end as is_given_up,
        repeat_within_7d,
        case when is_handled and is_timed then minutes_spent end as minutes_lost,
        handling_cost
    from arrived
    where
        before_channel <> channel
        or is_passed_on
        or (left_team <> team and left_team <> 'unknown' and team <> 'unknown')

    union all

    select
        'from-' || contact_id as hand_off_id,
        issue_id,
        customer_id,
        contact_id as from_contact_id,
        null as to_contact_id,
        started_at as happened_at,
        'passed_live' as handed_how,
        channel as from_channel,
        channel as to_channel,
        team as from_team,
        passed_to as to_team,
        reason,
        null as information_repeated,
        null as conflicting,
        null as is_given_up,
        repeat_within_7d,
        null as minutes_lost,
        null as handling_cost
    from step
    where passed_to is not null and not coalesce(passed_to = after_team and after_at <= started_at + interval 24 hour, false)
),

effort as (
    select
        contact_id,
        arg_max(score_high_good, row(answered_at, survey_id)) as effort_score
    from fct_survey_answer
    where instrument = 'effort' and scale_low = 1 and scale_high = 7 and contact_id is not null
    group by contact_id
)

select
    h.hand_off_id,
    h.issue_id,
    h.customer_id,
    h.from_contact_id,
    h.to_contact_id,
    h.happened_at,
    cast(h.happened_at as date) as happened_on,
    h.handed_how,
    h.from_channel || '>' || h.to_channel as seam,
    h.from_channel,
    h.to_channel,
    h.from_team,
    h.to_team,
    coalesce(left_unit.department, 'unknown') as from_department,
    coalesce(took_unit.department, 'unknown') as to_department,
    coalesce(left_unit.unit, 'unknown') as from_unit,
    coalesce(took_unit.unit, 'unknown') as to_unit,
    coalesce(left_unit.unit, 'unknown') || '>' || coalesce(took_unit.unit, 'unknown') as team_seam,
    h.reason,
    h.information_repeated,
    h.conflicting,
    h.is_given_up,
    case
        when h.information_repeated or h.conflicting or h.is_given_up then true
        when coalesce(h.information_repeated, h.conflicting) is not null then false
    end as is_bad,
    h.repeat_within_7d,
    h.minutes_lost,
    effort.effort_score,
    h.handling_cost,
    coalesce(columns(s.* exclude (customer_id)), 'unknown')
from hand_off as h
left join int_team_unit as left_unit on h.from_team = left_unit.team
left join int_team_unit as took_unit on h.to_team = took_unit.team
left join effort on coalesce(h.to_contact_id, h.from_contact_id) = effort.contact_id
left join dim_segment as s on h.customer_id = s.customer_id
order by h.happened_at, h.hand_off_id
