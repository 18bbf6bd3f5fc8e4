-- cube_data_coverage: how many customers have which kind of data, ever and in the last 12 months
-- grain: one row per kind of data and segments (kind, segments)
-- stored: table
-- units: customers; the last 12 months are those before as_of
-- source: int_data_kind, dim_segment, setting
-- keeps: every customer, so n_customers is the same for each kind; rows without a customer are in cube_data_kind
with kind as (
    select distinct kind
    from int_data_kind
)

select
    kind.kind,
    columns(d.* exclude (customer_id)),
    count(*) as n_customers,
    count(seen.customer_id) as n_with_data,
    count(*) filter (where seen.last_at >= setting.as_of - interval 12 month) as n_with_data_12m
from dim_segment as d
cross join kind
cross join setting
left join int_data_kind as seen on d.customer_id = seen.customer_id and kind.kind = seen.kind
group by all
