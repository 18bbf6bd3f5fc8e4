-- blind_spot_sample: some active customers of the last month, to be drawn as points, without saying who they are
-- grain: one row per customer drawn (point)
-- stored: table
-- units: crm_health, cem_health 0 to 100
-- source: fct_customer_month, dim_segment, setting
-- keeps: at most 600, those whose hashed id comes first, so the same data draws the same; not those with an unknown health
select
    row_number() over (order by md5(p.customer_id)) as point,
    p.month_end,
    p.quadrant,
    p.crm_health,
    p.cem_health,
    coalesce(columns(d.* exclude (customer_id)), 'unknown')
from fct_customer_month as p
inner join setting on p.month_end = setting.last_month_end
left join dim_segment as d on p.customer_id = d.customer_id
where p.is_active and p.quadrant <> 'unknown'
qualify point <= 600
order by point
