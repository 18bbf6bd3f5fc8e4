-- fct_touchpoint_event: what happened at a touchpoint of the journey, whether it went wrong, and what the customer came back for
-- grain: one row per event (event_id)
-- stored: table
-- units: local times, a broken delivery on its promised day; what_next is the reason of the customer's next inbound contact
--   within 7 x 24 hours, 'none' without one; is_reached_7d: the company got in touch with the customer within 7 x 24 hours,
--   null for unknown customers, until they have passed, and where no contact of the company's is in the data
-- source: fct_order, fct_contact, fct_issue, canonical.digital_sessions, setting_touchpoint, setting_channel, dim_segment,
--   setting
-- keeps: events of touchpoints that the configuration names, anonymous ones too
-- note: is_bad is a fact, never an opinion: delivery after its day or not at all; order that could not be served; contact given
--   up, handed on, with information asked twice, with over 5 minutes of waiting (e-mail apart) or come back for within 7 days;
--   return or repair reopened or after its day; self-service left or ended with an agent. Null where it
--   cannot be told: no promised day, contact without a customer or less than 7 days ago.
--   A contact's touchpoint has its channel's code, else <channel>_visit, else is the website or the only one of the channel's
--   kind; a purchase's is <channel>_purchase, else the checkout; an issue's is its reason's ('repair' for a breakdown)
with only_one as (
    select
        kind,
        min(touchpoint) as touchpoint
    from setting_touchpoint
    where touchpoint not in ('delivery', 'checkout', 'self_service')
    group by kind
    having count(*) = 1
),

place as (
    select
        channel.channel,
        coalesce(same.touchpoint, visit.touchpoint, website.touchpoint, only_one.touchpoint) as of_contact,
        coalesce(purchase.touchpoint, checkout.touchpoint) as of_purchase
    from setting_channel as channel
    left join setting_touchpoint as same on channel.channel = same.touchpoint
    left join setting_touchpoint as visit on channel.channel || '_visit' = visit.touchpoint
    left join setting_touchpoint as website on channel.kind = 'digital' and website.touchpoint = 'website'
    left join only_one on channel.kind = only_one.kind
    left join setting_touchpoint as purchase on channel.channel || '_purchase' = purchase.touchpoint
    left join setting_touchpoint as checkout on channel.kind = 'digital' and checkout.touchpoint = 'checkout'
),

event as (
    select
        'delivery-' || order_id as event_id,
        'delivery' as event_kind,
        'delivery' as touchpoint,
        customer_id,
        case when is_promise_kept or not is_promise_due then delivered_at else cast(promised_on as timestamp) end as happened_at,
        sales_channel as channel,
        'none' as reason,
        category,
        store,
        not is_promise_kept as is_bad
    from fct_order
    where delivered_at is not null or is_promise_due

    union all

    select
        'purchase-' || o.order_id as event_id,
        'purchase' as event_kind,
        place.of_purchase as touchpoint,
        o.customer_id,
        o.ordered_at as happened_at,
        o.sales_channel as channel,
        'none' as reason,
        o.category,
        o.store,
        o.status = 'unavailable' as is_bad
    from fct_order as o
    inner join place on o.sales_channel = place.channel

    union all

    select
        'contact-' || c.contact_id as event_id,
        'contact' as event_kind,
        place.of_contact as touchpoint,
        c.customer_id,
        c.started_at as happened_at,
        c.channel,
        c.reason,
        'none' as category,
        c.store,
        case
            when c.repeat_within_7d is not null
                then
                    c.repeat_within_7d
                    or coalesce(c.is_abandoned, false)
                    or c.is_transferred
                    or coalesce(c.information_repeated, false)
                    or coalesce(c.wait_seconds > 300 and c.channel <> 'email', false)
        end as is_bad
    from fct_contact as c
    inner join place on c.channel = place.channel
    where c.is_inbound

    union all

    select
        'issue-' || issue_id as event_id,
        'issue' as event_kind,
        case reason when 'breakdown' then 'repair' else reason end as touchpoint,
        customer_id,
        opened_at as happened_at,
        first_channel as channel,
        reason,
        'none' as category,
        store,
        case
            when is_promise_kept = false or reopen_count > 0 then true
            when is_promise_kept is not null then false
        end as is_bad
    from fct_issue
    where reason in ('breakdown', 'repair', 'returns')

    union all

    select
        'session-' || session_id as event_id,
        'session' as event_kind,
        'self_service' as touchpoint,
        customer_id,
        started_at as happened_at,
        'none' as channel,
        coalesce(reason, 'unknown') as reason,
        'none' as category,
        'none' as store,
        case
            when agent_involved or outcome in ('left', 'to_agent', 'abandoned', 'unresolved') then true
            when outcome is not null or agent_involved is not null then false
        end as is_bad
    from canonical.digital_sessions
),

came_back as (
    select
        customer_id,
        started_at,
        min(reason) as reason
    from fct_contact
    where is_inbound and customer_id is not null
    group by customer_id, started_at
),

ours as (
    select
        customer_id,
        started_at
    from fct_contact
    where not is_inbound and customer_id is not null
),

followed as (
    select
        e.*,
        t.stage,
        t.kind as touchpoint_kind,
        case when c.started_at <= e.happened_at + interval 7 day then c.reason else 'none' end as what_next,
        coalesce(o.started_at <= e.happened_at + interval 7 day, false) as is_reached
    from event as e
    inner join setting_touchpoint as t on e.touchpoint = t.touchpoint
    asof left join came_back as c on e.customer_id = c.customer_id and e.happened_at < c.started_at
    asof left join ours as o on e.customer_id = o.customer_id and e.happened_at < o.started_at
)

select
    f.event_id,
    f.customer_id,
    f.happened_at,
    cast(f.happened_at as date) as happened_on,
    f.event_kind,
    f.touchpoint,
    f.stage,
    f.touchpoint_kind,
    f.channel,
    f.reason,
    f.category,
    f.store,
    f.is_bad,
    case f.is_bad when true then 'bad' when false then 'good' else 'unknown' end as went,
    f.what_next,
    case
        when f.customer_id is not null and f.happened_at + interval 7 day < setting.as_of and (select count(*) from ours) > 0
            then f.is_reached
    end as is_reached_7d,
    coalesce(columns(s.* exclude (customer_id)), 'unknown')
from followed as f
cross join setting
left join dim_segment as s on f.customer_id = s.customer_id
where f.happened_at < setting.as_of
order by f.happened_at, f.event_id
