-- int_attention_event: an event by which the attention that customers get, and what they live, can be compared between value tiers
-- grain: one row per measure and event (measure, event_id)
-- stored: temp
-- units: wait, handle in seconds; offers a year; nps in points (-100, 0, 100); the others 0 or 1. cell: what must be alike to compare
-- source: fct_contact, fct_survey_answer, fct_promise, fct_order, fct_customer_month, dim_segment, setting, canonical.contacts,
--   canonical.offers
-- keeps: events of known customers in the last 12 full months (all where there are fewer than 13), old enough to be judged;
--   call-backs only where contacts name the answer, follow-ups where they name the order, offers where there are any
-- note: whether there is any follow-up or offer is counted, not asked by `exists`: of so large an aggregate DuckDB 2.0.0 stops
--   reading at the first row, and then waits for ever
with followed as (
    select distinct order_id
    from canonical.contacts
    where direction = 'outbound' and order_id is not null and survey_id is null
),

known as (
    select
        last_month_end,
        data_from > last_month_end - interval 13 month as is_short,
        (select count(*) from followed) > 0 as has_follow_ups,
        (select count(*) from canonical.offers) > 0 as has_offers
    from setting
),

span as (
    select
        case when is_short then date '0001-01-01' else cast(last_month_end - interval 12 month as date) end as after_on,
        case when is_short then date '9999-12-31' else last_month_end end as last_on,
        has_follow_ups,
        has_offers
    from known
),

contact as (
    select
        contact_id as event_id,
        customer_id,
        started_on as happened_on,
        concat_ws('|', reason, channel) as cell,
        cast(case when is_inbound and is_handled then wait_seconds end as double) as wait,
        cast(case when is_inbound then is_abandoned end as double) as abandoned,
        cast(case when is_inbound and is_handled then handle_seconds end as double) as handle,
        cast(repeat_within_7d as double) as repeated
    from fct_contact
    cross join span
    where started_on > after_on and started_on <= last_on
),

answer as (
    select
        survey_id,
        order_id,
        contact_id,
        customer_id,
        instrument,
        kind,
        touchpoint,
        channel,
        reason,
        scale_low,
        scale_high,
        score_high_good,
        score_0_10,
        is_called_back_48h,
        cast(answered_at as date) as answered_on
    from fct_survey_answer
    cross join span
    where answered_on > after_on and answered_on <= last_on
),

tier as (
    select
        customer_id,
        month_end,
        value_tier
    from fct_customer_month
    cross join span
    where month_end > after_on - interval 2 month and month_end <= last_on
),

offered as (
    select
        customer_id,
        last_day(cast(offered_at as date)) as month_end,
        count(*) as n_offers
    from canonical.offers
    group by all
),

event as (
    from (unpivot contact on wait, abandoned, handle, repeated into name measure value outcome)
    select
        measure,
        event_id,
        customer_id,
        happened_on,
        cell,
        outcome

    union all by name

    select
        'called_back' as measure,
        concat_ws('|', survey_id, order_id, contact_id) as event_id,
        customer_id,
        answered_on as happened_on,
        concat_ws('|', instrument, kind) as cell,
        cast(is_called_back_48h as double) as outcome
    from answer
    where is_called_back_48h is not null

    union all by name

    select
        'followed_up' as measure,
        o.order_id as event_id,
        o.customer_id,
        o.ordered_on as happened_on,
        o.sales_channel as cell,
        cast(f.order_id is not null as double) as outcome
    from fct_order as o
    cross join setting
    cross join span
    left join followed as f on o.order_id = f.order_id
    where
        o.is_sale
        and o.ordered_on > span.after_on
        and o.ordered_on <= span.last_on
        and o.ordered_at + interval 30 day < setting.as_of
        and span.has_follow_ups

    union all by name

    select
        'offers' as measure,
        concat_ws('|', m.customer_id, m.month_end) as event_id,
        m.customer_id,
        m.month_end as happened_on,
        '' as cell,
        cast(12 * coalesce(o.n_offers, 0) as double) as outcome
    from fct_customer_month as m
    cross join span
    left join offered as o on m.customer_id = o.customer_id and m.month_end = o.month_end
    where
        m.month_end > span.after_on
        and m.month_end <= span.last_on
        and span.has_offers

    union all by name

    select
        instrument as measure,
        concat_ws('|', survey_id, order_id, contact_id) as event_id,
        customer_id,
        answered_on as happened_on,
        concat_ws('|', touchpoint, channel, reason) as cell,
        case
            when instrument = 'effort' then cast(score_high_good >= 5 as double)
            when score_0_10 >= 9 then 100.0
            when score_0_10 <= 6 then -100.0
            else 0.0
        end as outcome
    from answer
    where
        (instrument = 'nps' and kind = 'relational' and score_0_10 is not null)
        or (instrument = 'effort' and scale_low = 1 and scale_high = 7 and score_high_good is not null)

    union all by name

    select
        'promise_kept' as measure,
        promise_id as event_id,
        customer_id,
        due_on as happened_on,
        concat_ws('|', kind, channel, reason) as cell,
        cast(is_kept as double) as outcome
    from fct_promise
    cross join span
    where due_on > after_on and due_on <= last_on
)

select
    e.measure,
    e.event_id,
    e.happened_on,
    concat_ws('|', e.cell, year(e.happened_on), quarter(e.happened_on)) as cell,
    e.outcome,
    before.value_tier as tier_before,
    s.*
from event as e
inner join dim_segment as s on e.customer_id = s.customer_id
left join tier as before
    on e.customer_id = before.customer_id and before.month_end = last_day(cast(e.happened_on - interval 1 month as date))
