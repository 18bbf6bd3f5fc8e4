-- int_customer: a customer who bought, with a number that stands for the id in the steps of the panel, and the segments
-- grain: one row per customer with a purchase (customer_number)
-- stored: temp
-- source: int_purchase, canonical.customers, dim_segment
-- keeps: identified customers; a number is given in the order of the ids, so the same data gives the same numbers
select
    cast(row_number() over (order by p.customer_id) as integer) as customer_number,
    p.customer_id,
    p.first_purchased_on,
    cast(12 * year(p.first_purchased_on) + month(p.first_purchased_on) as integer) as first_month_index,
    c.contract_ended_on,
    coalesce(columns(d.* exclude (customer_id)), 'unknown')
from (
    select
        customer_id,
        min(purchased_on) as first_purchased_on
    from int_purchase
    group by customer_id
) as p
left join canonical.customers as c on p.customer_id = c.customer_id
left join dim_segment as d on p.customer_id = d.customer_id
