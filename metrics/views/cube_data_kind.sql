-- cube_data_kind: how much was heard of each kind of data, and from when to when
-- grain: one row per kind of data that has rows (kind)
-- stored: table
-- units: rows
-- source: int_data_kind
-- keeps: rows without a customer, counted apart in n_anonymous
select
    kind,
    cast(sum(n_rows) as bigint) as n_rows,
    cast(coalesce(sum(n_rows) filter (where customer_id is null), 0) as bigint) as n_anonymous,
    cast(min(first_at) as date) as data_from,
    cast(max(last_at) as date) as data_to
from int_data_kind
group by kind
