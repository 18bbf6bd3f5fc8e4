-- int_customer_month_event: what happened to a customer who bought, month by month, dated by the day on which it was known
-- grain: one row per customer and month with an event (customer_number, month_index)
-- stored: temp
-- units: amounts in company currency; answers as a share of their scale, 0 to 1; a repeat counts on the day of the later contact;
--   a rough contact was handed on, asked again what had been said, was given up, or waited more than 300 seconds
-- source: fct_order, fct_promise, fct_contact, fct_survey_answer, int_customer
-- keeps: sales, promises due, inbound contacts and answers of identified customers who bought at some time
with event as (
    select
        customer_id,
        ordered_on as happened_on,
        ordered_on as purchased_on,
        1 as n_orders,
        net_amount as revenue,
        margin_amount as margin
    from fct_order
    where is_sale

    union all by name

    select
        customer_id,
        due_on as happened_on,
        1 as n_promises,
        cast(not is_kept as integer) as n_broken_promises
    from fct_promise

    union all by name

    select
        customer_id,
        started_on as happened_on,
        1 as n_contacts,
        cast(is_repeat_of_earlier_7d as integer) as n_repeat_contacts,
        cast(is_transferred as integer) as n_transfers,
        cast(coalesce(information_repeated, false) as integer) as n_repeated_information,
        cast(
            is_transferred
            or coalesce(information_repeated, false)
            or coalesce(is_abandoned, false)
            or coalesce(wait_seconds > 300, false) as integer
        ) as n_rough_contacts
    from fct_contact
    where is_inbound

    union all by name

    select
        customer_id,
        cast(answered_at as date) as happened_on,
        1 as n_answers,
        case instrument when 'rating' then 'csat' else instrument end as instrument,
        score_high_good as score,
        score_share,
        row(answered_at, survey_id) as answer_order
    from fct_survey_answer
)

select
    c.customer_number,
    cast(12 * year(e.happened_on) + month(e.happened_on) as integer) as month_index,
    max(e.purchased_on) as purchased_on,
    count(distinct e.purchased_on) as n_purchases,
    sum(e.n_orders) as n_orders,
    sum(e.revenue) as revenue,
    sum(e.margin) as margin,
    sum(e.n_promises) as n_promises,
    sum(e.n_broken_promises) as n_broken_promises,
    sum(e.n_contacts) as n_contacts,
    sum(e.n_repeat_contacts) as n_repeat_contacts,
    sum(e.n_transfers) as n_transfers,
    sum(e.n_repeated_information) as n_repeated_information,
    sum(e.n_rough_contacts) as n_rough_contacts,
    sum(e.n_answers) as n_answers,
    arg_max(e.score, e.answer_order) filter (where e.instrument = 'nps') as nps,
    arg_max(e.score, e.answer_order) filter (where e.instrument = 'csat') as csat,
    arg_max(e.score, e.answer_order) filter (where e.instrument = 'effort') as effort,
    arg_max(e.score_share, e.answer_order) filter (where e.instrument = 'nps') as nps_share,
    arg_max(e.score_share, e.answer_order) filter (where e.instrument = 'csat') as csat_share,
    arg_max(e.score_share, e.answer_order) filter (where e.instrument = 'effort') as effort_share
from event as e
inner join int_customer as c on e.customer_id = c.customer_id
where e.happened_on is not null
group by all
