-- int_customer_month: what the last 12 months of a customer held, at every month end, and whether they bought again after it
-- grain: one row per customer and month, from 11 months before the first purchase on (customer_number, month_index)
-- stored: temp
-- units: amounts in company currency; last answers on their own scale, answer_share 0 to 1; null = nothing of the kind in the 12 months
-- source: int_customer, int_month, int_customer_month_event, setting
-- keeps: customers long gone too, at the months that int_month holds; has_bought_after is null until those months have passed
with dense as (
    select
        c.customer_number,
        m.month_index,
        m.month_end,
        m.month_index + setting.stop_months <= (select max(last.month_index) from int_month as last) as is_stop_mature,
        setting.stop_months,
        e.* exclude (customer_number, month_index)
    from int_customer as c
    inner join int_month as m on c.first_month_index - 11 <= m.month_index
    cross join setting
    left join int_customer_month_event as e on c.customer_number = e.customer_number and m.month_index = e.month_index
)

select
    customer_number,
    month_index,
    month_end,
    max(purchased_on) over (whole rows unbounded preceding) as last_purchased_on,
    max(purchased_on) over (whole rows between unbounded preceding and 12 preceding) as purchased_before_year_on,
    case when is_stop_mature then max(purchased_on) over (whole rows between 1 following and stop_months following) is not null end
        as has_bought_after,
    cast(coalesce(sum(n_purchases) over year_back, 0) as smallint) as n_purchases,
    cast(coalesce(sum(n_orders) over year_back, 0) as smallint) as n_orders,
    cast(sum(revenue) over year_back as decimal(12, 2)) as revenue,
    cast(sum(margin) over year_back as decimal(12, 2)) as margin,
    cast(coalesce(sum(n_promises) over year_back, 0) as smallint) as n_promises,
    cast(coalesce(sum(n_broken_promises) over year_back, 0) as smallint) as n_broken_promises,
    cast(coalesce(sum(n_contacts) over year_back, 0) as smallint) as n_contacts,
    cast(coalesce(sum(n_repeat_contacts) over year_back, 0) as smallint) as n_repeat_contacts,
    cast(coalesce(sum(n_transfers) over year_back, 0) as smallint) as n_transfers,
    cast(coalesce(sum(n_repeated_information) over year_back, 0) as smallint) as n_repeated_information,
    cast(coalesce(sum(n_rough_contacts) over year_back, 0) as smallint) as n_rough_contacts,
    cast(coalesce(sum(n_answers) over year_back, 0) as smallint) as n_answers,
    last_value(nps ignore nulls) over year_back as nps,
    last_value(csat ignore nulls) over year_back as csat,
    last_value(effort ignore nulls) over year_back as effort,
    list_avg([
        last_value(nps_share ignore nulls) over year_back,
        last_value(csat_share ignore nulls) over year_back,
        last_value(effort_share ignore nulls) over year_back
    ]) as answer_share
from dense
window
    whole as (partition by customer_number order by month_index),
    year_back as (partition by customer_number order by month_index rows between 11 preceding and current row)
