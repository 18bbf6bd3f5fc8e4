-- fct_customer_month: a customer at a month end: value, experience, health on both sides, and what happened next
-- grain: one row per customer and month end, from the month of the first purchase on (customer_id, month_end)
-- stored: table
-- units: *_12m and bought_since cover the 12 months that end with month_end; ranks and healths 0 to 100, null = not known;
--   answers on their own scale
-- source: int_customer_state, dim_health_scale, int_customer, setting
-- keeps: every customer with a sale by then; stopped_within_6m is null unless active and mature
-- note: value_tier is that of the month end; that of as_of was made by later purchases, and would tell who stopped
with ranked as (
    select
        s.*,
        recency.health_rank as crm_recency_rank,
        frequency.health_rank as crm_frequency_rank,
        margin.health_rank as crm_margin_rank,
        answer.health_rank as cem_answer_rank,
        promise.health_rank as cem_promise_rank,
        solved.health_rank as cem_solved_rank,
        smooth.health_rank as cem_smooth_rank
    from int_customer_state as s
    left join dim_health_scale as recency on recency.component = 'crm_recency' and s.recency_value = recency.component_value
    left join dim_health_scale as frequency on frequency.component = 'crm_frequency' and s.frequency_value = frequency.component_value
    left join dim_health_scale as margin on margin.component = 'crm_margin' and s.margin_value = margin.component_value
    left join dim_health_scale as answer on answer.component = 'cem_answer' and s.answer_value = answer.component_value
    left join dim_health_scale as promise on promise.component = 'cem_promise' and s.promise_value = promise.component_value
    left join dim_health_scale as solved on solved.component = 'cem_solved' and s.solved_value = solved.component_value
    left join dim_health_scale as smooth on smooth.component = 'cem_smooth' and s.smooth_value = smooth.component_value
),

scored as (
    select
        *,
        cast(list_avg([crm_recency_rank, crm_frequency_rank, crm_margin_rank]) as decimal(4, 1)) as crm_health,
        cast(list_avg([cem_answer_rank, cem_promise_rank, cem_solved_rank, cem_smooth_rank]) as decimal(4, 1)) as cem_health
    from ranked
)

select
    c.customer_id,
    s.month_end,
    cast(s.recency_days as smallint) as recency_days,
    case
        when s.recency_days <= 60 then '000-060'
        when s.recency_days <= 120 then '061-120'
        when s.recency_days <= 180 then '121-180'
        when s.recency_days <= 365 then '181-365'
        else '366+'
    end as recency_band,
    s.n_purchases as n_purchases_12m,
    s.n_orders as n_orders_12m,
    s.revenue as revenue_12m,
    s.margin as margin_12m,
    s.is_active,
    s.is_active_year_ago,
    s.n_purchases > 0 as bought_since,
    case when s.is_active then s.is_gone_after end as stopped_within_6m,
    s.n_answers > 0 as is_heard_12m,
    s.n_answers as n_answers_12m,
    cast(s.nps as real) as last_nps_12m,
    cast(s.csat as real) as last_csat_12m,
    cast(s.effort as real) as last_effort_12m,
    s.n_promises as n_promises_12m,
    s.n_broken_promises as n_broken_promises_12m,
    s.n_contacts as n_contacts_12m,
    s.n_repeat_contacts as n_repeat_contacts_12m,
    s.n_transfers as n_transfers_12m,
    s.n_repeated_information as n_repeated_information_12m,
    s.crm_recency_rank,
    s.crm_frequency_rank,
    s.crm_margin_rank,
    s.crm_health,
    s.cem_answer_rank,
    s.cem_promise_rank,
    s.cem_solved_rank,
    s.cem_smooth_rank,
    s.cem_health,
    case
        when s.cem_health is null or s.crm_health is null then 'unknown'
        when s.crm_health >= setting.crm_cut and s.cem_health >= setting.cem_cut then 'healthy'
        when s.crm_health >= setting.crm_cut then 'silent_risk'
        when s.cem_health >= setting.cem_cut then 'unseen_love'
        else 'known_risk'
    end as quadrant,
    c.* exclude (customer_number, customer_id, first_purchased_on, first_month_index, contract_ended_on)
    replace (s.value_tier as value_tier)
from scored as s
inner join int_customer as c on s.customer_number = c.customer_number
cross join setting
order by s.month_end, s.customer_number
