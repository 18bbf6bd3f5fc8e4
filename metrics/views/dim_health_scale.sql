-- dim_health_scale: the rank, 0 to 100, of every value of a component of the health scores
-- grain: one row per component and value (component, component_value)
-- stored: table
-- units: health_rank = 100 x (share of the active customers of setting.health_reference_on with less, plus half of those with as much)
-- source: int_customer_state, setting
-- keeps: values seen at any month end; the ranks stay those of the reference, so a company that improves is seen to improve
with state as (
    select
        s.*,
        s.is_active and s.month_end = setting.health_reference_on as is_reference
    from int_customer_state as s
    cross join setting
),

counted as (
    select
        'crm_recency' as component,
        recency_value as component_value,
        count(*) filter (where is_reference) as n_reference
    from state
    group by recency_value

    union all

    select
        'crm_frequency' as component,
        frequency_value as component_value,
        count(*) filter (where is_reference) as n_reference
    from state
    group by frequency_value

    union all

    select
        'crm_margin' as component,
        margin_value as component_value,
        count(*) filter (where is_reference) as n_reference
    from state
    group by margin_value

    union all

    select
        'cem_answer' as component,
        answer_value as component_value,
        count(*) filter (where is_reference) as n_reference
    from state
    group by answer_value

    union all

    select
        'cem_promise' as component,
        promise_value as component_value,
        count(*) filter (where is_reference) as n_reference
    from state
    group by promise_value

    union all

    select
        'cem_solved' as component,
        solved_value as component_value,
        count(*) filter (where is_reference) as n_reference
    from state
    group by solved_value

    union all

    select
        'cem_smooth' as component,
        smooth_value as component_value,
        count(*) filter (where is_reference) as n_reference
    from state
    group by smooth_value
)

select
    component,
    component_value,
    n_reference,
    cast(
        100 * (sum(n_reference) over so_far - n_reference / 2) / nullif(sum(n_reference) over (partition by component), 0) as decimal(4, 1)
    ) as health_rank
from counted
where component_value is not null
window so_far as (partition by component order by component_value rows unbounded preceding)
order by component, component_value
