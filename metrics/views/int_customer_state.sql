-- int_customer_state: where a customer stood at a month end, and the values that the health scores rank
-- grain: one row per customer and month, from the month of the first purchase on (customer_number, month_index)
-- stored: temp
-- units: *_value are whole numbers, more is better: minus days, purchases, currency units, thousandths; null = not known
-- source: int_customer_month, int_customer, int_month, int_month_tier, setting
-- keeps: every customer who had bought by then; active = bought within the activity window, and no contract that has ended
select
    m.*,
    case
        when m.n_purchases = 0 then 'none'
        else coalesce(t.value_tier, 'unknown')
    end as value_tier,
    m.month_end - m.last_purchased_on as recency_days,
    m.month_end - m.last_purchased_on <= setting.activity_days and coalesce(c.contract_ended_on > m.month_end, true) as is_active,
    case
        when m.month_index - 12 >= (select min(first.month_index) from int_month as first)
            then coalesce(
                cast(m.month_end - interval 12 month as date) - m.purchased_before_year_on <= setting.activity_days
                and coalesce(c.contract_ended_on > cast(m.month_end - interval 12 month as date), true),
                false
            )
    end as is_active_year_ago,
    not m.has_bought_after
    or coalesce(c.contract_ended_on <= cast(m.month_end + to_months(setting.stop_months) as date), false) as is_gone_after,
    m.last_purchased_on - m.month_end as recency_value,
    cast(m.n_purchases as integer) as frequency_value,
    cast(round(case when m.n_purchases = 0 then 0 else m.margin end) as integer) as margin_value,
    cast(round(1000.0 * m.answer_share) as integer) as answer_value,
    cast(round(1000.0 * (m.n_promises - m.n_broken_promises) / nullif(m.n_promises, 0)) as integer) as promise_value,
    cast(round(1000.0 * (m.n_contacts - m.n_repeat_contacts) / nullif(m.n_contacts, 0)) as integer) as solved_value,
    cast(round(1000.0 * (m.n_contacts - m.n_rough_contacts) / nullif(m.n_contacts, 0)) as integer) as smooth_value
from int_customer_month as m
inner join int_customer as c on m.customer_number = c.customer_number and m.month_index >= c.first_month_index
cross join setting
left join int_month_tier as t
    on
        m.month_index = t.month_index
        and m.n_purchases > 0
        and (m.margin > t.above_margin or t.above_margin is null)
        and m.margin <= t.up_to_margin
