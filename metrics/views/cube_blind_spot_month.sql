-- cube_blind_spot_month: active customers by quadrant, and how many of them had stopped buying some months later
-- grain: one row per month end, quadrant and segments (month_end, quadrant, segments)
-- stored: table
-- units: revenue_12m in company currency; n_stopped of n_mature bought nothing in the setting.stop_months after month_end;
--   n_expected = as many of n_mature as would have stopped, had they stopped like the healthy of all the company with the same recency and
--   as many promises and contacts: who had more of these had more occasions for a bad one, and buys more anyway
-- source: fct_customer_month, int_customer
-- keeps: customers active at the month end; add over segments, never over months: a customer is in each of them
with active as (
    select
        *,
        least(n_promises_12m + n_contacts_12m, 6) as exposure
    from fct_customer_month
    where is_active
),

stratum as (
    select
        month_end,
        recency_band,
        exposure,
        count(*) filter (where stopped_within_6m and quadrant = 'healthy') as n_healthy_stopped,
        count(stopped_within_6m) filter (where quadrant = 'healthy') as n_healthy
    from active
    group by month_end, recency_band, exposure
),

expected as (
    select
        *,
        coalesce(
            n_healthy_stopped / nullif(n_healthy, 0),
            sum(n_healthy_stopped) over band / nullif(sum(n_healthy) over band, 0),
            sum(n_healthy_stopped) over month / nullif(sum(n_healthy) over month, 0)
        ) as stopping_share
    from stratum
    window
        band as (partition by month_end, recency_band),
        month as (partition by month_end)
)

select
    p.month_end,
    p.quadrant,
    c.* exclude (customer_number, customer_id, first_purchased_on, first_month_index, contract_ended_on)
    replace (p.value_tier as value_tier),
    count(*) as n_customers,
    sum(p.revenue_12m) as revenue_12m,
    count(p.stopped_within_6m) as n_mature,
    count(*) filter (where p.stopped_within_6m) as n_stopped,
    sum(e.stopping_share) filter (where p.stopped_within_6m is not null) as n_expected
from active as p
inner join expected as e on p.month_end = e.month_end and p.recency_band = e.recency_band and p.exposure = e.exposure
inner join int_customer as c on p.customer_id = c.customer_id
group by all
order by p.month_end, p.quadrant
