-- fct_verbatim: words that a customer wrote with an answer, or an agent in the note of a contact; the text itself stays in canonical
-- grain: one row per text written (verbatim_id)
-- stored: table
-- units: said_at in the company's time zone; score on 0 to 10 of an NPS answer, high is good; csat of a rating on 1 to 5
-- source: fct_survey_invitation, fct_contact, canonical.surveys, canonical.contacts, reading, reading_emotion, setting,
--   dim_segment
-- keeps: texts of unknown customers, with segments 'unknown'; words without a score;
--         texts in other languages, with language 'other' and emotion 'unread'
-- note: language is that in which the text was read: what the source says, else by its function words. emotion is the one with
--   most weight, 'none' without one. speaks_badly, of notes only: it speaks badly of the customer. is_reached_7d, of
--   answers alone: the company got in touch within 7 x 24 hours; null for unknown customers, until they have passed, and where no
--   contact of the company's is in the data
with written as (
    select
        'answer-'
        || a.survey_id
        || case
            when a.order_id is not null or a.contact_id is not null
                then '/' || coalesce(a.order_id, '') || '/' || coalesce(a.contact_id, '')
            else ''
        end as verbatim_id,
        'answer' as source,
        a.survey_id,
        a.order_id,
        a.contact_id,
        a.customer_id,
        coalesce(a.answered_at, v.answered_at, a.sent_at) as said_at,
        v.verbatim as words,
        lower(v.language) as said_language,
        a.instrument,
        a.kind,
        case when a.instrument = 'nps' then a.score_0_10 end as score,
        case when a.instrument in ('csat', 'rating') and a.scale_low = 1 and a.scale_high = 5 then a.score_high_good end as csat,
        a.score_share,
        a.touchpoint,
        a.channel,
        a.reason,
        a.team,
        a.store
    from fct_survey_invitation as a
    inner join canonical.surveys as v
        on
            a.survey_id = v.survey_id
            and a.order_id is not distinct from v.order_id
            and a.contact_id is not distinct from v.contact_id

    union all

    select
        'note-' || c.contact_id as verbatim_id,
        'note' as source,
        null as survey_id,
        c.order_id,
        c.contact_id,
        c.customer_id,
        c.started_at as said_at,
        n.note as words,
        null as said_language,
        'none' as instrument,
        'none' as kind,
        null as score,
        null as csat,
        null as score_share,
        'none' as touchpoint,
        c.channel,
        c.reason,
        c.team,
        c.store
    from fct_contact as c
    inner join canonical.contacts as n on c.contact_id = n.contact_id
),

ours as (
    select
        customer_id,
        started_at
    from fct_contact
    where not is_inbound and customer_id is not null
)

select
    w.verbatim_id,
    w.source,
    w.survey_id,
    w.order_id,
    w.contact_id,
    w.customer_id,
    w.said_at,
    r.reading_id,
    r.language,
    w.instrument,
    w.kind,
    w.score,
    w.csat,
    w.score_share,
    w.touchpoint,
    w.channel,
    w.reason,
    w.team,
    w.store,
    case when r.language = 'other' then 'unread' else coalesce(e.emotion, 'none') end as emotion,
    case when w.source = 'note' and r.language <> 'other' then r.speaks_badly end as speaks_badly,
    case
        when
            w.source = 'answer'
            and w.customer_id is not null
            and w.said_at + interval 7 day < setting.as_of
            and (select count(*) from ours) > 0
            then coalesce(o.started_at <= w.said_at + interval 7 day, false)
    end as is_reached_7d,
    coalesce(columns(s.* exclude (customer_id)), 'unknown')
from written as w
cross join setting
inner join reading as r on w.words = r.words and w.said_language is not distinct from r.said_language
left join reading_emotion as e on r.reading_id = e.reading_id
asof left join ours as o on w.customer_id = o.customer_id and w.said_at < o.started_at
left join dim_segment as s on w.customer_id = s.customer_id
order by w.said_at, w.verbatim_id
