-- int_irritant_event: something that can go wrong for a customer, and whether it did: what candidates for irritants are found from
-- grain: one row per candidate and event (thing, event_id)
-- stored: temp
-- units: is_hit = it went wrong; thing is its source and code: promise:delivery, repeat:billing, seam:chat>phone, theme:waiting
-- source: fct_promise, fct_contact, fct_hand_off, fct_verbatim, fct_verbatim_theme, dim_segment
-- keeps: events of known customers. Repeats: contacts about a reason, hit when the customer was back within 7 days. Seams: contacts
--   on the channel that hands off, hit when the hand-off went badly, only seams with 30 or more such. Themes: answers with words,
--   hit when they speak of the theme and score low (up to 0.6 of the scale), only themes of which most answers score low
with bad_hand_off as (
    select
        from_contact_id,
        seam,
        from_channel,
        min(to_contact_id) as to_contact_id
    from fct_hand_off
    where from_channel <> to_channel and coalesce(is_bad, handed_how = 'came_back')
    group by all
),

seam as (
    select
        seam,
        from_channel
    from bad_hand_off
    group by all
    having count(*) >= 30
),

theme as (
    select theme
    from fct_verbatim_theme
    where source = 'answer' and score_share is not null
    group by theme
    having count(*) filter (where score_share <= 0.6) >= greatest(30, 0.5 * count(*))
),

opening as (
    select
        issue_id,
        min(contact_id) as contact_id
    from fct_contact
    where issue_id is not null
    group by issue_id
),

event as (
    select
        'promise:' || p.kind as thing,
        p.promise_id as event_id,
        p.customer_id,
        cast(p.due_on as timestamp) as happened_at,
        not p.is_kept as is_hit,
        case when p.kind = 'delivery' then substr(p.promise_id, 10) end as order_id,
        o.contact_id,
        null as verbatim_id
    from fct_promise as p
    left join opening as o on p.kind = 'issue' and substr(p.promise_id, 7) = o.issue_id

    union all

    select
        'repeat:' || reason as thing,
        contact_id as event_id,
        customer_id,
        started_at as happened_at,
        repeat_within_7d as is_hit,
        null as order_id,
        contact_id,
        null as verbatim_id
    from fct_contact
    where repeat_within_7d is not null and reason <> 'unknown'

    union all

    select
        'seam:' || s.seam as thing,
        c.contact_id as event_id,
        c.customer_id,
        c.started_at as happened_at,
        b.seam is not null as is_hit,
        null as order_id,
        coalesce(b.to_contact_id, c.contact_id) as contact_id,
        null as verbatim_id
    from fct_contact as c
    inner join seam as s on c.channel = s.from_channel
    left join bad_hand_off as b on c.contact_id = b.from_contact_id and s.seam = b.seam
    where c.is_inbound

    union all

    select
        'theme:' || t.theme as thing,
        v.verbatim_id as event_id,
        v.customer_id,
        v.said_at as happened_at,
        a.theme is not null and v.score_share <= 0.6 as is_hit,
        v.order_id,
        v.contact_id,
        v.verbatim_id
    from fct_verbatim as v
    cross join theme as t
    left join fct_verbatim_theme as a on v.verbatim_id = a.verbatim_id and t.theme = a.theme
    where v.source = 'answer' and v.score_share is not null and v.language <> 'other'
)

select
    e.* exclude (customer_id),
    s.*
from event as e
inner join dim_segment as s on e.customer_id = s.customer_id
