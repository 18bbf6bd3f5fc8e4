-- int_month: the full months in which somebody can have bought
-- grain: one row per month (month_index)
-- stored: temp
-- units: month_index counts months since year 0; month_end is the last day of the month
-- source: int_purchase, setting
-- keeps: from the month of the first purchase to setting.last_month_end; a month that is not over is not there
select
    cast(12 * year(month_on) + month(month_on) as integer) as month_index,
    last_day(month_on) as month_end
from (
    select unnest(generate_series(date_trunc('month', min(p.purchased_on)), max(setting.last_month_end), interval 1 month)) as month_on
    from int_purchase as p
    cross join setting
) as months
