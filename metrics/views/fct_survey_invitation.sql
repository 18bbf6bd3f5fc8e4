-- fct_survey_invitation: an invitation to answer, with its answer, and the contact or order it is about
-- grain: one row per invitation and what it is about (survey_id, order_id, contact_id)
-- stored: table
-- units: score on the instrument's own scale, score_high_good turned so that high is good, score_share 0 to 1 of that scale;
--   is_unhappy of nps 0-6 of 10, effort 1-3 of 7, csat and rating 1-2 of 5, as much of other scales; null of other instruments
--   called_back_at of the first contact from us that names the answer; is_called_back_48h of unhappy answers, null where 48 hours
--   have not passed or no contact of the data names an answer
-- source: canonical.surveys, canonical.contacts, fct_order, fct_contact, setting, setting_touchpoint, dim_segment
-- keeps: every invitation; without an order its order columns are 'none', without a contact its contact columns
with turned as (
    select
        *,
        score is not null as is_answered,
        case when better = 'low' then scale_low + scale_high - score else score end as score_high_good
    from canonical.surveys
),

called as (
    select
        survey_id,
        min(started_at) as called_back_at
    from canonical.contacts
    where direction = 'outbound' and survey_id is not null
    group by survey_id
)

select
    v.survey_id,
    v.order_id,
    v.contact_id,
    v.customer_id,
    v.instrument,
    coalesce(v.kind, 'unknown') as kind,
    coalesce(v.touchpoint, 'unknown') as touchpoint,
    coalesce(t.kind, 'unknown') as touchpoint_kind,
    coalesce(t.stage, 'unknown') as stage,
    coalesce(v.pillar, 'none') as pillar,
    coalesce(v.item, 'none') as item,
    coalesce(v.language, 'unknown') as language,
    v.sent_at,
    coalesce(v.sent_at, v.answered_at) as invited_at,
    coalesce(v.is_delivered, true) or v.is_answered as is_delivered,
    v.is_answered,
    case when v.is_answered then coalesce(v.answered_at, v.sent_at) end as answered_at,
    v.score,
    v.scale_low,
    v.scale_high,
    v.score_high_good,
    case when v.scale_low = 0 and v.scale_high = 10 then v.score_high_good end as score_0_10,
    (v.score_high_good - v.scale_low) / nullif(v.scale_high - v.scale_low, 0) as score_share,
    case v.instrument
        when 'nps' then score_share <= 0.6
        when 'effort' then score_share <= 1 / 3.0 + 1e-9
        when 'csat' then score_share <= 0.25
        when 'rating' then score_share <= 0.25
    end as is_unhappy,
    called.called_back_at,
    case
        when
            v.is_answered and is_unhappy and coalesce(v.answered_at, v.sent_at) + interval 48 hour < setting.as_of
            and (select count(any_called.survey_id) from called as any_called) > 0
            then coalesce(called.called_back_at <= coalesce(v.answered_at, v.sent_at) + interval 48 hour, false)
    end as is_called_back_48h,
    v.says_resolved,
    coalesce(v.team, c.team, 'none') as team,
    coalesce(v.store, 'none') as store,
    coalesce(v.handed_by, 'unknown') as handed_by,
    case when v.contact_id is null then 'none' else coalesce(c.channel, 'unknown') end as channel,
    case when v.contact_id is null then 'none' else coalesce(c.reason, 'unknown') end as reason,
    case when v.order_id is null then 'none' else coalesce(o.category, 'unknown') end as category,
    case when v.order_id is null then 'none' else coalesce(o.delivery_promise, 'unknown') end as delivery_promise,
    case when v.order_id is null then 'none' else coalesce(o.sales_channel, 'unknown') end as sales_channel,
    coalesce(columns(s.* exclude (customer_id)), 'unknown')
from turned as v
cross join setting
left join called on v.survey_id = called.survey_id
left join setting_touchpoint as t on v.touchpoint = t.touchpoint
left join fct_order as o on v.order_id = o.order_id
left join fct_contact as c on v.contact_id = c.contact_id
left join dim_segment as s on v.customer_id = s.customer_id
order by invited_at, v.survey_id, v.order_id, v.contact_id
