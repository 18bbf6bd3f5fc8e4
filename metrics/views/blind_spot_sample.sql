-- blind_spot_sample: some active customers of the last month, to be drawn as points, without saying who they are
-- grain: one row per customer drawn (point)
-- stored: table
-- units: crm_health, cem_health 0 to 100
-- source: fct_customer_month, int_customer, setting
-- keeps: at most 600, those whose hashed id comes first, so the same data draws the same; not those with an unknown health
select
    row_number() over (order by md5(p.customer_id)) as point,
    p.month_end,
    p.quadrant,
    p.crm_health,
    p.cem_health,
    c.* exclude (customer_number, customer_id, first_purchased_on, first_month_index, contract_ended_on)
    replace (p.value_tier as value_tier)
from fct_customer_month as p
inner join setting on p.month_end = setting.last_month_end
inner join int_customer as c on p.customer_id = c.customer_id
where p.is_active and p.quadrant <> 'unknown'
qualify point <= 600
order by point
